"""What a judgement rests on: what the user set, and what is known at the moment.

Layer 1, frozen values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from typing import Final

from monitor.alerts.fuse import Fuse
from monitor.alerts.quota import NOTHING_SENT, Counts
from monitor.alerts.routes import Route
from monitor.alerts.silences import Silence
from monitor.alerts.standing import StoryStanding


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """What the user set: who can be told, how old news may be (seconds), and whose days count.

    ``fuses``: by notifier; one that is absent has none. ``updates``: the notifiers that can change
    a message, or go on with its thread.
    """

    notifiers: tuple[str, ...]
    max_age: float
    zone: tzinfo = UTC
    routes: tuple[Route, ...] = ()
    fuses: Mapping[str, Fuse] = field(default_factory=dict)
    updates: frozenset[str] = frozenset()

    def at_once(self) -> "AlertPolicy":
        """The same people told, but nobody made to wait: for what a person asks for now."""
        routes = tuple(
            Route(each.name, each.match, each.notify, each.goes_on) for each in self.routes
        )
        return replace(self, routes=routes, fuses={}, updates=frozenset())


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known at this moment. ``story``: the article's story as it is before the article,
    None where articles are not grouped."""

    story: StoryStanding | None = None
    silences: tuple[Silence, ...] = ()
    counts: Counts = NOTHING_SENT


NOTHING_KNOWN: Final = Situation()
