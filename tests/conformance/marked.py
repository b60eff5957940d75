"""Texts with marked hits: ``⟦Microsoft⟧ buys ⟦Mistral AI⟧`` is an article and what is found in it.

Marks may stand inside each other where two terms share words. ``(60 × word)`` stands for sixty
words, so that a long article stays readable in a table.
"""

import re

OPEN, CLOSE = "⟦", "⟧"
_REPEATED = re.compile(r"\((\d+) × ([^()]+)\)")

Place = tuple[int, int]  # code points of the text without its marks, end excluded


def read(marked: str) -> tuple[str, list[Place]]:
    """The text without its marks, and the places marked in it, by start, then end."""
    plain: list[str] = []
    length = 0
    opened: list[int] = []
    places: list[Place] = []
    for piece in re.split(f"([{OPEN}{CLOSE}])", _written_out(marked)):
        if piece == OPEN:
            opened.append(length)
        elif piece == CLOSE:
            places.append((opened.pop(), length))
        else:
            plain.append(piece)
            length += len(piece)
    assert not opened, f"a mark is not closed in {marked!r}"
    return "".join(plain), sorted(places)


def _written_out(text: str) -> str:
    return _REPEATED.sub(lambda found: " ".join([found[2]] * int(found[1])), text)
