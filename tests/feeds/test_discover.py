"""Finding the feeds of a site: what is read from its pages, what is asked, and what is left alone."""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.discover_links import (
    Way,
    links_in,
    looks_like_feed,
    same_site,
    sitemaps_in,
    usual_places,
)
from monitor.feeds.discover_plan import MOST_REQUESTS
from monitor.feeds.discover_rhythm import rhythm, words
from monitor.feeds.discover_site import Discovery, discover
from monitor.feeds.fetch import fetch_feed
from monitor.feeds.parse import parse_feed
from monitor.model import (
    Entry,
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    FetchProblem,
    FetchResult,
    Freshness,
    ParsedFeed,
    Validators,
)
from monitor.net.addresses import parse_allowance
from tests.net.servers import answer, by_path, outbound, serving

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE = "https://example.org/"


def rss(
    title: str = "Sample Herald", entries: int = 3, start: str = "", language: str = ""
) -> bytes:
    items = "".join(
        f"<item><title>{start}Report {n}</title><link>https://example.org/{start}{n}</link>"
        f"<pubDate>{(NOW - timedelta(hours=2 * n)).strftime('%a, %d %b %Y %H:%M:%S +0000')}</pubDate></item>"
        for n in range(entries)
    )
    spoken = f"<language>{language}</language>" if language else ""
    return f"<rss version='2.0'><channel><title>{title}</title>{spoken}{items}</channel></rss>".encode()


def page(text: str, head: str = "") -> bytes:
    return f"<!doctype html><html lang=fr><head><title>S</title>{head}</head><body>{text}</body></html>".encode()


def link(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f"<link rel=alternate type='{kind}' href='{href}' title='{title}'>"


def index(*paths: str) -> bytes:
    listed = "".join(f"<sitemap><loc>{path}</loc></sitemap>" for path in paths)
    return f"<sitemapindex>{listed}</sitemapindex>".encode()


def sitemap(start: str = "") -> bytes:
    return (
        "<urlset>"
        + "".join(f"<url><loc>https://example.org/{start}{n}</loc></url>" for n in range(3))
        + "</urlset>"
    ).encode()


PAGES = [
    pytest.param(link("/feed"), [("https://example.org/feed", Way.LINK)], id="an announced feed"),
    pytest.param(link("/a", "application/atom+xml; charset=utf-8") + link("/j", "application/feed+json"), [("https://example.org/a", Way.LINK), ("https://example.org/j", Way.LINK)], id="Atom and JSON Feed"),
    pytest.param("<link rel='ALTERNATE nofollow' type='Application/RSS+XML' href=x>", [("https://example.org/x", Way.LINK)], id="upper case and unquoted"),
    pytest.param("<link rel=alternate hreflang=de href=/de>", [], id="another language is no feed"),
    pytest.param(link("/wp-json/x", "application/json"), [], id="JSON that nothing calls a feed"),
    pytest.param(link("/feed.json", "application/json"), [("https://example.org/feed.json", Way.LINK)], id="JSON that is called a feed"),
    pytest.param("<link rel=stylesheet href=/feed.xml>", [], id="a style sheet"),
    pytest.param(link("/comments/feed/"), [("https://example.org/comments/feed/", Way.COMMENTS)], id="comments count less"),
    pytest.param("<base href='https://example.org/sub/'>" + link("feed"), [("https://example.org/sub/feed", Way.LINK)], id="a base"),
    pytest.param(link("feed://example.org/f") + link("feed:https://example.org/g"), [("http://example.org/f", Way.LINK), ("https://example.org/g", Way.LINK)], id="feed: addresses"),
    pytest.param("<a href='/news/rss.xml'>x</a>", [("https://example.org/news/rss.xml", Way.ANCHOR)], id="a link that looks like a feed"),
    pytest.param("<a href='https://feeds.example.com/top'>Top</a>", [("https://feeds.example.com/top", Way.ANCHOR)], id="a feed on another host"),
    pytest.param("<a href='/about/services'><b>Our</b> RSS feeds</a>", [("https://example.org/about/services", Way.PAGE)], id="a page whose link speaks of RSS"),
    pytest.param("<a href='/rss-feeds.html'>x</a>", [("https://example.org/rss-feeds.html", Way.PAGE)], id="a page whose address speaks of feeds"),
    pytest.param("<a href='https://example.com/rss-feeds'>RSS</a>", [], id="a list on a foreign site"),
    pytest.param("<a href='/feedback'>Feedback</a><a href='/atomic-energy'>Atomic energy</a>", [], id="words that only begin so"),
    pytest.param("<a href='/feed'>1</a>" + link("/feed/"), [("https://example.org/feed/", Way.LINK)], id="twice: the better way counts"),
    pytest.param("<a href='javascript:x'>RSS</a><a href='file:///feed.xml'>x</a><a>RSS</a>", [], id="no http"),
    pytest.param(link("http://[bad/"), [], id="an address that is none"),
    pytest.param("<!-- " + link("/feed") + " -->", [], id="a comment"),
    pytest.param(link("/feed#top"), [("https://example.org/feed", Way.LINK)], id="a fragment"),
    pytest.param(link(SITE), [], id="the page itself"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "leads"), PAGES)
def test_what_a_page_points_at(text: str, leads: list[tuple[str, Way]]) -> None:
    found = links_in(page(text), SITE, "text/html")
    assert [(lead.url, lead.way) for lead in found.leads] == leads
    assert found.language == "fr"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<a href='" * 200_000, id="links that never close"),
        pytest.param(b"<div>" * 200_000, id="deep"),
        pytest.param(
            b"<a " + b" ".join(b"a%d=1" % n for n in range(150_000)) + b">", id="attributes"
        ),
        pytest.param(b"<a href=/rss>" + b"x" * 2_000_000, id="a long text"),
        pytest.param(b"<a href=/rss%d>RSS</a>" * 80_000, id="many links"),
        pytest.param(b"<base href='http://[x'>" + link("/feed").encode(), id="a broken base"),
        pytest.param(bytes(range(256)) * 1000, id="bytes"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff\xfe" + "<a href=/rss>x</a>".encode("utf-16-le"), id="UTF-16"),
    ],
)
def test_a_hostile_page_costs_little(body: bytes) -> None:
    start = time.monotonic()
    assert len(links_in(body, SITE, None).leads) <= 200
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("url", "looks"),
    [
        *[(f"https://example.org/{path}", True) for path in ("feed", "feed/", "rss", "a/rss/", "x.rss", "index.xml", "rss.php", "feed/atom/", "atom.xml", "rss/world.xml", "feeds/all.atom.xml", "?feed=rss2", "x?format=rss", "news.rdf", "rss_full.xml")],
        *[(f"https://example.org/{path}", False) for path in ("", "feeds", "feedback", "sitemap.xml", "a.xml", "brass", "rss-feeds.html", "x?rssid=1", "news/feed-the-birds")],
        ("https://feeds.example.org/x", True),
        ("https://feeds.example.org/", False),
        ("http://[x", False),
    ],
)  # fmt: skip
def test_addresses_that_look_like_feeds(url: str, looks: bool) -> None:
    assert looks_like_feed(url) == looks


def test_what_belongs_to_one_site() -> None:
    assert same_site("https://www.example.org/a", "http://news.example.org/")
    assert not same_site("https://example.org/", "https://badexample.org/")
    assert not same_site("nonsense", "nonsense")


def test_robots_names_sitemaps_of_news() -> None:
    robots = b"User-agent: *\r\nSITEMAP: https://example.org/news-sitemap.xml\nSitemap: /all.xml\n  Sitemap:/sitemaps/actu.xml # x\nSitemap: javascript:news\n"
    assert [lead.url for lead in sitemaps_in(robots, "https://example.org/robots.txt")] == [
        "https://example.org/news-sitemap.xml", "https://example.org/sitemaps/actu.xml",
    ]  # fmt: skip


def test_usual_places_begin_below_the_page() -> None:
    places = [lead.url for lead in usual_places("https://example.org/blog/a")]
    assert places[:2] == ["https://example.org/blog/feed/", "https://example.org/feed/"]
    assert len(places) == len(set(places)) <= 9


def entries(*hours: float | None) -> list[Entry]:
    return [
        Entry(str(n), None, "", published=None if h is None else NOW - timedelta(hours=h))
        for n, h in enumerate(hours)
    ]


@pytest.mark.parametrize(
    ("ages", "said"),
    [
        pytest.param([], "no dates", id="no entries"),
        pytest.param([None, None], "no dates", id="entries without dates"),
        pytest.param([0.5], "newest 30 min ago", id="one entry"),
        pytest.param([5, 5, 5], "newest 5 h ago", id="all of one moment"),
        pytest.param(
            [n * 2 for n in range(10)], "about 12 a day, newest just now", id="twelve a day"
        ),
        pytest.param(
            [*[n * 2 for n in range(9)], 90_000],
            "about 12 a day, newest just now",
            id="an ancient one that is pinned",
        ),
        pytest.param(
            [-1000, 24, 48, 72], "about 1 a day, newest 24 h ago", id="a date far ahead is none"
        ),
        pytest.param(
            [24 * 7 * n for n in range(1, 5)], "about 1 a week, newest 7 days ago", id="weekly"
        ),
        pytest.param(
            [24 * 400 + 24 * 30 * n for n in range(5)],
            "about 1 a month, newest 13 months ago",
            id="monthly, long ago",
        ),
        pytest.param(
            [24 * 365 * 3, 24 * 365 * 6],
            "less than one a year, newest 3 years ago",
            id="hardly ever",
        ),
    ],
)
def test_rhythm_in_words(ages: list[float | None], said: str) -> None:
    assert words(rhythm(entries(*ages), NOW), NOW) == said


class World:
    """Sites as a table: address → bytes, a redirect (text), a status (number) or a problem."""

    def __init__(self, answers: Mapping[str, bytes | str | int | FetchProblem]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def ask(self, url: str) -> FetchResult:
        self.asked.append(url)
        found, final = self.answers.get(url, 404), url
        if isinstance(found, str) and not isinstance(found, FetchProblem):
            final, found = found, self.answers.get(found, 404)
        if isinstance(found, FetchProblem):
            return FetchFailed(url, found, "no")
        if isinstance(found, int):
            return FetchFailed(url, FetchProblem.HTTP, f"answered {found}", found)
        assert isinstance(found, bytes)
        return Fetched(url, final, 200, found, None, Validators(), Freshness())

    async def parse(self, body: bytes, url: str, content_type: str | None) -> ParsedFeed:
        return parse_feed(body, url, content_type)

    def discover(self, site: str = SITE) -> Discovery:
        return asyncio.run(discover(site, self.ask, self.parse, now=NOW))


HUNTS = [
    pytest.param({SITE: rss()}, [SITE], 1, id="the address is a feed: nothing else is asked"),
    pytest.param({SITE: page("", link("/f")), f"{SITE}f": rss()}, [f"{SITE}f"], 3, id="an announced feed: no guessing, but robots.txt"),
    pytest.param({SITE: page("<a href=/rss>RSS</a>"), f"{SITE}rss": page("<a href=/rss/a.xml>A</a><a href=/b.rss>B</a>"), f"{SITE}rss/a.xml": rss(start="a"), f"{SITE}b.rss": rss(start="b")}, [f"{SITE}rss/a.xml", f"{SITE}b.rss"], 5, id="a page that lists feeds is followed"),
    pytest.param({SITE: page("<a href=/feeds>RSS</a>"), f"{SITE}feeds": page("<a href=/feeds/more.html>more RSS feeds</a>")}, [], 10, id="but one level only"),
    pytest.param({SITE: page("x"), f"{SITE}rss.xml": rss()}, [f"{SITE}rss.xml"], 5, id="a usual place: guessing ends with the first"),
    pytest.param({SITE: 403, f"{SITE}feed/": rss()}, [f"{SITE}feed/"], 3, id="a site that turns programs away may still have a feed"),
    pytest.param({SITE: FetchProblem.DNS}, [], 1, id="no such host: nothing else is asked"),
    pytest.param({SITE: FetchProblem.REFUSED_ADDRESS}, [], 1, id="an address inside the house: nothing else is asked"),
    pytest.param({SITE: page("", link("/f") + link("/g")), f"{SITE}f": FetchProblem.RATE_LIMITED}, [], 2, id="asked too often: it is left alone"),
    pytest.param({SITE: page("", link("https://other.example/f") + link("/g")), "https://other.example/f": FetchProblem.DNS, f"{SITE}g": rss()}, [f"{SITE}g"], 4, id="a foreign host that is down ends nothing"),
    pytest.param({SITE: page("", link("/f") + link("/a")), f"{SITE}f": rss(), f"{SITE}a": rss("as Atom")}, [f"{SITE}f"], 4, id="the same entries twice are one feed"),
    pytest.param({SITE: page("", link("/f") + link("/a")), f"{SITE}f": f"{SITE}x", f"{SITE}a": f"{SITE}x", f"{SITE}x": rss()}, [f"{SITE}f"], 4, id="two addresses that lead to one"),
    pytest.param({SITE: "https://www.example.org/", "https://www.example.org/": page("", link("/f")), "https://www.example.org/f": rss()}, ["https://www.example.org/f"], 3, id="a redirect of the site"),
    pytest.param({SITE: page("".join(link(f"/f{n}") for n in range(99))), **{f"{SITE}f{n}": rss(start=f"{n}-") for n in range(99)}}, [f"{SITE}f{n}" for n in range(19)], MOST_REQUESTS, id="99 feeds: twenty requests"),
    pytest.param({SITE: page("".join(link(f"/f{n}") for n in range(99)))}, [], MOST_REQUESTS, id="99 feeds that are none: twenty requests"),
    pytest.param({SITE: page("x"), f"{SITE}robots.txt": b"Sitemap: /news.xml", f"{SITE}news.xml": rss()}, [f"{SITE}news.xml"], 11, id="what robots.txt names is asked last"),
    pytest.param({SITE: page("x"), f"{SITE}robots.txt": b"Sitemap: /news.xml", f"{SITE}news.xml": index("/a.xml", "/b.xml"), f"{SITE}a.xml": sitemap(), f"{SITE}b.xml": sitemap("b")}, [f"{SITE}news.xml"], 12, id="an index of sitemaps is proven by one of them, and is the feed itself"),
    pytest.param({SITE: index("/a.xml", "/b.xml", "/c.xml"), f"{SITE}b.xml": 500, f"{SITE}c.xml": sitemap()}, [SITE], 4, id="an index that was given: nothing else is asked"),
    pytest.param({SITE: index("/pages.xml", "/news-1.xml"), f"{SITE}pages.xml": sitemap("p"), f"{SITE}news-1.xml": sitemap()}, [SITE], 2, id="the sitemaps of an index that speak of news go first"),
    pytest.param({SITE: index("/a.xml"), f"{SITE}a.xml": index("/b.xml"), f"{SITE}b.xml": sitemap()}, [], 2, id="an index of indexes goes too far"),
    pytest.param({SITE: index(*(f"/{n}.xml" for n in range(50)))}, [], 5, id="an index of sitemaps that are gone"),
    pytest.param({SITE: index()}, [], 1, id="an empty index"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "feeds", "requests"), HUNTS)
def test_a_site_is_asked_as_little_as_possible(
    answers: Mapping[str, bytes | str | int | FetchProblem], feeds: list[str], requests: int
) -> None:
    world = World(answers)
    found = world.discover()
    assert [feed.url for feed in found.feeds] == feeds
    assert (found.requests, len(world.asked)) == (requests, requests)
    assert len(set(world.asked)) == len(world.asked) <= MOST_REQUESTS
    assert feeds or found.told or answers[SITE] not in (403, FetchProblem.DNS)


def test_what_is_known_of_a_feed_that_was_found() -> None:
    found = World(
        {SITE: page("", link("/f", title="RSS") + link("/a")), f"{SITE}f": rss(), f"{SITE}a": rss()}
    ).discover()
    (feed,) = found.feeds
    assert (feed.title, feed.format, feed.entries, feed.way) == (
        "Sample Herald",
        "rss 2.0",
        3,
        Way.LINK,
    )
    assert (feed.language, feed.says_language, feed.also) == ("fr", False, (f"{SITE}a",))
    assert [title for _, title in feed.samples] == ["Report 0", "Report 1", "Report 2"]
    assert words(feed.rhythm, NOW) == "about 12 a day, newest just now"


def test_feeds_that_were_not_asked_are_named() -> None:
    many = {f"{SITE}f{n}": rss(start=f"{n}-") for n in range(30)}
    found = World({SITE: page("".join(map(link, many))), **many}).discover()
    assert len(found.untried) == 30 - len(found.feeds) == 11


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        pytest.param({"https://example.org/": rss()}, ["https://example.org/"], id="https first"),
        pytest.param(
            {"https://example.org/": FetchProblem.CONNECT, "http://example.org/": rss()},
            ["https://example.org/", "http://example.org/"],
            id="http where nobody answers",
        ),
    ],
)
def test_a_bare_host_name(
    answers: dict[str, bytes | str | int | FetchProblem], asked: list[str]
) -> None:
    world = World(answers)
    found = world.discover("example.org")
    assert (world.asked, len(found.feeds), found.requests) == (asked, 1, len(asked))


@pytest.mark.parametrize(
    "site",
    ["", "https://", "ftp://example.org/", "https://u:secret@example.org/", "http://[x", "a b"],
)
def test_an_address_that_cannot_be_asked(site: str) -> None:
    world = World({})
    found = world.discover(site)
    assert (world.asked, found.feeds, len(found.told)) == ([], (), 1)
    assert "secret" not in found.told[0] + found.site


def test_a_server_that_never_answers_is_left_at_the_deadline() -> None:
    world = World({})

    async def never(url: str) -> FetchResult:
        await asyncio.Event().wait()
        raise AssertionError

    found = asyncio.run(discover(SITE, never, world.parse, now=NOW, deadline=0.05))
    assert (found.feeds, found.told) == ((), ("https://example.org/: stopped after 0.05 seconds",))


def test_through_the_guarded_way_out_an_announced_address_inside_the_house_is_refused() -> None:
    async def run() -> tuple[Discovery, list[str], int]:
        answers = {
            "/": answer(body=page("", link("http://127.0.0.2:1/inside") + link("/f"))),
            "/f": answer(body=rss()),
        }
        async with (
            serving(by_path(answers)) as server,
            outbound(parse_allowance(["127.0.0.1"])) as out,
        ):
            asked: list[str] = []

            async def ask(url: str) -> FetchResult:
                asked.append(url)
                return await fetch_feed(
                    out.client, Feed(url), FeedState(url), max_bytes=10**6, timeout=5
                )

            found = await discover(server.url("/"), ask, World({}).parse, now=NOW)
            return found, asked, len(server.seen)

    found, asked, seen = asyncio.run(run())
    assert [feed.title for feed in found.feeds] == ["Sample Herald"]
    assert any("loopback" in told for told in found.told)
    assert seen == len(asked) - 1
