"""What the operator was told of a feed, so that each trouble is told once.

Layer 1, pure. ``FeedMemory.told`` holds one word per trouble that lasts, in their order.
"""

from dataclasses import replace
from enum import StrEnum

from monitor.model import FeedMemory


class Trouble(StrEnum):
    """What is told once, and told again only after it was over."""

    FORBIDDEN = "forbidden"  # 401 or 403
    MISSING = "missing"  # 404 for days
    GONE = "gone"  # 410
    MOVED = "moved"  # permanently, and adopted
    LONG_MAX_AGE = "max-age"  # a day or more
    LONG_WISH = "retry-after"  # a week or more
    SLOW_DOWN = "slow-down"  # 429; not told, but its host is spared after a restart


ENDED_BY_SUCCESS = (Trouble.FORBIDDEN, Trouble.MISSING, Trouble.GONE)
"""Troubles of which a good answer is the end, and worth a word."""


def is_told(memory: FeedMemory, trouble: Trouble) -> bool:
    """Whether ``trouble`` was told and has not ended."""
    return trouble.value in (memory.told or "").split()


def with_told(memory: FeedMemory, trouble: Trouble) -> FeedMemory:
    """The memory once ``trouble`` is told."""
    if is_told(memory, trouble):
        return memory
    return replace(memory, told=" ".join([*(memory.told or "").split(), trouble.value]))


def without_told(memory: FeedMemory, *troubles: Trouble) -> FeedMemory:
    """The memory once ``troubles`` have ended."""
    if not any(is_told(memory, trouble) for trouble in troubles):
        return memory
    ended = {trouble.value for trouble in troubles}
    return replace(
        memory, told=" ".join(w for w in (memory.told or "").split() if w not in ended) or None
    )
