"""An article as one line of JSON: what ``match`` reads.

Layer 5, pure. The shape is in docs/commands.md, "match".
"""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any, Final, NoReturn

from monitor.model import Article

_TEXTS: Final = ("title", "text", "summary", "url", "source", "author", "lead", "language")
_KEYS: Final = (*_TEXTS, "id", "published", "tags")
_KINDS: Final = {bool: "true or false", int: "a number", float: "a number", str: "a text",
                 list: "a list", dict: "an object", type(None): "null"}  # fmt: skip


class NotAnArticle(Exception):  # noqa: N818  # says what is the case
    """A line that cannot be matched; ``column`` counts from 1, None where no place is known."""

    def __init__(self, message: str, column: int | None = None) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """The article, its id as given (any JSON value), and what was wrong but costs no match."""

    article: Article
    given_id: Any
    mistakes: tuple[str, ...] = ()
    strange_keys: tuple[str, ...] = ()  # so near to a known key that they look misspelt


def read_article(data: bytes | None, place: str) -> ArticleLine | None:
    """The article in one line; None if the line is blank. ``place`` is its id if it has none.

    Raises:
        NotAnArticle: with what was found, and where.
    """
    if data is None:
        raise NotAnArticle("this line is too long to be an article; it was left out")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        column = len(data[: error.start].decode("utf-8")) + 1
        raise NotAnArticle("not UTF-8", column) from None
    if not text.strip():
        return None
    value = _json(text)
    if not isinstance(value, dict):
        raise NotAnArticle(f"{_kind(value)}; each line must be one article, a JSON object")
    if "text" not in value and "body" in value:
        raise NotAnArticle("unknown key 'body'. Did you mean 'text'?")
    return _article(value, place)


def misspelt(key: str) -> str:
    """What to say about one of ``strange_keys``."""
    return f"'{key}' is not a key of an article. Did you mean '{_near(key)}'?"


def _article(value: dict[str, Any], place: str) -> ArticleLine:
    texts = {name: _text(value, name) for name in _TEXTS}
    mistakes: list[str] = []
    given_id = value.get("id")
    article = Article(
        id=str(given_id if given_id is not None else place),
        title=texts["title"],
        text=texts["text"],
        summary=texts["summary"],
        url=texts["url"],
        source=texts["source"],
        author=texts["author"],
        lead=texts["lead"] or None,
        language=texts["language"] or None,
        published=_time(value.get("published"), mistakes),
        tags=_tags(value.get("tags"), mistakes),
    )
    strange = tuple(key for key in value if key not in _KEYS and _near(key))
    return ArticleLine(article, given_id, tuple(mistakes), strange)


def _near(key: str) -> str | None:
    close = get_close_matches(key.lower()[:40], _KEYS, n=1, cutoff=0.75)
    return close[0] if close else None


def _text(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise NotAnArticle(f"'{name}' must be a text, not {_kind(found)}")
    return found


def _time(value: object, mistakes: list[str]) -> datetime | None:
    """No rule looks at the time, so a bad one costs no match."""
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None:
            known = moment.tzinfo is not None
            return moment.astimezone(UTC) if known else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    shown = repr(value[:60]) if isinstance(value, str) else _kind(value)
    mistakes.append(f"'published' must be an ISO 8601 time such as 2026-11-22T14:05:00Z, "
                    f"not {shown}; matched without it")  # fmt: skip
    return None


def _tags(value: object, mistakes: list[str]) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(tag, str) for tag in value):
        return tuple(value)
    mistakes.append("'tags' must be a list of texts; matched without them")
    return ()


def _json(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        what = error.msg[:1].lower() + error.msg[1:]
        hint = "; each line must hold a whole article" if text.strip() in "[]{}," else ""
        raise NotAnArticle(f"not JSON: {what}{hint}", error.pos + 1) from None
    except RecursionError:
        raise NotAnArticle("nested too deeply") from None
    except ValueError as error:  # what the two functions below refuse, and giant integers
        raise NotAnArticle(f"not JSON: {error}") from None


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text[:20]} is too large")
    return number


def _kind(value: object) -> str:
    return _KINDS.get(type(value), type(value).__name__)


_DECODER: Final = json.JSONDecoder(parse_constant=_constant, parse_float=_number)
