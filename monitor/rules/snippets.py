"""Proof for people: the sentences in which a rule's words stand, with the hits marked.

Layer 1, pure. Works on spans, so that whatever found them, the same text is shown.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from monitor.model import Snippet, Span
from monitor.rules.fields import FieldText
from monitor.text.sentences import Range

MOST_SNIPPETS: Final = 2
LONGEST: Final = 320  # characters of one snippet
_UNEVEN: Final = re.compile(r"\s\s|[^\S ]|^\s")
_MARGIN: Final = 80  # characters kept before the first hit of a long sentence


def snippets(field: FieldText, spans: Sequence[Span]) -> tuple[Snippet, ...]:
    """The sentences of ``field`` with most different terms, at most two, in their order."""
    held: dict[Range, list[Span]] = {}
    for span in spans:
        if span.field == field.name:
            held.setdefault(field.sentence_at(span.start), []).append(span)
    best = sorted(held, key=lambda place: (-len({span.term for span in held[place]}), place))
    return tuple(
        _snippet(field.text, *place, held[place]) for place in sorted(best[:MOST_SNIPPETS])
    )


def _snippet(text: str, low: int, high: int, spans: Sequence[Span]) -> Snippet:
    first = min(span.start for span in spans)
    start, end = low, high
    if high - low > LONGEST:
        start = max(low, min(first - _MARGIN, high - LONGEST))
        end = min(high, start + LONGEST)
        start, end = _to_words(text, start, end, low, high)
    before = "… " if start > low else ""
    after = " …" if end < high else ""
    shown, places = _one_line(text[start:end])
    marks = _merged(
        (
            len(before) + places[max(span.start, start) - start],
            len(before) + places[min(span.end, end) - start],
        )
        for span in spans
        if span.start < end and span.end > start
    )
    return Snippet(before + shown + after, marks)


def _to_words(text: str, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """Move the cuts to blanks, so that no word is shown in half."""
    if start > low:
        blank = text.find(" ", start, start + 30)
        start = blank + 1 if blank >= 0 else start
    if end < high:
        blank = text.rfind(" ", end - 30, end)
        end = blank if blank > start else end
    return start, end


def _one_line(text: str) -> tuple[str, Sequence[int]]:
    """``text`` with each run of white space as one blank, and where each character went."""
    if not _UNEVEN.search(text):
        return text, range(len(text) + 1)
    shown: list[str] = []
    places: list[int] = []
    for char in text:
        places.append(len(shown))
        if char.isspace():
            if shown and shown[-1] != " ":
                shown.append(" ")
        else:
            shown.append(char)
    places.append(len(shown))
    return "".join(shown), places


def _merged(marks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(marks):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        elif high > low:
            merged.append((low, high))
    return tuple(merged)
