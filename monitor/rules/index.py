"""Which rules could match an article at all: found by words, not by a loop over all rules.

Layer 1, pure. Each rule is filed under the rarest set of words of which it needs at least one; an
article's words then give the few rules worth evaluating. A rule that needs no word (a pure
negation) is always a candidate.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.rules.nodes import (
    AllOf,
    AnyOf,
    MinMentions,
    Node,
    NoneOf,
    SameUnit,
    Term,
    UnlessNear,
    Window,
)

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


@dataclass(frozen=True, slots=True)
class Needs:
    """Words or beginnings of words of which a rule needs at least one."""

    words: frozenset[str]
    beginnings: frozenset[str]

    @property
    def weight(self) -> int:
        """How often an article is expected to hold one of them; small is good."""
        return sum(_FREQUENT.get(word, 1) for word in self.words) + 5 * len(self.beginnings)


def needs_of(node: Node) -> Needs | None:
    """What a match of the tree cannot do without; None if it may match without any word."""
    match node:
        case Term(words=words):
            return min(
                (
                    Needs(frozenset(), frozenset([word.fold]))
                    if word.prefix
                    else Needs(frozenset([word.fold]), frozenset())
                    for word in words
                ),
                key=lambda needs: needs.weight,
            )
        case AnyOf(children=children):
            return _union([needs_of(child) for child in children])
        case UnlessNear(node=inner) | MinMentions(node=inner):
            return needs_of(inner)
        case AllOf(children=children) | Window(children=children) | SameUnit(children=children):
            known = [needs for child in children if (needs := needs_of(child)) is not None]
            return min(known, key=lambda needs: needs.weight, default=None)
        case NoneOf():
            return None


def _union(parts: Sequence[Needs | None]) -> Needs | None:
    words: set[str] = set()
    beginnings: set[str] = set()
    for part in parts:
        if part is None:
            return None
        words |= part.words
        beginnings |= part.beginnings
    return Needs(frozenset(words), frozenset(beginnings))


class Index:
    """Numbers of rules by what they need."""

    def __init__(self, trees: Sequence[Node]) -> None:
        self._words: dict[str, list[int]] = {}
        self._beginnings: dict[str, list[tuple[str, int]]] = {}
        self._always: list[int] = []
        for number, tree in enumerate(trees):
            needs = needs_of(tree)
            if needs is None:
                self._always.append(number)
                continue
            for word in needs.words:
                self._words.setdefault(word, []).append(number)
            for start in needs.beginnings:
                self._beginnings.setdefault(start[:_HEAD], []).append((start, number))

    def candidates(self, vocabulary: Iterable[str]) -> list[int]:
        """The numbers of the rules that could match a text with these (folded) words, in order."""
        found = set(self._always)
        words, beginnings = self._words, self._beginnings
        for word in vocabulary:
            if word in words:
                found.update(words[word])
            if beginnings and (filed := beginnings.get(word[:_HEAD])):
                found.update(number for start, number in filed if word.startswith(start))
        return sorted(found)
