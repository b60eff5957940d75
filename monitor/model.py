"""The values of the flow, in its order: what each stage hands to the next.

Layer 0: frozen, no behaviour beyond what a value knows of itself. Times are aware datetimes in
UTC; durations are seconds; lengths are characters unless bytes are said. What the user wrote
(settings: ``Feed``) and what we learnt (``FeedState``) never share a type. Absence is a type
(``NotModified``), not None and a flag.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from monitor.secret import Secret


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as the user wrote it in config.yaml."""

    url: str
    name: str | None = None
    every: float | None = None  # seconds; None: adaptive
    enabled: bool = True
    headers: tuple[tuple[str, Secret], ...] = ()  # sent to the feed's own origin only
    username: str | None = None
    password: Secret | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    tier: int | None = None
    include: str | None = None  # CSS: only these elements of its pages are the article
    remove: str | None = None  # CSS: these are no part of it
    sitemap: bool = False  # a sitemap, or an index whose sitemaps are followed


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request sends back, byte for byte as it came (RFC 9110, 13.1)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FeedMemory:
    """What a feed's answers taught beside its entries: seldom read, seldom changed.

    ``moved_to``: where permanent redirects led, ``moved_count`` times since ``moved_since``.
    ``gone``: answers 410 in a row, the first at ``gone_since``. ``told``: the trouble that the log
    was told of last, so that it is told once.
    """

    ttl: float | None = None  # seconds: the feed's own wish (ttl, syndication)
    skip_hours: tuple[int, ...] = ()  # hours of the day (UTC) in which it asks for no poll
    skip_days: tuple[int, ...] = ()  # days, Monday is 0
    hub: str | None = None  # WebSub
    topic: str | None = None  # the address by which the hub knows it
    moved_to: str | None = None
    moved_count: int = 0
    moved_since: datetime | None = None
    gone: int = 0
    gone_since: datetime | None = None
    told: str | None = None
    answered_from: str | None = None  # where redirects ended; it gave the validators. None: asked


@dataclass(frozen=True, slots=True)
class FeedState:
    """What we learnt about a feed. A feed never polled has ``last_polled_at`` None."""

    url: str
    title: str | None = None
    validators: Validators = Validators()
    body_sha256: str | None = None  # of the decoded body last parsed
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_changed_at: datetime | None = None  # last time a new entry appeared
    next_poll_at: datetime | None = None  # None: due now
    not_before: datetime | None = None  # the server's wish (Retry-After); nothing beats it
    interval: float | None = None  # seconds; the adaptive interval now in force
    failures: int = 0  # in a row
    last_error: str | None = None
    baseline_at: datetime | None = None  # when the first successful poll was stored
    rhythm: bytes | None = None  # when it publishes, packed (monitor.feeds.rhythm_history)
    memory: FeedMemory = FeedMemory()


@dataclass(frozen=True, slots=True)
class Freshness:
    """What a server said about when to come back; seconds, None where it said nothing."""

    max_age: float | None = None  # Cache-Control: max-age minus Age, or Expires minus Date
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A 200 (or 226) answer with a body, decoded and within its limits."""

    url: str  # asked for
    final_url: str  # after redirects
    status: int
    body: bytes
    content_type: str | None
    validators: Validators
    freshness: Freshness
    moved_permanently_to: str | None = None  # where a chain of 301/308 alone led
    links: tuple[tuple[str, str], ...] = ()  # Link header: (rel, absolute address), hub and self


@dataclass(frozen=True, slots=True)
class NotModified:
    """A 304: nothing to parse. Validators of the 304 replace stored ones where present."""

    url: str
    validators: Validators
    freshness: Freshness


class FetchProblem(StrEnum):
    """Why a fetch gave nothing; each needs another reaction."""

    REFUSED_ADDRESS = "refused address"  # a private, loopback or metadata address
    BAD_URL = "bad url"
    DNS = "name not found"
    CONNECT = "no connection"
    TLS = "certificate"
    TIMEOUT = "timeout"
    TOO_LARGE = "too large"
    BAD_BODY = "bad body"  # truncated, undecodable, unknown coding
    REDIRECT = "redirect"  # loop, too many, to another scheme
    HTTP = "http status"
    RATE_LIMITED = "rate limited"  # 429, or 503 with Retry-After


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """No usable answer. ``message`` is one sentence for people, without secrets."""

    url: str
    problem: FetchProblem
    message: str
    status: int | None = None
    freshness: Freshness = Freshness()


FetchResult: TypeAlias = Fetched | NotModified | FetchFailed


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed as the feed gives it (RFC 4287 "entry", RSS "item").

    ``title`` is plain text; ``summary`` and ``content`` are HTML as given, never shown as such.
    """

    id: str  # guid or atom:id, else link, else a hash of title and time
    link: str | None
    title: str
    summary: str = ""
    content: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document: what ``feeds parse`` prints."""

    format: str  # "rss 2.0", "atom 1.0", … or "unknown"
    title: str
    link: str | None
    entries: tuple[Entry, ...]
    language: str | None = None
    ttl: float | None = None  # seconds: RSS <ttl>, syndication period; None if absent or absurd
    skip_hours: tuple[int, ...] = ()  # RSS skipHours, UTC
    skip_days: tuple[int, ...] = ()  # RSS skipDays, Monday is 0
    hub: str | None = None  # WebSub: link rel="hub"
    topic: str | None = None  # link rel="self"
    warnings: tuple[str, ...] = ()


class Quality(StrEnum):
    """How much of an article we have."""

    OK = "ok"  # the page's own text
    SUMMARY = "summary"  # the feed's text stands in for the body
    STUB = "stub"  # a paywall, consent or login page: little or foreign text
    FAILED = "failed"  # nothing but the title


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was read from a page: what ``extract`` prints. Paragraphs are parted by blank lines."""

    title: str
    text: str
    author: str | None
    published: datetime | None
    language: str | None
    quality: Quality
    reason: str  # why this quality, in plain words
    canonical_url: str | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """What the rules see. ``text`` is the body: paragraphs parted by blank lines."""

    id: str
    url: str
    title: str
    text: str
    lead: str | None = None  # None: the first paragraph or 60 words of text
    summary: str = ""
    source: str = ""  # the outlet's name
    author: str = ""
    language: str | None = None
    published: datetime | None = None
    tags: tuple[str, ...] = ()
    quality: Quality = Quality.OK
    quality_reason: str = ""
    fingerprint: str = ""  # of the words; equal for the same text under another address


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Where a term was found: code points of the field as given, end excluded."""

    field: str  # title | body | lead | summary | author | url | source
    start: int
    end: int
    term: str  # as written in the rule


@dataclass(frozen=True, slots=True)
class Snippet:
    """A sentence with the hits marked: ``marks`` are (start, end) in characters of ``text``."""

    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Match:
    """One rule that fired on one article, with its evidence."""

    rule_id: str
    spans: tuple[Span, ...]
    snippets: tuple[Snippet, ...]


class Level(StrEnum):
    """How loud a rule is."""

    INFO = "info"
    NORMAL = "normal"
    URGENT = "urgent"


class Outcome(StrEnum):
    """What an article × rule came to."""

    SENT = "sent"  # handed to the outbox for at least one notifier
    SILENT = "silent"


class Reason(StrEnum):
    """Why; stored with each decision and shown by ``alerts``."""

    FIRST_REPORT = "first report"
    AGAIN = "again"  # a story that was alerted, told once more for a reason the rule names
    ON_REQUEST = "applied later on request"
    BASELINE = "baseline"  # it was there at the feed's first poll
    COPY = "copy"  # the words of an article that is known
    EXPIRED = "expired rule"
    SOURCE = "source condition"
    TOO_OLD = "too old"
    NO_NOTIFIER = "no notifier"
    NO_ROUTE = "no route"
    ALREADY_ALERTED = "already alerted"  # this rule, in this story
    SILENCED = "silenced"
    MUTED = "muted"  # by a louder rule in the same story
    QUIET_HOURS = "quiet hours"  # this and those below: held, and told in one message later
    DAILY_LIMIT = "daily limit"
    HOURLY_LIMIT = "hourly limit"
    FLOOD_FUSE = "flood fuse"


@dataclass(frozen=True, slots=True)
class Decision:
    """The one recorded outcome of an article × rule."""

    article_id: str
    rule_id: str
    outcome: Outcome
    reason: Reason
    detail: str  # one sentence for people
    notify: tuple[str, ...] = ()  # notifier names; empty when silent


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule named by an alert: its evidence as a person reads it."""

    rule_id: str
    title: str
    level: Level
    why: str  # one line: which words, where
    snippets: tuple[Snippet, ...]
    labels: tuple[tuple[str, str], ...] = ()


class MessageKind(StrEnum):
    """What a message is about."""

    ALERT = "alert"  # a report that nobody was told of yet
    UPDATE = "update"  # more on a story that was alerted before; ``follows`` names that alert
    DIGEST = "digest"  # several alerts in one message: ``items``
    NOTICE = "notice"  # the program about itself, to ``operations.notify``


class FigureKind(StrEnum):
    """What a figure counts."""

    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of an article, with the sentence it stands in."""

    kind: FigureKind
    value: str  # comparable: "USD 2100000000", "12.5 %", "2026-11-22", "3200 jobs"
    text: str  # as the article writes it
    says: str  # what it is said to be: "investment", "valuation", …; empty if the text does not say
    sentence: str
    field: str  # title | body
    start: int  # code points of the field
    end: int


@dataclass(frozen=True, slots=True)
class FigureNote:
    """A figure across the outlets of a story, in one line for people."""

    text: str  # "$2.1 billion: as investment by 1 outlet, as valuation by 2"
    disputed: bool  # outlets disagree about it
    sentences: tuple[tuple[str, str], ...] = ()  # (outlet, its sentence)


@dataclass(frozen=True, slots=True)
class StoryNote:
    """What a message says of the story that its article belongs to."""

    id: str
    title: str
    articles: int  # how many are known, this one included
    places: tuple[tuple[str, str], ...] = ()  # (outlet, url) of the others, first report first
    figures: tuple[FigureNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """One message, usually about one article, naming all its rules. All text is untrusted web text.

    ``id`` is deterministic, so that a resend is recognised as the same message. A digest has
    ``items`` (alerts) and a title; its own hits are empty.
    """

    id: str
    article_id: str
    title: str
    url: str  # http or https only; empty if the article had no such link
    source: str
    published: datetime | None
    created_at: datetime
    hits: tuple[Hit, ...]
    quality: Quality = Quality.OK
    quality_reason: str = ""
    places: tuple[tuple[str, str], ...] = ()  # (outlet, url) of known copies
    possible_duplicate: bool = False  # an earlier send may have arrived
    kind: MessageKind = MessageKind.ALERT
    story: StoryNote | None = None
    follows: str | None = None  # id of the first alert of the story, for threads and References
    because: str = ""  # why it is told (again), in one line: "a new figure: $2.1 billion"
    items: tuple["Alert", ...] = ()

    @property
    def level(self) -> Level:
        """The loudest level of its rules, or of its items."""
        order = [Level.INFO, Level.NORMAL, Level.URGENT]
        levels = [hit.level for hit in self.hits] + [item.level for item in self.items]
        return max(levels, key=order.index, default=Level.NORMAL)


class DeliveryState(StrEnum):
    """Life of a delivery; see docs/delivery.md for the arrows."""

    PENDING = "pending"
    SENDING = "sending"
    RETRY = "retry"
    SENT = "sent"
    FAILED = "failed"  # kept with its reason, re-sendable
    HELD = "held"  # outcome unknown and on_uncertain: hold


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert to one notifier, as a row of the outbox."""

    id: int
    alert_id: str
    notifier: str
    state: DeliveryState
    attempts: int
    fence: int  # grows with each claim; a result with an old fence is refused
    next_attempt_at: datetime | None
    created_at: datetime
    last_error: str | None = None
    sent_at: datetime | None = None
    receipt: str | None = None
    pending_recipients: tuple[str, ...] | None = None  # None: all
    uncertain: bool = False  # an earlier attempt may have arrived
    remote_id: str | None = None  # what the service calls the message, for changes and threads
