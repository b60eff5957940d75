"""The key ``web`` of config.yaml: where this program listens, and its public address. Pure."""

from dataclasses import field
from ipaddress import ip_address
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from pydantic.dataclasses import dataclass

from monitor.config.fields import Url, found
from monitor.config.sections import STRICT, about
from monitor.config.suggest import short
from monitor.config.words import shown

_OFF: Final = frozenset(("off", "no", "false", "none", "null"))
_MEND: Final = "Write 127.0.0.1:8087, or off."


@dataclass(frozen=True, slots=True, config=STRICT)
class Listen:
    """A loopback address (``host`` without brackets) and a port; port 0: the system picks one."""

    host: str
    port: int


def read_listen(value: object) -> object:
    """``host:port`` as a Listen, the words for "off" as None. Raises ValueError."""
    if isinstance(value, (dict, list)):
        raise found(value, "an address and a port: 127.0.0.1:8087")
    if not isinstance(value, str):
        return value
    if value.strip().lower() in _OFF:
        return None
    name = f"'{short(shown(value))}'"
    try:
        parts = urlsplit(f"//{str.__str__(value).strip()}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or port is None or parts.path or parts.query or parts.username is not None:
        raise ValueError(f"{name} is not an address and a port. {_MEND}")
    if not _is_loopback(host):
        raise ValueError(
            f"{name} can be reached from other machines, which needs a token that this version "
            f"does not know yet. {_MEND} Let your web server pass requests on."
        )
    return Listen(host, port)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _public(url: str) -> str:
    parts = urlsplit(url)
    if parts.query or parts.fragment or url.endswith(("?", "#")):
        raise ValueError("a public address has no ? and no # in it. Remove what follows.")
    return url.rstrip("/")


@dataclass(frozen=True, slots=True, config=STRICT)
class Web:
    """What this program serves: today the callbacks of feed hubs (WebSub)."""

    listen: Annotated[
        Listen | None,
        BeforeValidator(read_listen),
        WithJsonSchema({"type": ["string", "boolean", "null"]}),
        about(
            "Where to listen, for your web server to pass requests on: a loopback address and a "
            "port. Nothing listens without public_url. off: never.",
            "127.0.0.1:8087",
            "off",
        ),
    ] = field(default_factory=lambda: Listen("127.0.0.1", 8087))
    public_url: Annotated[
        Annotated[Url, AfterValidator(_public)] | None,
        about(
            "The address under which others reach this program. With it, hubs of feeds are asked "
            "to say when there is something new.",
            "https://news.example.org/monitor",
        ),
    ] = None


def read_web(value: object) -> object:
    """``web: off`` as a section that listens nowhere."""
    if isinstance(value, str) and value.strip().lower() in _OFF:
        return Web(listen=None)
    return value
