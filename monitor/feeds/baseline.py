"""Which entries of a feed's first poll may alert.

Layer 1, pure. The first poll makes a baseline: what stood in the feed before is known and never
alerted, except for what ``polling.backfill`` asks for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model import Entry

REASON = "stood in the feed at its first poll (polling.backfill asks for more)"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a first poll: whether it is handled, and why not."""

    entry: Entry
    handled: bool
    reason: str = ""


def first_poll(
    entries: Sequence[Entry], *, count: int | None, age: float | None, now: datetime
) -> tuple[Choice, ...]:
    """Every entry with its choice, in the feed's order.

    ``count``: the newest so many are handled. ``age`` (seconds): those published within it. An
    entry without a time counts as new.
    """
    if age is not None:
        oldest = now - timedelta(seconds=age)
        chosen = {
            number
            for number, entry in enumerate(entries)
            if (moment := entry.published or entry.updated) is None or moment >= oldest
        }
    else:
        newest_first = sorted(
            range(len(entries)),
            key=lambda number: entries[number].published or entries[number].updated or now,
            reverse=True,
        )
        chosen = set(newest_first[: count or 0])
    return tuple(
        Choice(entry, True) if number in chosen else Choice(entry, False, REASON)
        for number, entry in enumerate(entries)
    )
