"""The harness itself: time that jumps, a disk that forgets, runs that can be repeated."""

import asyncio
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import apsw
import pytest

from tests.harness.disk import NAME, Disk
from tests.harness.faults import Fault, Plan, plan_for, shrunk
from tests.harness.run import run
from tests.harness.virtualtime import Stuck, VirtualLoop

ROOT = Path(__file__).parents[2]


def test_a_year_passes_at_once_and_in_order() -> None:
    loop = VirtualLoop(5.0)
    seen: list[tuple[str, float]] = []

    async def sleeper(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        seen.append((name, loop.time()))

    async def all_of_them() -> None:
        await asyncio.gather(sleeper("late", 31_536_000.0), sleeper("early", 1.5))

    loop.run_until_complete(all_of_them())
    loop.close()
    assert [name for name, _ in seen] == ["early", "late"]
    assert [round(at, 3) for _, at in seen] == [6.5, 31_536_005.0]


def test_waiting_for_nobody_is_an_error_and_no_endless_loop() -> None:
    loop = VirtualLoop()

    async def wait() -> None:
        await loop.create_future()

    with pytest.raises(Stuck):
        loop.run_until_complete(wait())
    loop.bury()


def committed(disk: Disk, synchronous: str) -> int:
    """Writes rows, one commit each, until the disk is gone; how many commits came back."""
    connection = apsw.Connection(disk.path("db"), vfs=NAME)
    done = 0
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("CREATE TABLE t (n)")
        for number in range(5):
            connection.execute("INSERT INTO t VALUES (?)", (number,))
            if disk.dead:
                break
            done += 1
    except apsw.Error:
        pass
    disk.crash()
    with suppress(apsw.Error):
        connection.close(True)
    return done


def kept(disk: Disk) -> tuple[int, str]:
    """How many rows are there after a restart, and what SQLite says of the file."""
    disk.restart()
    disk.on_step = lambda _: None
    connection = apsw.Connection(disk.path("db"), vfs=NAME)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    ((verdict,),) = connection.execute("PRAGMA integrity_check")
    ((known,),) = connection.execute("SELECT count(*) FROM sqlite_schema")
    ((rows,),) = connection.execute("SELECT count(*) FROM t" if known else "SELECT 0")
    connection.close()
    return rows, verdict


@pytest.mark.parametrize(
    ("synchronous", "loses"),
    [
        pytest.param("FULL", False, id="synced commits survive a power cut at every step"),
        pytest.param("NORMAL", True, id="commits that were not synced may be lost"),
    ],
)
def test_a_power_cut_at_every_step_keeps_what_was_synced(synchronous: str, loses: bool) -> None:
    lost, at, ended = 0, 0, False
    while not ended:
        at += 1
        with Disk() as disk:
            steps = [0]

            def step(_: str, disk: Disk = disk, steps: list[int] = steps, at: int = at) -> None:
                steps[0] += 1
                if steps[0] == at:
                    disk.cut_power(random.Random(at))

            disk.on_step = step
            done = committed(disk, synchronous)
            ended = steps[0] < at
            if ended:
                disk.cut_power(random.Random(at))
            rows, verdict = kept(disk)
            assert verdict == "ok"
            lost += rows < done
    assert at > 20
    assert (lost > 0) is loses


def test_a_crash_of_the_process_keeps_what_was_written() -> None:
    with Disk() as disk:
        assert committed(disk, "OFF") == 5
        assert kept(disk) == (5, "ok")


def test_the_same_seed_gives_the_same_trace() -> None:
    """I14: also in another process, with other hashes of strings."""
    seed = next(seed for seed in range(100) if len(plan_for(seed)) >= 3)
    here = [run(seed).digest for _ in range(2)]
    code = f"from tests.harness.run import run; print(run({seed}).digest)"
    there = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env={"PYTHONHASHSEED": "12345", "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    assert [*here, there] == [here[0]] * 3
    assert run(seed + 1).digest != here[0]


def test_a_plan_is_made_as_small_as_it_still_fails() -> None:
    a, b, c = (Fault("ask", number, "dns") for number in (1, 2, 3))

    def fails(plan: Plan) -> bool:
        return a in plan and c in plan

    assert shrunk((a, b, c), fails) == (a, c)
    assert shrunk((a, b, c), lambda _: True) == ()
