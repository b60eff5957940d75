"""Lines of plain text: wrapped, with hits between asterisks and next steps on lines of their own.

Layer 1, pure. Sentences are wrapped at 76 characters (RFC 5322, 2.1.1 asks for less than 78); links
and commands never are, so that they can be clicked and copied.
"""

import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

from monitor.alerts.compose_links import Way
from monitor.alerts.compose_story import FigureView
from monitor.alerts.escape import Run, clean

WIDTH: Final = 76


def marked(parts: tuple[Run, ...]) -> str:
    """A sentence with its hits between asterisks."""
    return "".join(f"*{part.text}*" if part.hit else part.text for part in parts)


def wrapped(line: str, first: str = "", later: str | None = None) -> list[str]:
    """``line`` in lines that begin with ``first``, then with ``later`` (the same if None)."""
    return textwrap.wrap(
        clean(line),
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if later is None else later,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]


def figure_lines(figures: Iterable[FigureView], more: int, indent: str = "") -> Iterator[str]:
    """Figures in the order given; a disputed one with the sentence of each outlet."""
    for figure in figures:
        mark = "Disputed: " if figure.disputed else "Figure: "
        yield from wrapped(mark + figure.text, indent, indent + "  ")
        for outlet, sentence in figure.sentences:
            yield from wrapped(f"{outlet}: {sentence}", f"{indent}  > ")
    if more:
        yield f"{indent}and {more} more {'figure' if more == 1 else 'figures'}"


def way_lines(ways: Iterable[Way]) -> Iterator[str]:
    """The next steps: a link where there is a page, else the command."""
    for way in ways:
        yield f"{way.label}: {way.link or way.command}"
