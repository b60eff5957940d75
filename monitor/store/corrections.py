"""Alerted articles whose page is read again, and what their outlets changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from monitor.alerts.correction import Correction
from monitor.model import Alert, Article
from monitor.store.articles import article_of, insert_alert
from monitor.store.codec import decode_alert
from monitor.store.rows import NewDelivery
from monitor.store.schema import alerts, articles, corrections, deliveries, rechecks
from monitor.store.session import Session


@dataclass(frozen=True, slots=True)
class Recheck:
    """An article to be read again. ``told``: who got its alert, with which rules (empty: all)."""

    article: Article
    alert: Alert
    done: int
    told: tuple[NewDelivery, ...]


class CorrectionRows(Session):
    """Rechecks and corrections."""

    def due_rechecks(self, now: datetime, limit: int) -> list[Recheck]:
        """The articles to be read again now, the longest due first."""
        chosen = (
            select(rechecks.c.done, articles, alerts.c.payload, alerts.c.id.label("alert_id"))
            .join(articles, articles.c.id == rechecks.c.article_id)
            .join(alerts, alerts.c.article_id == articles.c.id)
            .where(rechecks.c.next_at <= now)
            .order_by(rechecks.c.next_at, alerts.c.created_at)
            .limit(limit)
        )
        found: dict[str, Recheck] = {}
        with self._read() as connection:
            for row in connection.execute(chosen).all():
                if row.id in found:
                    continue
                told = select(deliveries.c.notifier, deliveries.c.rules).where(
                    deliveries.c.alert_id == row.alert_id
                )
                names = tuple(NewDelivery(*each) for each in connection.execute(told))
                found[row.id] = Recheck(article_of(row), decode_alert(row.payload), row.done, names)
        return list(found.values())

    def record_recheck(
        self,
        article_id: str,
        next_at: datetime | None,
        now: datetime,
        correction: Correction | None = None,
        alert: Alert | None = None,
        wanted: Sequence[NewDelivery] = (),
    ) -> None:
        """Store what a look at the page came to; ``next_at`` None: it was the last one.

        A correction that is known is neither stored nor told again.
        """
        mine = rechecks.c.article_id == article_id
        with self._write() as connection:
            if next_at is None:
                connection.execute(delete(rechecks).where(mine))
            else:
                connection.execute(
                    update(rechecks).where(mine).values(done=rechecks.c.done + 1, next_at=next_at)
                )
            if correction is None:
                return
            row = {
                "article_id": article_id,
                "seen_at": now,
                "title_before": correction.title_before,
                "title_after": correction.title_after,
                "removed": correction.removed,
                "added": correction.added,
            }
            same = [corrections.c[name] == row[name] for name in row if name != "seen_at"]
            if connection.scalar(select(corrections.c.id).where(*same).limit(1)) is not None:
                return  # as it was at the last look
            connection.execute(insert(corrections), row)
            known = select(alerts.c.id).where(alerts.c.id == (alert.id if alert else ""))
            if alert is not None and connection.scalar(known) is None:
                insert_alert(connection, article_id, alert, wanted, now)

    def corrections_of(self, article_id: str) -> list[tuple[datetime, Correction]]:
        """What an article's outlet changed, oldest first."""
        c = corrections.c
        chosen = select(corrections).where(c.article_id == article_id).order_by(c.id)
        with self._read() as connection:
            return [
                (row.seen_at,
                 Correction(row.title_before, row.title_after, row.removed, row.added))
                for row in connection.execute(chosen)
            ]  # fmt: skip
