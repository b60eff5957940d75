"""Fetching feeds and pages: what is sent, what comes back, what hostile servers achieve."""

import asyncio
import base64
import gzip
import ssl
import time
from collections.abc import Mapping
from dataclasses import replace

import pytest
import trustme

from monitor.feeds.fetch import (
    Elsewhere,
    fetch_feed,
    fetch_page,
    fetch_page_here,
    fetch_robots,
)
from monitor.model import (
    Feed,
    FeedMemory,
    FeedState,
    Fetched,
    FetchFailed,
    FetchProblem,
    FetchResult,
    NotModified,
    Validators,
)
from monitor.net.addresses import parse_allowance
from monitor.net.outbound import Outbound
from monitor.secret import Secret
from tests.net.servers import (
    LOOPBACK,
    Answer,
    Seen,
    Server,
    always,
    answer,
    by_path,
    outbound,
    serving,
)

BODY = b"<rss version='2.0'><channel/></rss>"
NONE = Validators()
KNOWN = Validators(etag='W/"odd, \xc3\xa9"', last_modified="Yesterday, at tea")


async def ask(
    out: Outbound,
    url: str,
    *,
    validators: Validators = NONE,
    memory: FeedMemory | None = None,
    timeout: float = 5.0,
    max_bytes: int = 1_000_000,
    **feed: object,
) -> FetchResult:
    made = Feed(url, **feed)  # type: ignore[arg-type]  # a feed's own fields
    state = FeedState(url, validators=validators, memory=memory or FeedMemory())
    return await fetch_feed(out.client, made, state, max_bytes=max_bytes, timeout=timeout)


def fetch(handle: Answer, path: str = "/feed", **options: object) -> tuple[FetchResult, Server]:
    async def run() -> tuple[FetchResult, Server]:
        async with serving(handle) as server, outbound() as out:
            result = await ask(out, server.url(path), **options)  # type: ignore[arg-type]
            return result, server

    return asyncio.run(run())


def failed(result: FetchResult) -> FetchFailed:
    assert isinstance(result, FetchFailed), result
    assert "\n" not in result.message
    return result


def test_a_new_feed_is_one_plain_honest_request() -> None:
    headers = {"ETag": 'W/"a b\xc3\xa9"', "Last-Modified": "some day", "Content-Type": "text/xml"}
    result, server = fetch(always(200, headers, BODY))
    assert isinstance(result, Fetched)
    assert result.body == BODY
    assert result.content_type == "text/xml"
    assert result.validators == Validators('W/"a b\xc3\xa9"', "some day")
    assert result.moved_permanently_to is None
    assert len(server.seen) == 1
    sent = server.seen[0].headers
    assert sent["accept-encoding"] == "gzip, deflate"
    assert "atom+xml" in sent["accept"]
    assert sent["user-agent"].startswith("news-monitor")
    unwanted = "cookie referer range authorization if-none-match if-modified-since cache-control"
    assert not set(unwanted.split()) & set(sent)


def test_validators_go_back_byte_for_byte() -> None:
    result, server = fetch(always(304, {"ETag": '"new"'}), validators=KNOWN)
    assert isinstance(result, NotModified)
    assert result.validators == Validators(etag='"new"')
    assert b'If-None-Match: W/"odd, \xc3\xa9"\r\n' in server.seen[0].raw
    assert b"If-Modified-Since: Yesterday, at tea\r\n" in server.seen[0].raw


@pytest.mark.parametrize(
    ("status", "headers", "problem", "message"),
    [
        pytest.param(404, {}, "HTTP", "answered 404", id="not found"),
        pytest.param(410, {}, "HTTP", "answered 410", id="gone"),
        pytest.param(500, {}, "HTTP", "answered 500", id="server error"),
        pytest.param(204, {}, "HTTP", "answered 204", id="no content"),
        pytest.param(206, {}, "HTTP", "answered 206", id="a part that nobody asked for"),
        pytest.param(300, {}, "HTTP", "answered 300", id="a choice"),
        pytest.param(304, {}, "HTTP", "answered 304", id="unchanged, to an unconditional request"),
        pytest.param(429, {}, "RATE_LIMITED", "answered 429", id="too many requests"),
        pytest.param(503, {"Retry-After": "60"}, "RATE_LIMITED", "503", id="busy, with a time"),
        pytest.param(503, {}, "HTTP", "answered 503", id="busy"),
        pytest.param(503, {"Retry-After": "soon"}, "HTTP", "503", id="busy, without meaning"),
        pytest.param(302, {}, "REDIRECT", "redirects to nowhere", id="F-45 no Location"),
        pytest.param(302, {"Location": "/feed"}, "REDIRECT", "circle", id="F-45 to itself"),
        pytest.param(302, {"Location": "file:///x"}, "REDIRECT", "something else", id="F-45 to a file"),
        pytest.param(301, {"Location": "javascript:x"}, "REDIRECT", "else", id="F-45 to a script"),
        pytest.param(301, {"Location": "data:,x"}, "REDIRECT", "else", id="F-45 to data"),
        pytest.param(301, {"Location": "//u:T0K3N@a.example/"}, "REDIRECT", "name", id="userinfo"),
        pytest.param(301, {"Location": "http://169.254.169.254/"}, "REFUSED_ADDRESS", "metadata",
                     id="S-05 to a metadata service"),
        pytest.param(301, {"Location": "http://[::ffff:a00:1]/"}, "REFUSED_ADDRESS", "private",
                     id="S-05 to a private address in another form"),
        pytest.param(301, {"Location": "http://2130706433/"}, "REDIRECT", "unusual",
                     id="S-02 to loopback written as a number"),
        pytest.param(200, {"Content-Encoding": "br"}, "BAD_BODY", "coding", id="S-21 brotli unasked"),
        pytest.param(200, {"Content-Encoding": "gzip, gzip"}, "BAD_BODY", "several", id="S-22 twice"),
    ],
)  # fmt: skip
def test_every_answer_has_its_meaning(
    status: int, headers: Mapping[str, str], problem: str, message: str
) -> None:
    result, _ = fetch(always(status, headers, b"" if status in (204, 304) else b"x"))
    assert failed(result).problem is FetchProblem[problem]
    assert message in failed(result).message
    assert "T0K3N" not in failed(result).message


def test_a_time_to_come_back_is_kept_with_any_status() -> None:
    result, _ = fetch(always(403, {"Retry-After": "120"}))
    assert failed(result).status == 403
    assert failed(result).freshness.retry_after == 120


def test_226_counts_as_a_body() -> None:
    result, _ = fetch(always(226, {"IM": "feed"}, BODY))
    assert isinstance(result, Fetched)
    assert result.status == 226


@pytest.mark.parametrize(
    ("first", "second", "moved"),
    [
        pytest.param(301, 308, True, id="two permanent hops move the feed"),
        pytest.param(301, 302, False, id="a temporary hop does not"),
        pytest.param(307, 301, False, id="nor one at the start"),
        pytest.param(303, 303, False, id="nor see other"),
    ],
)
def test_moved_permanently_only_if_every_hop_says_so(first: int, second: int, moved: bool) -> None:
    pages = by_path(
        {
            "/feed": answer(first, {"Location": "/b"}),
            "/b": answer(second, {"Location": "c?x=1"}),
            "/c?x=1": answer(200, {}, BODY),
        }
    )
    result, server = fetch(pages)
    assert isinstance(result, Fetched)
    assert result.url == server.url("/feed")
    assert result.final_url == server.url("/c?x=1")
    assert result.moved_permanently_to == (server.url("/c?x=1") if moved else None)


@pytest.mark.parametrize(("hops", "fine"), [(5, True), (6, False)])
def test_five_hops_are_followed_and_no_more(hops: int, fine: bool) -> None:
    """F-45."""
    pages = {f"/{n}": answer(302, {"Location": f"/{n + 1}"}) for n in range(hops)}
    pages[f"/{hops}"] = answer(200, {}, BODY)
    result, server = fetch(by_path(pages), "/0")
    assert isinstance(result, Fetched) is fine
    assert len(server.seen) == 6


def test_nothing_of_ours_crosses_to_another_origin() -> None:
    """F-47: no password, no header of the feed's, no validator."""

    async def run() -> None:
        secret = {
            "username": "desk",
            "password": Secret("pässword"),
            "headers": (("X-Api-Key", Secret("k-12345")), ("Cookie", Secret("s=1"))),
        }
        async with serving(always(200, {}, BODY)) as other:
            away = answer(302, {"Location": other.url("/feed")})
            here = answer(302, {"Location": "/here"})
            pages = by_path({"/feed": here, "/here": away})
            async with serving(pages) as server, outbound() as out:
                await ask(out, server.url("/feed"), validators=KNOWN, **secret)  # type: ignore[arg-type]
                for seen in server.seen:
                    expected = base64.b64encode("desk:pässword".encode()).decode()
                    assert seen.headers["authorization"] == f"Basic {expected}"
                    assert seen.headers["x-api-key"] == "k-12345"
                assert server.seen[0].headers["if-none-match"] == KNOWN.etag
                assert "if-none-match" not in server.seen[1].headers  # it did not give it
                names = set(other.seen[0].headers)
                assert names == {"host", "user-agent", "accept-encoding", "accept"}

    asyncio.run(run())


def test_a_trip_away_and_back_brings_no_validators_home() -> None:
    async def run() -> None:
        home: list[Server] = []

        async def back(seen: Seen, writer: asyncio.StreamWriter) -> None:
            there = "/y" if seen.path == "/x" else home[0].url("/end")
            writer.write(answer(302, {"Location": there}))

        async with serving(back) as other:
            pages = {"/feed": answer(302, {"Location": other.url("/x")}), "/end": answer(304)}
            async with serving(by_path(pages)) as server, outbound() as out:
                home.append(server)
                result = await ask(out, server.url("/feed"), validators=KNOWN)
                assert failed(result).status == 304
                assert "if-none-match" in server.seen[0].headers
                for seen in (*other.seen, server.seen[-1]):
                    assert "if-none-match" not in seen.headers

    asyncio.run(run())


def test_a_feed_that_moved_for_good_is_asked_there_without_its_secrets() -> None:
    async def run() -> None:
        headers = (("X-Api-Key", Secret("k-12345")),)
        async with (
            serving(always(200, {"ETag": '"n"'}, BODY)) as new,
            serving(always(200, {}, BODY)) as old,
            outbound() as out,
        ):
            feed = Feed(old.url("/feed"), headers=headers, username="desk")
            memory = FeedMemory(moved_to=new.url("/feed"), moved_count=5)
            state = FeedState(feed.url, validators=KNOWN, memory=memory)
            result = await fetch_feed(out.client, feed, state, max_bytes=10**6, timeout=5)
            assert isinstance(result, Fetched)
            assert (result.url, result.final_url) == (old.url("/feed"), new.url("/feed"))
            assert result.validators.etag == '"n"'
            assert old.seen == []
            assert not {"authorization", "x-api-key"} & set(new.seen[0].headers)
            assert new.seen[0].headers["if-none-match"] == KNOWN.etag
            # the new place failed: the old one is asked, with its secrets, without the validators
            state = replace(state, failures=1)
            await fetch_feed(out.client, feed, state, max_bytes=10**6, timeout=5)
            assert {"authorization", "x-api-key"} <= set(old.seen[0].headers)
            assert "if-none-match" not in old.seen[0].headers

    asyncio.run(run())


def test_f11_validators_go_back_to_the_place_that_gave_them_and_to_no_other() -> None:
    async def run() -> None:
        async with serving(always(200, {"ETag": '"far"'}, BODY)) as other:
            pages = by_path(
                {
                    "/away": answer(301, {"Location": other.url("/feed")}),
                    "/near": answer(301, {"Location": "/feed"}),
                    "/feed": answer(200, {"ETag": '"near"'}, BODY),
                }
            )
            async with serving(pages) as server, outbound() as out:
                for path, etag in (("/away", '"far"'), ("/near", '"near"')):
                    result = await ask(out, server.url(path))
                    assert isinstance(result, Fetched)
                    assert result.validators.etag == etag
                    memory = FeedMemory(answered_from=result.final_url)
                    await ask(out, server.url(path), validators=result.validators, memory=memory)
                sent = [one.headers.get("if-none-match") for one in (*server.seen, *other.seen)]
                # here: two asked for /away, two for /near and two that this gave; then there
                assert sent == [None, None, None, None, None, '"near"', None, '"far"']

    asyncio.run(run())


def test_a_page_elsewhere_is_not_followed_where_another_site_has_its_turn() -> None:
    async def run() -> None:
        async with serving(always(200, {}, BODY)) as other:
            pages = by_path(
                {
                    "/away": answer(302, {"Location": other.url("/page")}),
                    "/near": answer(302, {"Location": "/page"}),
                    "/page": answer(200, {"Content-Type": "text/html"}, BODY),
                }
            )
            async with serving(pages) as server, outbound() as out:
                away, near = [
                    await fetch_page_here(out.client, server.url(p), max_bytes=10**6, timeout=5)
                    for p in ("/away", "/near")
                ]
                assert away == Elsewhere(other.url("/page"))
                assert isinstance(near, Fetched)
                assert other.seen == []

    asyncio.run(run())


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(b"a" * 300_000, {}, id="plain"),
        pytest.param(gzip.compress(b"a" * 300_000), {"Content-Encoding": "gzip"}, id="gzip"),
    ],
)
def test_a_robots_txt_that_is_too_long_is_cut_off(body: bytes, headers: Mapping[str, str]) -> None:
    async def run() -> None:
        async with serving(always(200, headers, body)) as server, outbound() as out:
            url = server.url("/robots.txt")
            for most, expected in ((100_000, 100_000), (500_000, 300_000)):
                result = await fetch_robots(out.client, url, max_bytes=most, timeout=5)
                assert isinstance(result, Fetched)
                assert result.body == b"a" * expected

    asyncio.run(run())


def test_every_hop_is_checked_against_the_allowance() -> None:
    """S-05."""

    async def run() -> None:
        async with serving(always(200, {}, BODY), host="127.0.0.2") as inner:
            inside = inner.url("/admin", host="127.0.0.2")
            async with (
                serving(always(302, {"Location": inside})) as server,
                outbound(parse_allowance(["127.0.0.1"])) as out,
            ):
                result = failed(await ask(out, server.url("/feed")))
                assert result.problem is FetchProblem.REFUSED_ADDRESS
                assert result.url == server.url("/feed")
                assert "127.0.0.2" in result.message
                assert inner.seen == []

    asyncio.run(run())


def test_https_is_never_left_for_plain_http() -> None:
    """F-46."""

    async def run() -> None:
        authority = trustme.CA()
        server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(server_tls)
        client_tls = ssl.create_default_context()
        authority.configure_trust(client_tls)
        async with serving(always(200, {}, BODY)) as plain:
            away = by_path(
                {
                    "/down": answer(301, {"Location": plain.url("/feed")}),
                    "/up": answer(301, {"Location": "/feed"}),
                    "/feed": answer(200, {}, BODY),
                }
            )
            async with serving(away, tls=server_tls) as safe, outbound(tls=client_tls) as out:
                result = failed(await ask(out, safe.url("/down", scheme="https")))
                assert result.problem is FetchProblem.REDIRECT
                assert "plain http" in result.message
                assert plain.seen == []
                assert isinstance(await ask(out, safe.url("/up", scheme="https")), Fetched)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("etag", "kept"),
    [
        pytest.param('"' + "x" * 4000 + '"', True, id="long but bearable"),
        pytest.param('"' + "x" * 5000 + '"', False, id="longer than 4 kB"),
        pytest.param("", False, id="empty"),
        pytest.param('"\xe9"', False, id="bytes that cannot be repeated exactly"),
        pytest.param("unquoted garbage", True, id="garbage is echoed, not judged"),
    ],
)
def test_validators_are_opaque_but_bounded(etag: str, kept: bool) -> None:
    result, _ = fetch(always(200, {"ETag": etag}, BODY))
    assert isinstance(result, Fetched)
    assert result.validators.etag == (etag if kept else None)


@pytest.mark.parametrize("etag", ['"a"\r\nX-Evil: 1', "\0", "x" * 5000, '"\xe9"', "\u2028"])
def test_a_stored_validator_that_cannot_be_sent_is_left_out(etag: str) -> None:
    result, server = fetch(always(200, {}, BODY), validators=Validators(etag=etag))
    assert isinstance(result, Fetched)
    assert "if-none-match" not in server.seen[0].headers
    assert "x-evil" not in server.seen[0].headers


def test_a_cookie_is_never_returned() -> None:
    """F-15."""

    async def run() -> None:
        handle = always(200, {"Set-Cookie": "id=1; Path=/"}, BODY)
        async with serving(handle) as server, outbound() as out:
            for _ in range(3):
                assert isinstance(await ask(out, server.url()), Fetched)
            assert all("cookie" not in seen.headers for seen in server.seen)

    asyncio.run(run())


def test_a_feed_cannot_overwrite_what_is_ours_to_write() -> None:
    headers = (
        ("accept-encoding", Secret("br")),
        ("Host", Secret("evil.example")),
        ("Range", Secret("bytes=0-9")),
        ("USER-AGENT", Secret("Custom/1")),
        ("Accept", Secret("text/xml")),
    )
    result, server = fetch(always(200, {}, BODY), headers=headers)
    assert isinstance(result, Fetched)
    sent = server.seen[0].headers
    assert sent["accept-encoding"] == "gzip, deflate"
    assert sent["host"].startswith("127.0.0.1")
    assert "range" not in sent
    assert (sent["user-agent"], sent["accept"]) == ("Custom/1", "text/xml")
    assert server.seen[0].raw.lower().count(b"\r\naccept:") == 1


def test_a_header_with_a_line_break_is_not_sent() -> None:
    headers = (("X-Key", Secret("s3cr3t\r\nX-Evil: 1")),)
    result, server = fetch(always(200, {}, BODY), headers=headers)
    assert failed(result).problem is FetchProblem.BAD_URL
    assert "s3cr3t" not in failed(result).message
    assert server.seen == []


@pytest.mark.parametrize(
    ("url", "problem", "message"),
    [
        pytest.param("http://127.0.0.1:1/", "CONNECT", "refused the connection", id="closed port"),
        pytest.param(
            "http://nowhere.invalid/?k=T0K3N", "DNS", "was not found", id="S-10 unknown name"
        ),
        pytest.param(
            "http://10.0.0.1/", "REFUSED_ADDRESS", "network.allow_private", id="S-01 private"
        ),
        pytest.param("http://127.1/", "BAD_URL", "unusual spelling", id="S-02 short address"),
        pytest.param("http://u:T0K3N@a.example/", "BAD_URL", "auth:", id="password in the URL"),
        pytest.param("file:///etc/hostname", "BAD_URL", "http", id="a file"),
        pytest.param("", "BAD_URL", "http", id="nothing"),
    ],
)
def test_no_answer_at_all(url: str, problem: str, message: str) -> None:
    async def run() -> None:
        async with outbound(LOOPBACK) as out:
            result = failed(await ask(out, url))
            assert result.problem is FetchProblem[problem]
            assert message in result.message
            assert "T0K3N" not in result.message

    asyncio.run(run())


# --- hostile servers -----------------------------------------------------------------------


def saying(text: bytes, *, close: bool = False) -> Answer:
    async def handle(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        await writer.drain()
        if close:
            writer.close()

    return handle


def repeating(start: bytes, piece: bytes, pause: float = 0.0) -> Answer:
    async def handle(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return handle


async def silent(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """Accept and say nothing."""


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PLAIN = b"HTTP/1.1 200 OK\r\n\r\n"
LONG = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
GZIP = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"


@pytest.mark.parametrize(
    ("handle", "problem"),
    [
        pytest.param(repeating(PLAIN, b"x" * 65536), "TOO_LARGE", id="S-24 F-41 endless without a length"),
        pytest.param(repeating(LONG, b"x" * 65536), "TOO_LARGE", id="S-24 endless, announced"),
        pytest.param(repeating(CHUNKED, b"400\r\n" + b"x" * 1024 + b"\r\n"), "TOO_LARGE",
                     id="S-24 endless in chunks"),
        pytest.param(repeating(GZIP, gzip.compress(b"x" * 1000)), "TOO_LARGE", id="S-20 endless gzip"),
        pytest.param(repeating(SIZED, b"x", 0.05), "TIMEOUT", id="S-25 one byte at a time"),
        pytest.param(repeating(b"", b"HTTP/1.1 103 Hints\r\n\r\n", 0.001), "BAD_BODY",
                     id="S-27 endless interim answers"),
        pytest.param(silent, "TIMEOUT", id="S-28 accepts and is silent"),
        pytest.param(saying(b"HTTP/1.1 200 OK\r\nX: "), "TIMEOUT", id="stops in the headers"),
        pytest.param(saying(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 2**20), "BAD_BODY",
                     id="S-26 one header of a megabyte"),
        pytest.param(repeating(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 999), "BAD_BODY",
                     id="S-26 endless headers"),
        pytest.param(saying(b"\x16\x03\x01 no http at all\r\n\r\n"), "BAD_BODY", id="not HTTP"),
        pytest.param(saying(SIZED + b"x" * 50, close=True), "BAD_BODY", id="F-41 cut in the middle"),
        pytest.param(saying(CHUNKED + b"5\r\nxxxxx\r\n", close=True), "BAD_BODY",
                     id="chunks without an end"),
        pytest.param(saying(CHUNKED + b"zz\r\n"), "BAD_BODY", id="broken chunks"),
        pytest.param(saying(GZIP + gzip.compress(BODY)[:-9], close=True), "BAD_BODY",
                     id="F-41 gzip cut in the middle"),
        pytest.param(saying(b"", close=True), "BAD_BODY", id="hangs up at once"),
    ],
)  # fmt: skip
def test_a_hostile_server_costs_one_deadline_at_most(handle: Answer, problem: str) -> None:
    async def run() -> None:
        async with serving(handle) as server, outbound() as out:
            begin = time.monotonic()
            result = await ask(out, server.url("/f"), timeout=0.4, max_bytes=200_000)
            assert time.monotonic() - begin < 2.0
            assert failed(result).problem is FetchProblem[problem], result
            await asyncio.wait_for(server.disconnected.wait(), 5)  # the connection is given up

    asyncio.run(run())


def test_a_gzip_bomb_is_stopped_early() -> None:
    """S-23: more than 100:1 beyond a megabyte."""
    packed = gzip.compress(bytes(50_000_000))
    result, _ = fetch(always(200, {"Content-Encoding": "gzip"}, packed), max_bytes=10**9)
    assert failed(result).problem is FetchProblem.TOO_LARGE
    assert "swells" in failed(result).message


def test_a_slow_server_holds_up_nobody_else() -> None:
    """S-29."""

    async def run() -> None:
        async with (
            serving(silent) as slow,
            serving(always(200, {}, BODY)) as fast,
            outbound() as out,
        ):
            stuck = [asyncio.create_task(ask(out, slow.url(), timeout=60)) for _ in range(300)]
            result = await ask(out, fast.url(), timeout=3)
            assert isinstance(result, Fetched)
            for task in stuck:
                task.cancel()
            await asyncio.gather(*stuck, return_exceptions=True)

    asyncio.run(run())


# --- pages ---------------------------------------------------------------------------------


def page(handle: Answer, path: str = "/article?id=T0K3N") -> Fetched | FetchFailed:
    async def run() -> Fetched | FetchFailed:
        async with serving(handle) as server, outbound() as out:
            result = await fetch_page(out.client, server.url(path), max_bytes=100_000, timeout=5)
            assert server.seen[0].headers["accept"].startswith("text/html")
            return result

    return asyncio.run(run())


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("text/html; charset=windows-1252", id="HTML"),
        pytest.param("Application/XHTML+XML", id="XHTML"),
        pytest.param("text/plain", id="plain text"),
        pytest.param("application/xml", id="XML"),
        pytest.param(None, id="no type at all"),
    ],
)
def test_a_page_is_bytes_with_its_type(kind: str | None) -> None:
    result = page(always(200, {"Content-Type": kind} if kind else {}, b"<p>\x93x\x94"))
    assert isinstance(result, Fetched)
    assert (result.body, result.content_type) == (b"<p>\x93x\x94", kind)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        pytest.param("application/pdf", "is a PDF", id="a PDF"),
        pytest.param("video/mp4", "is no page ('video/mp4')", id="a film"),
        pytest.param("application/octet-stream", "is no page", id="anything"),
    ],
)
def test_what_is_no_page_is_not_downloaded(kind: str, words: str) -> None:
    header = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode()
    result = page(repeating(header, b"x" * 65536))
    assert failed(result).problem is FetchProblem.BAD_BODY
    assert words in failed(result).message
    assert "/article" in failed(result).message
    assert "T0K3N" not in failed(result).message


def test_a_page_is_never_unchanged() -> None:
    assert failed(page(always(304))).status == 304
