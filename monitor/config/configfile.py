"""The top-level keys of config.yaml, and those that every notifier has. Pure; see ``sections``."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.dataclasses import dataclass

from monitor.config.feedsection import FeedSection, read_feed
from monitor.config.fields import Texts, TextValue, Zone
from monitor.config.notifiersection import FUSE_PATTERN, MOST_FUSED
from monitor.config.routesection import Operations, RouteSection
from monitor.config.sections import STRICT, Articles, Network, Polling, Retention, about
from monitor.config.storysection import Stories
from monitor.config.websection import Web, read_web


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="allow"))
class NotifierSection:
    """One channel. Further keys are the options of its type."""

    type: Annotated[
        str,
        about("Which notifier: the name of its file.", "console", "slack", "email", "webhook"),
    ]
    on_uncertain: Annotated[
        Literal["resend", "hold"],
        about(
            "What happens to a message that may or may not have arrived: sent again, "
            "or kept for you to decide.",
            "resend",
            "hold",
        ),
    ] = "resend"
    fuse: Annotated[
        str,
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "integer", "minimum": 1, "maximum": MOST_FUSED},
                    {"type": "string", "pattern": FUSE_PATTERN},
                    {"const": False},
                ]
            }
        ),
        about(
            "So many messages in 10 minutes; what comes beyond is one message. Or another time, "
            "or off.",
            20,
            "50 in 30m",
            "off",
        ),
    ] = "20"


@dataclass(frozen=True, slots=True, config=STRICT)
class ConfigFile:
    """Settings of News Monitor. Relative paths start at this file's folder."""

    data: Annotated[TextValue, about("Folder of the database.", "./data")] = "./data"
    rules: Annotated[Texts, about("Folders or files with rules.", ["./rules"])] = ("./rules",)
    plugins: Annotated[Texts, about("Folders with notifiers of your own.", ["./notifiers"])] = ()
    timezone: Annotated[
        Zone | None,
        about("Time zone of the times in messages. Default: the machine's.", "Europe/Brussels"),
    ] = None
    feeds: Annotated[
        tuple[Annotated[FeedSection, BeforeValidator(read_feed)], ...],
        about(
            "The feeds to watch.",
            ["https://example.org/feed.xml", {"url": "https://example.com/rss", "every": "10m"}],
        ),
    ] = ()
    polling: Annotated[
        Polling, about("How feeds are asked for news.", {"max": "15m", "backfill": "24h"})
    ] = Polling()
    articles: Annotated[Articles, about("How article pages are fetched.", {"max_age": "7d"})] = (
        Articles()
    )
    network: Annotated[
        Network, about("Which addresses may be reached.", {"allow_private": ["10.20.0.0/16"]})
    ] = Network()
    notifiers: Annotated[
        dict[str, NotifierSection],
        about(
            "Where alerts go: a name of yours, its type and its options. Default: the terminal.",
            {"screen": {"type": "console"}},
        ),
    ] = Field(default_factory=dict)
    routes: Annotated[
        tuple[RouteSection, ...],
        about(
            "Who is told what, and when: the first that fits is taken. Without routes everything "
            "goes to every notifier. A rule's own alert.notify replaces them.",
            [
                {"match": {"level": "urgent"}, "notify": ["newsroom", "desk"]},
                {"notify": ["screen"], "quiet": "22:00-07:00", "break_through": "urgent"},
            ],
        ),
    ] = ()
    stories: Annotated[
        Stories, about("How articles about one event are kept together.", {"window": "5d"})
    ] = Stories()
    operations: Annotated[
        Operations, about("What the program says about itself, and to whom.", {"notify": "screen"})
    ] = Operations()
    retention: Annotated[Retention, about("How long things are kept.", {"articles": "365d"})] = (
        Retention()
    )
    web: Annotated[
        Web,
        BeforeValidator(read_web),
        about(
            "Where this program listens, and its public address.",
            {"public_url": "https://news.example.org/monitor"},
        ),
    ] = Field(default_factory=Web)
