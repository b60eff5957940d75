"""C-16 to C-20: whatever the scheduler, the clocks or a duty do, the program ticks on or ends."""

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.duties import Duties, Duty
from monitor.ticker import Ticker
from monitor.watch_clock import Reading, jump
from monitor.watchdog import LoopGuard, Step, TickerDead, Vigil, Watchdog, looked

FAST = 0.02  # seconds between ticks
PATIENCE = 10.0
START = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the night in which summer time ends


@pytest.mark.parametrize(
    ("looks", "steps"),
    [
        pytest.param("++++++++", "", id="ticks: nothing is done"),
        pytest.param("+--+--+--+", "", id="two looks without a tick are an unlucky moment"),
        pytest.param("+---", "w", id="three are silence: wake"),
        pytest.param("+---++++++---", "ww", id="woken, and sound for long: wake again"),
        pytest.param("+-----", "wr", id="silent on: build anew"),
        pytest.param("+---+--", "wr", id="one tick and silent again: build anew"),
        pytest.param("+---------", "wrg", id="nothing helps: give up"),
        pytest.param("+---+--+----", "wrg", id="nor does a tick now and then"),
        pytest.param("+---+--+++++++---", "wrw", id="anew, and sound for long"),
    ],
)
def test_c20_what_is_done_about_silence(looks: str, steps: str) -> None:
    vigil, done = Vigil(), ""
    for look in looks:
        vigil, step = looked(vigil, ticked=look == "+")
        done += {Step.NOTHING: "", Step.WAKE: "w", Step.REBUILD: "r", Step.GIVE_UP: "g"}[step]
    assert done == steps


@pytest.mark.parametrize(
    ("wall", "steady", "found"),
    [
        pytest.param(1, 1, None, id="C-16 nothing happened"),
        pytest.param(1 - 3600, 1, -3600, id="C-16 set back by an hour"),
        pytest.param(1 + 3600, 1, 3600, id="C-16 set forward by an hour"),
        pytest.param(1 + 31_536_000, 1, 31_536_000, id="C-16 set forward by a year"),
        pytest.param(1 - 31_536_000, 1, -31_536_000, id="C-16 and back again"),
        pytest.param(1.000_012, 1, None, id="C-16 a leap second smeared over a day"),
        pytest.param(0, 1, None, id="C-16 a leap second at once"),
        pytest.param(3600, 3600, None, id="C-16 the hour in which summer time ends (UTC)"),
        pytest.param(60, 60, None, id="C-17 a loop blocked for a minute is no jump"),
        pytest.param(28_800, 1, 28_799, id="F-28 eight hours asleep look like a jump forward"),
    ],
)
def test_when_the_clock_was_set(wall: float, steady: float, found: float | None) -> None:
    by = jump(Reading(START, 5.0), Reading(START + timedelta(seconds=wall), 5.0 + steady))
    assert (by.total_seconds() if by is not None else None) == found


class Skewed(tzinfo):
    """UTC on a machine whose clock can be set: what APScheduler takes for the time."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def utcoffset(self, _: datetime | None) -> timedelta:
        return timedelta(0)

    def dst(self, _: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, _: datetime | None) -> str:
        return "skewed"

    def fromutc(self, moment: datetime) -> datetime:
        return moment + self.by


class BrokenStore(MemoryJobStore):  # type: ignore[misc]  # no types are published
    """A job store whose ``update_job`` raises while ``broken`` says so."""

    def __init__(self, broken: Callable[[], bool]) -> None:
        super().__init__()
        self._broken = broken

    def update_job(self, job: Any) -> None:
        if self._broken():
            raise RuntimeError("a fault inside the scheduler")
        super().update_job(job)


def scheduler(zone: tzinfo | str = "UTC", store: MemoryJobStore | None = None) -> AsyncIOScheduler:
    built = AsyncIOScheduler(
        timezone=zone,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    if store is not None:
        built.add_jobstore(store)
    return built


class Watched:
    """A ticker with its watchdog, in a running loop."""

    def __init__(
        self,
        build: Callable[[], AsyncIOScheduler] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.times = 0
        self._reached = asyncio.Event()
        self._wanted = 0
        self.lags: list[float] = []
        self.jumps: list[float] = []
        self.ticker = Ticker(self._tick, FAST, build=build)
        self.dog = Watchdog(self.ticker, now=now, on_jump=self._jumped, on_lag=self.lags.append)

    def _tick(self) -> None:
        self.times += 1
        if self.times >= self._wanted:
            self._reached.set()

    async def _jumped(self, by: timedelta) -> None:
        self.jumps.append(by.total_seconds())

    async def more_ticks(self, number: int) -> None:
        """Wait for so many more ticks; raises what the watchdog raises."""
        self._wanted = self.times + number
        self._reached.clear()
        reached = asyncio.ensure_future(self._reached.wait())
        done, _ = await asyncio.wait(
            (reached, self.watching), timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED
        )
        reached.cancel()
        if self.watching in done:
            self.watching.result()
        assert reached in done, f"only {self.times} ticks"

    async def __aenter__(self) -> "Watched":
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # the scheduler's own
        self.ticker.start()
        self.watching = asyncio.create_task(self.dog.watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.watching.cancel()
        await asyncio.gather(self.watching, return_exceptions=True)
        self.ticker.stop()
        self.ticker.stop()


def test_c20_one_fault_inside_the_scheduler_costs_some_ticks_and_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    faults = iter([False, True])

    async def work() -> None:
        store = BrokenStore(lambda: next(faults, False))
        async with Watched(lambda: scheduler(store=store)) as watched:
            await watched.more_ticks(12)

    asyncio.run(work())
    assert "waking it" in caplog.text
    assert "anew" not in caplog.text


def test_c20_a_scheduler_that_stays_broken_is_built_anew(caplog: pytest.LogCaptureFixture) -> None:
    built: list[int] = []

    def build() -> AsyncIOScheduler:
        built.append(1)
        first = len(built) == 1
        return scheduler(store=BrokenStore(lambda: first))

    async def work() -> None:
        async with Watched(build) as watched:
            await watched.more_ticks(12)

    asyncio.run(work())
    assert len(built) == 2
    assert "building it anew" in caplog.text


def test_c20_one_that_nothing_helps_ends_the_program_within_a_few_intervals() -> None:
    async def work() -> Watched:
        async with Watched(lambda: scheduler(store=BrokenStore(lambda: True))) as watched:
            with pytest.raises(TickerDead, match="ending, to be started again"):
                await watched.more_ticks(12)
        return watched

    watched = asyncio.run(work())
    assert watched.dog.looks <= 16
    assert watched.times < 12


def test_c16_a_clock_set_back_by_an_hour_silences_it_for_a_look(
    caplog: pytest.LogCaptureFixture,
) -> None:
    zone = Skewed()

    async def work() -> Watched:
        async with Watched(lambda: scheduler(zone), lambda: datetime.now(zone)) as watched:
            await watched.more_ticks(3)
            zone.by = timedelta(hours=-1)
            await watched.more_ticks(3)
            zone.by = timedelta(days=365)
            await watched.more_ticks(3)
            zone.by = timedelta(0)
            await watched.more_ticks(3)
        return watched

    watched = asyncio.run(work())
    assert [round(by / 3600) for by in watched.jumps] == [-1, 24 * 365 + 1, -24 * 365]
    assert "the clock was set back by 3600 seconds" in caplog.text


def test_c16_without_the_watchdog_it_would_be_silent() -> None:
    """What the watchdog is for: if this fails, the scheduler has been mended, and it may go."""
    zone = Skewed()

    async def work() -> int:
        times: list[int] = []
        ticker = Ticker(lambda: times.append(1), FAST, build=lambda: scheduler(zone))
        ticker.start()
        while len(times) < 3:
            await asyncio.sleep(FAST)
        zone.by = timedelta(hours=-1)
        await asyncio.sleep(2 * FAST)  # the tick that was planned still comes
        seen = len(times)
        await asyncio.sleep(5 * FAST)
        ticker.stop()
        return len(times) - seen

    assert asyncio.run(work()) == 0


def test_c17_after_a_blocked_loop_the_tick_is_late_and_not_dropped() -> None:
    async def work() -> Watched:
        async with Watched() as watched:
            await watched.more_ticks(2)
            time.sleep(20 * FAST)  # this blocks the loop: that is the case
            await watched.more_ticks(2)
            assert watched.dog.is_fresh()
        return watched

    watched = asyncio.run(work())
    assert sum(lag > 10 * FAST for lag in watched.lags) == 1, "told once, with its length"
    assert watched.jumps == []


class Clock:
    """Seconds that the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def settle() -> None:
    for _ in range(4):
        await asyncio.sleep(0)


def counted(calls: list[str], name: str) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        calls.append(name)

    return work


def test_duties_come_in_their_intervals_and_a_late_one_comes_once() -> None:
    calls: list[str] = []

    async def work() -> None:
        clock = Clock()
        duties = Duties(
            [Duty("second", 1.0, counted(calls, "s")), Duty("minute", 60.0, counted(calls, "m"))],
            clock=clock,
        )
        for _ in range(120):
            clock.now += 1.0
            duties.tick()
            await settle()
        assert (calls.count("s"), calls.count("m")) == (120, 2)
        clock.now += 3600.0  # the loop was blocked for an hour
        duties.tick()
        await settle()
        assert (calls.count("s"), calls.count("m")) == (121, 3)
        await duties.stop()
        clock.now += 60.0
        duties.tick()
        await settle()
        assert len(calls) == 124, "nothing is started after the end"

    asyncio.run(work())


def test_c18_a_duty_that_raises_a_thousand_times_is_told_once_and_ticks_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    calls: list[str] = []
    faults = [True] * 1000

    async def raising() -> None:
        calls.append("r")
        if faults and faults.pop():
            raise RuntimeError("always the same")

    async def work() -> None:
        clock = Clock()
        duties = Duties(
            [Duty("raises", 0.2, raising), Duty("works", 0.2, counted(calls, "w"))], clock=clock
        )
        for _ in range(1001):
            clock.now += 0.2001
            duties.tick()
            await settle()

    asyncio.run(work())
    assert (calls.count("r"), calls.count("w")) == (1001, 1001)
    assert caplog.text.count("duty failed") == 1
    assert caplog.text.count("duty works again") == 1


def test_c19_a_duty_that_hangs_is_cancelled_and_holds_up_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    calls: list[str] = []
    cancelled = asyncio.Event()

    async def hangs() -> None:
        calls.append("h")
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async def work() -> None:
        clock = Clock()
        duties = Duties(
            [Duty("hangs", 1.0, hangs, deadline=0.03), Duty("works", 1.0, counted(calls, "w"))],
            clock=clock,
        )
        for _ in range(5):
            clock.now += 1.0
            duties.tick()
            await settle()
        assert (calls.count("h"), calls.count("w")) == (1, 5), "it never overlaps itself"
        await asyncio.wait_for(cancelled.wait(), PATIENCE)
        await settle()
        clock.now += 1.0
        duties.tick()
        await settle()
        assert calls.count("h") == 2, "and is tried again"
        await duties.stop()

    asyncio.run(work())
    assert "duty hung and was cancelled" in caplog.text


def test_c21_a_duty_at_work_may_end_and_a_longer_one_is_cancelled_without_a_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ended: list[str] = []

    async def short() -> None:
        await asyncio.sleep(0.01)
        ended.append("short")

    async def long() -> None:
        await asyncio.Event().wait()

    async def work() -> None:
        clock = Clock()
        duties = Duties([Duty("short", 1.0, short), Duty("long", 1.0, long)], clock=clock)
        clock.now = 1.0
        duties.tick()
        await settle()
        await duties.stop(0.1)

    asyncio.run(work())
    assert ended == ["short"]
    assert caplog.text == ""


@pytest.mark.parametrize("moves", [True, False])
def test_c26_a_loop_that_never_moves_ends_the_program(moves: bool) -> None:
    looked, died = threading.Event(), threading.Event()
    looks = 0

    def look() -> int:
        nonlocal looks
        looks += 1
        if looks > 30:
            looked.set()
        return looks if moves else 0

    def die(message: str) -> None:
        assert "has not moved" in message
        died.set()

    guard = LoopGuard(look, seconds=0.001, most=20, die=die)
    guard.start()
    assert (looked if moves else died).wait(PATIENCE)
    guard.stop()
    assert died.is_set() is not moves
