"""How often feeds are polled at all: the user's bounds, and what nothing moves.

Layer 1, pure: the numbers that the polling rules share, and small sums with them.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple

from monitor.feeds.rhythm_price import price_for
from monitor.model import Feed, FeedState, FetchResult

LONGEST: Final = 24 * 3600.0  # seconds; no feed is left alone for longer, whatever happened
LONGEST_WISH: Final = timedelta(days=7)  # nor for longer than this where its server asks for it
TIER_1: Final = 600.0  # seconds at most between polls of a tier 1 feed
SPREAD: Final = 0.1  # share by which a fixed interval, a hint and a back-off vary


@dataclass(frozen=True, slots=True)
class Policy:
    """``polling:`` of config.yaml, in seconds. ``every`` None: adaptive from ``min`` to ``max``."""

    min: float = 300.0
    max: float = 1800.0
    every: float | None = None

    @property
    def longest(self) -> float:
        """The longest adaptive interval, never shorter than the shortest."""
        return min(max(self.min, self.max), LONGEST)

    @property
    def middle(self) -> float:
        """As many times ``min`` as ``max`` is of it: where a feed begins."""
        return math.sqrt(min(self.min, LONGEST) * self.longest)

    @property
    def price(self) -> float:
        """What a poll is worth, so that a typical feed is polled at the middle interval."""
        return _price(self.middle)


class Verdict(NamedTuple):
    """What a poll came to: the state from now on, why the next poll is when it is, and what the
    operator is told this once."""

    state: FeedState
    reason: str
    notices: tuple[str, ...] = ()


def fixed_interval(feed: Feed, policy: Policy) -> float | None:
    """The interval that the user fixed, in seconds; None where it is adaptive."""
    fixed = feed.every or policy.every
    if fixed is None:
        return None
    return min(fixed, TIER_1 if feed.tier == 1 else LONGEST)


def base_interval(feed: Feed, state: FeedState, policy: Policy) -> float:
    """The interval now in force, in seconds: fixed, or the wait chosen last within its bounds."""
    fixed = fixed_interval(feed, policy)
    if fixed is not None:
        return fixed
    interval = policy.middle
    if state.interval is not None and math.isfinite(state.interval):
        interval = min(max(state.interval, policy.min), policy.longest)
    return min(interval, TIER_1 if feed.tier == 1 else LONGEST)


def no_sooner(
    state: FeedState, result: FetchResult, now: datetime, next_at: datetime, reason: str
) -> tuple[datetime, datetime | None, str]:
    """Next poll, the server's wish still to come, and the reason: nothing beats Retry-After."""
    asked = result.freshness.retry_after
    wish = standing_wish(state.not_before, now)
    if asked is not None:
        wish = max(now + min(timedelta(seconds=asked), LONGEST_WISH), wish or now)
    if wish is None or wish <= now:
        return next_at, None, reason
    if wish > next_at:
        return wish, wish, f"the server asked to be left alone until {wish:%Y-%m-%d %H:%M} UTC"
    return next_at, wish, reason


def standing_wish(not_before: datetime | None, now: datetime) -> datetime | None:
    """A stored wish that is still to come, and no further away than any wish may be."""
    if not_before is None or not_before <= now:
        return None
    return min(not_before, now + LONGEST_WISH)


def stretched(jitter: float) -> float:
    """The factor from 1.0 to 1.1 that ``jitter`` (from 0 to 1) means."""
    return 1.0 + SPREAD * min(max(jitter, 0.0), 1.0)


def phase(url: str) -> float:
    """A number from 0 to 1 that a URL always has."""
    return int.from_bytes(blake2b(url.encode(errors="replace"), digest_size=8).digest()) / 2**64


def words(seconds: float) -> str:
    """A duration for people: "90 seconds", "12 minutes", "4 hours"."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours".replace(".0 ", " ")


@lru_cache(maxsize=64)
def _price(interval: float) -> float:
    return price_for(interval)
