"""Reads JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1); pure, standard library.

Wrong types anywhere are treated as absent: one bad item never loses the others.
"""

import codecs
import hashlib
import json
import re
from typing import Any, Final

from monitor.feeds.dates import from_text
from monitor.model import Entry, ParsedFeed
from monitor.text.markup import one_line, tidy
from monitor.text.urls import absolute_link

_VERSION: Final = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/(1(?:\.\d)?)/?")
_MOST_TITLE: Final = 1000  # characters, as all of these
_MOST_SUMMARY: Final = 64_000
_MOST_CONTENT: Final = 1_000_000
_MOST_NAMES: Final = 20


def parse(body: bytes, url: str) -> ParsedFeed | None:
    """The JSON Feed ``body`` from ``url``; None if it is some other JSON or none at all."""
    try:
        document = json.loads(body.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    version = _VERSION.fullmatch(_text(document, "version"))
    items = document.get("items")
    if version is None or not isinstance(items, list):
        return None
    entries = [_entry(item, url) for item in items[:20_000] if isinstance(item, dict)]
    bad = sum(not isinstance(item, dict) for item in items)
    return ParsedFeed(
        format=f"json feed {'1.0' if version[1] == '1' else version[1]}",
        title=one_line(_text(document, "title"))[:_MOST_TITLE],
        link=absolute_link(url, _text(document, "home_page_url")) or None,
        entries=tuple(entries),
        language=_language(document),
        warnings=(f"{bad} items are no objects",) if bad else (),
    )


def _entry(item: dict[str, Any], url: str) -> Entry:
    link = absolute_link(url, _text(item, "url")) or absolute_link(url, _text(item, "external_url"))
    title = one_line(_text(item, "title"))[:_MOST_TITLE]
    content = tidy(_text(item, "content_html") or _escaped(_text(item, "content_text")))
    published = from_text(item.get("date_published"))
    return Entry(
        id=one_line(_identity(item))
        or link
        or _hash(title, _text(item, "date_published"), content),
        link=link or None,
        title=title,
        summary=tidy(_escaped(_text(item, "summary")))[:_MOST_SUMMARY],
        content=content[:_MOST_CONTENT],
        authors=_authors(item),
        published=published,
        updated=from_text(item.get("date_modified")),
        tags=tuple(
            one_line(tag)[:200] for tag in _list(item, "tags")[:_MOST_NAMES] if isinstance(tag, str)
        ),
        language=_language(item),
    )


def _identity(item: dict[str, Any]) -> str:
    """The id; a number is taken for its digits, as version 1.0 allows."""
    value = item.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    people = [*_list(item, "authors"), item.get("author")][:_MOST_NAMES]
    names = (one_line(_text(one, "name"))[:200] for one in people if isinstance(one, dict))
    return tuple(dict.fromkeys(name for name in names if name))


def _escaped(text: str) -> str:
    """Plain text as HTML, since that is what ``Entry.content`` and ``summary`` hold."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "</p><p>".join(text.split("\n\n")).join(("<p>", "</p>")) if "\n\n" in text else text


def _hash(title: str, date: str, content: str) -> str:
    words = f"{title}\n{date or content[:200]}"
    return "sha256:" + hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32]


def _language(value: dict[str, Any]) -> str | None:
    found = re.match(r"[a-zA-Z]{2,3}(?![a-zA-Z])", _text(value, "language"))
    return found[0].lower() if found else None


def _text(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _list(value: dict[str, Any], key: str) -> list[Any]:
    found = value.get(key)
    return found if isinstance(found, list) else []
