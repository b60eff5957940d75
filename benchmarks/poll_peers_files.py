"""A file server on loopback for machines without nginx: GET, ETag, 304, packed files.

python -m benchmarks.poll_peers_files FOLDER LOG PORT PORT_WITHOUT_VALIDATORS
"""

import asyncio
import sys
import time
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import TextIO

from benchmarks.poll_peers_server import HOSTS


class Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, for GET without a body."""

    def __init__(self, folder: Path, log: TextIO, *, validators: bool) -> None:
        self._folder = folder
        self._log = log
        self._validators = validators
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
            path = line.split(b" ")[1].decode().partition("?")[0]
            status, answer = self._answer(path, head.lower())
            self._log.write(f"{time.time():.3f} {status} {path}\n")
            self._log.flush()
            self._transport.write(answer)

    def _answer(self, path: str, head: bytes) -> tuple[int, bytes]:
        file = self._folder / (path[1:] if path.startswith("/pages/") else f"live{path}")
        if not file.is_file():
            return 404, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        packed = b"gzip" in head and file.with_name(file.name + ".gz").is_file()
        if packed:
            file = file.with_name(file.name + ".gz")
        facts = file.stat()
        etag = b'"%x-%x"' % (int(facts.st_mtime), facts.st_size)
        marks = b""
        if self._validators:
            marks = b"ETag: %b\r\nLast-Modified: %b\r\n" % (
                etag, formatdate(facts.st_mtime, usegmt=True).encode(),
            )  # fmt: skip
            if b"if-none-match: " + etag in head:
                return 304, b"HTTP/1.1 304 Not Modified\r\n%b\r\n" % marks
        if packed:
            marks += b"Content-Encoding: gzip\r\n"
        kind = b"text/html" if path.endswith(".html") else b"application/xml"
        body = file.read_bytes()
        return 200, (
            b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n%b\r\n%b"
            % (kind, len(body), marks, body)
        )


async def _serve(folder: Path, log: TextIO, ports: tuple[int, int]) -> None:
    loop = asyncio.get_running_loop()
    for port, validators in zip(ports, (True, False), strict=True):
        for host in HOSTS:
            await loop.create_server(
                partial(Connection, folder, log, validators=validators),
                host, port, backlog=1024,
            )  # fmt: skip
    await asyncio.Event().wait()


if __name__ == "__main__":
    with Path(sys.argv[2]).open("a") as out:
        asyncio.run(_serve(Path(sys.argv[1]), out, (int(sys.argv[3]), int(sys.argv[4]))))
