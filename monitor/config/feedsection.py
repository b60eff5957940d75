"""The keys of one feed in config.yaml. Pure; see ``sections``."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass

from monitor.articles.site_rules import selector_problem
from monitor.config.fields import (
    Duration,
    Flag,
    HeaderName,
    HeaderValue,
    Language,
    Line,
    SecretText,
    Texts,
    TextValue,
    Url,
    between,
    found,
    seconds_between,
)
from monitor.config.sections import DAY, SHORTEST_INTERVAL, STRICT, about


def read_feed(value: object) -> object:
    """A bare address as the mapping that it stands for. Raises ValueError for a list."""
    if isinstance(value, str):
        return {"url": value}
    if isinstance(value, (list, tuple)):
        raise found(value, "an address, or a mapping with url")
    return value


@dataclass(frozen=True, slots=True, config=STRICT)
class Auth:
    """HTTP Basic authentication (RFC 7617), sent to the feed's own origin only."""

    username: Annotated[TextValue, about("The user's name.", "analyst")]
    password: Annotated[SecretText, about("The password.", "${FEED_PASSWORD}")]

    def __post_init__(self) -> None:
        if ":" in self.username:  # RFC 7617, section 2
            raise ValueError("username: a colon cannot stand in the name. Remove it.")


def _selector(value: str) -> str:
    problem = selector_problem(value)
    if problem is not None:
        raise ValueError(problem)
    return value


Selector = Annotated[TextValue, AfterValidator(_selector)]


@dataclass(frozen=True, slots=True, config=STRICT)
class Extract:
    """How this feed's pages are read, where the default reads them badly. CSS selectors."""

    include: Annotated[
        Selector | None, about("Only these elements are the article.", "article, .story-body")
    ] = None
    remove: Annotated[
        Selector | None, about("These elements are no part of it.", ".related, #newsletter")
    ] = None


@dataclass(frozen=True, slots=True, config=STRICT)
class FeedSection:
    """One feed: ``url`` or ``sitemap``. A bare address is a mapping with ``url`` only."""

    url: Annotated[
        Url | None,
        about("Address of the RSS or Atom feed, http or https.", "https://example.org/feed.xml"),
    ] = None
    sitemap: Annotated[
        Url | None,
        about(
            "Instead of url: a news sitemap, or an index of sitemaps.",
            "https://example.net/news-sitemap.xml",
        ),
    ] = None
    name: Annotated[
        Line | None, about("The outlet's name. Default: the feed's title.", "Example News")
    ] = None
    every: Annotated[
        Duration | None,
        seconds_between(SHORTEST_INTERVAL, 30 * DAY),
        about("A fixed interval for this feed, at least 1m. Default: polling.every.", "10m"),
    ] = None
    enabled: Annotated[
        Flag, about("false: the feed is kept in the list and not polled.", True, False)
    ] = True
    headers: Annotated[
        dict[HeaderName, HeaderValue],
        about(
            "Further request headers, sent to the feed's own origin only.",
            {"Authorization": "Bearer ${EXAMPLE_TOKEN}"},
        ),
    ] = Field(default_factory=dict)
    auth: Annotated[
        Auth | None,
        about("User and password.", {"username": "analyst", "password": "${FEED_PASSWORD}"}),
    ] = None
    tags: Annotated[Texts, about("Words of your own; rules can refer to them.", ["eu"])] = ()
    language: Annotated[
        Language | None, about("The language, if feed and pages do not say it.", "en", "fr")
    ] = None
    tier: Annotated[
        int | None,
        between(1, 9),
        about("1: an outlet you rely on, polled at most 10 minutes apart.", 1),
    ] = None
    extract: Annotated[
        Extract | None,
        about("How its pages are read.", {"include": "article", "remove": ".related"}),
    ] = None

    def __post_init__(self) -> None:
        if self.url is None and self.sitemap is None:
            raise ValueError("'url' is missing. Add it.")
        if self.url is not None and self.sitemap is not None:
            raise ValueError("sitemap: this feed has a url already. Keep one of them.")

    @property
    def address(self) -> str:
        """Where the feed or sitemap is."""
        return self.url or self.sitemap or ""
