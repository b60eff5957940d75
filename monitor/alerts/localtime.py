"""Times as people write and read them: ``08:00``, ``Mon-Fri``, "Mon 23 Nov 08:00".

Layer 1, pure. A wall-clock time is minutes after midnight; Monday is day 0. A time that the clock
skips means the first moment after the gap, a time that it shows twice means the first of the two
(gaps and folds as in PEP 495).
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from monitor.rules.mistakes import nearest

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EVERY_DAY: Final = tuple(range(7))
DAY_MINUTES: Final = 24 * 60
_MONTHS: Final = tuple("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())
_LONG_DAYS: Final = tuple(
    "monday tuesday wednesday thursday friday saturday sunday".split()
)  # fmt: skip
_WORDS: Final = {"daily": EVERY_DAY, "weekdays": (0, 1, 2, 3, 4), "weekends": (5, 6)}
_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})")


def moment(day: date, minute: int, zone: tzinfo) -> datetime:
    """When (UTC) the clock of ``zone`` shows ``minute`` of ``day``; 1440 is the next midnight."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    late = wall.replace(tzinfo=zone).astimezone(UTC)
    if late.astimezone(zone).replace(tzinfo=None) == wall:
        return late
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    before = early.astimezone(zone).utcoffset()
    low, high = 0, int((late - early).total_seconds())
    while high - low > 1:  # the clock jumps after ``low`` seconds, at or before ``high``
        middle = (low + high) // 2
        at = early + timedelta(seconds=middle)
        if at.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return early + timedelta(seconds=high)


def day_start(now: datetime, zone: tzinfo) -> datetime:
    """The last midnight in ``zone``, at or before ``now``."""
    return moment(now.astimezone(zone).date(), 0, zone)


def day_end(now: datetime, zone: tzinfo) -> datetime:
    """The next midnight in ``zone``, after ``now``."""
    return moment(now.astimezone(zone).date(), DAY_MINUTES, zone)


def hour_start(now: datetime, zone: tzinfo) -> datetime:
    """When the clock of ``zone`` last showed a full hour, by the offset that holds ``now``."""
    local = now.astimezone(zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return now.astimezone(UTC) - past


def hour_end(now: datetime, zone: tzinfo) -> datetime:
    """An hour after ``hour_start``."""
    return hour_start(now, zone) + timedelta(hours=1)


def read_clock(text: str, latest: int = DAY_MINUTES - 1) -> int:
    """``08:00`` as minutes after midnight. Raises ValueError with a sentence for people."""
    read = _CLOCK.fullmatch(text)
    if read is not None and int(read[2]) < 60:
        minute = int(read[1]) * 60 + int(read[2])
        if minute <= latest:
            return minute
    raise ValueError(f"'{text[:40]}' is no time of day. Write one from 00:00 to 23:59.")


def read_days(text: str) -> tuple[int, ...]:
    """``Mon-Fri``, ``Sat,Sun``, ``daily``, ``weekdays`` or ``weekends``. Raises ValueError."""
    found: set[int] = set()
    for part in text.split(","):
        if part.lower() in _WORDS:
            found.update(_WORDS[part.lower()])
            continue
        first, dash, last = part.partition("-")
        start = _day(first)
        end = _day(last) if dash else start
        found.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return tuple(sorted(found))


def _day(word: str) -> int:
    for number, (short, long) in enumerate(zip(DAYS, _LONG_DAYS, strict=True)):
        if word.lower() in (short.lower(), long):
            return number
    close = nearest(word.lower(), (*map(str.lower, DAYS), *_LONG_DAYS, *_WORDS))
    named = close if close in _WORDS else (close or "mon").capitalize()
    mend = f"Did you mean '{named}'?" if close else "Write Mon, Mon-Fri or Sat,Sun."
    raise ValueError(f"'{word[:40]}' is no day of the week. {mend}")


def tidy(text: str) -> list[str]:
    """The words of a plan or a window, without blanks around commas and dashes."""
    return re.sub(r"\s*([,\-–])\s*", r"\1", text.strip()).replace("–", "-").split()


def say_days(days: tuple[int, ...]) -> str:
    """``Mon-Fri``, ``Sun-Thu``, ``Mon,Wed`` or ``daily``; ``days`` are sorted."""
    if days == EVERY_DAY:
        return "daily"
    for first in days if len(days) > 2 else ():
        row = [(first + step) % 7 for step in range(len(days))]
        if set(row) == set(days):
            return f"{DAYS[row[0]]}-{DAYS[row[-1]]}"
    return ",".join(DAYS[day] for day in days)


def say_clock(minute: int) -> str:
    """Minutes after midnight as ``08:00``."""
    return f"{minute // 60:02}:{minute % 60:02}"


def say_time(at: datetime, zone: tzinfo, now: datetime) -> str:
    """``07:00`` within the next 20 hours, else ``Mon 07:00``, else ``Mon 30 Nov 07:00``."""
    ahead = (at - now).total_seconds() / 3600
    if 0 <= ahead < 20:
        return f"{at.astimezone(zone):%H:%M}"
    return say_day(at, zone) if 0 <= ahead < 6 * 24 else say_date(at, zone)


def say_day(at: datetime, zone: tzinfo) -> str:
    """``Mon 08:00``."""
    local = at.astimezone(zone)
    return f"{DAYS[local.weekday()]} {local:%H:%M}"


def say_date(at: datetime, zone: tzinfo) -> str:
    """``Mon 23 Nov 08:00``: the same in every locale."""
    local = at.astimezone(zone)
    return f"{DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local:%H:%M}"


def say_span(seconds: float) -> str:
    """``10 minutes``, ``12 hours``, ``90 seconds``."""
    for unit, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= unit and seconds % unit == 0:
            number = round(seconds / unit)
            return f"{number} {name}{'' if number == 1 else 's'}"
    return f"{seconds:g} seconds"
