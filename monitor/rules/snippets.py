"""Proof for people: the sentences in which a rule's words stand, with the hits marked.

Layer 1, pure. Works on spans, so that whatever found them, the same text is shown.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from monitor.model import Snippet, Span
from monitor.text.sentences import sentences

MOST_SNIPPETS: Final = 2
LONGEST: Final = 320  # characters of one snippet
_MARGIN: Final = 80  # characters kept before the first hit of a long sentence


def snippets(field: str, text: str, spans: Sequence[Span]) -> tuple[Snippet, ...]:
    """The sentences of ``text`` with most different terms, at most two, in their order."""
    own = [span for span in spans if span.field == field]
    if not own:
        return ()
    ranges = [(0, len(text))] if field == "title" else sentences(text)
    held = [
        (low, high, inside)
        for low, high in ranges
        if (inside := [span for span in own if span.start < high and span.end > low])
    ]
    best = sorted(held, key=lambda item: (-len({span.term for span in item[2]}), item[0]))
    return tuple(_snippet(text, *item) for item in sorted(best[:MOST_SNIPPETS]))


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


def _one_line(text: str) -> tuple[str, list[int]]:
    """``text`` with each run of white space as one blank, and where each character went."""
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
