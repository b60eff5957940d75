"""Read what a command names: a file, or a URL through the program's own way out.

Layer 5.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from monitor.cli.user import given
from monitor.config.settings import Articles, Network, Polling, Settings
from monitor.feeds.fetch import fetch_feed, fetch_page
from monitor.model import Feed, FeedState, Fetched
from monitor.net.addresses import parse_allowance
from monitor.net.outbound import Outbound
from monitor.userfiles import find_config, read_settings
from monitor.workers import Workers


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes to parse; ``url`` is what links are relative to."""

    body: bytes
    url: str
    content_type: str | None


class Unreadable(Exception):  # noqa: N818  # says what is the case
    """A file or URL that gave nothing; ``is_file`` tells a wrong argument from a failed fetch."""

    def __init__(self, message: str, *, is_file: bool) -> None:
        super().__init__(message)
        self.is_file = is_file


def is_url(name: str) -> bool:
    """Whether an argument is an address and no file."""
    return name.lower().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class Limits:
    """What of the settings bears on reading."""

    polling: Polling
    articles: Articles
    network: Network
    feeds: tuple[Feed, ...]


def _limits(settings: Settings | None) -> Limits:
    if settings is None:
        return Limits(Polling(), Articles(), Network(), ())
    return Limits(settings.polling, settings.articles, settings.network, settings.feeds)


class Reader:
    """Reads files and URLs, and lends the killable workers."""

    def __init__(self, outbound: Outbound, workers: Workers, limits: Limits) -> None:
        self.workers = workers
        self._outbound = outbound
        self._limits = limits

    async def page(self, name: str, url: str | None) -> Content:
        """A page. Raises Unreadable."""
        if not is_url(name):
            return _file(name, url)
        limits = self._limits
        result = await fetch_page(
            self._outbound.client, name,
            max_bytes=limits.articles.max_bytes, timeout=limits.polling.timeout,
        )  # fmt: skip
        if not isinstance(result, Fetched):
            raise Unreadable(result.message, is_file=False)
        return Content(result.body, url or result.final_url, result.content_type)

    async def feed(self, name: str) -> Content:
        """A feed document. Raises Unreadable."""
        if not is_url(name):
            return _file(name, None)
        limits = self._limits.polling
        feed = next((f for f in self._limits.feeds if f.url == name), Feed(name))
        result = await fetch_feed(
            self._outbound.client, feed, FeedState(name),
            max_bytes=limits.max_bytes, timeout=limits.timeout,
        )  # fmt: skip
        if not isinstance(result, Fetched):
            message = getattr(result, "message", "answered 304 to an unconditional request")
            raise Unreadable(message, is_file=False)
        return Content(result.body, result.final_url, result.content_type)


def _file(name: str, url: str | None) -> Content:
    try:
        return Content(Path(name).read_bytes(), url or "", None)
    except OSError as error:
        raise Unreadable(f"cannot be read ({error.strerror})", is_file=True) from error


@asynccontextmanager
async def reader(context: click.Context) -> AsyncIterator[Reader]:
    """A reader with the limits of the config, or of the defaults where that is broken."""
    path, is_shipped = find_config(given(context).config)
    settings, _ = read_settings(path, is_shipped=is_shipped)
    limits = _limits(settings)
    outbound = Outbound(
        parse_allowance(limits.network.allow_private), limits.polling.user_agent,
        limits.network.proxy.reveal() if limits.network.proxy else None,
    )  # fmt: skip
    workers = Workers()
    try:
        yield Reader(outbound, workers, limits)
    finally:
        await workers.close()
        await outbound.aclose()
