"""Send what stands in the outbox: one worker per channel, so that a dead one holds up no other.

Layer 4. What becomes of a delivery after each attempt is decided in ``alerts/retry``, what becomes
of its channel in ``alerts/circuit`` (both pure); here a delivery is claimed, sent, and the result
stored under its fence.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from monitor.alerts.circuit import OPEN, Circuit, after_send, without_future
from monitor.alerts.retry import after_attempt
from monitor.errors import NotifyError, StoreError, TemporaryNotifyError, UncertainNotifyError
from monitor.model import Alert, Delivery, DeliveryState
from monitor.notifier import Context, Notifier, Receipt, Updates
from monitor.pipeline.tools import Tools
from monitor.store import Attempt, Thread
from monitor.store.outbox import is_change

log = logging.getLogger(__name__)

Way = Callable[[Alert, Context], Awaitable[Receipt]]  # how a message goes out: send, update
_ENDED: Final = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.HELD)
SEND_TIMEOUT: Final = 60.0  # seconds for one send, everything included
LEASE: Final = 2 * SEND_TIMEOUT
STORE_AGAIN: Final = 5.0  # seconds between tries to store what is known


@dataclass(frozen=True, slots=True)
class Channel:
    """A configured notifier."""

    notifier: Notifier
    on_uncertain: str  # resend | hold


@dataclass(frozen=True, slots=True)
class ChannelNotice:
    """News of a channel, for the operator to be told by another one; ``over``: good news."""

    channel: str
    text: str
    over: bool


def _ignore(_: ChannelNotice) -> None:
    """Nobody wants to hear of it."""


class Deliverer:
    """Drains the outbox. ``kick`` whenever something may be due.

    ``on_notice`` is told, once each, that a channel does not work and that it works again; the log
    is told as well.
    """

    def __init__(
        self,
        tools: Tools,
        channels: Mapping[str, Channel],
        on_notice: Callable[[ChannelNotice], None] = _ignore,
    ) -> None:
        self._tools = tools
        self._channels = dict(channels)
        self._on_notice = on_notice
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._stopping = False
        self._circuits: dict[str, Circuit] = {}
        self._last_sent: dict[str, float] = {}  # by the loop's clock
        self._at_work: set[int] = set()  # deliveries claimed here and not yet stored

    def replace_channels(self, channels: Mapping[str, Channel]) -> None:
        """Use these channels from the next send on (after a reload); a changed one starts anew."""
        for name, channel in self._channels.items():
            if channels.get(name) != channel:
                self._circuits.pop(name, None)
        self._channels = dict(channels)

    def circuit(self, name: str) -> Circuit:
        """What is known of a channel."""
        return self._circuits.get(name, OPEN)

    def kick(self) -> None:
        """Start a worker for every channel that has none; those at work look once more."""
        if self._stopping:
            return
        for name in self._channels:
            if name in self._running:
                self._again.add(name)
            elif not self._is_held(name):
                task = asyncio.create_task(self._drain(name), name=f"deliver {name}")
                self._running[name] = task
                task.add_done_callback(partial(self._ended, name))

    async def idle(self) -> None:
        """Wait until no channel is at work; everything due has been tried then."""
        while self._running:
            await asyncio.wait(self._running.values())

    def soonest_release(self) -> datetime | None:
        """When the first channel that is held may be used again; None if none is."""
        now = self._tools.now()
        held = (each.held_until for each in self._circuits.values())
        return min((until for until in held if until is not None and until > now), default=None)

    async def recover(self) -> None:
        """End claims whose sender is gone; their outcome is unknown (``on_uncertain``).

        What a clock that ran ahead put off becomes due. Our own sends are left alone: a clock that
        jumps does not end their leases.
        """
        tools = self._tools
        policy = {name: channel.on_uncertain for name, channel in self._channels.items()}
        now = tools.now()
        found = await tools.thread.call(
            tools.store.recover_expired, now, policy, besides=tuple(self._at_work)
        )
        for delivery in found:
            _tell(delivery, None)
        await tools.thread.call(tools.store.forget_future, now)
        self._open_from_future(now)

    async def stop(self, within: float) -> None:
        """Start no more sends; let those under way finish for ``within`` seconds."""
        self._stopping = True
        tasks = list(self._running.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, name: str, task: asyncio.Task[None]) -> None:
        self._running.pop(name, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery stopped", exc_info=error, extra={"fields": {"to": name}})
        elif name in self._again:
            self._again.discard(name)
            self.kick()

    async def _drain(self, name: str) -> None:
        while not self._stopping and not self._is_held(name):
            await self._keep_distance(name)
            channel = self._channels.get(name)
            if channel is None or self._stopping:
                return
            self._again.discard(name)
            claimed = await self._claim(name)
            if claimed is None:
                return
            delivery, alert = claimed
            try:
                await self._send(delivery, alert, channel)
            finally:
                self._at_work.discard(delivery.id)

    def _is_held(self, name: str) -> bool:
        return self.circuit(name).is_held(self._tools.now())

    async def _keep_distance(self, name: str) -> None:
        """Leave a service that was asked too often the time between two messages."""
        gap = self.circuit(name).gap(self._tools.now())
        last = self._last_sent.get(name)
        if gap and last is not None:
            rest = last + gap - asyncio.get_running_loop().time()
            if rest > 0:
                await asyncio.sleep(rest)

    async def _claim(self, name: str) -> tuple[Delivery, Alert] | None:
        """Claim what is due; a claim that comes when we must stop is given back, unsent."""
        tools = self._tools
        claiming = asyncio.ensure_future(
            tools.thread.call(tools.store.claim_delivery, name, tools.now(), LEASE)
        )
        try:
            claimed = await asyncio.shield(claiming)
        except asyncio.CancelledError:
            claimed = await claiming  # the store's thread does it, whatever becomes of us
            if claimed is not None:
                await self._give_back(claimed[0])
            raise
        if claimed is None:
            return None
        if self._stopping:
            await self._give_back(claimed[0])
            return None
        self._at_work.add(claimed[0].id)
        return claimed

    async def _give_back(self, delivery: Delivery) -> None:
        tools = self._tools
        await tools.thread.call(tools.store.release_claim, delivery.id, delivery.fence)

    async def _send(self, delivery: Delivery, alert: Alert, channel: Channel) -> None:
        tools = self._tools
        started = tools.now()
        context = Context(
            http=tools.outbound.notifier_client,
            now=started,
            key=f"{delivery.alert_id}-{delivery.notifier}",
            attempt=delivery.attempts + 1,
            recipients=delivery.pending_recipients,
            timeout=SEND_TIMEOUT,
            check_address=tools.outbound.check_address,
        )
        if alert.follows is None:
            result = await attempt(channel.notifier, alert, context)
        else:
            thread = await tools.thread.call(tools.store.thread_of, delivery, alert.follows)
            result = await follow_up(channel.notifier, alert, context, thread)
        self._last_sent[delivery.notifier] = asyncio.get_running_loop().time()
        self._judge(delivery, channel, result)
        await self._finish(delivery, result, channel.on_uncertain, started)

    def _judge(self, delivery: Delivery, channel: Channel, result: Receipt | Exception) -> None:
        """Learn from an answer what it says of the channel."""
        name = delivery.notifier
        if self._channels.get(name) != channel:
            return  # it was replaced meanwhile: the answer is about the old one
        tools = self._tools
        judged = after_send(self.circuit(name), delivery.id, result, tools.now(), tools.jitter())
        self._circuits[name] = judged.circuit
        if judged.notice is not None:
            log.warning("channel %s", judged.notice, extra={"fields": {"to": name}})
            self._on_notice(ChannelNotice(name, judged.notice, judged.over))

    def _open_from_future(self, now: datetime) -> None:
        """A hold longer than any is of a clock that ran ahead."""
        for name, circuit in self._circuits.items():
            self._circuits[name] = without_future(circuit, now)

    async def _finish(
        self,
        delivery: Delivery,
        result: Receipt | Exception,
        on_uncertain: str,
        started: datetime,
    ) -> None:
        tools = self._tools
        ended = tools.now()
        after = after_attempt(
            delivery, result, on_uncertain=on_uncertain, now=ended, jitter=tools.jitter()
        )
        done = Attempt(started, ended, after.last_error or "accepted")
        if await self._store(after, delivery.fence, done):
            _tell(after, result)
        else:
            log.warning(
                "a late answer was not stored: the delivery had been taken over",
                extra={"fields": {"alert": delivery.alert_id, "to": delivery.notifier}},
            )

    async def _store(self, after: Delivery, fence: int, done: Attempt) -> bool:
        """Store a result, whatever it takes: it is known here alone, and nothing more is sent
        before (a full disk must not turn every message into two)."""
        tools = self._tools
        told = False
        while True:
            try:
                return await tools.thread.call(tools.store.finish_attempt, after, fence, done)
            except StoreError as error:
                if not told:
                    log.error(  # noqa: TRY400  # told in words
                        "what became of a message cannot be stored; trying on: %s", error,
                        extra={"fields": {"alert": after.alert_id, "to": after.notifier}},
                    )  # fmt: skip
                told = True
            await asyncio.sleep(STORE_AGAIN)


async def follow_up(
    notifier: Notifier, alert: Alert, context: Context, thread: Thread
) -> Receipt | Exception:
    """Send what follows an earlier message: into its thread, or as a change of it.

    A change that cannot be made any more, or that a later one makes, is done: nothing is lost, for
    the next message of the story says it.
    """
    first = thread.first
    known = replace(context, remote_id=None if first is None else first.remote_id)
    if not is_change(alert):
        return await attempt(notifier, alert, known)
    if thread.is_newer_waiting:
        return Receipt(note="a later change says it all")
    if first is not None and first.state not in _ENDED:
        return TemporaryNotifyError("the story's first message is still on its way")
    if not isinstance(notifier, Updates) or known.remote_id is None:
        return Receipt(note="nothing to change: the channel did not name its first message")
    return await attempt(notifier, alert, known, notifier.update)


async def attempt(
    notifier: Notifier, alert: Alert, context: Context, way: Way | None = None
) -> Receipt | Exception:
    """Send once; whatever goes wrong comes back as a value. ``way`` None: ``send``."""
    try:
        async with asyncio.timeout(context.timeout):
            receipt = await (way or notifier.send)(alert, context)
    except TimeoutError:
        return UncertainNotifyError(f"no answer within {context.timeout:.0f} seconds")
    except NotifyError as error:
        return error
    except Exception as error:  # noqa: BLE001  # a plugin may raise anything; it is recorded
        return error
    # A plugin that forgot its receipt has returned, which says "accepted"; sending again would be
    # a duplicate for ever.
    return receipt if isinstance(receipt, Receipt) else Receipt(note="the notifier gave no receipt")


def _tell(delivery: Delivery, result: Receipt | Exception | None) -> None:
    fields = {"alert": delivery.alert_id, "to": delivery.notifier}
    if delivery.state is DeliveryState.SENT:
        log.info("delivered", extra={"fields": fields})
        return
    unforeseen = isinstance(result, Exception) and not isinstance(result, NotifyError)
    log.warning(
        "not delivered: %s", delivery.last_error,
        extra={"fields": {
            **fields, "state": delivery.state.value, "attempt": delivery.attempts,
            **({"next": f"{delivery.next_attempt_at:%H:%M:%S} UTC"}
               if delivery.next_attempt_at else {}),
        }},
        exc_info=result if unforeseen and isinstance(result, Exception) else None,
    )  # fmt: skip
