"""What a rule cannot match without: the words by which it is found.

Layer 1, pure. Of several necessary sets of words the one that fewest articles hold is where the
rule is filed; the next ones guard it, so that most rules are left out before their tree is touched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.rules.frequencies import SHIPPED
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

_STEM_WEIGHT: Final = 3
_BEGINNING_WEIGHT: Final = 5
_PATTERN_WEIGHT: Final = 20
_WIDEST_GUARD: Final = 4  # words; a wider set is held by too many articles to be worth its memory
_MOST_GUARDS: Final = 4
_DULL: Final = 400  # of a thousand; a guard that so many articles pass is none


@dataclass(frozen=True, slots=True)
class Needs:
    """Words, beginnings of words, stems or patterns of which a rule needs at least one.

    ``weight``: how many of a thousand articles are expected to hold one; small is good.
    """

    words: frozenset[str] = frozenset()
    beginnings: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()  # words of rules, not yet stemmed
    patterns: frozenset[str] = frozenset()  # as written
    weight: int = 0

    @property
    def only_words(self) -> bool:
        """Whether words of an article alone decide."""
        return not (self.beginnings or self.stems or self.patterns)


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a rule is filed (None: it may match any article), and words that guard it.

    ``guards``: sets of words; of each, at least one is needed too. The rarest first.
    """

    needs: Needs | None
    guards: tuple[tuple[str, ...], ...] = ()


Known = dict[int, tuple[Node, Needs | None]]


def filing_of(
    tree: Node, frequencies: Mapping[str, int] = SHIPPED, known: Known | None = None
) -> Filing:
    """Where to file a rule with this tree.

    ``known`` remembers the answers of lists that many rules share; rules that are filed under the
    same list get the very same ``Needs``.
    """
    parts = sorted(_parts(tree, frequencies, {} if known is None else known), key=_weight)
    if not parts:
        return Filing(None)
    filed = parts[0]
    guards: dict[tuple[str, ...], None] = {}
    for part in parts[1:]:
        narrow = part.only_words and len(part.words) <= _WIDEST_GUARD and part.weight < _DULL
        if narrow and not part.words >= filed.words:
            guards[tuple(sorted(part.words))] = None
            if len(guards) == _MOST_GUARDS:
                break
    return Filing(filed, tuple(guards))


def needs_of(
    node: Node, frequencies: Mapping[str, int] = SHIPPED, known: Known | None = None
) -> Needs | None:
    """What a match of the tree cannot do without; None if it may match without any word.

    ``frequencies``: articles of a thousand that hold a (folded) word; a word not in it is rare.
    """
    known = {} if known is None else known
    if type(node) is Term:
        return min((_word(word, frequencies) for word in node.words), key=_weight)
    if id(node) not in known:
        known[id(node)] = (node, _needs(node, frequencies, known))
    return known[id(node)][1]


def _needs(node: Node, frequencies: Mapping[str, int], known: Known) -> Needs | None:
    match node:
        case AnyOf(children=children):
            return _union([needs_of(child, frequencies, known) for child in children])
        case AtLeast(count=count, children=children):
            # All but count - 1 of them: one of these must be among any ``count``.
            below = [needs_of(child, frequencies, known) for child in children]
            parts = sorted((part for part in below if part is not None), key=_weight)
            wanted = len(children) - count + 1
            return _union(parts[:wanted]) if len(parts) >= wanted else None
        case Regex(written=written):
            return Needs(patterns=frozenset([written]), weight=_PATTERN_WEIGHT)
        case _:
            return min(_parts(node, frequencies, known), key=_weight, default=None)


def _parts(node: Node, frequencies: Mapping[str, int], known: Known) -> list[Needs]:
    """Sets of words of which each is necessary by itself."""
    match node:
        case Term(words=words):
            return [_word(word, frequencies) for word in words]
        case UnlessNear(node=inner) | MinMentions(node=inner):
            return _parts(inner, frequencies, known)
        case AllOf(children=children) | Window(children=children) | SameUnit(children=children):
            return [part for child in children for part in _parts(child, frequencies, known)]
        case AnyOf(children=(only,)):
            return _parts(only, frequencies, known)
        case NoneOf():
            return []
        case _:
            found = needs_of(node, frequencies, known)
            return [] if found is None else [found]


def _word(word: TermWord, frequencies: Mapping[str, int]) -> Needs:
    if word.prefix:
        return Needs(beginnings=frozenset([word.fold]), weight=_BEGINNING_WEIGHT)
    weight = frequencies.get(word.fold, 1)
    if word.compare is Compare.STEM:
        return Needs(stems=frozenset([word.exact]), weight=weight + _STEM_WEIGHT)
    return Needs(words=frozenset([word.fold]), weight=weight)


def _weight(needs: Needs) -> int:
    return needs.weight


def _union(parts: Sequence[Needs | None]) -> Needs | None:
    sure = [part for part in parts if part is not None]
    if len(sure) < len(parts):
        return None
    if len(sure) == 1:
        return sure[0]
    return Needs(
        frozenset().union(*(part.words for part in sure)),
        frozenset().union(*(part.beginnings for part in sure)),
        frozenset().union(*(part.stems for part in sure)),
        frozenset().union(*(part.patterns for part in sure)),
        sum(part.weight for part in sure),
    )
