"""How stored alerts and articles are shown.

Layer 5.
"""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any, Final

from monitor.alerts.escape import cut, runs
from monitor.alerts.localtime import say_date, say_day
from monitor.alerts.render_text import marked
from monitor.cli.match import match_json
from monitor.cli.output import clean_line, count, iso, say
from monitor.model import Alert, Article, Decision, Delivery, DeliveryState, MessageKind
from monitor.store import AlertHistory, ArticleHistory, Store, StoredAlert, WaitingAlert

_TEXT_SHOWN: Final = 1500  # characters

Item = tuple[WaitingAlert, str | None]  # what waited for a digest, and the digest that told it


def items_of(store: Store, alert: Alert) -> list[Item]:
    """For whom the alert waits, or waited, to be told with others. Raises StoreError."""
    if not alert.article_id:
        return []
    found = store.digest_items_of(alert.article_id)
    return [each for each in found if each[0].alert.id == alert.id]


def item_line(item: Item, zone: tzinfo) -> str:
    """``desk: waits for Mon 08:00 (in the digest of Mon 08:00)``, or in which digest it went."""
    waiting, digest = item
    if digest is not None:
        return f"{waiting.notifier}: told in digest {digest} ({waiting.reason})"
    return f"{waiting.notifier}: waits for {say_day(waiting.due_at, zone)} ({waiting.reason})"


def item_json(item: Item) -> dict[str, Any]:
    """The same for programs; ``digest`` null: it waits."""
    waiting, digest = item
    return {
        "notifier": waiting.notifier, "plan": waiting.plan, "reason": waiting.reason,
        "due_at": iso(waiting.due_at), "rules": list(waiting.rules), "digest": digest,
    }  # fmt: skip


def told_rules(alert: Alert) -> list[str]:
    """The rules that an alert names, or the alerts in it do."""
    hits = [*alert.hits, *(hit for item in alert.items for hit in item.hits)]
    return list(dict.fromkeys(hit.rule_id for hit in hits))


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
        "rules": [hit.rule_id for hit in alert.hits], "kind": alert.kind.value,
        "story": alert.story.id if alert.story is not None else None,
        "follows": alert.follows, "because": alert.because or None,
        "items": [alert_json(item) for item in alert.items],
    }  # fmt: skip


def stored_alert_json(stored: StoredAlert, items: Sequence[Item] = ()) -> dict[str, Any]:
    """An alert, its deliveries and what of it is told with others, for programs."""
    return {
        **alert_json(stored.alert),
        "deliveries": [delivery_json(delivery) for delivery in stored.deliveries],
        "waits": [item_json(item) for item in items],
    }


def decision_json(decision: Decision) -> dict[str, Any]:
    """A decision for programs."""
    return {
        "rule": decision.rule_id, "outcome": decision.outcome.value,
        "reason": decision.reason.value, "detail": decision.detail,
        "notify": list(decision.notify),
    }  # fmt: skip


def alert_history_json(history: AlertHistory, items: Sequence[Item] = ()) -> dict[str, Any]:
    """Everything about an alert for programs."""
    return {
        **alert_json(history.alert),
        "waits": [item_json(item) for item in items],
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


def show_alert(
    history: AlertHistory, items: Sequence[Item], first: AlertHistory | None, zone: tzinfo
) -> None:
    """An alert's whole way on the terminal. ``first``: the story's first alert, where it follows
    one; ``zone`` of the times that people plan by."""
    alert = history.alert
    say(clean_line(alert.title))
    if alert.kind is not MessageKind.ALERT or alert.because:
        say(clean_line(f"{alert.kind.value}: {alert.because or 'more on a story'}"))
    if alert.follows is not None:
        when = f" of {say_date(first.alert.created_at, zone)}" if first is not None else ""
        title = f": {first.alert.title}" if first is not None else ", which is forgotten"
        say(clean_line(f"goes on from alert {alert.follows}{when}{title}"))
    if alert.article_id:
        _show_report(alert)
    if alert.items:
        _show_items(alert.items)
    say()
    _show_decisions(history.decisions)
    for item in items:
        say(clean_line(item_line(item, zone)))
    for sent in history.deliveries:
        say(clean_line(delivery_line(sent.delivery)))
        for attempt in sent.attempts:
            say(clean_line(f"  {iso(attempt.started_at)} {attempt.outcome}"))


def _show_report(alert: Alert) -> None:
    """What an alert says of its one article."""
    say(clean_line(f"{alert.source}, {iso(alert.published) or 'no time given'}"))
    if alert.url:
        say(clean_line(alert.url))
    say(clean_line(f"article read as {alert.quality.value}: {alert.quality_reason or 'whole'}"))
    if alert.story is not None:
        known = count(alert.story.articles, "article")
        say(clean_line(f"story {alert.story.id}, {known} when this was written"))
    for hit in alert.hits:
        say()
        say(clean_line(f"{hit.title} [{hit.rule_id}, {hit.level.value}]"))
        say(clean_line(f"  found {hit.why}"))
        for snippet in hit.snippets:
            say(clean_line(f"  > {marked(runs(snippet.text, snippet.marks, 400))}"))


def _show_items(items: Sequence[Alert]) -> None:
    """The alerts of a digest, in its order."""
    say()
    for item in items:
        say(f"{item.id}  {clean_line(f'{item.title} ({item.source})')}")
        story = f", story {item.story.id}" if item.story is not None else ""
        say(clean_line(f"  {', '.join(hit.rule_id for hit in item.hits)}{story}"))


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
