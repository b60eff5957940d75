"""When a feed with a learned rhythm is polled next.

Layer 1, pure: time, chance and the price of a poll are arguments. Each poll costs ``price``; a post
that waits costs its delay in minutes, and more than that when it waits long:
``delay + delay² / (2 × patience)``. A poll is due when what more waiting costs per minute reaches
what the best steady interval would cost per minute:

    sum over expected unseen posts of (1 + age / patience)  >=  steady cost of this hour

For an even pace without the tail this is the interval ``sqrt(2 × price / rate)``, the optimum for a
given number of polls (Sia, Cho, Cho: Efficient Monitoring Algorithm for Fast News Alerts, TKDE
2007); with a pace that depends on the minute, the poll falls behind the minutes in which a feed
publishes. The price is the same for all feeds, so a budget is met by moving one number (see
``rhythm_price``), as the multiplier of Azar et al. (Tractable near-optimal policies for crawling,
PNAS 2018).
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.feeds.rhythm_history import History
from monitor.feeds.rhythm_pace import Pace, pace

PATIENCE: Final = (
    20.0  # times sqrt(price): the minutes after which a post's next minute costs twice
)
CROWD_SHARE: Final = 2.0  # of the time in which a feed once filled its window

_LONGEST_JITTER: Final = 10.0  # seconds
_MARKED: Final = 2.0  # times the mean: a minute of the hour in which a feed is wont to publish
_JITTER_SHARE: Final = 0.05  # of the wait


@dataclass(frozen=True, slots=True)
class Bounds:
    """Within what a rhythm may move; seconds from now.

    ``longest`` is the guarantee: nothing but ``wish`` and ``not_before`` makes a poll later.
    ``wish``: the least that the server's hints ask for (max-age, ttl), already limited by the
    caller, 0.0 if they ask for nothing. ``not_before``: Retry-After; nothing beats it.
    """

    shortest: float
    longest: float
    wish: float = 0.0
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """When to poll next, and why in plain words."""

    at: datetime
    reason: str


def next_poll(
    history: History, *, now: datetime, price: float, bounds: Bounds, jitter: float
) -> Choice:
    """The next poll after one at ``now`` (aware), which ``history`` has already learnt from.

    ``price``: minutes of waiting posts that one poll is worth. ``jitter``: evenly distributed from
    0 to 1; it makes a wait up to a twentieth, at most 10 seconds, longer, within the bounds.
    """
    shortest = max(bounds.shortest, 1.0)
    longest = max(bounds.longest, shortest)
    wait, expected = wait_for(pace(history), now.timestamp(), price, longest)
    reason = f"about {expected:.1f} new entries expected by then"
    if wait >= longest:
        reason = "little is expected: as late as allowed"
    crowd = None if history.crowd is None else history.crowd * CROWD_SHARE
    if crowd is not None and shortest <= crowd < wait:
        wait, reason = crowd, "it has published more than it shows at once"
    if wait < shortest:
        wait, reason = shortest, "busy: as soon as allowed"
    stretch = min(_JITTER_SHARE * wait, _LONGEST_JITTER) * min(max(jitter, 0.0), 1.0)
    wait = min(wait + stretch, longest)
    if bounds.wish > wait:
        wait, reason = bounds.wish, "the server asks for fewer polls"
    at = now + timedelta(seconds=wait)
    if bounds.not_before is not None and bounds.not_before > at:
        return Choice(bounds.not_before, "the server asked to be left alone until then")
    return Choice(at, reason)


def wait_for(expected: Pace, at: float, price: float, longest: float) -> tuple[float, float]:
    """Seconds from ``at`` (Unix seconds) until a poll pays, and the posts expected by then.

    At most ``longest`` seconds. Never within a minute in which the feed is wont to publish, unless
    ``longest`` is.
    """
    minute = int(at // 60)
    end = at + longest
    step = (minute + 1) * 60.0 - at  # to the end of the running minute
    patience = PATIENCE * math.sqrt(price)
    unseen = 0.0  # expected posts
    tail = 0.0  # the same, times their age in minutes
    now = at
    hour = -1
    rate = limit = 0.0
    while now < end:
        if minute // 60 != hour:
            hour = minute // 60
            rate = expected.smooth(hour)
            limit = steady_cost(rate, price)
        length = step / 60.0
        new = rate * expected.minutes[minute % 60] * length
        before = unseen + tail / patience
        tail += (unseen + new / 2.0) * length
        unseen += new
        cost = unseen + tail / patience
        if cost >= limit:
            # in a minute like others, at the moment; behind a minute in which the feed publishes
            marked = expected.minutes[minute % 60] > _MARKED
            if marked:
                now += step
            elif before < limit:  # else a new hour began, and the poll is due as it begins
                now += step * (limit - before) / (cost - before)
            break
        now += step
        minute += 1
        step = 60.0
    return min(now, end) - at, unseen


def steady_interval(rate: float, price: float) -> float:
    """Minutes between polls that cost least at ``rate`` posts per minute: bounded by nothing."""
    patience = PATIENCE * math.sqrt(price)
    interval = math.sqrt(2.0 * price / rate)
    for _ in range(20):  # Newton from above, on a convex function: never passes the root
        cost = rate * interval**2 * (0.5 + interval / (3.0 * patience)) - price
        step = cost / (rate * interval * (1.0 + interval / patience))
        interval -= step
        if step < 1e-4 * interval:
            break
    return interval


def steady_cost(rate: float, price: float) -> float:
    """Cost per minute of polling at the steady interval: delays and polls together."""
    interval = steady_interval(rate, price)
    return rate * interval * (1.0 + interval / (2.0 * PATIENCE * math.sqrt(price)))
