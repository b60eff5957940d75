"""How long a feed that answers is left alone: its rhythm, its server's hints, its own calendar.

Layer 1, pure. From weak to strong: the learned rhythm within ``min`` and ``max``, hints up to an
hour, the tier's guarantee, a day. A fixed interval beats all of them.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from monitor.feeds.polling_calendar import after_pause
from monitor.feeds.polling_policy import (
    LONGEST,
    TIER_1,
    Policy,
    fixed_interval,
    phase,
    stretched,
    words,
)
from monitor.feeds.rhythm import Bounds, next_poll
from monitor.feeds.rhythm_history import NOTHING_KNOWN, History, pack, unpack
from monitor.feeds.rhythm_learn import learn
from monitor.model import Feed, FeedMemory, FeedState, Freshness, ParsedFeed

LONGEST_HINT: Final = 3600.0  # seconds a hint (max-age, ttl) may stretch an adaptive interval
_PAUSE_SPREAD: Final = timedelta(minutes=5)  # feeds whose pause ends at one hour


@dataclass(frozen=True, slots=True)
class Shown:
    """What a good poll showed. The default: nothing to parse (a 304, or the body known already).

    ``entries``: how many the document has; ``new``: the times of those never seen before (at a
    first poll, of all); ``shares``: at least one of them was known.
    """

    parsed: ParsedFeed | None = None
    entries: int = 0
    new: tuple[datetime | None, ...] = ()
    shares: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """When to come back, and what is kept: ``interval`` is the wait chosen, in seconds, before a
    first poll's spreading and the feed's own calendar; ``rhythm`` is packed."""

    at: datetime
    interval: float
    rhythm: bytes
    reason: str


def remembered(memory: FeedMemory, parsed: ParsedFeed | None) -> FeedMemory:
    """The feed's own wishes: those of the document, kept while there is none to read."""
    if parsed is None:
        return memory
    return replace(
        memory,
        ttl=_sane(parsed.ttl),
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
        hub=parsed.hub,
        topic=parsed.topic,
    )


def wait_after(
    feed: Feed,
    state: FeedState,
    memory: FeedMemory,
    hints: Freshness,
    shown: Shown,
    *,
    policy: Policy,
    now: datetime,
    jitter: float,
) -> Wait:
    """The wait after a good poll. ``memory`` holds the feed's own wishes as they are now."""
    history = learn(_history(state), now=now, published=shown.new, shown=shown.entries)
    rhythm = pack(history)
    fixed = fixed_interval(feed, policy)
    if fixed is not None:
        wait, reason = fixed * stretched(jitter), f"every {words(fixed)}, as configured"
        interval, longest = fixed, None
    else:
        longest = min(policy.longest, TIER_1) if feed.tier == 1 else policy.longest
        bounds = Bounds(min(policy.min, longest), longest, _wish(feed, memory, hints, jitter))
        choice = next_poll(history, now=now, price=policy.price, bounds=bounds, jitter=jitter)
        interval = wait = min((choice.at - now).total_seconds(), LONGEST * stretched(1.0))
        reason = f"in {words(wait)}: {choice.reason}"
    if state.last_success_at is None:
        # feeds added together would stay together: spread them over one interval, once
        spread = 1.0 + phase(feed.url)
        guaranteed = TIER_1 if feed.tier == 1 else LONGEST
        wait = wait * spread if wait * spread <= guaranteed else wait * spread / 2.0
    at = now + timedelta(seconds=wait)
    if longest is not None and feed.tier != 1:
        latest = now + timedelta(seconds=LONGEST)
        later = after_pause(at, memory.skip_hours, memory.skip_days, latest=latest)
        if later > at:
            at = later + _PAUSE_SPREAD * phase(feed.url)
            reason = "the feed asks for no polls at this time"
    return Wait(at, interval, rhythm, reason)


def _history(state: FeedState) -> History:
    history = unpack(state.rhythm)
    if history.learnt_at is None and state.last_success_at is not None:
        # polled before rhythms were kept: what comes now came since that poll
        return replace(NOTHING_KNOWN, learnt_at=state.last_success_at.timestamp())
    return history


def _wish(feed: Feed, memory: FeedMemory, hints: Freshness, jitter: float) -> float:
    """The least wait that server and feed ask for, in seconds, as far as it is followed."""
    wish = min(max(_sane(hints.max_age) or 0.0, _sane(memory.ttl) or 0.0), LONGEST_HINT)
    wish *= stretched(jitter)
    return min(wish, TIER_1) if feed.tier == 1 else wish


def _sane(seconds: float | None) -> float | None:
    return seconds if seconds is not None and math.isfinite(seconds) and seconds > 0 else None
