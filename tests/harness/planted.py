"""Mistakes that somebody would make, put into the real program for the time of a test.

Each is a context manager; the harness must notice every one of them. What they touch are classes
and functions of ours, and only for as long as they last.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, update

from monitor.alerts import circuit, deliver, retry
from monitor.errors import StoreError, TemporaryNotifyError, UncertainNotifyError
from monitor.model import Delivery, DeliveryState
from monitor.notifier import Context, Receipt
from monitor.pipeline import poll as pipeline_poll
from monitor.scheduler import Dispatcher
from monitor.store import Store, outbox, session
from monitor.store.polls import Poll
from monitor.store.schema import deliveries

Bug = Callable[[], AbstractContextManager[None]]


@contextmanager
def instead(owner: Any, name: str, new: Any) -> Iterator[None]:
    """``owner.name`` is ``new`` for a while."""
    own = name in vars(owner)  # a class may have it from another
    old = vars(owner).get(name)
    assert own or hasattr(owner, name)
    setattr(owner, name, new)
    try:
        yield
    finally:
        if own:
            setattr(owner, name, old)
        else:
            delattr(owner, name)


def sent_before_it_is_accepted() -> AbstractContextManager[None]:
    """The claim already writes "sent": a crash in between loses the message."""
    claim = Store.claim_delivery

    def claimed(self: Store, notifier: str, now: datetime, lease: float) -> Any:
        found = claim(self, notifier, now, lease)
        if found is not None:
            with self._write() as connection:
                connection.execute(
                    update(deliveries).where(deliveries.c.id == found[0].id).values(state="sent")
                )
        return found

    return instead(Store, "claim_delivery", claimed)


def validators_before_entries() -> AbstractContextManager[None]:
    """A poll's validators are stored in a transaction of their own, before its entries."""
    record = Store.record_polls

    def recorded(self: Store, polls: Sequence[Poll]) -> list[int]:
        record(self, [Poll(poll.state) for poll in polls])
        return record(self, polls)

    return instead(Store, "record_polls", recorded)


def entries_forgotten_after_a_fault() -> AbstractContextManager[None]:
    """An entry that could not be handled once is given up."""

    async def put_off(self: Dispatcher, pending: Any, error: Exception) -> None:
        tools = self._tools
        try:
            await tools.thread.call(tools.store.drop_entry, pending.id, "an error")
        except StoreError:
            return

    return instead(Dispatcher, "_put_off", put_off)


def any_error_counts_as_sent() -> AbstractContextManager[None]:
    """``except Exception: pass`` around the send."""
    send = deliver.attempt

    async def attempt(notifier: Any, alert: Any, context: Context) -> Receipt | Exception:
        result = await send(notifier, alert, context)
        return result if isinstance(result, Receipt) else Receipt()

    return instead(deliver, "attempt", attempt)


def a_lost_answer_is_a_plain_failure() -> AbstractContextManager[None]:
    """The outcome is unknown, and the repetition does not say so."""
    send = deliver.attempt

    async def attempt(notifier: Any, alert: Any, context: Context) -> Receipt | Exception:
        result = await send(notifier, alert, context)
        return TemporaryNotifyError("lost") if isinstance(result, UncertainNotifyError) else result

    return instead(deliver, "attempt", attempt)


def no_jitter() -> AbstractContextManager[None]:
    """All retries after one outage come at the same moment."""
    after = retry.back_off

    def back_off(attempts: int, jitter: float, least: float = retry.FIRST_DELAY) -> float:
        return after(attempts, 0.5, least)

    return instead(retry, "back_off", back_off)


def retry_after_is_lost() -> AbstractContextManager[None]:
    """A wish of the service is read, and not kept."""
    send = deliver.attempt

    async def attempt(notifier: Any, alert: Any, context: Context) -> Receipt | Exception:
        result = await send(notifier, alert, context)
        if isinstance(result, TemporaryNotifyError):
            result.retry_after = None
        return result

    return instead(deliver, "attempt", attempt)


def retry_after_for_one_message_only() -> AbstractContextManager[None]:
    """The other messages of the channel go on asking."""
    return instead(deliver, "after_send", lambda known, *_: circuit.Judged(known))


def no_mark_after_a_restart() -> AbstractContextManager[None]:
    """What was being sent when the process died is sent again as if nothing had been."""

    def recover(self: Store, now: datetime, policy: Any = None, *_: Any, **__: Any) -> list[Any]:
        with self._write() as connection:
            connection.execute(
                update(deliveries)
                .where(deliveries.c.state == "sending")
                .values(state="retry", next_attempt_at=now, lease_until=None)
            )
        return []

    return instead(Store, "recover_all_sending", recover)


def no_recovery_at_all() -> AbstractContextManager[None]:
    """Nobody looks for what was being sent."""

    @contextmanager
    def both() -> Iterator[None]:
        def nothing(*_: Any, **__: Any) -> list[Any]:
            return []

        with (
            instead(Store, "recover_all_sending", nothing),
            instead(Store, "recover_expired", nothing),
        ):
            yield

    return both()


def claims_without_a_lease() -> AbstractContextManager[None]:
    """A claim that nobody can end when its holder is gone."""
    return instead(outbox, "_CLAIM", _claim(fence=bindparam("b_fence")))


def no_fence() -> AbstractContextManager[None]:
    """A claim does not raise the number under which its result will count."""
    return instead(outbox, "_CLAIM", _claim(lease_until=bindparam("b_lease")))


def _claim(**values: Any) -> Any:
    return (
        update(deliveries)
        .where(deliveries.c.id == bindparam("b_id"))
        .values(
            state="sending",
            claimed_at=bindparam("b_now"),
            next_attempt_at=None,
            **values,
        )
    )


def deliveries_in_a_transaction_of_their_own() -> AbstractContextManager[None]:
    """The article is committed, its deliveries a moment later."""
    record = Store.record_articles

    def recorded(self: Store, ended: Sequence[Any]) -> list[Any]:
        bare = [each._replace(result=replace(each.result, deliveries=())) for each in ended]
        found = record(self, bare)
        for each, was in zip(ended, found, strict=True):
            if each.result.alert is not None and was.outcome.value == "new":
                for wanted in each.result.deliveries:
                    self.add_delivery(each.result.alert.id, wanted, each.now)
        return found

    return instead(Store, "record_articles", recorded)


def a_new_key_with_every_attempt() -> AbstractContextManager[None]:
    """The idempotency key is made of the attempt."""

    def context(**named: Any) -> Context:
        return Context(**{**named, "key": f"{named['key']}-{named['attempt']}"})

    return instead(deliver, "Context", context)


def polls_put_off_for_days() -> AbstractContextManager[None]:
    """A back-off without an upper bound."""
    after = vars(pipeline_poll)["after_poll"]

    def later(*given: Any, **named: Any) -> Any:
        state, *rest = after(*given, **named)
        if state.failures and state.next_poll_at is not None:
            state = replace(state, next_poll_at=state.next_poll_at + timedelta(days=3))
        return (state, *rest)

    return instead(pipeline_poll, "after_poll", later)


def no_transaction() -> AbstractContextManager[None]:
    """Every statement is committed by itself."""
    return instead(session, "begin", lambda connection, *, write: None)


def not_synced() -> AbstractContextManager[None]:
    """Commits are not brought to the disk: the system will do that some time."""
    from tests.harness import seams

    return instead(seams, "SYNCHRONOUS", "OFF")


def a_paused_channel_stays_so() -> AbstractContextManager[None]:
    """Nobody ever tries it again."""

    hold = circuit._hold
    return instead(
        circuit,
        "_hold",
        lambda probes, longest, jitter: (
            10.0**7 if longest == circuit.LONGEST_PAUSE else hold(probes, longest, jitter)
        ),
    )


def the_head_of_the_line_blocks() -> AbstractContextManager[None]:
    """What fails is tried again at once, before all others, and for ever."""
    after = vars(deliver)["after_attempt"]

    def at_once(state: Delivery, result: Any, **named: Any) -> Delivery:
        found: Delivery = after(state, result, **named)
        if found.state is DeliveryState.RETRY:
            return replace(found, next_attempt_at=state.created_at, attempts=0)
        return found

    return instead(deliver, "after_attempt", at_once)


def results_lost_when_the_disk_is_full() -> AbstractContextManager[None]:
    """What became of a message is tried to be stored once."""

    async def once(self: Any, after: Delivery, fence: int, done: Any) -> bool:
        tools = self._tools
        try:
            stored: bool = await tools.thread.call(tools.store.finish_attempt, after, fence, done)
        except StoreError:
            return False
        return stored

    return instead(deliver.Deliverer, "_store", once)


def a_stop_leaves_claims_behind() -> AbstractContextManager[None]:
    """A claim that comes when the program must stop is kept."""

    async def keep(self: Any, delivery: Delivery) -> None:
        return

    return instead(deliver.Deliverer, "_give_back", keep)
