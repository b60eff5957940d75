"""Sitemaps as feeds, through the whole program: outlets that have no feed."""

from datetime import timedelta

import pytest

from tests.flow.newsroom import FERRY_RULE, Newsroom
from tests.flow.outlets import Answer, Site, semantic

XML = "application/xml"
NAMES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)
TEXT = ("The ferry left the harbour in the morning.", "Nobody was late, said the harbour office.")


class Outlet:
    """A site with pages and sitemaps; times are hours before the newsroom's clock."""

    def __init__(self, site: Site, newsroom: Newsroom) -> None:
        self.site = site
        self.newsroom = newsroom
        newsroom.rule("ferries.yaml", FERRY_RULE)
        newsroom.watching({"sitemap": f"{site.base}/index.xml"}, polling={"backfill": 0})

    def ago(self, hours: float) -> str:
        return (self.newsroom.clock() - timedelta(hours=hours)).isoformat()

    def page(self, name: str) -> str:
        """A page; its address."""
        return self.site.page(f"/{name}", semantic(f"Ferry {name}", TEXT))

    def news(self, name: str, hours: float) -> str:
        """A line of a news sitemap."""
        return (
            f"<url><loc>{self.page(name)}</loc><news:news><news:publication><news:name>Sample Pier"
            f"</news:name><news:language>en</news:language></news:publication><news:title>Ferry {name}"
            f"</news:title><news:publication_date>{self.ago(hours)}</news:publication_date>"
            "</news:news></url>"
        )

    def plain(self, name: str, lastmod: str) -> str:
        """A line of a plain sitemap; ``lastmod`` "" for none."""
        told = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
        return f"<url><loc>{self.page(name)}</loc>{told}</url>"

    def sitemap(self, path: str, *lines: str, tag: str = "") -> None:
        """Serve a sitemap."""
        body = f"<urlset {NAMES}>{''.join(lines)}</urlset>"
        headers = (("ETag", f'"{tag}"'),) if tag else ()
        self.site.serve(path, Answer(200, body, XML, headers, conditional=bool(tag)))

    def index(self, *listed: tuple[str, str], tag: str = "") -> None:
        """Serve the index: paths with their lastmod, "" for none."""
        lines = "".join(
            f"<sitemap><loc>{self.site.base}{path}</loc>"
            + (f"<lastmod>{changed}</lastmod>" if changed else "")
            + "</sitemap>"
            for path, changed in listed
        )
        headers = (("ETag", f'"{tag}"'),) if tag else ()
        body = f"<sitemapindex {NAMES}>{lines}</sitemapindex>"
        self.site.serve("/index.xml", Answer(200, body, XML, headers, conditional=bool(tag)))

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return len(self.site.to(path))

    def poll(self) -> list[str]:
        """The titles that were alerted so far, after one more poll an hour later."""
        self.newsroom.clock.advance(3600)
        run = self.newsroom.run()
        assert run.errors == []
        return sorted(str(line["title"]) for line in self.newsroom.archive())


@pytest.fixture
def outlet(site: Site, newsroom: Newsroom) -> Outlet:
    newsroom.clock.moment = newsroom.clock.moment.replace(hour=6)  # hours pass, within one day
    return Outlet(site, newsroom)


def test_a_news_sitemap_is_a_feed(outlet: Outlet) -> None:
    outlet.sitemap("/index.xml", outlet.news("1", 5))
    assert outlet.poll() == []
    outlet.sitemap("/index.xml", outlet.news("2", 0), outlet.news("1", 5))
    assert outlet.poll() == ["Ferry 2"]
    (article,) = outlet.newsroom.stored()
    assert (article.article.source, article.article.language) == ("Sample Pier", "en")


def test_of_a_plain_sitemap_only_what_changed_is_read_and_the_page_has_the_title(
    outlet: Outlet,
) -> None:
    old = [outlet.plain(f"old{n}", outlet.ago(900)) for n in range(30)]
    outlet.sitemap("/index.xml", *old)
    assert outlet.poll() == []
    unknown = [outlet.plain("forgotten", outlet.ago(700)), outlet.plain("undated", "")]
    outlet.sitemap("/index.xml", *old, *unknown, outlet.plain("new", outlet.ago(0)))
    assert outlet.poll() == ["Ferry new"]
    assert outlet.asked("/forgotten") == outlet.asked("/undated") == outlet.asked("/old1") == 0


def test_an_index_is_followed_to_its_newest_sitemaps(outlet: Outlet) -> None:
    for n in range(6):
        outlet.sitemap(f"/{n}.xml", outlet.news(f"p{n}", 50 + n))
    outlet.index(*((f"/{n}.xml", outlet.ago(50 + n)) for n in range(6)), tag="1")
    assert outlet.poll() == []
    assert [outlet.asked(f"/{n}.xml") for n in range(6)] == [1, 1, 1, 0, 0, 0]
    outlet.sitemap("/5.xml", outlet.news("late", 0), outlet.news("p5", 55))
    changed = [(f"/{n}.xml", outlet.ago(50 + n)) for n in range(5)]
    outlet.index(*changed, ("/5.xml", outlet.ago(0)), tag="2")
    assert "Ferry late" in outlet.poll()
    assert [outlet.asked(f"/{n}.xml") for n in range(6)] == [1, 1, 1, 0, 0, 1]


def test_the_index_alone_is_asked_conditionally_while_nothing_changes(outlet: Outlet) -> None:
    outlet.sitemap("/a.xml", outlet.news("1", 5))
    outlet.index(("/a.xml", outlet.ago(5)), tag="1")
    for _ in range(3):
        assert outlet.poll() == []
    assert (outlet.asked("/index.xml"), outlet.asked("/a.xml")) == (3, 1)
    assert [one.headers.get("if-none-match") for one in outlet.site.to("/index.xml")] == [
        None, '"1"', '"1"',
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lastmod",
    [
        pytest.param("", id="an index without dates"),
        pytest.param("today", id="an index with today's date and no time"),
    ],
)
def test_an_index_that_cannot_tell_is_read_again(outlet: Outlet, lastmod: str) -> None:
    day = outlet.newsroom.clock().date().isoformat() if lastmod else ""
    outlet.index(("/a.xml", day), tag="1")
    outlet.sitemap("/a.xml", outlet.news("1", 5))
    assert outlet.poll() == []
    outlet.sitemap("/a.xml", outlet.news("2", 0), outlet.news("1", 5))
    assert outlet.poll() == ["Ferry 2"]


def test_a_sitemap_that_fails_costs_the_others_nothing_and_is_asked_again(outlet: Outlet) -> None:
    outlet.sitemap("/a.xml", outlet.news("1", 5))
    outlet.sitemap("/b.xml", outlet.news("b", 5))
    outlet.index(("/a.xml", outlet.ago(5)), ("/b.xml", outlet.ago(5)), tag="1")
    assert outlet.poll() == []
    outlet.sitemap("/a.xml", outlet.news("2", 0), outlet.news("1", 5))
    outlet.site.serve("/b.xml", Answer(500))
    outlet.index(("/a.xml", outlet.ago(0)), ("/b.xml", outlet.ago(0)), tag="2")
    assert outlet.poll() == ["Ferry 2"]
    outlet.sitemap("/b.xml", outlet.news("3", 0), outlet.news("b", 6))
    assert outlet.poll() == ["Ferry 2", "Ferry 3"]


def test_an_index_of_which_nothing_can_be_had_failed(outlet: Outlet) -> None:
    outlet.site.serve("/a.xml", Answer(500))
    outlet.site.serve("/b.xml", Answer(body="<html>moved</html>"))
    outlet.index(("/a.xml", outlet.ago(0)), ("/b.xml", outlet.ago(0)), ("/index.xml", ""))
    run = outlet.newsroom.run()
    assert "no sitemap of the index can be had" in run.errors[0]
    assert outlet.asked("/index.xml") == 2  # an index in an index is asked for once and no further


def test_headers_of_an_index_go_to_its_own_origin_only(outlet: Outlet, newsroom: Newsroom) -> None:
    with Site() as other:
        newsroom.watching(
            {"sitemap": f"{outlet.site.base}/index.xml", "headers": {"X-Key": "sesame-42"}}
        )
        outlet.sitemap("/a.xml", outlet.news("1", 5))
        other.serve("/b.xml", Answer(200, f"<urlset {NAMES}/>", XML))
        lines = "".join(
            f"<sitemap><loc>{place}</loc></sitemap>"
            for place in (f"{outlet.site.base}/a.xml", f"{other.base}/b.xml")
        )
        body = f"<sitemapindex {NAMES}>{lines}</sitemapindex>"
        outlet.site.serve("/index.xml", Answer(200, body, XML))
        outlet.poll()
        assert outlet.site.to("/a.xml")[0].headers.get("x-key") == "sesame-42"
        assert "x-key" not in other.to("/b.xml")[0].headers


def test_an_index_under_url_is_refused_with_the_mend(outlet: Outlet, newsroom: Newsroom) -> None:
    newsroom.watching(f"{outlet.site.base}/index.xml")
    outlet.index(("/a.xml", ""))
    assert "write it as sitemap:" in newsroom.run().errors[0]
    assert outlet.asked("/a.xml") == 0


def test_thousands_of_pages_are_cut_to_the_newest(outlet: Outlet) -> None:
    lines = [
        f"<url><loc>{outlet.site.base}/x{n}</loc><lastmod>{outlet.ago(n)}</lastmod></url>"
        for n in range(3000)
    ]
    outlet.sitemap("/index.xml", *lines)
    run = outlet.newsroom.run()
    assert (run.polls[0].new, run.polls[0].pending) == (1000, 0)
