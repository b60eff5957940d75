"""The keys of config.yaml: name, kind, default, description and examples, each in one place.

Pure. Loading, the JSON Schema and the check of docs/config.md all read these classes. Durations
are seconds, sizes bytes.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.dataclasses import dataclass

from monitor import __version__
from monitor.config import durations
from monitor.config.fields import (
    Duration,
    Interval,
    Line,
    Privates,
    Proxy,
    Size,
    between,
    seconds_between,
)
from monitor.config.suggest import short
from monitor.config.words import shown

MINUTE: Final = 60.0
HOUR: Final = 3600.0
DAY: Final = 86400.0
SHORTEST_INTERVAL: Final = MINUTE
POLITE_INTERVAL: Final = 5 * MINUTE  # below it, ``check`` warns
USER_AGENT: Final = f"news-monitor/{__version__} (self-hosted feed reader)"

# Unknown keys are errors; so are infinity and NaN.
STRICT: Final = ConfigDict(extra="forbid", allow_inf_nan=False)


def about(text: str, *examples: Any) -> Any:  # pydantic's FieldInfo, typed Any by pydantic too
    """Description and examples of a key."""
    return Field(description=text, examples=list(examples) or None)


@dataclass(frozen=True, slots=True, config=STRICT)
class Backfill:
    """What of a feed's first poll may alert: the newest ``count``, or what is younger than ``age``.

    Exactly one of them is set.
    """

    count: int | None = 0
    age: float | None = None  # seconds


def _backfill(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.isascii() and value.isdecimal() and len(value) <= 6:
        return Backfill(count=int(value))
    try:
        return Backfill(count=None, age=durations.duration(value))
    except ValueError:
        raise ValueError(
            f"'{short(shown(value))}' is neither a number of entries nor a duration. "
            "Write 0, 10 or 24h."
        ) from None


@dataclass(frozen=True, slots=True, config=STRICT)
class Polling:
    """How feeds are asked for news."""

    every: Annotated[
        Interval,
        seconds_between(SHORTEST_INTERVAL, 30 * DAY),
        about(
            "How often each feed is polled: 'adaptive' follows each feed's own rhythm between "
            "min and max; a duration (at least 1m) is kept as it is.",
            "adaptive",
            "15m",
        ),
    ] = None
    min: Annotated[
        Duration,
        seconds_between(SHORTEST_INTERVAL, 30 * DAY),
        about("The shortest adaptive interval.", "5m"),
    ] = 5 * MINUTE
    max: Annotated[
        Duration,
        seconds_between(SHORTEST_INTERVAL, 30 * DAY),
        about("The longest adaptive interval, where the server asks for nothing else.", "30m"),
    ] = 30 * MINUTE
    concurrency: Annotated[
        int, between(1, 1024), about("How many feeds are fetched at the same time.", 64)
    ] = 64
    per_host: Annotated[
        int, between(1, 16), about("How many requests one host gets at the same time.", 1)
    ] = 1
    host_gap: Annotated[
        Duration,
        seconds_between(0, HOUR),
        about("The pause between two requests to one host.", "2s", "10s"),
    ] = 2.0
    timeout: Annotated[
        Duration,
        seconds_between(1, 10 * MINUTE),
        about("How long one fetch may take, from name look-up to last byte.", "30s"),
    ] = 30.0
    max_bytes: Annotated[
        Size,
        between(1_000, 1_000_000_000, durations.size_text),
        about("The largest feed taken, in bytes after decompression.", "10MB"),
    ] = 10_000_000
    backfill: Annotated[
        Backfill,
        BeforeValidator(_backfill),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "integer", "minimum": 0},
                    {"type": "string", "pattern": durations.DURATION_PATTERN},
                ]
            }
        ),
        about(
            "What the first poll of a feed may alert on: 0 nothing, N the newest N entries, "
            "a duration what was published within it.",
            0,
            10,
            "24h",
        ),
    ] = Backfill()
    retry_after_scope: Annotated[
        Literal["host", "feed"],
        about(
            "Who keeps away after a 429 with Retry-After: all feeds and pages of the host, or "
            "the feed alone (for hosts that serve many sites' feeds).",
            "host",
            "feed",
        ),
    ] = "host"
    user_agent: Annotated[
        Line,
        about(
            "What requests call this program. A contact address in it helps site owners.",
            "example-newsroom/1.0 (+https://example.org/contact)",
        ),
    ] = USER_AGENT

    def __post_init__(self) -> None:
        if self.min > self.max:
            low, high = durations.duration_text(self.min), durations.duration_text(self.max)
            raise ValueError(f"min: {low} is longer than max ({high}). Swap them, or raise max.")


@dataclass(frozen=True, slots=True, config=STRICT)
class Articles:
    """How article pages are fetched and which articles may alert."""

    max_bytes: Annotated[
        Size,
        between(1_000, 1_000_000_000, durations.size_text),
        about("The largest page taken, in bytes after decompression.", "5MB"),
    ] = 5_000_000
    max_age: Annotated[
        Duration,
        seconds_between(MINUTE, 3650 * DAY),
        about("Articles published longer ago are stored, and never alerted.", "72h", "7d"),
    ] = 72 * HOUR
    robots: Annotated[
        Literal["respect", "ignore"],
        about(
            "Whether article pages that a site's robots.txt forbids to robots are left unread; "
            "the feed's own text then stands in. Feeds themselves are always read.",
            "respect",
            "ignore",
        ),
    ] = "respect"


@dataclass(frozen=True, slots=True, config=STRICT)
class Network:
    """Which addresses may be reached, and how."""

    allow_private: Annotated[
        Privates,
        about(
            "Hosts, addresses or networks that may be reached although they are private, "
            "loopback or link-local. All others of that kind are refused.",
            ["10.20.0.0/16", "intranet.example.org"],
        ),
    ] = ()
    proxy: Annotated[
        Proxy | None, about("An HTTP proxy for all requests.", "http://proxy.example.org:3128")
    ] = None


@dataclass(frozen=True, slots=True, config=STRICT)
class Retention:
    """How long things are kept."""

    articles: Annotated[
        Duration,
        seconds_between(DAY, 36_500 * DAY),
        about("How long articles and their texts are kept.", "180d"),
    ] = 180 * DAY
    decisions: Annotated[
        Duration,
        seconds_between(DAY, 36_500 * DAY),
        about("How long decisions and their reasons are kept.", "90d"),
    ] = 90 * DAY
