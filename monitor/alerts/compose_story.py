"""What a message says of its story: the other outlets, the figures, and where outlets disagree.

Layer 1, pure. Lengths are characters.
"""

from dataclasses import dataclass
from typing import Final

from monitor.alerts.escape import clean, cut, host_of, link
from monitor.model import Alert, FigureNote, StoryNote

STORY_TITLE_LIMIT: Final = 300
OUTLET_LIMIT: Final = 80
FIGURE_LIMIT: Final = 200
SENTENCE_LIMIT: Final = 240


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Another outlet with the same story; ``link`` may be empty."""

    outlet: str
    link: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure of the story in one line; ``sentences`` are (outlet, sentence) where disputed."""

    text: str
    disputed: bool
    sentences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class StoryView:
    """The story itself: its id, its title, how many reports of it are known."""

    id: str
    title: str
    articles: int


def story_view(note: StoryNote | None) -> StoryView | None:
    """The story of a message; None where it belongs to none."""
    if note is None:
        return None
    return StoryView(clean(note.id), cut(clean(note.title), STORY_TITLE_LIMIT), note.articles)


def places(alert: Alert, most: int) -> tuple[tuple[PlaceView, ...], int]:
    """The first ``most`` other outlets, each once, and how many reports are not shown.

    Copies of the article come first, then the story's other reports. The article's own outlet is
    left out.
    """
    story_places = () if alert.story is None else alert.story.places
    own = cut(clean(alert.source), OUTLET_LIMIT).casefold()
    found: dict[str, PlaceView] = {}
    for name, url in (*alert.places, *story_places):
        shown = link(url)
        outlet = cut(clean(name), OUTLET_LIMIT) or host_of(shown) or "unnamed"
        key = outlet.casefold()
        is_other = key != own or outlet == "unnamed"
        if is_other and (key not in found or (not found[key].link and shown)):
            found[key] = PlaceView(outlet, shown)
    views = tuple(found.values())
    untold = 0  # reports that the story counts and does not name
    if alert.story is not None:
        untold = max(0, alert.story.articles - 1 - len(story_places))
    return views[:most], max(0, len(views) - most) + untold


def also(shown: tuple[PlaceView, ...], more: int) -> str:
    """Outlets in one line: ``Sample Herald, City Wire (+3)``; empty if there are none."""
    names = ", ".join(place.outlet for place in shown)
    if names and more:
        return f"{names} (+{more})"
    return f"{more} more" if more else names


def figures(
    note: StoryNote | None, most: int, sentences: int
) -> tuple[tuple[FigureView, ...], int]:
    """The first ``most`` figures, disputed ones first, and how many are not shown.

    Only a disputed figure shows its sentences (``sentences`` of them), one for each outlet: where
    outlets agree, the line says it all.
    """
    given = () if note is None else note.figures
    views = [view for figure in given if (view := _figure(figure, sentences)).text]
    ordered = sorted(views, key=lambda view: not view.disputed)
    return tuple(ordered[:most]), max(0, len(ordered) - most)


def _figure(note: FigureNote, most: int) -> FigureView:
    shown: dict[str, str] = {}
    for outlet, sentence in note.sentences if note.disputed else ():
        words = cut(clean(sentence), SENTENCE_LIMIT)
        if words:
            shown.setdefault(cut(clean(outlet), OUTLET_LIMIT) or "unnamed", words)
    text = cut(clean(note.text), FIGURE_LIMIT)
    return FigureView(text, note.disputed, tuple(list(shown.items())[:most]))
