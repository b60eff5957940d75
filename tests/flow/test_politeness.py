"""Manners towards hosts, as the whole program has them; and that nobody waits for the ill-mannered.

Several servers stand for several hosts: hosts are told apart by name and port.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from monitor.app import App
from monitor.articles.robots import DISALLOWED
from monitor.model import FeedState, FetchFailed, FetchProblem
from monitor.pipeline.asking import ask_page
from monitor.pipeline.reach import Reach
from monitor.pipeline.robots import ASKED_AGAIN_AFTER, GIVEN_UP_AFTER, MOST_ORIGINS, RobotsMemory
from tests.flow.newsroom import FERRY_RULE, Newsroom
from tests.flow.outlets import Answer, Item, Site, feed, rss, semantic
from tests.flow.reports import FERRY
from tests.net.servers import Seen, Server, answer, serving

EVERYBODY_OUT = "User-agent: *\nDisallow: /\n"
TEXT = "text/plain; charset=utf-8"


async def what_is_due(app: App) -> None:
    """One look at what is due, without force."""
    await app.dispatcher.polls()
    await app.dispatcher.idle()


def report(number: int = 0) -> tuple[str, tuple[str, ...]]:
    """A title and paragraphs that no other report shares."""
    return f"Ferry {number} leaves", (f"Ferry number {number} left today.", *FERRY.paragraphs)


# --- robots.txt -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("robots", "config", "quality", "asked"),
    [
        pytest.param(Answer(404, "no"), "respect", "ok", 1, id="there is none"),
        pytest.param(Answer(403, "no"), "respect", "ok", 1, id="403 counts as none"),
        pytest.param(Answer(200, "User-agent: *\nDisallow: /x\n", TEXT), "respect", "ok", 1,
                     id="other pages are forbidden"),
        pytest.param(Answer(200, EVERYBODY_OUT, TEXT), "respect", "summary", 1, id="forbidden"),
        pytest.param(Answer(200, EVERYBODY_OUT, TEXT), "ignore", "ok", 0, id="forbidden, ignored"),
        pytest.param(Answer(500, "ill"), "respect", "summary", 1, id="500 forbids for now"),
        pytest.param(Answer(429, "no"), "respect", "summary", 1, id="so does 429"),
        pytest.param(Answer(302, headers=(("Location", "/robots.txt"),)), "respect", "ok", 1,
                     id="a redirect in a circle counts as none"),
        pytest.param(Answer(200, "#" * 2_000_000, TEXT), "respect", "ok", 1, id="two megabytes"),
    ],
)  # fmt: skip
def test_pages_are_read_as_robots_txt_allows_and_no_alert_is_lost(
    site: Site, newsroom: Newsroom, robots: Answer, config: str, quality: str, asked: int
) -> None:
    site.serve("/robots.txt", robots)
    items = []
    for number in range(3):
        title, words = report(number)
        items.append(Item(title, site.page(f"/{number}", semantic(title, words)), f"{title} now."))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(site.serve("/feed", feed(*items)), articles={"robots": config})
    newsroom.run()
    alerts = newsroom.archive()
    assert len(alerts) == 3
    assert {alert["quality"] for alert in alerts} == {quality}
    assert len(site.to("/robots.txt")) == asked
    assert len(site.to("/0")) == (1 if quality == "ok" else 0)
    if quality == "summary":
        assert all("robots.txt" in alert["quality_reason"] for alert in alerts)


def test_a_forbidden_page_says_so(site: Site, newsroom: Newsroom) -> None:
    site.serve("/robots.txt", Answer(200, EVERYBODY_OUT, TEXT))
    site.serve("/feed", feed(Item(FERRY.title, f"{site.base}/page", "A ferry sank.")))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(f"{site.base}/feed")
    newsroom.run()
    (alert,) = newsroom.archive()
    assert DISALLOWED in alert["quality_reason"]


def test_f58_nothing_but_the_feed_is_asked_of_a_feeds_host(newsroom: Newsroom) -> None:
    with Site() as pages, Site() as feeds:
        link = pages.page("/page", semantic(FERRY.title, FERRY.paragraphs))
        feeds.serve("/robots.txt", Answer(200, EVERYBODY_OUT, TEXT))
        address = feeds.serve("/feed", feed(Item(FERRY.title, link)))
        newsroom.rule("ferries.yaml", FERRY_RULE).watching(address)
        newsroom.run()
        newsroom.run()
        assert [one.path for one in feeds.asked] == ["/feed", "/feed"]
        assert [one.path for one in pages.asked] == ["/robots.txt", "/page"]
    assert len(newsroom.archive()) == 1


def test_each_site_on_the_way_to_a_page_is_asked_by_its_own_rules(newsroom: Newsroom) -> None:
    with Site() as shortener, Site() as outlet:
        outlet.serve("/robots.txt", Answer(200, EVERYBODY_OUT, TEXT))
        target = outlet.page("/page", semantic(FERRY.title, FERRY.paragraphs))
        short = shortener.serve("/s", Answer(302, headers=(("Location", target),)))
        address = shortener.serve("/feed", feed(Item(FERRY.title, short, "A ferry sank.")))
        newsroom.rule("ferries.yaml", FERRY_RULE).watching(address)
        newsroom.run()
        assert [one.path for one in outlet.asked] == ["/robots.txt"]
    assert newsroom.archive()[0]["quality"] == "summary"


def test_a_crawl_delay_is_kept_between_pages(site: Site, newsroom: Newsroom) -> None:
    site.serve("/robots.txt", Answer(200, "User-agent: *\nCrawl-delay: 0.3\n", TEXT))
    items = []
    for number in range(3):
        title, words = report(number)
        items.append(Item(title, site.page(f"/{number}", semantic(title, words))))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(site.serve("/feed", feed(*items)), polling={"per_host": 1})
    newsroom.run()
    times = sorted(site.to(f"/{number}")[0].at for number in range(3))
    assert min(b - a for a, b in pairwise(times)) >= 0.3


def test_robots_txt_is_asked_once_a_day_and_remembered_for_so_many_sites() -> None:
    asked: list[str] = []

    async def ask(url: str) -> FetchFailed:
        asked.append(url)
        return FetchFailed(url, FetchProblem.HTTP, "none", 404)

    async def run() -> None:
        memory = RobotsMemory()
        now = datetime(2026, 11, 22, tzinfo=UTC)

        async def look(url: str, later: timedelta = timedelta(0)) -> None:
            found = await memory.permission(url, ask=ask, user_agent="x/1", now=now + later)
            assert found.refusal is None

        await asyncio.gather(*(look(f"https://a.example/{n}") for n in range(20)))
        assert asked == ["https://a.example/robots.txt"]
        await look("https://a.example/", timedelta(hours=23))
        assert len(asked) == 1
        await look("https://a.example/", timedelta(hours=25))
        await look("https://a.example/", timedelta(days=-300))  # the clock was put right
        assert len(asked) == 3
        for number in range(MOST_ORIGINS + 100):
            await look(f"https://n{number}.example/")
        assert len(memory) == MOST_ORIGINS

    asyncio.run(run())


def test_a_robots_txt_out_of_reach_forbids_for_three_days_and_then_counts_as_none() -> None:
    async def ill(url: str) -> FetchFailed:
        return FetchFailed(url, FetchProblem.HTTP, "a.example answered 500", 500)

    async def run() -> None:
        memory = RobotsMemory()
        now = datetime(2026, 11, 22, tzinfo=UTC)

        async def refused(later: timedelta) -> bool:
            page = "https://a.example/page"
            found = await memory.permission(page, ask=ill, user_agent="x/1", now=now + later)
            return found.refusal is not None

        assert await refused(timedelta(0))
        assert await refused(ASKED_AGAIN_AFTER * 2)
        assert await refused(GIVEN_UP_AFTER - timedelta(minutes=1))
        assert not await refused(GIVEN_UP_AFTER + timedelta(minutes=1))

    asyncio.run(run())


# --- hosts that ask for rest -----------------------------------------------------------------


LIMITED = Answer(429, "slowly", headers=(("Retry-After", "3600"),))


@pytest.mark.parametrize(
    ("scope", "asked"),
    [
        pytest.param("host", 0, id="F-34 the whole host rests"),
        pytest.param("feed", 1, id="F-34 the feed alone rests"),
    ],
)
def test_f34_whom_a_429_stops(site: Site, newsroom: Newsroom, scope: str, asked: int) -> None:
    site.serve("/a", LIMITED)
    site.serve("/b", feed())
    polling = {"retry_after_scope": scope, "per_host": 1}
    newsroom.watching(f"{site.base}/a", polling=polling)
    newsroom.run()
    newsroom.watching(f"{site.base}/a", f"{site.base}/b", polling=polling)
    newsroom.run()  # another start of the program: the wish is remembered
    assert (len(site.to("/a")), len(site.to("/b"))) == (1, asked)
    newsroom.clock.advance(3601)
    newsroom.run()
    assert len(site.to("/b")) == asked + 1


def test_a_resting_host_holds_up_no_alert_from_others(newsroom: Newsroom) -> None:
    """Twenty pages of a host that rests for an hour: each alerts with the feed's own text."""
    with Site() as ill, Site() as well:
        ill.serve("/feed", LIMITED)
        items = [Item(report(n)[0], f"{ill.base}/{n}", f"{report(n)[0]} now.") for n in range(20)]
        title, words = report(99)
        items.append(Item(title, well.page("/page", semantic(title, words))))
        newsroom.rule("ferries.yaml", FERRY_RULE)
        polling = {"backfill": 100}
        newsroom.watching(f"{ill.base}/feed", polling=polling)
        newsroom.run()
        newsroom.watching(f"{ill.base}/feed", well.serve("/feed", feed(*items)), polling=polling)
        began = time.monotonic()
        newsroom.run()
        assert time.monotonic() - began < 10
        assert [one.path for one in ill.asked] == ["/feed"]
    qualities = [alert["quality"] for alert in newsroom.archive()]
    assert (qualities.count("summary"), qualities.count("ok")) == (20, 1)


def test_a_page_that_says_too_often_stops_the_host_too(site: Site, newsroom: Newsroom) -> None:
    site.serve("/page", LIMITED)
    site.serve("/other", Answer(body=semantic("x", ("y",))))

    async def pages(app: App) -> None:
        for path, words in (("/page", "429"), ("/other", "left alone")):
            result = await ask_page(app.tools, site.base + path)
            assert isinstance(result, FetchFailed)
            assert words in result.message

    newsroom.watching(site.serve("/feed", feed()))
    newsroom.run(pages)
    assert site.to("/other") == []


# --- starts and outages ----------------------------------------------------------------------


def test_f24_a_restart_asks_nobody_who_is_not_due(site: Site, newsroom: Newsroom) -> None:
    newsroom.watching(*(site.serve(f"/{n}", feed()) for n in range(5)))
    newsroom.run()
    newsroom.clock.advance(100)
    newsroom.run(what_is_due)
    assert len(site.asked) == 5


def test_f28_after_a_long_stop_every_feed_is_polled_once_in_turn(
    site: Site, newsroom: Newsroom
) -> None:
    newsroom.watching(*(site.serve(f"/{n}", feed()) for n in range(30)))
    newsroom.run()
    newsroom.clock.advance(8 * 3600)

    async def first_seconds(app: App) -> None:
        await what_is_due(app)
        assert 30 < len(site.asked) < 60
        for _ in range(4):
            newsroom.clock.advance(1)
            await what_is_due(app)

    newsroom.run(first_seconds)
    assert len(site.asked) == 60


def test_f36_an_outage_of_our_own_is_told_once_and_counts_nothing(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    feeds = [f"http://127.0.0.1:{port}/feed" for port in range(1, 7)]  # nobody listens there
    hosts = [f"http://127.0.0.{host}:1/feed" for host in range(2, 8)]
    network = {"allow_private": ["127.0.0.0/8"]}
    newsroom.watching(*feeds, *hosts, network=network)
    states: list[FeedState] = []

    async def six_hours(app: App) -> None:
        for _ in range(24):
            await what_is_due(app)
            newsroom.clock.advance(900)
        states.extend((await app.tools.thread.call(app.tools.store.states)).values())

    with caplog.at_level(logging.WARNING):
        newsroom.run(six_hours)
    told = [one for one in caplog.records if "is this machine online" in one.getMessage()]
    assert len(told) == 1
    assert len(states) == 12
    assert max(state.failures for state in states) <= 2
    late = newsroom.clock() + timedelta(minutes=6)
    assert all(state.next_poll_at and state.next_poll_at <= late for state in states)


def test_f36_its_end_is_told(caplog: pytest.LogCaptureFixture) -> None:
    reach, now = Reach(), datetime(2026, 11, 22, tzinfo=UTC)
    failed = FetchFailed("x", FetchProblem.DNS, "no name")
    answered = FetchFailed("x", FetchProblem.HTTP, "answered 500", 500)
    with caplog.at_level(logging.WARNING):
        for result in (failed, answered, failed, answered):
            for number in range(10):
                reach.note(f"https://n{number}.example/", result, (), now)
    said = [one.getMessage() for one in caplog.records]
    assert [("online" in text, "again" in text) for text in said] == [
        (True, False), (False, True), (True, False), (False, True),
    ]  # fmt: skip
    assert reach.online


# --- nobody waits for the ill-mannered ---------------------------------------------------------

PACE = 60.0  # seconds of the program's clock in one of ours
EVERY = 120.0  # seconds of the program's clock
RUN = 6.0  # seconds of ours


@dataclass(slots=True)
class Hasty:
    """A clock that runs sixty times as fast."""

    began: float = field(default_factory=time.monotonic)
    start: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.start + timedelta(seconds=(time.monotonic() - self.began) * PACE)


async def hang(_: Seen, writer: asyncio.StreamWriter) -> None:
    """Take the request and say nothing."""
    await asyncio.sleep(60)


async def drip(_: Seen, writer: asyncio.StreamWriter) -> None:
    """One byte at a time, for ever."""
    writer.write(b"HTTP/1.1 200 X\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"<")
        await writer.drain()
        await asyncio.sleep(0.05)


def noting(times: list[float]) -> Callable[[Seen, asyncio.StreamWriter], "asyncio.Future[None]"]:
    """A feed that writes down when it was asked."""
    text = answer(200, {"Content-Type": "application/rss+xml", "ETag": '"a"'}, rss().encode())

    async def handle(seen: Seen, writer: asyncio.StreamWriter) -> None:
        times.append(time.monotonic())
        writer.write(answer(304) if "if-none-match" in seen.headers else text)

    return handle  # type: ignore[return-value]  # a coroutine function is as good


def test_f56_twenty_hanging_hosts_a_dripping_and_a_crowded_one_delay_nobody(
    newsroom: Newsroom,
) -> None:
    """Every other feed is polled within its interval and a minute, in the program's own time."""
    asked: list[list[float]] = [[] for _ in range(20)]
    newsroom.clock = Hasty()  # type: ignore[assignment]  # a clock that nobody has to move

    async def run() -> None:
        async with AsyncExitStack() as stack:

            async def host(handle: object) -> Server:
                return await stack.enter_async_context(serving(handle))  # type: ignore[arg-type]

            ill = [(await host(hang)).url("/feed") for _ in range(20)]
            ill.append((await host(drip)).url("/feed"))
            crowd = await host(noting([]))
            many = [crowd.url(f"/feed{number}") for number in range(500)]
            good = [(await host(noting(times))).url("/feed") for times in asked]
            newsroom.watching(
                *ill, *many, *good,
                polling={"every": f"{EVERY:.0f}s", "per_host": 1, "host_gap": "0.02s",
                         "timeout": "1s"},
            )  # fmt: skip
            async with newsroom.open() as app:
                end = time.monotonic() + RUN
                while time.monotonic() < end:
                    await app.dispatcher.polls()
                    await asyncio.sleep(0.05)
                await app.dispatcher.stop(0.0)

    began = time.monotonic()
    asyncio.run(run())
    for times in asked:
        assert len(times) >= 2
        gaps = [(b - a) * PACE for a, b in pairwise(times)]
        # the second poll of a new feed comes up to an interval later, to spread them
        assert max(gaps[1:], default=0) <= EVERY * 1.1 + 60
        assert gaps[0] <= 2 * EVERY * 1.1 + 60
        assert times[0] - began < 4
