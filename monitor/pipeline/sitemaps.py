"""The sitemaps that an index names, asked for like any feed: guarded, in the host's turn.

Layer 4. Which ones is decided in ``monitor.feeds.sitemap_follow``. One that fails costs the others
nothing.
"""

from dataclasses import dataclass, replace

from monitor.feeds.fetch import fetch_feed
from monitor.feeds.parse import NotAFeed
from monitor.feeds.sitemap import SitemapIndex
from monitor.feeds.sitemap_follow import about_rest, merged, tells_changes, to_follow
from monitor.model import Feed, FeedState, Fetched, FetchFailed, NotModified, ParsedFeed
from monitor.net.hosts import HostRests
from monitor.pipeline.asking import PATIENCE, respect
from monitor.pipeline.tools import Tools
from monitor.text.urls import origin
from monitor.workers import WorkerFailed


@dataclass(frozen=True, slots=True)
class Followed:
    """The entries of an index as one feed.

    ``settled``: an unchanged index will mean that nothing is new; else it must be read again.
    """

    feed: ParsedFeed
    settled: bool


async def follow(tools: Tools, feed: Feed, state: FeedState, index: SitemapIndex) -> Followed:
    """Fetch and parse the newest sitemaps of ``index`` that changed since the last success.

    Raises:
        NotAFeed: there are sitemaps to read, and none of them could be read.
    """
    wanted = to_follow(index, state.last_success_at)
    parts: list[ParsedFeed] = []
    failed: list[str] = []
    for one in wanted:
        read = await _read(tools, sitemap_of(feed, one.url))
        if isinstance(read, ParsedFeed):
            parts.append(read)
        else:
            failed.append(f"{one.url}: {read}")
    if failed and not parts:
        raise NotAFeed(f"none of the sitemaps of the index could be read: {failed[0]}")
    warnings = (*failed, *about_rest(index, state.last_success_at))
    nothing = ParsedFeed("sitemap", "", None, ())
    settled = not failed and tells_changes(wanted, tools.now())
    return Followed(merged(parts or [nothing], warnings), settled)


def sitemap_of(feed: Feed, url: str) -> Feed:
    """The sitemap at ``url``; headers and password of the index go to its own origin only."""
    return replace(feed, url=url) if origin(url) == origin(feed.url) else Feed(url)


async def _read(tools: Tools, feed: Feed) -> ParsedFeed | str:
    """The sitemap, or why there is none."""
    polling = tools.live.settings.polling
    try:
        async with tools.gate.turn(feed.url, patience=PATIENCE), tools.slots:
            result = await fetch_feed(
                tools.outbound.client, feed, FeedState(feed.url),
                max_bytes=polling.max_bytes, timeout=polling.timeout,
            )  # fmt: skip
    except HostRests:
        return "its host asked to be left alone"
    respect(tools, feed.url, result)
    if not isinstance(result, Fetched):
        return _why(result)
    try:
        return await tools.workers.parse(result.body, result.final_url, result.content_type)
    except (NotAFeed, WorkerFailed) as error:
        return str(error)


def _why(result: FetchFailed | NotModified) -> str:
    return result.message if isinstance(result, FetchFailed) else "answered 304"
