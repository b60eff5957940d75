"""What a feed asks of those who poll it, beside its entries: hours and days to keep away, its hub.

Layer 1, pure. Both ways of reading a feed come here with elements of libxml2's tree, so that they
hear the same. Sources: RSS Advisory Board, "RSS 2.0 Specification" (skipHours, skipDays); W3C
WebSub (4, "Discovery"); jsonfeed.org/version/1.1 ("hubs").
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from lxml import etree

from monitor.model import ParsedFeed
from monitor.text.urls import absolute_link

LONGEST_ADDRESS: Final = 2000  # characters
_ATOM: Final = "http://www.w3.org/2005/Atom"
_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"
_HOUR: Final = re.compile(r"[0-9]{1,2}")
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SKIPS: Final = ("skipHours", "skipDays")
_PARENTS: Final = frozenset(("rss", "rdf", "feed", "channel"))
_MOST: Final = 100  # values of one list
Links: TypeAlias = tuple[tuple[str, str], ...]  # (rel, absolute address)
_Element: TypeAlias = etree._Element


@dataclass(frozen=True, slots=True)
class Hints:
    """Hours (UTC) and days (Monday is 0) without polls; the WebSub hub, and the feed's name there.

    Addresses are absolute http or https ones. All hours, or all days, are none: a feed that never
    wants to be asked does not mean it.
    """

    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    hub: str | None = None
    topic: str | None = None


NO_HINTS: Final = Hints()


def hints_of(elements: Iterable[_Element], url: str) -> Hints:
    """The hints in these elements of a feed's head; links are resolved against ``url``."""
    words: dict[str, list[str]] = {"hour": [], "day": []}
    links: list[tuple[str, str]] = []
    for one in elements:
        name = _local(one)
        if name == "link":
            href = (one.get("href") or "")[: LONGEST_ADDRESS + 1]
            links += [(rel, href) for rel in (one.get("rel") or "")[:100].lower().split()]
            continue
        for inner in one.iterchildren():
            told = words.get(_local(inner).lower())
            if told is not None and len(told) < _MOST:
                told.append((inner.text or "").strip())
    return Hints(
        skip_hours=_part_of(24, map(_hour, words["hour"])),
        skip_days=_part_of(7, map(_day, words["day"])),
        hub=_first("hub", links, url),
        topic=_first("self", links, url),
    )


def base_of(root: _Element, url: str) -> str:
    """The address that links in the head of a feed from ``url`` start at."""
    return absolute_link(url, (root.get(_BASE) or "")[:LONGEST_ADDRESS]) or url


def hints_in(body: bytes, url: str) -> Hints:
    """The hints in a feed's document (UTF-8), damaged or not."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=True,
    )  # fmt: skip
    try:
        root: _Element | None = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return NO_HINTS
    if root is None or _local(root).lower() not in _PARENTS:
        return NO_HINTS
    inside = [one for one in root.iterchildren() if _local(one).lower() == "channel"]
    heads = [one for parent in (root, *inside) for one in parent.iterchildren() if _hints(one)]
    return hints_of(heads, base_of(root, url))


def hints_of_json(document: dict[str, Any], url: str) -> Hints:
    """The hints of a JSON Feed."""
    hubs = document.get("hubs")
    links = [
        ("hub", _text(one, "url"))
        for one in (hubs[:_MOST] if isinstance(hubs, list) else ())
        if isinstance(one, dict) and _text(one, "type").lower() == "websub"
    ]
    links.append(("self", _text(document, "feed_url")))
    return Hints(hub=_first("hub", links, url), topic=_first("self", links, url))


def with_links(feed: ParsedFeed, links: Links) -> ParsedFeed:
    """``feed`` with what its answer's Link header said, which goes before the document's own.

    A hub of the header without a "self" there keeps the
    document's.
    """
    told = dict(reversed(links))
    if not told:
        return feed
    return replace(feed, hub=told.get("hub", feed.hub), topic=told.get("self", feed.topic))


def _hints(one: _Element) -> bool:
    """Whether an element of a head may hold a hint: of the feed's own vocabulary, or Atom's."""
    name, parent = _local(one), one.getparent()
    if name not in (*_SKIPS, "link"):
        return False
    own = parent is not None and _space(one) == _space(parent)
    return own or (name == "link" and _space(one) == _ATOM)


def _hour(word: str) -> int | None:
    hour = int(word) if _HOUR.fullmatch(word) else -1
    return hour % 24 if 0 <= hour <= 24 else None  # RSS 0.91 counts from 1 to 24


def _day(word: str) -> int | None:
    short = word[:3].lower()
    return _DAYS.index(short) if short in _DAYS else None


def _part_of(whole: int, values: Iterable[int | None]) -> tuple[int, ...]:
    kept = sorted({value for value in values if value is not None})
    return tuple(kept) if len(kept) < whole else ()


def _first(rel: str, links: Iterable[tuple[str, str]], url: str) -> str | None:
    for name, href in links:
        if name == rel and len(href) <= LONGEST_ADDRESS and (link := absolute_link(url, href)):
            return link
    return None


def _text(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _tag(element: _Element) -> str:
    return element.tag if isinstance(element.tag, str) else ""


def _local(element: _Element) -> str:
    return _tag(element).rpartition("}")[2]


def _space(element: _Element) -> str:
    return _tag(element)[1:].rpartition("}")[0]
