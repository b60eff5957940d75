"""Which route an alert takes: the first whose conditions fit, and on while it says ``continue``.

Layer 1, pure. Times of a route are judged in ``timing``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from fnmatch import fnmatchcase
from typing import Final

from monitor.alerts.plans import Plan
from monitor.alerts.quiet import Window
from monitor.alerts.report import Report
from monitor.model import Level
from monitor.rules.rule import Rule
from monitor.text.words import fold

Labels = tuple[tuple[str, str], ...]
_LEVELS: Final = tuple(Level)  # from quiet to loud


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must hold, all of it; an empty tuple asks for nothing. Texts may hold ``*``.

    ``labels``: (name, values), one of the values. ``sources`` and ``tags`` are folded; a source is
    an outlet's name, a host or a feed's address.
    """

    levels: tuple[Level, ...] = ()
    rules: tuple[str, ...] = ()
    labels: tuple[tuple[str, tuple[str, ...]], ...] = ()
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()

    @property
    def catch_all(self) -> bool:
        """Whether everything fits."""
        return self == ANY

    def fits_rule(self, rule_id: str, level: Level, labels: Labels) -> bool:
        """Whether a rule with these properties fits, whatever the article is."""
        if self.levels and level not in self.levels:
            return False
        if self.rules and not _one_fits(self.rules, (rule_id,)):
            return False
        own = dict(labels)
        return all(name in own and _one_fits(values, (own[name],)) for name, values in self.labels)

    def fits(self, rule: Rule, report: Report) -> bool:
        """Whether an alert of ``rule`` for ``report`` fits."""
        if not self.fits_rule(rule.id, rule.level, rule.labels):
            return False
        if self.tiers and report.tier not in self.tiers:
            return False
        if self.sources and not _one_fits(self.sources, report.names):
            return False
        return not self.tags or _one_fits(self.tags, [fold(tag) for tag in report.article.tags])


ANY: Final = Conditions()


@dataclass(frozen=True, slots=True)
class Route:
    """Who is told of what fits ``match``, and when. Durations are seconds; None: no such wish.

    ``zone`` None: that of config.yaml. ``break_through``: alerts of this level or a louder one wait
    neither for the digest, nor for the group, nor for the end of the quiet hours. ``muted_by``: in
    a story that a fitting rule has alerted, other rules of this route are silent.
    """

    name: str
    match: Conditions = ANY
    notify: tuple[str, ...] = ()
    goes_on: bool = False  # continue: true
    digest: Plan | None = None
    zone: tzinfo | None = None
    quiet: tuple[Window, ...] = ()
    break_through: Level | None = None
    group: float | None = None
    max_per_day: int | None = None
    max_per_hour: int | None = None
    muted_by: Conditions | None = None

    def breaks_through(self, level: Level) -> bool:
        """Whether an alert of this level waits for nothing."""
        loud = self.break_through
        return loud is not None and _LEVELS.index(level) >= _LEVELS.index(loud)


def routes_of(rule: Rule, report: Report, routes: Sequence[Route]) -> tuple[Route, ...]:
    """The routes that an alert takes, in their order; empty: none fits."""
    taken: list[Route] = []
    for route in routes:
        if route.match.fits(rule, report):
            taken.append(route)
            if not route.goes_on:
                break
    return tuple(taken)


def unreachable(routes: Sequence[Route]) -> tuple[tuple[int, int], ...]:
    """Pairs (a route that nothing can take, the earlier one that takes all of it), by number."""
    found: list[tuple[int, int]] = []
    for late, route in enumerate(routes):
        for early in range(late):
            if not routes[early].goes_on and covers(routes[early].match, route.match):
                found.append((late, early))
                break
    return tuple(found)


def covers(wide: Conditions, narrow: Conditions) -> bool:
    """Whether whatever fits ``narrow`` surely fits ``wide``."""
    own = dict(narrow.labels)
    return (
        _within(narrow.levels, wide.levels)
        and _within(narrow.tiers, wide.tiers)
        and _among(narrow.rules, wide.rules)
        and _among(narrow.tags, wide.tags)
        and _among(narrow.sources, wide.sources)
        and all(name in own and _among(own[name], values) for name, values in wide.labels)
    )


def _within(narrow: Sequence[object], wide: Sequence[object]) -> bool:
    return not wide or (bool(narrow) and set(narrow) <= set(wide))


def _among(narrow: Sequence[str], wide: Sequence[str]) -> bool:
    """Whether each text or pattern of ``narrow`` finds no more than those of ``wide``."""
    if not wide:
        return True
    return bool(narrow) and all(
        one in wide or "*" in wide or (not set(one) & set("*?[") and _one_fits(wide, (one,)))
        for one in narrow
    )


def _one_fits(patterns: Sequence[str], texts: Sequence[str]) -> bool:
    return any(
        text == pattern or fnmatchcase(text, pattern) for pattern in patterns for text in texts
    )
