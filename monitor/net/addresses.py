"""Which addresses may be dialled: an explicit table, the same on every Python.

Layer 2, pure. The flags of ``ipaddress`` (``is_private``, ``is_global``) changed between Python
versions and know no cloud metadata services, so nothing here relies on them. Sources: IANA IPv4 and
IPv6 Special-Purpose Address Registries, RFC 6890; the providers' pages for metadata addresses.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_REFUSED: Final[tuple[tuple[Network, str], ...]] = tuple(
    (ip_network(network), what)
    for network, what in (
        ("0.0.0.0/8", 'an address of "this network"'),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "a provider's internal address (carrier-grade NAT)"),
        ("127.0.0.0/8", "a loopback address"),
        ("168.63.129.16/32", "a cloud platform's internal address"),
        ("169.254.0.0/16", "a link-local address"),
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "a reserved address"),
        ("192.0.2.0/24", "a documentation address"),
        ("192.88.99.0/24", "a 6to4 relay address"),
        ("192.168.0.0/16", "a private address"),
        ("198.18.0.0/15", "a benchmarking address"),
        ("198.51.100.0/24", "a documentation address"),
        ("203.0.113.0/24", "a documentation address"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
        ("::1/128", "a loopback address"),
        ("::/128", "the unspecified address"),
        ("::ffff:0:0/96", "an IPv4 address in IPv6 form"),
        ("::/96", "an IPv4 address in an obsolete IPv6 form"),
        ("64:ff9b:1::/48", "a local translation (NAT64) address"),
        ("100::/64", "a discard address"),
        ("2001::/32", "a Teredo tunnel address"),
        ("2001:db8::/32", "a documentation address"),
        ("2002::/16", "a 6to4 tunnel address"),
        ("3fff::/20", "a documentation address"),
        ("fc00::/7", "a private address"),
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a private (site-local) address"),
        ("ff00::/8", "a multicast address"),
    )
)

# Services that hand a machine's credentials to whoever asks from inside: AWS, Google, Azure and
# others (169.254.169.254), AWS over IPv6, Alibaba, Azure's wire server, Oracle, AWS ECS tasks.
_METADATA: Final[frozenset[Address]] = frozenset(
    ip_address(text)
    for text in (
        "169.254.169.254",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "169.254.170.2",
    )
)

_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: the gateway dials the IPv4 address inside
_LOW_32_BITS: Final[tuple[IPv6Network, ...]] = (
    IPv6Network("::ffff:0:0/96"),  # RFC 4291, 2.5.5.2: the kernel dials the IPv4 address inside
    IPv6Network("::/96"),  # RFC 4291, 2.5.5.1: obsolete
    _NAT64,
    IPv6Network("64:ff9b:1::/48"),  # RFC 8215
)
_6TO4: Final = IPv6Network("2002::/16")  # RFC 3056: bits 16 to 47
_TEREDO: Final = IPv6Network("2001::/32")  # RFC 4380: the last 32 bits, inverted

_HOST_NAME: Final = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*"
)


@dataclass(frozen=True, slots=True)
class Allowance:
    """Addresses that may be dialled although the table refuses them: ``network.allow_private``.

    ``networks`` are compared with the address, ``hosts`` (lower case, no final dot) with the name
    that was asked for. Metadata addresses are never allowed.
    """

    networks: tuple[Network, ...] = ()
    hosts: frozenset[str] = frozenset()


NOTHING_ALLOWED: Final = Allowance()

NOTIFIER_ALLOWANCE: Final = Allowance(
    networks=tuple(
        ip_network(network)
        for network in (
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "::1/128",
            "fc00::/7",
        )
    )
)
"""For notifier targets: the operator typed them by hand, so the own network is meant. Link-local
and metadata addresses stay refused."""


def parse_allowance(entries: Sequence[str]) -> Allowance:
    """``network.allow_private`` as an Allowance: networks (CIDR), single addresses, host names.

    Raises:
        ValueError: one plain sentence that names the entry.
    """
    networks: list[Network] = []
    hosts: set[str] = set()
    for entry in entries:
        text = entry.strip()
        network = _network(text)
        if network is not None:
            networks.append(network)
            continue
        host = text.lower().removesuffix(".")
        # a last label of digits is a misspelt address, not a name
        if not _HOST_NAME.fullmatch(host) or host.rpartition(".")[2].isdigit():
            raise ValueError(
                f"{entry!r} is no network (10.0.0.0/8), no address (10.0.0.5) and no host name"
            )
        hosts.add(host)
    return Allowance(tuple(networks), frozenset(hosts))


def verdict(ip: str, host: str, allowance: Allowance) -> str | None:
    """None if ``ip`` may be dialled for ``host``; else why not, in a sentence for people.

    ``host`` is the name or literal that was asked for; the same as ``ip`` for a literal.
    An IPv6 form that carries an IPv4 address is judged by that address too. NAT64 addresses of the
    well-known prefix are judged by it alone: they are how machines without IPv4 reach the web.
    """
    try:
        address = ip_address(ip.partition("%")[0])
    except ValueError:
        return f"{ip!r} is no address"
    name = host.lower().removesuffix(".").strip("[]")
    subject = ip if name in ("", str(address), ip.lower()) else f"{name} is at {ip}:"
    inner = _inner(address)
    for candidate in (address, inner):
        if candidate in _METADATA:
            return f"{_is(subject)} a cloud metadata address, which is never asked"
    if _allowed(address, inner, name, allowance):
        return None
    if inner is not None:
        what = _refusal(inner)
        if what is not None:
            return _sentence(subject, f"{what} ({inner}) in another form")
    what = None if inner is not None and address in _NAT64 else _refusal(address)
    return None if what is None else _sentence(subject, what)


def _is(subject: str) -> str:
    return subject if subject.endswith(":") else f"{subject} is"


def _sentence(subject: str, what: str) -> str:
    return f"{_is(subject)} {what}: add it to network.allow_private if it is yours"


def _allowed(address: Address, inner: Address | None, name: str, allowance: Allowance) -> bool:
    if name in allowance.hosts:
        return True
    candidates = [address] if inner is None else [address, inner]
    return any(candidate in network for network in allowance.networks for candidate in candidates)


def _refusal(address: Address) -> str | None:
    for network, what in _REFUSED:
        if address in network:
            return what
    return None


def _inner(address: Address) -> IPv4Address | None:
    """The IPv4 address inside a mapped, translated or tunnelled IPv6 address; None if none is."""
    if isinstance(address, IPv4Address):
        return None
    bits = int(address)
    if bits <= 1:  # :: and ::1 are no IPv4 addresses
        return None
    if any(address in network for network in _LOW_32_BITS):
        return IPv4Address(bits & 0xFFFFFFFF)
    if address in _6TO4:
        return IPv4Address((bits >> 80) & 0xFFFFFFFF)
    if address in _TEREDO:
        return IPv4Address(~bits & 0xFFFFFFFF)
    return None


def _network(text: str) -> Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
