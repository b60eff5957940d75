"""Read what a command names: a file, or a URL through the program's own way out.

Layer 5.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, TypeVar

import click

from monitor.cli.lines import opened
from monitor.cli.progress import Progress
from monitor.cli.user import config_path, tell
from monitor.config.settings import Articles, Network, Polling, Settings
from monitor.feeds.fetch import fetch_feed, fetch_page
from monitor.model import Feed, FeedState, Fetched
from monitor.net.addresses import parse_allowance
from monitor.net.outbound import Outbound
from monitor.userfiles import read_settings
from monitor.workers import Workers

AT_ONCE: Final = 8  # sources read side by side; more would only wait for the workers
T = TypeVar("T")


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
    """Reads files and URLs, and lends the killable workers.

    ``wrong``: config.yaml has mistakes (told already), so the defaults are in force.
    """

    def __init__(
        self, outbound: Outbound, workers: Workers, limits: Limits, *, wrong: bool
    ) -> None:
        self.workers = workers
        self.wrong = wrong
        self._outbound = outbound
        self._limits = limits

    async def page(self, name: str, url: str | None) -> Content:
        """A page; ``url`` stands for the address of a file. Raises Unreadable."""
        limits = self._limits
        if not is_url(name):
            return _file(name, url, limits.articles.max_bytes)
        result = await fetch_page(
            self._outbound.client, name,
            max_bytes=limits.articles.max_bytes, timeout=limits.polling.timeout,
        )  # fmt: skip
        if not isinstance(result, Fetched):
            raise Unreadable(result.message, is_file=False)
        return Content(result.body, url or result.final_url, result.content_type)

    async def feed(self, name: str) -> Content:
        """A feed document. Raises Unreadable."""
        limits = self._limits.polling
        if not is_url(name):
            return _file(name, None, limits.max_bytes)
        feed = next((f for f in self._limits.feeds if f.url == name), Feed(name))
        result = await fetch_feed(
            self._outbound.client, feed, FeedState(name),
            max_bytes=limits.max_bytes, timeout=limits.timeout,
        )  # fmt: skip
        if not isinstance(result, Fetched):
            message = getattr(result, "message", "answered 304 to an unconditional request")
            raise Unreadable(message, is_file=False)
        return Content(result.body, result.final_url, result.content_type)


def _file(name: str, url: str | None, most: int) -> Content:
    try:
        with opened(name) as stream:
            body = stream.read(most + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise Unreadable(f"cannot be read ({reason})", is_file=True) from error
    if len(body) > most:
        message = f"larger than the limit of {most:,} bytes (max_bytes in config.yaml)"
        raise Unreadable(message, is_file=True)
    return Content(body, url or "", None)


async def in_order(
    sources: Sequence[str], read: Callable[[str], Awaitable[T]]
) -> AsyncIterator[tuple[str, T]]:
    """Each source with what ``read`` made of it, in order; a few are read at the same time.

    A progress bar shows how far it is. Memory does not depend on the number of sources.
    """
    waiting: list[tuple[str, asyncio.Future[T]]] = []
    coming = iter(sources)
    with Progress("Reading", len(sources)) as progress:
        try:
            while True:
                for source in coming:
                    waiting.append((source, asyncio.ensure_future(read(source))))
                    if len(waiting) >= AT_ONCE:
                        break
                if not waiting:
                    return
                source, work = waiting.pop(0)
                yield source, await work
                progress.advance(1)
        finally:
            for _, work in waiting:
                work.cancel()
            await asyncio.gather(*(work for _, work in waiting), return_exceptions=True)


@asynccontextmanager
async def reader(context: click.Context) -> AsyncIterator[Reader]:
    """A reader with the limits of the config, or of the defaults where that has mistakes.

    Raises:
        UsageError: the config file named on the command line does not exist.
    """
    path, is_shipped = config_path(context)
    settings, problems = read_settings(path, is_shipped=is_shipped)
    wrong = settings is None and tell(problems)
    limits = _limits(settings)
    outbound = Outbound(
        parse_allowance(limits.network.allow_private), limits.polling.user_agent,
        limits.network.proxy.reveal() if limits.network.proxy else None,
    )  # fmt: skip
    workers = Workers()
    try:
        yield Reader(outbound, workers, limits, wrong=wrong)
    finally:
        await workers.close()
        await outbound.aclose()
