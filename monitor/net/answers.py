"""What a server answered, straight from aiohttp: for the thousands of requests that feeds make.

Layer 3. ``WireAnswer`` has of an ``httpx.Response`` what fetching needs, under the same names, at a
small part of its cost.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Final, TypeAlias

import aiohttp
import httpx

from monitor.net.failures import translate

_PIECE: Final = 64 * 1024  # bytes handed out at a time
_ENCODINGS: Final = ("ascii", "utf-8")  # tried in turn on all fields, then Latin-1; as httpx does


class WireFields(dict[str, str]):
    """Header fields by lower-case name; those of a repeated one are joined by ", "."""

    def __init__(self, raw: Sequence[tuple[bytes, bytes]]) -> None:
        super().__init__()
        self.raw = raw
        """Names and values as they came, in their order."""
        for name, value in _texts(raw):
            key = name.lower()
            self[key] = f"{self[key]}, {value}" if key in self else value

    def get_list(self, key: str) -> list[str]:
        """The values of a field, one for each time that it came."""
        if key not in self:
            return []
        return [value for name, value in _texts(self.raw) if name.lower() == key]


class WireAnswer:
    """Status, header fields, and a body that is read by whoever wants it."""

    __slots__ = ("_body", "headers", "status_code")

    def __init__(self, answer: aiohttp.ClientResponse, host: str) -> None:
        self.status_code = answer.status
        self.headers = WireFields(answer.raw_headers)
        self._body = WireBody(answer, host, None)

    def aiter_raw(self) -> AsyncIterator[bytes]:
        """The body's bytes as they came. Raises httpx.TransportError where it breaks off."""
        return self._body.__aiter__()

    async def aclose(self) -> None:
        """Give the connection back if the body was read to its end, else close it."""
        await self._body.aclose()


Answer: TypeAlias = httpx.Response | WireAnswer


class WireBody(httpx.AsyncByteStream):
    """The body of an answer as it comes from the wire, in pieces of at most 64 KiB.

    ``limit``: bytes after which it ends, None for no limit.
    """

    def __init__(self, answer: aiohttp.ClientResponse, host: str, limit: int | None) -> None:
        self._answer = answer
        self._host = host
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        count = 0
        try:
            async for piece in self._answer.content.iter_chunked(_PIECE):
                count += len(piece)
                if self._limit is not None and count > self._limit:
                    return
                yield piece
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise translate(error, self._host) from None

    async def aclose(self) -> None:
        """Give the connection back if the body was read to its end, else close it."""
        self._answer.release()


def _texts(raw: Sequence[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    for encoding in _ENCODINGS:
        try:
            return [(name.decode(encoding), value.decode(encoding)) for name, value in raw]
        except UnicodeDecodeError:
            continue
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]
