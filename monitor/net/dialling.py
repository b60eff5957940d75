"""The address check where it counts: on the very address that is being dialled.

Layer 3. A URL that looks harmless proves nothing (names can answer differently each time), so two
hooks of aiohttp's connector do the checking: the resolver refuses a name as soon as *one* of its
addresses is refused, and the socket factory, which sees the final socket address, refuses again
and also covers literal addresses. Names are looked up once per dial and not cached here.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.net.addresses import Allowance, verdict
from monitor.net.failures import RefusedAddress
from monitor.net.ports import port_verdict

Lookup: TypeAlias = Callable[[str], Awaitable[Sequence[str]]]
"""A host name to its addresses as text. Raises OSError where there are none."""

_LOOKUP_THREADS: Final = 32  # getaddrinfo blocks for seconds on dead names; others must not wait


@dataclass(slots=True)
class Dial:
    """One request on its way to a connection: the host asked for, and the refusal if any.

    aiohttp tries a name's next address when one fails and forgets errors that are not OSError; the
    refusal noted here stops every further address of the same dial and tells the transport why.
    ``any_port``: a person named the port, so it need not be one of the web's.
    """

    host: str
    refusal: str | None = None
    any_port: bool = False


current_dial: ContextVar[Dial | None] = ContextVar("current_dial", default=None)
"""Set by the transport; tasks that race for a connection inherit it."""


class SystemLookup:
    """The machine's own name service, in threads of its own."""

    def __init__(self) -> None:
        self._threads: ThreadPoolExecutor | None = None

    async def __call__(self, host: str) -> Sequence[str]:
        """The addresses of ``host``, IPv6 and IPv4, in the order of RFC 6724."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_LOOKUP_THREADS, thread_name_prefix="dns")
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _addresses, host)
        return list(dict.fromkeys(found))

    def close(self) -> None:
        """Forget waiting look-ups; running ones end by themselves."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None


def _addresses(host: str) -> list[str]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return [str(address[0]) for _, _, _, _, address in found]


class VettingResolver(AbstractResolver):
    """aiohttp's resolver: every address of a name must be allowed, or none is returned."""

    def __init__(self, lookup: Lookup, allowance: Allowance) -> None:
        self._lookup = lookup
        self._allowance = allowance

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002  # aiohttp's signature
    ) -> list[ResolveResult]:
        """The addresses of ``host``.

        Raises:
            RefusedAddress: one of them must not be dialled.
            OSError: the name has no address.
        """
        addresses = await vetted_addresses(self._lookup, host, self._allowance)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing to close: the look-up belongs to whoever made it."""


async def vetted_addresses(lookup: Lookup, host: str, allowance: Allowance) -> Sequence[str]:
    """The addresses of ``host``, all of them allowed.

    Raises:
        RefusedAddress: one of them must not be dialled.
        OSError: the name has no address.
    """
    try:
        addresses = await lookup(host)
    except UnicodeError as error:  # labels that the name service cannot take
        raise OSError(f"{host} is no name") from error
    if not addresses:
        raise OSError(f"{host} has no address")
    for address in addresses:
        why = verdict(address, host, allowance)
        if why is not None:
            raise RefusedAddress(why)
    return addresses


def vetting_socket_factory(
    allowance: Allowance,
) -> Callable[[tuple[Any, ...]], socket.socket]:
    """A socket factory that makes no socket for a refused address or port."""

    def make_socket(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        dial = current_dial.get()
        ip = str(address[0])
        host = dial.host if dial is not None else ip
        why = dial.refusal if dial is not None else None
        why = why or verdict(ip, host, allowance)
        if why is None and not (dial is not None and dial.any_port):
            why = port_verdict(int(address[1]), ip, host)
        if why is not None:
            if dial is not None:
                dial.refusal = why
            raise RefusedAddress(why)
        return socket.socket(family=family, type=kind, proto=protocol)

    return make_socket
