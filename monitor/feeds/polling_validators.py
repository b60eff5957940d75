"""Which validators the next request carries, and where a feed moved for good.

Layer 1, pure. Sources: RFC 9111, 4.3.4 (a 304 updates what is stored); RFC 9110, 15.4 (what a
permanent redirect means).
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from monitor.feeds.polling_told import Trouble, is_told, with_told, without_told
from monitor.model import Feed, FeedMemory, FeedState, Fetched, NotModified, Validators

UNCONDITIONAL_EVERY: Final = timedelta(days=8)  # for servers that answer 304 to everything
ADOPTED: Final = 5  # permanent redirects to one place that make it the feed's address …
ADOPTED_AFTER: Final = timedelta(hours=72)  # … once they have gone on for so long


def next_validators(
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


def answered(
    feed: Feed, state: FeedState, memory: FeedMemory, result: Fetched | NotModified
) -> FeedMemory:
    """The memory with the address that gave a body and its validators.

    Behind a redirect that is not the address asked; it alone gets them back, so that a feed that
    lives elsewhere is asked conditionally too, and nobody gets what another place gave.
    """
    if not isinstance(result, Fetched):
        return memory
    asked = asked_address(feed, state)
    place = result.final_url if result.final_url != asked else None
    return memory if place == memory.answered_from else replace(memory, answered_from=place)


def adopted_address(state: FeedState) -> str | None:
    """Where the feed lives now, if it moved for good; None if it is where the user wrote."""
    memory = state.memory
    return memory.moved_to if memory.moved_count >= ADOPTED else None


def asked_address(feed: Feed, state: FeedState) -> str:
    """The address that the next poll asks.

    Where the feed moved for good, else where the user wrote. When the one fails, the other is asked
    next: the new place may be a mistake, and the old one may come back.
    """
    adopted = adopted_address(state)
    return feed.url if adopted is None or state.failures % 2 else adopted


def after_redirect(
    feed: Feed, state: FeedState, result: Fetched | NotModified, *, shares: bool, now: datetime
) -> tuple[FeedMemory, str | None]:
    """The memory after a good answer, and what the operator is told of a move, if anything.

    ``shares``: the body is the feed that is known, by at least one entry. Without that a permanent
    redirect counts for nothing (domains are sold, and their new owners redirect everything). A 304
    says nothing of redirects.
    """
    memory = state.memory
    if not isinstance(result, Fetched) or asked_address(feed, state) != feed.url:
        return memory, None
    to = result.moved_permanently_to
    if to is None:
        return without_told(_moved(memory, None, 0, None), Trouble.MOVED), None
    if not shares:
        return memory, None
    if to != memory.moved_to:
        return without_told(_moved(memory, to, 1, now), Trouble.MOVED), None
    since = min(memory.moved_since or now, now)  # a clock that ran ahead proves nothing
    if memory.moved_count >= ADOPTED:
        return memory, None
    old_enough = now - since >= ADOPTED_AFTER
    count = min(memory.moved_count + 1, ADOPTED if old_enough else ADOPTED - 1)
    memory = _moved(memory, to, count, since)
    if count < ADOPTED or is_told(memory, Trouble.MOVED):
        return memory, None
    return with_told(memory, Trouble.MOVED), (
        f"moved permanently to {_shown(to)}: asked there from now on; change it in config.yaml"
    )


def _moved(memory: FeedMemory, to: str | None, count: int, since: datetime | None) -> FeedMemory:
    return replace(memory, moved_to=to, moved_count=count, moved_since=since)


def _shown(url: str) -> str:
    """A URL for the log: what stands behind "?" may be a secret."""
    place, mark, _ = url.partition("?")
    return f"{place}?…" if mark else place
