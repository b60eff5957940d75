"""httpx's way to the wire: requests of httpx, connections of aiohttp.

Layer 3. httpx's own pool spends many times the CPU per request (see
docs/decisions/0004-http-transport.md). The URL goes out exactly as httpx holds it, since signed
URLs break when a second library spells them anew. Bodies come back as they were on the wire.
"""

from collections.abc import AsyncIterator, Callable
from typing import Final

import aiohttp
import httpx
import yarl

from monitor.net.addresses import NOTHING_ALLOWED, Allowance, verdict
from monitor.net.dialling import Dial, Lookup, current_dial, vetted_addresses
from monitor.net.failures import RefusedAddress, translate

_PIECE: Final = 64 * 1024  # bytes handed out at a time
_SHORT: Final = 1024 * 1024  # bytes of an answer that only has to be understood, not read


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends httpx requests through one aiohttp session, made when first needed.

    ``target_lookup`` is given when a proxy does the dialling: targets are then judged before they
    are handed to the proxy. ``short_answers`` is for senders: of an answer they get at most 1 MiB,
    never decompressed, because an accepted message must not turn into an error afterwards.
    """

    def __init__(
        self,
        make_session: Callable[[], aiohttp.ClientSession],
        *,
        proxy: yarl.URL | None = None,
        target_lookup: Lookup | None = None,
        allowance: Allowance = NOTHING_ALLOWED,
        short_answers: bool = False,
    ) -> None:
        self._make_session = make_session
        self._session: aiohttp.ClientSession | None = None
        self._proxy = proxy
        self._target_lookup = target_lookup
        self._allowance = allowance
        self._short_answers = short_answers

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``, return status and headers; the body is read by whoever wants it.

        Raises:
            RefusedAddress: the target must not be dialled.
            httpx.TransportError: as ``monitor.net.failures.translate`` says.
        """
        session = self._session
        if session is None:
            session = self._session = self._make_session()
        host = request.url.raw_host.decode("ascii").strip("[]")  # .host would decode punycode
        if self._target_lookup is not None:
            await self._vet_target(host, self._target_lookup)
        dial = Dial(self._proxy.host or "" if self._proxy is not None else host)
        token = current_dial.set(dial)
        try:
            answer = await session.request(
                request.method,
                yarl.URL(str(request.url), encoded=True),
                headers=[
                    (name.decode("latin-1"), value.decode())
                    for name, value in request.headers.raw
                    if name.lower() not in _WRITTEN_BY_AIOHTTP
                ],
                data=await _content(request),
                allow_redirects=False,
                timeout=_timeouts(request),
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
        return self._response(request, answer)

    async def aclose(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _vet_target(self, host: str, lookup: Lookup) -> None:
        """Refuse what we can tell is inside; a name unknown here is left to the proxy."""
        if ":" in host or host.replace(".", "").isdigit():
            why = verdict(host, host, self._allowance)
            if why is not None:
                raise RefusedAddress(why)
            return
        try:
            await vetted_addresses(lookup, host, self._allowance)
        except OSError:
            return

    def _response(self, request: httpx.Request, answer: aiohttp.ClientResponse) -> httpx.Response:
        headers = list(answer.raw_headers)
        if self._short_answers:
            headers = [pair for pair in headers if pair[0].lower() != b"content-encoding"]
        limit = _SHORT if self._short_answers else None
        return httpx.Response(
            answer.status,
            headers=headers,
            stream=_Body(answer, request.url.raw_host.decode("ascii"), limit),
            request=request,
            extensions={"http_version": b"HTTP/1.1"},
        )


class _Body(httpx.AsyncByteStream):
    """The body of an answer as it comes from the wire, in pieces of at most 64 KiB."""

    def __init__(self, answer: aiohttp.ClientResponse, host: str, limit: int | None) -> None:
        self._answer = answer
        self._host = host
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        count = 0
        try:
            async for piece in self._answer.content.iter_chunked(_PIECE):
                count += len(piece)
                if self._limit is not None and count > self._limit:
                    return
                yield piece
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise translate(error, self._host) from None

    async def aclose(self) -> None:
        """Give the connection back if the body was read to its end, else close it."""
        self._answer.release()


# httpx sets these by itself; aiohttp writes its own, or none
_WRITTEN_BY_AIOHTTP: Final = frozenset((b"connection", b"content-length", b"transfer-encoding"))


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
