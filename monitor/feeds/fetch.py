"""One request for a feed or a page, as a value: this file never raises for what the network does.

Layer 3. Redirects are followed by hand, so that every hop is vetted and no secret leaves its
origin; one deadline covers everything from the look-up to the last byte. Sources: RFC 9110 (13.1
conditional requests, 15.4 redirection), RFC 3229 (226).
"""

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import httpx

from monitor.feeds.freshness import freshness
from monitor.model import (
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    FetchProblem,
    FetchResult,
    Freshness,
    NotModified,
    Validators,
)
from monitor.net.bodies import BadBody, TooLarge, read_body
from monitor.net.failures import RefusedAddress, explain
from monitor.net.urls import host_of, is_upgrade, origin, vet_location, vet_url, without_query

NO_VALIDATORS: Final = Validators()
MOST_HOPS: Final = 5
LONGEST_VALIDATOR: Final = 4096  # bytes; more is a tracking device, not a version

_ACCEPT_FEED: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
_ACCEPT_PAGE: Final = "text/html, application/xhtml+xml, application/xml;q=0.8, text/plain;q=0.5"
_PAGE_TYPES: Final = frozenset(
    ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")
)
_KNOWN_TYPES: Final = {"application/pdf": "a PDF", "application/json": "JSON"}
_TEMPORARY: Final = frozenset((302, 303, 307))
_PERMANENT: Final = frozenset((301, 308))
# ours to write, whatever a feed's own headers say
_RESERVED: Final = frozenset(
    ("host", "content-length", "transfer-encoding", "connection", "accept-encoding", "range")
)


@dataclass(frozen=True, slots=True)
class _Request:
    """What one fetch asks for; the same on every hop but for what ``_headers`` leaves out."""

    accept: str
    max_bytes: int
    feed: Feed | None = None
    validators: Validators = NO_VALIDATORS


@dataclass(frozen=True, slots=True)
class _Hop:
    """Where a redirect led, and whether every hop so far was permanent."""

    url: str
    permanent: bool
    keep_validators: bool


class _Failure(Exception):  # noqa: N818  # carries a value out of nested calls
    def __init__(self, result: FetchFailed) -> None:
        self.result = result


# ruff: noqa: ASYNC109  # the deadline is the user's setting; asyncio.timeout applies it in one place


async def fetch_feed(
    client: httpx.AsyncClient, feed: Feed, state: FeedState, *, max_bytes: int, timeout: float
) -> FetchResult:
    """Ask for ``feed``, conditionally if ``state`` has validators.

    ``max_bytes`` limits the body, compressed and decoded; ``timeout`` is seconds for everything.
    The feed's own headers and password go to the feed's own origin only.
    """
    known = Validators(
        etag=_usable(state.validators.etag), last_modified=_usable(state.validators.last_modified)
    )
    request = _Request(_ACCEPT_FEED, max_bytes, feed, known)
    return await _fetch(client, feed.url, request, timeout)


async def fetch_page(
    client: httpx.AsyncClient, url: str, *, max_bytes: int, timeout: float
) -> Fetched | FetchFailed:
    """Ask for an article's page: HTML, XHTML, XML or plain text. Bytes out; charset is left alone.

    Limits as for ``fetch_feed``.
    """
    result = await _fetch(client, url, _Request(_ACCEPT_PAGE, max_bytes), timeout)
    if isinstance(result, NotModified):  # _fetch gives this only for a conditional request
        return FetchFailed(url, FetchProblem.HTTP, f"{host_of(url)} answered 304", status=304)
    return result


async def _fetch(
    client: httpx.AsyncClient, url: str, request: _Request, timeout: float
) -> FetchResult:
    try:
        vetted = vet_url(url)
    except ValueError as error:
        return FetchFailed(url, FetchProblem.BAD_URL, str(error))
    try:
        async with asyncio.timeout(timeout):
            return await _follow(client, url, vetted, request)
    except TimeoutError:
        message = f"{host_of(vetted)} took longer than {timeout:g} seconds"
        return FetchFailed(url, FetchProblem.TIMEOUT, message)
    except _Failure as failure:
        return replace(failure.result, url=url)


async def _follow(
    client: httpx.AsyncClient, asked: str, start: str, request: _Request
) -> FetchResult:
    hop = _Hop(start, permanent=True, keep_validators=True)
    seen = {start}
    while True:
        answer = await _ask(client, start, hop, request)
        if isinstance(answer, _Hop):
            if answer.url in seen:
                raise _redirect(start, "redirects in a circle")
            if len(seen) > MOST_HOPS:
                raise _redirect(start, f"redirects more than {MOST_HOPS} times")
            seen.add(answer.url)
            hop = answer
            continue
        if isinstance(answer, Fetched):
            moved = hop.url if hop.permanent and hop.url != start else None
            return replace(answer, url=asked, moved_permanently_to=moved)
        return replace(answer, url=asked)


async def _ask(
    client: httpx.AsyncClient, start: str, hop: _Hop, request: _Request
) -> Fetched | NotModified | _Hop:
    """One request; a redirect is returned as the next hop."""
    host = host_of(hop.url)
    try:
        sent = client.build_request("GET", hop.url, headers=_headers(start, hop, request))
        response = await client.send(sent, stream=True, follow_redirects=False)
    except (httpx.HTTPError, httpx.InvalidURL, RefusedAddress) as error:
        problem, message = explain(error, host)
        raise _Failure(FetchFailed(hop.url, problem, message)) from error
    try:
        return await _read(start, hop, request, response)
    except BadBody as error:
        problem = FetchProblem.TOO_LARGE if isinstance(error, TooLarge) else FetchProblem.BAD_BODY
        raise _fail(hop.url, problem, f"the answer of {host} {error}", response) from error
    except httpx.HTTPError as error:
        problem, message = explain(error, host)
        raise _fail(hop.url, problem, message, response) from error
    finally:
        await response.aclose()


async def _read(
    start: str, hop: _Hop, request: _Request, response: httpx.Response
) -> Fetched | NotModified | _Hop:
    status = response.status_code
    if status in _PERMANENT or status in _TEMPORARY:
        return _next_hop(start, hop, response)
    if status == 304 and _conditional(hop, request):
        return NotModified(hop.url, _validators(response), _freshness(response))
    if status not in (200, 226):
        raise _refused(hop.url, response)
    content_type = response.headers.get("content-type")
    if request.feed is None:
        _check_page_type(hop.url, content_type)
    body = await read_body(
        response.aiter_raw(),
        content_encoding=response.headers.get("content-encoding"),
        content_length=response.headers.get("content-length"),
        max_bytes=request.max_bytes,
    )
    return Fetched(
        url=start,
        final_url=hop.url,
        status=status,
        body=body,
        content_type=content_type,
        validators=_validators(response),
        freshness=_freshness(response),
    )


def _headers(start: str, hop: _Hop, request: _Request) -> list[tuple[bytes, bytes]]:
    """Headers for this hop. Secrets need the feed's own origin, validators their own host."""
    headers: dict[str, bytes] = {"Accept": request.accept.encode()}
    if hop.keep_validators:
        if request.validators.etag:
            headers["If-None-Match"] = request.validators.etag.encode("latin-1")
        if request.validators.last_modified:
            headers["If-Modified-Since"] = request.validators.last_modified.encode("latin-1")
    feed = request.feed
    if feed is not None and origin(hop.url) == origin(start):
        if feed.username is not None:
            password = feed.password.reveal() if feed.password is not None else ""
            credentials = base64.b64encode(f"{feed.username}:{password}".encode())
            headers["Authorization"] = b"Basic " + credentials
        for name, value in feed.headers:
            if name.lower() not in _RESERVED:
                headers = {key: old for key, old in headers.items() if key.lower() != name.lower()}
                headers[name] = value.reveal().encode(errors="replace")
    return [(name.encode("ascii", "replace"), value) for name, value in headers.items()]


def _conditional(hop: _Hop, request: _Request) -> bool:
    validators = request.validators
    return hop.keep_validators and bool(validators.etag or validators.last_modified)


def _next_hop(start: str, hop: _Hop, response: httpx.Response) -> _Hop:
    location = response.headers.get("location")
    if not location:
        raise _redirect(start, "redirects to nowhere")
    try:
        url = vet_location(hop.url, location)
    except ValueError as error:
        raise _redirect(start, f"redirects to something else: {error}") from error
    if hop.url.startswith("https:") and url.startswith("http:"):
        raise _redirect(start, "redirects from https to plain http")
    same_place = origin(url) == origin(hop.url) or is_upgrade(hop.url, url)
    return _Hop(
        url,
        permanent=hop.permanent and response.status_code in _PERMANENT,
        keep_validators=hop.keep_validators and same_place,
    )


def _check_page_type(url: str, content_type: str | None) -> None:
    kind = (content_type or "text/html").partition(";")[0].strip().lower()
    if kind not in _PAGE_TYPES and not kind.endswith("+xml"):
        what = _KNOWN_TYPES.get(kind, f"no page ({kind[:60]!r})")
        raise _Failure(
            FetchFailed(url, FetchProblem.BAD_BODY, f"{without_query(url)} is {what}", status=200)
        )


def _refused(url: str, response: httpx.Response) -> _Failure:
    """Any status that is no body, no redirect and no wanted 304."""
    status = response.status_code
    hints = _freshness(response)
    limited = status == 429 or (status == 503 and hints.retry_after is not None)
    problem = FetchProblem.RATE_LIMITED if limited else FetchProblem.HTTP
    return _fail(url, problem, f"{host_of(url)} answered {status}", response)


def _redirect(start: str, what: str) -> _Failure:
    return _Failure(FetchFailed(start, FetchProblem.REDIRECT, f"{without_query(start)} {what}"))


def _fail(url: str, problem: FetchProblem, message: str, response: httpx.Response) -> _Failure:
    status = response.status_code
    return _Failure(FetchFailed(url, problem, message, status, _freshness(response)))


def _freshness(response: httpx.Response) -> Freshness:
    headers: Mapping[str, str] = response.headers
    return freshness(headers, datetime.now(UTC))


def _validators(response: httpx.Response) -> Validators:
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
