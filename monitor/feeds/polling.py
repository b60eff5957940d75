"""When a feed is polled next.

Layer 1, pure: time and chance are arguments. Without a fixed interval, the interval follows the
inverse square root of the feed's learned rate of new entries: for a given number of polls this
gives the smallest delay (Sia, Cho, Cho: Efficient Monitoring Algorithm for Fast News Alerts,
TKDE 2007). The rate needs no place of its own: it can be read back from the interval.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from monitor.model import (
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    FetchProblem,
    FetchResult,
    NotModified,
    Validators,
)

LONGEST: Final = 24 * 3600.0  # seconds; no feed is left alone for longer, whatever happened
LONGEST_HINT: Final = 3600.0  # seconds a hint (max-age, ttl) may stretch an adaptive interval
TIER_1: Final = 600.0  # seconds at most between polls of a tier 1 feed
FORBIDDEN: Final = 4 * 3600.0  # seconds after a 401 or 403
RATE_LIMITED: Final = 3600.0  # seconds at least after a 429 that names no time
UNREACHABLE: Final = 60.0  # seconds after the first failure to reach a server at all
FAILURE_SPREAD: Final = 0.1  # share by which a back-off varies, both ways
UNCONDITIONAL_EVERY: Final = timedelta(days=8)  # for servers that answer 304 to everything

_MEMORY: Final = 6 * 3600.0  # seconds; about how far back the learned rate looks
_TYPICAL_RATE: Final = 10 / 86400.0  # entries per second of a feed polled at the middle interval
_START_SPREAD: Final = 300.0  # seconds over which overdue feeds are spread after a start
_BURST: Final = 10  # new entries in one poll that count; more is a republished archive


@dataclass(frozen=True, slots=True)
class Policy:
    """``polling:`` of config.yaml, in seconds. ``every`` None: adaptive from ``min`` to ``max``."""

    min: float = 300.0
    max: float = 1800.0
    every: float | None = None


def after_poll(
    feed: Feed,
    state: FeedState,
    result: FetchResult,
    *,
    new_entries: int,
    ttl: float | None,
    policy: Policy,
    now: datetime,
    jitter: float,
) -> tuple[FeedState, str]:
    """The state after ``result``, and in plain words why the next poll is when it is.

    ``ttl``: seconds, the feed's own wish, None if it has none. ``jitter``: evenly distributed from
    0 to 1; it makes an interval up to a tenth longer, a back-off up to a tenth longer or shorter.
    Body hash, title and baseline are the caller's to set.
    """
    if isinstance(result, FetchFailed):
        return _after_failure(feed, state, result, policy=policy, now=now, jitter=jitter)
    interval, rhythm = _interval(feed, state, new_entries=new_entries, policy=policy, now=now)
    wish = max(result.freshness.max_age or 0.0, _sane(ttl) or 0.0)
    wait, reason = interval, rhythm
    if feed.every is None and policy.every is None and min(wish, LONGEST_HINT) > interval:
        wait, reason = min(wish, LONGEST_HINT), f"the server asks for {_words(wish)}"
    if feed.tier == 1 and wait > TIER_1:
        wait, reason = TIER_1, "tier 1 feeds are polled at most 10 minutes apart"
    if state.last_success_at is None:
        # feeds added together would stay together: spread them over one interval, once
        wait = wait * (1.0 + _phase(feed.url))
        wait = min(wait, TIER_1) if feed.tier == 1 else wait
    wait = min(wait, LONGEST) * _factor(jitter)
    next_at, not_before, reason = _no_sooner(state, result, now, wait, reason)
    changed_at = now if new_entries > 0 else state.last_changed_at
    return replace(
        state,
        validators=_validators(state, result, changed_at, now),
        last_polled_at=now,
        last_success_at=now,
        last_changed_at=changed_at,
        next_poll_at=next_at,
        not_before=not_before,
        interval=interval,
        failures=0,
        last_error=None,
    ), reason


def after_parse_failure(
    feed: Feed,
    state: FeedState,
    result: Fetched,
    error: str,
    *,
    policy: Policy,
    now: datetime,
    jitter: float,
) -> tuple[FeedState, str]:
    """The state after a 200 that is no feed: a failure with back-off; old validators are kept.

    ``error`` is a sentence for people. Keeping the validators means that the same page is fetched
    and judged again, instead of being answered with 304 as if it were known.
    """
    failed = FetchFailed(
        result.url, FetchProblem.BAD_BODY, error, status=None, freshness=result.freshness
    )
    return _after_failure(feed, state, failed, policy=policy, now=now, jitter=jitter)


def due_at_start(state: FeedState, feed_url: str, now: datetime, interval: float) -> datetime:
    """When to poll a feed after the program has started.

    A feed never polled is due now. One with a time keeps it if that is still to come. One that came
    due while the program was off is due at a moment of its own, fixed by its URL, up to 5 minutes
    after its time: a restart is no burst, and a hundred restarts delay nothing further. The
    server's wish holds. ``interval``: seconds, as ``base_interval`` gives it.
    """
    if state.next_poll_at is None:
        due = now
    elif state.next_poll_at > now:
        # a clock that once ran ahead must not silence a feed
        due = min(state.next_poll_at, now + timedelta(seconds=LONGEST * (1 + FAILURE_SPREAD)))
    else:
        spread = timedelta(seconds=_phase(feed_url) * min(interval, _START_SPREAD))
        due = max(now, state.next_poll_at + spread)
    return max(due, _wish(state.not_before, now) or due)


def base_interval(feed: Feed, state: FeedState, policy: Policy) -> float:
    """The interval now in force, in seconds, before any poll changes it."""
    fixed = feed.every or policy.every
    if fixed:
        interval = fixed
    elif state.interval is not None and math.isfinite(state.interval):
        interval = min(max(state.interval, policy.min), max(policy.min, policy.max))
    else:
        interval = _middle(policy)
    return min(interval, TIER_1) if feed.tier == 1 else min(interval, LONGEST)


def _interval(
    feed: Feed, state: FeedState, *, new_entries: int, policy: Policy, now: datetime
) -> tuple[float, str]:
    old = base_interval(feed, state, policy)
    if feed.every or policy.every:
        return old, f"every {_words(old)}, as configured"
    if state.last_success_at is None:
        return old, f"a new feed starts at {_words(old)}"
    since = (now - state.last_success_at).total_seconds()
    # interval = scale / sqrt(rate), so the interval remembers the rate
    scale = _middle(policy) * math.sqrt(_TYPICAL_RATE)
    rate = (scale / old) ** 2
    weight = _MEMORY / (_MEMORY + min(max(since, 0.0), _MEMORY))
    rate = weight * (rate + min(new_entries, _BURST) / _MEMORY)
    new = min(max(scale / math.sqrt(rate), policy.min), max(policy.min, policy.max))
    if new_entries > 0:
        new = min(new, old)  # news never make us come later
        entries = "1 new entry" if new_entries == 1 else f"{new_entries} new entries"
        return new, f"{entries}: every {_words(new)}"
    new = max(new, old)
    return new, f"nothing new: every {_words(new)}"


def _after_failure(
    feed: Feed,
    state: FeedState,
    result: FetchFailed,
    *,
    policy: Policy,
    now: datetime,
    jitter: float,
) -> tuple[FeedState, str]:
    interval = base_interval(feed, state, policy)
    asked = result.freshness.retry_after is not None
    # a server that says when to come back is not broken
    failures = state.failures if asked else state.failures + 1
    wait, reason = _back_off(result, max(failures, 1), interval)
    wait = wait * (1.0 + 2.0 * (_factor(jitter) - 1.0) - FAILURE_SPREAD)
    if asked:  # the wish takes the place of the guess
        wait, reason = interval, f"every {_words(interval)}"
    next_at, not_before, reason = _no_sooner(state, result, now, wait, reason)
    return replace(
        state,
        last_polled_at=now,
        next_poll_at=next_at,
        not_before=not_before,
        failures=failures,
        last_error=result.message,
    ), reason


def _back_off(result: FetchFailed, failures: int, interval: float) -> tuple[float, str]:
    """Seconds to wait after ``failures`` in a row, and why."""
    if result.status in (401, 403):
        wait = max(FORBIDDEN, interval)
        return wait, f"the server answered {result.status}: trying again in {_words(wait)}"
    if result.problem is FetchProblem.RATE_LIMITED:
        wait = min(max(interval, RATE_LIMITED) * 2.0 ** min(failures - 1, 20), LONGEST)
        return wait, f"asked too often: trying again in {_words(wait)}"
    if result.problem in (FetchProblem.DNS, FetchProblem.CONNECT):
        # likely our own network or a short outage: begin with a minute, and slow down from there
        interval = UNREACHABLE / 2.0
    wait = min(interval * 2.0 ** min(failures, 20), LONGEST)
    times = "once" if failures == 1 else f"{failures} times in a row"
    return wait, f"failed {times}: trying again in {_words(wait)}"


def _no_sooner(
    state: FeedState, result: FetchResult, now: datetime, wait: float, reason: str
) -> tuple[datetime, datetime | None, str]:
    """Next poll, the server's wish still to come, and the reason: nothing beats Retry-After."""
    next_at = now + timedelta(seconds=wait)
    asked = result.freshness.retry_after
    wish = _wish(state.not_before, now)
    if asked is not None:
        wish = max(now + timedelta(seconds=asked), wish or now)
    if wish is None or wish <= now:
        return next_at, None, reason
    if wish > next_at:
        return wish, wish, f"the server asked to be left alone until {wish:%Y-%m-%d %H:%M} UTC"
    return next_at, wish, reason


def _wish(not_before: datetime | None, now: datetime) -> datetime | None:
    """A stored wish that is still to come, and no further away than any wish may be."""
    if not_before is None or not_before <= now:
        return None
    return min(not_before, now + timedelta(days=7))


def _validators(
    state: FeedState, result: Fetched | NotModified, changed_at: datetime | None, now: datetime
) -> Validators:
    """A 200 replaces both; a 304 replaces what it names (RFC 9111, 4.3.4).

    A server that answers 304 to everything would starve us: when nothing has changed for 8 days,
    and every 8 days from then on, the validators are dropped for one unconditional request.
    """
    if isinstance(result, Fetched):
        return result.validators
    since = changed_at or state.baseline_at or state.last_success_at
    if since is not None and state.last_polled_at is not None:
        before = (state.last_polled_at - since) // UNCONDITIONAL_EVERY
        if (now - since) // UNCONDITIONAL_EVERY > before >= 0:
            return Validators()
    return Validators(
        etag=result.validators.etag or state.validators.etag,
        last_modified=result.validators.last_modified or state.validators.last_modified,
    )


def _middle(policy: Policy) -> float:
    """As many times ``min`` as ``max`` is of it."""
    return math.sqrt(policy.min * max(policy.min, policy.max))


def _factor(jitter: float) -> float:
    return 1.0 + FAILURE_SPREAD * min(max(jitter, 0.0), 1.0)


def _sane(ttl: float | None) -> float | None:
    return ttl if ttl is not None and math.isfinite(ttl) and ttl > 0 else None


def _phase(url: str) -> float:
    """A number from 0 to 1 that a URL always has."""
    return int.from_bytes(blake2b(url.encode(), digest_size=8).digest()) / 2**64


def _words(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours".replace(".0 ", " ")
