"""A server on loopback that is a hundred and more hostile sites, told apart by the name asked for."""

import asyncio
import gzip
import threading
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from types import TracebackType
from typing import Self, TypeAlias

ADDRESS = "127.0.0.2"  # apart from 127.0.0.1, which stays forbidden
PAUSE = 2.0  # seconds between the bytes of a drip
GIB = 1024**3

Pieces: TypeAlias = AsyncIterator[bytes]
Site: TypeAlias = Callable[[str], Pieces]  # a path to what goes out on the wire, as it is

CHUNKED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nTransfer-Encoding: chunked\r\n\r\n"
)


def head(length: int | None = None, *, status: str = "200 OK", **headers: str) -> bytes:
    """The start of an answer; without ``length`` the body ends with the connection."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/rss+xml"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def rss(title: str, items: str) -> bytes:
    """A feed of ``items``, which are XML."""
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode()


def item(title: str, link: str, text: str = "") -> str:
    """An entry."""
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>"
        f"<description>{escape(text)}</description></item>"
    )


def whole(body: bytes, **headers: str) -> Site:
    """Always the same answer."""

    async def site(path: str) -> Pieces:
        yield head(len(body), **headers) + body

    return site


def paths(answers: Mapping[str, bytes]) -> Site:
    """An answer for each path."""

    async def site(path: str) -> Pieces:
        body = answers.get(path)
        if body is None:
            yield head(0, status="404 Not Found")
        else:
            kind = "text/html" if path != "/feed" else "application/rss+xml"
            yield head(len(body)).replace(b"application/rss+xml", kind.encode()) + body

    return site


def redirect(location: str, **headers: str) -> Site:
    """Leads elsewhere."""

    async def site(path: str) -> Pieces:
        yield head(0, status="302 Found", Location=location, **headers)

    return site


def bomb(size: int = GIB) -> Site:
    """``size`` bytes of zeros, packed about a thousand to one."""
    packer = zlib.compressobj(9, wbits=31)
    start = packer.compress(bytes(2**24)) + packer.flush(zlib.Z_FULL_FLUSH)
    packer = zlib.compressobj(9, wbits=-15)  # after a full flush any number of these may follow
    block = packer.compress(bytes(2**24)) + packer.flush(zlib.Z_FULL_FLUSH)

    async def site(path: str) -> Pieces:
        yield head(Content_Encoding="gzip") + start
        for _ in range(size // 2**24 - 1):
            yield block

    return site


async def endless(path: str) -> Pieces:
    """Without a length."""
    yield head()
    while True:
        yield b"<item>" * 10_000


async def endless_chunks(path: str) -> Pieces:
    """In chunks."""
    yield CHUNKED
    while True:
        yield b"ea60\r\n" + b"<item>" * 10_000 + b"\r\n"


async def drip(path: str) -> Pieces:
    """A byte every two seconds."""
    yield head(1000)
    while True:
        yield b"x"
        await asyncio.sleep(PAUSE)


async def silent(path: str) -> Pieces:
    """Takes the request and says nothing."""
    await asyncio.sleep(3600)
    yield b""


async def interim_flood(path: str) -> Pieces:
    """Interim answers without end (RFC 9110, 15.2)."""
    while True:
        yield b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 500
        await asyncio.sleep(0.001)


async def endless_headers(path: str) -> Pieces:
    """Fields without end."""
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"X-Filler: y\r\n" * 1000


async def huge_header(path: str) -> Pieces:
    """One field of a megabyte."""
    yield b"HTTP/1.1 200 OK\r\nX-Filler: " + b"y" * 1_000_000 + b"\r\n\r\n"


def stacked(times: int) -> Site:
    """Compressed so many times over."""
    body = bytes(10_000_000)
    for _ in range(min(times, 2)):
        body = gzip.compress(body)
    return whole(body, Content_Encoding=", ".join(["gzip"] * times))


@dataclass(slots=True)
class Outlaws:
    """Serves ``sites`` by the name that was asked for. Runs in a thread of its own."""

    sites: dict[str, Site]
    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)  # name, path
    _loop: asyncio.AbstractEventLoop | None = None
    _stop: asyncio.Event | None = None
    _thread: threading.Thread | None = None

    def url(self, name: str, path: str = "/feed", scheme: str = "http") -> str:
        """The address of a site."""
        return f"{scheme}://{name}.example:{self.port}{path}"

    def __enter__(self) -> Self:
        up = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(up)), daemon=True)
        self._thread.start()
        assert up.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._loop is not None and self._stop is not None and self._thread is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _serve(self, up: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        tasks: set[asyncio.Task[None]] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.add(task)
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError, ValueError):
                await self._answer(reader, writer)
            tasks.discard(task)
            writer.transport.abort()

        server = await asyncio.start_server(connected, ADDRESS, self.port, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        up.set()
        await self._stop.wait()
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = asked.split(" ", 2)[1]
        name = asked.lower().partition("host: ")[2].partition(".example")[0]
        self.asked.append((name, path))
        async for piece in self.sites[name](path):
            writer.write(piece)
            await writer.drain()
        writer.write_eof()
        await asyncio.wait_for(reader.read(), 5)  # until the other side has what we said
