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
    MessageKind,
    Receipt,
    Run,
    TemporaryNotifyError,
    check_template,
    compose,
    filled,
    public_url,
    text,
)

_HIT: Final = "bold black on yellow"
_END: Final = "-" * 76 + "\n"  # between two messages in a pipe
_INDENT: Final = (0, 0, 0, 2)


@dataclass(frozen=True, slots=True)
class Notifier:
    """Writes to standard output; ``template`` words the message."""

    template: str | None = None

    def __post_init__(self) -> None:
        check_template("template", self.template)

    async def send(self, alert: Alert, context: Context) -> Receipt:
        """Print the message.

        Raises:
            TemporaryNotifyError: standard output cannot be written (a closed pipe, a full disk).
        """
        words, note = filled("template", self.template, alert, context)
        page = public_url(context)
        try:
            if words is not None:
                sys.stdout.write(_encodable(words.rstrip("\n") + "\n", sys.stdout))
            elif not sys.stdout.isatty():
                sys.stdout.write(_encodable(text(alert, page) + _END, sys.stdout))
            elif alert.kind is MessageKind.DIGEST:
                _print_digest(text(alert, page), sys.stdout)
            else:
                _print_rich(compose(alert, public_url=page), sys.stdout)
            sys.stdout.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream was closed
            raise TemporaryNotifyError(
                f"standard output cannot be written ({type(error).__name__})"
            ) from None
        return Receipt(note=note)

    def preview(self, alert: Alert, context: Context) -> str:
        """The plain form."""
        words, note = filled("template", self.template, alert, context)
        head = f"# {note}\n" if note else ""
        return words if words is not None else head + text(alert, public_url(context))


def _print_digest(words: str, stream: TextIO) -> None:
    """A digest as it stands in a pipe, under a line of its own."""
    console = Console(file=stream, highlight=False, emoji=False, markup=False)
    console.print(Rule(style="cyan"))
    console.print(Text(_encodable(words, stream)), soft_wrap=True)


def _print_rich(message: Message, stream: TextIO) -> None:
    """Rich gets Text values only, so that brackets in a title are not read as its markup."""
    console = Console(file=stream, highlight=False, emoji=False, markup=False)
    colour = "red" if message.urgent else "cyan"
    mark = Text(" URGENT ", "bold white on red") if message.urgent else Text("")
    console.print(Rule(mark, style=colour, align="left"))
    update = "Update: " if message.kind is MessageKind.UPDATE else ""
    console.print(Text(_encodable(update + message.title, stream), "bold"))
    if message.because:
        console.print(Text(_encodable(message.because, stream), "bold" if update else ""))
    if message.part_of:
        console.print(Text(_encodable(f"Story: {message.part_of}", stream), "dim"))
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
    for way in message.ways:
        step = f"{way.label}: {way.link or way.command}"
        console.print(Padding(Text(step, "dim"), _INDENT), soft_wrap=True)


def _sentence(snippet: tuple[Run, ...], stream: TextIO) -> Text:
    pieces = (Text(_encodable(run.text, stream), _HIT if run.hit else "") for run in snippet)
    return Text.assemble(*pieces)


def _after(message: Message) -> Iterator[str]:
    if message.more_rules:
        yield f"and {message.more_rules} more rules"
    for figure in message.figures:
        yield ("disputed: " if figure.disputed else "") + figure.text
        yield from (f"  {outlet}: {sentence}" for outlet, sentence in figure.sentences)
    if message.more_figures:
        yield f"and {message.more_figures} more figures"
    if message.also:
        yield f"also: {message.also}"
    yield from message.notes


def _encodable(words: str, stream: TextIO) -> str:
    """``words`` with what the terminal's encoding lacks replaced by question marks."""
    encoding = stream.encoding or "utf-8"
    return words.encode(encoding, "replace").decode(encoding, "replace")
