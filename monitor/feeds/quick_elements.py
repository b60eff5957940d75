"""Single elements of a plain feed: text and attributes, or a doubt about them.

What feedparser does to a text besides stripping it (mending letters that were encoded twice, C1
controls as Windows-1252) is not repeated here: such texts are doubtful.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urljoin

from lxml import etree

from monitor.feeds.hints import NO_HINTS, Hints

XML: Final = "{http://www.w3.org/XML/1998/namespace}"
LANG: Final = XML + "lang"
BASE: Final = XML + "base"
MOST_SHORT: Final = 5000  # characters of anything but a summary or content
# The namespace of RSS 0.90; in pieces, because whole it looks like the address of a package index.
RSS_0_90: Final = "/".join(("http://my.netscape.com/rdf", "simple", "0.9", ""))
_C1: Final = re.compile(b"\xc2[\x80-\x9f]")  # in UTF-8
_PLAIN_BASE: Final = re.compile(
    r"https?://[a-z0-9.-]{1,200}(?::\d{1,5})?/[\w./~-]{0,300}", re.ASCII
)
_WEB: Final = re.compile(r"https?://[^/?#\s]+/[^\s#]*[^\s?#;]", re.ASCII | re.IGNORECASE)
_ODD: Final = re.compile(r":///|\s")
# Bound to these prefixes feedparser interprets elements, whatever the namespace.
_RESERVED: Final = frozenset(
    "dc dcterms content itunes media georss gml psc cc creativecommons admin xhtml feedburner title"
    " summary published updated created guid link id author authors xml rdf links tags language"
    " subtitle".split()
)
_INTERPRETED: Final = frozenset(
    (
        "http://creativecommons.org/ns#license",
        "http://web.resource.org/cc/",
        "http://webns.net/mvcb/",
        "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html",
        "http://backend.userland.com/creativecommonsrssmodule",
        "http://purl.org/rss/1.0/modules/content/",
        "http://purl.org/dc/elements/1.1/",
        "http://purl.org/dc/terms/",
        "http://rssnamespace.org/feedburner/ext/1.0",
        "http://www.georss.org/georss",
        "http://www.opengis.net/gml",
        "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "http://example.com/dtds/podcast-1.0.dtd",
        "http://search.yahoo.com/mrss",
        "http://search.yahoo.com/mrss/",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "http://www.w3.org/1999/xhtml",
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1998/math/mathml",
        "http://www.w3.org/xml/1998/namespace",
        "http://podlove.org/simple-chapters",
        # all that feedparser takes for RSS or Atom itself
        "http://blogs.law.harvard.edu/tech/rss",
        "http://purl.org/rss/1.0/",
        RSS_0_90,
        "http://example.com/newformat#",
        "http://example.com/necho",
        "http://purl.org/echo/",
        "uri/of/echo/namespace#",
        "http://purl.org/pie/",
        "http://purl.org/atom/ns#",
        "http://www.w3.org/2005/atom",
        "http://purl.org/rss/1.0/modules/rss091#",
    )
)
# Their mere declaration makes feedparser think of another format.
_OTHER_FORMATS: Final = frozenset(("http://purl.org/rss/1.0/", RSS_0_90))
_STANDARD: Final = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "georss": "http://www.georss.org/georss",
    "gml": "http://www.opengis.net/gml",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "cc": "http://web.resource.org/cc/",
    "creativecommons": "http://backend.userland.com/creativecommonsrssmodule",
    "admin": "http://webns.net/mvcb/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
_MEDIA: Final = ("http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss")
Element: TypeAlias = etree._Element


class Doubtful(Exception):  # noqa: N818  # carries a doubt out of nested calls
    """The tolerant way might read this differently."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the feed says of itself, ready for ``ParsedFeed``."""

    format: str
    title: str
    link: str | None
    language: str | None
    ttl: float | None
    hints: Hints = NO_HINTS


def children(element: Element, most: int) -> list[Element]:
    """The elements in ``element``, not too many."""
    if len(element) > most:
        raise Doubtful("many elements")
    return list(element)


def text_of(element: Element, attributes: Collection[str] = (), most: int = MOST_SHORT) -> str:
    """The text of an element without elements in it, stripped."""
    if len(element):
        raise Doubtful(f"elements in {element.tag}")
    named = element.keys()  # .attrib would make an object of its own
    if named and not set(attributes).issuperset(named):
        raise Doubtful(f"an attribute of {element.tag}")
    return sound((element.text or "").strip(), most)


def sound(text: str, most: int = MOST_SHORT) -> str:
    """``text`` if feedparser would leave its letters as they are."""
    if len(text) > most:
        raise Doubtful("a long text")
    if text.isascii():
        return text
    if _C1.search(text.encode()):
        raise Doubtful("control characters")
    try:
        text.encode("latin-1").decode()
    except UnicodeError:
        return text
    raise Doubtful("letters encoded twice")


def based(base: str, address: str) -> str:
    """``address`` joined to ``base`` ("" for none) as feedparser joins them."""
    if _ODD.search(address):
        raise Doubtful("an address")
    if not base or not address or _WEB.fullmatch(address):
        return address
    try:
        joined: str = urljoin(base, address)
    except ValueError as problem:
        raise Doubtful("an address") from problem
    return joined


def base_of(root: Element) -> str:
    """The root's ``xml:base`` if it is a plain address."""
    base: str | None = root.get(BASE)
    if base is None:
        return ""
    if not _PLAIN_BASE.fullmatch(base):
        raise Doubtful("xml:base")
    return base


def check_namespaces(root: Element) -> None:
    """Every prefix declared on the root means what it usually does."""
    for prefix, uri in root.nsmap.items():
        lower = uri.lower()
        if lower in _OTHER_FORMATS or "backend.userland.com/rss" in lower:
            raise Doubtful("a namespace of another format")
        if prefix in _RESERVED and lower != _STANDARD.get(prefix):
            if prefix == "media" and lower in _MEDIA:
                continue
            raise Doubtful(f"the prefix {prefix}")
        if prefix != "media" and lower in _MEDIA:
            raise Doubtful("media under another prefix")


def is_idle(element: Element) -> bool:
    """Whether an element of some other vocabulary is one that nobody interprets."""
    uri, _, _ = str(element.tag)[1:].rpartition("}")
    prefix = element.prefix
    return (
        bool(uri)
        and prefix is not None
        and prefix.lower() not in _RESERVED
        and uri.lower() not in _INTERPRETED
        and len(element) == 0
    )
