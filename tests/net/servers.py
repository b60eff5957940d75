"""A server on loopback that says exactly the bytes a test wants, well-behaved or not."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from monitor.net.addresses import Allowance, parse_allowance
from monitor.net.outbound import Outbound

LOOPBACK = parse_allowance(["127.0.0.0/8", "::1"])
AGENT = "news-monitor-test/1 (+https://example.org)"


@dataclass(frozen=True)
class Seen:
    """A request as it came in. Header names are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    raw: bytes


@dataclass
class Server:
    """A running server: where it is, and what it was asked."""

    port: int = 0
    seen: list[Seen] = field(default_factory=list)
    disconnected: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


Answer = Callable[[Seen, asyncio.StreamWriter], Awaitable[None]]


def answer(
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    length: int | None = None,
) -> bytes:
    """A whole answer; ``length`` lies about the body's."""
    lines = [f"HTTP/1.1 {status} X"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if status not in (204, 304):
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def always(*args: object, **kwargs: object) -> Answer:
    """A handler that gives the same answer each time."""
    text = answer(*args, **kwargs)  # type: ignore[arg-type]  # the arguments of answer()

    async def handle(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(text)

    return handle


def by_path(answers: Mapping[str, bytes]) -> Answer:
    """A handler that looks the answer up by path; 404 for others."""

    async def handle(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(answers.get(seen.path, answer(404)))

    return handle


@asynccontextmanager
async def serving(
    handle: Answer, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    """Serve until the block ends. A handler that returns keeps the connection open."""
    server = Server()
    writers: set[asyncio.StreamWriter] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                seen = _parse(head)
                server.seen.append(seen)
                if length := int(seen.headers.get("content-length", 0)):
                    await reader.readexactly(length)
                await handle(seen, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            pass
        except asyncio.CancelledError:
            pass
        finally:
            server.disconnected.set()
            writers.discard(writer)
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    listener = await asyncio.start_server(connected, host, 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        for writer in list(writers):
            writer.transport.abort()
        await asyncio.sleep(0)


@asynccontextmanager
async def outbound(allowance: Allowance = LOOPBACK, **options: object) -> AsyncIterator[Outbound]:
    """The factory under test, closed at the end."""
    made = Outbound(allowance, AGENT, **options)  # type: ignore[arg-type]  # its own options
    try:
        yield made
    finally:
        await made.aclose()


def _parse(head: bytes) -> Seen:
    first, *rest = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {}
    for line in rest:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.lower()] = value.strip()
    return Seen(method, path, headers, head)
