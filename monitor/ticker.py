"""APScheduler as a ticker: one job in memory that ticks every second, and nothing else.

Layer 4. APScheduler 3.11.3 may fall silent while it says that it runs: an exception in its job
store's ``update_job`` ends its timer for good, and a wall clock set back makes it sleep until the
old time comes round. So whoever uses a ``Ticker`` watches it (``monitor.watchdog``), and may
``wake`` it or have it built anew. Its own interval trigger counts up every tick that was missed: a
clock set forward by a year would block the program for a minute; ``_trigger`` counts from now.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Ticker:
    """Calls ``tick`` every ``seconds``, in the loop in which it was started.

    ``last_tick`` is the time of the last tick by ``clock`` (seconds, monotonic). ``build`` makes a
    scheduler: a seam for tests of a broken one.
    """

    def __init__(
        self,
        tick: Callable[[], None],
        seconds: float = 1.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        build: "Callable[[], AsyncIOScheduler] | None" = None,
    ) -> None:
        self.seconds = seconds
        self.ticks = 0
        self._tick = tick
        self._clock = clock
        self._build = build or _scheduler
        self.last_tick = clock()
        self._scheduler: AsyncIOScheduler | None = None

    def start(self) -> None:
        """Tick from now on."""
        scheduler = self._build()
        clock = scheduler.timezone  # UTC; in tests with a clock that can be set
        scheduler.add_job(
            self._ticked, _trigger(self.seconds), id="tick", next_run_time=datetime.now(clock)
        )
        scheduler.start()
        self._scheduler = scheduler

    def wake(self) -> None:
        """Ask the scheduler to look at its job again. Its own failure is its own."""
        if self._scheduler is not None:
            with suppress(Exception):
                self._scheduler.wakeup()

    def rebuild(self) -> None:
        """Put a new scheduler in the place of the old one."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Tick no more; a second call does nothing."""
        old, self._scheduler = self._scheduler, None
        if old is not None:
            with suppress(Exception):  # broken inside; nobody waits for it any more
                old.remove_all_jobs()
            with suppress(Exception):
                old.shutdown(wait=False)

    async def _ticked(self) -> None:
        # A coroutine, because APScheduler runs those in the loop and functions in threads.
        self.last_tick = self._clock()
        self.ticks += 1
        self._tick()


def _trigger(seconds: float) -> Any:
    from apscheduler.triggers.base import BaseTrigger

    class FromNow(BaseTrigger):  # type: ignore[misc]  # no types are published
        """One interval after now, whatever was missed."""

        def get_next_fire_time(self, _before: datetime | None, now: datetime) -> datetime:
            return now + timedelta(seconds=seconds)

    return FromNow()


def _scheduler() -> "AsyncIOScheduler":
    # here, because every command loads this file and only the daemon ticks
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    return AsyncIOScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
