"""Watch the ticker, the clocks and the loop, on monotonic time: whatever falls silent is told.

Layer 4. No tick in three looks: the scheduler is woken; silent again: it is built anew; silent
again: the program gives up, so that its service manager starts it again. Silence is counted in
looks of the watchdog itself, so that a loop that was blocked for a minute, or a machine that slept,
is no dead scheduler.
"""

import asyncio
import logging
import os
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from monitor.errors import MonitorError
from monitor.ticker import Ticker
from monitor.watch_clock import Reading, jump

log = logging.getLogger(__name__)

WAKE_AFTER: Final = 3  # looks without a tick, each one interval after the last …
REBUILD_AFTER: Final = 2  # … more of them after a wake …
GIVE_UP_AFTER: Final = 4  # … and after a rebuild
SOUND_AFTER: Final = 6  # looks in a row with a tick, after which all is forgotten
LOOP_DEAD_AFTER: Final = 120  # looks, a second apart, of a thread at a loop that does not move


class TickerDead(MonitorError):  # noqa: N818  # says what is the case
    """The scheduler ticks no more, whatever was tried."""


class Step(Enum):
    """What is done about a ticker."""

    NOTHING = "nothing"
    WAKE = "wake"
    REBUILD = "rebuild"
    GIVE_UP = "give up"


@dataclass(frozen=True, slots=True)
class Vigil:
    """What the looks so far have seen: how many in a row saw no tick, or one, and what was done."""

    silent: int = 0
    sound: int = 0
    done: Step = Step.NOTHING


_NEXT: Final = {
    Step.NOTHING: (WAKE_AFTER, Step.WAKE),
    Step.WAKE: (REBUILD_AFTER, Step.REBUILD),
    Step.REBUILD: (GIVE_UP_AFTER, Step.GIVE_UP),
}


def looked(vigil: Vigil, *, ticked: bool) -> tuple[Vigil, Step]:
    """The vigil after one more look, and what is to be done now. Pure.

    A scheduler that ticks once whenever it is woken, and then falls silent again, is not sound.
    """
    if ticked:
        sound = vigil.sound + 1
        done = Step.NOTHING if sound >= SOUND_AFTER else vigil.done
        return Vigil(0, sound, done), Step.NOTHING
    silent = vigil.silent + 1
    most, step = _NEXT.get(vigil.done, (0, Step.GIVE_UP))
    if silent < most:
        return Vigil(silent, 0, vigil.done), Step.NOTHING
    return Vigil(0, 0, step), step


class Watchdog:
    """Looks at the ticker once per interval, for as long as ``watch`` runs.

    ``on_jump(by)`` is told that the wall clock was set; ``on_lag(seconds)`` how late each look was.
    ``now`` is the wall clock, ``clock`` the monotonic one, ``sleep`` waits seconds of the latter.
    """

    def __init__(
        self,
        ticker: Ticker,
        *,
        now: Callable[[], datetime],
        on_jump: Callable[[timedelta], Awaitable[None]],
        on_lag: Callable[[float], None],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._ticker = ticker
        self._now = now
        self._on_jump = on_jump
        self._on_lag = on_lag
        self._clock = clock
        self._sleep = sleep
        self.looks = 0  # grows for as long as the loop moves

    async def watch(self) -> None:
        """Never returns.

        Raises:
            TickerDead: nothing makes it tick.
        """
        vigil, seen = Vigil(), self._ticker.ticks
        before = Reading(self._now(), self._clock())
        while True:
            await self._sleep(self._ticker.seconds)
            self.looks += 1
            after = Reading(self._now(), self._clock())
            self._on_lag(max(after.steady - before.steady - self._ticker.seconds, 0.0))
            by = jump(before, after)
            before = after
            vigil, step = looked(vigil, ticked=self._ticker.ticks != seen)
            seen = self._ticker.ticks
            self._act(step)
            if by is not None:
                await self._jumped(by)

    def is_fresh(self) -> bool:
        """Whether the last tick is no more than three intervals old."""
        return self._clock() - self._ticker.last_tick <= WAKE_AFTER * self._ticker.seconds + 1.0

    def _act(self, step: Step) -> None:
        if step is Step.WAKE:
            log.warning("the scheduler has not ticked for three intervals; waking it")
            self._ticker.wake()
        elif step is Step.REBUILD:
            log.error("the scheduler fell silent again; building it anew")
            self._ticker.rebuild()
        elif step is Step.GIVE_UP:
            raise TickerDead(
                "the scheduler is dead and building it anew did not help: ending, to be started "
                "again by the service manager"
            )

    async def _jumped(self, by: timedelta) -> None:
        seconds = by.total_seconds()
        way = "forward (or this machine slept)" if seconds > 0 else "back"
        log.warning("the clock was set %s by %.0f seconds", way, abs(seconds))
        if seconds < 0:
            self._ticker.rebuild()  # it would sleep until its old time comes round
        try:
            await self._on_jump(by)
        except MonitorError:
            log.exception("stored times could not follow the clock")


class LoopGuard:
    """A thread that ends the program when its loop has not moved for two minutes.

    For machines without a service manager's watchdog. It counts its own looks, so that a program
    that was stopped (SIGSTOP) and goes on gets the time to move. ``die(message)`` ends the program.
    """

    def __init__(
        self,
        looks: Callable[[], int],
        *,
        seconds: float = 1.0,
        most: int = LOOP_DEAD_AFTER,
        die: Callable[[str], None] | None = None,
    ) -> None:
        self._looks = looks
        self._seconds = seconds
        self._most = most
        self._die = die or _die
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="loop guard", daemon=True)

    def start(self) -> None:
        """Watch from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no more."""
        self._over.set()

    def _watch(self) -> None:
        seen, still = self._looks(), 0
        while not self._over.wait(self._seconds):
            now = self._looks()
            still = still + 1 if now == seen else 0
            seen = now
            if still >= self._most:
                self._die(
                    f"the program has not moved for {self._most * self._seconds:.0f} seconds: "
                    "ending, to be started again by the service manager"
                )
                return


def _die(message: str) -> None:
    log.critical("%s", message)
    os._exit(1)  # nothing orderly is possible: the loop is what does not move
