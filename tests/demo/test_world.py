"""The sample world: what it says should fire does fire, and its servers answer as real ones do."""

import json
import time
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import feedparser
import pytest

from monitor.articles.extract import extract_page
from monitor.config.rulefiles import find, read_rule_files
from monitor.demo.pages import published
from monitor.demo.server import WorldServer, answers
from monitor.demo.world import Outlet, Report, World, expected, load_world
from monitor.model import Article, Quality
from monitor.rules.book import RuleBook
from monitor.rules.load import load

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
REPORTS = load_world().reports
FURNITURE = (  # words that stand only around the articles, never in one
    "mark my words",
    "Related posts",
    "Just in:",
    "Most read",
    "Read next",
    "Would love your thoughts",
    "cookies",
    "Newsletter",
    "Letters on AI deals",
    "a booklet of 40 pages",
    "for ten years",
    "before the EU antitrust office",
    "Share this",
    "made up for the demo",
)


@pytest.fixture(scope="module")
def book() -> RuleBook:
    sources, problems = read_rule_files(find([ROOT / "rules"]), ROOT)
    loaded = load(sources)
    assert not problems
    assert not loaded.problems
    return RuleBook(loaded.rules)


@pytest.fixture(scope="module")
def server() -> Iterator[WorldServer]:
    with WorldServer(clock=lambda: NOW) as running:
        yield running


def outlet_of(world: World, report: Report) -> Outlet:
    return next(outlet for outlet in world.outlets if outlet.key == report.outlet)


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One GET; an error status is an answer too."""
    try:
        with urlopen(Request(url, headers=headers), timeout=5) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def as_read(report: Report) -> Article:
    """The article as the pipeline would see it: the page's own text, or the feed's summary."""
    made = answers(load_world(), "http://127.0.0.1:1", NOW)[f"/{report.path}"]
    extracted = extract_page(made.body, f"http://127.0.0.1:1/{report.path}", made.content_type)
    text = extracted.text if extracted.quality is Quality.OK else report.summary
    return Article(report.path, "", report.title, text, summary=report.summary)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: f"{report.path} fires as expected")
def test_each_page_fires_exactly_the_expected_rules(report: Report, book: RuleBook) -> None:
    fired = {match.rule_id for match in book.match(as_read(report))}
    assert fired == expected()[report.path]


@pytest.mark.parametrize(
    "report", REPORTS, ids=lambda report: f"the text of {report.path} is read without its furniture"
)
def test_extraction_keeps_the_text_and_drops_the_furniture(report: Report) -> None:
    read = as_read(report).text
    wanted = [report.summary] if report.page != "full" else list(report.paragraphs)
    assert [each for each in wanted if " ".join(each.split()) not in " ".join(read.split())] == []
    assert [words for words in FURNITURE if words in read] == []


def test_a_furniture_leak_would_be_noticed(book: RuleBook) -> None:
    """The pages around harmless articles do name what the rules watch, else they prove nothing."""
    made = answers(load_world(), "http://127.0.0.1:1", NOW)
    for report in REPORTS:
        if not report.fires and report.page == "full":
            html = made[f"/{report.path}"].body.decode()
            assert "Microsoft" in html, report.path


def test_the_world_has_the_promised_variety() -> None:
    world = load_world()
    assert len(world.reports) >= 25
    assert {"rss", "atom", "atom-full", "json", "broken", "missing"} <= {
        outlet.feed for outlet in world.outlets
    }
    assert {"full", "paywall", "error"} == {report.page for report in world.reports}
    assert len({report.path for report in world.reports}) == len(world.reports)


def test_a_deal_is_told_by_four_outlets_one_of_them_a_copy() -> None:
    telling = [report for report in REPORTS if report.fires == {"microsoft-mistral"}]
    assert len({report.outlet for report in telling}) >= 4
    copies = [report for report in telling if report.copy_of]
    originals = {report.path: report for report in REPORTS}
    assert len(copies) == 1
    assert originals[str(copies[0].copy_of)].text == copies[0].text
    assert copies[0].path != copies[0].copy_of


@pytest.mark.parametrize(
    "outlet",
    [outlet for outlet in load_world().outlets if outlet.reports],
    ids=lambda outlet: f"the feed of {outlet.key} lists its reports, newest first, with times",
)
def test_each_feed_lists_its_reports(outlet: Outlet, server: WorldServer) -> None:
    status, _, body = get(f"{server.base}/{outlet.feed_path}")
    assert status == 200
    newest_first = sorted(outlet.reports, key=lambda report: report.minutes_ago)
    if outlet.feed == "json":
        items = json.loads(body)["items"]
        seen = [(item["title"], datetime.fromisoformat(item["date_published"])) for item in items]
    else:
        parsed = feedparser.parse(body)
        assert not parsed.bozo
        seen = [
            (entry.title, datetime.fromtimestamp(timegm(entry.published_parsed), UTC))
            for entry in parsed.entries
        ]
    assert seen == [(report.title, published(report, NOW)) for report in newest_first]


def test_one_outlet_sends_whole_texts_in_its_feed(server: WorldServer) -> None:
    outlet = next(outlet for outlet in server.world.outlets if outlet.feed == "atom-full")
    parsed = feedparser.parse(get(f"{server.base}/{outlet.feed_path}")[2])
    assert all(entry.content[0].value.count("<p>") >= 3 for entry in parsed.entries)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("vanished-courier/feed.xml", 404, id="a missing feed answers 404"),
        pytest.param("northgate-business/a/10874", 500, id="a broken page answers 500"),
        pytest.param("northgate-business/a/10871", 200, id="a paywalled page answers 200"),
        pytest.param("no/such/thing", 404, id="an unknown path answers 404"),
        pytest.param("../../etc/passwd", 404, id="a path with dots leads nowhere"),
        pytest.param("robots.txt?x=1", 200, id="a query is ignored"),
    ],
)
def test_statuses(path: str, status: int, server: WorldServer) -> None:
    assert get(f"{server.base}/{path}")[0] == status


def test_the_broken_feed_is_no_xml(server: WorldServer) -> None:
    assert feedparser.parse(get(f"{server.base}/static-gazette/feed.xml")[2]).bozo


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param("{etag}", 304, id="the known validator gives 304"),
        pytest.param('"old", {etag}', 304, id="the known validator in a list gives 304"),
        pytest.param('"old"', 200, id="another validator gives the body"),
        pytest.param("", 200, id="an empty validator gives the body"),
    ],
)
def test_conditional_requests(sent: str, status: int, server: WorldServer) -> None:
    url = server.feeds[0][1]
    etag = get(url)[1]["ETag"]
    got, headers, body = get(url, **{"If-None-Match": sent.format(etag=etag)})
    assert got == status
    assert headers["ETag"] == etag
    assert bool(body) == (status == 200)


def test_every_feed_is_named_with_its_address(server: WorldServer) -> None:
    assert [name for name, _ in server.feeds] == [o.name for o in server.world.outlets]
    assert all(url.startswith(f"{server.base}/") for _, url in server.feeds)


def test_two_worlds_can_be_served_at_once() -> None:
    with WorldServer() as one, WorldServer() as other:
        assert one.base != other.base
        assert get(one.feeds[0][1])[0] == get(other.feeds[0][1])[0] == 200


def test_leaving_the_block_stops_serving() -> None:
    before = time.monotonic()
    with WorldServer() as server:
        url = server.feeds[0][1]
    assert time.monotonic() - before < 5
    with pytest.raises(OSError, match="refused"):
        urlopen(url, timeout=5)


def test_text_with_markup_characters_is_escaped() -> None:
    layout = "$title|$paragraphs|$caption|$byline|$jsonld"
    report = Report("o", "s", "<b>&", 1, "<i>", "<s>", "x < y </script> $title", caption='"<')
    outlet = Outlet("o", "A & B", "rss", layout, "<p>$text</p>", (report,))
    world = World((outlet,), "")
    made = answers(world, "http://127.0.0.1:1", NOW)
    html = made["/o/s"].body.decode()
    assert html.startswith("&lt;b&gt;&amp;|<p>x &lt; y &lt;/script&gt; $title</p>|&quot;&lt;|&lt;i")
    assert "</script>" not in html
    assert feedparser.parse(made["/o/feed.xml"].body).entries[0].summary == "&lt;s&gt;"
