"""What a message says: an alert turned into the few cleaned facts that every channel shows.

Layer 1, pure. The channels differ in how they show a message, never in what it says; so this is the
one place that chooses, cleans and cuts. Times are UTC; lengths are characters.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from monitor.alerts.compose_links import Way, notice_way, silence_way, why_way
from monitor.alerts.compose_story import (
    FigureView,
    PlaceView,
    StoryView,
    also,
    figures,
    places,
    story_view,
)
from monitor.alerts.escape import Run, clean, cut, host_of, link, runs
from monitor.model import Alert, Hit, Level, MessageKind, Quality

__all__ = [
    "FigureView",
    "Limits",
    "Message",
    "PlaceView",
    "RuleView",
    "StoryView",
    "Way",
    "compose",
    "in_words",
]

TITLE_LIMIT: Final = 300
NAME_LIMIT: Final = 80  # outlets, rule titles
WHY_LIMIT: Final = 240
NOTE_LIMIT: Final = 200
NOTICE_LIMIT: Final = 1000
DUPLICATE_NOTE: Final = "possible duplicate: an earlier copy of this message may have arrived"
_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of an alert a message shows; smaller ones make it fit a channel."""

    rules: int = 5
    snippets: int = 2  # per rule
    snippet: int = 400  # characters each
    places: int = 6
    figures: int = 4
    sentences: int = 3  # per disputed figure


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule that fired. A snippet that an earlier rule already shows is left out."""

    title: str
    why: str
    urgent: bool
    snippets: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """The cleaned facts. An empty text means that there is nothing to say.

    ``because`` says why the message is sent where a title cannot: what is new in an update, the
    whole content of a notice. ``more_places`` and ``more_figures`` count what is not shown.
    """

    kind: MessageKind
    title: str
    link: str
    host: str
    outlet: str
    published: datetime | None
    urgent: bool
    rules: tuple[RuleView, ...]
    more_rules: int
    places: tuple[PlaceView, ...]
    more_places: int
    notes: tuple[str, ...]
    because: str
    story: StoryView | None
    figures: tuple[FigureView, ...]
    more_figures: int
    more: Way
    silence: Way | None

    @property
    def command(self) -> str:
        """The command that tells how this message came about."""
        return self.more.command

    @property
    def ways(self) -> tuple[Way, ...]:
        """The next steps that the message offers."""
        return (self.more,) if self.silence is None else (self.more, self.silence)

    @property
    def part_of(self) -> str:
        """The story's title, where an update's own title does not tell it; else empty."""
        if self.kind is not MessageKind.UPDATE or self.story is None:
            return ""
        return "" if self.story.title.casefold() == self.title.casefold() else self.story.title

    @property
    def source(self) -> str:
        """Outlet and host: ``Example News (example.org)``, or what there is of the two."""
        if self.outlet and self.host and self.host.lower() not in self.outlet.lower():
            return f"{self.outlet} ({self.host})"
        return self.outlet or self.host

    @property
    def when(self) -> str:
        """The time of publication in words, or an empty text."""
        return "" if self.published is None else in_words(self.published)

    @property
    def byline(self) -> str:
        """Outlet, host and time in one line, or what there is of them."""
        return " · ".join(part for part in (self.source, self.when) if part)

    @property
    def also(self) -> str:
        """The other outlets: ``Sample Herald, City Wire (+3)``; empty if there are none."""
        return also(self.places, self.more_places)


def compose(alert: Alert, limits: Limits = Limits(), public_url: str | None = None) -> Message:
    """The message for ``alert``; ``public_url`` is where our own page is served, if it is."""
    shown_link = link(alert.url)
    host = host_of(shown_link)
    outlet = cut(clean(alert.source), NAME_LIMIT)
    loudest = sorted(alert.hits, key=lambda hit: hit.level is not Level.URGENT)
    shown_places, more_places = places(alert, limits.places)
    shown_figures, more_figures = figures(alert.story, limits.figures, limits.sentences)
    notice = alert.kind is MessageKind.NOTICE
    return Message(
        kind=alert.kind,
        title=cut(clean(alert.title), TITLE_LIMIT) or host or outlet or "(no title)",
        link=shown_link,
        host=host,
        outlet=outlet,
        published=alert.published,
        urgent=alert.level is Level.URGENT,
        rules=_rules(tuple(loudest[: limits.rules]), limits),
        more_rules=max(0, len(alert.hits) - limits.rules),
        places=shown_places,
        more_places=more_places,
        notes=_notes(alert),
        because=cut(clean(alert.because), NOTICE_LIMIT if notice else WHY_LIMIT),
        story=story_view(alert.story),
        figures=shown_figures,
        more_figures=more_figures,
        more=notice_way(public_url) if notice else why_way(shown_link, alert.id, public_url),
        silence=None if alert.story is None else silence_way(alert.story.id, public_url),
    )


def in_words(moment: datetime) -> str:
    """``22 Nov 2026, 14:05 UTC``: the same in every locale."""
    utc = moment.astimezone(UTC)
    return f"{utc.day} {_MONTHS[utc.month - 1]} {utc.year}, {utc:%H:%M} UTC"


def _rules(hits: tuple[Hit, ...], limits: Limits) -> tuple[RuleView, ...]:
    seen: set[tuple[Run, ...]] = set()
    views = []
    for hit in hits:
        snippets: list[tuple[Run, ...]] = []
        for snippet in hit.snippets:
            shown = runs(snippet.text, snippet.marks, limits.snippet)
            if shown and shown not in seen and len(snippets) < limits.snippets:
                seen.add(shown)
                snippets.append(shown)
        title = cut(clean(hit.title) or clean(hit.rule_id) or "unnamed rule", NAME_LIMIT)
        why = cut(clean(hit.why), WHY_LIMIT)
        views.append(RuleView(title, why, hit.level is Level.URGENT, tuple(snippets)))
    return tuple(views)


def _notes(alert: Alert) -> tuple[str, ...]:
    notes = []
    if alert.quality is not Quality.OK:
        reason = cut(clean(alert.quality_reason), NOTE_LIMIT)
        what = "title only" if alert.quality is Quality.FAILED else "summary only"
        notes.append(f"{what}: {reason}" if reason else what)
    if alert.possible_duplicate:
        notes.append(DUPLICATE_NOTE)
    return tuple(notes)
