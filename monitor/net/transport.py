"""httpx's way to the wire: requests of httpx, connections of aiohttp.

Layer 3. httpx's own pool spends many times the CPU per request (see
docs/decisions/0004-http-transport.md). The URL goes out exactly as httpx holds it, since signed
URLs break when a second library spells them anew. Bodies come back as they were on the wire.
"""

import asyncio
from collections.abc import Awaitable, Callable, Container, Sequence
from contextlib import suppress
from typing import Final, TypeAlias

import aiohttp
import httpx
import yarl

from monitor.net.addresses import NOTHING_ALLOWED, Allowance, verdict
from monitor.net.answers import WireAnswer, WireBody
from monitor.net.dialling import Dial, Lookup, current_dial, vetted_addresses
from monitor.net.failures import RefusedAddress, translate
from monitor.net.ports import port_verdict

Place: TypeAlias = tuple[str, int]  # host and port


class _EveryPlace:
    """For senders: the person who set them up wrote the address."""

    def __contains__(self, place: object) -> bool:
        return True


EVERY_PLACE: Final = _EveryPlace()

_SHORT: Final = 1024 * 1024  # bytes of an answer that only has to be understood, not read


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends httpx requests through one aiohttp session, made when first needed.

    ``target_lookup`` is given when a proxy does the dialling: targets are then judged before they
    are handed to the proxy. ``short_answers`` is for senders: of an answer they get at most 1 MiB,
    never decompressed, because an accepted message must not turn into an error afterwards.
    ``named``: the hosts and ports that a person wrote; elsewhere only the web's ports are asked.
    """

    def __init__(
        self,
        make_session: Callable[[], Awaitable[aiohttp.ClientSession]],
        *,
        proxy: yarl.URL | None = None,
        target_lookup: Lookup | None = None,
        allowance: Allowance = NOTHING_ALLOWED,
        short_answers: bool = False,
        named: Container[Place] = EVERY_PLACE,
    ) -> None:
        self._make_session = make_session
        self._session: aiohttp.ClientSession | None = None
        self._making = asyncio.Lock()
        self._proxy = proxy
        self._target_lookup = target_lookup
        self._allowance = allowance
        self._short_answers = short_answers
        self._named = named

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``, return status and headers; the body is read by whoever wants it.

        Raises:
            RefusedAddress: the target must not be dialled.
            httpx.TransportError: as ``monitor.net.failures.translate`` says.
        """
        host = request.url.raw_host.decode("ascii").strip("[]")  # .host would decode punycode
        answer = await self._send(
            request.method, str(request.url), host,
            [pair for pair in request.headers.raw if pair[0].lower() not in _WRITTEN_BY_AIOHTTP],
            await _content(request), _timeouts(request),
        )  # fmt: skip
        return self._response(request, answer)

    async def ask(self, url: str, host: str, headers: Sequence[tuple[bytes, bytes]]) -> WireAnswer:
        """GET ``url`` (in ``vet_url``'s spelling) of ``host``, without httpx in between.

        Sets no timeout. Raises as ``handle_async_request``.
        """
        return WireAnswer(await self._send("GET", url, host, headers, None, _NO_TIMEOUT), host)

    async def _send(
        self,
        method: str,
        url: str,
        host: str,
        headers: Sequence[tuple[bytes, bytes]],
        content: bytes | None,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109  # aiohttp's, for its steps
    ) -> aiohttp.ClientResponse:
        session = self._session or await self._first_session()
        address = yarl.URL(url, encoded=True)
        any_port = (host, address.port or 0) in self._named
        if self._target_lookup is not None:
            await self._vet_target(host, None if any_port else address.port, self._target_lookup)
        if self._proxy is not None:
            dial = Dial(self._proxy.host or "", any_port=True)
        else:
            dial = Dial(host, any_port=any_port)
        token = current_dial.set(dial)
        try:
            return await session.request(
                method,
                address,
                headers=[(name.decode("latin-1"), value.decode()) for name, value in headers],
                data=content,
                allow_redirects=False,
                timeout=timeout,
                proxy=self._proxy,
            )
        except RefusedAddress:
            raise
        except Exception as error:  # noqa: BLE001  # aiohttp forgets a refusal with IndexError
            if dial.refusal is not None:
                raise RefusedAddress(dial.refusal) from None
            raise translate(error, host) from None  # aiohttp's text may hold the whole URL
        finally:
            current_dial.reset(token)

    async def aclose(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _first_session(self) -> aiohttp.ClientSession:
        async with self._making:
            if self._session is None:
                self._session = await self._make_session()
            return self._session

    async def _vet_target(self, host: str, port: int | None, lookup: Lookup) -> None:
        """Refuse what we can tell is inside; a name unknown here is left to the proxy.

        ``port``: None where a person named it.
        """
        ip = host
        if ":" in host or host.replace(".", "").isdigit():
            why = verdict(host, host, self._allowance)
            if why is not None:
                raise RefusedAddress(why)
        else:
            with suppress(OSError):
                ip = (await vetted_addresses(lookup, host, self._allowance))[0]
        why = port_verdict(port, ip, host) if port is not None else None
        if why is not None:
            raise RefusedAddress(why)

    def _response(self, request: httpx.Request, answer: aiohttp.ClientResponse) -> httpx.Response:
        headers = list(answer.raw_headers)
        if self._short_answers:
            headers = [pair for pair in headers if pair[0].lower() != b"content-encoding"]
        limit = _SHORT if self._short_answers else None
        return httpx.Response(
            answer.status,
            headers=headers,
            stream=WireBody(answer, request.url.raw_host.decode("ascii"), limit),
            request=request,
            extensions={"http_version": b"HTTP/1.1"},
        )


# httpx sets these by itself; aiohttp writes its own, or none
_WRITTEN_BY_AIOHTTP: Final = frozenset((b"connection", b"content-length", b"transfer-encoding"))
_NO_TIMEOUT: Final = aiohttp.ClientTimeout(total=None)


async def _content(request: httpx.Request) -> bytes | None:
    try:
        content = request.content
    except httpx.RequestNotRead:
        content = await request.aread()  # messages are small; a known length beats chunks
    return content or None


def _timeouts(request: httpx.Request) -> aiohttp.ClientTimeout:
    given = request.extensions.get("timeout", {})
    return aiohttp.ClientTimeout(
        total=None,
        connect=given.get("pool"),
        sock_connect=given.get("connect"),
        sock_read=given.get("read"),
    )
