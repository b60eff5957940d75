"""What a page says about itself: title, author, date, language, address; pure, from the tree.

Only explicit statements count (JSON-LD of schema.org, Open Graph, ``meta``, ``time``, ``link``),
never a guess from the text: a wrong date or author is worse than none.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lxml.etree import _Element

from monitor.articles.dates import read_date
from monitor.articles.titles import without_site
from monitor.text.markup import line_of, one_line, unescape
from monitor.text.urls import absolute_link, clean_link, host, is_home_page

_ARTICLE_TYPE: Final = re.compile(
    r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|WebPage|Review)", re.IGNORECASE
)
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
_NOBODY: Final = frozenset({"admin", "administrator", "webmaster", "editor", "author", "unknown"})
_MOST_JSON: Final = 500_000  # characters of one JSON-LD block
_MOST_AUTHOR: Final = 200
_MOST_TITLE: Final = 1000


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


def read_facts(root: _Element, url: str) -> Facts:
    """The statements of the page at ``url``; call it before cleaning."""
    meta = _meta(root)
    described = list(_descriptions(root))
    site = _site(meta, described)
    return Facts(
        title=_title(root, meta, described, site, host(url)),
        author=_author(root, meta, described),
        published=_published(root, meta, described),
        language=_language(root, meta),
        canonical_url=_canonical(root, meta, url),
        site=site,
        free=not any(_says_no(item.get("isAccessibleForFree")) for item in described),
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


def _descriptions(root: _Element) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects that describe an article, outermost first."""
    for script in root.iter("script"):
        if script.get("type", "").split(";")[0].strip().lower() != "application/ld+json":
            continue
        text = (script.text or "").strip()
        if not text or len(text) > _MOST_JSON:
            continue
        text = text.removeprefix("<!--").removesuffix("-->").removeprefix("//<![CDATA[")
        try:
            value = json.loads(text.removesuffix("//]]>"), strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _articles_in(value, 0)


def _articles_in(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(value, list):
        for item in value[:50]:
            yield from _articles_in(item, depth + 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        names = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(name, str) and _ARTICLE_TYPE.fullmatch(name) for name in names):
            yield value
        yield from _articles_in(value.get("@graph"), depth + 1)
        yield from _articles_in(value.get("mainEntity"), depth + 1)


def _title(
    root: _Element, meta: dict[str, str], described: list[dict[str, Any]], site: str | None, at: str
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
            title = without_site(unescape(line_of(candidate[:5000])), site, at, headings)
            if title:
                return title[:_MOST_TITLE].rstrip()
    return ""


def _site(meta: dict[str, str], described: list[dict[str, Any]]) -> str | None:
    named = meta.get("og:site_name") or meta.get("application-name")
    publishers = (item.get("publisher") for item in described)
    names = (value.get("name") for value in publishers if isinstance(value, dict))
    site = named or next((name for name in names if isinstance(name, str) and name), None)
    return line_of(site)[:_MOST_AUTHOR] or None if site else None


def _author(root: _Element, meta: dict[str, str], described: list[dict[str, Any]]) -> str | None:
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
    name = _BY.sub("", line_of(value[:1000])).split("|")[0].strip(" ,;·-")
    if not name or len(name) > 100 or "://" in name or "@" in name or name.lower() in _NOBODY:
        return None
    return name


def _published(
    root: _Element, meta: dict[str, str], described: list[dict[str, Any]]
) -> datetime | None:
    stated = [item.get("datePublished") for item in described]
    stated += [meta.get(name) for name in _DATE_NAMES]
    for element in root.iter("time", "span", "abbr", "div"):
        if "datePublished" in element.get("itemprop", "") or "pubdate" in element.attrib:
            stated.append(element.get("datetime") or element.get("content") or _text(element))
        elif {"entry-date", "published"} & set(element.get("class", "").split()):
            stated.append(element.get("datetime") or element.get("title"))
    for value in stated:
        moment = read_date(value) if isinstance(value, str) else None
        if moment is not None:
            return moment
    return None


def _language(root: _Element, meta: dict[str, str]) -> str | None:
    stated = (
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
