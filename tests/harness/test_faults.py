"""The promise under faults: random plans, and a crash at every step of the way."""

import pytest

from tests.conftest import many
from tests.harness.faults import Fault, Plan
from tests.harness.run import every_step, run, safe

SEEDS = many(8, 2000)
GROUPS = 4


@pytest.mark.parametrize("group", range(GROUPS))
def test_the_promise_holds_whatever_goes_wrong(group: int) -> None:
    for seed in range(group, SEEDS, GROUPS):
        found = safe(seed)
        assert not found.broken, str(found)


@pytest.mark.parametrize(
    ("step", "what", "stride"),
    [
        pytest.param("ask", "crash", many(3, 1), id="C-01 a crash before every request"),
        pytest.param("answer", "crash", many(3, 1), id="C-01 a crash before every answer"),
        pytest.param("disk", "crash", many(167, 1), id="C-01 a crash at steps of the disk"),
        pytest.param("disk", "power", many(151, 1), id="C-02 a power cut at steps of the disk"),
        pytest.param("answer", "power", many(5, 1), id="C-02 a power cut before answers"),
        pytest.param("disk", "full", many(251, 1), id="C-07 C-08 a full disk at steps of the disk"),
        pytest.param("disk", "broken", many(251, 1), id="C-09 an error of the disk at its steps"),
        pytest.param("statement", "stop", many(43, 1), id="C-21 a wish to end at transactions"),
    ],
)
def test_the_promise_holds_at_every_step(step: str, what: str, stride: int) -> None:
    runs = 0
    for found in every_step(0, step, what, stride):
        assert not found.broken, str(found)
        runs += 1
    assert runs >= 5


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        pytest.param(
            (Fault("second", 57, "ahead 3600"), Fault("second", 5, "down slack")),
            "a channel closed by a clock that ran ahead stayed closed for an hour",
            id="C-16 the clock goes an hour ahead and back while a channel is down",
        ),
        pytest.param(
            (Fault("second", 40, "ahead 31536000"),), "",
            id="C-16 the clock goes a year ahead and back",
        ),
        pytest.param((Fault("second", 41, "back 3600"),), "", id="C-16 the clock goes back"),
        pytest.param((Fault("second", 30, "stall 90"),), "", id="C-17 the loop stands still"),
        pytest.param((Fault("second", 10, "offline"),), "", id="the whole network is gone"),
        pytest.param(
            (Fault("second", 5, "down hook"), Fault("second", 5, "down mail"),
             Fault("second", 5, "down slack")), "",
            id="D-33 no channel can be reached at first",
        ),
        pytest.param((Fault("poison", 101, "hook"),), "", id="D-23 a message always refused"),
        pytest.param(
            (Fault("ask", 7, "status 403"), Fault("second", 60, "kill")), "",
            id="D-11 a channel is paused, then the program killed",
        ),
    ],
)  # fmt: skip
def test_the_promise_holds_in_this_case(plan: Plan, why: str) -> None:
    found = run(0, plan)
    assert not found.broken, f"{why} {found}"
