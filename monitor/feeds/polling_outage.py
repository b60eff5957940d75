"""Is our own network down? Judged by who could be reached lately.

Layer 1, pure. One server that does not answer is its own affair; when nearly all do not, counting
their failures would leave every feed alone for a day after the cable is back in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(minutes=15)  # what is older says nothing of now
SHARE: Final = 0.8  # of the hosts asked: more than this not reached means that it is us
ENOUGH: Final = 5  # hosts to judge by, or all there are if they are fewer
FEWEST: Final = 2  # hosts without which nothing can be said
_KEPT: Final = 64  # hosts remembered


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether ``host`` answered at all, whatever it said, when last asked."""

    host: str
    at: datetime
    reached: bool


def noted(recent: tuple[Outcome, ...], outcome: Outcome) -> tuple[Outcome, ...]:
    """The last outcome of each host asked lately, newest last."""
    others = [one for one in recent if one.host != outcome.host]
    return (*others, outcome)[-_KEPT:]


def is_offline(recent: tuple[Outcome, ...], now: datetime, *, hosts: int) -> bool:
    """Whether our own network is down, as far as ``recent`` tells.

    ``hosts``: how many different hosts are polled at all. A clock that jumped makes the outcomes on
    its other side count for nothing.
    """
    fresh = [one for one in recent if abs(now - one.at) <= WINDOW]
    if len(fresh) < max(FEWEST, min(ENOUGH, hosts)):
        return False
    return sum(not one.reached for one in fresh) > SHARE * len(fresh)
