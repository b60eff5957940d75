"""What a message says: an alert turned into the few cleaned facts that every channel shows.

Layer 1, pure. The channels differ in how they show a message, never in what it says; so this is the
one place that chooses, cleans and cuts. Times are UTC; lengths are characters.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from monitor.alerts.escape import Run, clean, cut, host_of, link, runs
from monitor.model import Alert, Hit, Level, Quality

TITLE_LIMIT: Final = 300
NAME_LIMIT: Final = 80  # outlets, rule titles
WHY_LIMIT: Final = 240
NOTE_LIMIT: Final = 200
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
_LONG_ID: Final = 32  # a longer id is shown by its beginning, which the command accepts


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of an alert a message shows; smaller ones make it fit a channel."""

    rules: int = 5
    snippets: int = 2  # per rule
    snippet: int = 400  # characters each
    places: int = 6


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule that fired. A snippet that an earlier rule already shows is left out."""

    title: str
    why: str
    urgent: bool
    snippets: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Another outlet with the same article; ``link`` may be empty."""

    outlet: str
    link: str


@dataclass(frozen=True, slots=True)
class Message:
    """The cleaned facts. An empty text means that there is nothing to say."""

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
    command: str

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
        names = ", ".join(place.outlet for place in self.places)
        return f"{names} (+{self.more_places})" if names and self.more_places else names


def compose(alert: Alert, limits: Limits = Limits()) -> Message:
    """The message for ``alert``."""
    shown_link = link(alert.url)
    host = host_of(shown_link)
    outlet = cut(clean(alert.source), NAME_LIMIT)
    loudest = sorted(alert.hits, key=lambda hit: hit.level is not Level.URGENT)
    return Message(
        title=cut(clean(alert.title), TITLE_LIMIT) or host or outlet or "(no title)",
        link=shown_link,
        host=host,
        outlet=outlet,
        published=alert.published,
        urgent=alert.level is Level.URGENT,
        rules=_rules(tuple(loudest[: limits.rules]), limits),
        more_rules=max(0, len(alert.hits) - limits.rules),
        places=tuple(
            PlaceView(cut(clean(name), NAME_LIMIT) or host_of(link(url)) or "unnamed", link(url))
            for name, url in alert.places[: limits.places]
        ),
        more_places=max(0, len(alert.places) - limits.places),
        notes=_notes(alert),
        command=f"news-monitor alerts show {_short(alert.id)}",
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


def _short(alert_id: str) -> str:
    """The id as the command line takes it: one word, letters, digits, dots, dashes, colons."""
    word = "".join(
        char for char in alert_id if char.isascii() and (char.isalnum() or char in ".-_:")
    )
    return word if len(word) <= _LONG_ID else word[:16]
