"""Which URLs may be asked for, and their one spelling.

Layer 2, pure. Browsers, ``socket`` and HTTP libraries read odd URLs in different ways; whatever two
readers could understand differently is refused here, so that everything behind this wall sees one
spelling. Sources: RFC 3986; WHATWG URL Standard, 3.5 (host parsing); UTS #46 through ``idna``.
"""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import Final, TypeAlias
from urllib.parse import urljoin, urlsplit

import httpx
import idna

Origin: TypeAlias = tuple[str, str, int]  # scheme, host, port (RFC 6454)

LONGEST_URL: Final = 8000  # characters; the common limit of servers (RFC 9110, 4.1)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SHAPE: Final = re.compile(r"(https?)://([^/?#]*)([^#]*)", re.IGNORECASE | re.DOTALL)
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")  # WHATWG: a host that ends so is an IPv4 address


@lru_cache(maxsize=4096)  # the same feeds are asked for again and again
def vet_url(url: str) -> str:
    """``url`` in its one spelling: http or https, ASCII host, no default port, no fragment.

    Paths and queries keep their percent-encoding as it came (signed URLs live on it).

    Raises:
        ValueError: a plain sentence, without the URL's secrets, about what cannot be asked for.
    """
    text = url.strip(" ")
    if len(text) > LONGEST_URL:
        raise ValueError(f"the URL is longer than {LONGEST_URL} characters")
    if _CONTROL.search(text):
        raise ValueError("the URL holds a control character")
    shape = _SHAPE.match(text)
    if shape is None:
        raise ValueError("the URL does not begin with http:// or https:// and a host")
    scheme, authority, rest = shape[1].lower(), shape[2], shape[3]
    if "@" in authority:
        raise ValueError("the URL holds a name or password: put them under auth:")
    host, port = _host_and_port(authority)
    shown_port = "" if port in (None, _DEFAULT_PORTS[scheme]) else f":{port}"
    if not rest.startswith("/"):
        rest = f"/{rest}"
    rest = rest.replace("\\", "%5C")
    try:
        vetted = str(httpx.URL(f"{scheme}://{host}{shown_port}{rest}"))
    except httpx.InvalidURL as error:
        raise ValueError("the URL cannot be read") from error
    if len(vetted) > LONGEST_URL:
        raise ValueError(f"the URL is longer than {LONGEST_URL} characters when encoded")
    return vetted


def vet_location(base: str, location: str) -> str:
    """Where a ``Location`` header leads from ``base``, vetted.

    Raises:
        ValueError: as ``vet_url``.
    """
    if _CONTROL.search(location):
        raise ValueError("the URL holds a control character")
    return vet_url(urljoin(base, location.strip(" ")))


@lru_cache(maxsize=4096)
def origin(url: str) -> Origin:
    """Scheme, host and port of a vetted URL."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme]


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """The host of a URL for people; "?" where there is none. Any text is accepted."""
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


def without_query(url: str) -> str:
    """Host and path of a URL for people: queries and user names may be secrets."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "?"
    return f"{parts.hostname or '?'}{parts.path if parts.path != '/' else ''}"


def is_upgrade(old: str, new: str) -> bool:
    """Whether ``new`` is the same host over https where ``old`` was plain http (default ports)."""
    return origin(old) == ("http", origin(new)[1], 80) and origin(new)[0::2] == ("https", 443)


def _host_and_port(authority: str) -> tuple[str, int | None]:
    if authority.startswith("["):
        inside, bracket, tail = authority[1:].partition("]")
        if not bracket or (tail and not tail.startswith(":")):
            raise ValueError("the host's brackets do not close")
        return f"[{_ipv6(inside)}]", _port(tail[1:])
    host, _, port = authority.partition(":")
    return _name_or_ipv4(host), _port(port)


def _port(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536):
        raise ValueError("the port is not a number from 1 to 65535")
    return int(text)


def _ipv6(text: str) -> str:
    if "%" in text:
        raise ValueError("the host is an IPv6 address with a zone")
    try:
        return IPv6Address(text).compressed
    except ValueError as error:
        raise ValueError("the host in brackets is no IPv6 address") from error


def _name_or_ipv4(host: str) -> str:
    if not host:
        raise ValueError("the URL has no host")
    if "%" in host:
        raise ValueError("the host is percent-encoded")
    name = host.lower()
    if not host.isascii():
        try:
            name = idna.encode(host, uts46=True, transitional=False).decode("ascii").lower()
        except (idna.IDNAError, UnicodeError) as error:
            raise ValueError("the host is no valid international name") from error
    name = name.removesuffix(".")
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("the host is no valid name")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(name))
        except ValueError as error:
            raise ValueError("the host is an IPv4 address in an unusual spelling") from error
    return name
