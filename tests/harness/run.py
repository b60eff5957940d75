"""Runs: a seed, a plan, or a crash at every step in turn."""

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import apsw

from monitor.errors import StoreError
from monitor.store import FILE_NAME
from tests.harness.disk import NAME, Disk
from tests.harness.faults import Fault, Plan, plan_for, shrunk
from tests.harness.invariants import Watch, at_the_end
from tests.harness.life import TROUBLE, one_life
from tests.harness.scene import Scene, scene_for
from tests.harness.seams import joined
from tests.harness.virtualtime import Stuck
from tests.harness.world import HORIZON, World

MOST_LIVES: Final = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to. ``broken`` is empty when every invariant held."""

    seed: int
    plan: Plan
    broken: tuple[str, ...]
    digest: str
    lives: int
    steps: dict[str, int]
    accepted: int
    repeated: int  # acceptances beyond the first of a delivery
    trace: tuple[str, ...]

    def __str__(self) -> str:
        plan = "; ".join(map(str, self.plan)) or "no fault"
        return f"seed {self.seed} [{plan}] trace {self.digest}: {' / '.join(self.broken)}"


def run(
    seed: int, plan: Plan | None = None, scene: Scene | None = None, horizon: float = HORIZON
) -> Outcome:
    """One run with the faults of ``plan``, or of the seed; ``horizon``: seconds to drain."""
    chosen = plan_for(seed) if plan is None else plan
    with Disk() as disk:
        world = World(chosen, scene or scene_for(seed), random.Random(f"world {seed}"), disk)
        world.horizon = horizon
        disk.on_step = world.on_disk
        watch = Watch(world)
        with joined(world, watch), _listening(world):
            _live(world, watch)
        return _outcome(seed, world)


def safe(seed: int) -> Outcome:
    """``run``, with the plan made as small as it still fails."""
    found = run(seed)
    if not found.broken:
        return found
    kind = found.broken[0][:3]

    def fails(plan: Plan) -> bool:
        return any(each.startswith(kind) for each in run(seed, plan).broken)

    return run(seed, shrunk(found.plan, fails))


def every_step(seed: int, step: str, what: str, stride: int = 1) -> Iterator[Outcome]:
    """``what`` at the first step, then at the second, until a run is over before it happens."""
    at = 1
    while True:
        found = run(seed, (Fault(step, at, what),))
        yield found
        if found.steps.get(step, 0) < at:
            return
        at += stride


def _live(world: World, watch: Watch) -> None:
    while world.life < MOST_LIVES:
        try:
            end = one_life(world, watch)
        except StoreError as error:
            world.note("could not start", error)
            end = "could not start"
        except Stuck as error:
            world.breach(f"stuck: {error}")
            return
        world.loop.pass_time(world.chance.choice((0.5, 5.0, 30.0)))
        world.faulty = world.faulty and world.loop.time() < TROUBLE
        if end in ("done", "late"):
            break
    with _opened(world) as connection:
        at_the_end(connection, world, watch)


@contextmanager
def _opened(world: World) -> Iterator[Any]:
    """The database as it is after everything."""
    world.disk.restart()
    world.faulty = False
    connection = apsw.Connection(world.disk.path(FILE_NAME), vfs=NAME)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    try:
        ((verdict,),) = connection.execute("PRAGMA quick_check(1)")
        if verdict != "ok":
            world.breach(f"the database is damaged: {verdict}")
        yield connection
    finally:
        connection.close()


def _outcome(seed: int, world: World) -> Outcome:
    took: dict[tuple[str, int, str], int] = {}
    for sending in world.sendings:
        for one in sending.recipients:
            key = (sending.channel, sending.number, one)
            took[key] = took.get(key, 0) + 1
    return Outcome(
        seed, world.plan, tuple(dict.fromkeys(world.broken)), world.digest(), world.life,
        dict(world.steps), sum(took.values()), sum(count - 1 for count in took.values()),
        tuple(world.trace),
    )  # fmt: skip


class _Faults(logging.Handler):
    """A traceback in the log is a fault of ours, unless the database failed."""

    def __init__(self, world: World) -> None:
        super().__init__(logging.ERROR)
        self._world = world

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, StoreError) and not self._world.dead:
            self._world.breach(f"a fault of ours: {record.getMessage()}: {error!r}")


@contextmanager
def _listening(world: World) -> Iterator[None]:
    """Nothing is logged: thousands of failures are the purpose. Faults of ours are not."""
    before, ours = logging.root.manager.disable, logging.getLogger("monitor")
    pool = logging.getLogger("sqlalchemy.pool")
    propagates, handlers = ours.propagate, ours.handlers
    logging.disable(logging.WARNING)
    ours.propagate, ours.handlers = False, [_Faults(world)]
    pool.disabled = True  # it tells of connections that ended with their process
    try:
        yield
    finally:
        logging.disable(before)
        ours.propagate, ours.handlers = propagates, handlers
        pool.disabled = False
