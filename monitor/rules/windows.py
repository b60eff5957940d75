"""Occurrences and windows: which choices of one place per child lie close enough.

Layer 1, pure arithmetic on word numbers of one field. A window is found by dynamic programming
over the set of children already placed, from left to right, keeping for each set the smallest end:
exact, without backtracking, and linear in the number of places for a given number of children.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

Place = tuple[int, int]  # first word, last word

MOST_CHILDREN: Final = 8  # of one window; the work grows with 2 to this power
_FAR: Final = 1 << 60


def windows(
    children: Sequence[Sequence[Place]], within: int | None, *, ordered: bool, shortest: bool
) -> Iterator[Place]:
    """Windows of one occurrence per child, none overlapping another; by first word.

    At most ``within`` words lie between the end of the first item and the start of the last one
    (None: any number). ``ordered``: in the order of the children. ``shortest``: only the shortest
    window from each first item; otherwise all, each (first, last) once.
    """
    if any(not places for places in children):
        return
    full = (1 << len(children)) - 1
    items = sorted(
        (first, last, child) for child, places in enumerate(children) for first, last in places
    )
    if full == 1:
        yield from dict.fromkeys((first, last) for first, last, _ in items)
        return
    seen: set[Place] = set()
    for at, (first, last, child) in enumerate(items):
        if ordered and child:
            continue
        limit = _FAR if within is None else last + within + 1
        ends = _ends_from(items, at + 1, {1 << child: last}, limit, full, ordered, shortest)
        for end in [min(ends, default=-1)] if shortest else ends:
            if end < 0:
                continue
            if (first, end) not in seen:
                seen.add((first, end))
                yield first, end


def _ends_from(
    items: Sequence[tuple[int, int, int]],
    at: int,
    placed: dict[int, int],
    limit: int,
    full: int,
    ordered: bool,
    shortest: bool,
) -> Iterator[int]:
    """Last words of the windows that begin with the item already placed.

    ``placed`` maps a set of children (bits) to the smallest word at which they can all have ended.
    ``limit`` is the last word at which the last item may start.
    """
    best = _FAR
    for first, last, child in items[at:] if len(items) < 64 else _from(items, at):
        if first > limit or (shortest and first > best):
            return
        bit = 1 << child
        if placed.get(full ^ bit, _FAR) < first and (not ordered or bit << 1 > full):
            best = min(best, last)
            yield last
        for done, end in list(placed.items()):
            if done & bit or end >= first or (ordered and done != bit - 1):
                continue
            if last < placed.get(done | bit, _FAR):
                placed[done | bit] = last


def _from(items: Sequence[tuple[int, int, int]], at: int) -> Iterator[tuple[int, int, int]]:
    """The items from ``at`` on, without copying the rest of a long list for each first item."""
    for index in range(at, len(items)):
        yield items[index]


def without_containing(found: Sequence[Place]) -> list[Place]:
    """Only the windows that hold no other of them: what is shown and counted."""
    kept: list[Place] = []
    smallest_last = _FAR
    for first, last in sorted(set(found), key=lambda place: (-place[0], place[1])):
        if last < smallest_last:
            kept.append((first, last))
            smallest_last = last
    kept.reverse()
    return kept


def count_apart(found: Sequence[Place]) -> int:
    """How many of the places there are from left to right without overlap."""
    count = 0
    end = -1
    for first, last in sorted(found, key=lambda place: (place[1], place[0])):
        if first > end:
            count += 1
            end = last
    return count


def masked(found: Sequence[Place], exclusions: Sequence[Place], within: int) -> list[Place]:
    """``found`` without those that overlap an exclusion or have one within ``within`` words."""
    if not exclusions:
        return list(found)
    ordered = sorted(exclusions)
    firsts = [first for first, _ in ordered]
    furthest: list[int] = []
    for _, last in ordered:
        furthest.append(max(last, furthest[-1]) if furthest else last)
    kept: list[Place] = []
    for first, last in found:
        near = bisect_right(firsts, last + within + 1)
        if near == 0 or furthest[near - 1] < first - within - 1:
            kept.append((first, last))
    return kept
