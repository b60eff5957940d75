"""Reads a feed: bytes in, ``ParsedFeed`` out; pure, run in a worker process.

Plain feeds are read by ``quick``; RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, CDF, and whatever is
odd or damaged, by ``tolerant`` (feedparser); JSON Feed and sitemaps have readers of their own.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from monitor.errors import MonitorError
from monitor.feeds import json_feed, quick, sitemap
from monitor.feeds.charset import to_utf8
from monitor.feeds.dates import as_text
from monitor.feeds.entries import MOST_ENTRIES, about_type, bounded
from monitor.feeds.sitemap import SitemapIndex
from monitor.feeds.source import is_json, prepare, unpacked
from monitor.model import ParsedFeed
from monitor.text.markup import one_line

__all__ = ["NotAFeed", "SitemapIndex", "SitemapsListed", "as_json", "parse_document", "parse_feed"]

_SITEMAPS: Final = frozenset(("urlset", "sitemapindex"))


class NotAFeed(MonitorError):  # noqa: N818  # says what is the case
    """The body is no feed: a web page, a login form, empty, or garbage.

    ``feeds``: absolute addresses of the feeds that the page names, if it does.
    """

    def __init__(self, message: str, feeds: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.feeds = feeds

    def __reduce__(self) -> tuple[type["NotAFeed"], tuple[str, tuple[str, ...]]]:
        return type(self), (str(self), self.feeds)


class SitemapsListed(NotAFeed):
    """An index of sitemaps where one feed was wanted; ``feeds`` are its sitemaps, newest first."""

    def __init__(self, index: SitemapIndex) -> None:
        first = f", the newest {index.sitemaps[0].url}" if index.sitemaps else ""
        super().__init__(
            f"an index of {len(index.sitemaps)} sitemaps, not one itself{first}; "
            "in config.yaml write it as sitemap:, and they are followed",
            tuple(one.url for one in index.sitemaps),
        )
        self.index = index

    def __reduce__(self) -> tuple[type["SitemapsListed"], tuple[SitemapIndex]]:  # type: ignore[override]  # other arguments
        return type(self), (self.index,)


def parse_feed(
    body: bytes,
    url: str,
    content_type: str | None,
    *,
    now: datetime | None = None,
    known: Callable[[str], bool] | None = None,
) -> ParsedFeed:
    """The feed document ``body`` that came from ``url``.

    Works with a wrong or missing ``content_type``: what counts is the root element. One bad entry
    is left out with a warning. With ``now``, dates more than a day ahead of it get a warning. With
    ``known``, entries whose id it says yes to are left out unread where that saves time.

    Raises:
        NotAFeed: no root element of a feed and no entries.
        SitemapsListed: a sitemap index.
    """
    read = parse_document(body, url, content_type, now=now, known=known)
    if isinstance(read, SitemapIndex):
        raise SitemapsListed(read)
    return read


def parse_document(
    body: bytes,
    url: str,
    content_type: str | None,
    *,
    now: datetime | None = None,
    known: Callable[[str], bool] | None = None,
) -> ParsedFeed | SitemapIndex:
    """As ``parse_feed``, but an index of sitemaps is a value of its own.

    Raises:
        NotAFeed: no root element of a feed and no entries.
    """
    scanned = quick.scan(body, url, content_type)
    if isinstance(scanned, quick.Scan) and not scanned.left_out:
        read = scanned.read(now=now, known=known)
        if isinstance(read, ParsedFeed):
            return read
    return without(parse_tolerantly(body, url, content_type, now=now), known)


def parse_tolerantly(
    body: bytes, url: str, content_type: str | None, *, now: datetime | None = None
) -> ParsedFeed | SitemapIndex:
    """As ``parse_document`` without the quick way: the referee of what a feed means.

    Raises:
        NotAFeed: no root element of a feed and no entries.
    """
    # here, because the program reads most feeds without them
    from monitor.feeds import tolerant
    from monitor.feeds.webpages import what_it_is

    body = unpacked(body)
    if not body.strip(b" \t\r\n\x00"):
        raise NotAFeed("the answer is empty")
    letters = to_utf8(body, content_type)
    warnings = (letters.warning,) if letters.warning else ()
    if is_json(letters.body):
        from_json = json_feed.parse(letters.body, url)
        if from_json is None:
            raise NotAFeed("JSON, but not a JSON Feed")
        return bounded(_with_warnings(from_json, (*warnings, *from_json.warnings)), now)
    source = prepare(letters.body, MOST_ENTRIES)
    if source is None:
        raise NotAFeed(*what_it_is(body, url))
    warnings = (*warnings, *source.warnings, *about_type(content_type))
    if source.root in _SITEMAPS:
        listed = sitemap.read(source.body, url)
        if listed is None:
            raise NotAFeed("a sitemap that could not be read")
        if isinstance(listed, SitemapIndex):
            return listed
        return bounded(_with_warnings(listed, (*warnings, *listed.warnings)), now)
    parsed = tolerant.read(source, url)
    if parsed is None:
        raise NotAFeed(*what_it_is(source.body, url))
    parsed = _with_warnings(parsed, (*warnings, *parsed.warnings))
    return bounded(parsed, now, source.surplus)


def without(
    read: ParsedFeed | SitemapIndex, known: Callable[[str], bool] | None
) -> ParsedFeed | SitemapIndex:
    """``read`` without the entries that are known."""
    if known is None or isinstance(read, SitemapIndex):
        return read
    return replace(read, entries=tuple(entry for entry in read.entries if not known(entry.id)))


def _with_warnings(feed: ParsedFeed, warnings: tuple[str, ...]) -> ParsedFeed:
    return replace(feed, warnings=tuple(type(one)(one_line(one)[:300]) for one in warnings))


def as_json(source: str, feed: ParsedFeed) -> dict[str, Any]:
    """What ``feeds parse --json`` prints for ``feed`` read from ``source``."""
    return {
        "source": source,
        "format": feed.format,
        "title": feed.title,
        "link": feed.link,
        "language": feed.language,
        "ttl": feed.ttl,
        "skip_hours": list(feed.skip_hours),
        "skip_days": list(feed.skip_days),
        "hub": feed.hub,
        "topic": feed.topic,
        "entries": [
            {
                "id": entry.id,
                "link": entry.link,
                "title": entry.title,
                "summary": entry.summary,
                "content": entry.content,
                "authors": list(entry.authors),
                "published": as_text(entry.published),
                "updated": as_text(entry.updated),
                "tags": list(entry.tags),
                "language": entry.language,
            }
            for entry in feed.entries
        ],
        "warnings": list(feed.warnings),
    }
