"""Words at the false hits: what an exclusion could be made of.

Layer 1, pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.rules.draft.built import Example
from monitor.rules.draft.frequent import FUNCTION, is_common, is_empty
from monitor.rules.draft.terms import make_term, runs
from monitor.rules.evaluate import Evaluation, evidence
from monitor.rules.fields import DEFAULT_SCOPE, FieldText
from monitor.rules.nodes import Node

REACH: Final = 8  # words to either side of a hit
_LONGEST: Final = 3  # words of a phrase
_MOST_HITS: Final = 20  # of one article


@dataclass(frozen=True, slots=True)
class Near:
    """A term near a false hit, and the fewest words between them. 0 also where it overlaps."""

    written: str
    words: tuple[str, ...]
    gap: int

    @property
    def price(self) -> float:
        """How far it is from a word that names the wrong subject; lower is better."""
        empty = all(is_empty(word) for word in self.words)
        return (1.2 if empty else 0.8 * is_common(self.words)) + 0.15 * (len(self.words) - 1)


def near_hits(tree: Node, example: Example) -> Iterator[Near]:
    """Words and short phrases within ``REACH`` words of a hit, title and text."""
    evaluation = Evaluation(example.fields)
    if not evaluation.matches(tree):
        return
    segments = {segment.name: segment for segment in example.fields.segments(DEFAULT_SCOPE)}
    for place in evidence(evaluation, tree)[:_MOST_HITS]:
        segment = segments.get(place.field)
        if segment is None:
            continue
        first, last = max(0, place.first - REACH), min(segment.end - 1, place.last + REACH)
        for low, high in _phrases(segment, first, last):
            if place.first <= low and high <= place.last:
                continue  # the hit itself
            gap = max(0, place.first - high - 1, low - place.last - 1)
            near = _near(segment, low, high, gap)
            if near is not None:
                yield near


def of_title(example: Example) -> Iterator[Near]:
    """Words and short phrases of the title that say something."""
    for segment in example.fields.segments(("title",)):
        for low, high in _phrases(segment, 0, segment.end - 1):
            near = _near(segment, low, high, 0)
            if near is not None and not all(is_empty(word) for word in near.words):
                yield near


def _phrases(segment: FieldText, first: int, last: int) -> Iterator[tuple[int, int]]:
    for run in runs(segment):
        for low in range(max(run.start, first), min(run.stop, last + 1)):
            for high in range(low, min(low + _LONGEST, run.stop, last + 1)):
                yield low, high


def _near(segment: FieldText, low: int, high: int, gap: int) -> Near | None:
    folds = tuple(segment.words.folds[low : high + 1])
    if not _tells(folds, gap):
        return None
    exacts = segment.words.exacts[low : high + 1]
    named = any(word[:1].isupper() for word in exacts[1:] or exacts) and segment.name != "title"
    text = " ".join(exacts if named else folds)
    term = make_term(text)
    if term is None or tuple(word.fold for word in term.words) != folds:
        return None
    return Near(text, folds, gap)


def _tells(folds: Sequence[str], gap: int) -> bool:
    """Whether a phrase could name a wrong subject; beside the hit, *up* can ("Teams up")."""
    if len(folds) == 1 and is_empty(folds[0]):
        return gap == 0 and folds[0] in FUNCTION and folds[0] not in _JOINTS
    return not is_empty(folds[0]) and not is_empty(folds[-1])


_JOINTS: Final = frozenset("a an the and or of in on to is was are were has have it its".split())
