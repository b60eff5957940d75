"""Feeds and pages as files for a web server: editions of the same feeds, packed and not.

::

    first/N.xml     a feed of 30 entries, about 70 KiB
    newer/N.xml     the same with one new entry, the oldest gone
    rebuilt/N.xml   the entries of ``first``, and another build date
    pages/N.html    the page of the new entry

A few feeds are made up and given as many names as are wanted, so that thousands are written in a
minute. Their ids differ in all feeds. A ``.gz`` stands beside each file, as nginx wants it.
"""

import gzip
import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Final

from benchmarks import made_up

EDITIONS: Final = ("first", "newer", "rebuilt")
FIRST, NEWER, REBUILT = EDITIONS
PAGES: Final = "pages"
_LATER: Final = datetime(2026, 1, 6, 7, 0, tzinfo=UTC)
DISTINCT: Final = 24  # feeds made up; a multiple of the three kinds of feed
_LINKS: Final = re.compile(
    rb'<link>https://outlet\d+\.example/[^<]+</link>|<link href="https://outlet\d+\.example/[^"]+"/>'
)
_BUILT: Final = re.compile(rb"(<lastBuildDate>)[^<]*|(<id>tag:\S+?:feed</id><updated>)[^<]*")
_WRITTEN: Final = {FIRST: 1_767_600_000, NEWER: 1_767_600_060, REBUILT: 1_767_600_120}  # mtimes


def feed(number: int, edition: str, page: str | None = None) -> bytes:
    """Feed ``number`` in an edition. Its entries have ids, and no links unless ``page`` is given:
    the address of the newest entry's page, which then stands in all of them with a number.
    """
    body = _made(number % DISTINCT, edition)
    mark = b"%d-" % (number % DISTINCT)
    body = body.replace(b">" + mark, b">%d-" % number).replace(b":" + mark, b":%d-" % number)
    body = body.replace(b"outlet%d." % (number % DISTINCT), b"outlet%d." % number)
    for begin in (b"\n<p>", b"\n&lt;p&gt;"):  # no two feeds have the same words
        body = body.replace(begin, begin + b"Report %d. " % number)
    if page is None:
        return body
    head, *entries = re.split(rb"(?=<item>|<entry>)", body)
    linked = [
        each.replace(b"</title>", b"</title>" + _link(each, page if not at else f"{page}?{at}"), 1)
        for at, each in enumerate(entries)
    ]
    return b"".join([head, *linked])


def _link(entry: bytes, address: str) -> bytes:
    text = address.encode()
    return b"<link>%b</link>" % text if entry.startswith(b"<item>") else b'<link href="%b"/>' % text


@cache
def _made(number: int, edition: str) -> bytes:
    body = made_up.feed(number, 1 if edition == NEWER else 0)
    head, *rest = re.split(rb"(?=<item>|<entry>)", body)
    if edition == REBUILT:
        text = _LATER.isoformat() if b"<feed" in head else format_datetime(_LATER)
        head, count = _BUILT.subn(lambda m: (m[1] or m[2]) + text.encode(), head)
        assert count == 1
    return head + _LINKS.sub(b"", b"".join(rest))


def page(number: int, sentence: str = "") -> bytes:
    """The page of feed ``number``'s newest entry; no two have the same words or address."""
    kind = number % DISTINCT + 1
    body = made_up.page(kind).replace(  # the canonical address, by which copies are known
        b'https://ledger.example/%d"' % kind, b'https://ledger.example/news/%d"' % number
    )
    own = f'<p class="body-text">Number {number} of the benchmark. {sentence}</p>'.encode()
    return body.replace(b'<div class="entry-content">', b'<div class="entry-content">' + own, 1)


def write(folder: Path, count: int, editions: Sequence[str] = EDITIONS) -> None:
    """Write ``count`` feeds in each edition below ``folder``."""
    for edition in editions:
        (folder / edition).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            put(folder / edition / f"{number}.xml", feed(number, edition), _WRITTEN[edition])


def write_paged(folder: Path, count: int, base: str) -> None:
    """Write ``count`` feeds whose entries have pages at ``base``, and the newest ones' pages."""
    for edition in (FIRST, NEWER):
        (folder / edition / "paged").mkdir(parents=True, exist_ok=True)
        for number in range(count):
            kind = "" if edition == NEWER else "old-"
            body = feed(number, edition, f"{base}/{PAGES}/{kind}{number}.html")
            put(folder / edition / "paged" / f"{number}.xml", body, _WRITTEN[edition])
    (folder / PAGES).mkdir(exist_ok=True)
    for number in range(count):
        put(folder / PAGES / f"{number}.html", page(number), _WRITTEN[FIRST])


def put(path: Path, body: bytes, written: int) -> None:
    """Write ``path`` and its packed twin, both as of ``written`` (seconds since 1970)."""
    for file, data in ((path, body), (path.with_name(path.name + ".gz"), _packed(body))):
        file.write_bytes(data)
        os.utime(file, (written, written))


def _packed(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)
