"""From bytes on the wire to a body, within limits that a hostile server cannot move.

Layer 3, though all but ``read_body`` decides only. Bytes are decompressed in pieces of 64 KiB, so a
bomb is noticed before it is large. Sources: RFC 9110, 8.4 (codings); RFC 1950, 1951, 1952.
"""

import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Final

PIECE: Final = 64 * 1024  # bytes decompressed at a time
RATIO: Final = 100  # decoded bytes per byte received …
RATIO_FROM: Final = 1024 * 1024  # … judged from this many decoded bytes on
MOST_MEMBERS: Final = 100  # gzip members in one body (RFC 1952, 2.2 allows any number)

_GZIP_MAGIC: Final = b"\x1f\x8b\x08"  # RFC 1952, 2.3.1; 8 is deflate, the only method
_GZIP: Final = zlib.MAX_WBITS | 16
_ZLIB: Final = zlib.MAX_WBITS
_RAW: Final = -zlib.MAX_WBITS
_CODINGS: Final = frozenset(("gzip", "x-gzip", "deflate"))


class BadBody(Exception):  # noqa: N818  # says what is the case
    """The body is truncated, damaged, or in a coding that was never offered.

    The text is the end of a sentence: "the answer of example.org" + " " + text.
    """


class TooLarge(BadBody):
    """The body, decoded, is larger than allowed, or swells like a bomb."""


def coding_of(header: str | None) -> str | None:
    """The one content coding that ``Content-Encoding`` names; None for none.

    Raises:
        BadBody: several codings, or one that was not offered (br, zstd, …).
    """
    names = [name.strip().lower() for name in (header or "").split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if not names:
        return None
    if len(names) > 1:
        raise BadBody("is compressed several times over")
    if names[0] not in _CODINGS:
        raise BadBody(f"is in a coding that was not asked for ({names[0][:20]!r})")
    return names[0]


class Decoder:
    """Decodes a body piece by piece; hands out at most ``max_bytes`` bytes and 64 KiB at a time.

    Without a coding, a body that begins like gzip is decoded as gzip (``feed.xml.gz`` served as a
    plain file). With one, a body that does not begin like gzip is passed on as it is (servers that
    label without compressing).
    """

    def __init__(self, coding: str | None, max_bytes: int) -> None:
        self._deflate = coding == "deflate"
        self._max = max_bytes
        self._start: bytes | None = b""  # bytes held back until the format is known
        self._inflate: zlib._Decompress | None = None
        self._members = 0
        self._rest = b""  # what follows a member, until it is enough to judge
        self._received = 0
        self._decoded = 0

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """What ``piece`` decodes to.

        Raises:
            TooLarge, BadBody: see there.
        """
        self._received += len(piece)
        if self._start is not None:
            self._start += piece
            if len(self._start) < len(_GZIP_MAGIC):
                return
            piece = self._recognise()
        yield from self._counted(piece)

    def finish(self) -> Iterator[bytes]:
        """What is left when the last piece was fed.

        Raises:
            BadBody: the compressed body ends in its middle.
        """
        if self._start:
            yield from self._counted(self._recognise())
        if self._inflate is not None and not self._inflate.eof:
            raise BadBody("breaks off in its middle")

    def _recognise(self) -> bytes:
        start, self._start = self._start or b"", None
        if start.startswith(_GZIP_MAGIC):
            self._inflate = zlib.decompressobj(_GZIP)
            self._members = 1
        elif self._deflate:
            # RFC 9110 means zlib's wrapping; many servers send the bare stream
            wrapped = (
                len(start) > 1 and start[0] & 15 == 8 and (start[0] * 256 + start[1]) % 31 == 0
            )
            self._inflate = zlib.decompressobj(_ZLIB if wrapped else _RAW)
        return start

    def _counted(self, piece: bytes) -> Iterator[bytes]:
        for decoded in self._decoded_pieces(piece):
            self._decoded += len(decoded)
            if self._decoded > self._max:
                raise TooLarge(f"is larger than {self._max:,} bytes")
            if self._decoded > RATIO_FROM and self._decoded > RATIO * self._received:
                raise TooLarge(f"swells to more than {RATIO} times its size")
            if decoded:
                yield decoded

    def _decoded_pieces(self, piece: bytes) -> Iterator[bytes]:
        if self._inflate is None:
            yield piece
            return
        while True:
            if self._inflate.eof:
                piece, self._rest = self._rest + piece, b""
                if len(piece) < 2:  # one byte tells no new member from padding
                    self._rest = piece
                    return
                if not piece.startswith(_GZIP_MAGIC[:2]) or not self._members:
                    return  # padding after the end, which gzip itself ignores
                self._members += 1
                if self._members > MOST_MEMBERS:
                    raise TooLarge(f"is made of more than {MOST_MEMBERS} compressed parts")
                self._inflate = zlib.decompressobj(_GZIP)
            try:
                decoded = self._inflate.decompress(piece, PIECE)
            except zlib.error as error:
                raise BadBody("is damaged: it cannot be decompressed") from error
            yield decoded
            piece = self._inflate.unconsumed_tail or self._inflate.unused_data
            if not piece and len(decoded) < PIECE:  # a full piece may have more behind it
                return


async def read_body(
    pieces: AsyncIterator[bytes],
    *,
    content_encoding: str | None,
    content_length: str | None,
    max_bytes: int,
) -> bytes:
    """The whole body, decoded, at most ``max_bytes`` bytes. Arguments are headers as they came.

    Raises:
        TooLarge: it is larger, announces to be, or swells more than 100:1 beyond 1 MiB.
        BadBody: see there; also a length other than the one announced.
    """
    decoder = Decoder(coding_of(content_encoding), max_bytes)
    length = (content_length or "").strip()
    announced = int(length) if length.isascii() and length.isdigit() and len(length) < 19 else None
    if announced is not None and announced > max_bytes:
        raise TooLarge(f"is larger than {max_bytes:,} bytes")
    body = bytearray()
    received = 0
    async for piece in pieces:
        received += len(piece)
        if received > max_bytes:
            raise TooLarge(f"is larger than {max_bytes:,} bytes")
        for decoded in decoder.feed(piece):
            body += decoded
    if announced is not None and received != announced:
        raise BadBody("breaks off in its middle")
    for decoded in decoder.finish():
        body += decoded
    return bytes(body)
