"""An index of sitemaps read as one feed. How a sitemap is fetched and parsed is the caller's.

Layer 3. Which ones is decided in ``sitemap_follow``. One that fails costs the others nothing.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from monitor.feeds.entries import Loss
from monitor.feeds.parse import NotAFeed
from monitor.feeds.sitemap import SitemapIndex
from monitor.feeds.sitemap_follow import about_rest, merged, sitemap_of, tells_changes, to_follow
from monitor.model import Feed, ParsedFeed

ReadSitemap: TypeAlias = Callable[[Feed], Awaitable[ParsedFeed | str]]  # or why there is none


@dataclass(frozen=True, slots=True)
class Followed:
    """The entries of an index as one feed.

    ``settled``: an unchanged index will mean that nothing is new; else it must be read again.
    """

    feed: ParsedFeed
    settled: bool


async def follow(
    feed: Feed,
    index: SitemapIndex,
    read: ReadSitemap,
    *,
    last_success_at: datetime | None,
    now: datetime,
) -> Followed:
    """Read the newest sitemaps of ``index`` that changed since the last success.

    Raises:
        NotAFeed: there are sitemaps to read, and none of them could be read.
    """
    wanted = to_follow(index, last_success_at)
    parts: list[ParsedFeed] = []
    failed: list[str] = []
    for one in wanted:
        answer = await read(sitemap_of(feed, one.url))
        if isinstance(answer, ParsedFeed):
            parts.append(answer)
        else:
            failed.append(Loss(f"{one.url} could not be read: {answer}"))
    if failed and not parts:
        raise NotAFeed(f"no sitemap of the index can be had: {failed[0]}")
    nothing = ParsedFeed("sitemap", "", None, ())
    together = merged(parts or [nothing], (*failed, *about_rest(index, last_success_at)))
    return Followed(together, not failed and tells_changes(wanted, now))
