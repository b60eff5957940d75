"""Recurring duties: which are due, and that each ends, fails and hangs alone.

Layer 4. Due times are of a monotonic clock, so that a wall clock that is set neither drops nor
delays one. A duty never overlaps itself; one that raises is logged once and ticks on; one that
hangs is cancelled at its deadline.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

log = logging.getLogger(__name__)

DEADLINE: Final = 120.0  # seconds that one run of a duty may take
REPEAT_AFTER: Final = 300.0  # seconds after which the same failure of a duty is told again


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do every ``seconds``, cancelled where one run takes longer than ``deadline``."""

    name: str
    seconds: float
    work: Callable[[], Awaitable[None]]
    deadline: float = DEADLINE


def due_now(
    duties: Sequence[Duty],
    next_at: Mapping[str, float],
    running: Collection[str],
    now: float,
) -> list[Duty]:
    """The duties to start at ``now``: due, and not still at work. Pure."""
    return [
        duty
        for duty in duties
        if duty.name not in running and next_at.get(duty.name, float("-inf")) <= now
    ]


class Duties:
    """Starts what is due at each ``tick``; the first time of each comes one interval later."""

    def __init__(
        self, duties: Sequence[Duty], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._duties = tuple(duties)
        self._clock = clock
        now = clock()
        self._next = {duty.name: now + duty.seconds for duty in duties}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._told: dict[str, tuple[str, float]] = {}  # failure and when, by duty
        self._stopping = False

    def tick(self) -> None:
        """Start what is due. Never raises, never waits."""
        if self._stopping:
            return
        now = self._clock()
        for duty in due_now(self._duties, self._next, self._running, now):
            self._next[duty.name] = now + duty.seconds
            self._running[duty.name] = asyncio.create_task(self._do(duty), name=f"duty {duty.name}")

    async def stop(self, within: float = 0.0) -> None:
        """Start nothing more; what is at work gets ``within`` seconds, then is cancelled."""
        self._stopping = True
        tasks = list(self._running.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _do(self, duty: Duty) -> None:
        fields = {"fields": {"duty": duty.name}}
        limit = asyncio.timeout(duty.deadline)
        try:
            async with limit:
                await duty.work()
        except TimeoutError:
            if not limit.expired():
                self._tell(duty, "TimeoutError")
                return
            log.error(  # noqa: TRY400  # where it hung is the duty's own business
                "duty hung and was cancelled after %.0f seconds; it goes on", duty.deadline,
                extra=fields,
            )  # fmt: skip
        except Exception as error:  # noqa: BLE001  # nothing may end the ticking
            self._tell(duty, f"{type(error).__name__}: {error}")
        else:
            if self._told.pop(duty.name, None) is not None:
                log.info("duty works again", extra=fields)
        finally:
            self._running.pop(duty.name, None)

    def _tell(self, duty: Duty, failure: str) -> None:
        """A failure that repeats every second is one line every five minutes."""
        now = self._clock()
        before = self._told.get(duty.name)
        if before is not None and before[0] == failure and now - before[1] < REPEAT_AFTER:
            return
        self._told[duty.name] = (failure, now)
        log.exception("duty failed; it goes on", extra={"fields": {"duty": duty.name}})
