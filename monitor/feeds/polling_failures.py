"""How long a feed that gave nothing is left alone, and when the operator hears of it.

Layer 1, pure. Nothing is ever given up: a back-off ends at a day, and a feed that its server calls
gone is asked once a week.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from monitor.feeds.freshness import LONGEST_RETRY_AFTER
from monitor.feeds.polling_policy import (
    LONGEST,
    SPREAD,
    Policy,
    Verdict,
    base_interval,
    no_sooner,
    standing_wish,
    stretched,
    words,
)
from monitor.feeds.polling_told import Trouble, is_told, with_told, without_told
from monitor.model import Feed, FeedMemory, FeedState, FetchFailed, FetchProblem

FORBIDDEN: Final = 4 * 3600.0  # seconds after a 401 or 403
RATE_LIMITED: Final = 3600.0  # seconds at least after a 429 that names no time
UNREACHABLE: Final = 60.0  # seconds after the first failure to reach a server at all
OFFLINE: Final = 300.0  # seconds between tries while our own network is down
GONE: Final = 7 * 86400.0  # seconds between probes of a feed that is gone
GONE_ANSWERS: Final = 3  # 410 in a row …
GONE_AFTER: Final = timedelta(hours=48)  # … for so long: the feed is gone
TOLD_AFTER: Final = 3  # refusals in a row
MISSING_AFTER: Final = timedelta(days=3)  # of 404
NOT_REACHED: Final = frozenset((FetchProblem.DNS, FetchProblem.CONNECT, FetchProblem.TIMEOUT))
"""No server said a word: its fault, or that of our own network."""

_SAY_WHEN: Final = frozenset((403, 429, 502, 503))  # with Retry-After: a pause, and no fault
_MOST_DOUBLINGS: Final = 20
_SOON_BACK: Final = 2  # failures up to which a feed counts as well when our network goes down


def after_failure(
    feed: Feed,
    state: FeedState,
    result: FetchFailed,
    *,
    policy: Policy,
    now: datetime,
    jitter: float,
    online: bool = True,
) -> Verdict:
    """The state after a poll that gave nothing.

    ``online`` False: our own network is down, so that a server not reached is not to blame; its
    failures are not counted, and it is tried every 5 minutes, which no server notices.
    """
    interval = base_interval(feed, state, policy)
    asked = result.freshness.retry_after is not None and result.status in _SAY_WHEN
    frozen = not online and result.status is None and result.problem in NOT_REACHED
    failures = state.failures if asked or frozen else state.failures + 1
    memory = _counted(state.memory, result, now)
    wait, reason = _back_off(result, max(failures, 1), interval, memory, now)
    spread = 1.0 + 2.0 * (stretched(jitter) - 1.0) - SPREAD  # both ways
    if asked:  # the wish takes the place of the guess
        wait, reason = interval, f"every {words(interval)}"
    elif frozen and failures <= _SOON_BACK:
        wait, reason = min(interval, OFFLINE), "our own network seems to be down"
    elif wait == GONE:
        spread = min(spread, 1.0)
    next_at = now + timedelta(seconds=wait * spread)
    next_at, not_before, reason = no_sooner(state, result, now, next_at, reason)
    memory, notices = _told(memory, state, result, failures, now)
    after = replace(
        state,
        last_polled_at=now,
        next_poll_at=next_at,
        not_before=not_before,
        failures=failures,
        last_error=result.message,
        memory=memory,
    )
    return Verdict(after, reason, notices)


def after_host_rest(state: FeedState, seconds: float, now: datetime) -> Verdict:
    """The state of a feed that was not asked, because its host wants to be left alone so long.

    Another feed of the host was told to come back later; the wish holds for this one too.
    """
    until = now + min(timedelta(seconds=max(seconds, 1.0)), timedelta(seconds=LONGEST_RETRY_AFTER))
    until = max(until, standing_wish(state.not_before, now) or until)
    reason = f"its host asked to be left alone until {until:%Y-%m-%d %H:%M} UTC"
    return Verdict(replace(state, next_poll_at=until, not_before=until), reason)


def is_gone(memory: FeedMemory, now: datetime) -> bool:
    """Whether the server said "gone for good" often enough, and for long enough."""
    since = memory.gone_since
    return memory.gone >= GONE_ANSWERS and since is not None and now - since >= GONE_AFTER


def _counted(memory: FeedMemory, result: FetchFailed, now: datetime) -> FeedMemory:
    if result.status == 410:
        since = min(memory.gone_since or now, now)  # a clock that ran ahead proves nothing
        return replace(memory, gone=min(memory.gone + 1, 1000), gone_since=since)
    return memory


def _back_off(
    result: FetchFailed, failures: int, interval: float, memory: FeedMemory, now: datetime
) -> tuple[float, str]:
    """Seconds to wait after ``failures`` in a row, and why."""
    doublings = min(failures, _MOST_DOUBLINGS)
    if result.status == 410 and is_gone(memory, now):
        return GONE, "gone, its server says: asked once a week"
    if result.status in (401, 403):
        wait = max(FORBIDDEN, interval)
        return wait, f"the server answered {result.status}: trying again in {words(wait)}"
    if result.problem is FetchProblem.RATE_LIMITED:
        wait = min(max(interval, RATE_LIMITED) * 2.0 ** (doublings - 1), LONGEST)
        return wait, f"asked too often: trying again in {words(wait)}"
    if result.problem in (FetchProblem.DNS, FetchProblem.CONNECT):
        # likely our own network or a short outage: begin with a minute, and slow down from there
        interval = UNREACHABLE / 2.0
    wait = min(interval * 2.0**doublings, LONGEST)
    times = "once" if failures == 1 else f"{failures} times in a row"
    return wait, f"failed {times}: trying again in {words(wait)}"


def _told(
    memory: FeedMemory, state: FeedState, result: FetchFailed, failures: int, now: datetime
) -> tuple[FeedMemory, tuple[str, ...]]:
    """What the operator is told, each trouble once until it ends."""
    found: list[tuple[Trouble, str]] = []
    if result.status in (401, 403) and failures >= TOLD_AFTER:
        mend = "it may want a password (auth:) or a key (headers:), or keep programs out"
        found.append((Trouble.FORBIDDEN, f"refused {failures} times in a row: {mend}"))
    if result.status == 404 and _is_missing(state, failures, now):
        mend = "its address may be wrong; `news-monitor feeds add SITE` finds the one in use"
        found.append((Trouble.MISSING, f"not found (404) for days: {mend}"))
    if result.status == 410 and is_gone(memory, now):
        mend = "asked once a week from now on; take it out of config.yaml, or find its new address"
        found.append((Trouble.GONE, f"gone for good (410), its server says: {mend}"))
    if (result.freshness.retry_after or 0.0) >= LONGEST_RETRY_AFTER:
        text = "the server asks for a pause of a week or more: asked again after a week"
        found.append((Trouble.LONG_WISH, text))
    else:
        memory = without_told(memory, Trouble.LONG_WISH)
    if result.status == 429:
        memory = with_told(memory, Trouble.SLOW_DOWN)
    notices = tuple(text for trouble, text in found if not is_told(memory, trouble))
    for trouble, _ in found:
        memory = with_told(memory, trouble)
    return memory, notices


def _is_missing(state: FeedState, failures: int, now: datetime) -> bool:
    if state.last_success_at is None:  # it never was there: three answers are enough
        return failures >= TOLD_AFTER
    return now - state.last_success_at >= MISSING_AFTER
