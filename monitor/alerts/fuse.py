"""The flood fuse: a channel gets so many messages in a while, then one that holds the rest.

Layer 1, pure: ``now`` is given.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.alerts.localtime import say_span


@dataclass(frozen=True, slots=True)
class Fuse:
    """At most ``limit`` messages to one channel in any ``within`` seconds."""

    limit: int
    within: float = 600.0

    def __str__(self) -> str:
        return f"{self.limit} in {say_span(self.within)}"


DEFAULT_FUSE: Final = Fuse(20)


def held_until(
    fuse: Fuse | None, recent: int, blown_until: datetime | None, now: datetime
) -> datetime | None:
    """When the message that holds the surplus goes out, if this one is surplus; else None.

    ``recent``: messages sent to the channel at once within the fuse's time before ``now``.
    ``blown_until``: when the surplus that is gathered already goes out. All of a flood goes into
    one message: from the moment when the fuse blows everything is held for the fuse's whole time,
    so that the channel never gets more than its limit and one digest in any such span.
    """
    if fuse is None:
        return None
    if blown_until is not None and now < blown_until:
        return blown_until
    return now + timedelta(seconds=fuse.within) if recent >= fuse.limit else None
