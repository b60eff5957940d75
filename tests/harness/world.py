"""What is outside the program: clocks, a network in memory, receivers with a log of their own."""

import asyncio
import hashlib
import random
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx

from monitor.errors import PauseNotifyError
from monitor.model import Alert
from monitor.net.failures import NameNotFound
from monitor.notifier import Context
from notifiers import (
    DeferredNotifyError,
    PermanentNotifyError,
    Receipt,
    Refusal,
    TemporaryNotifyError,
    UncertainNotifyError,
)
from tests.harness.crash import Crash
from tests.harness.disk import Disk, DiskBroken, DiskFull
from tests.harness.faults import Fault, Plan
from tests.harness.scene import RECIPIENTS, REPORTS, Scene, document, page
from tests.harness.virtualtime import VirtualLoop

BEGINNING: Final = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
RETRY_AFTER: Final = 40  # seconds, in every 429 of this world
HORIZON: Final = 2 * 3600.0  # seconds that draining may take: a paused channel is probed hourly
FULL_FOR: Final = 25.0  # seconds
_NUMBER: Final = re.compile(r"\((\d{3})\)")


@dataclass(slots=True)
class Sending:
    """One message that reached a receiver. ``fate``: on its way, answered, lost, or refused."""

    channel: str
    number: int  # of the report
    at: float
    life: int
    marked: bool  # it says that it may be a duplicate
    key: str | None  # idempotency key
    recipients: tuple[str, ...]  # who accepted it
    fate: str = "on its way"


@dataclass(slots=True)
class World:
    """Everything outside, and the plan of what goes wrong in it."""

    plan: Plan
    scene: Scene
    chance: random.Random
    disk: Disk
    loop: VirtualLoop = field(default_factory=VirtualLoop)
    offset: float = 0.0  # seconds that the wall clock is ahead of true time
    life: int = 0
    dead: bool = False
    horizon: float = HORIZON
    faulty: bool = True  # False: from now on everything works
    steps: dict[str, int] = field(default_factory=dict)
    trace: list[str] = field(default_factory=list)
    sendings: list[Sending] = field(default_factory=list)
    served: list[tuple[str, str, tuple[int, ...], float]] = field(default_factory=list)
    asked: list[tuple[str, float, int]] = field(default_factory=list)  # host, when, life
    wishes: list[tuple[str, float, float, int]] = field(default_factory=list)  # host, from, until
    busy: dict[str, int] = field(default_factory=dict)
    freed: dict[str, tuple[float, int]] = field(default_factory=dict)  # host: last end, life
    down: set[str] = field(default_factory=set)
    jumps: list[float] = field(default_factory=list)  # when the wall clock was moved
    broken: list[str] = field(default_factory=list)  # invariants, as they broke
    full_until: float = 0.0  # seconds
    was_full: bool = False
    happened: list[Fault] = field(default_factory=list)
    stop: Callable[[], None] = lambda: None  # a wish to end, as SIGTERM is
    connections: list[Any] = field(default_factory=list)  # to the database, by this life

    # --- clocks

    def wall(self) -> datetime:
        """What the machine's clock shows."""
        return BEGINNING + timedelta(seconds=self.loop.time() + self.offset)

    def note(self, *parts: object) -> None:
        """Add to the trace; the same seed must give the same."""
        self.trace.append(" ".join(map(str, (f"{self.loop.time():.3f}", *parts))))

    def digest(self) -> str:
        """The hash of the trace."""
        return hashlib.sha256("\n".join(self.trace).encode()).hexdigest()[:16]

    def breach(self, what: str) -> None:
        """An invariant does not hold."""
        self.broken.append(what)
        self.note("BREACH", what)

    # --- faults

    def fault(self, step: str) -> str | None:
        """What goes wrong at this step; a crash is raised at once."""
        number = self.steps[step] = self.steps.get(step, 0) + 1
        if not self.faulty:
            return None
        for fault in self.plan:
            if fault.step == step and fault.at == number:
                self.happened.append(fault)
                self.note("fault", fault)
                if fault.what in ("crash", "power"):
                    self.die(power=fault.what == "power")
                    raise Crash
                return fault.what
        return None

    def die(self, *, power: bool) -> None:
        """The process is gone; with ``power``, what was not synced as well."""
        self.dead = True
        if power:
            self.disk.cut_power(self.chance)
        else:
            self.disk.crash()

    def on_disk(self, what: str) -> None:
        """A step of the disk."""
        try:
            fault = self.fault("disk")
        except Crash:
            return  # the disk is dead now and refuses by itself
        if fault == "full":
            self.full_until, self.was_full = self.loop.time() + FULL_FOR, True
        if fault == "broken":
            raise DiskBroken
        if self.faulty and self.loop.time() < self.full_until and what == "write":
            raise DiskFull

    # --- the network

    async def ask(self, host: str) -> str | None:
        """A request is on its way; what is wrong with it, beyond what is raised here."""
        if self.dead:
            raise httpx.ConnectError("the process is gone")
        fault = self.fault("ask")
        down = self.faulty and (host in self.down or "offline" in self.down)
        if fault == "refused" or down:
            raise httpx.ConnectError(f"{host} refused the connection")
        if fault == "dns":
            raise NameNotFound(f"the name {host} was not found")
        await asyncio.sleep(self.scene.near * (0.5 + self.chance.random()))
        if fault == "delay":
            await asyncio.sleep(15.0)
        if fault == "hang":
            await asyncio.sleep(500.0)
            raise httpx.ReadError(f"{host} broke the connection")
        return fault

    async def answer(self, host: str) -> str | None:
        """An answer is on its way back."""
        if self.dead:
            raise httpx.ReadError("the process is gone")
        fault = self.fault("answer")
        if fault == "lost":
            raise httpx.ReadError(f"{host} broke the connection")
        if fault == "hang":
            await asyncio.sleep(500.0)
            raise httpx.ReadError(f"{host} broke the connection")
        if fault == "delay":
            await asyncio.sleep(15.0)
        await asyncio.sleep(self.scene.near * (0.5 + self.chance.random()))
        if self.dead:
            raise httpx.ReadError("the process is gone")
        return fault

    def wished(self, host: str) -> None:
        """The program was told to leave ``host`` alone."""
        now = self.loop.time()
        self.wishes.append((host, now, now + RETRY_AFTER, self.life))

    def numbers(self, feed: str, at: float) -> tuple[int, ...]:
        """The reports that a feed holds at a time."""
        appears = dict(self.scene.appears)
        return tuple(
            one.number for one in REPORTS if feed in one.feeds and appears[one.number] <= at
        )


@dataclass(slots=True)
class Wire(httpx.AsyncBaseTransport):
    """httpx's way into the world: the transport seam of ``monitor.net``."""

    world: World

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        world, host = self.world, request.url.host
        world.note("ask", request.method, host, request.url.path)
        if host in ("a.example", "b.example"):
            return await self._outlet(request, host)
        return await self._receiver(request, host)

    async def _outlet(self, request: httpx.Request, host: str) -> httpx.Response:
        world = self.world
        _polite(world, host)
        world.busy[host] = world.busy.get(host, 0) + 1
        life = world.life
        try:
            fault = await world.ask(host)
            at = world.loop.time() - (100.0 if fault == "stale" else 0.0)
            status, headers, body = self._outlet_answer(request, host, fault, at)
            after = await world.answer(host)
        finally:
            world.busy[host] -= 1
            world.freed[host] = (world.loop.time(), life)
        if status == 429:
            world.wished(host)
        if after == "cut" and status == 200:
            headers["content-length"] = str(len(body))
            body = body[: len(body) // 2]
        if request.url.path == "/feed" and status == 200:
            feed = host[0]
            world.served.append((feed, headers["etag"], world.numbers(feed, at), at))
        return httpx.Response(status, headers=headers, stream=_Body(body), request=request)

    def _outlet_answer(
        self, request: httpx.Request, host: str, fault: str | None, at: float
    ) -> tuple[int, dict[str, str], bytes]:
        world = self.world
        if fault is not None and fault.startswith("status"):
            status = {403: 500}.get(
                int(fault.split()[1]), int(fault.split()[1])
            )  # 403: 4 h of rest
            return status, {"retry-after": str(RETRY_AFTER)} if status == 429 else {}, b"no"
        if request.url.path == "/robots.txt":
            return 404, {}, b""
        if request.url.path != "/feed":
            number = int(request.url.path.strip("/"))
            return 200, {"content-type": "text/html"}, page(number)
        numbers = world.numbers(host[0], at)
        tag = f'"{host[0]}-{"-".join(map(str, numbers))}"'
        if request.headers.get("if-none-match") == tag:
            return 304, {"etag": tag}, b""
        headers = {"content-type": "application/rss+xml", "etag": tag}
        return 200, headers, document(host[0], numbers)

    async def _receiver(self, request: httpx.Request, host: str) -> httpx.Response:
        world, channel = self.world, host.partition(".")[0]
        text = request.content.decode()
        found = _NUMBER.search(text)
        number = int(found[1]) if found else 0
        marked = '"possible_duplicate":true' in text or "possible duplicate" in text
        key = request.headers.get("idempotency-key")
        _patient(world, channel)
        sending = Sending(channel, number, world.loop.time(), world.life, marked, key, ())
        world.sendings.append(sending)
        sending.fate = "not written"
        fault = await world.ask(channel)
        if world.faulty and any(
            (f.step, f.at, f.what) == ("poison", number, channel) for f in world.plan
        ):
            fault = "status 500"
        status, headers = 200, {"content-type": "text/plain"}
        if fault is not None and fault.startswith("status"):
            status = int(fault.split()[1])
            sending.fate = "refused"
            if status == 429:
                headers["retry-after"] = str(RETRY_AFTER)
        else:
            sending.recipients = ("everyone",)
            sending.fate = "on its way"
            world.note("accepted", channel, number, marked)
            sending.at = world.loop.time()
        try:
            after = await world.answer(channel)
        except BaseException:  # lost, or nobody waits for it any more
            sending.fate = "lost"
            raise
        if status == 429:
            world.wished(channel)
        if after == "cut" and status == 200:
            sending.fate = "lost"
            return httpx.Response(status, headers=headers, stream=_Body(None), request=request)
        if status == 200:
            sending.fate = "answered"
        return httpx.Response(status, headers=headers, stream=_Body(b"ok"), request=request)


class _Body(httpx.AsyncByteStream):
    """A body at once; None breaks off."""

    def __init__(self, content: bytes | None) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._content is None:
            raise httpx.ReadError("the connection broke")
        yield self._content

    async def aclose(self) -> None:
        pass


@dataclass(frozen=True)
class MailLike:
    """A channel with recipients of their own, as mail has them. ``world`` is who accepts."""

    world: Any = field(compare=False, repr=False)

    async def send(self, alert: Alert, context: Context) -> Receipt:
        """Accepted, refused for some, refused for now, or unknown, as the world has it."""
        world: World = self.world
        found = _NUMBER.search(alert.title)
        number = int(found[1]) if found else 0
        world.note("mail", number)
        _patient(world, "mail")
        wanted = context.recipients or RECIPIENTS
        sending = Sending(
            "mail", number, world.loop.time(), world.life, alert.possible_duplicate, None, ()
        )
        sending.fate = "not written"
        world.sendings.append(sending)
        try:
            fault = await world.ask("mail")
        except httpx.ConnectError as error:
            raise TemporaryNotifyError(str(error)) from None
        except httpx.ReadError as error:
            raise TemporaryNotifyError(str(error)) from None
        refused: tuple[Refusal, ...] = ()
        if fault is not None:
            sending.fate = "refused"
        match fault:
            case "status 500" | "status 503":
                raise DeferredNotifyError("451 greylisted")
            case "status 429":
                refused = (Refusal(wanted[-1], "450 busy", temporary=True),)
            case "status 404":
                refused = (Refusal(wanted[-1], "550 unknown", temporary=False),)
            case "status 403":
                raise PauseNotifyError("the server refuses the password")
        missing = {one.recipient for one in refused}
        sending.recipients = tuple(one for one in wanted if one not in missing)
        sending.fate = "on its way"
        sending.at = world.loop.time()
        world.note("accepted", "mail", number, alert.possible_duplicate, *sending.recipients)
        try:
            after = await world.answer("mail")
        except BaseException as error:
            sending.fate = "lost"
            if isinstance(error, httpx.HTTPError):
                raise UncertainNotifyError(str(error)) from None
            raise
        if after == "cut":
            sending.fate = "lost"
            raise UncertainNotifyError("no answer after the final dot")
        sending.fate = "answered"
        if len(refused) == len(wanted):
            sending.fate = "refused"
            if refused[0].temporary:
                raise DeferredNotifyError("450 busy")
            raise PermanentNotifyError("550 unknown")
        return Receipt(refused=refused)


def _polite(world: World, host: str) -> None:
    """I7: never two requests at a time, never too soon, never against the host's wish."""
    now = world.loop.time()
    if world.busy.get(host, 0) >= 1:
        world.breach(f"I7 two requests at a time to {host}")
    last, life = world.freed.get(host, (-1e9, -1))
    if life == world.life and now - last < 0.99:
        world.breach(f"I7 {host} asked {now - last:.2f} s after the last request")
    _wanted(world, host, now, own_life=True)


def _patient(world: World, channel: str) -> None:
    """I7 for channels: a Retry-After is kept, and afterwards a second lies between messages."""
    now = world.loop.time()
    _wanted(world, channel, now, own_life=True)
    slow = any(
        host == channel and life == world.life and until <= now < until + 500
        for host, _, until, life in world.wishes
    )
    if slow and not _jumped(world, now - 700, now):
        earlier = [s.at for s in world.sendings if s.channel == channel and s.life == world.life]
        if earlier and now - max(earlier) < 0.99:
            world.breach(f"I7 {channel} got two messages within a second after a 429")


def _wanted(world: World, host: str, now: float, *, own_life: bool) -> None:
    for wisher, since, until, life in world.wishes:
        same = wisher == host and (not own_life or life == world.life)
        if same and since <= now < until - 0.01 and not _jumped(world, since, now):
            world.breach(f"I7 {host} asked {until - now:.1f} s before the time it asked for")


def _jumped(world: World, since: float, until: float) -> bool:
    return any(since <= at <= until for at in world.jumps)
