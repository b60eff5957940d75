"""Which rules could match an article at all: found by words, not by a loop over all rules.

Layer 1, pure. Each rule is filed under the rarest set of words of which it needs at least one; an
article's words then give the few rules worth evaluating. Stems are filed once per language. A rule
that needs no word (a pure negation, a pattern) is a candidate always.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
from monitor.rules.stems import stem
from monitor.rules.terms import Compare, TermWord

_HEAD: Final = 2  # characters; beginnings (euro*) are filed under their first two

# Words so frequent in news that filing a rule under them would try it on most articles. Weights
# are roughly occurrences per thousand articles against 1 for a rare word.
_FREQUENT: Final = {
    word: weight
    for weight, words in (
        (900, "the a an of to in and on for is was with that at by from it as be this has will "
              "de la le les el los der die das und et en un une il"),
        (300, "new year years time people company government market million billion percent day "
              "week said says report first last more than us eu uk ai"),
        (60, "microsoft google apple amazon meta europe european commission union china american "
             "president bank group law court deal business tech technology software data"),
    )
    for word in words.split()
}  # fmt: skip
_STEM_WEIGHT: Final = 3
_BEGINNING_WEIGHT: Final = 5


@dataclass(frozen=True, slots=True)
class Needs:
    """Words, beginnings of words or stems of which a rule needs at least one.

    ``weight``: how many of a thousand articles are expected to hold one; small is good.
    """

    words: frozenset[str] = frozenset()
    beginnings: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()  # words of rules, not yet stemmed
    weight: int = 0


def needs_of(
    node: Node,
    frequencies: Mapping[str, int] = _FREQUENT,
    known: dict[int, Needs | None] | None = None,
) -> Needs | None:
    """What a match of the tree cannot do without; None if it may match without any word.

    ``frequencies``: articles of a thousand that hold a (folded) word; a word not in it is rare.
    ``known`` remembers the answers by node: lists are shared by many rules.
    """
    known = {} if known is None else known
    if id(node) not in known:
        known[id(node)] = _needs(node, frequencies, known)
    return known[id(node)]


def _needs(
    node: Node, frequencies: Mapping[str, int], known: dict[int, Needs | None]
) -> Needs | None:
    def below(children: Sequence[Node]) -> list[Needs | None]:
        return [needs_of(child, frequencies, known) for child in children]

    match node:
        case Term(words=words):
            return min((_word(word, frequencies) for word in words), key=_weight)
        case AnyOf(children=children):
            return _union(below(children))
        case UnlessNear(node=inner) | MinMentions(node=inner):
            return needs_of(inner, frequencies, known)
        case AllOf(children=children) | Window(children=children) | SameUnit(children=children):
            return _rarest(below(children))
        case AtLeast(count=count, children=children):
            # All but count - 1 of them: one of these must be among any ``count``.
            parts = sorted((part for part in below(children) if part is not None), key=_weight)
            wanted = len(children) - count + 1
            return _union(parts[:wanted]) if len(parts) >= wanted else None
        case NoneOf() | Regex():
            return None


def _word(word: TermWord, frequencies: Mapping[str, int]) -> Needs:
    if word.prefix:
        return Needs(beginnings=frozenset([word.fold]), weight=_BEGINNING_WEIGHT)
    weight = frequencies.get(word.fold, 1)
    if word.compare is Compare.STEM:
        return Needs(stems=frozenset([word.exact]), weight=weight + _STEM_WEIGHT)
    return Needs(words=frozenset([word.fold]), weight=weight)


def _weight(needs: Needs) -> int:
    return needs.weight


def _rarest(parts: Sequence[Needs | None]) -> Needs | None:
    return min((part for part in parts if part is not None), key=_weight, default=None)


def _union(parts: Sequence[Needs | None]) -> Needs | None:
    sure = [part for part in parts if part is not None]
    if len(sure) < len(parts):
        return None
    return Needs(
        frozenset().union(*(part.words for part in sure)),
        frozenset().union(*(part.beginnings for part in sure)),
        frozenset().union(*(part.stems for part in sure)),
        sum(part.weight for part in sure),
    )


class Index:
    """Numbers of rules by what they need."""

    def __init__(self, trees: Sequence[Node], frequencies: Mapping[str, int] = _FREQUENT) -> None:
        self._words: dict[str, list[int]] = {}
        self._beginnings: dict[str, list[tuple[str, int]]] = {}
        self._stems: list[tuple[str, int]] = []
        self._stem_tables: dict[str, dict[str, list[int]]] = {}
        self._always: list[int] = []
        known: dict[int, Needs | None] = {}
        for number, tree in enumerate(trees):
            self._file(number, needs_of(tree, frequencies, known))

    @property
    def needs_stems(self) -> bool:
        """Whether an article's stems must be looked at."""
        return bool(self._stems)

    def candidates(
        self, vocabulary: Iterable[str], language: str = "", stems: Iterable[str] = ()
    ) -> list[int]:
        """The numbers of the rules that could match a text with these (folded) words, in order.

        ``stems`` are those of the text's words in its ``language``.
        """
        found = set(self._always)
        words, beginnings = self._words, self._beginnings
        for word in vocabulary:
            if word in words:
                found.update(words[word])
            if beginnings:
                for head in {word[:1], word[:_HEAD]}:  # a character may be a beginning
                    if filed := beginnings.get(head):
                        found.update(n for start, n in filed if word.startswith(start))
        if self._stems:
            table = self._stem_table(language)
            for text_stem in stems:
                if text_stem in table:
                    found.update(table[text_stem])
        return sorted(found)

    def _file(self, number: int, needs: Needs | None) -> None:
        if needs is None:
            self._always.append(number)
            return
        for word in needs.words:
            self._words.setdefault(word, []).append(number)
        for start in needs.beginnings:
            self._beginnings.setdefault(start[:_HEAD], []).append((start, number))
        self._stems.extend((word, number) for word in needs.stems)

    def _stem_table(self, language: str) -> dict[str, list[int]]:
        """Rules by stem in one language; made when the first article of that language comes."""
        table = self._stem_tables.get(language)
        if table is None:
            table = self._stem_tables[language] = {}
            for word, number in self._stems:
                table.setdefault(stem(word, language), []).append(number)
        return table
