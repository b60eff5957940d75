"""A sitemap that an index names, asked for like any feed: guarded, in the host's turn.

Layer 4.
"""

from monitor.feeds.fetch import fetch_feed
from monitor.feeds.parse import NotAFeed
from monitor.model import Feed, FeedState, Fetched, FetchFailed, ParsedFeed
from monitor.net.hosts import HostRests
from monitor.pipeline.asking import PATIENCE, respect
from monitor.pipeline.tools import Tools
from monitor.workers import WorkerFailed


async def read_sitemap(tools: Tools, feed: Feed) -> ParsedFeed | str:
    """The sitemap at the address of ``feed``, fetched without validators; or why there is none."""
    polling = tools.live.settings.polling
    try:
        async with tools.gate.turn(feed.url, patience=PATIENCE), tools.slots:
            result = await fetch_feed(
                tools.outbound.client, feed, FeedState(feed.url),
                max_bytes=polling.max_bytes, timeout=polling.timeout, typed=False,
            )  # fmt: skip
    except HostRests:
        return "its host asked to be left alone"
    respect(tools, feed.url, result)
    if not isinstance(result, Fetched):
        return result.message if isinstance(result, FetchFailed) else "answered 304"
    try:
        return await tools.workers.parse(result.body, result.final_url, result.content_type)
    except (NotAFeed, WorkerFailed) as error:
        return str(error)
