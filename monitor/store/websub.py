"""Subscriptions at hubs, and the hints that move a poll forward."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from monitor.model import FeedState
from monitor.secret import Secret
from monitor.store.codec import decode_memory
from monitor.store.dialect import insert_new
from monitor.store.schema import feeds, websub
from monitor.store.session import Session
from monitor.websub.hint import hinted_poll
from monitor.websub.subscription import Mode, MovePoll, Step, Subscription
from monitor.websub.wishes import Offer


class WebSubRows(Session):
    """What was agreed with hubs."""

    def hub_offers(self) -> dict[str, Offer]:
        """The active feeds that name a hub and their own name there, by address."""
        with self._read() as connection:
            rows = connection.execute(
                select(feeds.c.url, feeds.c.memory).where(
                    # most feeds name none: let the database pass them over
                    feeds.c.active.is_(True), feeds.c.memory.like('%"hub":"%')
                )
            ).all()  # fmt: skip
        kept = {row.url: decode_memory(row.memory) for row in rows}
        return {
            url: Offer(memory.hub, memory.topic)
            for url, memory in kept.items()
            if memory.hub and memory.topic
        }

    def subscriptions(self) -> list[Subscription]:
        """Every subscription, those being ended included, oldest first."""
        with self._read() as connection:
            rows = connection.execute(select(websub).order_by(websub.c.created_at, websub.c.token))
            return [_subscription(row) for row in rows]

    def add_subscriptions(self, new: Sequence[Subscription]) -> None:
        """Keep new ones; a token that is there already is left as it is."""
        with self._write() as connection:
            insert_new(connection, websub, [_values(one) for one in new])

    def step_subscription(
        self, token: str, decide: Callable[[Subscription], Step], now: datetime
    ) -> Step | None:
        """Let ``decide`` (pure) judge the subscription and store what it says, in one transaction.

        A poll that it moves forward moves in the same transaction. None: there is no such token.
        """
        with self._write() as connection:
            row = connection.execute(select(websub).where(websub.c.token == token)).first()
            if row is None:
                return None
            was = _subscription(row)
            step = decide(was)
            if step.subscription is None:
                connection.execute(delete(websub).where(websub.c.token == token))
            elif step.subscription != was:
                values = _values(step.subscription)
                connection.execute(update(websub).where(websub.c.token == token).values(values))
            if any(isinstance(action, MovePoll) for action in step.actions):
                _poll_soon(connection, was.feed_url, now)
            return step

    def poll_soon(self, feed_url: str, at: datetime) -> datetime | None:
        """Bring the next poll of an active feed forward to ``at``, or as near as manners allow.

        Never before ``not_before``, never sooner after the last poll than ``monitor.websub.hint``
        allows, never later than planned. Returns the new time; None if nothing changed.
        """
        with self._write() as connection:
            return _poll_soon(connection, feed_url, at)


def _poll_soon(connection: Connection, feed_url: str, at: datetime) -> datetime | None:
    times = (feeds.c.last_polled_at, feeds.c.next_poll_at, feeds.c.not_before, feeds.c.failures)
    found = connection.execute(
        select(*times).where(feeds.c.url == feed_url, feeds.c.active.is_(True))
    ).first()
    if found is None:
        return None
    state = FeedState(
        feed_url,
        last_polled_at=found.last_polled_at,
        next_poll_at=found.next_poll_at,
        not_before=found.not_before,
        failures=found.failures,
    )
    moved = hinted_poll(state, at)
    if moved is not None:
        connection.execute(update(feeds).where(feeds.c.url == feed_url).values(next_poll_at=moved))
    return moved


def _values(one: Subscription) -> Mapping[str, Any]:
    return {
        "token": one.token.reveal(),
        "feed_url": one.feed_url,
        "hub": one.hub,
        "topic": one.topic,
        "callback": one.callback,
        "secret": one.secret.reveal(),
        "created_at": one.created_at,
        "wanted": one.wanted.value,
        "next_at": one.next_at,
        "asked_at": one.asked_at,
        "lease_until": one.lease_until,
        "pinged_at": one.pinged_at,
        "failures": one.failures,
        "last_error": one.last_error,
    }


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        token=Secret(row.token),
        feed_url=row.feed_url,
        hub=row.hub,
        topic=row.topic,
        callback=row.callback,
        secret=Secret(row.secret),
        created_at=row.created_at,
        wanted=Mode(row.wanted),
        next_at=row.next_at,
        asked_at=row.asked_at,
        lease_until=row.lease_until,
        pinged_at=row.pinged_at,
        failures=row.failures,
        last_error=row.last_error,
    )
