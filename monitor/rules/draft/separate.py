"""Search for the smallest rule that fires on every yes, on no no, and on little else.

Layer 1, pure. Sets of bits decide which groups are worth a try; the engine decides what fires.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from math import log2, prod
from operator import and_
from typing import Final

from monitor.rules.draft.built import Builder, Example, Plain, Verdict
from monitor.rules.draft.groups import Group, groups
from monitor.rules.draft.masks import Seen, expected, look
from monitor.rules.draft.outcome import Clash, Draft, Refusal
from monitor.rules.draft.terms import candidates
from monitor.rules.draft.tune import Task, search

MOST_TERMS: Final = 160
_MOST_GROUPS: Final = 40
_MOST_TRIED: Final = 40  # combinations handed to the engine
_MOST_EXCLUDED: Final = 12  # combinations for which an exclusion is searched
_MOST_HITS: Final = 300  # past articles judged by the engine for each of them
_DISTANCES: Final = (3, 5, 8, 12, 20, 30)
_NEAR_PRICE: Final = 0.8
_NOISE: Final = 0.7  # what a doubling of hits costs, against 1 for a further term in the rule


@dataclass(frozen=True, slots=True)
class _Way:
    """A rule that was thought of, with its price."""

    price: float
    chosen: tuple[Group, ...]
    match: Plain
    hits: int
    notes: tuple[str, ...] = ()


def draft(
    yes: Sequence[Example], no: Sequence[Example], past: Sequence[Example]
) -> Draft | Refusal:
    """The smallest rule that separates, or why there is none.

    ``past``: articles of which nothing is said; the fewer of them it fires on, the better.
    """
    refused = _same(yes, no)
    if refused is not None:
        return refused
    seen = look(candidates(yes, MOST_TERMS), yes, no, past)
    everyone = (1 << len(yes)) - 1
    found = groups(seen, everyone, _MOST_GROUPS)
    if all(group.free for group in found):
        return _nothing_shared(yes, seen)
    builder = Builder()
    ways = list(_ways(found, yes, no, past, builder))
    if all(any(group.free for group in way.chosen) for way in ways):
        ways += list(_with_exclusions(found, yes, no, past, builder))
    if not ways:
        return _not_separated(found, yes, no)
    best = min(ways, key=lambda way: (way.price, way.chosen[0].key, str(way.match)))
    terms = tuple(each.written for group in best.chosen for each in group.terms)
    return Draft(best.match, terms, best.hits, (*best.notes, *_warnings(best, yes)))


def _warnings(way: _Way, yes: Sequence[Example]) -> Iterator[str]:
    for group in way.chosen:
        if group.free:
            told = ", ".join(group.key)
            yield (f"any: [{told}] was put together from words of single examples; add the other "
                   "words that you would accept there")  # fmt: skip
    if len(yes) == 1:
        yield "one example shows no difference between its subject and its accidents; give more"


def _combinations(found: Sequence[Group], articles: int) -> list[tuple[float, tuple[Group, ...]]]:
    """All sets of one to three groups with their prices, cheapest first."""
    priced: list[tuple[float, tuple[Group, ...]]] = []
    for size in (1, 2, 3):
        for chosen in combinations(found[: 40 if size < 3 else 20], size):
            if sum(group.free for group in chosen) > 1 or _overlap(chosen):
                continue
            if size == 1 and chosen[0].free:
                continue  # a list of words of single examples, with nothing that they share
            past = reduce(and_, (group.past for group in chosen)).bit_count()
            guess = prod(group.guess for group in chosen)
            noise = _NOISE * log2(1 + expected(past, articles, guess))
            priced.append((sum(group.price for group in chosen) + noise, chosen))
    return sorted(priced, key=lambda each: (each[0], [group.key for group in each[1]]))


def _overlap(chosen: Sequence[Group]) -> bool:
    """Whether two groups say the same: they share a word."""
    words = [
        {word for each in group.terms for word in each.candidate.words} for group in chosen
    ]  # fmt: skip
    return any(one & other for one, other in combinations(words, 2))


def _ways(
    found: Sequence[Group], yes: Sequence[Example], no: Sequence[Example],
    past: Sequence[Example], builder: Builder,
) -> Iterator[_Way]:  # fmt: skip
    tried = 0
    best = float("inf")
    for price, chosen in _combinations(found, len(past)):
        if price >= best or tried >= _MOST_TRIED:
            return
        hit = reduce(and_, (group.no for group in chosen))
        if hit and len(chosen) == 1:
            continue
        tried += 1
        for extra, match in _matches(chosen):
            if extra == 0 and hit:
                continue
            fires = builder.verdict({"match": match})
            if fires is None or not _separates(fires, yes, no):
                continue
            hits = _hits(fires, chosen, past)
            noise = expected(hits, len(past), prod(group.guess for group in chosen))
            whole = sum(group.price for group in chosen) + extra + _NOISE * log2(1 + noise)
            best = min(best, whole)
            yield _Way(whole, chosen, match, hits)
            if extra:
                break  # the widest window that separates


def _matches(chosen: Sequence[Group]) -> Iterator[tuple[float, Plain]]:
    """The forms of a combination with what they cost more: anywhere; then near, wide to narrow."""
    items = [_item(group) for group in chosen]
    if len(items) == 1:
        yield 0, items[0] if isinstance(items[0], dict) else {"any": [items[0]]}
        return
    yield 0, {"all": items}
    for within in reversed(_DISTANCES):
        yield _NEAR_PRICE, {"near": {"within": str(within), "all": items}}
    yield _NEAR_PRICE, {"same": {"unit": "sentence", "all": items}}


def _item(group: Group) -> Plain:
    return group.key[0] if len(group.terms) == 1 else {"any": list(group.key)}


def _separates(fires: Verdict, yes: Sequence[Example], no: Sequence[Example]) -> bool:
    return all(map(fires, yes)) and not any(map(fires, no))


def _hits(fires: Verdict, chosen: Sequence[Group], past: Sequence[Example]) -> int:
    """How many past articles it fires on; of very many candidates a part is judged."""
    mask = reduce(and_, (group.past for group in chosen))
    numbers = [n for n in range(len(past)) if mask >> n & 1]
    judged = numbers[:_MOST_HITS]
    if not judged:
        return 0
    hits = sum(fires(past[n]) for n in judged)
    return round(hits * len(numbers) / len(judged))


def _with_exclusions(
    found: Sequence[Group], yes: Sequence[Example], no: Sequence[Example],
    past: Sequence[Example], builder: Builder,
) -> Iterator[_Way]:  # fmt: skip
    """Combinations that fire on a no too, with the smallest exclusion that silences it."""
    shared = [group for group in found if not group.free]
    ordered = [each for each in _combinations(shared, len(past)) if _count(each[1])]
    ordered.sort(key=lambda each: (each[0] + _count(each[1]), [g.key for g in each[1]]))
    for price, chosen in ordered[:_MOST_EXCLUDED]:
        for _, match in list(_matches(chosen))[:1]:
            task = Task({"match": match}, tuple(yes), tuple(no), (), builder)
            tuned = search(task)
            if isinstance(tuned, Refusal):
                continue
            fires = builder.verdict(tuned.rule)
            if fires is None or not _separates(fires, yes, no):
                continue
            hits = _hits(fires, chosen, past)
            yield _Way(price + tuned.price, chosen, tuned.rule["match"], hits)


def _count(chosen: Sequence[Group]) -> int:
    return reduce(and_, (group.no for group in chosen)).bit_count()


def _same(yes: Sequence[Example], no: Sequence[Example]) -> Refusal | None:
    clashes = tuple(
        Clash(one.name, other.name, "the same words")
        for one in yes for other in no if words_of(one) == words_of(other)
    )  # fmt: skip
    if not clashes:
        return None
    return Refusal(
        "the same text is given as yes and as no", clashes, "decide which it is, or leave it out"
    )


def words_of(example: Example) -> tuple[tuple[str, ...], ...]:
    """All words of an example as the rules see them."""
    segments = example.fields.segments(("title", "body"))
    return tuple(tuple(segment.words.folds) for segment in segments)


def _nothing_shared(yes: Sequence[Example], seen: Sequence[Seen]) -> Refusal:
    best = max(seen, key=lambda each: (each.yes.bit_count(), each.prominence), default=None)
    mend = "make a rule for each subject, or leave out the example that is about something else"
    if best is None:
        return Refusal("the yes examples hold no telling words (no name, no rare word)", (), mend)
    without = [one.name for n, one in enumerate(yes) if not best.yes >> n & 1]
    told = f"'{best.written}' stands in {best.yes.bit_count()} of {len(yes)}, but not in "
    return Refusal("the yes examples share no telling words: " + told + _named(without), (), mend)


def _not_separated(
    found: Sequence[Group], yes: Sequence[Example], no: Sequence[Example]
) -> Refusal:
    left = reduce(and_, (group.no for group in found))
    shared = ", ".join(dict.fromkeys(" or ".join(group.key) for group in found[:4]))
    stuck = [one for n, one in enumerate(no) if left >> n & 1] or list(no)
    clashes = tuple(
        Clash(_closest(one, yes).name, one.name,
              f"what all yes share ({shared}) stands in it as well, and nothing near it is "
              "missing from every yes")
        for one in stuck
    )  # fmt: skip
    return Refusal(
        "no small rule fires on every yes and on no no",
        clashes,
        "give more examples of both kinds, or write the rule by hand: rules new",
    )


def _closest(no: Example, yes: Sequence[Example]) -> Example:
    """The yes that has most words in common with ``no``."""
    theirs = {word for words in words_of(no) for word in words}

    def common(one: Example) -> float:
        mine = {word for words in words_of(one) for word in words}
        return len(mine & theirs) / (len(mine | theirs) or 1)

    return max(yes, key=common)


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:3])
    return shown + (f" and {len(names) - 3} more" if len(names) > 3 else "")
