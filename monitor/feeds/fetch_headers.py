"""What a request says of us, and which validators an answer leaves behind.

Layer 3, though it only decides. Secrets go to the feed's own origin, validators to the place that
gave them; cookies, referrers and cache-busters are never sent. Sources: RFC 9110, 8.8 (validators),
12.5.1 (Accept), 13.1 (conditional requests).
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from monitor.feeds.freshness import freshness
from monitor.model import Feed, Freshness, Validators
from monitor.net.answers import Answer
from monitor.net.urls import Origin, origin

ACCEPT_FEED: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
ACCEPT_PAGE: Final = "text/html, application/xhtml+xml, application/xml;q=0.8, text/plain;q=0.5"
ACCEPT_TEXT: Final = "text/plain, */*;q=0.1"
NO_VALIDATORS: Final = Validators()
LONGEST_VALIDATOR: Final = 4096  # bytes; more is a tracking device, not a version

# ours to write, whatever a feed's own headers say
_RESERVED: Final = frozenset(
    ("host", "content-length", "transfer-encoding", "connection", "accept-encoding", "range")
)


@dataclass(frozen=True, slots=True)
class Request:
    """What one fetch asks for; the same on every hop but for what ``headers`` leaves out.

    ``feed`` is the feed whose headers and password go to ``home``, its own origin; both None for a
    page. ``giver``: the address that gave the ``validators``, and alone gets them.
    ``cut``: a body that is too long is cut off, and no failure. ``stay``: a redirect to
    another site is not followed.
    """

    accept: str
    max_bytes: int
    feed: Feed | None = None
    home: Origin | None = None
    validators: Validators = NO_VALIDATORS
    giver: str | None = None
    pages_only: bool = False
    cut: bool = False
    stay: bool = False


def headers(url: str, request: Request, *, conditional: bool) -> list[tuple[bytes, bytes]]:
    """The headers for ``url``; ``conditional``: it may be sent the validators."""
    sent: dict[str, bytes] = {"Accept": request.accept.encode()}
    if conditional:
        if request.validators.etag:
            sent["If-None-Match"] = request.validators.etag.encode("latin-1")
        if request.validators.last_modified:
            sent["If-Modified-Since"] = request.validators.last_modified.encode("latin-1")
    feed = request.feed
    if feed is not None and origin(url) == request.home:
        if feed.username is not None:
            password = feed.password.reveal() if feed.password is not None else ""
            credentials = base64.b64encode(f"{feed.username}:{password}".encode())
            sent["Authorization"] = b"Basic " + credentials
        for name, value in feed.headers:
            if name.lower() not in _RESERVED:
                sent = {key: old for key, old in sent.items() if key.lower() != name.lower()}
                sent[name] = value.reveal().encode(errors="replace")
    return [(name.encode("ascii", "replace"), value) for name, value in sent.items()]


def sendable(validators: Validators) -> Validators:
    """Stored validators without what cannot go back exactly as it came."""
    return Validators(
        etag=_usable(validators.etag), last_modified=_usable(validators.last_modified)
    )


def hints_of(response: Answer) -> Freshness:
    """When to come back, as the answer says."""
    found: Mapping[str, str] = response.headers
    return freshness(found, datetime.now(UTC))


def validators_of(response: Answer) -> Validators:
    """ETag and Last-Modified byte for byte (as Latin-1 text); None where absent or unusable."""
    found: dict[bytes, str | None] = {}
    for name, value in response.headers.raw:
        if name.lower() in (b"etag", b"last-modified"):
            found.setdefault(name.lower(), _usable(value.decode("latin-1")))
    return Validators(etag=found.get(b"etag"), last_modified=found.get(b"last-modified"))


def _usable(validator: str | None) -> str | None:
    """A validator (bytes as Latin-1 text) that can go back exactly as it came, else None.

    aiohttp writes header text as UTF-8, so bytes that are no UTF-8 could not be repeated.
    """
    if not validator or len(validator) > LONGEST_VALIDATOR or set(validator) & set("\r\n\0"):
        return None
    try:
        validator.encode("latin-1").decode()
    except UnicodeError:
        return None
    return validator
