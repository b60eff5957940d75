"""What a site says of its feeds: in a page's markup, in robots.txt, or by custom.

Layer 1, pure. Nothing here is believed: each lead is a place to ask, best first. Sources: WHATWG
HTML (4.6.7.1, link type "alternate"), RSS Autodiscovery (rssboard.org/rss-autodiscovery),
sitemaps.org/protocol ("Specifying the Sitemap location in your robots.txt file").
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final
from urllib.parse import urlsplit

from lxml import etree

from monitor.articles.decode import page_text
from monitor.text.markup import one_line
from monitor.text.urls import absolute_link, canonical_url, host

MOST_READ: Final = 2_000_000  # bytes of a page; its head and menus stand in its beginning
MOST_LEADS: Final = 200
_MOST_ANCHORS: Final = 5000
_MOST_TEXT: Final = 200  # characters of a link's text
_MOST_ROBOTS: Final = 500_000  # bytes (RFC 9309, 2.5)

_FEED_TYPES: Final = frozenset(
    "application/rss+xml application/atom+xml application/feed+json application/rdf+xml"
    " application/x-rss+xml text/rss+xml".split()
)
_VAGUE_TYPES: Final = frozenset(("application/xml", "text/xml", "application/json", ""))
_FEED_PATH: Final = re.compile(
    r"\.(?:rss|atom|rdf)$"
    r"|(?:^|[/_.-])(?:rss2?|atom|feeds?|index|news|all)(?:[_.-][\w-]{1,40})?\.(?:xml|json|rdf|php)$"
    r"|/(?:rss2?|atom|feed)(?:/(?:rss2?|atom|rdf|all|index|default|news))?/?$"
    r"|/(?:rss|feeds?|atom)/[^?]{1,200}\.(?:xml|json|rss|atom)$",
    re.IGNORECASE,
)
_FEED_QUERY: Final = re.compile(
    r"(?:^|&)(?:(?:format|type|output|alt|_format)=(?:rss|atom|feed|rdf)|feed=(?:rss2?|atom|rdf)"
    r"|rss(?:=1)?(?:&|$))",
    re.IGNORECASE,
)
_FEED_HOST: Final = re.compile(r"(?:feeds?|rss)\d?\.|feeds\.feedburner\.")
_LIST_PATH: Final = re.compile(
    r"/(?:rss|feeds?|rss-?feeds?|feeds-rss|flux(?:-rss)?|news-?feeds?|syndication|web-?feeds?"
    r"|canales-rss|abo-rss)(?:\.(?:html?|php|aspx?|jsp|shtml))?/?$",
    re.IGNORECASE,
)
_LIST_TEXT: Final = re.compile(r"\b(?:RSS|Atom)\b|\b(?:news|web)\s?feeds\b|\bflux\s+rss\b", re.I)
_COMMENTS: Final = re.compile(r"comment|kommentar|reacties|commentaires", re.IGNORECASE)
_SITEMAP: Final = re.compile(rb"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2000})", re.IGNORECASE | re.M)
_NEWS: Final = re.compile(r"news|nieuws|actu|nachrichten|noticias|notizie|artikel", re.IGNORECASE)
_USUAL: Final = (
    "feed/",
    "rss",
    "rss.xml",
    "feed.xml",
    "atom.xml",
    "index.xml",
    "feeds/",
    "feed.json",
)


class Way(IntEnum):
    """How a lead was come by; the smaller, the more it is worth."""

    GIVEN = 0  # the address that the user named
    LINK = 1  # <link rel="alternate">
    ANCHOR = 2  # a link on the page
    PAGE = 3  # a page of the site that seems to list feeds
    COMMENTS = 4  # a feed of readers' comments
    USUAL = 5  # where many sites have their feed
    ROBOTS = 6  # robots.txt, which may name sitemaps
    SITEMAP = 7  # a sitemap of news

    def words(self) -> str:
        """For people: where it was found."""
        return _WORDS[self]


_WORDS: Final = {
    Way.GIVEN: "the address given",
    Way.LINK: "announced by the site",
    Way.ANCHOR: "linked on the site",
    Way.PAGE: "a page that lists feeds",
    Way.COMMENTS: "readers' comments",
    Way.USUAL: "a usual place",
    Way.ROBOTS: "robots.txt",
    Way.SITEMAP: "a sitemap named by robots.txt",
}


@dataclass(frozen=True, slots=True)
class Lead:
    """An address that may hold a feed. ``title``: what its link says, "" if nothing.

    ``index``: where this sitemap is one of an index, that index.
    """

    url: str
    way: Way
    title: str = ""
    index: "Lead | None" = None


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What a page points at, each address once, in the order of the page."""

    leads: tuple[Lead, ...]
    language: str | None


def links_in(body: bytes, url: str, content_type: str | None) -> PageLinks:
    """The leads on the page ``body`` that came from ``url``. Never raises.

    Links to other sites count where they are announced as feeds or look like one; pages that may
    list feeds must be of the same site.
    """
    target = _Links()
    parser = etree.HTMLParser(target=target, encoding="utf-8")
    text = page_text(body[:MOST_READ], content_type)
    try:
        parser.feed(text.encode("utf-8", "replace"))
        parser.close()
    except (etree.LxmlError, ValueError):
        pass  # what was read until then stands in target
    base = absolute_link(url, target.base) or url
    leads: dict[str, Lead] = {}
    for way, href, title in dict.fromkeys(target.found):
        link = absolute_link(base, _without_feed_scheme(href)).partition("#")[0]
        lead = _lead(way, link, one_line(title)[:_MOST_TEXT], url) if link else None
        if lead is not None:
            known = leads.setdefault(canonical_url(link), lead)
            if lead.way < known.way:
                leads[canonical_url(link)] = lead
        if len(leads) >= MOST_LEADS:
            break
    leads.pop(canonical_url(url), None)
    return PageLinks(tuple(leads.values()), _language(target.language))


def sitemaps_in(body: bytes, url: str) -> tuple[Lead, ...]:
    """The sitemaps that this robots.txt names and whose address speaks of news.

    All others list every page that a site ever had.
    """
    found = _SITEMAP.findall(body[:_MOST_ROBOTS])[:MOST_LEADS]
    links = (absolute_link(url, item.decode("utf-8", "replace")) for item in found)
    kept = dict.fromkeys(link for link in links if link and _NEWS.search(urlsplit(link).path))
    return tuple(Lead(link, Way.SITEMAP) for link in kept)


def sitemaps_of(index: Lead, urls: Iterable[str]) -> tuple[Lead, ...]:
    """The sitemaps that this index names, the newest first; of news, if any speaks of it."""
    links = list(urls)[:MOST_LEADS]
    of_news = [link for link in links if _NEWS.search(urlsplit(link).path)]
    return tuple(Lead(link, Way.SITEMAP, index=index) for link in of_news or links)


def usual_places(url: str) -> tuple[Lead, ...]:
    """Where many sites have their feed, below the page ``url`` first, then below its host."""
    here = absolute_link(url, "./")
    top = absolute_link(url, "/")
    places = [absolute_link(here, "feed/")] if here != top else []
    places += [absolute_link(top, name) for name in _USUAL]
    return tuple(Lead(place, Way.USUAL) for place in dict.fromkeys(places) if place)


def robots(url: str) -> Lead:
    """robots.txt of the site of ``url``."""
    return Lead(absolute_link(url, "/robots.txt"), Way.ROBOTS)


def looks_like_feed(url: str) -> bool:
    """Whether an address alone speaks for a feed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(
        _FEED_PATH.search(parts.path[-300:])
        or _FEED_QUERY.search(parts.query[:500])
        or (_FEED_HOST.match(parts.hostname or "") and len(parts.path) > 1)
    )


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are of one site: equal hosts, or one below the other."""
    a, b = (host(url).removeprefix("www.") for url in (one, other))
    return bool(a) and (a == b or a.endswith(f".{b}") or b.endswith(f".{a}"))


def _lead(way: Way, link: str, title: str, page: str) -> Lead | None:
    """The lead that a link is; None for a link to anything else."""
    if way is Way.LINK or looks_like_feed(link):
        comments = _COMMENTS.search(urlsplit(link).path) or _COMMENTS.search(title)
        return Lead(link, Way.COMMENTS if comments else way, title)
    listing = _LIST_PATH.search(urlsplit(link).path) or _LIST_TEXT.search(title)
    return Lead(link, Way.PAGE, title) if listing and same_site(link, page) else None


def _without_feed_scheme(href: str) -> str:
    href = href.strip()
    if href[:5].lower() != "feed:":
        return href
    rest = href[5:].removeprefix("//")
    return rest if rest.lower().startswith("http") else f"http://{rest}"


def _language(text: str) -> str | None:
    found = re.match(r"[a-zA-Z]{2,3}(?![a-zA-Z])", text.strip())
    return found[0].lower() if found else None


class _Links:
    """A target of lxml's parser: keeps links, builds no tree."""

    def __init__(self) -> None:
        self.found: list[tuple[Way, str, str]] = []
        self.base = ""
        self.language = ""
        self._open: str | None = None
        self._words: list[str] = []
        self._length = 0
        self._anchors = 0

    def start(self, tag: str, marks: dict[str, str]) -> None:
        """An element begins."""
        if tag == "html":
            self.language = self.language or marks.get("lang", "")
        elif tag == "base":
            self.base = self.base or marks.get("href", "")
        elif tag == "link":
            self._link(marks)
        elif tag == "a":
            self._close()
            self._open = marks.get("href")
            self._add(marks.get("title") or marks.get("aria-label") or "")

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "a":
            self._close()

    def data(self, text: str) -> None:
        """Text, of a link or not."""
        self._add(text)

    def close(self) -> None:
        """The page ends."""
        self._close()

    def _link(self, marks: dict[str, str]) -> None:
        href = marks.get("href", "")
        kinds = marks.get("rel", "").lower().split()
        kind = marks.get("type", "").partition(";")[0].strip().lower()
        announced = kind in _FEED_TYPES or (kind in _VAGUE_TYPES and looks_like_feed(href))
        if href and ("feed" in kinds or ("alternate" in kinds and announced)):
            self.found.append((Way.LINK, href, marks.get("title", "")))

    def _add(self, text: str) -> None:
        if self._open is not None and self._length < _MOST_TEXT:
            self._words.append(text[:_MOST_TEXT])
            self._length += len(text)

    def _close(self) -> None:
        if self._open and self._anchors < _MOST_ANCHORS:
            self._anchors += 1
            self.found.append((Way.ANCHOR, self._open, " ".join(self._words)))
        self._open, self._words, self._length = None, [], 0
