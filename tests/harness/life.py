"""One life of the program: the real App from start to crash, stop or the end of the run."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from monitor.app import STOP_POLLS_WITHIN, STOP_SENDS_WITHIN, App
from monitor.duties import Duty
from monitor.errors import StoreError
from tests.harness.crash import Crash
from tests.harness.faults import Fault
from tests.harness.invariants import Watch, finished
from tests.harness.seams import Readers, channels, user_files
from tests.harness.world import World

TROUBLE: Final = 150.0  # seconds in which things go wrong; afterwards everything must drain
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LEFT_OUT: Final = (  # they look at files, or do nothing here
    "look at the user's files", "look after subscriptions", "forget", "learn which words are rare",
)  # fmt: skip
_IF_DUE: Final = {  # these do nothing unless such a row is due: not even asking saves the time
    "dispatch polls": "SELECT 1 FROM feeds WHERE coalesce(next_poll_at, 0) <= ? LIMIT 1",
    "dispatch articles": "SELECT 1 FROM entries WHERE status = 'pending' "
    "AND coalesce(next_try_at, 0) <= ? LIMIT 1",
    "deliver": "SELECT 1 FROM deliveries WHERE state IN ('pending', 'retry') "
    "AND next_attempt_at <= ? LIMIT 1",
}
_NEXT: Final = (
    "SELECT min(t) FROM (SELECT min(next_poll_at) AS t FROM feeds "
    "UNION ALL SELECT min(coalesce(next_try_at, 0)) FROM entries WHERE status = 'pending' "
    "UNION ALL SELECT min(next_attempt_at) FROM deliveries WHERE state IN ('pending', 'retry') "
    "AND notifier NOT IN ({held}))"
)
_SENDING: Final = "SELECT count(*) FROM deliveries WHERE state = 'sending'"


class Life:
    """The program, and the duties that its scheduler would start."""

    def __init__(self, world: World, watch: Watch) -> None:
        self._world = world
        self._watch = watch
        self._stop = asyncio.Event()
        world.stop = self._stop.set
        self._ran: dict[str, float] = {}
        self._told: set[asyncio.Task[None]] = set()

    async def live(self) -> str:
        """Run until stopped ("stopped"), or everything is done ("done"), or never is ("late")."""
        world = self._world
        app = App(
            user_files(), now=world.wall, workers=lambda: Readers(world), free=lambda _: 10**11
        )
        async with app:
            timers = [self._timer(app, fault) for fault in world.plan if fault.step == "second"]
            end = await self._tick(app)
            for timer in timers:
                if timer is not None:
                    timer.cancel()
            await asyncio.gather(
                app.dispatcher.stop(STOP_POLLS_WITHIN), app.deliverer.stop(STOP_SENDS_WITHIN)
            )
        self._after_stop()
        return end

    def _after_stop(self) -> None:
        """I13: a stop leaves nothing unknown that it could have known."""
        world = self._world
        if world.was_full:
            return  # what is known cannot be written
        unknown = {(s.channel, s.number) for s in world.sendings
                   if s.life == world.life and s.fate not in ("answered", "refused")}  # fmt: skip
        for row in self._watch.rows.values():
            if row.state == "sending" and (row.channel, row.number) not in unknown:
                world.breach(f"I13 {row.channel} {row.number} was left in sending by a stop")

    async def _tick(self, app: App) -> str:
        """The duties as the scheduler runs them; seconds in which nothing is due are left out."""
        world = self._world
        duties = [duty for duty in app._duties() if duty.name not in _LEFT_OUT]
        raw: Any = app.tools.store._connection.connection.dbapi_connection
        ends = world.loop.time() + world.horizon
        while not self._stop.is_set():
            now = world.loop.time()
            if now >= TROUBLE and world.faulty:
                world.faulty = False
                world.note("faults end")
                ends = now + world.horizon
            for duty in duties:
                late = now - self._ran.setdefault(duty.name, now) >= duty.seconds - 0.5
                if late and self._may_act(duty, raw.own):
                    self._ran[duty.name] = now
                    await self._do(duty)
            if not world.faulty and self._is_idle(app) and finished(raw.own, world):
                return "done"
            if now > ends:
                return "late"
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), self._rest(app, raw.own))
        return "stopped"

    def _may_act(self, duty: Duty, connection: Any) -> bool:
        question = _IF_DUE.get(duty.name)
        now = (self._world.wall() - _EPOCH) // timedelta(microseconds=1)
        return question is None or connection.execute(question, (now,)).fetchone() is not None

    async def _do(self, duty: Duty) -> None:
        try:
            await duty.work()
        except Exception as error:
            if not isinstance(error, StoreError):
                self._world.breach(f"a duty failed: {duty.name}: {error!r}")

    def _is_idle(self, app: App) -> bool:
        return not (app.dispatcher._polls or app.dispatcher._articles or app.deliverer._running)

    def _rest(self, app: App, connection: Any) -> float:
        """Seconds until a duty could have anything to do."""
        world = self._world
        if not self._is_idle(app):
            return 1.0
        now = world.wall()
        circuits = {name: app.deliverer.circuit(name) for name in channels(world)}
        held = {name: each.held_until for name, each in circuits.items() if each.is_held(now)}
        question = _NEXT.format(held=", ".join(f"'{name}'" for name in sorted(held)) or "''")
        times = [until for until in held.values() if until is not None]
        (first,) = connection.execute(question).fetchone()
        if first is not None:
            times.append(_EPOCH + timedelta(microseconds=first))
        wait = min(((moment - now).total_seconds() for moment in times), default=60.0)
        (sending,) = connection.execute(_SENDING).fetchone()
        longest = 30.0 if sending or world.faulty else 300.0
        return min(max(wait + 0.01, 1.0), longest)

    def _timer(self, app: App, fault: Fault) -> asyncio.TimerHandle | None:
        world = self._world
        if fault in world.happened or not world.faulty:
            return None
        return world.loop.call_at(max(fault.at, world.loop.time()), self._happen, app, fault)

    def _happen(self, app: App, fault: Fault) -> None:
        world = self._world
        if not world.faulty or fault in world.happened:
            return
        world.happened.append(fault)
        world.note("fault", fault)
        word, _, more = fault.what.partition(" ")
        match word:
            case "back" | "ahead":
                seconds = float(more) if word == "ahead" else -float(more)
                self._jump(app, seconds)
                if abs(seconds) > 3600 or fault.at % 2:
                    world.loop.call_later(45.0, self._jump, app, -seconds)
            case "stall":
                world.loop.pass_time(float(more))
            case "stop":
                self._stop.set()
            case "reload":
                app.deliverer.replace_channels(channels(world))
            case "kill":
                world.die(power=False)
                raise Crash
            case "down":
                world.down.add(more)
                world.loop.call_later(400.0, world.down.discard, more)
            case _:
                world.down.add("offline")
                world.loop.call_later(90.0, world.down.discard, "offline")

    def _jump(self, app: App, seconds: float) -> None:
        """The clock is set; the program's watchdog, which looks every second, tells it."""
        world = self._world
        world.offset += seconds
        world.jumps.append(world.loop.time())
        world.note("the clock jumps", seconds)
        world.loop.call_later(0.7, self._notice, app, seconds)

    def _notice(self, app: App, seconds: float) -> None:
        told = self._world.loop.create_task(app._clock_set(timedelta(seconds=seconds)))
        self._told.add(told)
        told.add_done_callback(self._told.discard)


def one_life(world: World, watch: Watch) -> str:
    """From start to end; "crashed" if it did not end by itself."""
    world.life += 1
    world.dead = False
    world.disk.restart()
    world.note("life", world.life)
    asyncio.set_event_loop(None)
    main = world.loop.create_task(Life(world, watch).live())
    try:
        return world.loop.run_until_complete(main)
    except Crash:
        world.note("crashed")
        return "crashed"
    finally:
        was_dead, world.dead = world.dead, True
        at = world.loop.time()
        with suppress(Crash):
            world.loop.bury()
        world.disk.crash()
        for connection in world.connections:
            connection.cut()
        world.connections.clear()
        world.dead = was_dead
        world.down.clear()
        world.busy.clear()
        world.loop = type(world.loop)(at)
