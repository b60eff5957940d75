"""Leaves out of a feed document the items that stood in it, byte for byte, when it was last read.

Pure. Most of a changed document is what it was before: another build date, one item more. Items
are found by searching bytes and known again by their hashes; in their place stands a ``MARKER``,
and the reader of trees (``quick``) has only the rest to build and read. The search alone could be
deceived (an item quoted in CDATA or in a comment), so that its result counts only where the tree
has as many items at the channel's top as were found; then each ``<item`` in the bytes is one.
"""

import re
from base64 import b85decode, b85encode
from collections.abc import Set
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol

MARKED: Final = "k"  # the attribute of a marker; no format has it
_BODY: Final = 64  # characters of a SHA-256
_CONTEXT: Final = 8  # bytes of the hash of what the items' meaning depends on
_ITEM: Final = 6  # bytes of an item's hash: of 30 items one is mistaken once in 10**13
_MOST: Final = 1000  # items remembered
_LARGEST: Final = 1_000_000  # bytes searched: some 3 ms
# Nothing but declarations and stylesheets before the root, whose start tag is read whole.
_START: Final = re.compile(rb"(?:\s*<\?[^>]*\?>)*\s*<(rss|feed)(?=[\s>])[^<>]*>")
_TAGS: Final = {
    b"rss": (b"item", re.compile(rb"<(/?)item[\s>/]")),
    b"feed": (b"entry", re.compile(rb"<(/?)entry[\s>/]")),
}


class Scan(Protocol):
    """What ``quick`` tells of a document, as far as it matters here."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The ids of its items, each once."""

    @property
    def items(self) -> int:
        """How many items it has, without markers."""

    @property
    def left_out(self) -> int:
        """How many markers it has."""


@dataclass(frozen=True, slots=True)
class Split:
    """Where the items of a document stand: ``edges`` are (first byte, byte after the last), and
    ``hashes`` theirs. ``context``: the hash of what they depend on (root, namespaces, address)."""

    context: bytes
    name: bytes
    edges: tuple[tuple[int, int], ...]
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Rest:
    """A document with markers for known items; ``left_out`` counts them, ``items`` are all."""

    body: bytes
    left_out: int
    items: int


def digest(body: bytes) -> str:
    """The hash by which a body is known to be the one read last."""
    return sha256(body).hexdigest()


def is_same(marks: str | None, found: str) -> bool:
    """Whether ``marks`` (as ``marks_of`` writes them, or a digest alone) are of this digest."""
    return marks is not None and marks.startswith(found)


def marks_of(found: str, split: Split | None) -> str:
    """What is remembered of a document: its digest and, with ``split``, its items."""
    if split is None:
        return found
    return found + b85encode(split.context + b"".join(split.hashes)).decode()


def split(body: bytes, url: str) -> Split | None:
    """The items of ``body`` from ``url``, as a search for their tags finds them; None if it cannot.

    Start and end tags take turns, or there is something else than items among them.
    """
    start = _START.match(body) if len(body) <= _LARGEST else None
    if start is None or start[0].count(b'"') % 2 or start[0].count(b"'") % 2:
        return None
    name, tags = _TAGS[start[1]]
    edges = _edges(body, start.end(), tags)
    if not edges:
        return None
    context = sha256(start[0] + b"\n" + url.encode("utf-8", "replace")).digest()[:_CONTEXT]
    hashes = tuple([sha256(body[a:b]).digest()[:_ITEM] for a, b in edges])
    return Split(context, name, edges, hashes)


def rest_of(body: bytes, found: Split, marks: str | None) -> Rest | None:
    """``body`` without the items that ``marks`` remember; None if there are none of them."""
    known = _remembered(found.context, marks)
    pieces: list[bytes] = []
    at = left_out = 0
    marker = b"<" + found.name + b" " + MARKED.encode() + b'=""/>'
    for (begin, end), each in zip(found.edges, found.hashes, strict=True):
        if each in known:
            pieces += (body[at:begin], marker)
            at = end
            left_out += 1
    if not left_out:
        return None
    return Rest(b"".join((*pieces, body[at:])), left_out, len(found.edges))


def is_whole(rest: Rest, scanned: Scan) -> bool:
    """Whether the tree of ``rest`` has what was searched for: so many markers, so many items."""
    all_of_it = scanned.items + scanned.left_out == rest.items
    return all_of_it and scanned.left_out == rest.left_out


def is_sure(found: Split, scanned: Scan) -> bool:
    """Whether the items that were searched for are those of the tree, each with an id of its own.

    Then they may be remembered.
    """
    all_of_it = scanned.items + scanned.left_out == len(found.edges)
    return all_of_it and len(scanned.keys) == scanned.items


def _remembered(context: bytes, marks: str | None) -> Set[bytes]:
    """The hashes of items in ``marks``; none if they were read in another context."""
    if marks is None or len(marks) <= _BODY:
        return frozenset()
    try:
        packed = b85decode(marks[_BODY:])
    except ValueError:  # damaged: nothing is known, and all is read
        return frozenset()
    if packed[:_CONTEXT] != context:
        return frozenset()
    return {packed[at : at + _ITEM] for at in range(_CONTEXT, len(packed), _ITEM)}


def _edges(body: bytes, at: int, tags: re.Pattern[bytes]) -> tuple[tuple[int, int], ...]:
    """Each element from its start tag to its end tag; nothing if tags do not take turns."""
    found: list[tuple[int, int]] = []
    begin = -1
    for tag in tags.finditer(body, at):
        if tag[1]:
            end = body.find(b">", tag.start()) + 1
            if begin < 0 or not end or len(found) == _MOST:
                return ()
            found.append((begin, end))
            begin = -1
        elif begin >= 0:
            return ()
        else:
            begin = tag.start()
    return tuple(found) if begin < 0 else ()
