"""Writes a list of feeds as OPML 2.0 that other readers understand and that loses nothing.

Layer 1, pure. What OPML has a word for (title, address, language, category, folder) is written in
that word; what is ours alone stands in attributes of our own namespace, which others pass over.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from itertools import groupby
from typing import Final

from lxml import etree

from monitor.feeds.opml import (
    LANGUAGE,
    MOST_NAME,
    NAMESPACE,
    PREFIX,
    Item,
    Plain,
    address,
    escaped,
    in_xml,
    literal,
    shareable,
    to_attribute,
)
from monitor.text.markup import one_line

_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,60}")
_OWN_WORD: Final = ("url", "name", "language")  # written as attributes that OPML knows


def write_opml(
    items: Sequence[Item], *, title: str, created: datetime | None = None
) -> tuple[bytes, tuple[str, ...]]:
    """The document (UTF-8), and a sentence for each setting that was left out as a secret.

    ``items``: the mappings under ``feeds:`` as written in config.yaml, in their order. Neighbours
    with the same first tag share a folder, so that the order stays.
    """
    told: list[str] = []
    root = etree.Element("opml", {"version": "2.0"}, nsmap={PREFIX: NAMESPACE})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = in_xml(title)
    if created is not None:
        etree.SubElement(head, "dateCreated").text = format_datetime(created)
    body = etree.SubElement(root, "body")
    for tag, group in groupby(items, key=_first_tag):
        folder = body
        if tag is not None:
            shown = _shown(tag)
            marks = {"text": shown, "title": shown, _own("folder"): to_attribute(tag)}
            folder = etree.SubElement(body, "outline", marks)
        for item in group:
            etree.SubElement(folder, "outline", _outline(item, told))
    text: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return text, tuple(told)


def _outline(item: Item, told: list[str]) -> dict[str, str]:
    """The attributes of one feed."""
    url = _text(item.get("url"))
    name = _text(item.get("name"))
    first = next((value for value in item.values() if isinstance(value, str)), "")
    marks = {"text": _shown(name or url or first) or "?"}
    if name:
        marks["title"] = marks["text"]
    if url:
        marks |= {"type": "rss", "xmlUrl": in_xml(literal(url) or url)}
    language = _text(item.get("language"))
    if language and literal(language) is not None:
        marks["language"] = in_xml(language)
    tags = item.get("tags")
    category = ",".join(_shown(tag) for tag in _listed(tags) if not set(tag) & {",", "/"})
    if category:
        marks["category"] = category
    for key, value in item.items():
        if key in _OWN_WORD and _reads_back(key, value, url):
            continue
        kept = shareable(key, value)
        if kept != value:
            told.append(f"{_shown(url or '?')}: {key} holds a secret, which is not written")
        if kept is not None and _KEY.fullmatch(key):
            marks[_own(key)] = to_attribute(kept)
    return marks


def _reads_back(key: str, value: Plain, url: str | None) -> bool:
    """Whether the attribute that OPML knows is enough to get ``value`` back."""
    if not isinstance(value, str):
        return False
    plain = literal(value)
    if plain is None or escaped(plain) != value or not plain:
        return False
    if key == "url":
        return address(plain) == plain
    if key == "language":
        return LANGUAGE.fullmatch(plain) is not None
    in_title = one_line(in_xml(plain)) == plain and len(plain) <= MOST_NAME
    return in_title and plain != literal(url or "")


def _first_tag(item: Item) -> str | None:
    return next(iter(_listed(item.get("tags"))), None) or None


def _listed(tags: Plain | None) -> list[str]:
    given = [tags] if isinstance(tags, str) else tags if isinstance(tags, list) else []
    return [tag for tag in given if isinstance(tag, str)]


def _text(value: Plain | None) -> str | None:
    return value if isinstance(value, str) else None


def _shown(text: str) -> str:
    """For other readers: one line, ``$${`` as they should show it."""
    plain = literal(text)
    return one_line(in_xml(text if plain is None else plain))


def _own(key: str) -> str:
    return f"{{{NAMESPACE}}}{key}"
