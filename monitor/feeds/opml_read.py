"""Reads OPML as readers write it, ours and all others, into feeds as config.yaml has them.

Layer 1, pure. Folders become tags. What cannot be taken over is told, once for each kind. Files of
other readers are often not quite XML (a bare ``&``, a missing end), so what can be read is read;
but a document type that declares entities, or one nested without end, is refused.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from monitor.feeds.opml import (
    LANGUAGE,
    MOST_NAME,
    NAMESPACE,
    Item,
    NotOpml,
    Plain,
    address,
    escaped,
    from_attribute,
)
from monitor.text.markup import one_line, unescape

MOST_BYTES: Final = 20_000_000
MOST_FEEDS: Final = 20_000
DEEPEST: Final = 40  # folders in each other
_MOST_TOLD: Final = 20

_BARE_AMPERSAND: Final = re.compile(
    rb"&(?!(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)"
)
_FEED_TYPES: Final = frozenset({"rss", "atom", "feed", "json", "rdf", "rss1", "rss2"})
# those that OPML 2.0 describes; what they say is taken over, or can be had from the feed
_KNOWN: Final = frozenset(
    "text title type xmlurl htmlurl url description language category version created iscomment"
    " isbreakpoint".split()
)


@dataclass(frozen=True, slots=True)
class OpmlFile:
    """The feeds of a list in its order, and sentences about what was not taken over."""

    title: str
    items: tuple[Item, ...]
    told: tuple[str, ...]


def read_opml(body: bytes) -> OpmlFile:
    """The list in ``body``. A feed that is there twice is one feed with the tags of both.

    Settings of our own namespace come as written, ``${NAME}`` and headers included: the caller
    decides whether this file may name secrets of this machine.

    Raises:
        NotOpml: it is no OPML, declares entities, nests too deep, or is too large.
    """
    root = _root(body)
    page = root.find("{*}body")
    if page is None:
        raise NotOpml("this OPML has no body, and so no feeds")
    reading = _Reading(ours=NAMESPACE in root.nsmap.values())
    for outline, folders in _outlines(page):
        reading.take(outline, folders)
        if len(reading.items) > MOST_FEEDS:
            raise NotOpml(f"more than {MOST_FEEDS:,} feeds. Split the file")
    title = one_line(root.findtext("{*}head/{*}title") or "")[:MOST_NAME]
    return OpmlFile(title, tuple(reading.items.values()), reading.told())


def _root(body: bytes) -> etree._Element:
    if len(body) > MOST_BYTES:
        raise NotOpml(f"larger than {MOST_BYTES // 1_000_000} MB")
    if b"<!ENTITY" in body.replace(b"\x00", b""):
        raise NotOpml("it declares entities of its own, which no list of feeds needs")
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(_with_ampersands(body).lstrip(b" \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotOpml(_why(parser) or "it is empty, or no XML") from error
    deep = _why(parser)
    if deep:
        raise NotOpml(deep)
    if root is None or etree.QName(root).localname.lower() != "opml":
        found = "nothing" if root is None else f"<{etree.QName(root).localname[:40]}>"
        raise NotOpml(f"no OPML: it begins with {one_line(found)}")
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise NotOpml("it declares entities of its own, which no list of feeds needs")
    return root


def _with_ampersands(body: bytes) -> bytes:
    """Bare ampersands written as XML wants them: recovery would lose parts of addresses."""
    return body if b"\x00" in body[:100] else _BARE_AMPERSAND.sub(b"&amp;", body)


def _why(parser: etree.XMLParser) -> str:
    """The refusal behind a parser's complaint that recovery would hide; "" for all others."""
    deep = any("xcessive depth" in entry.message for entry in parser.error_log)
    return f"folders nest deeper than {DEEPEST} levels" if deep else ""


def _outlines(page: etree._Element) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    """Every outline with the names of the folders around it, in the order of the file."""
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [(page, ())]
    while waiting:
        element, folders = waiting.pop()
        if len(folders) > DEEPEST:
            raise NotOpml(f"folders nest deeper than {DEEPEST} levels")
        if element is not page:
            yield element, folders
        inner = folders
        if element is not page and len(element):
            inner = (*folders, _folder_name(element))
        waiting.extend((child, inner) for child in reversed(element) if _is_outline(child))


def _is_outline(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).localname.lower() == "outline"


def _folder_name(element: etree._Element) -> str:
    """The tag that a folder stands for; "" for one without a name."""
    own = element.get(f"{{{NAMESPACE}}}folder")
    if own is not None:
        tag = from_attribute(own)
        return tag if isinstance(tag, str) else ""
    marks = _plain_marks(element)
    return escaped(one_line(marks.get("text") or marks.get("title") or "")[:MOST_NAME])


def _plain_marks(element: etree._Element) -> dict[str, str]:
    """Attributes without a namespace, by name in lower case."""
    return {
        str(name).lower(): str(value)
        for name, value in element.attrib.items()
        if not str(name).startswith("{")
    }


class _Reading:
    """Gathers feeds by address, and counts what was left out."""

    def __init__(self, *, ours: bool) -> None:
        self._ours = ours
        self.items: dict[str, Item] = {}
        self._twice = 0
        self._not_feeds = 0
        self._foreign: Counter[str] = Counter()
        self._bad: list[str] = []

    def take(self, outline: etree._Element, folders: tuple[str, ...]) -> None:
        """One outline: a feed, a folder, or neither."""
        marks = _plain_marks(outline)
        own = _own_settings(outline)
        written = marks.get("xmlurl", "").strip()
        if not written and marks.get("type", "").strip().lower() in _FEED_TYPES:
            written = marks.get("url", "").strip()
        self._count_foreign(outline)
        if not written and not own:
            self._not_feeds += not len(outline)
            return
        item = self._item(written, marks, own, folders)
        if item is None:
            return
        key = repr(item.get("url") or sorted(item.items()))
        first = self.items.setdefault(key, item)
        if first is not item:
            self._twice += 1
            tags = _listed(first.get("tags"))
            new = [tag for tag in _listed(item.get("tags")) if tag not in tags]
            if new:
                first["tags"] = [*tags, *new]

    def _item(
        self, written: str, marks: dict[str, str], own: Item, folders: tuple[str, ...]
    ) -> Item | None:
        item: Item = {}
        if written and "url" not in own:
            url = address(written)
            if not url:
                self._bad.append(one_line(marks.get("text") or "(no name)")[:80])
                return None
            item["url"] = escaped(url)
        name = marks.get("title") or (written and marks.get("text")) or ""
        name = one_line(name if self._ours else unescape(name))  # others escape twice at times
        if name and name not in (written, one_line(written), item.get("url")):
            item["name"] = escaped(name[:MOST_NAME])
        language = marks.get("language", "").strip()
        if LANGUAGE.fullmatch(language):
            item["language"] = language
        item |= own
        tags = own.get("tags")
        known = _listed(tags) if tags is not None else _categories(marks.get("category", ""))
        new = [tag for tag in dict.fromkeys(folders) if tag and tag not in known]
        if new or (known and tags is None):
            item["tags"] = [*new, *known] if tags is None else [*known, *new]
        return item

    def _count_foreign(self, outline: etree._Element) -> None:
        for name in outline.attrib:
            text = str(name)
            if text.startswith(f"{{{NAMESPACE}}}") or text.lower() in _KNOWN:
                continue
            short = etree.QName(text).localname
            prefix = next(
                (key for key, uri in outline.nsmap.items() if text.startswith(f"{{{uri}}}")), None
            )
            self._foreign[one_line(f"{prefix}:{short}" if prefix else short)[:60]] += 1

    def told(self) -> tuple[str, ...]:
        """What was left out, a sentence each."""
        said = [f"no address of a feed: {text}" for text in self._bad[:_MOST_TOLD]]
        if len(self._bad) > _MOST_TOLD:
            said.append(f"and {len(self._bad) - _MOST_TOLD} more without an address of a feed")
        if self._not_feeds:
            said.append(f"outlines that name no feed: {self._not_feeds}")
        if self._twice:
            said.append(f"feeds that were there twice, now once, with all tags: {self._twice}")
        if self._foreign:
            counted = sorted(self._foreign.items(), key=lambda pair: (-pair[1], pair[0]))
            names = ", ".join(f"{name} ({n})" for name, n in counted[:_MOST_TOLD])
            said.append(f"settings of other readers, not taken over: {names}")
        return tuple(said)


def _own_settings(outline: etree._Element) -> Item:
    """What stands in our namespace, but for ``folder``; unreadable values are left out."""
    start = f"{{{NAMESPACE}}}"
    found: Item = {}
    for name, value in outline.attrib.items():
        key = str(name).removeprefix(start)
        if str(name).startswith(start) and key != "folder":
            setting = from_attribute(str(value))
            if setting is not None:
                found[key] = setting
    return found


def _categories(text: str) -> list[str]:
    """``/News/EU,Tech`` as News, EU and Tech (OPML 2.0, "category")."""
    parts = (one_line(part)[:MOST_NAME] for each in text.split(",") for part in each.split("/"))
    return list(dict.fromkeys(escaped(part) for part in parts if part))


def _listed(tags: Plain | None) -> list[str]:
    given = [tags] if isinstance(tags, str) else tags if isinstance(tags, list) else []
    return [tag for tag in given if isinstance(tag, str)]
