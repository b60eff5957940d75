"""When feeds are polled after the program was off.

Layer 1, pure. A restart is no burst, delays nothing that was planned, and loses nobody: feeds that
came due meanwhile are polled in the order in which they wait, a few a second, within 5 minutes and
within their own interval. Whoever waits longest comes first, so that even a program that is started
and killed again and again reaches every feed.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from monitor.feeds.polling_failures import is_gone
from monitor.feeds.polling_policy import LONGEST, SPREAD, Policy, base_interval, standing_wish
from monitor.feeds.polling_told import Trouble, is_told
from monitor.model import Feed, FeedState

START_SPREAD: Final = 300.0  # seconds at most over which overdue feeds are spread
A_SECOND: Final = 10.0  # feeds started a second where that is quicker
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def due_at_start(
    feeds: Mapping[str, Feed], states: Iterable[FeedState], policy: Policy, now: datetime
) -> dict[str, datetime]:
    """New times for the feeds whose stored time will not do, by URL.

    A feed never polled is due now, and not named. A time still to come holds, unless a clock that
    ran ahead set it. The server's wish holds always.
    """
    times: dict[str, datetime] = {}
    overdue: list[FeedState] = []
    for state in states:
        if state.url not in feeds or state.next_poll_at is None:
            continue
        if state.next_poll_at <= now:
            overdue.append(state)
        elif state.next_poll_at > (latest := _latest(state, now)):
            times[state.url] = latest
    overdue.sort(key=lambda state: (state.last_polled_at or _LONG_AGO, state.url))
    step = min(1.0 / A_SECOND, START_SPREAD / max(len(overdue), 1))
    for place, state in enumerate(overdue):
        wait = min(place * step, base_interval(feeds[state.url], state, policy))
        due = now + timedelta(seconds=wait)
        times[state.url] = max(due, standing_wish(state.not_before, now) or due)
    return times


def resting_hosts(states: Iterable[FeedState], now: datetime) -> list[tuple[str, float]]:
    """Addresses whose hosts asked for a pause (429) that is not over, and its seconds."""
    found = []
    for state in states:
        wish = standing_wish(state.not_before, now)
        if wish is not None and is_told(state.memory, Trouble.SLOW_DOWN):
            found.append((state.url, (wish - now).total_seconds()))
    return found


def _latest(state: FeedState, now: datetime) -> datetime:
    """The latest time that a sound clock could have set."""
    if is_gone(state.memory, now) or state.memory.gone:
        return now + timedelta(days=7)
    latest = now + timedelta(seconds=LONGEST * (1.0 + SPREAD))
    return max(latest, standing_wish(state.not_before, now) or latest)
