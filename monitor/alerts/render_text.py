"""A message as plain text: for a terminal, a pipe and the text part of a mail.

Layer 1, pure. Hits stand between asterisks. Sentences are wrapped at 76 characters (RFC 5322,
2.1.1 asks for less than 78); links and commands never are, so that they can be clicked and copied.
"""

import textwrap
from collections.abc import Iterator
from typing import Final

from monitor.alerts.escape import Run, clean, cut
from monitor.alerts.message import Message, PlaceView, compose
from monitor.model import Alert

_WIDTH: Final = 76
_SUBJECT_LIMIT: Final = 150


def text(alert: Alert) -> str:
    """``alert`` as lines of plain text, ending with a newline."""
    return "\n".join(_lines(compose(alert))) + "\n"


def subject(alert: Alert) -> str:
    """One line: the title, marked when urgent. For subjects and notification banners."""
    message = compose(alert)
    mark = "[urgent] " if message.urgent else ""
    return mark + cut(message.title, _SUBJECT_LIMIT - len(mark))


def marked(parts: tuple[Run, ...]) -> str:
    """A sentence with its hits between asterisks."""
    return "".join(f"*{part.text}*" if part.hit else part.text for part in parts)


def _lines(message: Message) -> Iterator[str]:
    yield from _wrapped(("URGENT: " if message.urgent else "") + message.title)
    if message.byline:
        yield from _wrapped(message.byline)
    if message.link:
        yield message.link
    for rule in message.rules:
        yield ""
        for snippet in rule.snippets:
            yield from _wrapped(marked(snippet), "  > ")
        yield from _wrapped(f"Rule: {rule.title}" + (" (urgent)" if rule.urgent else ""), "", "  ")
        if rule.why:
            yield from _wrapped(f"Why:  {rule.why}", "", "      ")
    if message.more_rules:
        yield f"and {message.more_rules} more rules"
    if message.places or message.notes:
        yield ""
    if message.places:
        yield from _wrapped(f"Also: {message.also}", "", "      ")
        yield from (f"      {place.link}" for place in _linked(message.places))
    for note in message.notes:
        yield from _wrapped(f"Note: {note}", "", "      ")
    yield ""
    yield f"More: {message.command}"


def _linked(places: tuple[PlaceView, ...]) -> tuple[PlaceView, ...]:
    return tuple(place for place in places if place.link)


def _wrapped(line: str, first: str = "", later: str | None = None) -> list[str]:
    return textwrap.wrap(
        clean(line),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=first if later is None else later,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]
