"""S-09: which ports may be dialled: the web's, and those that a person named."""

import asyncio
from collections.abc import Sequence

import pytest

from monitor.feeds.fetch import fetch_feed, fetch_page, fetch_page_here
from monitor.model import Feed, FeedState, FetchFailed, FetchProblem, FetchResult
from monitor.net.addresses import NOTHING_ALLOWED
from monitor.net.failures import RefusedAddress
from monitor.net.outbound import Outbound
from monitor.net.ports import SERVICES, WEB_PORTS, port_verdict
from tests.net.servers import always, answer, outbound, serving

PUBLIC = "93.184.215.14"
LIMITS = {"max_bytes": 10_000, "timeout": 5.0}


@pytest.mark.parametrize(
    ("port", "ip", "said"),
    [
        pytest.param(80, PUBLIC, None, id="http's own port"),
        pytest.param(443, PUBLIC, None, id="https's own port"),
        pytest.param(8080, PUBLIC, None, id="the other port of http"),
        pytest.param(8443, PUBLIC, None, id="the other port of https"),
        pytest.param(9443, PUBLIC, "no port of the web", id="S-09 any other port of the internet"),
        pytest.param(22, PUBLIC, "other services", id="S-09 SSH"),
        pytest.param(25, PUBLIC, "other services", id="S-09 mail"),
        pytest.param(6379, PUBLIC, "other services", id="S-09 Redis"),
        pytest.param(9443, "10.0.0.1", None, id="an odd port of a private address that is allowed"),
        pytest.param(6379, "10.0.0.1", "other services", id="S-09 Redis on a private address"),
        pytest.param(2375, "127.0.0.1", "other services", id="S-09 Docker on this machine"),
        pytest.param(9443, "fd12::1", None, id="an odd port of a private IPv6 address"),
        pytest.param(9443, "unknown.example", "no port", id="a name that only a proxy knows"),
        pytest.param(8080, "unknown.example", None, id="such a name at a port of the web"),
    ],
)
def test_ports_by_address(port: int, ip: str, said: str | None) -> None:
    why = port_verdict(port, ip, "a.example")
    assert (why is None) if said is None else (said in str(why))
    if why is not None:
        assert why.startswith(f"a.example:{port} is ")
    assert not SERVICES & WEB_PORTS


def test_an_ipv6_address_is_told_in_brackets() -> None:
    assert str(port_verdict(22, "fd12::1", "fd12::1")).startswith("[fd12::1]:22 is ")


def refused(result: FetchResult | object) -> str:
    assert isinstance(result, FetchFailed), result
    assert result.problem is FetchProblem.REFUSED_ADDRESS
    return result.message


async def public(host: str) -> Sequence[str]:
    return [PUBLIC]


def test_s09_a_redirect_or_link_to_another_services_port_is_refused() -> None:
    """S-09: never dialled; the feed's error names host and port."""

    async def run() -> None:
        for port in (22, 25, 6379):
            away = answer(302, {"Location": f"http://127.0.0.1:{port}/"})

            async def handle(seen: object, writer: asyncio.StreamWriter, say: bytes = away) -> None:
                writer.write(say)

            async with serving(handle) as server, outbound() as out:
                feed = Feed(server.url("/feed"))
                result = await fetch_feed(out.client, feed, FeedState(feed.url), **LIMITS)  # type: ignore[arg-type]  # a table
                assert f"127.0.0.1:{port} is a port of other services" in refused(result)
                link = f"http://127.0.0.1:{port}/article"
                page = await fetch_page_here(out.client, link, **LIMITS)  # type: ignore[arg-type]  # a table
                assert "other services" in refused(page)

    asyncio.run(run())


def test_s09_on_the_internet_only_the_webs_ports_and_those_that_a_person_named() -> None:
    """S-09: what a person typed is dialled (and refused by nobody but this machine)."""

    async def run() -> None:
        async with outbound(NOTHING_ALLOWED, resolver=public) as out:
            link = "http://news.example:9443/article"
            assert "news.example:9443 is no port of the web" in refused(await page(out, link))
            feed = Feed("http://news.example:9443/feed")
            asked = await fetch_feed(out.client, feed, FeedState(feed.url), **LIMITS)  # type: ignore[arg-type]  # a table
            assert isinstance(asked, FetchFailed)
            assert asked.problem is FetchProblem.CONNECT  # the tests' fence
            pages = await page(out, link)  # of the very place that the feed's address names
            assert isinstance(pages, FetchFailed)
            assert pages.problem is FetchProblem.CONNECT
            assert "other.example:9443" in refused(await page(out, "http://other.example:9443/"))
            assert "news.example:9444" in refused(await page(out, "http://news.example:9444/"))
            typed = await fetch_page(out.client, "http://mine.example:9999/x", **LIMITS)  # type: ignore[arg-type]  # a table
            assert typed.problem is FetchProblem.CONNECT  # type: ignore[union-attr]  # it fails

    async def page(out: Outbound, url: str) -> object:
        return await fetch_page_here(out.client, url, **LIMITS)  # type: ignore[arg-type]  # a table

    asyncio.run(run())


def test_s09_a_sitemap_that_a_site_wrote_names_no_port_for_us() -> None:
    async def run() -> None:
        async with outbound(NOTHING_ALLOWED, resolver=public) as out:
            feed = Feed("http://news.example:5000/sitemap.xml")
            state = FeedState(feed.url)
            result = await fetch_feed(out.client, feed, state, typed=False, **LIMITS)  # type: ignore[arg-type]  # a table
            assert "no port of the web" in refused(result)

    asyncio.run(run())


def test_s09_behind_a_proxy_the_target_is_judged_and_not_the_proxy() -> None:
    async def run() -> None:
        async with (
            serving(always(200)) as proxy,
            outbound(NOTHING_ALLOWED, resolver=public, proxy=proxy.url()) as out,
        ):
            assert (await out.client.get("http://news.example/")).status_code == 200
            for url in ("http://news.example:22/", "http://news.example:5000/"):
                with pytest.raises(RefusedAddress, match="port"):
                    await out.client.get(url)
            assert len(proxy.seen) == 1

    asyncio.run(run())


def test_a_notifier_goes_where_the_person_who_set_it_up_said() -> None:
    async def run() -> None:
        async with serving(always(200)) as server, outbound(NOTHING_ALLOWED) as out:
            assert (await out.notifier_client.post(server.url(), content=b"x")).status_code == 200

    asyncio.run(run())
