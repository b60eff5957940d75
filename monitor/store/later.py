"""Alerts of articles that are stored already: asked for by a person, each in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from monitor.model import Alert, Decision, Match, Outcome
from monitor.store.articles import decision_values, insert_alert, match_values
from monitor.store.codec import decode_alert
from monitor.store.rows import NewDelivery
from monitor.store.schema import alerts, articles, decisions, matches
from monitor.store.session import Session
from monitor.store.together import note_told


class LaterRows(Session):
    """What is decided about an article after it was recorded."""

    def record_later(
        self,
        alert: Alert,
        found: Sequence[Match],
        made: Sequence[Decision],
        wanted: Sequence[NewDelivery],
        now: datetime,
    ) -> bool:
        """Store a further alert of a stored article with all that belongs to it, or nothing.

        ``made`` are decisions to send, one for each rule of ``found``; each takes the place of what
        was recorded about its rule and this article. The deliveries are due at once.

        False, and nothing changed, if one of the rules was alerted for the article meanwhile, or
        the article is gone: whoever decided is to look again. So of two that ask at the same moment
        one sends.
        """
        with self._write() as connection:
            if not _is_stored(connection, alert.article_id):
                return False
            rules = {each.rule_id for each in made}
            if rules & _told(connection, alert.article_id):
                return False
            for table in (matches, decisions):
                mine = table.c.article_id == alert.article_id
                connection.execute(delete(table).where(mine, table.c.rule_id.in_(sorted(rules))))
            connection.execute(
                insert(matches), [match_values(alert.article_id, match) for match in found]
            )
            connection.execute(
                insert(decisions), [decision_values(alert.article_id, each, now) for each in made]
            )
            insert_alert(connection, alert.article_id, alert, wanted, now)
            note_told(connection, alert.article_id, now)
            return True


def _is_stored(connection: Connection, article_id: str) -> bool:
    found = select(articles.c.id).where(articles.c.id == article_id)
    return connection.scalar(found) is not None


def _told(connection: Connection, article_id: str) -> set[str]:
    """The rules that were alerted for the article: decisions may be forgotten before alerts are."""
    sent = select(decisions.c.rule_id).where(
        decisions.c.article_id == article_id, decisions.c.outcome == Outcome.SENT.value
    )
    payloads = select(alerts.c.payload).where(alerts.c.article_id == article_id)
    told = set(connection.scalars(sent))
    for payload in connection.scalars(payloads):
        told.update(hit.rule_id for hit in decode_alert(payload).hits)
    return told
