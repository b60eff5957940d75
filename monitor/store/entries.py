"""Entries that wait: read, put off, given up. ``articles`` ends their wait."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select, update

from monitor.store.codec import decode_entry
from monitor.store.rows import EntryStatus, PendingEntry
from monitor.store.schema import entries, feeds
from monitor.store.session import Session, chunks


class EntryRows(Session):
    """The queue of entries to be handled."""

    def pending_entries(
        self, now: datetime, limit: int, exclude: Collection[int] = ()
    ) -> list[PendingEntry]:
        """Up to ``limit`` entries to handle now, without those in ``exclude`` (ids in hand).

        Every feed's newest comes before any feed's second newest, and so on: a feed with a thousand
        new entries does not keep the others waiting. Entries put off are left out until their time.
        """
        turn = func.row_number().over(
            partition_by=entries.c.feed_id, order_by=(entries.c.dated.desc(), entries.c.id)
        )
        waiting = (
            select(entries.c.id, turn.label("turn"), entries.c.dated)
            .where(
                entries.c.status == EntryStatus.PENDING.value,
                or_(entries.c.next_try_at.is_(None), entries.c.next_try_at <= now),
                entries.c.id.not_in(list(exclude)),
            )
            .subquery()
        )
        # Chosen from the index alone; only the chosen ones are then read.
        order = (waiting.c.turn, waiting.c.dated.desc(), waiting.c.id)
        chosen = select(waiting.c.id).order_by(*order).limit(limit)
        full = select(entries, feeds.c.url).join(feeds, feeds.c.id == entries.c.feed_id)
        with self._read() as connection:
            ids = list(connection.scalars(chosen))
            rows = {
                row.id: row
                for some in chunks(ids)
                for row in connection.execute(full.where(entries.c.id.in_(some)))
            }
        return [_pending(rows[entry_id]) for entry_id in ids]

    def defer_entry(self, entry_id: int, until: datetime, reason: str) -> bool:
        """Put a pending entry off: one attempt more, next one at ``until``.

        False (and nothing changed) if it was not pending any more.
        """
        return self._change_pending(
            entry_id, attempts=entries.c.attempts + 1, next_try_at=until, reason=reason
        )

    def drop_entry(self, entry_id: int, reason: str) -> bool:
        """Give a pending entry up without an article; it stays known and never comes back.

        False (and nothing changed) if it was not pending any more.
        """
        return self._change_pending(
            entry_id, status=EntryStatus.DROPPED.value, reason=reason, payload=None
        )

    def _change_pending(self, entry_id: int, **values: object) -> bool:
        with self._write() as connection:
            done = connection.execute(
                update(entries)
                .where(entries.c.id == entry_id, entries.c.status == EntryStatus.PENDING.value)
                .values(values)
            )
            return done.rowcount == 1


def _pending(row: Row[Any]) -> PendingEntry:
    return PendingEntry(row.id, row.url, decode_entry(row.payload), row.attempts, row.seen_at)
