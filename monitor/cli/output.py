"""How commands speak: JSON on standard output for programs, plain text for people.

Layer 5.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.alerts.escape import clean
from monitor.located import Problem
from monitor.secret import redact


def emit(value: Any) -> None:
    """One JSON document on one line of standard output."""
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "), default=_plain)
    # A lone surrogate (broken text from the web) cannot be written as UTF-8.
    sys.stdout.write(text.encode("utf-8", "replace").decode("utf-8") + "\n")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, Iterable):
        return list(value)
    return str(value)


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
    """Untrusted text for a terminal: one line, no control or direction characters."""
    return clean(text)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A plain table on standard output; columns fold to the terminal's width."""
    shown = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        shown.add_row(*(Text(clean_line(cell)) for cell in row))
    Console(highlight=False, width=None if sys.stdout.isatty() else 160).print(shown)
