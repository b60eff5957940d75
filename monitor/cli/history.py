"""How stored alerts and articles are shown.

Layer 5.
"""

from collections.abc import Sequence
from typing import Any, Final

from monitor.alerts.escape import cut, runs
from monitor.alerts.render_text import marked
from monitor.cli.match import match_json
from monitor.cli.output import clean_line, iso, say
from monitor.model import Alert, Article, Decision, Delivery, DeliveryState
from monitor.store import AlertHistory, ArticleHistory, StoredAlert

_TEXT_SHOWN: Final = 1500  # characters


def delivery_line(delivery: Delivery) -> str:
    """What became of a delivery, in one line."""
    words = [f"{delivery.notifier}: {delivery.state.value}"]
    if delivery.sent_at is not None:
        words.append(f"at {iso(delivery.sent_at)}")
    if delivery.state in (DeliveryState.RETRY, DeliveryState.PENDING) and delivery.next_attempt_at:
        words.append(f"next try {iso(delivery.next_attempt_at)}")
    if delivery.attempts:
        words.append(f"after {delivery.attempts} attempt{'s' if delivery.attempts > 1 else ''}")
    if delivery.last_error:
        words.append(f"({delivery.last_error})")
    return " ".join(words)


def delivery_json(delivery: Delivery) -> dict[str, Any]:
    """A delivery for programs."""
    return {
        "id": delivery.id, "notifier": delivery.notifier, "state": delivery.state.value,
        "attempts": delivery.attempts, "next_attempt_at": iso(delivery.next_attempt_at),
        "sent_at": iso(delivery.sent_at), "last_error": delivery.last_error,
        "receipt": delivery.receipt, "uncertain": delivery.uncertain,
        "pending_recipients": list(delivery.pending_recipients)
        if delivery.pending_recipients is not None else None,
    }  # fmt: skip


def alert_json(alert: Alert) -> dict[str, Any]:
    """An alert's own fields for programs."""
    return {
        "id": alert.id, "article_id": alert.article_id, "title": alert.title, "url": alert.url,
        "source": alert.source, "published": iso(alert.published),
        "created_at": iso(alert.created_at), "level": alert.level.value,
        "rules": [hit.rule_id for hit in alert.hits],
    }  # fmt: skip


def stored_alert_json(stored: StoredAlert) -> dict[str, Any]:
    """An alert and its deliveries for programs."""
    return {
        **alert_json(stored.alert),
        "deliveries": [delivery_json(delivery) for delivery in stored.deliveries],
    }


def decision_json(decision: Decision) -> dict[str, Any]:
    """A decision for programs."""
    return {
        "rule": decision.rule_id, "outcome": decision.outcome.value,
        "reason": decision.reason.value, "detail": decision.detail,
        "notify": list(decision.notify),
    }  # fmt: skip


def alert_history_json(history: AlertHistory) -> dict[str, Any]:
    """Everything about an alert for programs."""
    return {
        **alert_json(history.alert),
        "decisions": [decision_json(decision) for decision in history.decisions],
        "deliveries": [
            {
                **delivery_json(item.delivery),
                "rules": list(item.rules),
                "history": [
                    {"at": iso(attempt.started_at), "outcome": attempt.outcome}
                    for attempt in item.attempts
                ],
            }
            for item in history.deliveries
        ],
    }


def article_json(article: Article) -> dict[str, Any]:
    """An article for programs; ``text`` as the rules saw it."""
    return {
        "id": article.id, "url": article.url, "title": article.title, "source": article.source,
        "author": article.author or None, "published": iso(article.published),
        "language": article.language, "quality": article.quality.value,
        "quality_reason": article.quality_reason, "tags": list(article.tags),
        "text": article.text,
    }  # fmt: skip


def article_history_json(history: ArticleHistory) -> dict[str, Any]:
    """Everything about an article for programs."""
    return {
        **article_json(history.article),
        "stored_at": iso(history.stored_at),
        "places": [{"feed": p.feed_url, "url": p.url} for p in history.places],
        "matches": [match_json(match) for match in history.matches],
        "decisions": [decision_json(decision) for decision in history.decisions],
        "alerts": [stored_alert_json(alert) for alert in history.alerts],
    }


def show_alert(history: AlertHistory) -> None:
    """An alert's whole story on the terminal."""
    alert = history.alert
    say(clean_line(alert.title))
    say(clean_line(f"{alert.source}, {iso(alert.published) or 'no time given'}"))
    if alert.url:
        say(clean_line(alert.url))
    say(clean_line(f"article read as {alert.quality.value}: {alert.quality_reason or 'whole'}"))
    for hit in alert.hits:
        say()
        say(clean_line(f"{hit.title} [{hit.rule_id}, {hit.level.value}]"))
        say(clean_line(f"  found {hit.why}"))
        for snippet in hit.snippets:
            say(clean_line(f"  > {marked(runs(snippet.text, snippet.marks, 400))}"))
    say()
    _show_decisions(history.decisions)
    for item in history.deliveries:
        say(clean_line(delivery_line(item.delivery)))
        for attempt in item.attempts:
            say(clean_line(f"  {iso(attempt.started_at)} {attempt.outcome}"))


def show_article(history: ArticleHistory) -> None:
    """An article's whole story on the terminal."""
    article = history.article
    say(clean_line(f"{article.title} ({article.source})"))
    say(f"published {iso(article.published) or 'at no known time'}, "
        f"stored {iso(history.stored_at)}")  # fmt: skip
    say(clean_line(f"read as {article.quality.value}: {article.quality_reason or 'whole'}"))
    for place in history.places:
        say(clean_line(f"at {place.url} in {place.feed_url}"))
    say()
    _show_decisions(history.decisions)
    if not history.decisions:
        say("no rule matched")
    for alert in history.alerts:
        for delivery in alert.deliveries:
            say(clean_line(f"{alert.alert.id} {delivery_line(delivery)}"))
    for paragraph in cut(article.text, _TEXT_SHOWN).split("\n\n"):
        say()
        say(clean_line(paragraph))
    if len(article.text) > _TEXT_SHOWN:
        say()
        say(f"({len(article.text):,} characters; the whole text: --json)")


def _show_decisions(decisions: Sequence[Decision]) -> None:
    for decision in decisions:
        say(clean_line(f"{decision.rule_id}: {decision.outcome.value}, {decision.detail}"))
