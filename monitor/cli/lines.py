"""Files of lines, read one line at a time in bounded memory, whatever they hold.

Layer 5. Lines stay bytes: one that is not UTF-8 must cost itself only.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

LONGEST: Final = 64_000_000  # bytes of a line; a longer one is skipped unread
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end; ``data`` None: it was too long. ``size``: bytes in the file."""

    number: int  # from 1
    data: bytes | None
    size: int


def lines_of(stream: BinaryIO, longest: int = LONGEST) -> Iterator[Line]:
    """The lines of ``stream``; each may begin with a byte order mark, as joined files have it.

    Raises:
        OSError: the stream cannot be read on.
    """
    number = 0
    while piece := stream.readline(longest + 1):
        number += 1
        size = len(piece)
        if size <= longest or piece.endswith(b"\n"):
            yield Line(number, piece.removeprefix(_BOM).rstrip(b"\r\n"), size)
            continue
        while piece and not piece.endswith(b"\n"):
            piece = stream.readline(longest)
            size += len(piece)
        yield Line(number, None, size)


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """The file called ``name``, or standard input for ``-``.

    Raises:
        OSError: it cannot be opened.
    """
    if name == "-":
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as stream:
        yield stream


def bytes_in(names: tuple[str, ...]) -> int | None:
    """The size of all files together; None where that cannot be known (a pipe, no such file)."""
    try:
        return sum(Path(name).stat().st_size for name in names if name != "-") or None
    except (OSError, ValueError):
        return None
