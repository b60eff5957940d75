"""Quiet hours: ``22:00-07:00``, ``22:00-07:00 Sun-Thu``, ``00:00-24:00 Sat,Sun``.

Layer 1, pure: ``now`` is given. The days are those on which a window begins. Beginnings and ends
are moments as in ``localtime``, so a window over a change of the clock is an hour shorter or
longer, as the night is.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from monitor.alerts.localtime import (
    DAY_MINUTES,
    EVERY_DAY,
    moment,
    read_clock,
    read_days,
    say_clock,
    say_days,
    tidy,
)

_MEND: Final = 'Write "22:00-07:00" or "22:00-07:00 Sun-Thu".'
_MOST_IN_A_ROW: Final = 30  # windows that follow each other without a pause


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` to ``end``, minutes after midnight; an end at or before the start is that of
    the next day. ``days``: those on which it begins, Monday is 0."""

    start: int
    end: int
    days: tuple[int, ...] = EVERY_DAY

    @property
    def length(self) -> int:
        """Minutes by the clock."""
        return self.end - self.start + (DAY_MINUTES if self.end <= self.start else 0)

    def __str__(self) -> str:
        when = f"{say_clock(self.start)}-{say_clock(self.end)}"
        return when if self.days == EVERY_DAY else f"{when} {say_days(self.days)}"


def read_window(text: str) -> Window:
    """The window that ``text`` writes. Raises ValueError with a sentence for people."""
    times: tuple[int, int] | None = None
    days: set[int] = set()
    for word in tidy(text):
        if word[0].isdigit():
            first, dash, last = word.partition("-")
            if not dash or times is not None:
                raise ValueError(f"'{text[:40]}' is not one window. {_MEND}")
            times = read_clock(first), read_clock(last, DAY_MINUTES)
        else:
            days.update(read_days(word))
    if times is None:
        raise ValueError(f"these quiet hours name no time of day. {_MEND}")
    if times[0] == times[1]:
        raise ValueError("this window begins when it ends. Write 00:00-24:00 for a whole day.")
    return Window(*times, tuple(sorted(days)) or EVERY_DAY)


def quiet_until(windows: tuple[Window, ...], zone: tzinfo, now: datetime) -> datetime | None:
    """When (UTC) the quiet that holds ``now`` is over, or None where it is not quiet.

    Windows that touch or overlap are one quiet. An end belongs to the time after it.
    """
    at = now
    for _ in range(_MOST_IN_A_ROW):
        ends = [end for start, end in _around(windows, zone, at) if start <= at < end]
        if not ends:
            break
        at = max(ends)
    return None if at == now else at


def always_quiet(windows: tuple[Window, ...]) -> bool:
    """Whether no minute of the week is left to speak in."""
    week = 7 * DAY_MINUTES
    quiet: set[int] = set()
    for window in windows:
        for day in window.days:
            start = day * DAY_MINUTES + window.start
            quiet.update(minute % week for minute in range(start, start + window.length))
    return len(quiet) == week


def _around(
    windows: tuple[Window, ...], zone: tzinfo, at: datetime
) -> list[tuple[datetime, datetime]]:
    today = at.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(3)]
    return [span for window in windows for day in days if (span := _span(window, zone, day))]


@lru_cache(maxsize=1024)  # the same few days are asked for again and again
def _span(window: Window, zone: tzinfo, day: date) -> tuple[datetime, datetime] | None:
    """The window that begins on ``day``; None where none does."""
    if day.weekday() not in window.days:
        return None
    over = 0 if window.end > window.start else DAY_MINUTES
    return moment(day, window.start, zone), moment(day, window.end + over, zone)
