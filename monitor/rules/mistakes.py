"""What is wrong with rule files, gathered: every mistake counts, so many of a file are told.

Layer 1. A file of a hundred thousand mistakes is not mended from a list of them; what matters is
that its good rules run and that its first mistakes are readable.
"""

import difflib
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import Final

from monitor.located import Place, Problem

MOST_TOLD: Final = 200  # of one file; errors, and warnings
_LONGEST: Final = 700  # characters of a message
_CANDIDATES: Final = 300  # names that a misspelt one is compared with
_LONGEST_NAME: Final = 60


class Mistakes:
    """Gathers problems. ``errors`` counts all, ``problems`` are those that are told."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.errors = 0
        self._told = {"error": 0, "warning": 0}  # of this file

    @property
    def full(self) -> bool:
        """Whether further errors of this file are counted only."""
        return self._told["error"] >= MOST_TOLD

    def begin_file(self) -> None:
        """The next problems are those of another file."""
        self._told = {"error": 0, "warning": 0}

    def clear(self) -> None:
        """Forget what was told."""
        self.problems.clear()
        self.begin_file()

    def error(self, place: Place, message: str) -> None:
        """Note a mistake."""
        self.add(Problem(place, message))

    def add(self, problem: Problem) -> None:
        """Note a problem; the first that is too many says so."""
        self.errors += problem.severity == "error"
        told = self._told[problem.severity]
        self._told[problem.severity] = told + 1
        if told < MOST_TOLD:
            self.problems.append(_readable(problem))
        elif told == MOST_TOLD:
            what = "mistakes" if problem.severity == "error" else "warnings"
            message = f"more than {MOST_TOLD} {what} in this file. Mend those above first"
            self.problems.append(replace(problem, message=message))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, or None."""
    length = len(word)
    if length > _LONGEST_NAME:
        return None
    alike = (name for name in known if abs(len(name) - length) <= 3)
    close = difflib.get_close_matches(word, list(islice(alike, _CANDIDATES)), n=1)
    return close[0] if close else None


def _readable(problem: Problem) -> Problem:
    """A message that quotes a text of a megabyte keeps its beginning and its mend."""
    text = problem.message
    if len(text) <= _LONGEST:
        return problem
    return replace(problem, message=f"{text[:200]} … {text[-300:]}")
