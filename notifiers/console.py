"""Prints alerts to the terminal: with colours where there is one, plain into a pipe."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from notifiers import (
    Alert,
    Context,
    Message,
    Receipt,
    Run,
    TemporaryNotifyError,
    compose,
    text,
)

_HIT: Final = "bold black on yellow"
_END: Final = "-" * 76 + "\n"  # between two messages in a pipe
_INDENT: Final = (0, 0, 0, 2)


@dataclass(frozen=True, slots=True)
class Notifier:
    """No options. Writes to standard output."""

    async def send(self, alert: Alert, context: Context) -> Receipt:  # noqa: ARG002  # the protocol
        """Print the alert.

        Raises:
            TemporaryNotifyError: standard output cannot be written (a closed pipe, a full disk).
        """
        try:
            if sys.stdout.isatty():
                _print_rich(compose(alert), sys.stdout)
            else:
                sys.stdout.write(_encodable(text(alert) + _END, sys.stdout))
            sys.stdout.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream was closed
            raise TemporaryNotifyError(
                f"standard output cannot be written ({type(error).__name__})"
            ) from None
        return Receipt()

    def preview(self, alert: Alert, context: Context) -> str:  # noqa: ARG002  # the protocol
        """The plain form."""
        return text(alert)


def _print_rich(message: Message, stream: TextIO) -> None:
    """Rich gets Text values only, so that brackets in a title are not read as its markup."""
    console = Console(file=stream, highlight=False, emoji=False, markup=False)
    colour = "red" if message.urgent else "cyan"
    mark = Text(" URGENT ", "bold white on red") if message.urgent else Text("")
    console.print(Rule(mark, style=colour, align="left"))
    console.print(Text(_encodable(message.title, stream), "bold"))
    if message.byline:
        console.print(Text(_encodable(message.byline, stream), "dim"))
    # soft wrap: a link or command broken over lines could be neither clicked nor copied
    if message.link:
        console.print(Text(message.link, "blue underline"), soft_wrap=True)
    for rule in message.rules:
        for snippet in rule.snippets:
            console.print(Padding(_sentence(snippet, stream), _INDENT))
        level = " (urgent)" if rule.urgent else ""
        console.print(Padding(Text(_encodable(f"{rule.title}{level}", stream), colour), _INDENT))
        if rule.why:
            console.print(Padding(Text(_encodable(rule.why, stream), "dim"), _INDENT))
    for words in _after(message):
        console.print(Padding(Text(_encodable(words, stream), "yellow"), _INDENT))
    console.print(Padding(Text(message.command, "dim"), _INDENT), soft_wrap=True)


def _sentence(snippet: tuple[Run, ...], stream: TextIO) -> Text:
    pieces = (Text(_encodable(run.text, stream), _HIT if run.hit else "") for run in snippet)
    return Text.assemble(*pieces)


def _after(message: Message) -> Iterator[str]:
    if message.more_rules:
        yield f"and {message.more_rules} more rules"
    if message.also:
        yield f"also: {message.also}"
    yield from message.notes


def _encodable(words: str, stream: TextIO) -> str:
    """``words`` with what the terminal's encoding lacks replaced by question marks."""
    encoding = stream.encoding or "utf-8"
    return words.encode(encoding, "replace").decode(encoding, "replace")
