"""Make the alert of an article from its matches and decisions: the values that a message shows.

Layer 1, pure. Rendering per channel is elsewhere; here nothing is escaped.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from monitor.alerts.handling import Judgement
from monitor.model import Alert, Article, Decision, Hit, Match, Outcome, Span, StoryNote
from monitor.rules.rule import Rule
from monitor.text.urls import safe_link
from monitor.text.words import fold

_MOST_TERMS = 5  # named in the line that says why; the snippets show the rest
_FIELD_NAMES = {"body": "text", "lead": "text"}  # what people call them


def compose(
    article: Article,
    matches: Sequence[Match],
    decisions: Sequence[Decision],
    rules: Mapping[str, Rule],
    now: datetime,
) -> Alert | None:
    """The one alert for an article, naming every rule that is to be sent; None if none is."""
    sent = {decision.rule_id for decision in decisions if decision.outcome is Outcome.SENT}
    return _alert(article, matches, sent, rules, now)


def compose_judged(
    article: Article,
    matches: Sequence[Match],
    judgement: Judgement,
    rules: Mapping[str, Rule],
    now: datetime,
    story: StoryNote | None = None,
) -> Alert | None:
    """The one alert for an article, naming every rule that tells somebody now or later.

    None if no rule tells anybody; ``for_rules`` cuts it to what one channel is told.
    """
    alert = _alert(article, matches, judgement.told.keys(), rules, now)
    if alert is None:
        return None
    return replace(
        alert,
        kind=judgement.kind,
        story=story,
        follows=judgement.follows,
        because=judgement.because,
    )


def _alert(
    article: Article,
    matches: Sequence[Match],
    telling: AbstractSet[str],
    rules: Mapping[str, Rule],
    now: datetime,
) -> Alert | None:
    hits = tuple(
        _hit(match, rules[match.rule_id], article) for match in matches if match.rule_id in telling
    )
    if not hits:
        return None
    return Alert(
        id=alert_id(article.id),
        article_id=article.id,
        title=article.title,
        url=safe_link(article.url),
        source=article.source,
        published=article.published,
        created_at=now,
        hits=hits,
        quality=article.quality,
        quality_reason=article.quality_reason,
    )


def alert_id(article_id: str) -> str:
    """The id of an article's alert: the same whenever it is computed."""
    return sha256(f"alert {article_id}".encode()).hexdigest()[:12]


def for_rules(alert: Alert, rule_ids: Sequence[str]) -> Alert:
    """The alert with only these rules' hits: what one channel is to be told."""
    wanted = set(rule_ids)
    return replace(alert, hits=tuple(hit for hit in alert.hits if hit.rule_id in wanted))


def rules_by_notifier(decisions: Sequence[Decision]) -> dict[str, tuple[str, ...]]:
    """Which rules each notifier is to be told of, in the order of the decisions."""
    found: dict[str, list[str]] = {}
    for decision in decisions:
        for name in decision.notify:
            found.setdefault(name, []).append(decision.rule_id)
    return {name: tuple(rule_ids) for name, rule_ids in found.items()}


def _hit(match: Match, rule: Rule, article: Article) -> Hit:
    told = why(match.spans, article)
    return Hit(rule.id, rule.title, rule.level, told, match.snippets, rule.labels)


def why(spans: Sequence[Span], article: Article) -> str:
    """One line that says which words were found where: “Mistral AI” 2× (title, text).

    The words are the article's own; what lies inside a longer find is not told again.
    """
    places: dict[str, list[str]] = {}
    shown: dict[str, str] = {}
    for span in _outermost(spans):
        words = _field(article, span.field)[span.start : span.end]
        key = fold(words)
        shown.setdefault(key, words)
        places.setdefault(key, []).append(_FIELD_NAMES.get(span.field, span.field))
    if not places:
        return "nothing excluded it"
    parts = [
        f"“{shown[key]}”{f' {len(fields)}×' if len(fields) > 1 else ''} "
        f"({', '.join(dict.fromkeys(fields))})"
        for key, fields in list(places.items())[:_MOST_TERMS]
    ]
    more = len(places) - _MOST_TERMS
    return ", ".join(parts) + (f" and {more} more" if more > 0 else "")


def _outermost(spans: Sequence[Span]) -> list[Span]:
    """The spans that lie in no longer one, each place once, in their order."""
    kept: dict[tuple[str, int, int], Span] = {}
    ends: dict[str, int] = {}
    for span in sorted(spans, key=lambda one: (one.field, one.start, -one.end)):
        field = _FIELD_NAMES.get(span.field, span.field)  # a lead is the text's beginning
        if span.end > ends.get(field, -1):
            ends[field] = span.end
            kept[field, span.start, span.end] = span
    chosen = set(kept.values())
    return [span for span in spans if span in chosen]


def _field(article: Article, name: str) -> str:
    if name == "body" or (name == "lead" and not article.lead):
        return article.text
    return str(getattr(article, name))
