"""Reads plain, well-formed RSS 2.0 and Atom 1.0 fast, and only the entries that are new.

``scan`` builds libxml2's tree (no entities, no network, no DTD) and gives the entries' ids;
``read`` then turns into entries only those that are not known. Whatever ``tolerant`` might see
with other eyes is a ``Doubt``, and the whole document goes there: damage, odd encodings, document
types, entities, dates that need guessing, markup where text belongs, namespaces that mean
something. A test holds both ways of reading against each other.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from lxml import etree

from monitor.feeds.charset import is_plain_utf8
from monitor.feeds.delta import MARKED
from monitor.feeds.entries import (
    MOST_ENTRIES,
    Found,
    about_links,
    about_type,
    bounded,
    dropped_link,
    entry_of,
    key_of,
)
from monitor.feeds.quick_atom import AtomReader
from monitor.feeds.quick_elements import Doubtful, Head
from monitor.feeds.quick_rss import RssReader
from monitor.model import Entry, ParsedFeed

MOST_BYTES: Final = 2_000_000  # more goes to a worker that can be killed
MOST_BYTES_IN_LOOP: Final = 256 * 1024  # the worst bodies of this size take some 40 ms
MOST_ENTRIES_IN_LOOP: Final = 200  # some 15 ms if all are new
_ATOM: Final = "{http://www.w3.org/2005/Atom}feed"
_Element: TypeAlias = etree._Element
_Reader: TypeAlias = RssReader | AtomReader


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the quick way leaves a document to the tolerant one."""

    reason: str


@dataclass(frozen=True, slots=True)
class Scan:
    """A feed whose entries have been told apart, but not read.

    ``keys``: the ids that its entries will have, each once, in the feed's order. ``items``: how
    many entries there are, doubles included. ``left_out``: how many markers stand among them for
    entries that were left out (``delta``); a document that came as it is has none, or is doubtful.
    """

    keys: tuple[str, ...]
    head: Head
    items: int
    left_out: int
    _reader: _Reader = field(repr=False)
    _items: tuple[_Element, ...] = field(repr=False)
    _item_keys: tuple[str, ...] = field(repr=False)  # one for each item, doubles included
    _identities: tuple[Found, ...] = field(repr=False)
    _url: str = field(repr=False)
    _warnings: tuple[str, ...] = field(repr=False)

    def read(
        self,
        *,
        now: datetime | None = None,
        known: Callable[[str], bool] | None = None,
        bare: bool = False,
    ) -> ParsedFeed | Doubt:
        """The feed with the entries that ``known`` does not know; ``bare`` as for ``entry_of``."""
        entries: list[Entry] = []
        dropped: list[str] = []
        try:
            told = zip(self._items, self._item_keys, self._identities, strict=True)
            for item, key, identity in told:
                if known is not None and known(key):
                    continue
                found = self._reader.found(item, identity)
                entry = entry_of(found, self._url, self.head.language, bare=bare)
                _readable_dates(found, entry)
                entries.append(entry)
                if dropped_link(found, entry):
                    dropped.append(found.links[0])
        except Doubtful as doubt:
            return Doubt(str(doubt))
        feed = ParsedFeed(
            format=self.head.format,
            title=self.head.title,
            link=self.head.link,
            entries=tuple(entries),
            language=self.head.language,
            ttl=self.head.ttl,
            skip_hours=self.head.hints.skip_hours,
            skip_days=self.head.hints.skip_days,
            hub=self.head.hints.hub,
            topic=self.head.hints.topic,
            warnings=(*self._warnings, *about_links(len(dropped), "".join(dropped[:1]))),
        )
        return bounded(feed, now)


def scan(body: bytes, url: str, content_type: str | None) -> Scan | Doubt:
    """The ids of the entries in ``body`` from ``url``, ready to be read; or why not."""
    if len(body) > MOST_BYTES:
        return Doubt("large")
    start = body.find(b"<?xml", 0, 3)
    if not body.startswith(b"<") or start > 0:
        return Doubt("no document at the beginning")
    if not is_plain_utf8(body, content_type):
        return Doubt("encoding")
    try:
        return _scan(body, url, content_type)
    except Doubtful as doubt:
        return Doubt(str(doubt))
    except etree.XMLSyntaxError:
        return Doubt("not well-formed")


def scan_in_loop(body: bytes, url: str, content_type: str | None) -> Scan | Doubt:
    """As ``scan``, for a thread that must not be held up: a doubt about what would take long."""
    if len(body) > MOST_BYTES_IN_LOOP:
        return Doubt("too large to be read here")
    scanned = scan(body, url, content_type)
    if isinstance(scanned, Scan) and len(scanned.keys) > MOST_ENTRIES_IN_LOOP:
        return Doubt("too many entries to be read here")
    return scanned


def _scan(body: bytes, url: str, content_type: str | None) -> Scan:
    root = etree.fromstring(body, _parser())
    if root.getroottree().docinfo.doctype:
        raise Doubtful("a document type")
    reader: _Reader
    if root.tag == "rss":
        reader = RssReader(root, url)
    elif root.tag == _ATOM:
        reader = AtomReader(root, url)
    else:
        raise Doubtful("another format")
    head, items = reader.head(), reader.items()
    if len(items) > MOST_ENTRIES:
        raise Doubtful("many entries")
    if not items and not head.title:
        raise Doubtful("nothing in it")
    everything = items
    items = tuple(item for item in everything if not _is_marker(item))
    identities = tuple(reader.identity(item) for item in items)
    keys = tuple(
        _key(reader, item, identity, url) for item, identity in zip(items, identities, strict=True)
    )
    once = tuple(dict.fromkeys(keys))
    return Scan(
        once, head, len(items), len(everything) - len(items),
        reader, items, keys, identities, url, about_type(content_type),
    )  # fmt: skip


def _is_marker(item: _Element) -> bool:
    return len(item) == 0 and item.keys() == [MARKED]


def _key(reader: _Reader, item: _Element, identity: Found, url: str) -> str:
    key = key_of(identity, url)
    return key if key is not None else entry_of(reader.found(item, identity), url, None).id


def _readable_dates(found: Found, entry: Entry) -> None:
    """A date that only feedparser might read is doubtful."""
    published, updated = found.published, found.updated
    if (updated.text and entry.updated is None) or (published.text and entry.published is None):
        raise Doubtful("a date")
    stood_in = published.text != updated.text and entry.published == entry.updated
    if stood_in and published.text and not published.moment(entry.language):
        raise Doubtful("a date")  # the other one stood in for it


def _parser() -> "etree.XMLParser":
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=False,
    )  # fmt: skip
