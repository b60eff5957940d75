"""Groups: the any-lists of a rule, each with a term in every yes.

Layer 1, pure. Terms go into one group for a reason: they are the same word or name in other forms,
or (a *free* group, which costs more and is told) each is a prominent word of its examples.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import or_
from typing import Final

from monitor.rules.draft.frequent import is_common, is_empty
from monitor.rules.draft.masks import Seen

MOST_TERMS: Final = 4
_MOST_FREE: Final = 40  # terms looked at for free groups
_PROMINENT: Final = 0.7  # in the lead on average


@dataclass(frozen=True, slots=True)
class Group:
    """Terms of which one stands in every yes. ``free``: they are no forms of one name."""

    terms: tuple[Seen, ...]
    free: bool = False

    @property
    def no(self) -> int:
        """The no in which one of them stands."""
        return reduce(or_, (each.no for each in self.terms))

    @property
    def past(self) -> int:
        """The past articles in which one of them stands."""
        return reduce(or_, (each.past for each in self.terms))

    @property
    def guess(self) -> float:
        """The share of news articles that hold one of them, by guess."""
        return min(1.0, sum(each.candidate.guess for each in self.terms))

    @property
    def price(self) -> float:
        """What it costs a rule: its length, and how little its terms say of the examples."""
        prominence = min(each.prominence for each in self.terms)
        length = 0.4 * (len(self.terms) - 1)
        weak = sum(is_common(each.candidate.words) for each in self.terms)
        strict = 0.15 * sum(each.written.startswith(("=", "~")) for each in self.terms)
        nameless = 0.3 * sum(not each.candidate.is_name for each in self.terms) / len(self.terms)
        return 1 + length + 2 * (1 - prominence) + weak + strict + nameless + (2.5 * self.free)

    @property
    def key(self) -> tuple[str, ...]:
        """What sorts and tells groups apart."""
        return tuple(each.written for each in self.terms)


def groups(seen: Sequence[Seen], everyone: int, most: int) -> list[Group]:
    """At most ``most`` groups, the best first. ``everyone`` is the mask of all yes."""
    whole = [Group((each,)) for each in seen if each.yes == everyone]
    found: dict[tuple[str, ...], Group] = {group.key: group for group in whole}
    for group in (*_variants(seen, everyone), *_free(seen, everyone)):
        found.setdefault(group.key, group)
    ordered = sorted(found.values(), key=lambda group: (group.price, group.key))
    return ordered[:most]


def _variants(seen: Sequence[Seen], everyone: int) -> Iterator[Group]:
    """Names that share a telling word, or are its initials: Mistral AI and Mistral."""
    names = [each for each in seen if each.candidate.is_name and each.yes != everyone]
    for first in names:
        family = [each for each in names if each is first or _related(first, each)]
        cover = _cover(first, family, everyone)
        if cover is not None:
            yield Group(cover)


def _related(one: Seen, other: Seen) -> bool:
    mine = {word for word in one.candidate.words if not is_empty(word)}
    theirs = {word for word in other.candidate.words if not is_empty(word)}
    return (
        bool(mine & theirs) or _initials(one) == other.written or (_initials(other) == one.written)
    )


def _initials(name: Seen) -> str:
    words = name.candidate.words
    return "".join(word[0] for word in words if not is_empty(word)).upper() if words[1:] else ""


def _free(seen: Sequence[Seen], everyone: int) -> Iterator[Group]:
    """Prominent terms that together stand in every yes; never one more than needed.

    One term for each example would be a list of the examples and not a rule: at least one term
    must stand in two of them, but where there are only two.
    """
    whole = (each.candidate.words for each in seen if each.yes == everyone)
    shared = frozenset().union(*whole)  # with one of these a term is only a way of saying it
    chosen = [
        each for each in seen
        if each.yes not in (0, everyone) and each.prominence >= _PROMINENT
        and not is_common(each.candidate.words) and not each.written.startswith("=")
        and shared.isdisjoint(each.candidate.words)
    ][:_MOST_FREE]  # fmt: skip
    count = everyone.bit_count()
    for one, other in combinations(chosen, 2):
        if one.yes | other.yes == everyone:
            yield Group((one, other), free=True)
    if count < 4:
        return
    for first in chosen:
        cover = _cover(first, chosen, everyone)
        if cover is not None and len(cover) < count:
            yield Group(cover, free=True)


def _cover(first: Seen, family: Iterable[Seen], everyone: int) -> tuple[Seen, ...] | None:
    """``first`` and the fewest others, greedily, that stand in every yes."""
    rest = list(family)
    chosen, mask = [first], first.yes
    while mask != everyone and len(chosen) < MOST_TERMS:
        best = max(
            rest, key=lambda each: ((each.yes & ~mask).bit_count(), each.prominence, each.written),
        )  # fmt: skip
        if not best.yes & ~mask:
            return None
        chosen.append(best)
        mask |= best.yes
    if mask != everyone:
        return None
    return tuple(sorted(chosen, key=lambda each: each.written))
