"""Hosts that asked to be left alone, and hosts that want longer gaps."""

import asyncio

import pytest

from monitor.net.hosts import HostGate, HostRests
from tests.net.test_hosts import Clock, Log, played, visit

A = "https://a.example/"


def test_whoever_will_not_wait_so_long_is_told_at_once() -> None:
    async def plan(gate: HostGate, clock: Clock, log: Log) -> None:
        gate.hold_for(A, 3600.0)
        with pytest.raises(HostRests) as rest:
            async with gate.turn(A, patience=60.0):
                raise AssertionError("it rests")
        assert rest.value.seconds == 3600.0
        async with gate.turn("https://b.example/", patience=60.0):
            pass
        async with gate.turn(A, patience=3600.0):
            log.append(("patient", clock(), clock()))

    assert played(plan) == [("patient", 3600.0, 3600.0)]


def test_whoever_waits_already_is_told_when_the_host_asks_for_rest() -> None:
    async def plan(gate: HostGate, clock: Clock, log: Log) -> None:
        async def first() -> None:
            async with gate.turn(A):
                await clock.sleep(1.0)
                gate.hold_for(A, 100.0)

        async def waiting(patience: float) -> None:
            try:
                async with gate.turn(A, patience=patience):
                    log.append(("in", clock(), clock()))
            except HostRests:
                log.append(("sent away", clock(), clock()))

        await asyncio.gather(first(), waiting(60.0), waiting(200.0), waiting(10.0))

    assert played(plan) == [("sent away", 1.0, 1.0)] * 2 + [("in", 101.0, 101.0)]


def test_a_short_rest_is_waited_for() -> None:
    async def plan(gate: HostGate, clock: Clock, log: Log) -> None:
        gate.hold_for(A, 30.0)
        async with gate.turn(A, patience=60.0):
            log.append(("in", clock(), clock()))

    assert played(plan) == [("in", 30.0, 30.0)]


def test_one_who_is_sent_away_and_cancelled_at_once_costs_nobody_a_turn() -> None:
    async def plan(gate: HostGate, clock: Clock, log: Log) -> None:
        async def holder() -> None:
            async with gate.turn(A):
                await clock.sleep(5.0)

        async def impatient() -> None:
            async with gate.turn(A, patience=1.0):
                raise AssertionError("it rests")

        held = asyncio.create_task(holder())
        sent_away = asyncio.create_task(impatient())
        await clock.sleep(1.0)
        gate.hold_for(A, 50.0)
        sent_away.cancel()
        await asyncio.gather(held, sent_away, return_exceptions=True)
        await visit(gate, clock, log, A, 0.0, "next")

    assert played(plan) == [("next", 51.0, 51.0)]


@pytest.mark.parametrize(
    ("gap", "second"),
    [
        pytest.param(10.0, 11.0, id="a longer gap is kept"),
        pytest.param(1.0, 3.0, id="a shorter one is not"),
    ],
)
def test_a_turn_may_ask_for_a_longer_gap_behind_it(gap: float, second: float) -> None:
    async def plan(gate: HostGate, clock: Clock, log: Log) -> None:
        async with gate.turn(A, gap=gap):
            await clock.sleep(1.0)
        await visit(gate, clock, log, A, 0.0, "second")
        await visit(gate, clock, log, A, 0.0, "third")

    assert played(plan) == [("second", second, second), ("third", second + 2.0, second + 2.0)]
