"""Occurrences and windows: which choices of one place per child lie close enough.

Layer 1, pure arithmetic on word numbers of one field. A window is found by dynamic programming
over the set of children already placed, from left to right, keeping for each set the smallest end:
exact and without backtracking. Whether there is a window at all takes one pass; listing all of them
takes as long as there are windows, so only what needs them all asks for them.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import Final

Place = tuple[int, int]  # first word, last word

MOST_CHILDREN: Final = 8  # of one window; the work grows with 2 to this power
_FAR: Final = 1 << 60


def windows(
    children: Sequence[Sequence[Place]], within: int | None, *, ordered: bool
) -> Iterator[Place]:
    """Windows of one occurrence per child, none overlapping another; by first word, each once.

    At most ``within`` words lie between the end of the first item and the start of the last one
    (None: any number). ``ordered``: in the order of the children.
    """
    if any(not places for places in children):
        return
    full = (1 << len(children)) - 1
    items = _items(children)
    if full == 1:
        yield from dict.fromkeys((first, last) for first, last, _ in items)
        return
    seen: set[Place] = set()
    firsts = [[first for first, _ in sorted(places)] for places in children]
    for at, (first, last, child) in enumerate(items):
        if ordered and child:
            continue
        limit = _FAR if within is None else last + within + 1
        if not _all_near(firsts, child, last, limit):
            continue
        for end in _ends_from(items, at + 1, {1 << child: last}, limit, full, ordered):
            if (first, end) not in seen:
                seen.add((first, end))
                yield first, end


def _items(children: Sequence[Sequence[Place]]) -> list[tuple[int, int, int]]:
    """All places with the number of their child, from left to right."""
    return sorted(
        (first, last, child) for child, places in enumerate(children) for first, last in places
    )


def _all_near(firsts: Sequence[Sequence[int]], own: int, last: int, limit: int) -> bool:
    """Whether every other child has a place that begins after ``last`` and not after ``limit``."""
    for child, starts in enumerate(firsts):
        if child != own:
            at = bisect_right(starts, last)
            if at == len(starts) or starts[at] > limit:
                return False
    return True


def exists(children: Sequence[Sequence[Place]], within: int | None, *, ordered: bool) -> bool:
    """Whether there is any window: the same answer as ``windows``, in one pass."""
    return any(True for _ in _closing(children, within, ordered=ordered))


def shortest(
    children: Sequence[Sequence[Place]], within: int | None, *, ordered: bool
) -> list[Place]:
    """The windows that hold no other window, in one pass: what is shown, counted and masked."""
    return without_containing(list(_closing(children, within, ordered=ordered)))


def _closing(
    children: Sequence[Sequence[Place]], within: int | None, *, ordered: bool
) -> Iterator[Place]:
    """For each item that can close a window, the shortest window that it closes.

    From left to right, for each set of children placed so far, the first items worth keeping: no
    other begins and ends later. Every other choice of that set leaves less room.
    """
    if any(not places for places in children):
        return
    full = (1 << len(children)) - 1
    best: dict[int, list[Place]] = {}
    waiting: list[tuple[int, int, Place]] = []  # (end of the last item, set, first item)
    for first, last, child in _items(children):
        while waiting and waiting[0][0] < first:
            _, done, opener = heappop(waiting)
            _keep(best.setdefault(done, []), opener)
        bit = 1 << child
        if full == bit:
            yield first, last
            continue
        if not ordered or child == 0:
            heappush(waiting, (last, bit, (first, last)))
        closes = -1
        for done, openers in best.items():
            if done & bit or (ordered and done != bit - 1):
                continue
            for opener in openers:
                if within is not None and first - opener[1] - 1 > within:
                    continue
                if done | bit == full:
                    closes = max(closes, opener[0])
                elif not _outdone(best.get(done | bit, ()), opener):
                    heappush(waiting, (last, done | bit, opener))
        if closes >= 0:
            yield closes, last


def _outdone(openers: Sequence[Place], new: Place) -> bool:
    """Whether a first item is kept that begins and ends as late."""
    return any(old[0] >= new[0] and old[1] >= new[1] for old in openers)


def _keep(openers: list[Place], new: Place) -> None:
    """Add a first item unless one begins and ends as late; drop those that it outdoes."""
    if _outdone(openers, new):
        return
    openers[:] = [old for old in openers if old[0] > new[0] or old[1] > new[1]]
    openers.append(new)


def _ends_from(
    items: Sequence[tuple[int, int, int]],
    at: int,
    placed: dict[int, int],
    limit: int,
    full: int,
    ordered: bool,
) -> Iterator[int]:
    """Last words of the windows that begin with the item already placed.

    ``placed`` maps a set of children (bits) to the smallest word at which they can all have ended.
    ``limit`` is the last word at which the last item may start.
    """
    for first, last, child in items[at:] if len(items) < 64 else _from(items, at):
        if first > limit:
            return
        bit = 1 << child
        if placed.get(full ^ bit, _FAR) < first and (not ordered or bit << 1 > full):
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
