"""Prepares the bytes of a feed for the parser: is it a feed at all, and not too much of one.

Pure and linear; regular expressions over bytes only. feedparser needs 42 s for 100,000 items and
7 s for one author name of 30 kB, so both are cut before it sees them. What stands before or after
the document (blank lines, a program's warnings) would make everything count as broken.
"""

import codecs
import re
import zlib
from dataclasses import dataclass
from typing import Final

_ROOT: Final = re.compile(
    rb"<(?:[A-Za-z][\w.-]{0,30}:)?"
    rb"(?P<name>rss|RSS|feed|RDF|rdf|channel|CHANNEL|Channel|entry|urlset|sitemapindex)(?=[\s>/])",
    re.A,
)
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_BEGINNING: Final = re.compile(rb"<\?[A-Za-z]|<!DOCTYPE\b|<!--|<[A-Za-z]")
_ITEM_END: Final = re.compile(rb"</(?:item|entry|ITEM|Item)\s*>")
_LONG_NAME: Final = re.compile(
    rb"(<(?:[A-Za-z][\w.-]{0,20}:)?(?:author|creator|contributor|name|email|managingEditor|webMaster"
    rb"|publisher|owner|credit)(?:\s[^<>]{0,300})?>(?:\s*<!\[CDATA\[)?)([^<\]]{600})[^<\]]*"
)
# Captions, and words about the picture, would become summaries and tags of the article.
_MEDIA: Final = re.compile(
    rb"<(?P<close>/?)media:(?P<name>title|description|text|category|keywords)"
    rb"(?:\s[^<>]{0,2000}?)?(?P<empty>/?)>"
)
_REFERENCES: Final = re.compile(rb"(?:&#(?:[0-9]{1,20}|[xX][0-9a-fA-F]{1,20});)+")
_REFERENCE: Final = re.compile(rb"&#(?:([0-9]+)|[xX]([0-9a-fA-F]+));")
_GZIP: Final = b"\x1f\x8b\x08"
_SEARCHED: Final = 20_000  # bytes in which the root element must begin
MOST_UNPACKED: Final = 20 * 1024 * 1024  # bytes that a body packed once more may come to


@dataclass(frozen=True, slots=True)
class Source:
    """What to parse. ``root`` is the root's local name in lower case, ``kind`` a media type.

    ``surplus`` counts entries that were cut off; ``warnings`` say what else was left out.
    """

    body: bytes
    kind: str
    root: str
    surplus: int = 0
    warnings: tuple[str, ...] = ()


def unpacked(body: bytes) -> bytes:
    """``body``, unpacked if it is gzip (RFC 1952) that the server did not say it sent.

    Cut off at ``MOST_UNPACKED``; damage leaves what could be read before it.
    """
    if not body.startswith(_GZIP):
        return body
    reader = zlib.decompressobj(wbits=31)
    pieces: list[bytes] = []
    try:
        pieces.append(reader.decompress(body, MOST_UNPACKED))
    except zlib.error:
        return _until_damage(body)
    return b"".join(pieces)


def _until_damage(body: bytes) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    pieces: list[bytes] = []
    size = 0
    for start in range(0, len(body), 4096):
        try:
            pieces.append(reader.decompress(body[start : start + 4096], MOST_UNPACKED - size))
        except zlib.error:
            break
        size += len(pieces[-1])
        if size >= MOST_UNPACKED:
            break
    return b"".join(pieces)


def is_json(body: bytes) -> bool:
    """Whether ``body`` begins like a JSON object."""
    return body.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{"


def prepare(body: bytes, most_entries: int) -> Source | None:
    """``body`` (UTF-8) made ready for a parser; None if it holds no root element of a feed."""
    start = _without_comments(body[:_SEARCHED])
    root = _ROOT.search(start)
    page = _HTML.search(start)
    if root is None or (page is not None and page.start() < root.start()):
        return None
    name = root["name"].lower()
    body, warnings = _alone(_REFERENCES.sub(_mended, body), root)
    if name not in (b"feed", b"entry"):
        body = _without_captions(body)
    kind = {b"feed": "application/atom+xml", b"rdf": "application/rdf+xml"}.get(
        name, "application/rss+xml"
    )
    body = _LONG_NAME.sub(rb"\1\2", body)
    ends = list(_ITEM_END.finditer(body))
    if len(ends) <= most_entries or name == b"entry":
        return Source(body, kind, name.decode(), 0, warnings)
    cut = body[: ends[most_entries - 1].end()] + _closing(root, name)
    return Source(cut, kind, name.decode(), len(ends) - most_entries, warnings)


def _mended(run: re.Match[bytes]) -> bytes:
    """References side by side, as XML can have them: one that no document may hold costs the parser
    the whole feed. Halves of a surrogate pair (emoji, as some programs write them) become one.
    """
    codes = [int(one[1] or one[2], 10 if one[1] else 16) for one in _REFERENCE.finditer(run[0])]
    if all(32 <= code < 0xD800 or code in (9, 10, 13) for code in codes):
        return run[0]
    kept: list[int] = []
    for code in codes:
        if 0xDC00 <= code < 0xE000 and kept and 0xD800 <= kept[-1] < 0xDC00:
            code = 0x10000 + ((kept.pop() - 0xD800) << 10) + (code - 0xDC00)
        kept.append(code)
    return b"".join(b"&#%d;" % code for code in kept if _is_character(code))


def _is_character(code: int) -> bool:
    """Whether a document may hold it (XML 1.0, 2.2)."""
    if code < 32:
        return code in (9, 10, 13)
    return code < 0xD800 or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF


def _without_comments(start: bytes) -> bytes:
    """``start`` with comments blanked out; everything else stays where it is."""
    position = start.find(b"<!--")
    while position >= 0:
        end = start.find(b"-->", position)
        if end < 0:
            return start
        start = start[:position] + b" " * (end + 3 - position) + start[end + 3 :]
        position = start.find(b"<!--", end)
    return start


def _alone(body: bytes, root: re.Match[bytes]) -> tuple[bytes, tuple[str, ...]]:
    """``body`` without what stands before and after the document, and a word about it."""
    warnings = []
    first = _BEGINNING.search(body)
    if first and first.start() <= root.start():
        if body[: first.start()].strip():
            warnings.append("something stood before the document and was left out")
        prolog = body[first.start() : root.start()]
        if b"<!ENTITY" in prolog:  # feedparser sees those that begin a line
            prolog = prolog.replace(b"<!ENTITY", b"\n<!ENTITY").replace(b"]>", b"\n]>")
        body = prolog + body[root.start() :]
    closing = b"</" + root[0][1:]
    end = body.rfind(closing)
    if end >= 0:
        end = body.find(b">", end) + 1
        rest = body[end:].strip() if end else b""
        if rest and not rest.startswith((b"<!--", b"<?")):
            warnings.append("something stood after the document and was left out")
            body = body[:end]
    return body, tuple(warnings)


def _without_captions(body: bytes) -> bytes:
    """``body`` of RSS without the elements that Media RSS has for words about pictures."""
    if b"<media:" not in body:
        return body
    kept: list[bytes] = []
    position = 0
    name, depth = b"", 0  # of the element being left out
    for tag in _MEDIA.finditer(body):
        if not depth and not tag["close"]:
            kept.append(body[position : tag.start()])
            position = tag.end() if tag["empty"] else tag.start()
            name, depth = tag["name"], 0 if tag["empty"] else 1
        elif depth and tag["name"] == name and not tag["empty"]:
            depth += -1 if tag["close"] else 1
            if not depth:
                position = tag.end()
    return b"".join((*kept, body[position:]))


def _closing(root: re.Match[bytes], name: bytes) -> bytes:
    inner = b"</channel>" if name == b"rss" else b""
    return inner + b"</" + root[0][1:] + b">"
