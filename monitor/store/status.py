"""The figures that ``status`` shows."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, func, select

from monitor.model import DeliveryState, Outcome
from monitor.store.rows import Counts, EntryStatus
from monitor.store.schema import alerts, articles, decisions, deliveries, entries, feeds
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

    def sent_by_rule(self, since: datetime) -> dict[str, int]:
        """How many articles each rule has alerted since then."""
        c = decisions.c
        chosen = (
            select(c.rule_id, func.count().label("number"))
            .where(c.outcome == Outcome.SENT.value, c.decided_at >= since)
            .group_by(c.rule_id)
        )
        with self._read() as connection:
            return {row.rule_id: row.number for row in connection.execute(chosen)}

    def made_by_notifier(self, since: datetime) -> dict[str, list[datetime]]:
        """When the messages about single articles were made since then, for each notifier."""
        chosen = (
            select(deliveries.c.notifier, alerts.c.created_at)
            .join(alerts, alerts.c.id == deliveries.c.alert_id)
            .where(alerts.c.created_at >= since, alerts.c.article_id.is_not(None))
            .order_by(alerts.c.created_at)
        )
        found: dict[str, list[datetime]] = {}
        with self._read() as connection:
            for notifier, made in connection.execute(chosen):
                found.setdefault(notifier, []).append(made)
        return found


def _count(connection: Connection, table: Table, where: Any = None) -> int:
    question: Select[Any] = select(func.count()).select_from(table)
    if where is not None:
        question = question.where(where)
    return connection.scalar(question) or 0
