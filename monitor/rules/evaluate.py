"""Does a rule's tree match an article, and where?

Layer 1, pure. One evaluator for everything: the daemon, ``match``, tests in rule files. Yes or no
stops at the first window; places are worked out only where a parent needs them.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import Final, NamedTuple

from monitor.rules.alternatives import FEW, Alternatives
from monitor.rules.fields import FIELDS, ArticleFields, FieldText, row_places
from monitor.rules.nodes import (
    AllOf,
    AnyOf,
    AtLeast,
    MinMentions,
    Node,
    NoneOf,
    Regex,
    SameUnit,
    Term,
    UnlessNear,
    Window,
    name_of,
    scopes_of,
)
from monitor.rules.patterns import find_pattern
from monitor.rules.terms import Compare, find_term
from monitor.rules.windows import (
    Place,
    count_apart,
    exists,
    masked,
    shortest,
    windows,
)

_STEM: Final = Compare.STEM
_FOLDED: Final = Compare.FOLDED
_MOST_WINDOWS_SHOWN: Final = 50  # of one node in one field; evidence for people, not a count
MOST_PLACES: Final = (
    50_000  # of a window inside a window, in one field: hostile texts have millions
)


class Found(NamedTuple):
    """A term's place that took part in a match: word numbers within a field."""

    field: str
    first: int
    last: int
    term: str


@dataclass(slots=True)
class Evaluation:
    """One article against trees; terms are looked up once. ``forced`` names a branch (``near``,
    ``none``, …) that is taken to hold: what ``because`` in a test asks."""

    fields: ArticleFields
    forced: str | None = None
    _found: dict[tuple[int, str, str | None], list[Place]] = field(default_factory=dict)
    scopes: dict[int, tuple[str, ...]] = field(default_factory=dict)  # by node; may be shared
    lists: dict[int, Alternatives] = field(default_factory=dict)  # the same
    rows: dict[int, str | None] = field(default_factory=dict)  # the same, by term
    _possible: dict[tuple[int, str], Sequence[Node]] = field(default_factory=dict)
    _shortest: dict[tuple[int, str, str | None], list[Place]] = field(default_factory=dict)
    _units: dict[tuple[int, str, str | None], list[list[list[Place]]]] = field(default_factory=dict)

    def matches(self, node: Node) -> bool:
        """Whether the tree holds for the article."""
        if type(node) is Term:  # most nodes are terms, and most terms are not there
            return self._is_there(node)
        if self.forced is not None and self._is_forced(node):
            return self._forced(node)
        if isinstance(node, AllOf):
            for child in node.children:  # noqa: SIM110  # a generator costs more than it runs
                if not self.matches(child):
                    return False
            return True
        if isinstance(node, AnyOf):
            return self._any(self.possible(node))
        match node:
            case NoneOf(children=children):
                return not self._any_unforced(children)
            case AtLeast(count=count, children=children):
                return self._at_least(count, children)
            case MinMentions(node=inner, count=count):
                found = 0
                for segment in self.segments(inner):
                    found += count_apart(self.shown(inner, segment))
                    if found >= count:
                        return True
                return False
            case _:
                return any(self._holds(node, segment) for segment in self.segments(node))

    def _any(self, nodes: Sequence[Node]) -> bool:
        for node in nodes:  # noqa: SIM110  # the same
            if self.matches(node):
                return True
        return False

    def _is_there(self, term: Term) -> bool:
        for segment in self.fields.segments(term.scope):
            if not _may_stand(term, segment):
                continue
            row = self._row_of(term)
            if row is None or segment.name not in term.scope:
                if self._term(term, segment):
                    return True
            elif len(term.words) == 1:
                return True
            else:
                all_words = segment.row()
                if self._term(term, segment) if all_words is None else row in all_words:
                    return True
        return False

    def _row_of(self, term: Term) -> str | None:
        """A term's words as ``FieldText.row`` has them; None where more than these is compared."""
        key = id(term)
        if key not in self.rows:
            self.rows[key] = _row(term)
        return self.rows[key]

    def possible(self, node: AnyOf, segment: FieldText | None = None) -> Sequence[Node]:
        """The children that may have a place in this field, or match in any; more may be given."""
        children = node.children
        if len(children) <= FEW or self.forced is not None:
            return children
        key = (id(node), segment.name if segment is not None else "")
        found = self._possible.get(key)
        if found is None:
            known = self.lists.get(id(node))
            if known is None:
                known = self.lists[id(node)] = Alternatives(children)
            numbers = set(known.others)
            for each in self.segments(node) if segment is None else (segment,):
                numbers.update(known.among(each))
            found = self._possible[key] = [children[number] for number in sorted(numbers)]
        return found

    def _at_least(self, count: int, children: Sequence[Node]) -> bool:
        held = 0
        for left, child in zip(range(len(children), 0, -1), children, strict=True):
            if held + left < count:
                return False
            held += self.matches(child)
            if held >= count:
                return True
        return False

    def _any_unforced(self, children: Sequence[Node]) -> bool:
        """Whether one matches as it is: a branch inside a negation is never taken to hold."""
        forced, self.forced = self.forced, None
        try:
            return self._any(children)
        finally:
            self.forced = forced

    def _is_forced(self, node: Node) -> bool:
        """Whether this is the branch, or it modifies the branch, that is taken to hold."""
        if isinstance(node, UnlessNear | MinMentions) and name_of(node) != self.forced:
            return self._is_forced(node.node)
        return name_of(node) == self.forced

    def _forced(self, node: Node) -> bool:
        """The answer when this branch is taken to hold; a modifier is taken away instead."""
        if isinstance(node, UnlessNear | MinMentions) and name_of(node) == self.forced:
            return self.matches(node.node)
        return True

    def places(self, node: Node, segment: FieldText) -> list[Place]:
        """The node's occurrences in one field, in order of their first word."""
        if isinstance(node, Term | Regex):
            return self._term(node, segment)
        key = (id(node), segment.name, self.forced)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._places(node, segment)
        return found

    def _places(self, node: Node, segment: FieldText) -> list[Place]:
        match node:
            case AnyOf():
                return _union([self.places(c, segment) for c in self.possible(node, segment)])
            case Window(kind=kind, within=within, children=children):
                inner = [self.places(child, segment) for child in children]
                found = windows(inner, within, ordered=kind == "then")
                return list(islice(found, MOST_PLACES))
            case SameUnit():
                places = (
                    place
                    for inner in self._by_unit(node, segment)
                    for place in windows(inner, None, ordered=False)
                )
                return list(islice(places, MOST_PLACES))
            case UnlessNear(node=inner_node):
                return self._masked(node, self.places(inner_node, segment), segment)
            case _:
                raise AssertionError("a yes/no node has no places; the loader refuses it here")

    def shown(self, node: Node, segment: FieldText) -> list[Place]:
        """The shortest occurrences: what evidence shows, and enough for counting and masking.

        A window that survives a mask has every window inside it survive, and counting from left
        to right without overlaps takes short ones first.
        """
        if isinstance(node, Term | Regex):
            return self._term(node, segment)
        key = (id(node), segment.name, self.forced)
        found = self._shortest.get(key)
        if found is None:
            found = self._shortest[key] = self._shown(node, segment)
        return found

    def _shown(self, node: Node, segment: FieldText) -> list[Place]:
        match node:
            case Window(kind=kind, within=within, children=children):
                inner = [self.places(child, segment) for child in children]
                return shortest(inner, within, ordered=kind == "then")
            case SameUnit():
                return [
                    place
                    for inner in self._by_unit(node, segment)
                    for place in shortest(inner, None, ordered=False)
                ]
            case AnyOf():
                return _union([self.shown(c, segment) for c in self.possible(node, segment)])
            case UnlessNear(node=inner_node):
                return self._masked(node, self.shown(inner_node, segment), segment)
            case _:
                return self.places(node, segment)

    def _masked(self, node: UnlessNear, found: list[Place], segment: FieldText) -> list[Place]:
        if not found or self.forced == "unless_near":
            return found
        bad = [place for child in node.exclusions for place in self.places(child, segment)]
        return masked(found, bad, node.within)

    def _holds(self, node: Node, segment: FieldText) -> bool:
        match node:
            case Window(kind=kind, within=within, children=children):
                inner = [self.places(child, segment) for child in children]
                return exists(inner, within, ordered=kind == "then")
            case SameUnit():
                return any(
                    exists(inner, None, ordered=False) for inner in self._by_unit(node, segment)
                )
            case UnlessNear():
                return bool(self.shown(node, segment))
            case _:
                return bool(self.places(node, segment))

    def _term(self, term: Term | Regex, segment: FieldText) -> list[Place]:
        if segment.name not in term.scope and not self._stands_for(segment.name, term.scope):
            return []
        key = (id(term), segment.name, None)
        found = self._found.get(key)
        if found is None:
            found = self._find(term, segment)
            if segment.name == "body" and "body" not in term.scope:  # a lead's term, seen in it
                found = [place for place in found if place[1] < self.fields.lead_words]
            self._found[key] = found
        return found

    def _find(self, term: Term | Regex, segment: FieldText) -> list[Place]:
        if isinstance(term, Regex):
            found = find_pattern(term.pattern, segment.marked, segment.words)
            return [place for place in found if place[1] < segment.end]
        if not _may_stand(term, segment):
            return []
        wanted = self._row_of(term)
        row = None if wanted is None else segment.row()
        if wanted is None or row is None:
            return find_term(term.words, segment)
        more = len(term.words) - 1
        return [(at, at + more) for at in row_places(row, wanted)]

    def _stands_for(self, segment: str, scope: Sequence[str]) -> bool:
        """Whether a field is looked at for another: a lead given beside the text is part of the
        body, a body holds the lead, a summary stands in where there is no text."""
        if segment == "summary":
            return "body" in scope and self.fields.summary_stands_in
        if segment == "lead":
            return "body" in scope and "lead" not in scope
        return segment == "body" and "lead" in scope and "body" not in scope

    def _by_unit(self, node: SameUnit, segment: FieldText) -> list[list[list[Place]]]:
        """Each unit in which every child has a place: the children's places there."""
        key = (id(node), segment.name, self.forced)
        known = self._units.get(key)
        if known is not None:
            return known
        units: dict[int, list[list[Place]]] = {}
        for number, child in enumerate(node.children):
            for first, last in self.places(child, segment):
                unit = segment.unit_of(first, node.unit)
                if first == last or unit == segment.unit_of(last, node.unit):
                    lists = units.setdefault(unit, [[] for _ in node.children])
                    lists[number].append((first, last))
        found = [lists for _, lists in sorted(units.items()) if all(lists)]
        self._units[key] = found
        return found

    def segments(self, node: Node) -> list[FieldText]:
        """The fields in which the node's occurrences may lie; no word is in two of them."""
        if type(node) is Term:
            return self.fields.segments(node.scope)
        scope = self.scopes.get(id(node))
        if scope is None:
            names = {name for names in scopes_of(node) for name in names}
            scope = self.scopes[id(node)] = tuple(name for name in FIELDS if name in names)
        return self.fields.segments(scope)


def _may_stand(term: Term, segment: FieldText) -> bool:
    """Whether the words that stand in every place of the term are in the field; a no is sure."""
    vocabulary = segment.vocabulary
    for word in term.words:  # asked for every term of every rule tried
        if word.fold not in vocabulary and not word.prefix and word.compare is not _STEM:
            return False
    return True


def _row(term: Term) -> str | None:
    if any(word.compare is not _FOLDED or word.prefix for word in term.words):
        return None
    row = f" {' '.join([word.fold for word in term.words])} "
    return row if row.count(" ") == len(term.words) + 1 else None


def _union(lists: Sequence[list[Place]]) -> list[Place]:
    """The places of all lists in order, each once."""
    filled = [places for places in lists if places]
    if len(filled) == 1:
        return sorted(filled[0])
    return sorted({place for places in filled for place in places})


def evidence(evaluation: Evaluation, node: Node) -> list[Found]:
    """The terms' places that make the tree match, for a tree that does match."""
    found: set[Found] = set()
    _collect(evaluation, node, found)
    return sorted(found)


def _collect(evaluation: Evaluation, node: Node, found: set[Found]) -> None:
    if isinstance(node, Term):  # most nodes; one that does not match has no places
        for segment in evaluation.segments(node):
            if places := evaluation.places(node, segment):
                name, written = segment.name, node.written
                found.update([Found(name, first, last, written) for first, last in places])
        return
    match node:
        case NoneOf():
            return
        case AllOf() | AnyOf() | AtLeast():
            children = evaluation.possible(node) if isinstance(node, AnyOf) else node.children
            for child in children:
                if isinstance(child, Term) or evaluation.matches(child):
                    _collect(evaluation, child, found)
        case MinMentions(node=inner):
            _collect(evaluation, inner, found)
        case _:
            for segment in evaluation.segments(node):
                shown = evaluation.shown(node, segment)
                if isinstance(node, Window | SameUnit | UnlessNear):
                    shown = shown[:_MOST_WINDOWS_SHOWN]
                _collect_within(evaluation, node, segment, shown, found)


def _within(places: Sequence[Place], windows_: Sequence[Place]) -> list[Place]:
    """The places that lie inside one of the windows."""
    if not windows_ or not places:
        return []
    ordered = sorted(windows_)
    lows = [low for low, _ in ordered]
    furthest = list(accumulate((high for _, high in ordered), max))
    return [
        (first, last)
        for first, last in places
        if (at := bisect_right(lows, first)) and furthest[at - 1] >= last
    ]


def _collect_within(
    evaluation: Evaluation,
    node: Node,
    segment: FieldText,
    shown: Sequence[Place],
    found: set[Found],
) -> None:
    """The term places that lie within the shown places of the node above them."""
    if not shown:
        return
    if isinstance(node, Term | Regex):
        places = evaluation.places(node, segment)
        for first, last in places if shown is places else _within(places, shown):
            found.add(Found(segment.name, first, last, node.written))
        return
    if isinstance(node, UnlessNear):
        left = _within(evaluation.places(node, segment), shown)
        _collect_within(evaluation, node.node, segment, left, found)
        return
    if isinstance(node, AnyOf):
        for child in evaluation.possible(node, segment):
            _collect_within(evaluation, child, segment, shown, found)
    elif isinstance(node, Window | SameUnit):
        for child in node.children:
            _collect_within(evaluation, child, segment, shown, found)
