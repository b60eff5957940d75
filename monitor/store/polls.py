"""What polls taught, written for many feeds at once, and which entries of theirs are known."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from monitor.errors import StoreError
from monitor.feeds.identity import entry_key
from monitor.model import FeedMemory, FeedState
from monitor.store.codec import encode
from monitor.store.columns import clean_text, to_micros
from monitor.store.dialect import new_only
from monitor.store.prepared import Prepared
from monitor.store.rows import EntryStatus, NewEntry
from monitor.store.schema import entries, entry_names, feeds
from monitor.store.session import CHUNK, chunks

NO_MEMORY: Final = FeedMemory()
_SIZES: Final = (1, 4, 16, 64, CHUNK)  # names asked for in one statement; a few texts serve all
_ENTRY: Final = (
    "feed_id", "key", "status", "reason", "seen_at", "dated", "link", "attempts", "payload",
)  # fmt: skip
_LEARNT: Final = tuple(
    name
    for name in feeds.c.keys()  # noqa: SIM118  # a collection of columns, not a dict
    if name not in ("id", "url", "active")
)
_UPDATE: Final = Prepared(
    update(feeds)
    .where(feeds.c.id == bindparam("b_id"))
    .values({name: bindparam(f"b_{name}") for name in _LEARNT}),
    [f"b_{name}" for name in ("id", *_LEARNT)],
)


class Poll(NamedTuple):
    """What one poll of a feed taught: its state from now on, the entries it brought, and further
    names of entries known before."""

    state: FeedState
    new: Sequence[NewEntry] = ()
    names: Collection[int] = ()


class _Fresh(NamedTuple):
    """Rows to be written for the entries of some polls, and how many entries each poll brought."""

    entries: list[tuple[Any, ...]]
    names: list[tuple[int, int]]
    counts: list[int]


def record(connection: Connection, polls: Sequence[Poll]) -> list[int]:
    """Write ``polls``; returns the number of really new entries of each.

    Raises:
        StoreError: a feed is not known.
        ValueError: a time is naive, or a poll brings entries and has no time.
    """
    ids = _feed_ids(connection, [poll.state.url for poll in polls])
    for poll in polls:
        if clean_text(poll.state.url) not in ids:
            raise StoreError(f"the store does not know the feed {poll.state.url!r}")
    _UPDATE.many(connection, [_learnt(ids[clean_text(poll.state.url)], poll) for poll in polls])
    fresh = _Fresh([], [], [])
    seen: dict[int, set[int]] = {}  # by feed: one feed may come twice
    for poll in polls:
        _gather(connection, ids[clean_text(poll.state.url)], poll, seen, fresh)
    if fresh.entries:
        _new_entries(connection.dialect.name).many(connection, fresh.entries)
    if fresh.names:
        _new_names(connection.dialect.name).many(connection, fresh.names)
    return fresh.counts


def _feed_ids(connection: Connection, urls: Sequence[str]) -> dict[str, int]:
    """The numbers of those feeds that are known, by their cleaned URLs."""
    found: dict[str, int] = {}
    for some in chunks(urls):
        rows = connection.execute(select(feeds.c.url, feeds.c.id).where(feeds.c.url.in_(some)))
        found.update((row.url, row.id) for row in rows)
    return found


def known_of(connection: Connection, url: str, names: Iterable[int]) -> set[int]:
    """Which of ``names`` entries of the feed at ``url`` ever had."""
    found: set[int] = set()
    for some in chunks(list(names)):
        size = next(size for size in _SIZES if size >= len(some))
        padded = [*some, *[some[0]] * (size - len(some))]
        found.update(_which_names(size).values(connection, (clean_text(url), *padded)))
    return found


def _gather(
    connection: Connection, feed_id: int, poll: Poll, seen: dict[int, set[int]], fresh: _Fresh
) -> None:
    by_key: dict[int, NewEntry] = {}
    for item in poll.new:  # a feed may give one id twice: the first wins
        by_key.setdefault(item.names[0] if item.names else entry_key(item.entry.id), item)
    # The polling rule sets last_polled_at on every poll; it is the moment these were first seen.
    seen_at = poll.state.last_polled_at
    if by_key and seen_at is None:
        raise ValueError("a poll that brings entries has a time: last_polled_at")
    # a feed without a baseline has had no entries
    first = poll.state.baseline_at is not None and poll.state.baseline_at == seen_at
    before = known_of(connection, poll.state.url, by_key) if by_key and not first else set()
    before |= seen.get(feed_id, set())
    rows = [
        _entry(feed_id, key, item, seen_at)
        for key, item in by_key.items()
        if key not in before and seen_at is not None
    ]
    names = {*poll.names, *by_key, *(name for item in by_key.values() for name in item.names)}
    fresh.entries.extend(rows)
    fresh.names.extend((feed_id, name) for name in sorted(names))
    fresh.counts.append(len(rows))
    if names:
        seen.setdefault(feed_id, set()).update(names)


def _entry(feed_id: int, key: int, item: NewEntry, seen_at: datetime) -> tuple[Any, ...]:
    return (
        feed_id, key, item.status.value, clean_text(item.reason), to_micros(seen_at),
        to_micros(item.entry.published or seen_at), _text(item.entry.link), 0,
        encode(item.entry) if item.status is EntryStatus.PENDING else None,
    )  # fmt: skip


def _learnt(feed_id: int, poll: Poll) -> tuple[Any, ...]:
    """The values of ``_UPDATE``, in the order of the table's columns."""
    state = poll.state
    values = {
        "title": _text(state.title),
        "etag": _text(state.validators.etag),
        "last_modified": _text(state.validators.last_modified),
        "body_sha256": _text(state.body_sha256),
        "last_polled_at": _time(state.last_polled_at),
        "last_success_at": _time(state.last_success_at),
        "last_changed_at": _time(state.last_changed_at),
        "next_poll_at": _time(state.next_poll_at),
        "not_before": _time(state.not_before),
        "interval_seconds": state.interval,
        "failures": state.failures,
        "last_error": _text(state.last_error),
        "baseline_at": _time(state.baseline_at),
        "rhythm": state.rhythm,
        "memory": None if state.memory == NO_MEMORY else _remembered(state.memory),
    }
    return (feed_id, *[values[name] for name in _LEARNT])


@lru_cache(1024)  # most feeds remember the same few things
def _remembered(memory: FeedMemory) -> str:
    return encode(memory)


def _text(text: str | None) -> str | None:
    return None if text is None else clean_text(text)


def _time(moment: datetime | None) -> int | None:
    return None if moment is None else to_micros(moment)


@cache
def _which_names(size: int) -> Prepared:
    asked = [f"name_{at}" for at in range(size)]
    chosen = select(entry_names.c.name).where(
        entry_names.c.feed_id
        == select(feeds.c.id).where(feeds.c.url == bindparam("url")).scalar_subquery(),
        entry_names.c.name.in_([bindparam(name) for name in asked]),
    )
    return Prepared(chosen, ["url", *asked])


@cache
def _new_entries(dialect: str) -> Prepared:
    given: dict[str, Any] = {name: bindparam(name) for name in _ENTRY}
    return Prepared(new_only(dialect, entries).values(given), _ENTRY)


@cache
def _new_names(dialect: str) -> Prepared:
    names = ("feed_id", "name")
    given: dict[str, Any] = {name: bindparam(name) for name in names}
    return Prepared(new_only(dialect, entry_names).values(given), names)
