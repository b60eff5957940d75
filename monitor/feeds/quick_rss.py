"""Reads plain RSS 2.0 out of a tree (RSS Advisory Board, "RSS 2.0 Specification")."""

import re
from typing import Final

from monitor.feeds.entries import (
    MOST_CONTENT,
    MOST_ENTRIES,
    Found,
    Kind,
    Said,
    When,
    language_of,
    title_of,
    ttl_of,
)
from monitor.feeds.hints import NO_HINTS, hints_of
from monitor.feeds.quick_elements import (
    BASE,
    LANG,
    Doubtful,
    Element,
    Head,
    based,
    check_namespaces,
    children,
    is_idle,
    sound,
    text_of,
)
from monitor.text.markup import one_line
from monitor.text.urls import absolute_link

_FORMATS: Final = {"0.91": "rss 0.91", "0.92": "rss 0.92", "0.93": "rss 0.93", "0.94": "rss 0.94"}
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_ATOM_LINK: Final = "{http://www.w3.org/2005/Atom}link"
_ENCODED: Final = "{http://purl.org/rss/1.0/modules/content/}encoded"
_MEDIA: Final = ("{http://search.yahoo.com/mrss/}", "{http://search.yahoo.com/mrss}")
_SY: Final = "{http://purl.org/rss/1.0/modules/syndication/}"
_TITLE, _LINK, _GUID, _DESCRIPTION = "title", "link", "guid", "description"
_PUBLISHED: Final = "pubDate"
_LEAVES: Final = frozenset(
    ("comments", "enclosure", "source", "copyright", "rating", "docs", "cloud", "generator")
)  # read past
_HEAD_LEAVES: Final = frozenset(
    ("description", "copyright", "managingEditor", "webMaster", "pubDate", "lastBuildDate",
     "category", "generator", "docs", "cloud", "rating", f"{_DC}creator", f"{_DC}rights",
     f"{_DC}date", f"{_DC}publisher", f"{_SY}updateBase")
)  # fmt: skip
_HEAD_TOLD: Final = frozenset(
    (_TITLE, _LINK, "language", "ttl", f"{_SY}updatePeriod", f"{_SY}updateFrequency")
)
_ITUNES: Final = {  # feedparser minds no case of the address, and these cases occur
    f"{{http://www.itunes.com/{end}}}{name}": name
    for end in ("dtds/podcast-1.0.dtd", "DTDs/Podcast-1.0.dtd", "DTDs/PodCast-1.0.dtd")
    for name in (
        "author block category complete duration email episode episodeType explicit image"
        " isClosedCaptioned keywords name order owner season subtitle summary title type"
    ).split()
}
_ITUNES_TREES: Final = ("owner", "category")  # of the channel; they have elements in them
_ITUNES_TOLD: Final = ("author", "keywords", "summary", "category", "owner", "name", "email")
_TAGS: Final = ("category", f"{_DC}subject")
_AUTHORS: Final = ("author", f"{_DC}creator")
_DATE: Final = f"{_DC}date"
_IMAGE: Final = frozenset(("url", "title", "link", "description", "width", "height"))
_HINTS: Final = frozenset((_ATOM_LINK, "skipHours", "skipDays"))
_TELLING_LINKS: Final = frozenset(("alternate", ""))
_MOST_CHILDREN: Final = 200  # of an item
_REFERENCE: Final = re.compile(r"&\w+;")
_ONCE: Final = frozenset((_TITLE, _LINK, _GUID, _PUBLISHED, "description", _ENCODED, f"{_DC}date"))


class RssReader:
    """A channel and its items; raises ``Doubtful`` where feedparser might differ."""

    def __init__(self, root: Element, url: str) -> None:
        check_namespaces(root)
        for name in root.keys():  # noqa: SIM118  # lxml: iterating an element gives its children
            if name not in ("version", LANG):
                raise Doubtful("an attribute of the root")
        inside = children(root, 1)
        if len(inside) != 1 or inside[0].tag != "channel" or inside[0].keys():
            raise Doubtful("no single channel")
        self._version = root.get("version", "")
        self._language = sound(root.get(LANG, ""))
        self._url = url
        self._mixed = False  # the channel has a description after Apple's summary
        self._channel = children(inside[0], MOST_ENTRIES + _MOST_CHILDREN)

    def items(self) -> tuple[Element, ...]:
        """The items as they stand."""
        return tuple(one for one in self._channel if one.tag == "item")

    def head(self) -> Head:
        """What the channel says of itself."""
        told: dict[str, str] = {}
        hints: list[Element] = []
        for one in self._channel:
            tag = str(one.tag)
            if tag == "item":
                continue
            if tag in _HINTS:
                hints.append(one)
            if _ITUNES.get(tag) == "summary":
                _once("itunes:summary", told)
            elif tag == _DESCRIPTION and "itunes:summary" in told:
                self._mixed = True
            if tag in _HEAD_TOLD:
                if tag in told:
                    raise Doubtful(f"{tag} twice")
                told[tag] = text_of(one)
            elif not _is_past(one, tag) and not _is_podcast_tree(one):
                raise Doubtful(f"{tag} in the channel")
        link = told.get(_LINK, "")
        if _REFERENCE.search(link):
            raise Doubtful("a link")
        return Head(
            format=self._format(),
            title=title_of(Said(told.get(_TITLE, ""), Kind.UNSAID)),
            link=absolute_link(self._url, one_line(based("", link))) or None,
            language=language_of(told.get("language", "") or self._language),
            ttl=ttl_of(
                told.get("ttl", ""),
                told.get(f"{_SY}updatePeriod", ""),
                told.get(f"{_SY}updateFrequency", ""),
            ),
            hints=hints_of(hints, self._url) if hints else NO_HINTS,
        )

    def _format(self) -> str:
        if self._version.startswith("2."):
            return "rss 2.0"
        return _FORMATS.get(self._version, "rss")

    def identity(self, item: Element) -> Found:
        """As ``found``, with id and links only."""
        if item.keys():
            raise Doubtful("an attribute of an item")
        guids, links = item.findall(_GUID), item.findall(_LINK)
        if len(guids) > 1 or len(links) > 1:
            raise Doubtful("id or link twice")
        link = _link(links[0]) if links else ""
        return Found(id=_id(guids[0]) if guids else "", links=(link,) if link else ())

    def found(self, item: Element, identity: Found) -> Found:
        """What is in ``item``, whose ``identity`` is known."""
        told: dict[str, str] = {}
        texts = _Texts(self._mixed)
        authors: list[str] = []
        tags: list[str] = []
        for one in children(item, _MOST_CHILDREN):
            tag = str(one.tag)
            if tag in _ONCE:
                if tag in told:
                    raise Doubtful(f"{tag} twice")
                told[tag] = "" if tag in (_GUID, _LINK) else text_of(one, (), MOST_CONTENT)
                texts.take(tag, told[tag])
            elif tag in _TAGS:
                tags.append(text_of(one, ("domain",)))
            elif tag in _AUTHORS:
                authors.append(_author(one))
            elif (of_podcast := _ITUNES.get(tag)) in _ITUNES_TOLD:
                if of_podcast == "summary":
                    _once("itunes:summary", told)
                _podcast(one, of_podcast or "", texts, authors, tags)
            elif not _is_past(one, tag):
                raise Doubtful(f"{tag} in an item")
        return Found(
            id=identity.id,
            links=identity.links,
            title=Said(told.get(_TITLE, ""), Kind.UNSAID),
            summary=Said(texts.summary or "", Kind.MARKUP),
            content=Said(texts.content, Kind.MARKUP),
            authors=tuple(authors),
            published=When(told.get(_PUBLISHED, "")),
            updated=When(told.get(_DATE, "")),
            tags=tuple(tags),
            language=self._language,
        )


class _Texts:
    """Summary and content as feedparser tells them apart: by what came before.

    ``mixed``: what it makes of a second summary hangs on the channel's own, and is doubtful.
    """

    def __init__(self, mixed: bool) -> None:
        self._mixed = mixed
        self.summary: str | None = None
        self.content = ""
        self._has_content = False

    def take(self, tag: str, text: str) -> None:
        """One element in its turn; a second description is content, unless there is some."""
        if self._mixed and tag == _DESCRIPTION and self.summary is not None:
            raise Doubtful("two summaries")
        if tag == _ENCODED or (
            tag == _DESCRIPTION and self.summary is not None and not self._has_content
        ):
            self.content = text if len(text) > len(self.content) else self.content
            self._has_content = True
        elif tag == _DESCRIPTION:
            self.summary = text


def _once(name: str, told: dict[str, str]) -> None:
    if name in told:
        raise Doubtful(f"{name} twice")
    told[name] = ""


def _podcast(one: Element, name: str, texts: _Texts, authors: list[str], tags: list[str]) -> None:
    """What feedparser makes of an element of Apple's vocabulary in an item."""
    if name == "author":
        authors.append(_author(one))
    elif name == "keywords":
        tags += [word.strip() for word in text_of(one).split(",")]
    elif name == "summary":
        texts.take(_DESCRIPTION, text_of(one, (), MOST_CONTENT))
    else:
        raise Doubtful(f"{name} of a podcast in an item")


def _is_past(one: Element, tag: str) -> bool:
    """Whether an element can be passed over: feedparser makes nothing of it that we use."""
    if tag in _HEAD_LEAVES or tag in _LEAVES or tag in _ITUNES:
        return len(one) == 0 and LANG not in one.attrib and BASE not in one.attrib
    if tag == _ATOM_LINK:
        return len(one) == 0 and one.get("rel", "").strip().lower() not in _TELLING_LINKS
    if tag.startswith(_MEDIA):
        return all(str(inner.tag).startswith(_MEDIA) for inner in one.iter())
    if tag == "image":
        return all(inner.tag in _IMAGE and len(inner) == 0 for inner in one) and not one.keys()
    if tag in ("skipHours", "skipDays"):
        return all(inner.tag in ("hour", "day") and len(inner) == 0 for inner in one)
    return is_idle(one) and LANG not in one.attrib and BASE not in one.attrib


def _is_podcast_tree(one: Element) -> bool:
    return _ITUNES.get(str(one.tag)) in _ITUNES_TREES and all(
        str(inner.tag) in _ITUNES and LANG not in inner.attrib and BASE not in inner.attrib
        for inner in one.iter()
    )


def _link(one: Element) -> str:
    link = text_of(one)
    if "&" in link and ";" in link:
        raise Doubtful("a link")
    return based("", link)


def _id(one: Element) -> str:
    """The id; feedparser collapses slashes where it takes an id for a link."""
    text = text_of(one, ("isPermaLink",))
    if ":///" in text:
        raise Doubtful("an id")
    return text


def _author(one: Element) -> str:
    author = text_of(one)
    if "@" in author:  # feedparser tells names and addresses apart
        raise Doubtful("an author's address")
    return author
