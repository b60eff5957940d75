"""A simulated office: given articles in time, what each channel receives, and every decision.

Layer 1: nothing is sent, no clock is asked; the same input gives the same output, byte for byte.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import TypeAlias

from monitor.alerts.compose import compose_judged, for_rules
from monitor.alerts.digest import DigestItem, digest
from monitor.alerts.handling import Handling, HandlingKind, Judgement
from monitor.alerts.known import AlertPolicy, Situation
from monitor.alerts.ledger import Ledger
from monitor.alerts.policy import judge
from monitor.alerts.report import Report
from monitor.alerts.silences import Silence
from monitor.alerts.standing import StoryStanding, joined, told
from monitor.model import Alert, Decision, Match, MessageKind, StoryNote
from monitor.rules.rule import Rule
from monitor.text.urls import safe_link


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article that arrives at ``at`` (UTC), the rules that match it, and its story's id.

    ``story`` None: it is not grouped. A new story has its id already.
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
    """The decisions about one article; ``new_story``: it is the first of its story."""

    at: datetime
    article_id: str
    story: str | None
    new_story: bool
    judgement: Judgement

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
) -> Iterator[Event]:
    """Every decision and every message in the order of time, until nothing is due any more.

    Arrivals are taken in the order of their times; those of one moment as given.

    Raises:
        KeyError: a match names a rule that is not in ``rules``.
    """
    office = Office(policy, rules, channels, silences)
    for arrival in sorted(arrivals, key=lambda each: each.at):
        yield from office.arrive(arrival)
    yield from office.close()


@dataclass(slots=True)
class _Story:
    """A story as the office knows it: its standing and what its note says."""

    standing: StoryStanding
    title: str
    places: list[tuple[str, str]] = field(default_factory=list)
    alerts: dict[str, Alert] = field(default_factory=dict)

    def note(self, but: str = "") -> StoryNote:
        """What a message says of it; ``but`` is the address of the message's own article."""
        others = tuple(place for place in self.places if place[1] != but)
        return StoryNote(self.standing.id, self.title, self.standing.articles, others)


class Office:
    """One arrival after the other, their times never going back. Starts with nothing sent."""

    def __init__(
        self,
        policy: AlertPolicy,
        rules: Mapping[str, Rule],
        channels: Sequence[Channel] = (),
        silences: Sequence[Silence] = (),
    ) -> None:
        self._policy = policy
        self._rules = rules
        self._channels = {channel.name: channel for channel in channels}
        self._silences = tuple(silences)
        self._ledger = Ledger(policy)
        self._stories: dict[str, _Story] = {}
        self._items: dict[tuple[datetime, str], list[DigestItem]] = {}
        self._due: list[tuple[datetime, str]] = []  # heap of the keys of ``_items``
        self._late: list[tuple[datetime, int, Received]] = []  # heap: after outages
        self._number = 0

    def arrive(self, arrival: Arrival) -> Iterator[Event]:
        """What falls due before the arrival, its decisions, and the messages of that moment."""
        now, report = arrival.at, arrival.report
        yield from self.close(now)
        story = self._story(arrival)
        before = story.standing if story is not None else None
        situation = Situation(before, self._silences, self._ledger.counts(now))
        judged = judge(report, arrival.matches, self._rules, self._policy, situation, now)
        self._ledger.record(judged, now)
        if story is not None:
            story.standing = joined(story.standing, report)
            story.places.append((report.outlet, safe_link(report.article.url)))
        new = before is not None and not before.articles
        yield Decided(now, report.article.id, arrival.story, new, judged)
        note = story.note(safe_link(report.article.url)) if story and judged.handlings else None
        alert = compose_judged(report.article, arrival.matches, judged, self._rules, now, note)
        if alert is not None and story is not None:
            story.alerts[alert.id] = alert
            tellers = [(self._rules[name], names) for name, names in judged.told.items()]
            story.standing = told(story.standing, tellers, alert.id, now)
        for handling in judged.handlings:
            yield from self._handle(handling, alert, story, now)

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
        note = self._stories[item.alert.story.id].note(item.alert.url)
        return replace(item, alert=replace(item.alert, story=note))

    def _handle(
        self, handling: Handling, alert: Alert | None, story: _Story | None, now: datetime
    ) -> Iterator[Event]:
        if handling.kind is HandlingKind.UPDATE:
            first = story.alerts.get(handling.alert_id or "") if story is not None else None
            if first is not None and story is not None:
                update = replace(
                    first, kind=MessageKind.UPDATE, follows=first.id, story=story.note(first.url)
                )
                yield from self._send(handling.notifier, update, handling.due_at, now)
            return
        assert alert is not None  # some rule tells
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

    def _story(self, arrival: Arrival) -> _Story | None:
        if arrival.story is None:
            return None
        known = self._stories.get(arrival.story)
        if known is None:
            known = _Story(StoryStanding(arrival.story), arrival.report.article.title)
            self._stories[arrival.story] = known
        return known
