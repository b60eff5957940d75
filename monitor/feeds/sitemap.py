"""Reads Google News sitemaps, plain sitemaps, and indexes of sitemaps.

Publishers without a feed have these. Source: sitemaps.org/protocol.html; Google Search Central,
"News sitemaps" (``news:title``, ``news:publication_date``, names of 2009).
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, TypeAlias

from lxml import etree

from monitor.feeds.dates import read_date
from monitor.feeds.entries import (
    MOST_ENTRIES,
    Found,
    Kind,
    Loss,
    Said,
    When,
    about_links,
    dropped_link,
    entry_of,
    language_of,
)
from monitor.model import Entry, ParsedFeed
from monitor.text.urls import absolute_link

NEWS: Final = "news sitemap"
PLAIN: Final = "sitemap"
FORMATS: Final = (NEWS, PLAIN)
MOST_SITEMAPS: Final = 50  # followed from one index; it may name 50,000
_MOST_URLS: Final = 50_000  # what a sitemap may hold
_NEWS: Final = "{http://www.google.com/schemas/sitemap-news/"  # then a version and "}"
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_Element: TypeAlias = etree._Element


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap that an index names; ``changed`` is None where it does not say."""

    url: str
    changed: datetime | None


@dataclass(frozen=True, slots=True)
class SitemapIndex:
    """The sitemaps of an index, newest first, at most ``MOST_SITEMAPS``; ``left_out`` are more."""

    sitemaps: tuple[Sitemap, ...]
    left_out: int = 0


def read(body: bytes, url: str) -> ParsedFeed | SitemapIndex | None:
    """The sitemap or index ``body`` (UTF-8) from ``url``; None if it is none.

    A damaged one is read as far as it goes, with a warning.
    """
    root, damage = _tree(body)
    if root is None:
        return None
    name = _local(root)
    if name == "sitemapindex":
        return _index(root, url)
    if name != "urlset":
        return None
    found = [_found(one) for one in root.iterchildren() if _local(one) == "url"][:_MOST_URLS]
    listed = [one for one in found if one.id]
    listed.sort(key=lambda one: _newest(one), reverse=True)  # stable: the order given otherwise
    listed, left_out = listed[:MOST_ENTRIES], max(0, len(listed) - MOST_ENTRIES)
    news = any(one.title.text for one in listed)
    language = language_of(next((one.language for one in listed if one.language), ""))
    entries = tuple(_entry(one, url, language) for one in listed)
    dropped = [
        one.links[0] for one, entry in zip(listed, entries, strict=True) if dropped_link(one, entry)
    ]
    warnings = (*damage, *about_links(len(dropped), "".join(dropped[:1])))
    if left_out:
        said = f"{left_out:,} entries more than {MOST_ENTRIES:,} were left out"
        warnings = (*warnings, Loss(said))
    return ParsedFeed(
        format=NEWS if news else PLAIN,
        title=_name(root),
        link=None,
        entries=entries,
        language=language,
        warnings=warnings,
    )


def _tree(body: bytes) -> tuple[_Element | None, tuple[str, ...]]:
    for recover in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
            remove_comments=True, remove_pis=True, recover=recover,
        )  # fmt: skip
        try:
            root = etree.fromstring(body, parser)
        except etree.XMLSyntaxError as error:
            said = (Loss(f"not well-formed (line {error.lineno}): {error.msg}"),)
            continue
        return root, said if recover else ()
    return None, ()


def _index(root: _Element, url: str) -> SitemapIndex:
    listed: dict[str, Sitemap] = {}
    for one in root.iterchildren():
        link = absolute_link(url, _child(one, "loc"))
        if link:
            listed.setdefault(link, Sitemap(link, read_date(_child(one, "lastmod"))))
    newest = sorted(listed.values(), key=lambda one: one.changed or _EARLIEST, reverse=True)
    return SitemapIndex(tuple(newest[:MOST_SITEMAPS]), max(0, len(newest) - MOST_SITEMAPS))


def _found(one: _Element) -> Found:
    news = next((child for child in one.iterchildren() if _is_news(child, "news")), None)
    told = {} if news is None else {_local(child): _text(child) for child in news.iterchildren()}
    about = None if news is None else _inside(news, "publication")
    place = _child(one, "loc")
    return Found(
        id=place,
        links=(place,) if place else (),
        title=Said(told.get("title", ""), Kind.UNSAID),
        published=When(told.get("publication_date", "")),
        updated=When(_child(one, "lastmod")),
        tags=tuple(tag.strip() for tag in told.get("keywords", "").split(",")),
        language="" if about is None else _child(about, "language"),
    )


def _entry(one: Found, url: str, language: str | None) -> Entry:
    """A page that changed was not published then."""
    entry = entry_of(one, url, language)
    return entry if one.published.text else replace(entry, published=None)


def _newest(one: Found) -> datetime:
    return one.published.moment(None) or one.updated.moment(None) or _EARLIEST


def _name(root: _Element) -> str:
    """The publication that the first entry names."""
    for one in root.iter():
        if _is_news(one, "publication"):
            return " ".join(_child(one, "name").split())[:200]
    return ""


def _is_news(element: _Element, name: str) -> bool:
    return _tag(element).startswith(_NEWS) and _local(element) == name


def _inside(element: _Element, name: str) -> _Element | None:
    return next((child for child in element.iterchildren() if _local(child) == name), None)


def _child(element: _Element, name: str) -> str:
    found = _inside(element, name)
    return "" if found is None else _text(found)


def _tag(element: _Element) -> str:
    return element.tag if isinstance(element.tag, str) else ""


def _local(element: _Element) -> str:
    return _tag(element).rpartition("}")[2]


def _text(element: _Element) -> str:
    return (element.text or "").strip()
