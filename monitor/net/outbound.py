"""The one factory of every outbound HTTP request.

Layer 3. Two clients with the same walls: addresses checked when dialled, TLS verified against the
system's and certifi's roots with one shared context, no cookies, no redirects followed, no
environment consulted, nothing decompressed behind our back. They differ in which private addresses
they may reach and in how much of an answer they hand out.

Loggers that print whole URLs and must be silenced: ``httpx`` (INFO, notifier client only) and
``aiohttp.client`` (DEBUG and errors); ``asyncio`` in debug mode prints socket addresses.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Container, Sequence
from functools import cache
from http.cookiejar import CookieJar
from typing import Any, Final

import aiohttp
import certifi
import httpx
import yarl

from monitor.net.addresses import NOTIFIER_ALLOWANCE, Allowance, verdict
from monitor.net.answers import Answer
from monitor.net.dialling import Lookup, SystemLookup, VettingResolver, vetting_socket_factory
from monitor.net.failures import RefusedAddress
from monitor.net.heads import read_frugally
from monitor.net.transport import EVERY_PLACE, AiohttpTransport, Place
from monitor.net.urls import origin

_LONGEST_HEADER: Final = 16 * 1024  # bytes; aiohttp takes at most 128 of them
_KEEP_ALIVE: Final = 30.0  # seconds an idle connection is kept
_NOTIFIER_TIMEOUT: Final = 30.0  # seconds for each step; a notifier's own deadline is shorter


class Outbound:
    """Holds the clients and their connections. Close it with ``aclose``.

    ``resolver`` and ``tls`` are seams for tests (a fake name service, another root certificate).
    ``proxy`` (http or https URL, user name and password allowed) serves both clients; it may stand
    in a private network. Behind a proxy, targets are judged by what their names mean here.

    Raises:
        ValueError: ``proxy`` is not an http or https URL.
    """

    def __init__(
        self,
        allowance: Allowance,
        user_agent: str,
        proxy: str | None = None,
        resolver: Lookup | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._system_lookup = SystemLookup()
        self._lookup = resolver or self._system_lookup
        self._proxy = _proxy(proxy)
        self._tls = tls
        named: set[Place] = set()
        self._feeds = self._transport(allowance, short_answers=False, named=named)
        self._notifiers = self._transport(NOTIFIER_ALLOWANCE, short_answers=True, named=EVERY_PLACE)
        self.client: httpx.AsyncClient = _PlainClient(self._feeds, user_agent, named)
        """For feeds and pages. Sets no timeout: the caller's deadline covers everything."""
        self.notifier_client = httpx.AsyncClient(
            transport=self._notifiers,
            headers={"User-Agent": user_agent, "Accept-Encoding": "identity"},
            timeout=_NOTIFIER_TIMEOUT,
            cookies=_NoCookies(),
            follow_redirects=False,
            trust_env=False,
        )
        """For notifiers. No compression is offered: their answers are short."""

    def check_address(self, host: str, ip: str) -> None:
        """For protocols other than HTTP (SMTP): may a notifier dial ``ip`` for ``host``?

        Raises:
            PermanentNotifyError: it must not; the text says why.
        """
        why = verdict(ip, host, NOTIFIER_ALLOWANCE)
        if why is not None:
            raise RefusedAddress(why)

    async def aclose(self) -> None:
        """Close both clients and every connection."""
        await self.client.aclose()
        await self.notifier_client.aclose()
        await self._feeds.aclose()
        self._system_lookup.close()

    def _transport(
        self, allowance: Allowance, *, short_answers: bool, named: Container[Place]
    ) -> AiohttpTransport:
        return AiohttpTransport(
            self._session_maker(NOTIFIER_ALLOWANCE if self._proxy else allowance),
            proxy=self._proxy,
            target_lookup=self._lookup if self._proxy else None,
            allowance=allowance,
            short_answers=short_answers,
            named=named,
        )

    def _session_maker(self, dialled: Allowance) -> Callable[[], Awaitable[aiohttp.ClientSession]]:
        """Sessions need a running loop, so they are made on first use."""

        async def make_session() -> aiohttp.ClientSession:
            # reading the roots takes a tenth of a second, in which the loop has other things to do
            tls = self._tls
            if tls is None:
                tls = await asyncio.to_thread(_default_tls)
            connector = aiohttp.TCPConnector(
                limit=0,  # callers bound themselves; in a full pool one host could block all
                ssl=tls,
                resolver=VettingResolver(self._lookup, dialled),
                socket_factory=vetting_socket_factory(dialled),
                use_dns_cache=False,
                keepalive_timeout=_KEEP_ALIVE,
            )
            read_frugally(connector)
            return aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent", "Content-Type"),
                max_line_size=_LONGEST_HEADER,
                max_field_size=_LONGEST_HEADER,
            )

        return make_session


class _PlainClient(httpx.AsyncClient):
    """A client that hands a request straight to the transport.

    No cookies, authentication, redirects, hooks or log lines can happen, by construction, and half
    of httpx's CPU per request is saved; ``ask`` saves nearly all of it.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        user_agent: str,
        named: set[Place] | None = None,
    ) -> None:
        self.named = named if named is not None else set()
        """Hosts and ports that a person wrote, as far as they were asked for."""
        self._own = ((b"User-Agent", user_agent.encode()), (b"Accept-Encoding", b"gzip, deflate"))
        super().__init__(
            transport=transport,
            headers={"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate"},
            timeout=None,
            trust_env=False,
        )
        self._straight = transport

    async def ask(self, url: str, headers: Sequence[tuple[bytes, bytes]]) -> Answer:
        """GET ``url``, which is in ``vet_url``'s spelling, with ``headers`` and our own."""
        if not isinstance(self._straight, AiohttpTransport):  # a rehearsal without a network
            return await self.send(
                self.build_request("GET", url, headers=list(headers)), stream=True
            )
        given = {name.lower() for name, _ in headers}
        own = [pair for pair in self._own if pair[0].lower() not in given]
        return await self._straight.ask(url, origin(url)[1], [*own, *headers])

    async def send(
        self,
        request: httpx.Request,
        *,
        stream: bool = False,
        **_: Any,
    ) -> httpx.Response:
        """Send ``request``; with ``stream`` the caller reads and closes the answer."""
        response = await self._straight.handle_async_request(request)
        if not stream:
            try:
                await response.aread()
            finally:
                await response.aclose()
        return response


def name_place(client: httpx.AsyncClient, url: str) -> None:
    """A person wrote ``url`` (in ``vet_url``'s spelling): its port may be asked on its host.

    Pages of that very place may be asked for, too; other ports than the web's nowhere else.
    """
    if isinstance(client, _PlainClient):
        client.named.add(origin(url)[1:])


async def ask(
    client: httpx.AsyncClient, url: str, headers: Sequence[tuple[bytes, bytes]]
) -> Answer:
    """GET ``url``, which is in ``vet_url``'s spelling; the caller reads and closes the answer.

    Raises:
        RefusedAddress: the target must not be dialled.
        httpx.HTTPError: as ``monitor.net.failures.translate`` says.
    """
    if isinstance(client, _PlainClient):
        return await client.ask(url, headers)
    request = client.build_request("GET", url, headers=list(headers))
    return await client.send(request, stream=True, follow_redirects=False)


class _NoCookies(CookieJar):
    """A jar that keeps nothing."""

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Keep nothing."""


@cache
def _default_tls() -> ssl.SSLContext:
    """One context for the whole program. Takes a while; needs no lock of the interpreter."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _proxy(url: str | None) -> yarl.URL | None:
    if not url:
        return None
    try:
        parsed = yarl.URL(url)
    except ValueError as error:
        raise ValueError("network.proxy is not a URL") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ValueError("network.proxy is not an http:// or https:// URL")
    return parsed
