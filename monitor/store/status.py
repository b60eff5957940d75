"""The figures that ``status`` shows."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, func, select

from monitor.model import DeliveryState
from monitor.store.rows import Counts, EntryStatus
from monitor.store.schema import alerts, articles, deliveries, entries, feeds
from monitor.store.session import Session


class StatusRows(Session):
    """Counts of everything that waits, works or fails."""

    def counts(self, now: datetime) -> Counts:
        """The figures of this moment, in one consistent view."""
        active = feeds.c.active.is_(True)
        fine = and_(feeds.c.failures == 0, feeds.c.last_error.is_(None))
        waiting = entries.c.status == EntryStatus.PENDING.value
        by_state = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        with self._read() as connection:
            return Counts(
                feeds_ok=_count(
                    connection,
                    feeds,
                    and_(active, fine, feeds.c.last_polled_at.is_not(None)),
                ),
                feeds_waiting=_count(
                    connection,
                    feeds,
                    and_(active, feeds.c.failures == 0, feeds.c.last_error.is_not(None)),
                ),
                feeds_failing=_count(connection, feeds, and_(active, feeds.c.failures > 0)),
                feeds_never=_count(
                    connection,
                    feeds,
                    and_(active, fine, feeds.c.last_polled_at.is_(None)),
                ),
                entries_pending=_count(connection, entries, waiting),
                entries_deferred=_count(
                    connection, entries, and_(waiting, entries.c.next_try_at > now)
                ),
                articles=_count(connection, articles),
                deliveries={
                    DeliveryState(state): count for state, count in connection.execute(by_state)
                },
                last_alert_at=connection.scalar(select(func.max(alerts.c.created_at))),
            )


def _count(connection: Connection, table: Table, where: Any = None) -> int:
    question: Select[Any] = select(func.count()).select_from(table)
    if where is not None:
        question = question.where(where)
    return connection.scalar(question) or 0
