"""When a feed is polled next, and what its answer taught.

Layer 1, pure: time and chance are arguments. The parts: ``polling_interval`` (a feed that answers),
``polling_failures`` (one that does not), ``polling_validators`` (what the next request carries, and
where it goes), ``polling_start`` (after the program was off), ``polling_outage`` (our own network).
docs/polling-policy.md has the whole policy.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from monitor.feeds.freshness import LONGEST_MAX_AGE
from monitor.feeds.polling_failures import after_failure
from monitor.feeds.polling_interval import Shown, remembered, wait_after
from monitor.feeds.polling_policy import LONGEST, Policy, Verdict, base_interval, no_sooner
from monitor.feeds.polling_told import (
    ENDED_BY_SUCCESS,
    Trouble,
    is_told,
    with_told,
    without_told,
)
from monitor.feeds.polling_validators import after_redirect, answered, next_validators
from monitor.model import (
    Feed,
    FeedMemory,
    FeedState,
    Fetched,
    FetchFailed,
    FetchProblem,
    FetchResult,
    Freshness,
)

__all__ = [
    "LONGEST",
    "Policy",
    "Shown",
    "Verdict",
    "after_parse_failure",
    "after_poll",
    "base_interval",
]

NOTHING_SHOWN: Final = Shown()


def after_poll(
    feed: Feed,
    state: FeedState,
    result: FetchResult,
    *,
    policy: Policy,
    now: datetime,
    jitter: float,
    shown: Shown = NOTHING_SHOWN,
    online: bool = True,
) -> Verdict:
    """The state after ``result``, in plain words why the next poll is when it is, and notices.

    ``shown``: what the document holds; leave it out for a 304, for a body that is the one parsed
    last, and for a failure. ``jitter``: evenly distributed from 0 to 1; it makes an interval
    longer, a back-off up to a tenth longer or shorter. ``online`` False: our own network is down.
    Body hash, title and baseline are the caller's to set.
    """
    if isinstance(result, FetchFailed):
        return after_failure(
            feed, state, result, policy=policy, now=now, jitter=jitter, online=online
        )
    same = isinstance(result, Fetched) and shown.parsed is None
    memory, moved = after_redirect(feed, state, result, shares=shown.shares or same, now=now)
    memory = answered(feed, state, memory, result)
    memory, told = _mended(remembered(memory, shown.parsed), result.freshness)
    wait = wait_after(
        feed, state, memory, result.freshness, shown, policy=policy, now=now, jitter=jitter
    )
    next_at, not_before, reason = no_sooner(state, result, now, wait.at, wait.reason)
    # what stands in a feed at its first poll is no news
    news = bool(shown.new) and state.baseline_at is not None
    changed_at = now if news else state.last_changed_at
    after = replace(
        state,
        validators=next_validators(state, result, changed_at, now),
        last_polled_at=now,
        last_success_at=now,
        last_changed_at=changed_at,
        next_poll_at=next_at,
        not_before=not_before,
        interval=wait.interval,
        failures=0,
        last_error=None,
        rhythm=wait.rhythm,
        memory=memory,
    )
    return Verdict(after, reason, (*told, *((moved,) if moved else ())))


def after_parse_failure(
    feed: Feed,
    state: FeedState,
    result: Fetched,
    error: str,
    *,
    policy: Policy,
    now: datetime,
    jitter: float,
) -> Verdict:
    """The state after a 200 that is no feed: a failure with back-off; old validators are kept.

    ``error`` is a sentence for people. Keeping the validators means that the same page is fetched
    and judged again, instead of being answered with 304 as if it were known.
    """
    failed = FetchFailed(
        result.url, FetchProblem.BAD_BODY, error, status=None, freshness=result.freshness
    )
    return after_failure(feed, state, failed, policy=policy, now=now, jitter=jitter)


def _mended(memory: FeedMemory, hints: Freshness) -> tuple[FeedMemory, tuple[str, ...]]:
    """A good answer ends troubles; a hint that nobody can mean is told once."""
    notices: list[str] = []
    if any(is_told(memory, trouble) for trouble in ENDED_BY_SUCCESS):
        notices.append("answers again: polled as usual")
    memory = without_told(memory, *ENDED_BY_SUCCESS, Trouble.SLOW_DOWN, Trouble.LONG_WISH)
    if memory.gone:
        memory = replace(memory, gone=0, gone_since=None)
    if (hints.max_age or 0.0) < LONGEST_MAX_AGE:
        return without_told(memory, Trouble.LONG_MAX_AGE), tuple(notices)
    if not is_told(memory, Trouble.LONG_MAX_AGE):
        notices.append("its server asks for a day or more between polls: an hour is kept")
    return with_told(memory, Trouble.LONG_MAX_AGE), tuple(notices)
