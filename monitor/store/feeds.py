"""What we learnt about feeds, and which entries of theirs are known."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, func, select, update

from monitor.errors import StoreError
from monitor.feeds.identity import entry_key
from monitor.model import Feed, FeedMemory, FeedState, Validators
from monitor.store.codec import decode_memory, encode
from monitor.store.columns import clean_text
from monitor.store.dialect import insert_new
from monitor.store.rows import EntryStatus, NewEntry
from monitor.store.schema import entries, entry_names, feeds
from monitor.store.session import Session, chunks

NO_MEMORY: Final = FeedMemory()


class Poll(NamedTuple):
    """What one poll of a feed taught: its state from now on, the entries it brought, and further
    names of entries known before."""

    state: FeedState
    new: Sequence[NewEntry] = ()
    names: Collection[int] = ()


class FeedRows(Session):
    """Feeds and their polls."""

    def sync_feeds(self, wanted: Sequence[Feed]) -> None:
        """Make the active feeds those of ``wanted`` that are enabled.

        New ones are due at once. Those no longer wanted rest: their state and known entries stay,
        so that a feed put back neither floods nor starts over.
        """
        urls = {clean_text(feed.url) for feed in wanted if feed.enabled}
        with self._write() as connection:
            known = {
                row.url: row.active
                for row in connection.execute(select(feeds.c.url, feeds.c.active))
            }
            fresh = [
                {"url": url, "active": True, "failures": 0} for url in sorted(urls - known.keys())
            ]
            insert_new(connection, feeds, fresh)
            changed = [
                {"b_url": url, "b_active": url in urls}
                for url, active in known.items()
                if active != (url in urls)
            ]
            if changed:
                connection.execute(
                    update(feeds)
                    .where(feeds.c.url == bindparam("b_url"))
                    .values(active=bindparam("b_active")),
                    changed,
                )

    def states(self) -> dict[str, FeedState]:
        """The states of the active feeds by URL."""
        with self._read() as connection:
            rows = connection.execute(select(feeds).where(feeds.c.active.is_(True)))
            return {row.url: _state(row) for row in rows}

    def feed_title(self, url: str) -> str | None:
        """What the feed calls itself; None if it has not said, or is not known."""
        with self._read() as connection:
            found: str | None = connection.scalar(select(feeds.c.title).where(feeds.c.url == url))
            return found

    def all_feed_states(self) -> list[FeedState]:
        """The states of every feed ever configured, by URL; resting ones included."""
        with self._read() as connection:
            return [_state(row) for row in connection.execute(select(feeds).order_by(feeds.c.url))]

    def due_feeds(self, now: datetime, limit: int) -> list[FeedState]:
        """Active feeds whose ``next_poll_at`` is None (first) or not after ``now``, oldest first.

        ``not_before`` is not looked at: the polling rule has worked it into ``next_poll_at``.
        """
        with self._read() as connection:
            # Two statements, because an OR would read the whole index and not its beginning.
            rows = connection.execute(_never_timed().limit(limit)).all()
            if len(rows) < limit:
                rows = [*rows, *connection.execute(_timed(now).limit(limit - len(rows)))]
            return [_state(row) for row in rows]

    def next_due(self, now: datetime) -> datetime | None:
        """When the next active feed is due: ``now`` if one is due already, None without feeds."""
        with self._read() as connection:
            if connection.execute(_never_timed().limit(1)).first() is not None:
                return now
            earliest: datetime | None = connection.scalar(
                select(func.min(feeds.c.next_poll_at)).where(feeds.c.active.is_(True))
            )
            return None if earliest is None else max(earliest, now)

    def known_names(self, feed_url: str, names: Iterable[int]) -> set[int]:
        """Which of ``names`` (``monitor.feeds.identity``) entries of this feed ever had."""
        with self._read() as connection:
            feed_id = connection.scalar(select(feeds.c.id).where(feeds.c.url == feed_url))
            return set() if feed_id is None else _known(connection, feed_id, list(names))

    def record_poll(self, state: FeedState, new: Sequence[NewEntry] = ()) -> int:
        """Store what a poll taught, in one transaction: validators never without their entries.

        Entries known already are left as they are. Returns how many were really new. Raises
        StoreError for a feed that ``sync_feeds`` never saw.
        """
        return self.record_polls([Poll(state, new)])[0]

    def record_polls(self, polls: Sequence[Poll]) -> list[int]:
        """``record_poll`` for several feeds in one transaction, which costs one sync to disk.

        Returns the number of really new entries of each.
        """
        with self._write() as connection:
            ids = _feed_ids(connection, [poll.state.url for poll in polls])
            connection.execute(_UPDATE, [_values(ids, poll.state) for poll in polls])
            return [
                _insert_entries(connection, ids[clean_text(poll.state.url)], poll) for poll in polls
            ]


_UPDATE = (
    update(feeds)
    .where(feeds.c.id == bindparam("b_id"))
    .values(
        {
            name: bindparam(f"b_{name}")
            for name in feeds.c.keys()  # noqa: SIM118  # a collection of columns, not a dict
            if name not in ("id", "url", "active")
        }
    )
)


def _values(ids: Mapping[str, int], state: FeedState) -> dict[str, Any]:
    return {
        "b_id": ids[clean_text(state.url)],
        "b_title": state.title,
        "b_etag": state.validators.etag,
        "b_last_modified": state.validators.last_modified,
        "b_body_sha256": state.body_sha256,
        "b_last_polled_at": state.last_polled_at,
        "b_last_success_at": state.last_success_at,
        "b_last_changed_at": state.last_changed_at,
        "b_next_poll_at": state.next_poll_at,
        "b_not_before": state.not_before,
        "b_interval_seconds": state.interval,
        "b_failures": state.failures,
        "b_last_error": state.last_error,
        "b_baseline_at": state.baseline_at,
        "b_rhythm": state.rhythm,
        "b_memory": None if state.memory == NO_MEMORY else encode(state.memory),
    }


def _state(row: Row[Any]) -> FeedState:
    return FeedState(
        url=row.url,
        title=row.title,
        validators=Validators(row.etag, row.last_modified),
        body_sha256=row.body_sha256,
        last_polled_at=row.last_polled_at,
        last_success_at=row.last_success_at,
        last_changed_at=row.last_changed_at,
        next_poll_at=row.next_poll_at,
        not_before=row.not_before,
        interval=row.interval_seconds,
        failures=row.failures,
        last_error=row.last_error,
        baseline_at=row.baseline_at,
        rhythm=row.rhythm,
        memory=NO_MEMORY if row.memory is None else decode_memory(row.memory),
    )


def _never_timed() -> Select[Any]:
    return (
        select(feeds)
        .where(feeds.c.active.is_(True), feeds.c.next_poll_at.is_(None))
        .order_by(feeds.c.id)
    )


def _timed(now: datetime) -> Select[Any]:
    return (
        select(feeds)
        .where(feeds.c.active.is_(True), feeds.c.next_poll_at <= now)
        .order_by(feeds.c.next_poll_at)
    )


def _feed_ids(connection: Connection, urls: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(urls):
        rows = connection.execute(select(feeds.c.url, feeds.c.id).where(feeds.c.url.in_(some)))
        found.update((row.url, row.id) for row in rows)
    for url in urls:
        if clean_text(url) not in found:
            raise StoreError(f"the store does not know the feed {url!r}")
    return found


def _known(connection: Connection, feed_id: int, keys: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for some in chunks(keys):
        found.update(
            connection.scalars(
                select(entry_names.c.name).where(
                    entry_names.c.feed_id == feed_id, entry_names.c.name.in_(some)
                )
            )
        )
    return found


def _insert_entries(connection: Connection, feed_id: int, poll: Poll) -> int:
    by_key: dict[int, NewEntry] = {}
    for item in poll.new:  # a feed may give one id twice: the first wins
        by_key.setdefault(item.names[0] if item.names else entry_key(item.entry.id), item)
    known = _known(connection, feed_id, list(by_key)) if by_key else set()
    # The polling rule sets last_polled_at on every poll; it is the moment these were first seen.
    seen_at = poll.state.last_polled_at
    if by_key and seen_at is None:
        raise ValueError("a poll that brings entries has a time: last_polled_at")
    fresh = [
        {
            "feed_id": feed_id,
            "key": key,
            "status": item.status.value,
            "reason": item.reason,
            "seen_at": seen_at,
            "dated": item.entry.published or seen_at,
            "link": item.entry.link,
            "attempts": 0,
            "payload": encode(item.entry) if item.status is EntryStatus.PENDING else None,
        }
        for key, item in by_key.items()
        if key not in known
    ]
    insert_new(connection, entries, fresh)
    names = {*poll.names, *by_key, *(name for item in by_key.values() for name in item.names)}
    insert_new(
        connection, entry_names, [{"feed_id": feed_id, "name": name} for name in sorted(names)]
    )
    return len(fresh)
