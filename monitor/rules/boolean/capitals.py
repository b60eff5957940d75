"""Capitals of a Boolean string: most services find any case, a rule finds ``EU`` in capitals only.

Layer 1, pure. docs/rules.md, "Terms".
"""

from dataclasses import replace

from monitor.rules.boolean.query import Note, Query, Words, map_words


def _capital_words(query: Query) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []

    def look(words: Words) -> Words:
        if not words.sigil:
            found.extend((words.at, word) for word in words.text.split())
        return words

    map_words(query, look)
    return found


def unshouted(query: Query) -> Query:
    """A string wholly in capitals means no capitals: in small letters it finds any case."""
    words = _capital_words(query)
    letters = "".join(word for _, word in words)
    if any(char.islower() for char in letters) or not any(len(word) > 5 for _, word in words):
        return query
    return map_words(query, lambda w: w if w.sigil else replace(w, text=w.text.lower()))


def note_capitals(query: Query, notes: list[Note]) -> None:
    """Words that a rule finds in capitals only, where the string found them in any case."""
    short = [(at, word) for at, word in _capital_words(query)
             if 2 <= len(word) <= 5 and word.isalpha() and word.isupper()]  # fmt: skip
    if short:
        shown = ", ".join(dict.fromkeys(word for _, word in short))
        why = "found in capitals only; write it in small letters to find any case"
        notes.append(Note(short[0][0], shown, why))
