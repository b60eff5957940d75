"""Which terms of a long ``any`` a field may hold, found by its words.

Layer 1, pure. A list of names has hundreds of terms and an article holds none or two of them: each
term is filed under its longest word, so that a list costs what the words present cost.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from monitor.rules.fields import HEAD, FieldText
from monitor.rules.nodes import Node, Term
from monitor.rules.terms import Compare

FEW: Final = 4  # children that are looked at one by one


class Alternatives:
    """The children of one ``any`` by the words without which they have no place.

    ``others``: children that no word alone rules out (no terms, stems, beginnings of few letters).
    """

    __slots__ = ("_beginnings", "_heads", "_keys", "_words", "others")

    def __init__(self, children: Sequence[Node]) -> None:
        self._words: dict[str, list[int]] = {}
        self._beginnings: dict[str, list[tuple[str, int]]] = {}
        others: list[int] = []
        for number, child in enumerate(children):
            rarest = _longest(child)
            if rarest is None:
                others.append(number)
                continue
            fold, is_beginning = rarest
            if is_beginning:
                self._beginnings.setdefault(fold[:HEAD], []).append((fold, number))
            else:
                self._words.setdefault(fold, []).append(number)
        self.others: tuple[int, ...] = tuple(others)
        self._keys = frozenset(self._words)
        self._heads = frozenset(self._beginnings)

    def among(self, field: FieldText) -> Iterable[int]:
        """The numbers of the children that may have a place in the field, ``others`` left out."""
        found = {n for word in self._keys & field.vocabulary for n in self._words[word]}
        if self._heads:
            heads = field.heads
            for head in self._heads & heads.keys():
                words = heads[head]
                found.update(
                    number for start, number in self._beginnings[head]
                    if any(word.startswith(start) for word in words)
                )  # fmt: skip
        return found


def _longest(node: Node) -> tuple[str, bool] | None:
    """The longest word that stands in every place of the node, and whether only its beginning."""
    if not isinstance(node, Term):
        return None
    words = [
        (word.fold, word.prefix)
        for word in node.words
        if word.compare is not Compare.STEM and (not word.prefix or len(word.fold) >= HEAD)
    ]
    return max(words, key=lambda word: (len(word[0]), not word[1]), default=None)
