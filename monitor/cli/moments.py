"""Reads moments as people type them: a date with a time, a time of day, or so long after another.

Layer 5, pure. Without a zone, times are those of config.yaml's ``timezone``. What its clock skips
or shows twice is settled as in ``monitor.alerts.localtime``.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from monitor.alerts.localtime import DAYS, moment, read_clock
from monitor.config.durations import duration

# Days before and after a time are looked at, and zones know nothing of other centuries.
EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
_CLOCK: Final = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_DURATION: Final = re.compile(r"[0-9.]+[a-z]")
_MEND: Final = "Write 2026-11-22T14:05, with Z or +01:00 if it is of another zone."


def read_moment(text: str, zone: tzinfo) -> datetime:
    """``2026-11-22T14:05``, ``2026-11-22 14:05+01:00``, ``2026-11-22T13:05Z``; UTC comes back.

    Raises:
        ValueError: a sentence for people.
    """
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"'{text[:40]}' is no time. {_MEND}") from None
    try:
        if read.tzinfo is not None:
            at = read.astimezone(UTC)
        else:
            minute = read.hour * 60 + read.minute
            rest = timedelta(seconds=read.second, microseconds=read.microsecond)
            at = moment(read.date(), minute, zone) + rest
    except OverflowError:
        at = LATEST
    if not EARLIEST <= at < LATEST:
        raise ValueError(f"'{text[:40]}' is not of the years 1900 to 2199.")
    return at


def read_later(text: str, start: datetime, zone: tzinfo) -> datetime:
    """A moment, a duration after ``start`` (``90m``), or the next time of day after it (``07:00``).

    Raises:
        ValueError: a sentence for people; also for a moment before ``start``.
    """
    text = text.strip()
    if _DURATION.fullmatch(text):
        return start + timedelta(seconds=duration(text))
    if is_clock(text):
        return next_clock(text, start, zone)
    at = read_moment(text, zone)
    if at < start:
        raise ValueError(f"'{text[:40]}' is before the beginning.")
    return at


def read_start(text: str, now: datetime, zone: tzinfo) -> datetime:
    """A moment, or the next time after ``now`` that reads so: ``23:30``, ``Sun 03:10``.

    Raises:
        ValueError: a sentence for people.
    """
    day, _, clock = text.strip().rpartition(" ")
    if not is_clock(clock):
        return read_moment(text, zone)
    if not day:
        return next_clock(clock, now, zone)
    if day[:3].title() not in DAYS:
        return read_moment(text, zone)
    at = next_clock(clock, now, zone)
    while DAYS[at.astimezone(zone).weekday()] != day[:3].title():
        at = next_clock(clock, at + timedelta(minutes=1), zone)
    return at


def is_clock(text: str) -> bool:
    """Whether a text has the form of a time of day."""
    return _CLOCK.fullmatch(text) is not None


def next_clock(text: str, start: datetime, zone: tzinfo) -> datetime:
    """When the clock next shows ``text``, at or after ``start``. Raises ValueError."""
    minute = read_clock(text)
    today = start.astimezone(zone).date()
    days = (today + timedelta(days=ahead) for ahead in range(-1, 3))
    return next(at for day in days if (at := moment(day, minute, zone)) >= start)
