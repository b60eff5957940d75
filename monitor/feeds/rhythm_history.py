"""What is remembered of when a feed publishes, in at most 300 bytes.

Layer 1, pure. Three foldings of the past (hour of the day, day of the week, minute of the hour, all
in UTC) and a level. Old posts fade, so that a feed may change its habits.
"""

import math
import struct
from dataclasses import dataclass
from typing import Final

HOURS: Final = 24
DAYS: Final = 7
MINUTES: Final = 60

_VERSION: Final = 1
# version, time, posts, days, crowd, then the three foldings as half-precision floats
_LAYOUT: Final = struct.Struct(f"<Bd3f{HOURS + DAYS + MINUTES}e")
_LARGEST: Final = 60_000.0  # a half-precision float ends at 65,504


@dataclass(frozen=True, slots=True)
class History:
    """When a feed published. A feed never polled has ``learnt_at`` None.

    ``posts`` were seen within ``days`` (both fading); ``by_hour``, ``by_day`` (Monday first) and
    ``by_minute`` are faded counts. ``crowd``: seconds in which most of what the feed shows at once
    was published when it was busiest; None if that never happened.
    """

    learnt_at: float | None = None  # Unix seconds of the last poll that taught something
    posts: float = 0.0
    days: float = 0.0
    crowd: float | None = None
    by_hour: tuple[float, ...] = (0.0,) * HOURS
    by_day: tuple[float, ...] = (0.0,) * DAYS
    by_minute: tuple[float, ...] = (0.0,) * MINUTES


NOTHING_KNOWN: Final = History()


def pack(history: History) -> bytes:
    """The history as bytes for the store (about 200); ``unpack`` is its inverse but for rounding.

    Counts keep 11 bits, which is why fading works on whole days (see ``learn``).
    """
    folded = (*history.by_hour, *history.by_day, *history.by_minute)
    return _LAYOUT.pack(
        _VERSION,
        math.nan if history.learnt_at is None else history.learnt_at,
        history.posts,
        history.days,
        math.nan if history.crowd is None else history.crowd,
        *(min(value, _LARGEST) for value in folded),
    )


def unpack(packed: bytes | None) -> History:
    """The history in ``packed``; a feed of which nothing is known if it is None or unreadable.

    A history is a convenience that polls teach again, so damage is no error.
    """
    if packed is None or len(packed) != _LAYOUT.size or packed[0] != _VERSION:
        return NOTHING_KNOWN
    _, learnt_at, posts, days, crowd, *folded = _LAYOUT.unpack(packed)
    if not all(math.isfinite(value) and value >= 0 for value in (posts, days, *folded)):
        return NOTHING_KNOWN
    return History(
        learnt_at=learnt_at if math.isfinite(learnt_at) else None,
        posts=posts,
        days=days,
        crowd=crowd if math.isfinite(crowd) and crowd > 0 else None,
        by_hour=tuple(folded[:HOURS]),
        by_day=tuple(folded[HOURS : HOURS + DAYS]),
        by_minute=tuple(folded[HOURS + DAYS :]),
    )
