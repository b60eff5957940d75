"""The outbox: every delivery's way to its end. The arrows are drawn in docs/delivery.md.

A claim gives one sender the delivery for a while (lease) under a number (fence). A result counts
only under the number of the last claim: a sender that was slow, or thought dead, changes nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from monitor.errors import StoreError
from monitor.model import Alert, Delivery, DeliveryState, MessageKind
from monitor.store.articles import delivery_values
from monitor.store.codec import decode_alert
from monitor.store.rows import Attempt, NewDelivery, Thread
from monitor.store.schema import alerts, attempts, deliveries
from monitor.store.session import Session, chunks

_WAITING: Final = (DeliveryState.PENDING.value, DeliveryState.RETRY.value)
# What a person may send again: what ended, and what waits for its next try.
_RESENDABLE: Final = tuple(
    state.value
    for state in (
        DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.HELD, DeliveryState.RETRY
    )
)  # fmt: skip
# Built once: building them with each claim takes longer than the database does.
_DUE: Final = (
    select(deliveries)
    .where(
        deliveries.c.notifier == bindparam("b_notifier"),
        or_(*(deliveries.c.state == literal_column(f"'{state}'") for state in _WAITING)),
        deliveries.c.next_attempt_at <= bindparam("b_now"),
    )
    .order_by(deliveries.c.next_attempt_at, deliveries.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)  # says nothing on SQLite, whose writers queue
)
_CLAIM: Final = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("b_id"))
    .values(
        state=DeliveryState.SENDING.value,
        fence=bindparam("b_fence"),
        claimed_at=bindparam("b_now"),
        lease_until=bindparam("b_lease"),
        next_attempt_at=None,
    )
)
_PAYLOAD: Final = select(alerts.c.payload).where(alerts.c.id == bindparam("b_id"))
_INTERRUPTED: Final = "interrupted while sending: it may have arrived"


class OutboxRows(Session):
    """Deliveries and their attempts."""

    def claim_delivery(
        self, notifier: str, now: datetime, lease_seconds: float
    ) -> tuple[Delivery, Alert] | None:
        """The notifier's delivery that has been due longest, now SENDING; None if none is due.

        The alert names only the rules that this delivery was made for, and says where an earlier
        send may have arrived. ``attempts`` is left to the retry rule; ``fence`` has grown by one.
        """
        with self._write() as connection:
            row = connection.execute(_DUE, {"b_notifier": notifier, "b_now": now}).first()
            if row is None:
                return None
            lease_until = now + timedelta(seconds=lease_seconds)
            connection.execute(
                _CLAIM,
                {"b_id": row.id, "b_fence": row.fence + 1, "b_now": now, "b_lease": lease_until},
            )
            payload: str = connection.execute(_PAYLOAD, {"b_id": row.alert_id}).scalar_one()
        claimed = replace(
            delivery_of(row),
            state=DeliveryState.SENDING,
            fence=row.fence + 1,
            next_attempt_at=None,
        )
        return claimed, _alert_for(decode_alert(payload), row)

    def finish_attempt(self, delivery: Delivery, fence: int, attempt: Attempt) -> bool:
        """Store what an attempt came to: ``delivery`` as the retry rule left it, and the attempt.

        False, and nothing is written, if ``fence`` is not that of the last claim or the delivery is
        no longer SENDING. A RETRY without a time is due at once.
        """
        due = delivery.next_attempt_at
        if due is None and delivery.state.value in _WAITING:
            due = attempt.ended_at
        with self._write() as connection:
            done = connection.execute(
                update(deliveries)
                .where(deliveries.c.id == delivery.id, _is_sending(), deliveries.c.fence == fence)
                .values(
                    state=delivery.state.value,
                    attempts=delivery.attempts,
                    next_attempt_at=due,
                    lease_until=None,
                    last_error=delivery.last_error,
                    sent_at=delivery.sent_at,
                    receipt=delivery.receipt,
                    pending_recipients=delivery.pending_recipients,
                    uncertain=delivery.uncertain,
                    remote_id=delivery.remote_id,
                )
            )
            if done.rowcount != 1:
                return False
            _insert_attempt(connection, delivery.id, fence, attempt)
            return True

    def thread_of(self, delivery: Delivery, first: str) -> Thread:
        """What a message that follows the alert ``first`` finds in its channel."""
        mine = deliveries.c.notifier == delivery.notifier
        later = (
            select(alerts.c.payload)
            .join(deliveries, deliveries.c.alert_id == alerts.c.id)
            .where(mine, deliveries.c.state.in_(_WAITING), deliveries.c.id > delivery.id)
        )
        with self._read() as connection:
            row = connection.execute(
                select(deliveries).where(mine, deliveries.c.alert_id == first)
            ).first()
            begun = None if row is None else delivery_of(row)
            waiting = [decode_alert(payload) for payload in connection.scalars(later)]
        newer = any(is_change(each) and each.follows == first for each in waiting)
        return Thread(begun, newer)

    def release_claim(self, delivery_id: int, fence: int) -> bool:
        """Give a claim back of which nothing was sent: it waits in its old place.

        False, and nothing is written, if ``fence`` is not that of the last claim or the delivery is
        no longer SENDING.
        """
        with self._write() as connection:
            done = connection.execute(
                update(deliveries)
                .where(deliveries.c.id == delivery_id, _is_sending(), deliveries.c.fence == fence)
                .values(
                    state=DeliveryState.PENDING.value,
                    next_attempt_at=deliveries.c.created_at,
                    lease_until=None,
                )
            )
            return done.rowcount == 1

    def recover_expired(
        self,
        now: datetime,
        on_uncertain: Mapping[str, str] | None = None,
        besides: Collection[int] = (),
    ) -> list[Delivery]:
        """End the claims whose lease is over; returns the deliveries as they are now.

        Nobody knows whether they arrived: each is marked uncertain and counts an attempt. It
        becomes HELD where ``on_uncertain`` (by notifier) says "hold", else RETRY, due at once.
        ``besides``: deliveries whose sender is known to be at work, whatever the clock says.
        """
        which = [deliveries.c.lease_until <= now]
        if besides:
            which.append(deliveries.c.id.not_in(list(besides)))
        return self._recover(now, on_uncertain or {}, *which)

    def forget_future(self, now: datetime) -> int:
        """Make due what a clock that ran ahead put off; returns how many were.

        A delivery made or claimed later than now was written by such a clock: its next time means
        nothing, and waiting for it could take years.
        """
        ahead = (deliveries.c.created_at > now) | (deliveries.c.claimed_at > now)
        waits = (deliveries.c.state.in_(_WAITING), deliveries.c.next_attempt_at > now, ahead)
        with self._write() as connection:
            done = connection.execute(
                update(deliveries)
                .where(*waits)
                .values(created_at=now, claimed_at=now, next_attempt_at=now)
            )
            return done.rowcount

    def recover_all_sending(
        self, now: datetime, on_uncertain: Mapping[str, str] | None = None
    ) -> list[Delivery]:
        """``recover_expired`` for every claim: at start, when no sender can be alive."""
        return self._recover(now, on_uncertain or {})

    def next_delivery_due(self, notifiers: Collection[str] | None = None) -> datetime | None:
        """When the next waiting delivery is due (it may be past), or None.

        ``notifiers`` limits the question to those that exist, so that deliveries of one that was
        taken out of the configuration wait without keeping anyone awake.
        """
        question = select(func.min(deliveries.c.next_attempt_at)).where(
            deliveries.c.state.in_(_WAITING)
        )
        if notifiers is not None:
            question = question.where(deliveries.c.notifier.in_(list(notifiers)))
        with self._read() as connection:
            found: datetime | None = connection.scalar(question)
            return found

    def requeue(self, delivery_ids: Sequence[int], now: datetime) -> int:
        """Send again what is SENT, FAILED, HELD or in RETRY; returns how many were.

        They start over, due at once, with the give-up time counted from now. One that was SENT goes
        to everyone; one that FAILED for some recipients goes to those alone.
        """
        with self._write() as connection:
            return sum(_requeue(connection, some, now) for some in chunks(delivery_ids))

    def add_delivery(self, alert_id: str, wanted: NewDelivery, now: datetime) -> int:
        """Send a stored alert to a notifier, for the first time or again; returns the delivery.

        One that is on its way already stays as it is. Raises StoreError for an unknown alert.
        """
        with self._write() as connection:
            if connection.scalar(select(alerts.c.id).where(alerts.c.id == alert_id)) is None:
                raise StoreError(f"the store does not know the alert {alert_id!r}")
            same = (deliveries.c.alert_id == alert_id, deliveries.c.notifier == wanted.notifier)
            known: int | None = connection.scalar(select(deliveries.c.id).where(*same))
            if known is not None:
                _requeue(connection, [known], now)
                return known
            row = delivery_values(alert_id, wanted, now)
            made: int = connection.execute(
                insert(deliveries).returning(deliveries.c.id), row
            ).scalar_one()
            return made

    def attempts(self, delivery_id: int) -> list[Attempt]:
        """The attempts of a delivery, oldest first."""
        with self._read() as connection:
            return list(attempts_of(connection, delivery_id))

    def delivery_counts(self) -> dict[str, dict[DeliveryState, int]]:
        """How many deliveries each notifier has in each state; states with none are absent."""
        counted = select(deliveries.c.notifier, deliveries.c.state, func.count()).group_by(
            deliveries.c.notifier, deliveries.c.state
        )
        found: dict[str, dict[DeliveryState, int]] = {}
        with self._read() as connection:
            for notifier, state, count in connection.execute(counted):
                found.setdefault(notifier, {})[DeliveryState(state)] = count
        return found

    def _recover(
        self, now: datetime, on_uncertain: Mapping[str, str], *which: ColumnElement[bool]
    ) -> list[Delivery]:
        lost = select(deliveries).where(_is_sending(), *which).order_by(deliveries.c.id)
        recovered = []
        with self._write() as connection:
            for row in connection.execute(lost).all():
                hold = on_uncertain.get(row.notifier) == "hold"
                after = replace(
                    delivery_of(row),
                    state=DeliveryState.HELD if hold else DeliveryState.RETRY,
                    attempts=row.attempts + 1,
                    next_attempt_at=None if hold else now,
                    last_error=_INTERRUPTED,
                    uncertain=True,
                )
                connection.execute(
                    update(deliveries)
                    .where(deliveries.c.id == row.id)
                    .values(
                        state=after.state.value,
                        attempts=after.attempts,
                        next_attempt_at=after.next_attempt_at,
                        lease_until=None,
                        last_error=after.last_error,
                        uncertain=True,
                    )
                )
                interrupted = Attempt(row.claimed_at, max(now, row.claimed_at), _INTERRUPTED)
                _insert_attempt(connection, row.id, row.fence, interrupted)
                recovered.append(after)
        return recovered


def delivery_of(row: Row[Any]) -> Delivery:
    """The delivery in a row of ``deliveries``."""
    return Delivery(
        id=row.id,
        alert_id=row.alert_id,
        notifier=row.notifier,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        fence=row.fence,
        next_attempt_at=row.next_attempt_at,
        created_at=row.created_at,
        last_error=row.last_error,
        sent_at=row.sent_at,
        receipt=row.receipt,
        pending_recipients=row.pending_recipients,
        uncertain=row.uncertain,
        remote_id=row.remote_id,
    )


def is_change(alert: Alert) -> bool:
    """Whether it changes a message that was sent, rather than being one of its own."""
    return alert.kind is MessageKind.UPDATE and not alert.because


def attempts_of(connection: Connection, delivery_id: int) -> tuple[Attempt, ...]:
    """The attempts of a delivery, oldest first."""
    rows = connection.execute(
        select(attempts).where(attempts.c.delivery_id == delivery_id).order_by(attempts.c.id)
    )
    return tuple(Attempt(row.started_at, row.ended_at, row.outcome) for row in rows)


def _alert_for(alert: Alert, row: Row[Any]) -> Alert:
    # A rule that was not routed here must not be told here; no rules named means all of them.
    mine = tuple(hit for hit in alert.hits if not row.rules or hit.rule_id in row.rules)
    return replace(alert, hits=mine, possible_duplicate=row.uncertain)


def _is_sending() -> ColumnElement[bool]:
    return deliveries.c.state == DeliveryState.SENDING.value


def _insert_attempt(connection: Connection, delivery_id: int, fence: int, attempt: Attempt) -> None:
    connection.execute(
        insert(attempts),
        {
            "delivery_id": delivery_id,
            "fence": fence,
            "started_at": attempt.started_at,
            "ended_at": attempt.ended_at,
            "outcome": attempt.outcome,
        },
    )


def _requeue(connection: Connection, delivery_ids: Sequence[int], now: datetime) -> int:
    chosen = deliveries.c.id.in_(list(delivery_ids))
    # Columns of a failed delivery, such as its missing recipients, stay; a sent one starts clean.
    connection.execute(
        update(deliveries)
        .where(chosen, deliveries.c.state == DeliveryState.SENT.value)
        .values(pending_recipients=None, uncertain=False)
    )
    done = connection.execute(
        update(deliveries)
        .where(chosen, deliveries.c.state.in_(_RESENDABLE))
        .values(
            state=DeliveryState.PENDING.value,
            attempts=0,
            next_attempt_at=now,
            created_at=now,
            sent_at=None,
            receipt=None,
        )
    )
    return done.rowcount
