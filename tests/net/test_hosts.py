"""Turns per host, on a clock that the test moves."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable

import pytest

from monitor.net.hosts import HostGate


class Clock:
    """Time that passes only when everybody waits; ``run`` moves it from alarm to alarm."""

    def __init__(self) -> None:
        self.now = 0.0
        self._alarms: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        alarm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._alarms, (self.now + seconds, self._count, alarm))
        await alarm

    async def run(self, work: Awaitable[object]) -> None:
        task = asyncio.ensure_future(work)
        for _ in range(100_000):
            for _ in range(8):
                await asyncio.sleep(0)
            if task.done():
                return await task  # type: ignore[return-value]  # the result does not matter
            assert self._alarms, "everybody waits and nothing will wake them"
            self.now, _, alarm = heapq.heappop(self._alarms)
            if not alarm.done():
                alarm.set_result(None)
        raise AssertionError("no end in sight")


Log = list[tuple[str, float, float]]


def played(plan: Callable[[HostGate, Clock, Log], Awaitable[object]], **options: float) -> Log:
    """(name, start, end) of each turn."""
    log: Log = []

    async def run() -> None:
        clock = Clock()
        gate = HostGate(clock=clock, sleep=clock.sleep, **options)  # type: ignore[arg-type]
        await clock.run(plan(gate, clock, log))

    asyncio.run(run())
    return log


async def visit(gate: HostGate, clock: Clock, log: Log, url: str, takes: float, name: str) -> None:
    async with gate.turn(url):
        start = clock()
        if takes:
            await clock.sleep(takes)
        log.append((name, start, clock()))


def test_one_at_a_time_with_a_gap_first_come_first_served() -> None:
    log = played(
        lambda gate, clock, log: asyncio.gather(
            *(visit(gate, clock, log, f"https://a.example/{n}", 1.0, str(n)) for n in range(5))
        )
    )
    assert log == [(str(n), 3.0 * n, 3.0 * n + 1.0) for n in range(5)]


def test_two_at_once_where_allowed() -> None:
    log = played(
        lambda gate, clock, log: asyncio.gather(
            *(visit(gate, clock, log, "https://a.example/", 1.0, str(n)) for n in range(4))
        ),
        per_host=2,
    )
    assert [start for _, start, _ in log] == [0.0, 0.0, 3.0, 3.0]


def test_a_slow_host_blocks_nobody_else() -> None:
    log = played(
        lambda gate, clock, log: asyncio.gather(
            visit(gate, clock, log, "https://slow.example/", 100.0, "slow"),
            visit(gate, clock, log, "https://slow.example/x", 1.0, "behind"),
            *(visit(gate, clock, log, f"https://h{n}.example/", 1.0, "other") for n in range(50)),
        )
    )
    assert {(start, end) for name, start, end in log if name == "other"} == {(0.0, 1.0)}
    assert ("behind", 102.0, 103.0) in log


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        pytest.param("https://a.example/x", "https://A.example:443/y", True, id="default port"),
        pytest.param("https://a.example/", "https://a.example:8443/", False, id="another port"),
        pytest.param("http://a.example/", "https://a.example/", False, id="another scheme's port"),
        pytest.param("https://a.example/", "https://b.a.example/", False, id="a subdomain"),
        pytest.param("http://[::1]:80/", "http://[::1]/", True, id="IPv6"),
        pytest.param("http://[bad", "http://[bad", True, id="unreadable is one host"),
    ],
)
def test_hosts_are_told_apart_by_name_and_port(first: str, second: str, together: bool) -> None:
    log = played(
        lambda gate, clock, log: asyncio.gather(
            visit(gate, clock, log, first, 1.0, "1"), visit(gate, clock, log, second, 1.0, "2")
        )
    )
    assert log[1][1] == (3.0 if together else 0.0)


@pytest.mark.parametrize("host", ["a.example", "https://a.example/feed", "a.example:443"])
def test_a_hold_is_kept_and_never_shortened(host: str) -> None:
    async def plan(gate: HostGate, clock: Clock, log: Log) -> None:
        gate.hold(host, 50.0)
        gate.hold(host, 20.0)
        assert gate.opens_at("https://a.example/y") == 50.0
        await asyncio.gather(
            visit(gate, clock, log, "https://a.example/x", 0.0, "held"),
            visit(gate, clock, log, "https://b.example/x", 0.0, "free"),
        )

    assert sorted(played(plan)) == [("free", 0.0, 0.0), ("held", 50.0, 50.0)]


def test_a_hold_that_comes_while_others_wait_holds_them_too() -> None:
    async def plan(gate: HostGate, clock: Clock, log: Log) -> None:
        async def first() -> None:
            async with gate.turn("https://a.example/"):
                await clock.sleep(1.0)
                gate.hold("https://a.example/", 100.0)

        await asyncio.gather(first(), visit(gate, clock, log, "https://a.example/", 0.0, "next"))

    assert played(plan) == [("next", 100.0, 100.0)]


def test_a_turn_that_fails_gives_the_host_back() -> None:
    async def plan(gate: HostGate, clock: Clock, log: Log) -> None:
        with pytest.raises(RuntimeError):
            async with gate.turn("https://a.example/"):
                raise RuntimeError("broken")
        await visit(gate, clock, log, "https://a.example/", 0.0, "next")

    assert played(plan) == [("next", 2.0, 2.0)]


@pytest.mark.parametrize("moment", range(16))  # one of them is just after being let in
def test_whoever_gives_up_waiting_loses_nobody_a_turn(moment: int) -> None:
    async def plan(gate: HostGate, clock: Clock, log: Log) -> None:
        async def first() -> None:
            async with gate.turn("https://a.example/"):
                await clock.sleep(1.0)

        holder = asyncio.create_task(first())
        waiting = [
            asyncio.create_task(visit(gate, clock, log, "https://a.example/", 0.0, str(n)))
            for n in range(3)
        ]
        await clock.sleep(0.5)
        await clock.sleep(2.5)  # the gap ends at this very moment
        for _ in range(moment):
            await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.gather(holder, *waiting, return_exceptions=True)

    names = [name for name, _, _ in played(plan)]
    assert names[-2:] == ["1", "2"]


def test_hosts_that_are_done_are_forgotten() -> None:
    async def plan(gate: HostGate, clock: Clock, log: Log) -> None:
        gate.hold("held.example:443", 10**9)
        for n in range(20_000):
            async with gate.turn(f"https://h{n}.example/"):
                pass
            clock.now += 0.01
        assert len(gate) < 3000
        assert gate.opens_at("https://held.example/") == 10**9

    played(plan)
