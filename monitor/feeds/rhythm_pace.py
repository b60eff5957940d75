"""How many posts a feed is expected to publish at a given time.

Layer 1, pure. Level × hour of the day × day of the week × minute of the hour, each drawn towards
even as long as little was seen (a few posts prove no habit).
"""

from dataclasses import dataclass
from typing import Final

from monitor.feeds.rhythm_history import DAYS, HOURS, History

TYPICAL: Final = 10.0  # posts a day of a feed of which nothing is known
# how many evenly spread posts each habit is mixed with
EVEN_HOURS: Final = 5.0
EVEN_DAYS: Final = 10.0
EVEN_MINUTES: Final = 15.0

_PRIOR_POSTS: Final = 0.3
_PRIOR_DAYS: Final = _PRIOR_POSTS / TYPICAL


@dataclass(frozen=True, slots=True)
class Pace:
    """Expected posts per minute: ``level * hours[h] * days[d]``, times ``minutes[m]``; UTC."""

    level: float
    hours: tuple[float, ...]
    days: tuple[float, ...]
    minutes: tuple[float, ...]

    def smooth(self, hour: int) -> float:
        """Posts per minute in an hour counted from 1970, minutes evened out."""
        return self.level * self.hours[hour % HOURS] * self.days[(hour // HOURS + 3) % DAYS]


def pace(history: History) -> Pace:
    """What ``history`` lets expect."""
    hours, days, minutes = history.by_hour, history.by_day, history.by_minute
    around = [
        hours[h - 1] / 4 + hours[h] / 2 + hours[(h + 1) % HOURS] / 4 for h in range(HOURS)
    ]  # an hour says something of its neighbours
    return Pace(
        level=(history.posts + _PRIOR_POSTS) / (history.days + _PRIOR_DAYS) / 1440.0,
        hours=_relative(around, EVEN_HOURS),
        days=_relative(days, EVEN_DAYS),
        minutes=_relative(minutes, EVEN_MINUTES),
    )


def _relative(counts: "tuple[float, ...] | list[float]", even: float) -> tuple[float, ...]:
    """Counts as factors whose mean is 1."""
    size = len(counts)
    scale = size / (sum(counts) + even)
    return tuple((count + even / size) * scale for count in counts)
