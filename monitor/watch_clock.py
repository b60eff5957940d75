"""Notice that the wall clock was set, by looking at it beside a clock that nobody sets.

Layer 1, pure. Stored times are times of the wall clock: after it went back by an hour, a feed due
in ten minutes would wait for seventy. (NTP's slow corrections and smeared leap seconds are far
below the limit; time zones and summer time do not touch UTC.)
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

JUMP: Final = 30.0  # seconds by which the clocks must part within one look


class Reading(NamedTuple):
    """Both clocks at one moment: the wall's (UTC), and seconds of a monotonic one."""

    wall: datetime
    steady: float


def jump(before: Reading, after: Reading) -> timedelta | None:
    """By how much the wall clock was set between two readings; None if it was not.

    Negative: it was set back. Positive: it was set forward, or the machine was asleep, when its
    monotonic clock stood still (clock_gettime(2), CLOCK_MONOTONIC).
    """
    parted = (after.wall - before.wall).total_seconds() - (after.steady - before.steady)
    return timedelta(seconds=parted) if abs(parted) >= JUMP else None
