"""The elements of Slack's rich text, in which nothing of a stranger is read as markup.

Layer 1, pure. Text from the web stands only in ``rich_text`` elements, which Slack never reads as
markup, so there is nothing to escape. Tokens that would be live in Slack's other text format are
broken all the same.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from monitor.alerts.compose_links import Way
from monitor.alerts.compose_story import FigureView, PlaceView
from monitor.alerts.escape import Run
from monitor.alerts.message import in_words

Element = dict[str, Any]

RUNS_LIMIT: Final = 24  # pieces of a sentence; further hits are not bold
_TOKEN: Final = re.compile(r"<(?=[!@#]|[a-zA-Z][a-zA-Z0-9+.-]{0,20}:)")
_DATE: Final = "{date_short_pretty}, {time}"


def rich(elements: Sequence[Element]) -> Element:
    """A block of rich text."""
    return {"type": "rich_text", "elements": list(elements)}


def section(elements: Iterable[Element]) -> Element:
    """A paragraph."""
    return {"type": "rich_text_section", "elements": list(elements)}


def quote(snippet: tuple[Run, ...]) -> Element:
    """A sentence that was found, its hits in bold."""
    return {"type": "rich_text_quote", "elements": sentence(snippet)}


def bullets(items: Iterable[Element]) -> Element:
    """A list of sections."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)}


def sentence(snippet: tuple[Run, ...]) -> list[Element]:
    """The same sentence as the elements of a section."""
    return [words(run.text, bold=True) if run.hit else words(run.text) for run in _few(snippet)]


def words(text: str, **style: bool) -> Element:
    """A piece of text; ``text`` must not be empty."""
    element: Element = {"type": "text", "text": inert(text)}
    return {**element, "style": dict(style)} if style else element


def linked(text: str, link: str, **style: bool) -> Element:
    """``text`` as a link where there is one."""
    if not link:
        return words(text, **style)
    element: Element = {"type": "link", "url": link, "text": inert(text)}
    return {**element, "style": dict(style)} if style else element


def moment(at: datetime) -> Element:
    """A time, which Slack shows in the reader's own zone."""
    return {
        "type": "date",
        "timestamp": max(0, int(at.timestamp())),
        "format": _DATE,
        "fallback": in_words(at),
    }


def others(shown: tuple[PlaceView, ...], more: int) -> Iterator[Element]:
    """``Also: Sample Herald, City Wire (+3)``, as links where they have one."""
    if not shown and not more:
        return
    yield words("Also: ")
    for position, place in enumerate(shown):
        if position:
            yield words(", ")
        yield linked(place.outlet, place.link)
    if more:
        yield words(f" (+{more})" if shown else f"{more} more")


def figures(shown: tuple[FigureView, ...], more: int) -> Iterator[Element]:
    """Figures one to a line, in the order given; a disputed one with its sentences."""
    for figure in shown:
        if figure.disputed:
            yield words("Disputed: ", bold=True)
        yield words(figure.text + "\n")
        for outlet, said in figure.sentences:
            yield words(f"    {outlet}: {said}\n", italic=True)
    if more:
        yield words(f"and {more} more {'figure' if more == 1 else 'figures'}\n")


def steps(ways: Iterable[Way]) -> Iterator[Element]:
    """The next steps: links where there are pages, else the commands to type."""
    for position, way in enumerate(ways):
        if position:
            yield words("\n")
        if way.link:
            yield linked(way.label, way.link)
        else:
            yield words(f"{way.label}: ")
            yield words(way.command, code=True)


def inert(text: str) -> str:
    """``text`` with the beginnings of Slack's tokens replaced by a look-alike bracket."""
    return _TOKEN.sub("‹", text)


def _few(snippet: tuple[Run, ...]) -> tuple[Run, ...]:
    if len(snippet) <= RUNS_LIMIT:
        return snippet
    rest = "".join(run.text for run in snippet[RUNS_LIMIT:])
    return (*snippet[:RUNS_LIMIT], Run(rest))
