"""Reads plain Atom 1.0 out of a tree (RFC 4287)."""

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
)
from monitor.feeds.hints import base_of as hints_base
from monitor.feeds.hints import hints_of
from monitor.feeds.quick_elements import (
    BASE,
    LANG,
    Doubtful,
    Element,
    Head,
    base_of,
    based,
    check_namespaces,
    children,
    is_idle,
    sound,
    text_of,
)
from monitor.text.markup import one_line
from monitor.text.urls import absolute_link

_A: Final = "{http://www.w3.org/2005/Atom}"
_KINDS: Final = {
    "": Kind.PLAIN,
    "text": Kind.PLAIN,
    "text/plain": Kind.PLAIN,
    "html": Kind.MARKUP,
    "text/html": Kind.MARKUP,
}
_ENTRY, _ID, _LINK = f"{_A}entry", f"{_A}id", f"{_A}link"
_TITLE, _SUMMARY, _CONTENT = f"{_A}title", f"{_A}summary", f"{_A}content"
_PUBLISHED, _UPDATED = f"{_A}published", f"{_A}updated"
_AUTHOR, _CATEGORY, _NAME = f"{_A}author", f"{_A}category", f"{_A}name"
_NOTHING, _NEVER = Said(), When()
_ONCE: Final = frozenset((_TITLE, _SUMMARY, _CONTENT, _PUBLISHED, _UPDATED))
_HEAD_LEAVES: Final = frozenset(
    f"{_A}{name}"
    for name in ("updated", "generator", "icon", "logo", "category", "rights", "subtitle")
)
_PERSON: Final = frozenset(f"{_A}{name}" for name in ("name", "email", "uri"))
_LINK_ATTRIBUTES: Final = frozenset(("href", "rel", "type", "hreflang", "title", "length"))
_PAGES: Final = frozenset(("text/html", "application/xhtml+xml", "html", "xhtml"))
_MEDIA: Final = tuple(
    f"{{http://search.yahoo.com/mrss{end}}}{name}"
    for end in ("", "/")
    for name in ("content", "thumbnail", "credit")
)
_MOST_CHILDREN: Final = 200  # of an entry


class AtomReader:
    """A feed and its entries; raises ``Doubtful`` where feedparser might differ."""

    def __init__(self, root: Element, url: str) -> None:
        check_namespaces(root)
        for name in root.keys():  # noqa: SIM118  # lxml: iterating an element gives its children
            if name not in (LANG, BASE):
                raise Doubtful("an attribute of the root")
        self._base = base_of(root)
        self._language = sound(root.get(LANG, ""))
        self._url = url
        self._hints_base = hints_base(root, url)
        self._children = children(root, MOST_ENTRIES + _MOST_CHILDREN)

    def items(self) -> tuple[Element, ...]:
        """The entries as they stand."""
        return tuple(one for one in self._children if one.tag == _ENTRY)

    def head(self) -> Head:
        """What the feed says of itself."""
        title: Said | None = None
        ids: list[str] = []
        pages: list[str] = []
        links: list[Element] = []
        for one in self._children:
            tag = str(one.tag)
            if tag == _ENTRY:
                continue
            if tag == _TITLE and title is None:
                title = _said(one)
            elif tag == _ID and not ids:
                ids.append(self._id(one))
            elif tag == _LINK:
                href, is_page, _ = self._link(one)
                links.append(one)
                pages.extend([href] if is_page else [])
            elif not _is_past(one, tag):
                raise Doubtful(f"{tag} in the feed")
        link = (pages or ids or [""])[-1]
        return Head(
            format="atom 1.0",
            title=title_of(title or _NOTHING),
            link=absolute_link(self._url, one_line(link)) or None,
            language=language_of(self._language),
            ttl=None,
            hints=hints_of(links, self._hints_base),
        )

    def identity(self, entry: Element) -> Found:
        """As ``found``, with id and links only."""
        if any(name != LANG for name in entry.keys()):  # noqa: SIM118  # lxml, as above
            raise Doubtful("an attribute of an entry")
        ids = entry.findall(_ID)
        if len(ids) > 1:
            raise Doubtful("id twice")
        page = ""
        others: list[str] = []
        for one in entry.findall(_LINK):
            href, is_page, is_alternate = self._link(one)
            page = href if is_page else page
            others.extend([href] if is_alternate else [])
        links = tuple(one for one in (page, *others) if one)
        return Found(id=self._id(ids[0]) if ids else "", links=links)

    def found(self, entry: Element, identity: Found) -> Found:
        """What is in ``entry``, whose ``identity`` is known."""
        told: dict[str, Said] = {}
        authors: list[str] = []
        tags: list[str] = []
        for one in children(entry, _MOST_CHILDREN):
            tag = str(one.tag)
            if tag in _ONCE:
                if tag in told:
                    raise Doubtful(f"{tag} twice")
                told[tag] = _said(one)
            elif tag == _CATEGORY:
                tags.append(_tag(one))
            elif tag == _AUTHOR:
                authors.append(_person(one))
            elif tag not in (_ID, _LINK) and not _is_past(one, tag):
                raise Doubtful(f"{tag} in an entry")
        return Found(
            id=identity.id,
            links=identity.links,
            title=told.get(_TITLE, _NOTHING),
            summary=told.get(_SUMMARY, _NOTHING),
            content=told.get(_CONTENT, _NOTHING),
            authors=tuple(authors),
            published=_when(told.get(_PUBLISHED)),
            updated=_when(told.get(_UPDATED)),
            tags=tuple(tags),
            language=sound(entry.get(LANG, self._language)),
        )

    def _id(self, one: Element) -> str:
        return based(self._base, text_of(one))

    def _link(self, one: Element) -> tuple[str, bool, bool]:
        """(address, whether it is the page, whether it is an alternate of any type)."""
        if len(one) or not _LINK_ATTRIBUTES.issuperset(one.keys()):
            raise Doubtful("a link")
        href = sound(one.get("href", ""))
        if not href:
            raise Doubtful("a link to nowhere")
        alternate = one.get("rel", "alternate").lower() == "alternate"
        page = alternate and one.get("type", "text/html").lower() in _PAGES
        return based(self._base, href), page, alternate


def _said(one: Element) -> Said:
    kind = _KINDS.get(one.get("type", "").lower())
    if kind is None:
        raise Doubtful("another type of text")
    return Said(text_of(one, ("type",), MOST_CONTENT), kind)


def _when(said: Said | None) -> When:
    return When(said.text) if said else _NEVER


def _tag(one: Element) -> str:
    if len(one) or (one.text or "").strip() or LANG in one.attrib or BASE in one.attrib:
        raise Doubtful("a category")
    return sound(one.get("label") or one.get("term") or "")


def _person(one: Element) -> str:
    """The name, without which feedparser lends one person's address to another."""
    name = ""
    for inner in children(one, 10):
        if inner.tag not in _PERSON:
            raise Doubtful("something about a person")
        text = text_of(inner)
        if inner.tag == _NAME:
            if name:
                raise Doubtful("two names of a person")
            name = text
    if not name or one.keys() or (one.text or "").strip():
        raise Doubtful("a person without a name")
    return name


def _is_past(one: Element, tag: str) -> bool:
    """Whether an element can be passed over: feedparser makes nothing of it that we use."""
    if LANG in one.attrib or BASE in one.attrib:
        return False
    if tag in _HEAD_LEAVES:
        return len(one) == 0 and one.get("type", "").lower() in _KINDS
    if tag in (_AUTHOR, f"{_A}contributor"):
        return all(inner.tag in _PERSON and len(inner) == 0 for inner in one)
    if tag in _MEDIA:
        return len(one) == 0
    return is_idle(one)
