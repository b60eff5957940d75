"""Search for the smallest change that silences every false alarm and keeps every good hit.

Layer 1, pure. Each proposal is judged by the engine on all examples; a change that loses a single
yes is none.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from typing import Final

from monitor.located import Text, plain
from monitor.rules.draft.built import HERE, Builder, Example, Plain
from monitor.rules.draft.change import Change, Replace, applied
from monitor.rules.draft.frequent import folded_words
from monitor.rules.draft.nearby import Near, near_hits, of_title
from monitor.rules.draft.options import Spot, languages, narrower, spots
from monitor.rules.draft.outcome import Clash, Refusal
from monitor.rules.draft.terms import make_term
from monitor.rules.nodes import Node, Term, terms_of
from monitor.rules.oneline import is_one_line, read_one_line

_MOST_TERMS: Final = 40  # tried at one spot
_MOST_TOGETHER: Final = 4  # terms of one exclusion
_MOST_CHANGES: Final = 3
_WEIGHED: Final = 30  # proposals whose price in past hits is counted


@dataclass(frozen=True, slots=True)
class Task:
    """``rule`` as plain values (match, and source if any) must fire on ``yes`` and not on ``no``.

    ``hits``: past articles on which it fires and of which nobody said more; the fewer a change
    removes, the better. ``keep_hits``: none may be removed.
    """

    rule: Mapping[str, Plain]
    yes: tuple[Example, ...]
    no: tuple[Example, ...]
    hits: tuple[Example, ...]
    builder: Builder
    keep_hits: bool = False


@dataclass(frozen=True, slots=True)
class Tuned:
    """The changed rule, the changes in order, and the past hits that it no longer has."""

    rule: Mapping[str, Plain]
    changes: tuple[Change, ...]
    price: float
    removed: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class _Option:
    change: Change
    rule: Mapping[str, Plain]
    silenced: frozenset[int]  # numbers of no
    price: float


def search(task: Task) -> Tuned | Refusal:
    """The smallest safe change, or why there is none.

    The rule must fire on every yes and every no when it comes here.
    """
    rule, changes = _written_out(task.rule)
    left = frozenset(range(len(task.no)))
    price = 0.0
    for _ in range(_MOST_CHANGES):
        options = list(_options(task, rule, left))
        if not options:
            break
        best = _best(task, options, left)
        rule, left, price = best.rule, left - best.silenced, price + best.price
        changes = (*changes, best.change)
        if not left:
            fires = task.builder.verdict(rule)
            assert fires is not None
            removed = tuple(hit for hit in task.hits if not fires(hit))
            return Tuned(rule, changes, price, removed)
    return _refusal(task, left)


def _written_out(rule: Mapping[str, Plain]) -> tuple[Mapping[str, Plain], tuple[Change, ...]]:
    """A one-line ``match`` as a tree, so that something can be put into it."""
    match = rule["match"]
    if not isinstance(match, str) or not is_one_line(match):
        return rule, ()
    node = read_one_line(Text(match, HERE)).node
    if node is None:
        return rule, ()
    change = Replace(("match",), plain(node))
    return applied(dict(rule), change), (change,)


def _best(task: Task, options: Sequence[_Option], left: frozenset[int]) -> _Option:
    """The cheapest that silences all; else the one that silences most for its price."""
    whole = [option for option in options if option.silenced >= left]
    chosen = sorted(
        whole or options,
        key=lambda each: (each.price / len(each.silenced & left), str(each.change)),
    )[:_WEIGHED]
    weighed = [replace(each, price=each.price + _loss(task, each)) for each in chosen]
    return min(
        weighed, key=lambda each: (each.price / len(each.silenced & left), str(each.change))
    )  # fmt: skip


def _loss(task: Task, option: _Option) -> float:
    """The price of the past hits that a change removes: some of them were wanted."""
    fires = task.builder.verdict(option.rule)
    assert fires is not None
    return 0.4 * log2(1 + sum(not fires(hit) for hit in task.hits))


def _options(task: Task, rule: Mapping[str, Plain], left: frozenset[int]) -> Iterator[_Option]:
    no = [task.no[n] for n in sorted(left)]
    for change in languages(dict(rule), task.yes, no):
        yield from _judged(task, rule, change, left, 1.4)
    done: set[tuple[object, frozenset[int]]] = set()
    for change in narrower(dict(rule)):
        for option in _judged(task, rule, change, left, 0.9):
            if (change.path, option.silenced) not in done:  # a wider one does the same
                done.add((change.path, option.silenced))
                yield option
    terms = _terms(task, rule, no)
    for spot in spots(dict(rule)):
        yield from _at(task, rule, spot, terms[spot.kind], left)


def _at(
    task: Task, rule: Mapping[str, Plain], spot: Spot, terms: Sequence[Near], left: frozenset[int]
) -> Iterator[_Option]:
    """What single terms do here, and the fewest terms that together do all of it."""
    singles: list[tuple[Near, _Option]] = []
    for term in terms:
        if spot.kind == "unless_near" and term.gap > spot.within:
            continue
        change = spot.change(dict(rule), [term.written])
        for option in _judged(task, rule, change, left, spot.price + term.price):
            singles.append((term, option))
            yield option
    chosen: list[Near] = []
    silenced: frozenset[int] = frozenset()
    while singles and len(chosen) < _MOST_TOGETHER:
        term, option = min(
            singles, key=lambda each: (-len(each[1].silenced - silenced), each[1].price,
                                       each[0].written),
        )  # fmt: skip
        if not option.silenced - silenced:
            break
        chosen.append(term)
        silenced |= option.silenced
    if len(chosen) > 1:
        change = spot.change(dict(rule), [term.written for term in chosen])
        price = spot.price + 0.5 * (len(chosen) - 1) + sum(term.price for term in chosen)
        yield from _judged(task, rule, change, left, price)


def _judged(
    task: Task, rule: Mapping[str, Plain], change: Change, left: frozenset[int], price: float
) -> Iterator[_Option]:
    """The option, if the engine says that it silences something and loses no yes."""
    changed = applied(dict(rule), change)
    fires = task.builder.verdict(changed)
    if fires is None:
        return
    silenced = frozenset(n for n in left if not fires(task.no[n]))
    if not silenced or not all(map(fires, task.yes)):
        return
    if task.keep_hits and not all(map(fires, task.hits)):
        return
    support = 0.3 * (len(silenced) - 1)  # what explains several false alarms is no accident
    yield _Option(change, changed, silenced, max(0.1, price - support))


def _terms(task: Task, rule: Mapping[str, Plain], no: Sequence[Example]) -> dict[str, list[Near]]:
    """For each kind of spot the terms worth a try, the best first."""
    tree = task.builder.tree(rule["match"])
    own = frozenset[str]() if tree is None else _vocabulary(tree)
    near = [] if tree is None else [list(near_hits(tree, example)) for example in no]
    outlets = sorted({example.article.source.strip() for example in no} - {""})
    sources = [
        Near(outlet, folded_words(outlet), 0) for outlet in outlets if make_term(outlet) is not None
    ]
    return {
        "unless_near": _promising(near, own),
        "title": _promising([list(of_title(example)) for example in no], own),
        "source": sources[:_MOST_TERMS],
    }


def _vocabulary(tree: Node) -> frozenset[str]:
    """The folded words that the rule itself looks for: to exclude them would contradict it."""
    terms = (term for term in terms_of(tree) if isinstance(term, Term))
    return frozenset(word.fold for term in terms for word in term.words)


def _promising(found: Iterable[Iterable[Near]], own: frozenset[str]) -> list[Near]:
    """One of each term, those near most false alarms first, then the closest.

    Terms made of the rule's ``own`` words alone are left out.
    """
    gaps: dict[str, Near] = {}
    counts: defaultdict[str, int] = defaultdict(int)
    for of_one in found:
        here: set[str] = set()
        for near in of_one:
            if own.issuperset(near.words):
                continue
            known = gaps.get(near.written)
            gaps[near.written] = near if known is None or near.gap < known.gap else known
            here.add(near.written)
        for written in here:
            counts[written] += 1
    ordered = sorted(
        gaps.values(), key=lambda each: (-counts[each.written], each.price, each.gap, each.written)
    )
    return ordered[:_MOST_TERMS]


def _refusal(task: Task, left: frozenset[int]) -> Refusal:
    clashes: list[Clash] = []
    for number in sorted(left):
        bad = task.no[number]
        words = _all_words(bad)
        same = [one for one in task.yes if _all_words(one) == words]
        if same:
            clashes.append(Clash(same[0].name, bad.name, "the same words"))
            continue
        close = max(task.yes, key=lambda one: len(_all_words(one) & words), default=None)
        clashes.append(
            Clash(
                close.name if close is not None else "", bad.name,
                "no word beside its hits, of its title or of its source is missing from every "
                "yes and telling enough to exclude",
            )
        )  # fmt: skip
    done = len(task.no) - len(left)
    most = f"; the best change silences {done} of {len(task.no)}" if done else ""
    return Refusal(
        "no small change silences every no and keeps every yes" + most,
        tuple(clashes),
        "leave out an example that may be right after all, or split the rule in two",
    )


def _all_words(example: Example) -> frozenset[str]:
    segments = example.fields.segments(("title", "body"))
    return frozenset().union(*(segment.vocabulary for segment in segments))
