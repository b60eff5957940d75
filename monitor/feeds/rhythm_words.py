"""A feed's rhythm in words, for ``feeds list``.

Layer 1, pure.
"""

import math
from collections.abc import Sequence
from typing import Final

from monitor.feeds.rhythm import Bounds, steady_interval
from monitor.feeds.rhythm_history import HOURS, MINUTES, History
from monitor.feeds.rhythm_pace import Pace, pace

_EVEN: Final = 2.0  # times: intervals that differ by less are one interval
_PARTS: Final = (("on weekdays", (0, 1, 2, 3, 4)), ("at weekends", (5, 6)))
_MARK: Final = 6.0  # times the mean: a minute worth naming
_MOST_MARKS: Final = 3
_FEW: Final = 10.0  # posts below which no habit is told


def describe(history: History, *, price: float, bounds: Bounds, offset: float = 0.0) -> str:
    """One line: how often the feed is polled, and when more often.

    ``price`` and ``bounds``: as for ``next_poll``. ``offset``: seconds to add to UTC for the
    reader's clock; parts of an hour are left out. For example: "every 5 to 9 minutes from 7:00 to
    19:00 on weekdays, else every 12 to 30 minutes; it publishes at :00".
    """
    if history.learnt_at is None:
        return "not polled yet"
    shift = round(offset / 3600.0)
    expected = pace(history)
    week = [_intervals(expected, days, price, bounds, shift) for _, days in _PARTS]
    flat = week[0] + week[1]
    low, high = min(flat), max(flat)
    marks = _marks(history)
    if high < _EVEN * low:
        return f"{_every([low, high])}{marks}"
    border = math.sqrt(low * high)
    busy: list[float] = []
    quiet: list[float] = []
    when = []
    for (name, _), hours in zip(_PARTS, week, strict=True):
        first, length = _longest_run([wait <= border for wait in hours])
        for hour, wait in enumerate(hours):
            (busy if (hour - first) % HOURS < length else quiet).append(wait)
        if length:
            last = (first + length) % HOURS
            clock = "" if length == HOURS else f"from {first}:00 to {last}:00 "
            when.append(clock + name)
    rest = f", else {_every(quiet)}" if quiet else ""
    return f"{_every(busy)} {' and '.join(when)}{rest}{marks}"


def _intervals(
    expected: Pace, days: Sequence[int], price: float, bounds: Bounds, shift: int
) -> list[float]:
    """Seconds between polls for each hour of the reader's clock, at the mean pace of ``days``."""
    share = sum(expected.days[day] for day in days) / len(days)
    return [
        min(
            max(
                60.0
                * steady_interval(
                    expected.level * share * expected.hours[(hour - shift) % HOURS], price
                ),
                bounds.shortest,
                bounds.wish,
            ),
            max(bounds.longest, bounds.shortest, bounds.wish),
        )
        for hour in range(HOURS)
    ]


def _longest_run(flags: Sequence[bool]) -> tuple[int, int]:
    """(first hour, length) of the longest run of true hours around the clock; length 0: none."""
    if all(flags):
        return 0, len(flags)
    best = (0, 0)
    for first in range(len(flags)):
        length = 0
        while flags[(first + length) % len(flags)]:
            length += 1
        best = max(best, (first, length), key=lambda run: run[1])
    return best


def _marks(history: History) -> str:
    total = sum(history.by_minute)
    if total < _FEW:
        return ""
    found = [m for m, n in enumerate(history.by_minute) if n * MINUTES > _MARK * total]
    if not 0 < len(found) <= _MOST_MARKS:
        return ""
    return "; it publishes at " + " and ".join(f":{minute:02}" for minute in found)


def _every(waits: Sequence[float]) -> str:
    low, high = _amount(min(waits)), _amount(max(waits))
    if low == high:
        return f"every {_named(low)}"
    if low[1] == high[1]:
        return f"every {low[0]} to {_named(high)}"
    return f"every {_named(low)} to {_named(high)}"


def _amount(seconds: float) -> tuple[int, str]:
    if seconds < 90.0:
        return round(seconds), "second"
    if seconds < 90 * 60.0:
        return round(seconds / 60.0), "minute"
    return round(seconds / 3600.0), "hour"


def _named(amount: tuple[int, str]) -> str:
    return f"{amount[0]} {amount[1]}{'' if amount[0] == 1 else 's'}"
