"""What a digest says: its alerts, put together by story, the loudest first, the rest counted.

Layer 1, pure. A digest shows each alert shorter than a message of its own would.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from monitor.alerts.compose_links import Way, digest_way
from monitor.alerts.compose_story import FigureView, PlaceView, also, figures, places
from monitor.alerts.escape import Run, clean, cut
from monitor.alerts.message import NOTICE_LIMIT, TITLE_LIMIT, Limits, Message, compose
from monitor.model import Alert, Level, MessageKind

ITEMS: Final = 100  # shown at most; a mail of more is cut off by some mailboxes
_ITEM: Final = Limits(rules=3, snippets=1, snippet=220, places=0, figures=0, sentences=0)
_PLACES: Final = 4
_FIGURES: Final = 2
_DEEPEST: Final = 5  # digests inside digests


@dataclass(frozen=True, slots=True)
class DigestStory:
    """One story of a digest. ``title`` is empty where it has one alert, which has its own."""

    title: str
    items: tuple[Message, ...]
    places: tuple[PlaceView, ...]
    more_places: int
    figures: tuple[FigureView, ...]

    @property
    def also(self) -> str:
        """The other outlets: ``Sample Herald, City Wire (+3)``; empty if there are none."""
        return also(self.places, self.more_places)


@dataclass(frozen=True, slots=True)
class Digest:
    """The cleaned facts of a digest. ``total`` counts its alerts, ``left_out`` those not shown."""

    title: str
    because: str
    urgent: bool
    stories: tuple[DigestStory, ...]
    total: int
    left_out: int
    way: Way


def compose_digest(alert: Alert, most: int = ITEMS, public_url: str | None = None) -> Digest:
    """The digest of ``alert.items`` with at most ``most`` of them, grouped by story.

    A story stands where its first alert stood; stories with an urgent alert come first. Digests
    among the items are opened.
    """
    items = list(_flat(alert.items))
    groups: dict[str, list[Alert]] = {}
    for position, item in enumerate(items):
        key = f"story {item.story.id}" if item.story is not None else f"alone {position}"
        groups.setdefault(key, []).append(item)
    ordered = sorted(groups.values(), key=lambda group: not _is_urgent(group))
    stories: list[DigestStory] = []
    left = most
    for group in ordered:
        if left > 0:
            stories.append(_story(group, left, public_url))
            left -= len(stories[-1].items)
    shown = sum(len(story.items) for story in stories)
    return Digest(
        title=cut(clean(alert.title), TITLE_LIMIT) or f"{len(items)} alerts",
        because=cut(clean(alert.because), NOTICE_LIMIT),
        urgent=_is_urgent(items),
        stories=tuple(stories),
        total=len(items),
        left_out=len(items) - shown,
        way=digest_way(alert.id, public_url),
    )


def fitting(most: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to ``most`` that ``fits``, found by halving; 0 if none does."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _story(group: list[Alert], most: int, public_url: str | None) -> DigestStory:
    latest = max(group, key=lambda item: item.created_at)
    told = {clean(item.source).casefold() for item in group}
    others, more = places(latest, len(latest.places) + _story_places(latest))
    others = tuple(place for place in others if place.outlet.casefold() not in told)
    shown_figures, _ = figures(latest.story, _FIGURES, 0)
    title = ""
    if len(group) > 1 and latest.story is not None:
        title = cut(clean(latest.story.title), TITLE_LIMIT) or cut(
            clean(group[0].title), TITLE_LIMIT
        )
    return DigestStory(
        title=title,
        items=tuple(_once(compose(item, _ITEM, public_url) for item in group[:most])),
        places=others[:_PLACES],
        more_places=max(0, len(others) - _PLACES) + more,
        figures=shown_figures,
    )


def _once(items: Iterable[Message]) -> Iterator[Message]:
    """The alerts of one story, each sentence at the first that has it: agencies are copied."""
    seen: set[tuple[Run, ...]] = set()
    for item in items:
        rules = []
        for rule in item.rules:
            kept = tuple(snippet for snippet in rule.snippets if snippet not in seen)
            seen.update(kept)
            rules.append(replace(rule, snippets=kept))
        yield replace(item, rules=tuple(rules))


def _story_places(alert: Alert) -> int:
    return 0 if alert.story is None else len(alert.story.places)


def _is_urgent(items: Iterable[Alert]) -> bool:
    return any(item.level is Level.URGENT for item in items)


def _flat(items: Iterable[Alert], depth: int = 0) -> Iterator[Alert]:
    for item in items:
        if item.kind is MessageKind.DIGEST and item.items and depth < _DEEPEST:
            yield from _flat(item.items, depth + 1)
        else:
            yield item
