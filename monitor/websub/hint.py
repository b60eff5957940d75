"""How far a hub's hint moves a feed's next poll.

Layer 1, pure. A publisher who pings all the time, or a stranger who got hold of a secret, must not
make us poll without end: a hint only moves a poll forward, and only as far as manners allow.
"""

from datetime import datetime, timedelta
from typing import Final

from monitor.model import FeedState

FLOOR: Final = timedelta(seconds=60)  # between two polls, hints or not
FAILING_FLOOR: Final = timedelta(hours=1)  # the same for a feed that failed when last polled


def hinted_poll(state: FeedState, at: datetime) -> datetime | None:
    """When to poll a feed that is said to have changed, not before ``at``; None: as planned.

    Nothing beats ``not_before``, the server's own wish.
    """
    if state.next_poll_at is None:
        return None  # due already
    last = state.last_polled_at
    floor = FAILING_FLOOR if state.failures else FLOOR
    soonest = at if last is None else max(at, min(last, at) + floor)
    if state.not_before is not None:
        soonest = max(soonest, state.not_before)
    return soonest if soonest < state.next_poll_at else None
