"""What a poll costs, so that all feeds together keep to a budget of polls.

Layer 1, pure. Each hour the price moves against the polls spent in the last day and week: spending
over budget makes polls dearer everywhere, and the feeds where a poll finds least give it up first.
Within a day nothing evens out the load, on purpose: the news hours are worth more polls.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.feeds.rhythm import PATIENCE
from monitor.feeds.rhythm_pace import TYPICAL

_DAY: Final = 24  # hours
_WEEK: Final = 168  # hours
_GAIN: Final = 1.0 / 16.0  # share of the error made good per hour; slower than the day's own wave
_LEAST: Final = 1e-3
_MOST: Final = 1e7
_WORST: Final = 4.0  # an error is never taken for more than this factor


@dataclass(frozen=True, slots=True)
class Spending:
    """The price in force, and the polls of the past hours, the running one first (168 at most)."""

    price: float  # minutes of waiting posts
    hour: int  # hours since 1970 of the first count
    polls: tuple[int, ...] = (0,)


def price_for(interval: float, posts_a_day: float = TYPICAL) -> float:
    """The price at which a feed of an even ``posts_a_day`` is polled every ``interval`` seconds."""
    minutes = interval / 60.0
    rate = posts_a_day / 1440.0
    price = least = rate * minutes**2 / 2.0  # what it would be without the cost of long delays
    for _ in range(60):  # a fixed point: patience grows with the price
        price = least + rate * minutes**3 / (3.0 * PATIENCE * math.sqrt(price))
    return price


def start(now: datetime, polls_a_day: float, feeds: int) -> Spending:
    """Before anything is known: as if all feeds were typical."""
    price = price_for(86_400.0 * max(feeds, 1) / max(polls_a_day, 1.0))
    return Spending(_kept(price), int(now.timestamp() // 3600))


def spend(spending: Spending, now: datetime, *, budget: float, polls: int = 1) -> Spending:
    """After ``polls`` polls at ``now``; ``budget``: polls a day over all feeds.

    Hours without a poll count as such, whether the feeds were quiet or the program was off. A clock
    put back goes on counting in the hour that was running.
    """
    hour = int(now.timestamp() // 3600)
    price, counts = spending.price, spending.polls
    passed = hour - spending.hour
    if passed > 0:
        price = _moved(price, counts, max(budget, 1.0))
        counts = ((0,) * min(passed, _WEEK) + counts)[:_WEEK]
    else:
        hour = spending.hour if passed > -_DAY else hour  # far back: the old time was the wrong one
    return Spending(price, hour, (counts[0] + polls, *counts[1:]))


def _moved(price: float, counts: tuple[int, ...], budget: float) -> float:
    """The price for the next hour."""
    hourly = budget / _DAY
    day, week = counts[:_DAY], counts
    error = 0.5 * _off(sum(day), hourly * len(day)) + 0.5 * _off(sum(week), hourly * len(week))
    # the first hours are not yet a day: believe them in proportion
    return _kept(price * math.exp(_GAIN * error * len(day) / _DAY))


def _off(spent: float, allowed: float) -> float:
    share = (spent + 1.0) / (allowed + 1.0)
    return math.log(min(max(share, 1.0 / _WORST), _WORST))


def _kept(price: float) -> float:
    return min(max(price, _LEAST), _MOST) if math.isfinite(price) else _MOST
