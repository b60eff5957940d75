"""A rule as loaded, and the tests that stand beside it in its file.

Layer 1, frozen values.
"""

from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import Literal

from monitor.located import Place
from monitor.model import Article, Level
from monitor.rules.alertsettings import NEVER_AGAIN, Again
from monitor.rules.conditions import NO_CONDITIONS, SourceConditions
from monitor.rules.nodes import AllOf, Node, NoneOf


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One ``fires`` or ``silent`` example. ``because`` names the branch that must be failing."""

    expects: Literal["fires", "silent"]
    article: Article
    because: str | None
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """An exclusion laid over many rules: those whose id fits a pattern and that have the labels."""

    id: str
    rules: tuple[str, ...]  # patterns such as * or eu-*
    labels: tuple[tuple[str, str], ...]
    none: NoneOf
    place: Place = field(compare=False)

    def covers(self, rule_id: str, labels: tuple[tuple[str, str], ...]) -> bool:
        """Whether it applies to a rule with this id and these labels."""
        fits = any(fnmatchcase(rule_id, pattern) for pattern in self.rules)
        return fits and set(self.labels) <= set(labels)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``notify`` None: the routes decide, and without routes every notifier is told.

    Places are for messages and do not compare.
    """

    id: str
    title: str
    level: Level
    match: Node
    place: Place = field(compare=False)
    labels: tuple[tuple[str, str], ...] = ()
    owner: str | None = None
    notify: tuple[str, ...] | None = None
    notify_places: tuple[Place, ...] = field(default=(), compare=False)
    tests: tuple[RuleTest, ...] = ()
    source: SourceConditions = NO_CONDITIONS
    expires: date | None = None
    again: Again = NEVER_AGAIN
    max_per_day: int | None = None  # of its alerts, in the days of config.yaml's timezone
    filters: tuple[Filter, ...] = ()

    @property
    def tree(self) -> Node:
        """What must hold: ``match`` and none of the filters laid over it."""
        if not self.filters:
            return self.match
        return AllOf((self.match, *(each.none for each in self.filters)), written=False)
