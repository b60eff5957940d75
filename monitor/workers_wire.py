"""What a parser process answers, as lines of JSON, and how they are judged when they come back.

A process that read a hostile body may have been taken over by it. So its answer is no pickle, which
would run what it says, but JSON of a fixed shape: every field has a type and a longest length, and
whatever does not fit is ``Nonsense``. A feed is one line for its head and one for each entry, so
that no single line holds up the loop that reads it. Texts are UTF-8; lone surrogates become "?".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal, TypeAlias, TypeVar

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from monitor.articles.reading import ReadPage
from monitor.feeds.entries import (
    MOST_CONTENT,
    MOST_ENTRIES,
    MOST_ID,
    MOST_NAME,
    MOST_NAMES,
    MOST_SUMMARY,
    MOST_TITLE,
    Loss,
)
from monitor.feeds.parse import NotAFeed, SitemapsListed
from monitor.feeds.sitemap import MOST_SITEMAPS, SitemapIndex
from monitor.model import Entry, ParsedFeed

MOST_LINE: Final = 5_000_000  # bytes; the longest entry, all emoji, needs 4.3 million
MOST_ANSWER: Final = 16_000_000  # bytes of all lines of a feed; entries beyond are left out
MOST_TEXT: Final = 1_000_000  # characters of an article
MOST_FACT: Final = 10_000  # characters of a title, a reason, an address
MOST_WARNINGS: Final = 100
MOST_LINKS: Final = 50  # feeds that a web page names, other forms that a page links

T = TypeVar("T")


class Nonsense(Exception):  # noqa: N818  # says what is the case
    """The answer is none that our own code would have given."""


@dataclass(frozen=True, slots=True)
class FeedHead:
    """A feed without its entries and warnings; ``entries`` lines follow.

    ``warnings``: each with whether it means lost news.
    """

    kind: Literal["feed"]
    feed: ParsedFeed
    entries: int
    warnings: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page."""

    kind: Literal["page"]
    page: ReadPage


@dataclass(frozen=True, slots=True)
class NoFeed:
    """``NotAFeed`` was raised, or with ``index`` ``SitemapsListed``."""

    kind: Literal["no feed"]
    message: str
    feeds: tuple[str, ...] = ()
    index: SitemapIndex | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The task raised something else: "memory" for MemoryError, "value" for ValueError."""

    kind: Literal["failed"]
    what: Literal["memory", "value", "other"]
    message: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The process has loaded what it needs and is within its limits."""

    kind: Literal["ready"]


Answer: TypeAlias = FeedHead | PageRead | NoFeed | Failed | Ready

_ANSWER: Final[TypeAdapter[Answer]] = TypeAdapter(Annotated[Answer, Field(discriminator="kind")])
_ENTRY: Final[TypeAdapter[Entry]] = TypeAdapter(Entry)


def feed_lines(feed: ParsedFeed) -> Iterator[bytes]:
    """The lines of ``feed``. Entries that would exceed ``MOST_ANSWER`` are left out and told."""
    lines: list[bytes] = []
    size = 0
    for entry in feed.entries:
        line = _line(_ENTRY, entry)
        size += len(line)
        if size <= MOST_ANSWER and len(line) <= MOST_LINE:
            lines.append(line)
    told = [(one[:MOST_FACT], isinstance(one, Loss)) for one in feed.warnings]
    left_out = len(feed.entries) - len(lines)
    if left_out:
        told.insert(0, (f"{left_out} entries were left out: the feed is too large", True))
    bare = replace(
        feed, entries=(), warnings=(), title=feed.title[:MOST_FACT], link=_short(feed.link),
        hub=_short(feed.hub), topic=_short(feed.topic),
    )  # fmt: skip
    yield answer_line(FeedHead("feed", bare, len(lines), tuple(told[:MOST_WARNINGS])))
    yield from lines


def page_line(page: ReadPage) -> bytes:
    """The line of ``page``."""
    kept = replace(
        page, title=page.title[:MOST_FACT], text=page.text[:MOST_TEXT],
        author=_cut(page.author), reason=page.reason[:MOST_FACT], site=_cut(page.site),
        section=_cut(page.section), image=_short(page.image),
        canonical_url=_short(page.canonical_url),
        alternates=tuple(one for one in page.alternates if len(one.url) <= MOST_FACT)[:MOST_LINKS],
    )  # fmt: skip
    return answer_line(PageRead("page", kept))


def no_feed_line(error: NotAFeed) -> bytes:
    """The line of what ``parse_feed`` raised."""
    index = error.index if isinstance(error, SitemapsListed) else None
    feeds = () if index is not None else tuple(filter(_short, error.feeds))[:MOST_LINKS]
    return answer_line(NoFeed("no feed", str(error)[:MOST_FACT], feeds, index))


def answer_line(answer: Answer) -> bytes:
    """Any answer but a feed's entries as a line."""
    return _line(_ANSWER, answer)


def read_answer(line: bytes) -> Answer:
    """The answer that ``line`` is, within its bounds.

    Raises:
        Nonsense: it is none.
    """
    answer = _read(_ANSWER, line)
    match answer:
        case FeedHead(feed=feed, entries=entries, warnings=warnings):
            _check_feed(feed, entries, warnings)
        case PageRead(page=page):
            return PageRead("page", _checked_page(page))
        case NoFeed(message=message, feeds=feeds, index=index):
            _at_most(MOST_FACT, message, *feeds)
            _refuse(len(feeds) > MOST_LINKS)
            return replace(answer, index=_checked_index(index))
        case Failed(message=message):
            _at_most(MOST_FACT, message)
        case Ready():
            pass
    return answer


def read_entry(line: bytes) -> Entry:
    """The entry that ``line`` is, within its bounds.

    Raises:
        Nonsense: it is none.
    """
    entry = _read(_ENTRY, line)
    _at_most(MOST_ID, entry.id)
    _at_most(MOST_TITLE, entry.title)
    _at_most(MOST_SUMMARY, entry.summary)
    _at_most(MOST_CONTENT, entry.content)
    _at_most(MOST_NAME, *entry.authors, *entry.tags)
    _refuse(not entry.id or len(entry.authors) > MOST_NAMES or len(entry.tags) > MOST_NAMES)
    _check_address(entry.link)
    _at_most(20, entry.language)
    return replace(entry, published=_utc(entry.published), updated=_utc(entry.updated))


def whole_feed(head: FeedHead, entries: Sequence[Entry]) -> ParsedFeed:
    """The feed of a head and its entries.

    Raises:
        Nonsense: an id stands there twice.
    """
    _refuse(len({entry.id for entry in entries}) != len(entries))
    warnings = tuple(Loss(text) if lost else text for text, lost in head.warnings)
    return replace(head.feed, entries=tuple(entries), warnings=warnings)


def raised(answer: NoFeed) -> NotAFeed:
    """The exception that the process raised."""
    if answer.index is not None:
        return SitemapsListed(answer.index)
    return NotAFeed(answer.message, answer.feeds)


def _line(adapter: TypeAdapter[T], value: T) -> bytes:
    try:
        return adapter.dump_json(value) + b"\n"
    except (PydanticSerializationError, UnicodeEncodeError):
        plain = adapter.dump_python(value, mode="python")
        return adapter.dump_json(adapter.validate_python(_encodable(plain))) + b"\n"


def _encodable(value: object) -> object:
    """``value`` with every text such that UTF-8 can hold it."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case dict():
            return {key: _encodable(item) for key, item in value.items()}
        case tuple() | list():
            return [_encodable(item) for item in value]
        case _:
            return value


def _read(adapter: TypeAdapter[T], line: bytes) -> T:
    try:
        return adapter.validate_json(line, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])[:100]
        raise Nonsense(f"{first['type']} at {where or 'the beginning'}") from None


def _check_feed(feed: ParsedFeed, entries: int, warnings: tuple[tuple[str, bool], ...]) -> None:
    _refuse(bool(feed.entries or feed.warnings) or not 0 <= entries <= MOST_ENTRIES)
    _refuse(len(warnings) > MOST_WARNINGS + 1)
    _at_most(MOST_FACT, feed.format, feed.title, feed.language, *(text for text, _ in warnings))
    for address in (feed.link, feed.hub, feed.topic):
        _at_most(MOST_FACT, address)
    _refuse(feed.ttl is not None and not 0 < feed.ttl < 1e9)
    _refuse(len(feed.skip_hours) > 24 or len(feed.skip_days) > 7)


def _checked_page(page: ReadPage) -> ReadPage:
    _at_most(MOST_TEXT, page.text)
    _at_most(MOST_FACT, page.title, page.author, page.reason, page.site, page.section)
    _at_most(20, page.language)
    for address in (page.canonical_url, page.image, *(one.url for one in page.alternates)):
        _check_address(address)
    _refuse(len(page.alternates) > MOST_LINKS)
    return replace(page, published=_utc(page.published))


def _checked_index(index: SitemapIndex | None) -> SitemapIndex | None:
    if index is None:
        return None
    _refuse(len(index.sitemaps) > MOST_SITEMAPS or index.left_out < 0)
    for one in index.sitemaps:
        _check_address(one.url)
    changed = tuple(replace(one, changed=_utc(one.changed)) for one in index.sitemaps)
    return replace(index, sitemaps=changed)


def _check_address(address: str | None) -> None:
    """An address that may be asked or shown: whether it may be dialled is judged elsewhere."""
    _at_most(MOST_FACT, address)
    _refuse(address is not None and not address.lower().startswith(("http://", "https://")))


def _at_most(length: int, *texts: str | None) -> None:
    _refuse(any(text is not None and len(text) > length for text in texts))


def _refuse(wrong: bool) -> None:
    if wrong:
        raise Nonsense("a value is out of its bounds")


def _utc(moment: datetime | None) -> datetime | None:
    """A time in UTC, with Python's own zone instead of the validator's."""
    if moment is None:
        return None
    _refuse(moment.utcoffset() != timedelta(0))
    return moment.replace(tzinfo=UTC)


def _cut(text: str | None) -> str | None:
    return text[:MOST_FACT] if text is not None else None


def _short(address: str | None) -> str | None:
    """``address``, or None where it is too long to be one."""
    return address if address is not None and len(address) <= MOST_FACT else None
