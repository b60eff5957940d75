"""What the operator was told and is not over, and the questions behind it."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import delete, insert, or_, select

from monitor.health.notices import Notice
from monitor.model import DeliveryState, FeedState
from monitor.store.codec import encode
from monitor.store.feeds import _state as state_of
from monitor.store.schema import deliveries, feeds, notices
from monitor.store.session import Session


class NoticeRows(Session):
    """Notices whose trouble lasts, and the feeds that may be in trouble."""

    def open_notices(self) -> list[Notice]:
        """The notices whose trouble lasts, oldest first."""
        question = select(notices.c.payload).order_by(notices.c.since, notices.c.id)
        with self._read() as connection:
            return [_reader().validate_json(text) for text in connection.scalars(question)]

    def replace_notices(self, still: Sequence[Notice]) -> None:
        """Keep these, each subject once, and no others."""
        rows = [
            {"subject": one.subject, "payload": encode(one), "since": one.since} for one in still
        ]
        with self._write() as connection:
            connection.execute(delete(notices))
            if rows:
                connection.execute(insert(notices), rows)

    def ailing_feeds(self) -> list[FeedState]:
        """The active feeds whose last answer was not good, in the order in which they came."""
        question = (
            select(feeds)
            .where(
                feeds.c.active.is_(True),
                or_(feeds.c.failures > 0, feeds.c.last_error.is_not(None)),
            )
            .order_by(feeds.c.id)
        )
        with self._read() as connection:
            return [state_of(row) for row in connection.execute(question)]

    def took_message_since(self, notifier: str, since: datetime) -> bool:
        """Whether the channel accepted anything after ``since``."""
        question = (
            select(deliveries.c.id)
            .where(
                deliveries.c.state == DeliveryState.SENT.value,
                deliveries.c.notifier == notifier,
                deliveries.c.sent_at > since,
            )
            .limit(1)
        )
        with self._read() as connection:
            return connection.scalar(question) is not None


@cache
def _reader() -> TypeAdapter[Notice]:
    return TypeAdapter(Notice)  # building it costs milliseconds, so only when needed
