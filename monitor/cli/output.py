"""How commands speak: JSON on standard output for programs, plain text for people.

Layer 5. Imports little, for every command begins here.
"""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import click

from monitor.alerts.escape import clean
from monitor.located import Problem
from monitor.secret import redact

_ASCII: Final = json.JSONEncoder(allow_nan=False)
_UNICODE: Final = json.JSONEncoder(allow_nan=False, ensure_ascii=False)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def emit(value: Any, *, at_once: bool = False) -> None:
    """One JSON document on one line of standard output, valid UTF-8 in every locale.

    ``at_once``: whoever reads a pipe gets it now, and not when the buffer is full.

    Half a surrogate pair (broken text from the web) leaves as it came: as an escape (RFC 8259,
    8.2), since no UTF-8 can hold it.
    """
    ascii_only = (sys.stdout.encoding or "utf-8").lower().replace("-", "") != "utf8"
    text = (_ASCII if ascii_only else _UNICODE).encode(value)
    if not text.isascii():
        text = _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    sys.stdout.write(text + "\n")
    if at_once:
        sys.stdout.flush()


def iso(moment: datetime | None) -> str | None:
    """``moment`` in UTC as ISO 8601 with Z, whole seconds; None stays None."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def say(text: str = "") -> None:
    """A line for people on standard output; text from the web is made harmless by the caller."""
    click.echo(text)


def complain(text: str) -> None:
    """A line for people on standard error, secrets masked."""
    click.echo(redact(text), err=True)


def problem_lines(problems: Sequence[Problem]) -> None:
    """Each problem on a line of standard error: path:line:column, what, mend."""
    for problem in problems:
        complain(clean_line(str(problem)))


def clean_line(text: str) -> str:
    """Untrusted text for a terminal: one line, no control or direction characters.

    Blanks at its beginning stay: they are ours, and indent.
    """
    return " " * (len(text) - len(text.lstrip(" "))) + clean(text)


def count(number: int, one: str, many: str | None = None) -> str:
    """``1 feed``, ``2 feeds``; ``many`` where an s is not enough (``entry``, ``entries``)."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A plain table on standard output.

    On a terminal, cells fold to its width. In a pipe each row is one line, however long, so that
    ``grep`` and ``cut`` see whole rows.
    """
    cells = [[clean_line(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _fold(columns, cells)
        return
    from rich.cells import cell_len  # letters of Chinese or Japanese are two columns wide

    lines = [list(columns), *cells]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (
            cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True)
        )
        say("  ".join(padded).rstrip())


def _fold(columns: Sequence[str], cells: Iterable[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in cells:
        shown.add_row(*map(Text, row))
    Console(highlight=False).print(shown)
