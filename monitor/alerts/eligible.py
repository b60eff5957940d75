"""Whether an article is news for a rule at all, and who is to be told then.

Layer 1, pure: ``now`` is given. Every "no" is a reason with its sentence.
"""

from datetime import datetime, timedelta

from monitor.alerts.known import AlertPolicy
from monitor.alerts.report import Report
from monitor.alerts.routes import Route, routes_of
from monitor.model import Reason
from monitor.rules.conditions import expired, refusal
from monitor.rules.rule import Rule

Refusal = tuple[Reason, str]
Way = tuple[str, Route | None]  # a notifier, and the route that leads to it


def unfit(report: Report, rule: Rule, policy: AlertPolicy, now: datetime) -> Refusal | None:
    """What keeps the article from being news for the rule, whoever would be told."""
    article = report.article
    if report.baseline:
        return (
            Reason.BASELINE,
            "it was there at the feed's first poll; polling.backfill allows more",
        )
    if report.copy_of:
        return Reason.COPY, f"the words of article {report.copy_of}, which is known"
    if (rested := expired(rule.expires, now.astimezone(policy.zone).date())) is not None:
        return Reason.EXPIRED, rested
    if (unfit := refusal(rule.source, article, report.feed_url, now)) is not None:
        return Reason.SOURCE, unfit
    if article.published is not None:
        age = now - article.published
        if age > timedelta(seconds=policy.max_age):
            return Reason.TOO_OLD, (
                f"published {_hours(age)} before it was seen; articles.max_age allows "
                f"{_hours(timedelta(seconds=policy.max_age))}"
            )
    return None


def ways_of(rule: Rule, report: Report, policy: AlertPolicy) -> list[Way] | Refusal:
    """(notifier, route) for everyone who is to be told, or why there is nobody."""
    if rule.notify is None and policy.routes:
        taken = routes_of(rule, report, policy.routes)
        if not taken:
            return Reason.NO_ROUTE, "no route of config.yaml fits, and none takes the rest"
        ways: list[Way] = [
            (name, route) for route in taken for name in dict.fromkeys(route.notify)
            if name in policy.notifiers
        ]  # fmt: skip
        if not ways:
            names = ", ".join(route.name for route in taken)
            return Reason.NO_NOTIFIER, f"nobody is to be told by {names}"
        return ways
    wanted = policy.notifiers if rule.notify is None else rule.notify
    known = [name for name in dict.fromkeys(wanted) if name in policy.notifiers]
    if not known:
        named = ", ".join(wanted) or "none"
        return Reason.NO_NOTIFIER, f"no such notifier in config.yaml (wanted: {named})"
    return [(name, None) for name in known]


def _hours(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    return f"{hours:.0f} h" if hours < 96 else f"{hours / 24:.0f} days"
