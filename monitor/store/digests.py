"""Alerts that wait to be told together, and the one transaction that makes a digest of them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from monitor.model import Alert
from monitor.store.articles import insert_alert
from monitor.store.codec import decode_alert
from monitor.store.rows import NewDelivery, WaitingAlert
from monitor.store.schema import alerts, digest_items
from monitor.store.session import Session, chunks


@dataclass(frozen=True, slots=True)
class DueDigest:
    """A digest whose time has come."""

    notifier: str
    due_at: datetime


class DigestRows(Session):
    """Items that wait, and digests made of them."""

    def due_digests(self, now: datetime, notifiers: Collection[str]) -> list[DueDigest]:
        """The digests that are due, oldest first. Those of notifiers that are gone wait.

        What is due for one notifier at one moment makes one digest.
        """
        c = digest_items.c
        chosen = (
            select(c.notifier, c.due_at)
            .where(c.digest_id.is_(None), c.due_at <= now, c.notifier.in_(sorted(notifiers)))
            .distinct()
            .order_by(c.due_at, c.notifier)
        )
        with self._read() as connection:
            return [DueDigest(*row) for row in connection.execute(chosen)]

    def next_digest_due(self, notifiers: Collection[str]) -> datetime | None:
        """When the next digest is due (it may be past); None if nothing waits."""
        c = digest_items.c
        chosen = select(func.min(c.due_at)).where(
            c.digest_id.is_(None), c.notifier.in_(sorted(notifiers))
        )
        with self._read() as connection:
            found: datetime | None = connection.scalar(chosen)
            return found

    def send_digest(
        self,
        due: DueDigest,
        compose: Callable[[Sequence[WaitingAlert]], Alert],
        now: datetime,
    ) -> Alert | None:
        """Make one alert of the items that are due and put it into the outbox, all at once.

        ``compose`` is a pure function. None if another has made it meanwhile.
        """
        c = digest_items.c
        chosen = (
            select(digest_items)
            .where(c.digest_id.is_(None), c.due_at == due.due_at, c.notifier == due.notifier)
            .order_by(c.created_at, c.id)
        )
        with self._write() as connection:
            rows = connection.execute(chosen).all()
            if not rows:
                return None
            alert = compose([_item(row) for row in rows])
            insert_alert(connection, None, alert, [NewDelivery(due.notifier)], now)
            for some in chunks([row.id for row in rows]):
                mine = digest_items.c.id.in_(list(some))
                connection.execute(update(digest_items).where(mine).values(digest_id=alert.id))
            return alert

    def waiting_items(self, limit: int = 1000) -> list[WaitingAlert]:
        """What waits for a digest, the next due first."""
        c = digest_items.c
        chosen = select(digest_items).where(c.digest_id.is_(None)).order_by(c.due_at, c.id)
        with self._read() as connection:
            return [_item(row) for row in connection.execute(chosen.limit(limit))]

    def told_later(self, since: datetime) -> dict[str, dict[str, tuple[str, ...]]]:
        """Who hears later, or heard in a digest, of articles: article → rule → notifiers."""
        c = digest_items.c
        chosen = select(c.article_id, c.notifier, c.rules).where(c.created_at >= since)
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        with self._read() as connection:
            for article_id, notifier, rules in connection.execute(chosen.order_by(c.id)):
                mine = found.setdefault(article_id, {})
                for rule in rules:
                    mine[rule] = (*mine.get(rule, ()), notifier)
        return found

    def digest_items_of(self, article_id: str) -> list[tuple[WaitingAlert, str | None]]:
        """The items of an article, each with the digest that told it (None: it waits)."""
        c = digest_items.c
        chosen = select(digest_items).where(c.article_id == article_id).order_by(c.id)
        with self._read() as connection:
            return [(_item(row), row.digest_id) for row in connection.execute(chosen)]

    def add_notice(self, alert: Alert, notifiers: Sequence[str], now: datetime) -> None:
        """Put a message of the program about itself into the outbox; the same one only once."""
        with self._write() as connection:
            if connection.scalar(select(alerts.c.id).where(alerts.c.id == alert.id)) is not None:
                return
            wanted = [NewDelivery(name) for name in notifiers]
            insert_alert(connection, None, alert, wanted, now)


def _item(row: Row[Any]) -> WaitingAlert:
    return WaitingAlert(
        notifier=row.notifier,
        plan=row.plan,
        reason=row.reason,
        due_at=row.due_at,
        created_at=row.created_at,
        rules=row.rules,
        alert=decode_alert(row.payload),
    )
