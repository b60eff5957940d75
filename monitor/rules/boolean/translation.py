"""What a translated Boolean string gives: a rule, and what could not be kept, with its place.

Layer 1, pure.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.rules.boolean.grammar import MOST_CHARACTERS
from monitor.rules.boolean.lower import lowered
from monitor.rules.boolean.query import Note, Query, Unreadable
from monitor.rules.boolean.writing import as_yaml

_UNUSABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\uf8ff\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, order=True)
class Lost:
    """Something that the rule does not say as the string did. Line and column count from 1.

    ``what`` is the part of the string; ``why`` is a sentence with the effect and the mend.
    """

    line: int
    column: int
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.what}: {self.why}"


@dataclass(frozen=True, slots=True)
class Translation:
    """``rule`` is YAML text, ``match: …``, that loads; empty if nothing could be translated."""

    rule: str
    lost: tuple[Lost, ...]


Reader = Callable[[str, list[Note]], Query]


def translated(text: str, read: Reader) -> Translation:
    """Read a string by its dialect, write it as a rule. Never raises for what a string holds."""
    notes: list[Note] = []
    rule = ""
    try:
        tree = lowered(_read(text, read, notes), notes)
        rule = "" if tree is None else as_yaml(tree)
    except Unreadable as stop:
        notes.append(stop.note)
    return Translation(rule, _lost(text, notes))


def _read(text: str, read: Reader, notes: list[Note]) -> Query:
    if len(text) > MOST_CHARACTERS:
        why = f"longer than {MOST_CHARACTERS} characters. Split the string in two"
        raise Unreadable(0, text[:20], why)
    return read(_clean(text), notes)


def _clean(text: str) -> str:
    """The same length, without what no YAML file may hold and what marks wildcards here."""
    return _UNUSABLE.sub(" ", text)


def _lost(text: str, notes: Sequence[Note]) -> tuple[Lost, ...]:
    found = []
    for note in notes:
        before = text[: note.at]
        column = note.at - (before.rfind("\n") + 1) + 1
        what = " ".join(note.what.split())
        found.append(Lost(before.count("\n") + 1, column, what, note.why))
    return tuple(sorted(dict.fromkeys(found)))
