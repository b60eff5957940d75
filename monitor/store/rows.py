"""What the store takes and gives, where ``monitor.model`` has no type of its own.

Times are aware datetimes in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model import (
    Alert,
    Article,
    Decision,
    Delivery,
    DeliveryState,
    Entry,
    Figure,
    Match,
)


class EntryStatus(StrEnum):
    """What has become of an entry of a feed."""

    PENDING = "pending"  # to be read, matched and decided
    BASELINE = "baseline"  # was there at the first poll: known, never alerted
    DONE = "done"  # belongs to a stored article
    DROPPED = "dropped"  # given up without an article; its reason says why


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry that a poll brought, and what is to become of it (PENDING or BASELINE).

    ``names``: hashes by which it will be known (``monitor.feeds.identity``), its id's first; empty:
    that of its id only.
    """

    entry: Entry
    status: EntryStatus = EntryStatus.PENDING
    reason: str = ""
    names: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry that waits to be handled. ``attempts`` counts the times it was put off."""

    id: int
    feed_url: str
    entry: Entry
    attempts: int
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """What is kept of an entry for good."""

    id: int
    feed_url: str
    link: str | None
    status: EntryStatus
    reason: str
    attempts: int
    seen_at: datetime
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """One notifier that is to get an alert, and for which of the alert's rules (empty: all).

    ``due_at`` None: at once.
    """

    notifier: str
    rules: tuple[str, ...] = ()
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """That an article belongs to a story: ``score`` of the likeness and the reason in words."""

    story_id: str
    score: float
    reason: str
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitingAlert:
    """An alert that waits to be told with others of the same ``plan``, and why it waits."""

    notifier: str
    plan: str  # "08:00 Mon-Fri", "quiet hours", "flood", …: items of one plan go out together
    reason: str
    due_at: datetime
    created_at: datetime
    rules: tuple[str, ...]
    alert: Alert


class RecordedAs(StrEnum):
    """What ``record_article`` found."""

    NEW = "new"  # everything was stored
    COPY = "copy"  # the article was known: only a place of publication was added
    DONE = "done"  # the entry had been recorded before: nothing was changed


@dataclass(frozen=True, slots=True)
class Recorded:
    """The article to which the entry now belongs (None: the entry had been dropped)."""

    article_id: str | None
    outcome: RecordedAs


@dataclass(frozen=True, slots=True)
class Thread:
    """A story's first message in a channel (None: it was never to get one), and whether a later
    change of it waits there, which says all that an earlier one would."""

    first: Delivery | None
    is_newer_waiting: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to send a delivery. ``outcome`` is a sentence without secrets."""

    started_at: datetime
    ended_at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article was published: by which feed, under which address."""

    feed_url: str
    url: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article and when it was stored."""

    article: Article
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """An alert with its deliveries, oldest first."""

    alert: Alert
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class DeliveryHistory:
    """A delivery, the rules that asked for it, and every attempt so far."""

    delivery: Delivery
    rules: tuple[str, ...]
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class AlertHistory:
    """Everything that is known of one alert. ``article`` None: a digest, or a notice."""

    alert: Alert
    article: Article | None
    decisions: tuple[Decision, ...]
    deliveries: tuple[DeliveryHistory, ...]


@dataclass(frozen=True, slots=True)
class ArticleHistory:
    """Everything that is known of one article."""

    article: Article
    stored_at: datetime
    urls: tuple[str, ...]  # canonical
    entries: tuple[KnownEntry, ...]
    places: tuple[Place, ...]
    matches: tuple[Match, ...]
    decisions: tuple[Decision, ...]
    alerts: tuple[StoredAlert, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of ``status``. Feeds: active ones only, each in one of four groups."""

    feeds_ok: int
    feeds_waiting: int  # no fault of theirs: asked to wait, or our own network is down
    feeds_failing: int
    feeds_never: int  # never polled
    entries_pending: int  # waiting, those put off included
    entries_deferred: int  # of these, put off to a later time
    articles: int
    deliveries: Mapping[DeliveryState, int]  # states with none are absent
    last_alert_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows one call of ``prune`` removed; both 0: nothing is left to remove."""

    articles: int
    decisions: int
