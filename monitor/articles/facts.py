"""What a page says about itself: title, author, date, language, address; pure, from the tree.

Only explicit statements count (JSON-LD of schema.org, Open Graph, ``meta``, ``time``, ``link``),
never a guess from the text: a wrong date or author is worse than none.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml.etree import _Element

from monitor.articles.dates import date_in_path, read_date
from monitor.articles.jsonld import Described, body_of, descriptions, texts
from monitor.articles.reading import Alternate, Way
from monitor.articles.titles import without_site
from monitor.text.markup import line_of, one_line, unescape
from monitor.text.urls import absolute_link, clean_link, host, is_home_page

_DATE_NAMES: Final = (
    "article:published_time og:article:published_time datepublished parsely-pub-date"
    " sailthru.date publishdate publish-date publish_date pubdate publication_date dc.date.issued"
    " dcterms.created dcterms.date dc.date dc.date.created date"
).split()
_AUTHOR_NAMES: Final = (
    "author parsely-author sailthru.author dc.creator dcterms.creator article:author byl"
    " citation_author"
).split()
_LANGUAGE: Final = re.compile(r"\s*([a-zA-Z]{2})(?:[-_].*)?\s*")
_BY: Final = re.compile(r"^(?:by|von|par|di|por|door|autor|od|av|af)[:\s]\s*", re.IGNORECASE)
_COUNT: Final = re.compile(r"\s*\d+\s*(?:comments?|kommentare?|commentaires?)\s*$", re.IGNORECASE)
_NOBODY: Final = frozenset({"admin", "administrator", "webmaster", "editor", "author", "unknown"})
_MOST_AUTHOR: Final = 200
_MOST_TITLE: Final = 1000
_MOST_SECTION: Final = 60
_SECTION_NAMES: Final = ("article:section", "og:article:section", "parsely-section", "section")
_IMAGE_NAMES: Final = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image",
                       "twitter:image:src")  # fmt: skip
_PRINT_LINK: Final = re.compile(
    r"/print(?:/|$|\?)|[?&](?:print(?:able|er)?(?:=(?:1|true|yes|y))?|(?:output|view|format|mode"
    r"|layout|tmpl)=print)(?:&|$)|/(?:imprimir|imprimer|drucken|stampa)(?:/|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page states; None where it states nothing usable."""

    title: str
    author: str | None
    published: datetime | None
    language: str | None
    canonical_url: str | None
    site: str | None
    free: bool  # False: it says that it is not (schema.org isAccessibleForFree)
    section: str | None = None
    image: str | None = None  # address of the lead image
    body: str = ""  # the article's text as JSON-LD has it
    alternates: tuple[Alternate, ...] = ()  # other forms that the page links


def read_facts(root: _Element, url: str) -> Facts:
    """The statements of the page at ``url``; call it before cleaning."""
    meta = _meta(root)
    described = descriptions(root)
    site = _site(meta, described)
    section = _section(meta, described)
    names = tuple(name for name in (site, section) if name)
    return Facts(
        title=_title(root, meta, described, names, host(url)),
        author=_author(root, meta, described),
        published=_published(root, meta, described, url),
        language=_language(root, meta, described),
        canonical_url=_canonical(root, meta, url),
        site=site,
        free=not any(_says_no(item.get("isAccessibleForFree")) for item in described),
        section=section,
        image=_image(meta, described, url),
        body=body_of(described),
        alternates=_alternates(root, url),
    )


def _meta(root: _Element) -> dict[str, str]:
    """The first content of each ``meta`` name, property or itemprop, names in lower case."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        content = one_line(element.get("content", "")[:5000])
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = element.get(key, "").lower().strip()
            if name and content:
                found.setdefault(name, content)
    return found


def _title(
    root: _Element,
    meta: dict[str, str],
    described: list[Described],
    site_names: tuple[str, ...],
    at: str,
) -> str:
    candidates = [
        *(item.get("headline") for item in described if "WebPage" not in str(item.get("@type"))),
        meta.get("og:title"),
        meta.get("twitter:title"),
        *(_text(element) for element in list(root.iter("title"))[:1]),
        *(_text(element) for element in list(root.iter("h1"))[:3]),
    ]
    headings = [_text(element) for element in list(root.iter("h1"))[:5]]
    for candidate in candidates:
        if isinstance(candidate, str) and candidate.strip():
            # Some sites escape twice; unescape() leaves everything else as it is.
            title = without_site(unescape(line_of(candidate[:5000])), site_names, at, headings)
            if title:
                return title[:_MOST_TITLE].rstrip()
    return ""


def _site(meta: dict[str, str], described: list[Described]) -> str | None:
    named = meta.get("og:site_name") or meta.get("application-name")
    publishers = (item.get("publisher") for item in described)
    names = (value.get("name") for value in publishers if isinstance(value, dict))
    site = named or next((name for name in names if isinstance(name, str) and name), None)
    return line_of(site)[:_MOST_AUTHOR] or None if site else None


def _section(meta: dict[str, str], described: list[Described]) -> str | None:
    stated = [name for item in described for name in texts(item.get("articleSection"))[:1]]
    stated += [meta.get(name, "") for name in _SECTION_NAMES]
    for value in stated:
        section = line_of(value[:500])
        if section and len(section) <= _MOST_SECTION and "://" not in section:
            return section
    return None


def _image(meta: dict[str, str], described: list[Described], url: str) -> str | None:
    stated = [meta.get(name, "") for name in _IMAGE_NAMES]
    for item in described:
        images = item.get("image")
        stated += [
            str(one.get("url") or one.get("contentUrl") or "") if isinstance(one, dict) else one
            for one in (images if isinstance(images, list) else [images])[:3]
            if isinstance(one, (dict, str))
        ]
    for value in stated:
        link = clean_link(absolute_link(url, value[:4000])) if value else ""
        if link:
            return link
    return None


def _alternates(root: _Element, url: str) -> tuple[Alternate, ...]:
    """AMP and print forms that the page links; at most three of each."""
    found: dict[Alternate, None] = {}
    for element in root.iter("link", "a"):
        way = _way(element)
        if way is None:
            continue
        link = clean_link(absolute_link(url, element.get("href", "")[:4000]))
        if link and link != url:
            found.setdefault(Alternate(way, link))
        if len(found) >= 6:
            break
    return tuple(found)


def _way(element: _Element) -> Way | None:
    rel = element.get("rel", "").lower().split()
    if element.tag == "link":
        if "amphtml" in rel:
            return Way.AMP
        if "alternate" in rel and "print" in element.get("media", "").lower():
            return Way.PRINT
        return None
    if _PRINT_LINK.search(element.get("href", "")[:4000]):
        return Way.PRINT
    return None


def _author(root: _Element, meta: dict[str, str], described: list[Described]) -> str | None:
    for item in described:
        names = _names(item.get("author"))
        if names:
            return ", ".join(names)[:_MOST_AUTHOR]
    for name in _AUTHOR_NAMES:
        author = _name(meta.get(name))
        if author:
            return author
    for element in root.iter("a", "span", "div", "p", "address"):
        marked = (
            "author" in element.get("itemprop", "").split()
            or "author" in element.get("rel", "").split()
        )
        if marked or {"byline", "author-name", "entry-author"} & set(
            element.get("class", "").split()
        ):
            author = _name(_text(element))
            if author:
                return author
    return None


def _names(value: object) -> list[str]:
    people = value if isinstance(value, list) else [value]
    named = (_name(one.get("name") if isinstance(one, dict) else one) for one in people[:10])
    return list(dict.fromkeys(name for name in named if name))


def _name(value: object) -> str | None:
    """A person's or an institution's name; None for addresses, empty and absurdly long ones."""
    if not isinstance(value, str):
        return None
    name = _BY.sub("", line_of(value[:1000])).split("|")[0]
    name = _COUNT.sub("", name).strip(" ,;·-")
    if not name or len(name) > 100 or "://" in name or "@" in name or name.lower() in _NOBODY:
        return None
    return name


def _published(
    root: _Element, meta: dict[str, str], described: list[Described], url: str
) -> datetime | None:
    stated = [item.get("datePublished") for item in described]
    stated += [meta.get(name) for name in _DATE_NAMES]
    for element in root.iter("time", "span", "abbr", "div"):
        if "datePublished" in element.get("itemprop", "") or "pubdate" in element.attrib:
            stated.append(element.get("datetime") or element.get("content") or _text(element))
        elif {"entry-date", "published"} & set(element.get("class", "").split()):
            stated.append(element.get("datetime") or element.get("title") or _text(element))
    stated.append(_only_time(root))
    for value in stated:
        moment = read_date(value) if isinstance(value, str) else None
        if moment is not None:
            return moment
    return date_in_path(url)


def _only_time(root: _Element) -> str | None:
    """The one moment that the page's ``time`` elements agree on; several tell nothing."""
    moments = {element.get("datetime", "").strip() for element in root.iter("time")} - {""}
    return moments.pop() if len(moments) == 1 else None


def _language(root: _Element, meta: dict[str, str], described: list[Described]) -> str | None:
    stated = (
        *(language for item in described for language in texts(item.get("inLanguage"))[:1]),
        root.get("lang"),
        root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"),
        meta.get("content-language"),
        meta.get("language"),
        meta.get("inlanguage"),
        meta.get("og:locale"),
    )
    for value in stated:
        found = _LANGUAGE.fullmatch(value or "")
        if found:
            return found[1].lower()
    return None


def _canonical(root: _Element, meta: dict[str, str], url: str) -> str | None:
    stated = [
        element.get("href", "")
        for element in root.iter("link")
        if "canonical" in element.get("rel", "").lower().split()
    ][:3]
    stated.append(meta.get("og:url", ""))
    for value in stated:
        link = clean_link(absolute_link(url, value[:4000]))
        if link and (not is_home_page(link) or is_home_page(url)):
            return link
    return None


def _says_no(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")


def _text(element: _Element) -> str:
    return one_line("".join(str(piece) for piece in element.itertext())[:2000])
