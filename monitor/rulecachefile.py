"""The file of the rule cache: what it holds, and how it is written and read.

Layer 4, pure but for parsing YAML. JSON throughout, so that nothing in it can run.
"""

import json
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, cast

from monitor.config import yamlfile
from monitor.located import Items, Place, Problem, Text
from monitor.located import Mapping as Located
from monitor.located import Node as LocatedNode
from monitor.rules.packed import PackedFile

_RACY: Final = 2_000_000_000  # ns; a file changed so shortly before may change again unseen


@dataclass(frozen=True, slots=True)
class Stamp:
    """How a file looked when it was read; ``seen`` is when that was. Nanoseconds."""

    size: int
    changed: int
    seen: int
    digest: str

    def vouches(self, found: os.stat_result) -> bool:
        """Whether the file is surely the same, without reading it."""
        same = (found.st_size, found.st_mtime_ns) == (self.size, self.changed)
        return same and self.changed + _RACY < self.seen


@dataclass(frozen=True, slots=True)
class KeptSource:
    """A rule file as read once: its text is kept compressed, its tree is made when asked for.

    ``shared``: its lists and filters, as a tree of their own.
    """

    shown: str
    stem: str
    lists_only: bool
    digest: str
    text: bytes = field(repr=False, compare=False)
    shared: Located = field(repr=False, compare=False)

    @property
    def node(self) -> Located:
        """The file's tree, parsed anew."""
        node, _ = yamlfile.parse(zlib.decompress(self.text), self.shown)
        assert isinstance(node, Located)  # it was one when it was kept
        return node


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule file of the cache.

    ``lists``: the hash of all files' lists when the file's rules were built; empty if the file
    names none, so that lists do not matter to it. ``filed``: the hash of the frequencies by which
    its rules were filed.
    """

    stamp: Stamp
    source: KeptSource
    lists: str
    warnings: tuple[Problem, ...]
    rules: PackedFile
    filed: str


# The file: a line that says what it is, a line with the hash of all that follows, then for each
# rule file a line about it, one with where its rules are filed, and one line for each rule.


def encode(entries: Mapping[str, Entry], header: str) -> bytes:
    """The cache file's content."""
    lines: list[bytes] = []
    for entry in entries.values():
        stamp, source, rules = entry.stamp, entry.source, entry.rules
        lines.append(_json({
            "stamp": [stamp.size, stamp.changed, stamp.seen, stamp.digest],
            "source": [source.shown, source.stem, source.lists_only],
            "text": source.text.hex(),
            "shared": pack_located(source.shared),
            "lists": entry.lists,
            "filed": entry.filed,
            "warnings": [
                [p.place.path, p.place.line, p.place.column, p.message, p.severity, p.code]
                for p in entry.warnings
            ],
            "ids": rules.ids,
            "scopes": sorted(rules.scopes),
            "labels": list(rules.labels.items()),
        }))  # fmt: skip
        lines.append(rules.filings)
        lines += rules.lines
    body = b"\n".join(lines)
    return b"\n".join((header.encode(), sha256(body).hexdigest().encode(), body))


def decode(data: bytes, header: str) -> dict[str, Entry]:
    """The entries of a cache file. Raises ValueError where it is another version's, or broken."""
    first, _, rest = data.partition(b"\n")
    if first != header.encode():
        raise ValueError("it was written by another version")
    digest, _, body = rest.partition(b"\n")
    if sha256(body).hexdigest().encode() != digest:
        raise ValueError("its hash is wrong")
    entries: dict[str, Entry] = {}
    lines = body.split(b"\n") if body else []
    at = 0
    while at < len(lines):
        entry = _entry(json.loads(lines[at]), lines, at + 1)
        entries[entry.source.shown] = entry
        at += 2 + len(entry.rules.ids)
    return entries


def _entry(about: Any, lines: Sequence[bytes], start: int) -> Entry:
    shown, stem, lists_only = about["source"]
    stamp = Stamp(*about["stamp"])
    ids = tuple(about["ids"])
    text = bytes.fromhex(about["text"])
    shared = cast(Located, _open_located(about["shared"], shown))
    rules = PackedFile(
        shown,
        ids,
        tuple(lines[start + 1 : start + 1 + len(ids)]),
        lines[start],
        frozenset(about["scopes"]),
        {at: tuple((key, value) for key, value in labels) for at, labels in about["labels"]},
    )
    if len(rules.lines) != len(ids):
        raise ValueError("rules are missing")
    return Entry(
        stamp,
        KeptSource(shown, stem, lists_only, stamp.digest, text, shared),
        about["lists"],
        tuple(Problem(Place(*row[:3]), *row[3:]) for row in about["warnings"]),
        rules,
        about["filed"],
    )


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def pack_located(node: LocatedNode) -> list[object]:
    """Located values as lists: line, column, then text and quoted, items, or pairs."""
    at = (node.place.line, node.place.column)
    match node:
        case Text(value=value, quoted=quoted):
            return [*at, value, int(quoted)]
        case Items(items=items):
            return [*at, [pack_located(item) for item in items]]
        case Located(pairs=pairs):
            rows = [[pack_located(key), pack_located(value)] for key, value in pairs]
            return [*at, rows, 0, 0]


def _open_located(packed: Any, path: str) -> LocatedNode:
    place = Place(path, packed[0], packed[1])
    match packed[2:]:
        case [value, quoted]:
            return Text(value, place, bool(quoted))
        case [items]:
            return Items(tuple(_open_located(item, path) for item in items), place)
        case [rows, _, _]:
            pairs = ((_open_located(k, path), _open_located(v, path)) for k, v in rows)
            return Located(tuple((cast(Text, key), value) for key, value in pairs), place)
    raise ValueError("no such node")
