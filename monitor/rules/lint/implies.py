"""Does one tree follow from another? If ``a`` matches an article, must ``b`` match it too?

Layer 1, pure. Careful: True is certain (but for words that only Snowball could tell apart), False
means "not known". Work is bounded: very long lists against very long lists are not compared.
"""

from collections.abc import Iterable, Iterator
from typing import Final

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
)
from monitor.rules.terms import Compare, TermWord

_HEAD: Final = 3  # characters by which beginnings (euro*) are filed
_MOST_PAIRS: Final = 20_000  # of children compared in one place


class Implication:
    """Answers ``implies`` and remembers the answers, since rules share their lists."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bool] = {}
        self._indexes: dict[int, TermIndex] = {}
        self._held: list[Node] = []  # keeps the nodes alive, so that their ids stay theirs

    def implies(self, a: Node, b: Node) -> bool:
        """Whether every article that matches ``a`` matches ``b``."""
        if a is b:
            return True
        key = (id(a), id(b))
        found = self._known.get(key)
        if found is None:
            self._held += (a, b)
            found = self._known[key] = self._implies(a, b)
        return found

    def _implies(self, a: Node, b: Node) -> bool:
        if isinstance(a, Term) and isinstance(b, Term):
            return term_implies(a, b)
        if isinstance(a, Regex) or isinstance(b, Regex):
            return a == b or (isinstance(b, AnyOf) and a in b.children)
        if isinstance(a, NoneOf) or isinstance(b, NoneOf):
            return self._negations(a, b)
        if _width(a) * _width(b) > _MOST_PAIRS:
            return False
        if isinstance(a, AnyOf):
            return all(self.implies(child, b) for child in a.children)
        if isinstance(b, AnyOf):
            return self._of_any(a, b) or self._inner(a, b)
        if isinstance(b, AllOf):
            return all(self.implies(a, child) for child in b.children)
        return self._inner(a, b)

    def _of_any(self, a: Node, b: AnyOf) -> bool:
        if not isinstance(a, Term):
            return any(self.implies(a, child) for child in b.children)
        index = self._indexes.get(id(b))
        if index is None:
            index = self._indexes[id(b)] = TermIndex(b.children)
        return any(term_implies(a, each) for each in index.near(a)) or any(
            self.implies(a, child) for child in index.others
        )

    def _inner(self, a: Node, b: Node) -> bool:
        """``a`` needs something from which ``b`` follows, or is ``b`` but for a number."""
        match a:
            case Window(kind=kind, within=within, children=children):
                if isinstance(b, Window) and (kind, children) == (b.kind, b.children):
                    return within <= b.within
                return any(self.implies(child, b) for child in children)
            case MinMentions(node=inner, count=count):
                if isinstance(b, MinMentions) and inner == b.node:
                    return count >= b.count
                return self.implies(inner, b)
            case UnlessNear(node=inner):
                return a == b or self.implies(inner, b)
            case AllOf(children=children) | SameUnit(children=children):
                return a == b or any(self.implies(child, b) for child in children)
            case AtLeast():
                return a == b
            case _:
                return False

    def _negations(self, a: Node, b: Node) -> bool:
        if isinstance(a, NoneOf) and isinstance(b, NoneOf):
            return all(any(self.implies(out, not_a) for not_a in a.children) for out in b.children)
        if isinstance(a, AllOf):
            return any(self.implies(child, b) for child in a.children)
        return False


class TermIndex:
    """Terms by their first word, to find the few that another term could imply."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._whole: dict[str, list[Term]] = {}
        self._beginnings: dict[str, list[Term]] = {}
        self.others: list[Node] = []  # those of the nodes that are no terms
        for node in nodes:
            if isinstance(node, Term):
                first = node.words[0]
                if first.prefix:
                    self._beginnings.setdefault(first.fold[:_HEAD], []).append(node)
                else:
                    self._whole.setdefault(first.fold, []).append(node)
            else:
                self.others.append(node)

    def near(self, term: Term) -> Iterator[Term]:
        """The terms that begin with a word of ``term``."""
        for word in term.words:
            yield from self._whole.get(word.fold, ())
            for length in range(1, _HEAD + 1):
                if len(word.fold) >= length:
                    yield from self._beginnings.get(word.fold[:length], ())


def term_implies(a: Term, b: Term) -> bool:
    """Whether each place of ``a`` holds a place of ``b``: *Mistral AI* holds *Mistral*."""
    if not covers_scope(a.scope, b.scope):
        return False
    span = len(b.words)
    return any(
        all(word_implies(x, y) for x, y in zip(a.words[at : at + span], b.words, strict=True))
        for at in range(len(a.words) - span + 1)
    )


def same_places(a: Term, b: Term) -> bool:
    """Whether each place of ``a`` is a place of ``b``, word by word: *merger* and *merger\\**."""
    return len(a.words) == len(b.words) and term_implies(a, b)


def covers_scope(narrow: tuple[str, ...], wide: tuple[str, ...]) -> bool:
    """Whether all fields of ``narrow`` are looked at in ``wide``; the lead is part of the body."""
    seen = {*wide, "lead"} if "body" in wide else set(wide)
    return seen.issuperset(narrow)


def word_implies(a: TermWord, b: TermWord) -> bool:
    """Whether each word of a text that fits ``a`` fits ``b``."""
    if a.prefix and not b.prefix:
        return False
    if Compare.STEM in (a.compare, b.compare):
        if a.compare is b.compare:
            return a.exact.casefold() == b.exact.casefold()
        plain = a.exact.isascii() and not a.prefix and a.compare is not Compare.STEM
        return plain and a.fold == b.exact.casefold()
    fits = a.fold.startswith(b.fold) if b.prefix else a.fold == b.fold
    match b.compare:
        case Compare.CAPITALS:
            capitals = a.compare is Compare.CAPITALS or (
                a.compare is Compare.EXACT and a.exact[: len(b.exact)].isupper()
            )
            return fits and capitals
        case Compare.EXACT:
            same = a.exact.startswith(b.exact) if b.prefix else a.exact == b.exact
            return a.compare is Compare.EXACT and same
        case _:
            return fits


def _width(node: Node) -> int:
    return len(node.children) if isinstance(node, AnyOf | AllOf | AtLeast) else 1
