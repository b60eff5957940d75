"""What a request to the listener is: a hub's verification, a denial, a ping, or nothing of ours.

Layer 1, pure. The ``Host`` header must name the public address or this machine itself: a page in
somebody's browser that made its own name point here (DNS rebinding) learns nothing.
``X-Forwarded-Host`` and its like are never read.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from monitor.websub.subscription import Denial, Verification

TOKEN_BYTES: Final = 32  # of chance in a callback's address
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")  # TOKEN_BYTES in URL-safe base64
_FOLDER: Final = "/websub/"
_LOOPBACK: Final = frozenset(("localhost", "127.0.0.1", "::1"))
_MOST_FIELDS: Final = 30
_LONGEST_CHALLENGE: Final = 2000  # characters
_LEASE: Final = re.compile(r"[0-9]{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: a status and a plain text, in most cases an empty one."""

    status: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A GET of a hub: ``challenge`` is the answer to a verification that is confirmed."""

    token: str
    event: Verification | Denial
    challenge: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """A POST of a hub, its body still to come."""

    token: str


Call: TypeAlias = Question | Delivered | Reply

NOT_FOUND: Final = Reply(404)
GONE: Final = Reply(410)  # no such subscription any more: the hub may forget it (WebSub, 7)
TAKEN: Final = Reply(202)  # also for a wrong signature, so that nobody can try them out
TOO_OFTEN: Final = Reply(429)
_MISDIRECTED: Final = Reply(421)  # RFC 9110, 15.5.20
_WRONG_METHOD: Final = Reply(405)
_BAD: Final = Reply(400)


def callback_url(public_url: str, token: str) -> str:
    """The address that a hub is given."""
    parts = urlsplit(public_url)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}{_FOLDER}{token}"


def read_call(method: str, hosts: Sequence[str], target: str, public: Collection[str]) -> Call:
    """What a request wants, or the reply to one that is none of ours.

    ``hosts``: every ``Host`` header; ``target``: path and query as they came; ``public``: the
    callbacks' public addresses.
    """
    names = {_host(address) for address in public}
    if len(hosts) != 1 or _name(hosts[0]) not in names | _LOOPBACK:
        return _MISDIRECTED
    path, _, query = target.partition("?")
    token = _token(path, public)
    if token is None:
        return NOT_FOUND
    if method == "POST":
        return Delivered(token)
    if method != "GET":
        return _WRONG_METHOD
    return _question(token, query)


def _token(path: str, public: Collection[str]) -> str | None:
    """The token in ``path``. A web server before us may or may not have taken its prefix away."""
    for address in public:
        prefix = urlsplit(address).path.rstrip("/")
        if prefix and path.startswith(prefix + _FOLDER):
            path = path[len(prefix) :]
            break
    token = path.removeprefix(_FOLDER)
    return token if token != path and _TOKEN.fullmatch(token) else None


def _question(token: str, query: str) -> Question | Reply:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return _BAD
    names = [name for name, _ in pairs if name.startswith("hub.")]
    if len(names) != len(set(names)):
        return _BAD  # two readers could read two things
    said = dict(pairs)
    mode, topic = said.get("hub.mode", ""), said.get("hub.topic", "")
    challenge, lease = said.get("hub.challenge", ""), said.get("hub.lease_seconds", "")
    if mode == "denied":
        return Question(token, Denial(topic, said.get("hub.reason", "")), "")
    if mode not in ("subscribe", "unsubscribe") or not 0 < len(challenge) <= _LONGEST_CHALLENGE:
        return NOT_FOUND
    seconds = int(lease) if _LEASE.fullmatch(lease) else None
    return Question(token, Verification(mode, topic, seconds), challenge)


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").lower()


def _name(header: str) -> str | None:
    """The host in a ``Host`` header, without its port; None if it is none."""
    try:
        parts = urlsplit(f"//{header.strip()}")
        _ = parts.port
    except ValueError:
        return None
    if parts.netloc != header.strip() or parts.username is not None:
        return None
    name = (parts.hostname or "").lower().removesuffix(".")
    return name or None
