"""When a digest goes out: ``08:00 Mon-Fri``, ``08:00,17:00``, ``every 2h``, ``daily 08:00``.

Layer 1, pure: ``now`` is given. What the clock skips or shows twice is settled in ``localtime``: a
plan at 02:30 fires once a day on every day of the year.
"""

import re
from bisect import bisect_right
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

_EVERY: Final = re.compile(r"([0-9]{1,4})(m|h)")
SHORTEST_STEP: Final = 5  # minutes
_MEND: Final = 'Write "08:00 Mon-Fri", "08:00,17:00" or "every 2h".'


@dataclass(frozen=True, slots=True)
class Plan:
    """Times of day (minutes after midnight, sorted) on days of the week (Monday is 0, sorted)."""

    times: tuple[int, ...]
    days: tuple[int, ...] = EVERY_DAY
    step: int | None = None  # minutes, where it was written as "every …"

    def __str__(self) -> str:
        if self.step is not None:
            when = f"every {self.step // 60}h" if self.step % 60 == 0 else f"every {self.step}m"
        else:
            when = ",".join(say_clock(minute) for minute in self.times)
        return when if self.days == EVERY_DAY else f"{when} {say_days(self.days)}"


def read_plan(text: str) -> Plan:
    """The plan that ``text`` writes. Raises ValueError with a sentence for people."""
    words = tidy(text)
    times: list[int] = []
    days: set[int] = set()
    step: int | None = None
    while words:
        word = words.pop(0)
        if word[0].isdigit():
            times += [read_clock(part) for part in word.split(",")]
        elif word.lower() == "every":
            step = _step(words.pop(0) if words else "")
        else:
            days.update(read_days(word))
    if step is not None and times:
        raise ValueError(f"'every' and times of day are two plans. Keep one. {_MEND}")
    if step is None and not times:
        raise ValueError(f"this plan names no time of day. {_MEND}")
    if step is not None:
        times = list(range(0, DAY_MINUTES, step))
    return Plan(tuple(sorted(set(times))), tuple(sorted(days)) or EVERY_DAY, step)


def next_due(plan: Plan, zone: tzinfo, now: datetime) -> datetime:
    """The first moment (UTC) after ``now`` at which the plan is due.

    Raises:
        ValueError: the plan has no times or no days, so that it is never due.
    """
    today = now.astimezone(zone).date()
    for ahead in range(-1, 10):
        moments = _moments(plan, zone, today + timedelta(days=ahead))
        at = bisect_right(moments, now)
        if at < len(moments):
            return moments[at]
    raise ValueError("this plan is never due")


@lru_cache(maxsize=1024)  # the same few days are asked for again and again
def _moments(plan: Plan, zone: tzinfo, day: date) -> tuple[datetime, ...]:
    """The moments of one day, in their order: walls that a gap swallows fall together."""
    if day.weekday() not in plan.days:
        return ()
    return tuple(dict.fromkeys(moment(day, minute, zone) for minute in plan.times))


def _step(word: str) -> int:
    read = _EVERY.fullmatch(word.lower())
    minutes = int(read[1]) * (60 if read[2] == "h" else 1) if read else 0
    if read is None or not SHORTEST_STEP <= minutes <= DAY_MINUTES:
        raise ValueError(f"'every {word[:40]}' is no plan. Write a step from 5m to 24h.")
    return minutes
