"""Stored times after the wall clock was set: what is to come keeps its distance from now."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import BigInteger, Column, ColumnElement, type_coerce, update

from monitor.store.rows import EntryStatus
from monitor.store.schema import entries, feeds
from monitor.store.session import Session

_A_MINUTE: Final = timedelta(minutes=1)
_FEED_TIMES: Final = (
    feeds.c.next_poll_at,
    feeds.c.not_before,
    feeds.c.last_polled_at,
    feeds.c.last_success_at,
    feeds.c.last_changed_at,
)


class ClockRows(Session):
    """Times to come of feeds and entries. (Deliveries: ``OutboxRows.forget_future``.)"""

    def shift_times(self, by: timedelta, now: datetime) -> int:
        """After the clock was set back ``by`` (negative): move all times that are after ``now``.

        What is to come keeps its distance, and what was is past again. Returns how many feeds were
        moved.
        """
        with self._write() as connection:
            moved = 0
            for column in _FEED_TIMES:
                done = connection.execute(
                    update(feeds).where(column > now).values({column.name: _moved(column, by)})
                )
                moved = max(moved, done.rowcount)
            waiting = entries.c.status == EntryStatus.PENDING.value
            later = entries.c.next_try_at
            connection.execute(
                update(entries).where(waiting, later > now).values(next_try_at=_moved(later, by))
            )
            return moved

    def forget_future_polls(self, now: datetime) -> int:
        """Make due what a clock that ran ahead put off; returns how many feeds were.

        A feed polled later than now was polled by such a clock, before a restart or in steps too
        small to be seen. A server's wish stays.
        """
        with self._write() as connection:
            done = connection.execute(
                update(feeds)
                .where(feeds.c.last_polled_at > now + _A_MINUTE, feeds.c.not_before.is_(None))
                .values(last_polled_at=now, next_poll_at=now)
            )
            return done.rowcount

    def bound_times(self, latest: datetime) -> int:
        """No feed is due later than ``latest``, whatever set its time; returns how many were."""
        with self._write() as connection:
            done = connection.execute(
                update(feeds)
                .where(feeds.c.active.is_(True), feeds.c.next_poll_at > latest)
                .values(next_poll_at=latest)
            )
            return done.rowcount


def _moved(column: Column[datetime], by: timedelta) -> ColumnElement[int]:
    """The stored microseconds, moved."""
    return type_coerce(column, BigInteger) + by // timedelta(microseconds=1)
