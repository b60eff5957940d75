"""httpx's way to the wire: requests of httpx, connections of aiohttp.

Layer 3. httpx's own pool spends many times the CPU per request (see
docs/decisions/0004-http-transport.md). The URL goes out exactly as httpx holds it, since signed
URLs break when a second library spells them anew. Bodies come back as they were on the wire.
"""

from collections.abc import Callable, Sequence
from typing import Final

import aiohttp
import httpx
import yarl

from monitor.net.addresses import NOTHING_ALLOWED, Allowance, verdict
from monitor.net.answers import WireAnswer, WireBody
from monitor.net.dialling import Dial, Lookup, current_dial, vetted_addresses
from monitor.net.failures import RefusedAddress, translate

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
        session = self._session
        if session is None:
            session = self._session = self._make_session()
        if self._target_lookup is not None:
            await self._vet_target(host, self._target_lookup)
        dial = Dial(self._proxy.host or "" if self._proxy is not None else host)
        token = current_dial.set(dial)
        try:
            return await session.request(
                method,
                yarl.URL(url, encoded=True),
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
