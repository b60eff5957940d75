"""Made-up feeds of many habits: publication times only, the same for the same seed."""

import math
import random
from collections.abc import Callable
from typing import Final

BEGIN: Final = 1_698_624_000.0  # Monday 30 October 2023, 00:00 UTC
DAY: Final = 86_400.0

_Pace = Callable[[float, float, float], float]  # (day from 0, hour, minute) to posts a day


def _working_day(day: float, hour: float) -> float:
    """A newsroom's day: busy from 7 to 19, a third of it at weekends."""
    wave = max(0.05, math.sin((hour - 6) / 14 * math.pi)) if 6 <= hour <= 20 else 0.05
    return wave * (0.35 if day % 7 >= 5 else 1.0)


# name: its pace over the time, and the mean number of posts that come at once
KINDS: Final[dict[str, tuple[_Pace, float]]] = {
    "agency": (lambda d, h, _: 900 * (0.15 + _working_day(d, h)), 1.3),
    "daily": (lambda d, h, _: 120 * _working_day(d, h), 1.0),
    "daily, elsewhere": (lambda d, h, _: 90 * _working_day(d, (h + 9) % 24), 1.0),
    "on the hour": (lambda _d, _h, m: 24 * 60 * 0.5 if m < 1 else 0.5, 1.0),
    "half past, by day": (lambda d, h, m: 20 * 60 * _working_day(d, h) if 30 <= m < 31 else 0, 1.0),
    "batches": (lambda d, h, _: 5 * _working_day(d, h), 8.0),
    "silent at night": (lambda _d, h, _: 60.0 if 8 <= h < 18 else 0.0, 1.0),
    "weekly": (lambda d, h, _: 150.0 if d % 7 < 1 and 9 <= h < 12 else 0.0, 1.0),
    "blog": (lambda d, h, _: 3 * _working_day(d, h), 1.0),
    "press office": (lambda d, h, _: 6.0 if d % 7 < 5 and 9 <= h < 17 else 0.0, 1.0),
    "dies": (lambda d, h, _: 80 * _working_day(d, h) if d < 12 else 0.0, 1.0),
    "born late": (lambda d, h, _: 80 * _working_day(d, h) if d > 17 else 0.0, 1.0),
    "even": (lambda _d, _h, _m: 30.0, 1.0),
}


def made_up_feeds(of_each: int, *, days: int, seed: int = 7) -> list[list[float]]:
    """``of_each`` feeds of every kind over ``days``: Unix seconds, ascending.

    Feeds of a kind differ in how busy they are (by about a factor of two either way).
    """
    chance = random.Random(seed)
    feeds = []
    for pace, batch in KINDS.values():
        for _ in range(of_each):
            busy = math.exp(chance.gauss(0.0, 0.5))
            feeds.append(_posts(pace, busy, batch, days, chance))
    return [posts for posts in feeds if posts]


def _posts(pace: _Pace, busy: float, batch: float, days: int, chance: random.Random) -> list[float]:
    """A Poisson process by the minute; each event brings about ``batch`` posts within minutes."""
    posts = []
    for minute in range(days * 1440):
        expected = busy * pace(minute // 1440, minute % 1440 / 60, minute % 60) / 1440
        while (expected := expected + math.log(1.0 - chance.random())) > 0.0:
            at = BEGIN + 60.0 * (minute + chance.random())
            posts.append(at)
            while chance.random() > 1.0 / batch:
                at += chance.expovariate(1 / 40.0)
                posts.append(at)
    return sorted(posts)
