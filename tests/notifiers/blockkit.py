"""Judges a Slack payload by Slack's documented limits; written apart from the renderer.

docs.slack.dev/reference/block-kit: blocks, rich text elements, text objects (read November 2026).
"""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

_LIVE = re.compile(r"<(?:[!@#]|[a-zA-Z][\w+.-]*:|//)")
_SECTION = {"text", "link", "date"}
_STYLES = {"bold", "italic", "strike", "code"}


def problems(payload: dict[str, object]) -> list[str]:
    """Everything wrong with ``payload``; an empty list is a valid one."""
    return list(_problems(payload))


def _problems(payload: dict[str, object]) -> Iterator[str]:
    known = {"text", "blocks", "unfurl_links", "unfurl_media", "mrkdwn"}
    known |= {"channel", "thread_ts", "ts"}  # of the Web API
    yield from (f"unknown key {key}" for key in payload if key not in known)
    written = json.dumps(payload, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        yield "not encodable as UTF-8"
    if payload.get("mrkdwn") is not True and _LIVE.search(written):
        yield "a live token"
    text = payload.get("text")
    if not isinstance(text, str) or not 1 <= len(text) <= 3000:
        yield "text must have 1 to 3000 characters"
    elif re.search(r"&(?!(?:amp|lt|gt);)", text) or _has_markup(payload, text):
        yield "text is not escaped"
    previews = (payload.get("unfurl_links"), payload.get("unfurl_media"))
    if "ts" not in payload and previews != (False, False):
        yield "previews are not off"
    blocks = payload.get("blocks", [])
    if not isinstance(blocks, list) or len(blocks) > 50:
        yield "more than 50 blocks"
        return
    if len(json.dumps(blocks)) > 13_000:
        yield "blocks are too long together"
    for block in blocks:
        yield from _block(block)


def _has_markup(payload: dict[str, object], text: str) -> bool:
    """Only a user's own template may hold Slack's brackets."""
    return payload.get("mrkdwn") is not True and re.search(r"[<>]", text) is not None


def _block(block: dict[str, object]) -> Iterator[str]:
    match block:
        case {"type": "header", "text": {"type": "plain_text", "text": str(text), "emoji": bool()}}:
            if not 1 <= len(text) <= 150:
                yield "a header must have 1 to 150 characters"
        case {"type": "rich_text", "elements": [*elements]} if elements and len(block) == 2:
            for element in elements:
                yield from _container(element)
        case _:
            yield f"unknown block {block}"


def _container(element: object) -> Iterator[str]:
    match element:
        case {"type": "rich_text_section" | "rich_text_quote", "elements": [*inner]} if inner:
            for one in inner:
                yield from _element(one)
        case {"type": "rich_text_list", "style": "bullet" | "ordered", "elements": [*inner]} if (
            inner and len(element) == 3  # type: ignore[arg-type]  # a mapping
        ):
            for one in inner:
                if not isinstance(one, dict) or one.get("type") != "rich_text_section":
                    yield "a list holds sections only"
                yield from _container(one)
        case _:
            yield f"unknown container {element}"


def _element(element: object) -> Iterator[str]:
    match element:
        case {"type": "text", "text": str(text), **rest}:
            if not 1 <= len(text) <= 3000:
                yield "a text must have 1 to 3000 characters"
        case {"type": "link", "url": str(url), "text": str(text), **rest}:
            if urlsplit(url).scheme not in {"http", "https"} or re.search(r"[<>|\s\"]", url):
                yield f"bad link {url}"
            if not 1 <= len(text) <= 3000 or len(url) > 3000:
                yield "a link's text must have 1 to 3000 characters"
        case {"type": "date", "timestamp": int(), "format": str(), "fallback": str(), **rest}:
            pass
        case _:
            yield f"unknown element {element}"
            return
    style = rest.pop("style", {})
    if rest or not isinstance(style, dict) or not set(style) <= _STYLES:
        yield f"unknown keys {rest} {style}"
