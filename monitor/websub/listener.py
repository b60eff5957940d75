"""Listens for hubs: reads requests within limits and hands them on as values.

Layer 3. It may stand behind a web server that the whole world can reach, so nothing here is kept
or waited for beyond a bound: connections, their seconds, the bytes of a head and of a body. Bodies
are hashed as they come and never kept, never decompressed.
"""

import asyncio
import logging
from collections.abc import Collection
from typing import Any, Final, Protocol

from aiohttp import web

from monitor.secret import Secret
from monitor.websub.callback import GONE, NOT_FOUND, TAKEN, TOO_OFTEN, Delivered, Reply, read_call
from monitor.websub.signature import SignatureCheck
from monitor.websub.subscription import Denial, Ping, Verification

MOST_CONNECTIONS: Final = 64
CUT_OFF: Final = 10.0  # seconds that one connection may take, from its opening to the answer
LONGEST_BODY: Final = 1_000_000  # bytes; a longer one counts for nothing
_THROWN_AWAY: Final = 10 * LONGEST_BODY  # bytes read of it, so that the hub can read our answer
LONGEST_LINE: Final = 8190  # bytes of a request line or of one header
_MOST_HEADERS: Final = 64
_PIECE: Final = 64 * 1024

log = logging.getLogger(__name__)
# aiohttp's own words on what strangers send: nobody shall be able to fill the log from outside.
_silent = logging.getLogger(f"{__name__}.requests")
_silent.setLevel(logging.CRITICAL + 1)


class Door(Protocol):
    """What stands behind the listener."""

    def public(self) -> Collection[str]:
        """The addresses under which hubs know us."""

    def secret(self, token: str) -> Secret | None:
        """The secret of a subscription; None: there is none with this token."""

    def lets_in(self, token: str) -> bool:
        """Count one call for a subscription; False: too many."""

    async def asked(self, token: str, event: Verification | Denial) -> bool:
        """Take in a hub's question; whether its challenge is to be sent back."""

    async def pinged(self, token: str, event: Ping) -> None:
        """Take in a ping."""


class Listener:
    """One listening socket, from ``open`` to ``close``."""

    def __init__(self, door: Door, cut_off: float = CUT_OFF) -> None:
        self._door = door
        self._cut_off = cut_off
        self._runner: web.ServerRunner | None = None
        self.address: tuple[str, int] | None = None
        """Host and port once it is open: the real port where 0 was asked for."""

    async def open(self, host: str, port: int) -> None:
        """Begin to listen.

        Raises:
            OSError: the port is taken, or may not be used.
        """
        server = _BoundedServer(
            self._answer,
            cut_off=self._cut_off,
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=0.0,
            lingering_time=1.0,
            logger=_silent,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_LINE,
            max_headers=_MOST_HEADERS,
            read_bufsize=_PIECE,
        )
        runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port, backlog=MOST_CONNECTIONS).start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        self.address = runner.addresses[0][0], runner.addresses[0][1]

    async def close(self) -> None:
        """Stop listening; a second call does nothing."""
        runner, self._runner = self._runner, None
        self.address = None
        if runner is not None:
            await runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            reply = await self._reply(request)
        except Exception:
            log.exception("a hub's request could not be answered")
            reply = Reply(500)
        response = web.Response(
            status=reply.status,
            text=reply.text,  # as text/plain
            headers={
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store",
                "Server": "news-monitor",
            },
        )
        response.force_close()
        return response

    async def _reply(self, request: web.BaseRequest) -> Reply:
        hosts = request.headers.getall("Host", [])
        call = read_call(request.method, hosts, request.raw_path, self._door.public())
        if isinstance(call, Reply):
            return call
        secret = self._door.secret(call.token)
        if secret is None:
            return GONE if isinstance(call, Delivered) else NOT_FOUND
        if not self._door.lets_in(call.token):
            return TOO_OFTEN
        if isinstance(call, Delivered):
            signed = await _is_signed(request, secret)
            await self._door.pinged(call.token, Ping(signed))
            return TAKEN
        confirmed = await self._door.asked(call.token, call.event)
        if confirmed:
            return Reply(200, call.challenge)
        return Reply(200) if isinstance(call.event, Denial) else NOT_FOUND


async def _is_signed(request: web.BaseRequest, secret: Secret) -> bool:
    """Whether the body is the hub's. One that is too long, or breaks off, is nobody's."""
    check = SignatureCheck(request.headers.getall("X-Hub-Signature", []), secret)
    count = 0
    try:
        async for piece in request.content.iter_chunked(_PIECE):
            count += len(piece)
            if count <= LONGEST_BODY:
                check.feed(piece)
            elif count > _THROWN_AWAY:
                break
    except Exception:  # noqa: BLE001  # whatever was done to the body, it was not signed
        return False
    return count <= LONGEST_BODY and check.holds()


class _BoundedServer(web.Server):
    """Takes so many connections at a time, and each for so long."""

    def __init__(self, handler: Any, *, cut_off: float, **options: Any) -> None:
        super().__init__(handler, **options)
        self._cut_off = cut_off
        self._ends: dict[web.RequestHandler, asyncio.TimerHandle] = {}

    def __call__(self) -> Any:  # a protocol, of one kind or the other
        return _Refusal() if len(self._ends) >= MOST_CONNECTIONS else super().__call__()

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        """Start its clock."""
        super().connection_made(handler, transport)
        self._ends[handler] = self._loop.call_later(self._cut_off, transport.abort)

    def connection_lost(
        self, handler: web.RequestHandler, exc: BaseException | None = None
    ) -> None:
        """Stop its clock."""
        super().connection_lost(handler, exc)
        end = self._ends.pop(handler, None)
        if end is not None:
            end.cancel()


class _Refusal(asyncio.Protocol):
    """A connection too many: closed at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Close it, whatever is under way."""
        if isinstance(transport, asyncio.Transport):
            transport.abort()
