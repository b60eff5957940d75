"""Politeness per host: how many requests at once, and how long to wait between them.

Layer 3. Every request to a feed or page takes its turn here, so that the limits hold over feeds,
pages and commands together. Hosts are told apart by name and port. A host that is idle and whose
gap is over is forgotten.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

_SWEEP_FROM: Final = 1024  # hosts kept before the idle ones are looked for; then at double the rest


class HostRests(Exception):  # noqa: N818  # says what is the case
    """The host asked to be left alone for longer than the caller would wait.

    ``seconds``: for how long still.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the host asked to be left alone for {seconds:.0f} seconds")
        self.seconds = seconds


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A place in a host's queue: ``patience`` is what a rest may last, in seconds."""

    turn: asyncio.Future[None]
    patience: float


@dataclass(slots=True)
class _Host:
    waiting: deque[_Place] = field(default_factory=deque)
    in_flight: int = 0
    free_at: float = 0.0  # no request starts before
    held_until: float = 0.0  # the server's wish (Retry-After)
    waker: asyncio.Task[None] | None = None

    def opens_at(self) -> float:
        return max(self.free_at, self.held_until)


class HostGate:
    """First come, first served on each host; hosts never wait for each other.

    At most ``per_host`` requests in flight on a host, and ``host_gap`` seconds from the end of one
    to the start of the next. ``clock`` gives seconds that never go back; ``sleep`` waits seconds.
    """

    def __init__(
        self,
        per_host: int = 1,
        host_gap: float = 2.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._per_host = max(1, per_host)
        self._gap = host_gap
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        self._sweep_at = _SWEEP_FROM

    def __len__(self) -> int:
        """Hosts remembered now."""
        return len(self._hosts)

    @asynccontextmanager
    async def turn(
        self, url: str, *, gap: float = 0.0, patience: float = math.inf
    ) -> AsyncIterator[None]:
        """Wait for a turn on the host of ``url``; the turn ends with the block.

        ``gap``: seconds until the next turn of the host, where that is longer than its usual gap.
        ``patience``: seconds that a hold may last; waiting for others has no limit.

        Raises:
            HostRests: the host is held for longer than ``patience``, or comes to be while waiting.
        """
        name = _host_and_port(url)
        host = self._host(name)
        await self._enter(host, patience)
        try:
            yield
        finally:
            host.in_flight -= 1
            host.free_at = self._clock() + max(self._gap, gap)
            self._let_in(host)

    def hold_for(self, url: str, seconds: float) -> None:
        """Start nothing on the host of ``url`` for so many seconds; see ``hold``."""
        self.hold(url, self._clock() + seconds)

    def hold(self, host: str, until: float) -> None:
        """Start nothing on ``host`` before ``until``, a time of ``clock``.

        ``host`` is a URL, "example.org:8080", or a bare name (then both usual ports are held).
        A hold never shortens an earlier one.
        """
        bare = "://" not in host and ":" not in host
        for name in (f"{host}:80", f"{host}:443") if bare else (host,):
            state = self._host(_host_and_port(name))
            state.held_until = max(state.held_until, until)
            self._send_away(state)

    def opens_at(self, url: str) -> float:
        """The time of ``clock`` before which nothing starts on the host of ``url``."""
        state = self._hosts.get(_host_and_port(url))
        return state.opens_at() if state is not None else 0.0

    def _send_away(self, host: _Host) -> None:
        """Tell those who wait and would not wait so long."""
        rest = host.held_until - self._clock()
        stay: deque[_Place] = deque()
        for place in host.waiting:
            if place.patience >= rest or place.turn.done():
                stay.append(place)
            else:
                place.turn.set_exception(HostRests(rest))
        host.waiting = stay

    async def _enter(self, host: _Host, patience: float) -> None:
        rest = host.held_until - self._clock()
        if rest > patience:
            raise HostRests(rest)
        if not host.waiting and self._is_open(host):
            host.in_flight += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        place = _Place(turn, patience)
        host.waiting.append(place)
        self._let_in(host)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                if turn.exception() is not None:
                    raise
                # let in at the same moment: pass it on
                host.in_flight -= 1
                self._let_in(host)
            else:
                with suppress(ValueError):  # _let_in may have dropped it already
                    host.waiting.remove(place)
            raise

    def _is_open(self, host: _Host) -> bool:
        return host.in_flight < self._per_host and self._clock() >= host.opens_at()

    def _let_in(self, host: _Host) -> None:
        """Let in who may start now; have the rest woken when the gap is over."""
        while host.waiting and self._is_open(host):
            place = host.waiting.popleft()
            if place.turn.done():  # its task was cancelled
                continue
            host.in_flight += 1
            place.turn.set_result(None)
        if host.waiting and host.in_flight < self._per_host and host.waker is None:
            host.waker = asyncio.create_task(self._wake(host))

    async def _wake(self, host: _Host) -> None:
        try:
            while host.waiting and (rest := host.opens_at() - self._clock()) > 0:
                await self._sleep(rest)
        finally:
            host.waker = None
        self._let_in(host)

    def _host(self, name: str) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            if len(self._hosts) >= self._sweep_at:
                self._forget_idle()
            host = self._hosts[name] = _Host()
        return host

    def _forget_idle(self) -> None:
        now = self._clock()
        idle = [
            name
            for name, host in self._hosts.items()
            if not host.waiting and not host.in_flight and host.opens_at() <= now
        ]
        for name in idle:
            del self._hosts[name]
        self._sweep_at = max(_SWEEP_FROM, 2 * len(self._hosts))


def _host_and_port(url: str) -> str:
    """ "host:port" of a URL or of "host[:port]"; anything unreadable is a host of its own."""
    try:
        parts = urlsplit(url if "://" in url else f"//{url}")
        port = parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError:
        return url
    else:
        return f"{parts.hostname or ''}:{port}"
