"""Notices on their way to people: which go out, and to whom.

Layer 4. A notice is a message like any other: it stands in the outbox and is retried.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from monitor.errors import StoreError
from monitor.health.notices import Notice, as_alert
from monitor.health.watch import CHANNEL
from monitor.pipeline.tools import Tools

log = logging.getLogger(__name__)

# Trouble of this machine in a busy minute: the log and ``status`` say it, nobody is woken.
_LOG_ONLY: Final = ("loop", "network")


def hearers(notice: Notice, wanted: Sequence[str] | None, notifiers: Sequence[str]) -> list[str]:
    """Who is told: ``operations.notify`` (None: every notifier), but not a channel of itself.

    Pure. Empty: the log alone says it.
    """
    if notice.subject.startswith(_LOG_ONLY):
        return []
    broken = notice.subject.removeprefix(CHANNEL) if notice.subject.startswith(CHANNEL) else None
    chosen = notifiers if wanted is None else wanted
    return [name for name in chosen if name in notifiers and name != broken]


class Teller:
    """Puts notices into the outbox; ``kick`` is called when something stands there."""

    def __init__(
        self, tools: Tools, notifiers: Callable[[], Sequence[str]], kick: Callable[[], None]
    ) -> None:
        self._tools = tools
        self._notifiers = notifiers
        self._kick = kick
        self._under_way: set[asyncio.Task[None]] = set()

    def tell(self, notice: Notice) -> None:
        """Tell people; returns at once."""
        names = hearers(notice, self._tools.live.settings.operations.notify, self._notifiers())
        if names:
            task = asyncio.create_task(self._store(notice, names), name="notice")
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def idle(self) -> None:
        """Wait until every notice told so far stands in the outbox."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _store(self, notice: Notice, names: list[str]) -> None:
        tools = self._tools
        now = tools.now()
        try:
            await tools.thread.call(tools.store.add_notice, as_alert(notice, now), names, now)
        except StoreError as error:
            log.warning("a notice could not be stored: %s", error)
        else:
            self._kick()
