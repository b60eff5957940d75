"""Send what stands in the outbox: one worker per channel, so that a dead one holds up no other.

Layer 4. What becomes of a delivery after each attempt is decided in ``alerts/retry`` (pure); here
it is claimed, sent, and the result stored under its fence.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from monitor.alerts.retry import LONGEST_WISH, after_attempt
from monitor.errors import NotifyError, TemporaryNotifyError, UncertainNotifyError
from monitor.model import Alert, Delivery, DeliveryState
from monitor.notifier import Context, Notifier, Receipt
from monitor.pipeline.tools import Tools
from monitor.store import Attempt

log = logging.getLogger(__name__)

SEND_TIMEOUT: Final = 60.0  # seconds for one send, everything included
LEASE: Final = 2 * SEND_TIMEOUT


@dataclass(frozen=True, slots=True)
class Channel:
    """A configured notifier."""

    notifier: Notifier
    on_uncertain: str  # resend | hold


class Deliverer:
    """Drains the outbox. ``kick`` whenever something may be due."""

    def __init__(self, tools: Tools, channels: Mapping[str, Channel]) -> None:
        self._tools = tools
        self._channels = dict(channels)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._stopping = False
        self._held: dict[str, datetime] = {}  # channels whose service said when to come back

    def replace_channels(self, channels: Mapping[str, Channel]) -> None:
        """Use these channels from the next send on (after a reload)."""
        self._channels = dict(channels)

    def kick(self) -> None:
        """Start a worker for every channel that has none; those at work look once more."""
        if self._stopping:
            return
        for name in self._channels:
            if name in self._running:
                self._again.add(name)
            else:
                task = asyncio.create_task(self._drain(name), name=f"deliver {name}")
                self._running[name] = task
                task.add_done_callback(partial(self._ended, name))

    async def idle(self) -> None:
        """Wait until no channel is at work; everything due has been tried then."""
        while self._running:
            await asyncio.wait(self._running.values())

    def soonest_release(self) -> datetime | None:
        """When the first channel that was told to wait may be used again; None if none was."""
        now = self._tools.now()
        return min((until for until in self._held.values() if until > now), default=None)

    async def recover(self) -> None:
        """End claims whose sender is gone; their outcome is unknown (``on_uncertain``)."""
        policy = {name: channel.on_uncertain for name, channel in self._channels.items()}
        found = await self._tools.thread.call(
            self._tools.store.recover_expired, self._tools.now(), policy
        )
        for delivery in found:
            _tell(delivery, None)

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
        tools = self._tools
        while not self._stopping and name in self._channels and not self._is_held(name):
            self._again.discard(name)
            claimed = await tools.thread.call(tools.store.claim_delivery, name, tools.now(), LEASE)
            if claimed is None:
                return
            await self._send(*claimed, self._channels[name])

    def _is_held(self, name: str) -> bool:
        """Whether the service asked to be left alone for now: that goes for all its messages."""
        return name in self._held and self._held[name] > self._tools.now()

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
        result = await attempt(channel.notifier, alert, context)
        if isinstance(result, TemporaryNotifyError) and (result.retry_after or 0) > 0:
            wait = timedelta(seconds=min(result.retry_after or 0, LONGEST_WISH))
            self._held[delivery.notifier] = tools.now() + wait
        await self._finish(delivery, result, channel.on_uncertain, started)

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
        outcome = after.last_error or "accepted"
        stored = await tools.thread.call(
            tools.store.finish_attempt, after, delivery.fence, Attempt(started, ended, outcome)
        )
        if not stored:
            log.warning(
                "a late answer was not stored: the delivery had been taken over",
                extra={"fields": {"alert": delivery.alert_id, "to": delivery.notifier}},
            )
            return
        _tell(after, result)


async def attempt(notifier: Notifier, alert: Alert, context: Context) -> Receipt | Exception:
    """Send once; whatever goes wrong comes back as a value."""
    try:
        async with asyncio.timeout(context.timeout):
            receipt = await notifier.send(alert, context)
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
