"""Keeps the counts of limits, groups and fuses in memory.

Layer 1. The daemon recalls from the store, at start, what it counted before.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from monitor.alerts.handling import HandlingKind, Judgement
from monitor.alerts.known import AlertPolicy
from monitor.alerts.localtime import day_start, hour_start
from monitor.alerts.quota import Counts, Way
from monitor.alerts.routes import Route
from monitor.alerts.timing import FLOOD, GROUP
from monitor.model import Outcome


class Ledger:
    """What was sent. Times given never go back."""

    def __init__(self, policy: AlertPolicy) -> None:
        self._policy = policy
        self._limited = _limited(policy)
        self._day: datetime | None = None
        self._rules: dict[str, int] = {}  # of that day
        self._today: dict[Way, tuple[datetime, int]] = {}
        self._hour: dict[Way, tuple[datetime, int]] = {}
        self._recent: dict[str, deque[datetime]] = {}
        self._blown: dict[str, datetime] = {}
        self._groups: dict[Way, datetime] = {}

    def follow(self, policy: AlertPolicy) -> None:
        """Count for this policy from now on; what was counted stays."""
        self._policy, self._limited = policy, _limited(policy)
        for gone in self._recent.keys() - policy.fuses.keys():
            del self._recent[gone]

    def recall(
        self, sent: Mapping[str, int], recent: Mapping[str, Sequence[datetime]], now: datetime
    ) -> None:
        """Count what was sent before: alerts of today by rule, messages of late by notifier."""
        self._day = day_start(now, self._policy.zone)
        self._rules = dict(sent)
        self._recent = {
            name: deque(times) for name, times in recent.items() if name in self._policy.fuses
        }

    def counts(self, now: datetime) -> Counts:
        """What counts at ``now``; to be used before the next call."""
        day = day_start(now, self._policy.zone)
        if day != self._day:
            self._day = day
            self._rules.clear()
        for notifier, times in self._recent.items():
            past = now - timedelta(seconds=self._policy.fuses[notifier].within)
            while times and times[0] <= past:
                times.popleft()
        return Counts(
            self._rules,
            {way: number for way, (start, number) in self._today.items()
             if way[0] in self._limited and start == day_start(now, self._zone(way))},
            {way: number for way, (start, number) in self._hour.items()
             if way[0] in self._limited and start == hour_start(now, self._zone(way))},
            {notifier: len(times) for notifier, times in self._recent.items()},
            self._blown,
            self._groups,
        )  # fmt: skip

    def record(self, judgement: Judgement, now: datetime) -> None:
        """Count what was decided at ``now``."""
        for decision in judgement.decisions:
            if decision.outcome is Outcome.SENT:
                self._rules[decision.rule_id] = self._rules.get(decision.rule_id, 0) + 1
        for each in judgement.handlings:
            if each.kind is HandlingKind.NOW:
                if each.notifier in self._policy.fuses:
                    self._recent.setdefault(each.notifier, deque()).append(now)
                self._count(each.ways, now)
            elif each.plan_name == FLOOD:
                self._blown[each.notifier] = each.due_at
            elif each.plan_name == GROUP:
                self._groups.update(dict.fromkeys(each.ways, each.due_at))

    def _count(self, ways: Sequence[Way], now: datetime) -> None:
        for way in ways:
            if way[0] in self._limited:
                zone = self._zone(way)
                _add(self._today, way, day_start(now, zone))
                _add(self._hour, way, hour_start(now, zone))

    def _zone(self, way: Way) -> tzinfo:
        route: Route = self._limited[way[0]]
        return route.zone or self._policy.zone


def _limited(policy: AlertPolicy) -> dict[str, Route]:
    return {
        route.name: route
        for route in policy.routes
        if route.max_per_day is not None or route.max_per_hour is not None
    }


def _add(counted: dict[Way, tuple[datetime, int]], way: Way, start: datetime) -> None:
    known = counted.get(way)
    counted[way] = (start, known[1] + 1 if known is not None and known[0] == start else 1)
