"""From an article to what is stored of it: matches, story, decisions, messages now and later.

Layer 4.
"""

from collections.abc import Sequence
from datetime import datetime

from monitor.alerts.compose import for_rules
from monitor.alerts.correction import next_recheck
from monitor.alerts.desk import Verdict
from monitor.alerts.handling import HandlingKind
from monitor.alerts.report import Report
from monitor.model import Alert, Article, Feed, Match
from monitor.pipeline.aside import aside
from monitor.pipeline.tools import Tools
from monitor.store import Membership, NewDelivery, Result, WaitingAlert


async def judged(
    tools: Tools, article: Article, feed_url: str, feed: Feed | None
) -> tuple[tuple[Match, ...], Verdict, datetime]:
    """Match the article and let the desk decide; it is remembered there at once.

    Raises:
        StoreError: the silences could not be read; nothing was decided.
    """
    book = tools.live.book
    matches = await aside(len(article.text), book.match, article)
    rules = {match.rule_id: rule for match in matches if (rule := book.rule(match.rule_id))}
    now = tools.now()
    silences = await tools.desk.silences(now) if matches else ()
    report = Report(article, feed_url, None if feed is None else feed.tier)
    return matches, tools.desk.judge(report, matches, rules, silences, now), now


def result_of(
    article: Article,
    addresses: Sequence[str],
    matches: Sequence[Match],
    verdict: Verdict,
    now: datetime,
    copies_since: datetime,
) -> Result:
    """What is stored, all at once or not at all. Pure."""
    alert = verdict.alert
    return Result(
        article=article,
        canonical=addresses,
        matches=matches,
        decisions=verdict.judgement.decisions,
        alert=alert,
        deliveries=_at_once(verdict),
        copies_since=copies_since,
        membership=Membership(
            verdict.story, verdict.placing.score, verdict.placing.reason, verdict.figures
        ),
        later=() if alert is None else _later(verdict, alert, now),
        updates=_updates(verdict),
        recheck_at=None if alert is None or not alert.url else next_recheck(now, 0),
    )


def _at_once(verdict: Verdict) -> tuple[NewDelivery, ...]:
    return tuple(
        NewDelivery(each.notifier, each.rules)
        for each in verdict.judgement.handlings
        if each.kind is HandlingKind.NOW
    )


def _later(verdict: Verdict, alert: Alert, now: datetime) -> tuple[WaitingAlert, ...]:
    return tuple(
        WaitingAlert(
            each.notifier, each.plan_name, each.reason, each.due_at, now, each.rules,
            for_rules(alert, each.rules),
        )
        for each in verdict.judgement.handlings
        if each.kind in {HandlingKind.DIGEST, HandlingKind.HELD}
    )  # fmt: skip


def _updates(verdict: Verdict) -> tuple[tuple[Alert, tuple[NewDelivery, ...]], ...]:
    """The messages that change, each with whom it is changed for and when at the earliest."""
    due = {
        each.notifier: each.due_at
        for each in verdict.judgement.handlings
        if each.kind is HandlingKind.UPDATE
    }
    found: dict[str, tuple[Alert, tuple[NewDelivery, ...]]] = {}
    for notifier, alert in verdict.updates:
        _, before = found.get(alert.id, (alert, ()))
        found[alert.id] = (alert, (*before, NewDelivery(notifier, (), due.get(notifier))))
    return tuple(found.values())
