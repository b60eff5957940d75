"""How the feeds commands ask the world: the guarded way out, one request a host at a time.

Layer 5.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from monitor.config import yamlfile
from monitor.config.settings import Settings
from monitor.errors import MonitorError
from monitor.feeds.fetch import fetch_feed
from monitor.feeds.opml import Item
from monitor.located import Items, Mapping, Node, Place, Text, plain
from monitor.model import Feed, FeedState, Fetched, FetchFailed, FetchResult, ParsedFeed
from monitor.net.addresses import parse_allowance
from monitor.net.hosts import HostGate
from monitor.net.outbound import Outbound
from monitor.text.urls import canonical_url
from monitor.workers import Workers


class Asking:
    """Fetches feeds and pages with the limits of config.yaml, and parses them in workers."""

    def __init__(self, settings: Settings, outbound: Outbound, workers: Workers) -> None:
        polling = settings.polling
        self._limits = polling.max_bytes, polling.timeout
        self._outbound = outbound
        self._workers = workers
        self._gate = HostGate(polling.per_host, polling.host_gap)

    async def url(self, url: str) -> FetchResult:
        """What stands at an address, whatever it is."""
        return await self.feed(Feed(url))

    async def feed(self, feed: Feed) -> FetchResult:
        """What stands where a feed is, asked for with its headers and without validators."""
        most, timeout = self._limits
        async with self._gate.turn(feed.url):
            return await fetch_feed(
                self._outbound.client, feed, FeedState(feed.url), max_bytes=most, timeout=timeout
            )

    async def parse(self, body: bytes, url: str, content_type: str | None) -> ParsedFeed:
        """The feed in ``body``. Raises MonitorError, with a sentence, where there is none."""
        return await self._workers.parse(body, url, content_type)

    async def sitemap(self, feed: Feed) -> ParsedFeed | str:
        """A sitemap of an index, or why it cannot be had."""
        result = await self.feed(feed)
        if not isinstance(result, Fetched):
            return result.message if isinstance(result, FetchFailed) else "answered 304"
        try:
            return await self.parse(result.body, result.final_url, result.content_type)
        except MonitorError as error:
            return str(error)


@asynccontextmanager
async def asking(settings: Settings, *, processes: int = 2) -> AsyncIterator[Asking]:
    """Something to ask with; closed at the end. ``processes``: how many parse side by side."""
    outbound = Outbound(
        parse_allowance(settings.network.allow_private), settings.polling.user_agent,
        settings.network.proxy.reveal() if settings.network.proxy else None,
    )  # fmt: skip
    workers = Workers(processes=processes)
    try:
        yield Asking(settings, outbound, workers)
    finally:
        await workers.close()
        await outbound.aclose()


@dataclass(frozen=True, slots=True)
class Written:
    """The feeds as they stand in config.yaml, and where, by comparable address."""

    items: tuple[Item, ...]
    places: dict[str, Place]

    def place(self, *urls: str) -> Place | None:
        """Where one of these addresses stands, in whatever spelling; None: nowhere."""
        found = (self.places.get(canonical_url(url)) for url in urls if url)
        return next((place for place in found if place is not None), None)


def address_of(item: Item) -> str:
    """The address of a feed or sitemap as written; "" for what is neither."""
    return str(item.get("url") or item.get("sitemap") or "")


def written_feeds(path: Path) -> Written:
    """The list under ``feeds:`` as written, references unresolved."""
    node, _ = yamlfile.read(path)
    feeds = node.get("feeds") if isinstance(node, Mapping) else None
    items: list[Item] = []
    places: dict[str, Place] = {}
    for each in feeds if isinstance(feeds, Items) else ():
        value = plain(each)
        item: Item = {"url": value} if isinstance(value, str) else {}
        if isinstance(value, dict):
            item = value
        items.append(item)
        url: Node | None = each
        if isinstance(each, Mapping):
            url = each.get("url") or each.get("sitemap")
        if isinstance(url, Text):
            places.setdefault(canonical_url(url.value), url.place)
    return Written(tuple(items), places)
