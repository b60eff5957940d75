"""A small feed server on loopback, in a process of its own, so that its CPU is not counted.

::

    /unchanged/WHO/N   ETag and Last-Modified; 304 to whoever sends the ETag back
    /same/WHO/N        no validators, the same bytes every time
    /new/WHO/N         one new entry with every request

Bodies are made before the first request and sent with gzip to whoever takes it. The first line of
its output is its port; it ends when its input ends.
"""

import argparse
import asyncio
import gzip
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.made_up import feed

ROOT: Final = Path(__file__).parents[1]
DISTINCT: Final = 6  # feeds; more URLs than that share their bodies
_DATE: Final = b"Mon, 05 Jan 2026 06:00:00 GMT"


class Bodies:
    """Answers, ready to send. ``editions``: how often one URL can have something new."""

    def __init__(self, editions: int) -> None:
        self._plain = [
            [feed(number, edition) for edition in range(editions)] for number in range(DISTINCT)
        ]
        self._packed = [[gzip.compress(body, 6) for body in bodies] for bodies in self._plain]
        self._asked: Counter[bytes] = Counter()

    def answer(self, path: bytes, head: bytes) -> bytes:
        """The whole answer to a request for ``path`` with the header lines ``head``."""
        lower = head.lower()
        kind, number = path.split(b"/")[1], int(path.rpartition(b"/")[2])
        etag = b'"v-%d"' % number
        if kind == b"unchanged" and b"if-none-match: " + etag in lower:
            return (
                b"HTTP/1.1 304 Not Modified\r\nDate: %b\r\nETag: %b\r\n"
                b"Cache-Control: max-age=300\r\n\r\n" % (_DATE, etag)
            )
        edition = 0
        if kind == b"new":
            edition = self._asked[path]
            self._asked[path] += 1
        packed = b"accept-encoding:" in lower and b"gzip" in lower
        bodies = (self._packed if packed else self._plain)[number % DISTINCT]
        body = bodies[min(edition, len(bodies) - 1)]
        validators = b"ETag: %b\r\nLast-Modified: %b\r\n" % (etag, _DATE)
        return (
            b"HTTP/1.1 200 OK\r\nDate: %b\r\nContent-Type: application/xml; charset=utf-8\r\n"
            b"Content-Length: %d\r\n%b%b\r\n%b"
            % (
                _DATE,
                len(body),
                b"Content-Encoding: gzip\r\n" if packed else b"",
                validators if kind == b"unchanged" else b"",
                body,
            )
        )


class Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, for GET without a body."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._held += data
        while b"\r\n\r\n" in self._held:
            request, _, self._held = self._held.partition(b"\r\n\r\n")
            line, _, head = request.partition(b"\r\n")
            self._transport.write(self._bodies.answer(line.split(b" ")[1], head))


@contextmanager
def serving(editions: int) -> Iterator[tuple[str, int]]:
    """A server in a child process: its ``http://127.0.0.1:port`` and its process id."""
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server", str(editions)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        port = child.stdout.readline().strip()
        if not port:
            raise RuntimeError("the feed server did not start")
        yield f"http://127.0.0.1:{port}", child.pid
    finally:
        child.stdin.close()
        child.wait(10)
        child.stdout.close()


async def _serve(editions: int) -> None:
    bodies = Bodies(editions)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(bodies), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


def _main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("editions", type=int)
    asyncio.run(_serve(arguments.parse_args().editions))


if __name__ == "__main__":
    _main()
