"""Reads JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1); pure, standard library.

Wrong types anywhere are treated as absent: one bad item never loses the others.
"""

import json
import re
from typing import Any, Final

from monitor.feeds.entries import (
    Found,
    Kind,
    Loss,
    Said,
    When,
    about_links,
    dropped_link,
    entry_of,
    language_of,
    title_of,
)
from monitor.feeds.hints import hints_of_json
from monitor.model import ParsedFeed
from monitor.text.urls import absolute_link

_VERSION: Final = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/(1(?:\.\d)?)/?")
_MOST_ITEMS: Final = 20_000


def parse(body: bytes, url: str) -> ParsedFeed | None:
    """The JSON Feed ``body`` (UTF-8) from ``url``; None if it is some other JSON or none at all."""
    try:
        document = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    version = _VERSION.fullmatch(_text(document, "version").strip())
    items = document.get("items")
    if version is None or not isinstance(items, list):
        return None
    language = language_of(_text(document, "language"))
    everyone = _authors(document)
    found = [_found(item, everyone) for item in items[:_MOST_ITEMS] if isinstance(item, dict)]
    entries = tuple(entry_of(one, url, language) for one in found)
    dropped = [
        one.links[0] for one, entry in zip(found, entries, strict=True) if dropped_link(one, entry)
    ]
    bad = sum(not isinstance(item, dict) for item in items)
    hints = hints_of_json(document, url)
    return ParsedFeed(
        format=f"json feed {'1.0' if version[1] == '1' else version[1]}",
        title=title_of(Said(_text(document, "title"), Kind.PLAIN)),
        link=absolute_link(url, _text(document, "home_page_url")) or None,
        entries=entries,
        language=language,
        hub=hints.hub,
        topic=hints.topic,
        warnings=(
            *((Loss(f"{bad} items are no objects"),) if bad else ()),
            *about_links(len(dropped), "".join(dropped[:1])),
        ),
    )


def _found(item: dict[str, Any], everyone: tuple[str, ...]) -> Found:
    """``everyone`` wrote the feed, and the item unless it names others (1.1, "authors")."""
    links = (_text(item, "url"), _text(item, "external_url"))
    return Found(
        id=_identity(item),
        links=tuple(link for link in links if link),
        title=Said(_text(item, "title"), Kind.PLAIN),
        summary=Said(_escaped(_text(item, "summary")), Kind.MARKUP),
        content=Said(
            _text(item, "content_html") or _escaped(_text(item, "content_text")), Kind.MARKUP
        ),
        authors=_authors(item) or everyone,
        published=When(_text(item, "date_published")),
        updated=When(_text(item, "date_modified")),
        tags=tuple(tag for tag in _list(item, "tags") if isinstance(tag, str)),
        language=_text(item, "language"),
    )


def _identity(item: dict[str, Any]) -> str:
    """The id; a number is taken for its digits, as version 1.0 allows."""
    value = item.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    people = [*_list(item, "authors"), item.get("author")]
    return tuple(_text(one, "name") for one in people if isinstance(one, dict))


def _escaped(text: str) -> str:
    """Plain text as HTML, since that is what ``Entry.content`` and ``summary`` hold."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "</p><p>".join(text.split("\n\n")).join(("<p>", "</p>")) if "\n\n" in text else text


def _text(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _list(value: dict[str, Any], key: str) -> list[Any]:
    found = value.get(key)
    return found if isinstance(found, list) else []
