"""A message as plain text: for a terminal, a pipe and the text part of a mail. Layer 1, pure."""

from collections.abc import Iterator
from typing import Final

from monitor.alerts.compose_digest import ITEMS, compose_digest
from monitor.alerts.escape import cut
from monitor.alerts.message import Message, compose
from monitor.alerts.render_text_digest import digest_lines
from monitor.alerts.render_text_lines import figure_lines, marked, way_lines, wrapped
from monitor.model import Alert, MessageKind

__all__ = ["marked", "reply_subject", "subject", "text"]

_SUBJECT_LIMIT: Final = 150


def text(alert: Alert, public_url: str | None = None, *, most: int = ITEMS) -> str:
    """``alert`` as lines of plain text, ending with a newline.

    ``public_url`` is where our own page is served; without it commands stand for links. ``most``
    is how many alerts of a digest are shown.
    """
    if alert.kind is MessageKind.DIGEST:
        lines = digest_lines(compose_digest(alert, most, public_url))
    else:
        lines = _lines(compose(alert, public_url=public_url))
    return "\n".join(lines) + "\n"


def subject(alert: Alert) -> str:
    """One line: the title, marked when urgent. For subjects and notification banners."""
    message = compose(alert)
    mark = "[urgent] " if message.urgent else ""
    if alert.kind is MessageKind.UPDATE:
        mark += "Update: "
    return mark + cut(message.title, _SUBJECT_LIMIT - len(mark))


def reply_subject(alert: Alert) -> str:
    """The subject of an update: that of the story's first mail, so that mailboxes join the two.

    Several mailboxes join by subject as well as by References (RFC 5256, 2.1: base subject).
    """
    message = compose(alert)
    title = message.part_of or message.title
    return "Re: " + cut(title, _SUBJECT_LIMIT - 4)


def _lines(message: Message) -> Iterator[str]:
    yield from wrapped(_mark(message) + message.title)
    if message.because:
        again = message.kind is MessageKind.UPDATE
        yield from wrapped(f"Again: {message.because}" if again else message.because)
    if message.part_of:
        yield from wrapped(f"Story: {message.part_of}", "", "       ")
    if message.byline:
        yield from wrapped(message.byline)
    if message.link:
        yield message.link
    yield from _rules(message)
    yield from _around(message)
    yield ""
    yield from way_lines(message.ways)


def _mark(message: Message) -> str:
    urgent = "URGENT" if message.urgent else ""
    update = "UPDATE" if message.kind is MessageKind.UPDATE else ""
    words = " ".join(word for word in (urgent, update) if word)
    return f"{words}: " if words else ""


def _rules(message: Message) -> Iterator[str]:
    for rule in message.rules:
        yield ""
        for snippet in rule.snippets:
            yield from wrapped(marked(snippet), "  > ")
        yield from wrapped(f"Rule: {rule.title}" + (" (urgent)" if rule.urgent else ""), "", "  ")
        if rule.why:
            yield from wrapped(f"Why:  {rule.why}", "", "      ")
    if message.more_rules:
        yield f"and {message.more_rules} more rules"


def _around(message: Message) -> Iterator[str]:
    if message.also or message.notes or message.figures:
        yield ""
    yield from figure_lines(message.figures, message.more_figures)
    if message.also:
        yield from wrapped(f"Also: {message.also}", "", "      ")
        yield from (f"      {place.link}" for place in message.places if place.link)
    for note in message.notes:
        yield from wrapped(f"Note: {note}", "", "      ")
