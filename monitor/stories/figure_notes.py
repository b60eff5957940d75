"""Decides what to say of the figures that the outlets of a story give; pure.

Outlets often turn one figure into another: one says that a company is worth two billion, the next
that two billion were invested in it. Such a figure is told first, with the sentences.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Final

from monitor.model import Figure, FigureKind, FigureNote
from monitor.stories.figure_compare import Numbers, Quantity, comparable, quantity, shown
from monitor.stories.figure_says import restates

TINY: Final = 12  # counts up to here ("three outlets") are no news…
_GRAVE: Final = frozenset({"dead", "injured", "missing"})  # … except of these
# Meanings that may both be right: an investment is what the other side raises.
_COMPATIBLE: Final = (
    frozenset({"investment", "raise"}),
    frozenset({"price", "valuation"}),
)


_MOST_NUMBERS: Final = 40  # of one meaning; a dispute among more is a table


@dataclass(frozen=True, slots=True)
class _Told:
    """One figure as one outlet tells it. ``group``: the number that it is, after rounding."""

    outlet: str
    figure: Figure
    what: Quantity
    group: int


def notes(told: Iterable[tuple[str, Sequence[Figure]]]) -> tuple[FigureNote, ...]:
    """One line for each figure of a story, disputed ones first, then those of most outlets.

    ``told``: (outlet, its figures), first report first; an outlet may come more than once. A
    sentence that another outlet told word for word is a copy, and counts for the first one only.
    """
    all_told = _grouped(_without_copies(told))
    groups: dict[int, list[_Told]] = {}
    for each in all_told:
        groups.setdefault(each.group, []).append(each)
    several = {number for number, group in groups.items() if _has_several_meanings(group)}
    of_numbers = [_number_note(groups[number], disputed=True) for number in sorted(several)]
    of_meanings, covered = _meanings_with_several_numbers(all_told)
    agreed = [
        _number_note(group, disputed=False)
        for number, group in groups.items()
        if number not in several | covered and _worth_a_line(group)
    ]
    disputed = sorted(of_numbers + of_meanings, key=_outlets, reverse=True)
    return tuple(disputed + sorted(agreed, key=_outlets, reverse=True))


def new_figures(known: Iterable[Figure], later: Iterable[Figure]) -> tuple[Figure, ...]:
    """Which figures of a later article are new in its story, each once, in its order.

    The number decides, not what it is said to be; rounded and restated ("€2 billion, or $2.1
    billion") numbers are not new. Dates and counts up to twelve do not count, but any number of
    dead, injured or missing does.
    """
    seen = Numbers()
    for figure in known:
        if _counts(figure):
            seen.add(quantity(figure))
    found: list[Figure] = []
    for chain in _chains(figure for figure in later if _counts(figure)):
        whats = [quantity(figure) for figure in chain]
        if not any(what in seen for what in whats):
            found.append(chain[0])
        for what in whats:
            seen.add(what)
    return tuple(found)


def _chains(figures: Iterable[Figure]) -> Iterator[list[Figure]]:
    """The figures, those that restate one another together."""
    chain: list[Figure] = []
    for figure in figures:
        if chain and not _is_restated(chain[-1], figure):
            yield chain
            chain = []
        chain.append(figure)
    if chain:
        yield chain


def _counts(figure: Figure) -> bool:
    if figure.kind is FigureKind.DATE:
        return False
    if figure.kind is not FigureKind.COUNT or figure.says in _GRAVE:
        return True
    return Decimal(figure.value.partition(" ")[0]) > TINY


def _is_restated(one: Figure, other: Figure) -> bool:
    """Whether ``other`` says ``one`` again in another currency: "€2 billion ($2.1 billion)"."""
    if one.field != other.field or one.sentence != other.sentence:
        return False
    if one.kind is not FigureKind.MONEY or other.kind is not FigureKind.MONEY:
        return False
    at = one.sentence.find(one.text)
    while at >= 0:
        second = at + other.start - one.start
        if one.sentence.startswith(other.text, second) and second > at:
            return restates(one.sentence[at + len(one.text) : second])
        at = one.sentence.find(one.text, at + 1)
    return False


def _without_copies(told: Iterable[tuple[str, Sequence[Figure]]]) -> list[tuple[str, Figure]]:
    """The figures, those left out whose sentence another outlet told before, word for word."""
    first: dict[str, str] = {}
    kept: list[tuple[str, Figure]] = []
    for outlet, figures in told:
        for figure in figures:
            sentence = " ".join(figure.sentence.casefold().split())
            if first.setdefault(sentence, outlet) == outlet:
                kept.append((outlet, figure))
    return kept


def _grouped(told: list[tuple[str, Figure]]) -> list[_Told]:
    """Each figure with the number of its group: equal within rounding, coarse ones lead."""
    whats = [quantity(figure) for _, figure in told]
    often = Counter(whats)
    order = {what: place for place, what in reversed(list(enumerate(whats)))}
    leaders = Numbers()
    group_of: dict[Quantity, int] = {}
    # Fewest digits lead, so that 2.07 and 2.12 do not each make a group beside 2.1.
    for what in sorted(often, key=lambda each: (_digits(each), -often[each], order[each])):
        leader = leaders.find(what)
        if leader is None:
            leaders.add(what)
            leader = what
        group_of[what] = order[leader]
    return [
        _Told(outlet, figure, what, group_of[what])
        for (outlet, figure), what in zip(told, whats, strict=True)
    ]


def _digits(what: Quantity) -> int:
    return len(what.number.normalize().as_tuple().digits)


def _has_several_meanings(group: list[_Told]) -> bool:
    """Whether outlets say of one number that it is different things."""
    said: dict[str, set[str]] = {}
    for each in group:
        if each.figure.says:
            said.setdefault(each.outlet, set()).add(each.figure.says)
    return group[0].figure.kind is not FigureKind.DATE and not _tiny(group[0]) and _disagree(said)


def _disagree(said: dict[str, set[str]]) -> bool:
    """Whether two outlets say nothing that could both be right."""
    sets = set(map(_widened, said.values()))
    return any(not one & other for one, other in combinations(sets, 2))


def _widened(meanings: set[str]) -> frozenset[str]:
    return frozenset(meanings).union(*(pair for pair in _COMPATIBLE if pair & meanings))


def _meanings_with_several_numbers(all_told: list[_Told]) -> tuple[list[FigureNote], set[int]]:
    """Notes on meanings for which outlets give different numbers, and the groups told there."""
    by_meaning: dict[tuple[FigureKind, str], list[_Told]] = {}
    for each in all_told:
        if each.figure.says:
            by_meaning.setdefault((each.figure.kind, each.figure.says), []).append(each)
    equal = _restated_groups(all_told)
    found: list[FigureNote] = []
    covered: set[int] = set()
    for (_, says), group in by_meaning.items():
        numbers = _disputed_numbers(group, equal)
        if numbers:
            found.append(_meaning_note(says, [each for each in group if each.group in numbers]))
            covered |= numbers
    return found, covered


def _disputed_numbers(group: list[_Told], equal: dict[int, set[int]]) -> set[int]:
    """The groups of numbers of which one outlet gives one and another only the other."""
    tellers: dict[int, set[str]] = {}
    knowers: dict[int, set[str]] = {}  # also those that give the amount in another currency
    whats: dict[int, Quantity] = {}
    for each in group:
        tellers.setdefault(each.group, set()).add(each.outlet)
        whats.setdefault(each.group, each.what)
        for near in equal.get(each.group, {each.group}):
            knowers.setdefault(near, set()).add(each.outlet)
    numbers = sorted(tellers, key=lambda number: (-len(tellers[number]), number))[:_MOST_NUMBERS]
    return {
        number
        for one, other in combinations(numbers, 2)
        if comparable(whats[one], whats[other])
        and tellers[one] - knowers[other]
        and tellers[other] - knowers[one]
        for number in (one, other)
    }


def _restated_groups(all_told: list[_Told]) -> dict[int, set[int]]:
    """Groups that some outlet gives as one amount in two currencies, with each other."""
    equal: dict[int, set[int]] = {}
    for one, other in pairwise(all_told):
        if one.outlet == other.outlet and _is_restated(one.figure, other.figure):
            equal.setdefault(one.group, {one.group}).add(other.group)
            equal.setdefault(other.group, {other.group}).add(one.group)
    return equal


def _tiny(told: _Told) -> bool:
    return not _counts(told.figure)


def _worth_a_line(group: list[_Told]) -> bool:
    """Whether an undisputed figure is told: tiny counts are not, a date if two outlets give it."""
    if group[0].figure.kind is FigureKind.DATE:
        return len({each.outlet for each in group}) > 1 or bool(group[0].figure.says)
    return not _tiny(group[0])


def _number_note(group: list[_Told], *, disputed: bool) -> FigureNote:
    """ "$2.1 billion: as investment by 1 outlet, as valuation by 2"."""
    outlets: dict[str, list[str]] = {}
    for each in group:
        said = outlets.setdefault(each.figure.says, [])
        if each.outlet not in said:
            said.append(each.outlet)
    explained = {outlet for says, named in outlets.items() if says for outlet in named}
    silent = [outlet for outlet in outlets.pop("", []) if outlet not in explained]
    parts = [(f"as {says} by", len(named)) for says, named in outlets.items()]
    if silent:
        parts.append(("with no meaning given by" if parts else "by", len(silent)))
    return FigureNote(f"{_written(group)}: {_counted(parts)}", disputed, _sentences(group))


def _meaning_note(says: str, group: list[_Told]) -> FigureNote:
    """ "investment: $2.1 billion by 1 outlet, €2 billion by 2"."""
    numbers: dict[int, list[_Told]] = {}
    for each in group:
        numbers.setdefault(each.group, []).append(each)
    parts = [
        (f"{_written(told)} by", len({each.outlet for each in told})) for told in numbers.values()
    ]
    return FigureNote(f"{says}: {_counted(parts)}", True, _sentences(group))


def _counted(parts: list[tuple[str, int]]) -> str:
    """Joined, "outlet" said once: "a by 1 outlet, b by 2"."""
    (first, number), *others = parts
    word = "outlet" if number == 1 else "outlets"
    return ", ".join([f"{first} {number} {word}", *(f"{text} {count}" for text, count in others)])


def _written(group: list[_Told]) -> str:
    """The number as most outlets have it; of those, the one with most digits."""
    often = Counter(each.what.number for each in group)
    best = max(group, key=lambda each: (often[each.what.number], _digits(each.what)))
    return shown(best.what)


def _sentences(group: list[_Told]) -> tuple[tuple[str, str], ...]:
    """(outlet, sentence) of the first telling of each outlet for each meaning and number."""
    first: dict[tuple[str, str, int], tuple[str, str]] = {}
    for each in group:
        key = (each.outlet, each.figure.says, each.group)
        first.setdefault(key, (each.outlet, each.figure.sentence))
    return tuple(dict.fromkeys(first.values()))


def _outlets(note: FigureNote) -> int:
    return len({outlet for outlet, _ in note.sentences})
