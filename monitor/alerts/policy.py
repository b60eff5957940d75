"""From matches to decisions: for each article × rule, an alert or silence, why, and how it is told.

Layer 1, pure: ``now`` and everything known (story, silences, counts) are given. Each match ends in
exactly one Decision; docs/alerts.md states the order in which the reasons are tried.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.alerts.again import because, why_not
from monitor.alerts.eligible import Way, unfit, ways_of
from monitor.alerts.handling import Handling, HandlingKind, Judgement
from monitor.alerts.inhibition import muted
from monitor.alerts.known import NOTHING_KNOWN, AlertPolicy, Situation
from monitor.alerts.localtime import say_date
from monitor.alerts.quiet import quiet_until
from monitor.alerts.quota import Counts
from monitor.alerts.report import Report
from monitor.alerts.silences import silenced
from monitor.alerts.standing import StoryStanding, Told
from monitor.alerts.timing import fused, proposed
from monitor.model import Article, Decision, Match, MessageKind, Outcome, Reason
from monitor.rules.rule import Rule

__all__ = ["AlertPolicy", "Judgement", "Report", "Situation", "decide", "judge"]


@dataclass(frozen=True, slots=True)
class _Telling:
    """A rule that tells: how, to whom. ``cause`` is FIRST_REPORT or AGAIN."""

    rule: Rule
    cause: Reason
    because: str
    proposals: tuple[Handling, ...]


@dataclass(frozen=True, slots=True)
class _Joining:
    """A rule that is silent because it alerted the story before, and whose messages may change."""

    decision: Decision
    updates: tuple[Handling, ...] = ()


def decide(
    article: Article,
    matches: Sequence[Match],
    rules: Mapping[str, Rule],
    policy: AlertPolicy,
    now: datetime,
    feed_url: str | None = None,
) -> tuple[Decision, ...]:
    """One decision per match, where nothing else is known than the article.

    An article without a time of publication counts as new.
    """
    return judge(Report(article, feed_url), matches, rules, policy, NOTHING_KNOWN, now).decisions


def judge(
    report: Report,
    matches: Sequence[Match],
    rules: Mapping[str, Rule],
    policy: AlertPolicy,
    situation: Situation,
    now: datetime,
) -> Judgement:
    """One decision per match, in their order, and what each channel is to get."""
    found = [_weigh(report, rules[each.rule_id], policy, situation, now) for each in matches]
    tellings = [each for each in found if isinstance(each, _Telling)]
    messages = _messages(tellings, policy, situation.counts, now)
    busy = {each.notifier for each in messages if each.kind is HandlingKind.NOW}
    updates = _one_each(
        update for each in found if isinstance(each, _Joining) for update in each.updates
        if update.notifier not in busy
    )  # fmt: skip
    decisions = tuple(
        _told(report.article, each, messages, situation.story)
        if isinstance(each, _Telling)
        else each.decision if isinstance(each, _Joining) else each
        for each in found
    )  # fmt: skip
    first = situation.story.first if situation.story is not None else None
    again = bool(tellings) and all(each.cause is Reason.AGAIN for each in tellings)
    reasons = dict.fromkeys(each.because for each in tellings if each.because)
    return Judgement(
        decisions,
        (*messages, *updates),
        MessageKind.UPDATE if again else MessageKind.ALERT,
        "; ".join(reasons),
        first.alert_id if first is not None and tellings else None,
    )


def _weigh(
    report: Report, rule: Rule, policy: AlertPolicy, situation: Situation, now: datetime
) -> Decision | _Telling | _Joining:
    """What one rule comes to, without regard to the others."""
    article, story = report.article, situation.story

    def silent(reason: Reason, detail: str) -> Decision:
        return Decision(article.id, rule.id, Outcome.SILENT, reason, detail)

    refused = unfit(report, rule, policy, now)
    if refused is not None:
        return silent(*refused)
    ways = ways_of(rule, report, policy)
    if isinstance(ways, tuple):
        return silent(*ways)
    told = story.told_by(rule.id) if story is not None else None
    again = because(rule.again, told, story, report, now) if story and told else None
    quiet = silenced(
        report, rule, story.id if story else None, situation.silences, now, policy.zone
    )
    if story is not None and told is not None and again is None:
        decision = silent(Reason.ALREADY_ALERTED, _joined(rule, told, story, report, policy))
        updates = () if quiet else _updates(rule, told, story, ways, policy, now)
        return _Joining(decision, updates)
    if quiet is not None:
        return silent(Reason.SILENCED, quiet)
    open_ways = []
    mutes: list[str] = []
    for notifier, route in ways:
        why = muted(rule, route, story) if route is not None else None
        if why is None:
            open_ways.append((notifier, route))
        else:
            mutes.append(why)
    if not open_ways:
        return silent(Reason.MUTED, mutes[0])
    cause = Reason.FIRST_REPORT if again is None else Reason.AGAIN
    return _Telling(rule, cause, again or "", tuple(
        proposed(rule, notifier, route, policy.zone, situation.counts, now, cause)
        for notifier, route in open_ways
    ))  # fmt: skip


def _messages(
    tellings: Sequence[_Telling], policy: AlertPolicy, counts: Counts, now: datetime
) -> tuple[Handling, ...]:
    """One message for each channel, naming all its rules, as soon as the soonest of them."""
    merged = _one_each(each for telling in tellings for each in telling.proposals)
    return tuple(
        fused(each, policy.fuses.get(each.notifier), counts, policy.zone, now)
        if each.kind is HandlingKind.NOW
        else each
        for each in merged
    )


def _one_each(proposals: Iterable[Handling]) -> tuple[Handling, ...]:
    """For each notifier the handling that is due first, with the rules and ways of all of them."""
    by_notifier: dict[str, list[Handling]] = {}
    for each in proposals:
        by_notifier.setdefault(each.notifier, []).append(each)
    merged: list[Handling] = []
    for group in by_notifier.values():
        if len(group) == 1:
            merged += group
            continue
        soonest = min(group, key=lambda each: each.due_at)
        rules = dict.fromkeys(rule for each in group for rule in each.rules)
        ways = dict.fromkeys(way for each in group for way in each.ways)
        merged.append(replace(soonest, rules=tuple(rules), ways=tuple(ways)))
    return tuple(merged)


def _updates(
    rule: Rule,
    told: Told,
    story: StoryStanding,
    ways: Sequence[Way],
    policy: AlertPolicy,
    now: datetime,
) -> tuple[Handling, ...]:
    """The messages that go on: those of channels that can, to whoever the rule told before."""
    found: list[Handling] = []
    for notifier, route in ways:
        if notifier not in policy.updates or notifier not in told.notifiers:
            continue
        until: datetime | None = None
        if route is not None and not route.breaks_through(rule.level):
            until = quiet_until(route.quiet, route.zone or policy.zone, now)
        got = [each for each in story.alerts if notifier in each.notifiers]
        first = min(got, key=lambda each: (each.at, each.alert_id))
        found.append(Handling(
            notifier, (rule.id,), HandlingKind.UPDATE, until or now,
            cause=Reason.ALREADY_ALERTED, reason="more on a story that was alerted",
            alert_id=first.alert_id,
        ))  # fmt: skip
    return tuple(found)


def _told(
    article: Article, telling: _Telling, messages: Sequence[Handling], story: StoryStanding | None
) -> Decision:
    """The decision of a rule whose messages stand. A message that another rule brings forward
    tells this one, too; where it only waits less, this rule's own reason for waiting is told."""
    rule_id = telling.rule.id
    own = {each.notifier: each for each in _one_each(telling.proposals)}
    mine = [each for each in messages if rule_id in each.rules]
    at_once = [each.notifier for each in mine if each.kind is HandlingKind.NOW]
    sent = list(at_once)
    later: dict[str, list[str]] = {}
    held: list[Reason] = []
    for each in mine:
        if each.kind is HandlingKind.NOW:
            continue
        wish = own[each.notifier]
        stands = each if each.cause is Reason.FLOOD_FUSE else wish
        said = wish if wish.due_at == each.due_at else each
        later.setdefault(said.reason, []).append(each.notifier)
        if stands.kind is HandlingKind.HELD:
            held.append(stands.cause)
        else:
            sent.append(each.notifier)
    parts = [f"{reason} to {', '.join(names)}" for reason, names in later.items()]
    if at_once:
        parts.insert(0, f"{_opening(telling, story)}, to {', '.join(at_once)}")
    elif telling.because:
        parts.insert(0, _opening(telling, story))
    detail = "; ".join(parts)
    if sent:
        names = tuple(each.notifier for each in mine if each.notifier in sent)
        return Decision(article.id, rule_id, Outcome.SENT, telling.cause, detail, names)
    return Decision(article.id, rule_id, Outcome.SILENT, held[0], detail)


def _opening(telling: _Telling, story: StoryStanding | None) -> str:
    if story is None or not story.articles:
        return "first report of this article"
    if telling.because:
        return f"story {story.id} again: {telling.because}"
    return f"first report of this rule in story {story.id}"


def _joined(
    rule: Rule, told: Told, story: StoryStanding, report: Report, policy: AlertPolicy
) -> str:
    waits = why_not(rule.again, told, story, report)
    when = say_date(told.at, policy.zone)
    return f"joined story {story.id}, which alert {told.alert_id} of {when} told" + (
        f"; again: {waits}" if waits else ""
    )
