"""Forgetting: old articles and decisions go, never what an unfinished delivery needs."""

from datetime import datetime
from typing import Final

from sqlalchemy import Column, ColumnElement, and_, delete, select, update

from monitor.model import DeliveryState
from monitor.store.rows import EntryStatus, Pruned
from monitor.store.schema import (
    alerts,
    articles,
    decisions,
    deliveries,
    digest_items,
    entries,
    matches,
    stories,
    story_articles,
)
from monitor.store.session import Session

# FAILED is an end: it may go with its article. HELD waits for a person.
_UNFINISHED: Final = tuple(
    state.value
    for state in (
        DeliveryState.PENDING,
        DeliveryState.SENDING,
        DeliveryState.RETRY,
        DeliveryState.HELD,
    )
)


class RetentionRows(Session):
    """Removing what is older than the user wants to keep."""

    def prune(
        self, articles_before: datetime, decisions_before: datetime, limit: int = 1000
    ) -> Pruned:
        """Remove up to ``limit`` articles and ``limit`` decisions older than these moments.

        With an article go its matches, decisions, alerts, ended deliveries and attempts, and with
        its last article a story; with a decision goes its match. The entries stay known (without
        their link), so that nothing old comes back as news. Call it again until both counts are 0:
        short transactions let others in.
        """
        gone = (
            select(articles.c.id)
            .where(articles.c.stored_at < articles_before, ~_needed(articles.c.id))
            .order_by(articles.c.stored_at)
            .limit(limit)
        )
        old = (
            select(decisions.c.article_id, decisions.c.rule_id)
            .where(decisions.c.decided_at < decisions_before, ~_needed(decisions.c.article_id))
            .order_by(decisions.c.decided_at)
            .limit(limit)
        )
        with self._write() as connection:
            ids = list(connection.scalars(gone))
            if ids:
                connection.execute(
                    update(entries)
                    .where(
                        entries.c.article_id.in_(ids), entries.c.status == EntryStatus.DONE.value
                    )
                    .values(link=None)
                )
                connection.execute(delete(articles).where(articles.c.id.in_(ids)))
                left = select(story_articles.c.story_id)
                connection.execute(delete(stories).where(stories.c.id.not_in(left)))
            unfinished = deliveries.c.state.in_(_UNFINISHED)
            mine = deliveries.c.alert_id == alerts.c.id
            connection.execute(  # digests and notices, which are about no single article
                delete(alerts).where(
                    alerts.c.article_id.is_(None),
                    alerts.c.created_at < articles_before,
                    ~select(deliveries.c.id).where(mine, unfinished).exists(),
                )
            )
            pairs = connection.execute(old).all()
            for table in (matches, decisions):
                for article_id, rule_id in pairs:
                    connection.execute(
                        delete(table).where(
                            and_(table.c.article_id == article_id, table.c.rule_id == rule_id)
                        )
                    )
            return Pruned(len(ids), len(pairs))


def _needed(article_id: Column[str]) -> ColumnElement[bool]:
    waits = select(digest_items.c.id).where(
        digest_items.c.article_id == article_id, digest_items.c.digest_id.is_(None)
    )
    return waits.exists() | (
        select(deliveries.c.id)
        .join(alerts, alerts.c.id == deliveries.c.alert_id)
        .where(alerts.c.article_id == article_id, deliveries.c.state.in_(_UNFINISHED))
        .exists()
    )
