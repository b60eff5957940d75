"""What one poll teaches about when a feed publishes.

Layer 1, pure. Only what the poll itself showed is used.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from monitor.feeds.rhythm_history import DAYS, HOURS, MINUTES, History

DAY: Final = 86_400.0
LEVEL_HALF_LIFE: Final = 5.0  # days after which a post counts half for how busy a feed is
HABIT_HALF_LIFE: Final = 14.0  # days, the same for its hours, days and minutes
CROWD_HALF_LIFE: Final = 4.0  # days after which the busiest moment is thought half as dense

_LONGEST_LOOK: Final = 30.0  # days; an older post says nothing of today
_SHORTEST_LOOK: Final = 1.0 / 24.0  # days; a first look at a feed judges at least an hour
_HEAVIEST: Final = 100.0  # posts that one poll may count for; more is a republished archive
_CROWDED: Final = 0.8  # share of what a feed shows that, new in one stretch, is nearly a loss


def learn(
    history: History, *, now: datetime, published: Sequence[datetime | None], shown: int
) -> History:
    """The history after a successful poll at ``now`` (aware).

    ``published``: times of the entries not seen before, None for an undated one; at a first poll,
    of all entries. ``shown``: how many entries the feed showed, 0 for a 304. A time in the future
    counts as now. After the first poll, an entry dated before the previous poll became visible
    since, so it counts for the middle between the two, and so does an undated one.
    """
    at = now.timestamp()
    before = history.learnt_at
    if before is None:
        # an archive published at one moment is one event, and an undated one says nothing
        times = sorted({min(t.timestamp(), at) for t in published if t is not None})
        times = [t for t in times if at - t <= _LONGEST_LOOK * DAY]
        elapsed = (at - times[0]) / DAY if times else 1.0
        elapsed = max(elapsed, _SHORTEST_LOOK)
    else:
        before = min(before, at)  # the clock may have been put back
        middle = (before + at) / 2
        times = sorted(
            t if t is not None and t > before else middle
            for t in (None if p is None else min(p.timestamp(), at) for p in published)
        )
        elapsed = min((at - before) / DAY, _LONGEST_LOOK)
        if 0 < shown <= len(times):  # there were more: only the stretch shown is known
            elapsed = min(elapsed, max((at - times[0]) / DAY, _SHORTEST_LOOK))
    return _counted(history, at, times, elapsed, shown)


def _counted(
    history: History, at: float, times: Sequence[float], elapsed: float, shown: int
) -> History:
    weight = min(1.0, _HEAVIEST / len(times)) if times else 1.0
    level = 0.5 ** (elapsed / LEVEL_HALF_LIFE)
    faded = 1.0
    if history.learnt_at is not None:
        # by whole days: the packed counts are too coarse for the fading of minutes
        whole = min(max(at // DAY - history.learnt_at // DAY, 0.0), _LONGEST_LOOK)
        faded = 0.5 ** (whole / HABIT_HALF_LIFE)
    hours, days, minutes = history.by_hour, history.by_day, history.by_minute
    if times or faded < 1.0:
        hours = _added(hours, faded, (int(t // 3600) % HOURS for t in times), weight)
        # 1 January 1970 was a Thursday
        days = _added(days, faded, ((int(t // DAY) + 3) % DAYS for t in times), weight)
        minutes = _added(minutes, faded, (int(t // 60) % MINUTES for t in times), weight)
    return History(
        learnt_at=at,
        posts=history.posts * level + weight * len(times),
        days=history.days * level + elapsed,
        crowd=_crowd(history.crowd, times, elapsed, shown),
        by_hour=hours,
        by_day=days,
        by_minute=minutes,
    )


def _added(
    counts: Sequence[float], faded: float, places: Iterable[int], weight: float
) -> tuple[float, ...]:
    new = [count * faded for count in counts]
    for place in places:
        new[place] += weight
    return tuple(new)


def _crowd(old: float | None, times: Sequence[float], elapsed: float, shown: int) -> float | None:
    """Seconds in which nearly all that a feed shows was published, at its busiest; it relaxes."""
    if old is not None:
        old = min(old * 2.0 ** (elapsed / CROWD_HALF_LIFE), DAY)
    step = int(shown * _CROWDED) - 1
    if step < 1 or len(times) <= step:
        return old
    dense = min(last - first for first, last in zip(times, times[step:], strict=False))
    # what comes all at once is caught or lost however often one looks
    if dense < 60.0 or dense > DAY:
        return old
    return dense if old is None else min(old, dense)
