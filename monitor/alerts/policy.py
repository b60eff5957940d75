"""From matches to decisions: for each article × rule, an alert or silence, and why.

Layer 1, pure: ``now`` is given. Each match ends in exactly one Decision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from monitor.model import Article, Decision, Match, Outcome, Reason
from monitor.rules.conditions import expired, refusal
from monitor.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """What the user set: who can be told, how old news may be (seconds), and whose days count."""

    notifiers: tuple[str, ...]
    max_age: float
    zone: tzinfo = UTC


def decide(
    article: Article,
    matches: Sequence[Match],
    rules: Mapping[str, Rule],
    policy: AlertPolicy,
    now: datetime,
    feed_url: str | None = None,
) -> tuple[Decision, ...]:
    """One decision per match. An article without a time of publication counts as new."""
    return tuple(_decide(article, rules[match.rule_id], policy, now, feed_url) for match in matches)


def _decide(
    article: Article, rule: Rule, policy: AlertPolicy, now: datetime, feed_url: str | None
) -> Decision:
    def silent(reason: Reason, detail: str) -> Decision:
        return Decision(article.id, rule.id, Outcome.SILENT, reason, detail)

    if (rested := expired(rule.expires, now.astimezone(policy.zone).date())) is not None:
        return silent(Reason.EXPIRED, rested)
    if (unfit := refusal(rule.source, article, feed_url, now)) is not None:
        return silent(Reason.SOURCE, unfit)
    if article.published is not None:
        age = now - article.published
        if age > timedelta(seconds=policy.max_age):
            return silent(
                Reason.TOO_OLD,
                f"published {_hours(age)} before it was seen; articles.max_age allows "
                f"{_hours(timedelta(seconds=policy.max_age))}",
            )
    wanted = policy.notifiers if rule.notify is None else rule.notify
    known = tuple(name for name in dict.fromkeys(wanted) if name in policy.notifiers)
    if not known:
        named = ", ".join(wanted) or "none"
        return silent(Reason.NO_NOTIFIER, f"no such notifier in config.yaml (wanted: {named})")
    return Decision(
        article.id, rule.id, Outcome.SENT, Reason.FIRST_REPORT,
        f"first report of this article, to {', '.join(known)}", known,
    )  # fmt: skip


def _hours(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    return f"{hours:.0f} h" if hours < 96 else f"{hours / 24:.0f} days"
