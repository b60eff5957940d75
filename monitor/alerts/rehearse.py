"""A simulated office: given articles in time, what each channel receives, and every decision.

Layer 1: nothing is sent, no clock is asked; the same input gives the same output, byte for byte.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import TypeAlias

from monitor.alerts.compose import for_rules
from monitor.alerts.desk import Desk
from monitor.alerts.digest import DigestItem, digest
from monitor.alerts.handling import Handling, HandlingKind, Judgement
from monitor.alerts.known import NOTHING_KNOWN, AlertPolicy
from monitor.alerts.policy import judge
from monitor.alerts.report import Report
from monitor.alerts.silences import Silence
from monitor.model import Alert, Decision, Match
from monitor.rules.rule import Rule
from monitor.stories.placing import Placing


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article that arrives at ``at`` (UTC), the rules that match it, and its story's id.

    ``story`` None: the office finds it. A copy (``report.copy_of``) joins no story: it is only
    said to be of this one.
    """

    at: datetime
    report: Report
    matches: tuple[Match, ...] = ()
    story: str | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """How a channel behaves. ``down``: (from, until) in which it takes nothing; what is due then
    arrives when it is over. ``zone``: of the times in its digests; None: that of config.yaml."""

    name: str
    down: tuple[tuple[datetime, datetime], ...] = ()
    zone: tzinfo | None = None

    def up(self, at: datetime) -> datetime:
        """``at``, or the end of the outage that holds it."""
        for start, end in sorted(self.down):
            if start <= at < end:
                at = end
        return at


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions about one article; ``new_story``: it is the first of its story.

    ``story`` and ``placing`` are None for a copy of an article that nobody knows the story of, and
    ``placing`` for any copy.
    """

    at: datetime
    article_id: str
    story: str | None
    new_story: bool
    judgement: Judgement
    placing: Placing | None = None

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """One for each match."""
        return self.judgement.decisions


@dataclass(frozen=True, slots=True)
class Received:
    """A message that reaches a channel. ``due_at`` is earlier than ``at`` after an outage."""

    at: datetime
    notifier: str
    alert: Alert
    due_at: datetime


Event: TypeAlias = Decided | Received


def rehearse(
    arrivals: Iterable[Arrival],
    policy: AlertPolicy,
    rules: Mapping[str, Rule],
    channels: Sequence[Channel] = (),
    silences: Sequence[Silence] = (),
    window: timedelta | None = None,
) -> Iterator[Event]:
    """Every decision and every message in the order of time, until nothing is due any more.

    Arrivals are taken in the order of their times; those of one moment as given. ``window``: how
    long a quiet story stays open; None: an article whose story is not given is its own story.

    Raises:
        KeyError: a match names a rule that is not in ``rules``.
    """
    office = Office(policy, rules, channels, silences, window)
    for arrival in sorted(arrivals, key=lambda each: each.at):
        yield from office.arrive(arrival)
    yield from office.close()


class Office:
    """One arrival after the other, their times never going back. Starts with nothing sent.

    It sits at the desk that the daemon sits at; only sending and time are made up.
    """

    def __init__(
        self,
        policy: AlertPolicy,
        rules: Mapping[str, Rule],
        channels: Sequence[Channel] = (),
        silences: Sequence[Silence] = (),
        window: timedelta | None = None,
    ) -> None:
        """``window``: as for ``rehearse``."""
        self._policy = policy
        self._rules = rules
        self._channels = {channel.name: channel for channel in channels}
        self._silences = tuple(silences)
        self._desk = Desk(policy, window)
        self._items: dict[tuple[datetime, str], list[DigestItem]] = {}
        self._due: list[tuple[datetime, str]] = []  # heap of the keys of ``_items``
        self._late: list[tuple[datetime, int, Received]] = []  # heap: after outages
        self._number = 0

    def arrive(self, arrival: Arrival) -> Iterator[Event]:
        """What falls due before the arrival, its decisions, and the messages of that moment."""
        now, report, matches = arrival.at, arrival.report, arrival.matches
        yield from self.close(now)
        if report.copy_of:
            judged = judge(report, matches, self._rules, self._policy, NOTHING_KNOWN, now)
            yield Decided(now, report.article.id, arrival.story, False, judged)
            return
        verdict = self._desk.judge(
            report, matches, self._rules, now, self._silences, arrival.story
        )  # fmt: skip
        judged = verdict.judgement
        yield Decided(
            now, report.article.id, verdict.story, verdict.is_new, judged, verdict.placing
        )
        updates = dict(verdict.updates)
        for each in judged.handlings:
            if each.kind is not HandlingKind.UPDATE:
                assert verdict.alert is not None  # some rule tells
                yield from self._tell(each, verdict.alert, now)
            elif each.notifier in updates:
                yield from self._send(each.notifier, updates[each.notifier], each.due_at, now)

    def close(self, until: datetime | None = None) -> Iterator[Event]:
        """The messages that are due at or before ``until``; None: all that is still due."""
        while True:
            digest_at = self._due[0][0] if self._due else None
            late_at = self._late[0][0] if self._late else None
            times = [at for at in (digest_at, late_at) if at is not None]
            if not times or (until is not None and min(times) > until):
                return
            if late_at is not None and late_at == min(times):
                yield heapq.heappop(self._late)[2]
            else:
                yield from self._digest()

    def _digest(self) -> Iterator[Event]:
        due_at, notifier = heapq.heappop(self._due)
        items = [self._as_known(item) for item in self._items.pop((due_at, notifier))]
        channel = self._channels.get(notifier)
        zone = channel.zone if channel is not None and channel.zone else self._policy.zone
        yield from self._send(notifier, digest(notifier, due_at, items, zone), due_at)

    def _as_known(self, item: DigestItem) -> DigestItem:
        """The item with its story as it is known by now."""
        if item.alert.story is None:
            return item
        note = self._desk.story_note(item.alert.story.id, item.alert.url)
        if note is None:
            return item
        return replace(item, alert=replace(item.alert, story=note))

    def _tell(self, handling: Handling, alert: Alert, now: datetime) -> Iterator[Event]:
        mine = for_rules(alert, handling.rules)
        if handling.kind is HandlingKind.NOW:
            yield from self._send(handling.notifier, mine, now)
            return
        key = (handling.due_at, handling.notifier)
        if key not in self._items:
            self._items[key] = []
            heapq.heappush(self._due, key)
        self._items[key].append(DigestItem(mine, handling.plan_name, now))

    def _send(
        self, notifier: str, alert: Alert, due_at: datetime, now: datetime | None = None
    ) -> Iterator[Event]:
        """The message, at once or when the channel takes it; ``now`` where it is not ``due_at``."""
        channel = self._channels.get(notifier)
        at = channel.up(due_at) if channel is not None else due_at
        message = Received(at, notifier, alert, due_at)
        if at <= (due_at if now is None else now):
            yield message
            return
        self._number += 1
        heapq.heappush(self._late, (at, self._number, message))
