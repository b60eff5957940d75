"""What we learnt about feeds, and which entries of theirs are known."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select, update

from monitor.model import Feed, FeedMemory, FeedState, Validators
from monitor.store.codec import decode_memory
from monitor.store.columns import clean_text
from monitor.store.dialect import insert_new
from monitor.store.polls import NO_MEMORY, Poll, known_of, record
from monitor.store.rows import NewEntry
from monitor.store.schema import feeds
from monitor.store.session import Session


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
            return known_of(connection, feed_url, names)

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
            return record(connection, polls)


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
        memory=NO_MEMORY if row.memory is None else _remembered(row.memory),
    )


@lru_cache(1024)  # most feeds remember the same few things
def _remembered(text: str) -> FeedMemory:
    return decode_memory(text)


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
