"""Which terms stand in which examples and past articles, as bits, so that sets are compared fast.

Layer 1, pure. Bit n of a mask stands for the n-th article.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.rules.draft.built import Example
from monitor.rules.draft.terms import Candidate, found, place_of

_TRUST: Final = 50  # a guess about a word weighs as much as so many past articles


@dataclass(frozen=True, slots=True)
class Seen:
    """A term and where it stands. ``prominence``: mean over the yes that hold it, 0 to 1."""

    candidate: Candidate
    yes: int
    no: int
    past: int
    prominence: float

    @property
    def written(self) -> str:
        """As a rule writes it."""
        return self.candidate.written


def look(
    terms: Sequence[Candidate],
    yes: Sequence[Example],
    no: Sequence[Example],
    past: Iterable[Example],
) -> list[Seen]:
    """Where each term stands. ``past`` is gone through once and not kept."""
    bits = [0] * len(terms)
    for number, example in enumerate(past):
        for at, each in enumerate(terms):
            if found(each.term, example):
                bits[at] |= 1 << number
    seen: list[Seen] = []
    for at, each in enumerate(terms):
        places = [place_of(each.term, example) for example in yes]
        inside = [place for place in places if place]
        seen.append(
            Seen(
                each, _mask(place > 0 for place in places),
                _mask(found(each.term, example) for example in no), bits[at],
                sum(inside) / len(inside) if inside else 0.0,
            )
        )  # fmt: skip
    return seen


def expected(hits: int, articles: int, guess: float) -> float:
    """Hits in a thousand articles: what was counted, with the guess where little was seen."""
    return 1000 * (hits + _TRUST * guess) / (articles + _TRUST)


def _mask(answers: Iterable[bool]) -> int:
    return sum(1 << number for number, answer in enumerate(answers) if answer)
