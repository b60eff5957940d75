"""Reads the schema.org descriptions of an article out of a page's JSON-LD; pure, never raises.

Pages nest them in arrays, in ``@graph``, below ``mainEntity``, and refer to persons and publishers
by ``@id`` (JSON-LD 1.1, section 3.3). Broken blocks are left out.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml.etree import _Element

from monitor.text.markup import has_markup, plain_text, tidy, unescape

Described = dict[str, Any]

_ARTICLE_TYPE: Final = re.compile(
    r"(?:https?://schema\.org/)?(?:\w*Article|BlogPosting|LiveBlogPosting|Report|WebPage|Review)",
    re.IGNORECASE,
)
_MOST_JSON: Final = 500_000  # characters of one block
_MOST_BLOCKS: Final = 30
_DEEPEST: Final = 5
_MOST_ITEMS: Final = 100
_MOST_BODY: Final = 1_000_000  # characters
_BODY_LISTS: Final = ("liveBlogUpdate", "hasPart")


def descriptions(root: _Element) -> list[Described]:
    """The objects that describe an article, outermost first, references to others filled in."""
    blocks = list(_blocks(root))
    known: dict[str, Described] = {}
    found: list[Described] = []
    for block in blocks:
        _collect(block, 0, known, found)
    found.sort(key=lambda item: "webpage" in str(item.get("@type")).lower())
    return [{key: _resolved(value, known) for key, value in item.items()} for item in found]


def body_of(described: list[Described]) -> str:
    """The longest text that a description gives as the article's, paragraphs parted; "" if none.

    The updates of a live blog follow each other, newest first as the page has them.
    """
    bodies = [_body(item) for item in described]
    return max(bodies, key=len, default="")


def texts(value: object) -> list[str]:
    """``value`` (a text, an object with ``name`` or ``url``, or a list of them) as texts."""
    items = value if isinstance(value, list) else [value]
    found = []
    for item in items[:_MOST_ITEMS]:
        if isinstance(item, dict):
            item = item.get("name") or item.get("url") or item.get("@id")
        if isinstance(item, str) and item.strip():
            found.append(item.strip())
    return found


def _body(item: Described) -> str:
    own = _plain(item.get("articleBody") or item.get("text"))
    parts = [own]
    for key in _BODY_LISTS:
        updates = item.get(key)
        if isinstance(updates, list):
            for update in updates[:_MOST_ITEMS]:
                if isinstance(update, dict) and update.get("articleBody"):
                    headline = update.get("headline")
                    parts += [_plain(headline), _plain(update["articleBody"])]
    return "\n\n".join(dict.fromkeys(part for part in parts if part))[:_MOST_BODY]


def _plain(value: object) -> str:
    """Plain text, HTML, or HTML escaped once more than needed; with or without line breaks."""
    if isinstance(value, list):
        return "\n\n".join(part for part in map(_plain, value[:_MOST_ITEMS]) if part)
    if not isinstance(value, str):
        return ""
    text = value[:_MOST_BODY]
    if "&lt;" in text and not has_markup(text):
        text = unescape(text)
    if has_markup(text):
        return plain_text(text)
    lines = (" ".join(line.split()) for line in tidy(unescape(text)).split("\n"))
    return "\n\n".join(line for line in lines if line)


def _blocks(root: _Element) -> Iterator[object]:
    count = 0
    for script in root.iter("script"):
        if script.get("type", "").split(";")[0].strip().lower() != "application/ld+json":
            continue
        count += 1
        text = (script.text or "").strip()
        if not text or len(text) > _MOST_JSON or count > _MOST_BLOCKS:
            continue
        yield _parsed(text)


def _parsed(text: str) -> object:
    text = text.removeprefix("<!--").removesuffix("-->").strip()
    text = text.removeprefix("//<![CDATA[").removeprefix("<![CDATA[")
    text = text.removesuffix("//]]>").removesuffix("]]>").strip().rstrip(";")
    for attempt in (text, unescape(text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _collect(
    value: object, depth: int, known: dict[str, Described], found: list[Described]
) -> None:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value[:_MOST_ITEMS]:
            _collect(item, depth + 1, known, found)
    elif isinstance(value, dict):
        name = value.get("@id")
        if isinstance(name, str) and len(value) > 1:
            known.setdefault(name, value)
        kinds = value.get("@type")
        names = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and _ARTICLE_TYPE.fullmatch(kind) for kind in names):
            found.append(value)
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            _collect(value.get(key), depth + 1, known, found)


def _resolved(value: object, known: dict[str, Described]) -> Any:
    if isinstance(value, list):
        return [_resolved(item, known) for item in value[:_MOST_ITEMS]]
    if isinstance(value, dict) and not value.get("name"):
        name = value.get("@id")
        if isinstance(name, str) and name in known:
            return known[name]
    return value
