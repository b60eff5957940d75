"""A digest as plain text: numbered alerts under the stories that they tell. Layer 1, pure."""

from collections.abc import Iterator
from itertools import count
from typing import Final

from monitor.alerts.compose_digest import Digest, DigestStory
from monitor.alerts.message import Message
from monitor.alerts.render_text_lines import figure_lines, marked, way_lines, wrapped

_INDENT: Final = "   "


def digest_lines(digest: Digest) -> Iterator[str]:
    """All lines of the digest; they say how many alerts were left out, and where these are."""
    yield from wrapped(digest.title)
    if digest.because:
        yield from wrapped(digest.because)
    numbers = count(1)
    for story in digest.stories:
        yield ""
        yield from _story(story, numbers)
    yield ""
    if digest.left_out:
        yield f"and {digest.left_out} more of {digest.total}"
    yield from way_lines([digest.way])


def _story(story: DigestStory, numbers: "count[int]") -> Iterator[str]:
    if story.title:
        yield from wrapped(f"Story: {story.title}", "", "       ")
        yield from _around(story)
    for item in story.items:
        yield from _item(item, next(numbers))
    if not story.title:
        yield from _around(story)


def _around(story: DigestStory) -> Iterator[str]:
    if story.also:
        yield from wrapped(f"Also: {story.also}", _INDENT, _INDENT + "      ")
    yield from figure_lines(story.figures, 0, _INDENT)


def _item(item: Message, number: int) -> Iterator[str]:
    urgent = "URGENT: " if item.urgent else ""
    yield from wrapped(f"{number}. {urgent}{item.title}", "", _INDENT)
    if item.byline:
        yield from wrapped(item.byline, _INDENT)
    if item.because:
        yield from wrapped(item.because, _INDENT)
    for rule in item.rules[:1]:
        for snippet in rule.snippets:
            yield from wrapped(marked(snippet), f"{_INDENT}> ")
    if item.rules:
        named = ", ".join(rule.title for rule in item.rules)
        more = f" (+{item.more_rules})" if item.more_rules else ""
        yield from wrapped(f"Rule: {named}{more}", _INDENT, _INDENT + "  ")
    for note in item.notes:
        yield from wrapped(f"Note: {note}", _INDENT, _INDENT + "  ")
    if item.link:
        yield _INDENT + item.link
