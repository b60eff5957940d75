"""Which sitemaps of an index are read now, what of them may be new, and what they come to together.

Layer 1, pure. Source: sitemaps.org/protocol.html (``lastmod`` of an index is when the sitemap
changed, often a day without a time).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from monitor.feeds.entries import Loss, bounded
from monitor.feeds.sitemap import FORMATS, NEWS, Sitemap, SitemapIndex
from monitor.model import Entry, Feed, ParsedFeed
from monitor.text.urls import origin

FOLLOWED: Final = 3  # sitemaps of an index that one poll asks for
OVERLAP: Final = timedelta(days=1)  # a date without a time is true until midnight; caches are late
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_MIDNIGHT: Final = time()


def to_follow(index: SitemapIndex, last_success_at: datetime | None) -> tuple[Sitemap, ...]:
    """The newest sitemaps that changed since the last success, or do not say when they did.

    At most ``FOLLOWED``, in the index's order where no dates tell.
    """
    return _changed(index, last_success_at)[:FOLLOWED]


def about_rest(index: SitemapIndex, last_success_at: datetime | None) -> tuple[str, ...]:
    """The warning about sitemaps that changed and are not read."""
    if last_success_at is None:
        return ()
    rest = len(_changed(index, last_success_at)) - FOLLOWED
    said = f"{rest} more sitemaps of the index changed and were not read"
    return (Loss(said),) if rest > 0 else ()


def tells_changes(followed: Sequence[Sitemap], now: datetime) -> bool:
    """Whether the index itself will change when one of these sitemaps does.

    It will not where it names no date, or today's without a time.
    """
    return all(one.changed is not None and not _is_todays(one.changed, now) for one in followed)


def merged(parts: Sequence[ParsedFeed], warnings: Sequence[str] = ()) -> ParsedFeed:
    """The sitemaps as one feed: newest first, bounded, each id once. ``parts`` is not empty."""
    first = next((part for part in parts if part.format == NEWS), parts[0])
    entries = [entry for part in parts for entry in part.entries]
    entries.sort(key=_moment, reverse=True)  # stable
    told = dict.fromkeys((*warnings, *(said for part in parts for said in part.warnings)))
    feed = replace(
        first,
        title=next((part.title for part in parts if part.title), ""),
        entries=tuple(entries),
        warnings=tuple(told),
    )
    return bounded(feed)


def without_old(feed: ParsedFeed, last_success_at: datetime | None) -> ParsedFeed:
    """A sitemap without the pages that nothing speaks for; any other feed as it is.

    A plain sitemap lists every page that a site ever had. Of those without a title only the ones
    that changed since the last success may be news; at a first poll, those with a date.
    """
    if feed.format not in FORMATS:
        return feed
    since = _NEVER if last_success_at is None else last_success_at - OVERLAP
    kept = tuple(entry for entry in feed.entries if entry.title or _moment(entry) > since)
    if feed.entries and not any(one.title or one.updated for one in feed.entries):
        said = "a sitemap without titles or dates: nothing in it can be told to be new"
        return replace(feed, entries=kept, warnings=(*feed.warnings, said))
    return replace(feed, entries=kept)


def sitemap_of(feed: Feed, url: str) -> Feed:
    """The sitemap at ``url``; headers and password of the index go to its own origin only."""
    return replace(feed, url=url) if origin(url) == origin(feed.url) else Feed(url)


def _changed(index: SitemapIndex, last_success_at: datetime | None) -> tuple[Sitemap, ...]:
    if last_success_at is None:
        return index.sitemaps
    since = last_success_at - OVERLAP
    return tuple(one for one in index.sitemaps if one.changed is None or one.changed >= since)


def _is_todays(changed: datetime, now: datetime) -> bool:
    return changed.time() == _MIDNIGHT and changed > now - 2 * OVERLAP


def _moment(entry: Entry) -> datetime:
    return entry.published or entry.updated or _NEVER
