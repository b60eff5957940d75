"""A rule as loaded, and the tests that stand beside it in its file.

Layer 1, frozen values.
"""

from dataclasses import dataclass, field
from typing import Literal

from monitor.located import Place
from monitor.model import Article, Level
from monitor.rules.nodes import Node


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One ``fires`` or ``silent`` example. ``because`` names the branch that must be failing."""

    expects: Literal["fires", "silent"]
    article: Article
    because: str | None
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``notify`` None: to every notifier. Places are for messages and do not compare."""

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
