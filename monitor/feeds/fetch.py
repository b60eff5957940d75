"""One request for a feed or a page, as a value: this file never raises for what the network does.

Layer 3. Redirects are followed by hand, so that every hop is vetted and no secret leaves its
origin; one deadline covers everything from the look-up to the last byte. Sources: RFC 9110 (13.1
conditional requests, 15.4 redirection), RFC 3229 (226), RFC 9309 (robots.txt).
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

import httpx

from monitor.feeds.fetch_headers import (
    ACCEPT_FEED,
    ACCEPT_PAGE,
    ACCEPT_TEXT,
    Request,
    headers,
    hints_of,
    sendable,
    validators_of,
)
from monitor.feeds.link_header import links_of
from monitor.feeds.polling_validators import adopted_address, asked_address
from monitor.model import (
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    FetchProblem,
    FetchResult,
    NotModified,
)
from monitor.net.answers import Answer
from monitor.net.bodies import PIECE, BadBody, Decoder, TooLarge, coding_of, read_body
from monitor.net.failures import RefusedAddress, explain
from monitor.net.outbound import ask, name_place
from monitor.net.urls import host_of, is_upgrade, origin, vet_location, vet_url, without_query

MOST_HOPS: Final = 5

_PAGE_TYPES: Final = frozenset(
    ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")
)
_KNOWN_TYPES: Final = {"application/pdf": "a PDF", "application/json": "JSON"}
_TEMPORARY: Final = frozenset((302, 303, 307))
_PERMANENT: Final = frozenset((301, 308))


@dataclass(frozen=True, slots=True)
class _Hop:
    """Where a redirect led, and whether every hop so far was permanent."""

    url: str
    permanent: bool
    same_site: bool = True  # as the hop before


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A page is at another site: ``url`` is where the redirect leads."""

    url: str


class _Failure(Exception):  # noqa: N818  # carries a value out of nested calls
    def __init__(self, result: FetchFailed) -> None:
        self.result = result


class _Away(Exception):  # noqa: N818  # as _Failure
    def __init__(self, elsewhere: Elsewhere) -> None:
        self.elsewhere = elsewhere


# ruff: noqa: ASYNC109  # the deadline is the user's setting; asyncio.timeout applies it in one place


async def fetch_feed(
    client: httpx.AsyncClient,
    feed: Feed,
    state: FeedState,
    *,
    max_bytes: int,
    timeout: float,
    typed: bool = True,
) -> FetchResult:
    """Ask for ``feed`` where it lives now, conditionally if ``state`` has validators of that place.

    ``max_bytes`` limits the body, compressed and decoded; ``timeout`` is seconds for everything.
    The feed's own headers and password go to the origin of the address the user wrote, only.
    ``typed``: a person wrote its address, so that its port may be any; a site wrote the others.
    """
    address = asked_address(feed, state)
    giver = state.memory.answered_from or adopted_address(state) or feed.url
    try:
        home = vet_url(feed.url)
        request = Request(
            ACCEPT_FEED, max_bytes, feed, origin(home), sendable(state.validators), vet_url(giver)
        )
    except ValueError as error:
        return FetchFailed(feed.url, FetchProblem.BAD_URL, str(error))
    if typed:
        name_place(client, home)
    result = await _fetch(client, address, request, timeout)
    return replace(result, url=feed.url)


async def fetch_page(
    client: httpx.AsyncClient, url: str, *, max_bytes: int, timeout: float
) -> Fetched | FetchFailed:
    """Ask for a page that a person named: HTML, XHTML, XML or plain text, as bytes.

    Limits as for ``fetch_feed``. The charset is left alone.
    """
    request = Request(ACCEPT_PAGE, max_bytes, pages_only=True)
    with suppress(ValueError):  # told below
        name_place(client, vet_url(url))
    return _unconditional(await _fetch(client, url, request, timeout))


async def fetch_page_here(
    client: httpx.AsyncClient, url: str, *, max_bytes: int, timeout: float
) -> Fetched | FetchFailed | Elsewhere:
    """The page of an article: as ``fetch_page``, but the web wrote ``url``.

    A redirect to another site is not followed: that has turns of its own.
    """
    request = Request(ACCEPT_PAGE, max_bytes, pages_only=True, stay=True)
    try:
        return _unconditional(await _fetch(client, url, request, timeout))
    except _Away as away:
        return away.elsewhere


async def fetch_robots(
    client: httpx.AsyncClient, url: str, *, max_bytes: int, timeout: float
) -> Fetched | FetchFailed:
    """Ask for a robots.txt; a longer one is cut off at ``max_bytes`` (RFC 9309, 2.5)."""
    request = Request(ACCEPT_TEXT, max_bytes, cut=True)
    return _unconditional(await _fetch(client, url, request, timeout))


def _unconditional(result: FetchResult) -> Fetched | FetchFailed:
    if isinstance(result, NotModified):  # _fetch gives this only for a conditional request
        message = f"{host_of(result.url)} answered 304"
        return FetchFailed(result.url, FetchProblem.HTTP, message, status=304)
    return result


async def _fetch(
    client: httpx.AsyncClient, url: str, request: Request, timeout: float
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
    client: httpx.AsyncClient, asked: str, start: str, request: Request
) -> FetchResult:
    hop = _Hop(start, permanent=True)
    seen = {start}
    while True:
        answer = await _ask(client, start, hop, request)
        if isinstance(answer, _Hop):
            if answer.url in seen:
                raise _redirect(start, "redirects in a circle")
            if len(seen) > MOST_HOPS:
                raise _redirect(start, f"redirects more than {MOST_HOPS} times")
            if request.stay and not answer.same_site:
                raise _Away(Elsewhere(answer.url))
            seen.add(answer.url)
            hop = answer
            continue
        if isinstance(answer, Fetched):
            moved = hop.url if hop.permanent and hop.url != start else None
            return replace(answer, url=asked, moved_permanently_to=moved)
        return replace(answer, url=asked)


async def _ask(
    client: httpx.AsyncClient, start: str, hop: _Hop, request: Request
) -> Fetched | NotModified | _Hop:
    """One request; a redirect is returned as the next hop."""
    host = host_of(hop.url)
    try:
        response = await ask(
            client, hop.url, headers(hop.url, request, conditional=_conditional(hop, request))
        )
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
    start: str, hop: _Hop, request: Request, response: Answer
) -> Fetched | NotModified | _Hop:
    status = response.status_code
    if status in _PERMANENT or status in _TEMPORARY:
        return _next_hop(start, hop, response)
    if status == 304 and _conditional(hop, request):
        return NotModified(hop.url, validators_of(response), hints_of(response))
    if status not in (200, 226):
        raise _refused(hop.url, response)
    content_type = response.headers.get("content-type")
    if request.pages_only:
        _check_page_type(hop.url, content_type)
    return Fetched(
        url=start,
        final_url=hop.url,
        status=status,
        body=await _body(request, response),
        content_type=content_type,
        validators=validators_of(response),
        freshness=hints_of(response),
        links=links_of(response.headers.get_list("link"), hop.url),
    )


async def _body(request: Request, response: Answer) -> bytes:
    coding = response.headers.get("content-encoding")
    if not request.cut:
        return await read_body(
            response.aiter_raw(),
            content_encoding=coding,
            content_length=response.headers.get("content-length"),
            max_bytes=request.max_bytes,
        )
    decoder = Decoder(coding_of(coding), request.max_bytes + PIECE)
    body = bytearray()
    async for piece in response.aiter_raw():
        for decoded in decoder.feed(piece):
            body += decoded
            if len(body) > request.max_bytes:
                return bytes(body[: request.max_bytes])
    for decoded in decoder.finish():
        body += decoded
    return bytes(body[: request.max_bytes])


def _conditional(hop: _Hop, request: Request) -> bool:
    validators = request.validators
    return hop.url == request.giver and bool(validators.etag or validators.last_modified)


def _next_hop(start: str, hop: _Hop, response: Answer) -> _Hop:
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
        same_site=same_place,
    )


def _check_page_type(url: str, content_type: str | None) -> None:
    kind = (content_type or "text/html").partition(";")[0].strip().lower()
    if kind not in _PAGE_TYPES and not kind.endswith("+xml"):
        what = _KNOWN_TYPES.get(kind, f"no page ({kind[:60]!r})")
        raise _Failure(
            FetchFailed(url, FetchProblem.BAD_BODY, f"{without_query(url)} is {what}", status=200)
        )


def _refused(url: str, response: Answer) -> _Failure:
    """Any status that is no body, no redirect and no wanted 304."""
    status = response.status_code
    limited = status == 429 or (status == 503 and hints_of(response).retry_after is not None)
    problem = FetchProblem.RATE_LIMITED if limited else FetchProblem.HTTP
    return _fail(url, problem, f"{host_of(url)} answered {status}", response)


def _redirect(start: str, what: str) -> _Failure:
    return _Failure(FetchFailed(start, FetchProblem.REDIRECT, f"{without_query(start)} {what}"))


def _fail(url: str, problem: FetchProblem, message: str, response: Answer) -> _Failure:
    return _Failure(FetchFailed(url, problem, message, response.status_code, hints_of(response)))
