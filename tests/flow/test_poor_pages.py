"""A page that cannot be had never costs an alert: the feed's text stands in and the alert says so."""

import pytest

from monitor.app import App
from tests.flow.newsroom import FERRY_RULE, Newsroom
from tests.flow.outlets import Answer, Item, Site, feed, paywall, semantic
from tests.flow.reports import FERRY

SUMMARY = "<p>A new ferry links <b>two islands</b>; it carries ninety cars at once.</p>"
SHOWN = "A new ferry links two islands; it carries ninety cars at once."
GOOD = Answer(body=semantic(FERRY.title, FERRY.paragraphs))
BIG = semantic(FERRY.title, FERRY.paragraphs) + "<!--" + "x" * 40_000 + "-->"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        pytest.param(Answer(404, "gone"), "404", id="404"),
        pytest.param(Answer(403, "no"), "403", id="403"),
        pytest.param(Answer(500, "oops"), "500", id="500"),
        pytest.param(Answer(503, "later"), "503", id="503"),
        pytest.param(Answer(429, "slowly"), "429", id="429"),
        pytest.param(Answer(silent=True), "longer than 1 seconds", id="no answer in time"),
        pytest.param(Answer(body=paywall(FERRY.title)), "paywall", id="a paywall"),
        pytest.param(Answer(body=""), "page", id="an empty page"),
        pytest.param(Answer(body=BIG), "larger", id="a page that is too large"),
        pytest.param(Answer(body=b"%PDF-1.7", content_type="application/pdf"), "PDF", id="a PDF"),
        pytest.param(
            Answer(302, headers=(("Location", "http://10.11.12.13/inside"),)), "allow_private",
            id="a redirect to a private address",
        ),
        pytest.param(
            Answer(302, headers=(("Location", "file:///etc/hostname"),)), "redirect",
            id="a redirect to a file",
        ),
        pytest.param(
            Answer(302, headers=(("Location", "/page"),)), "circle", id="a redirect in a circle"
        ),
    ],
)  # fmt: skip
def test_the_summary_stands_in(site: Site, newsroom: Newsroom, page: Answer, reason: str) -> None:
    link = site.serve("/page", page)
    site.serve("/feed", feed(Item(FERRY.title, link, SUMMARY)))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(
        f"{site.base}/feed", polling={"timeout": "1s"}, articles={"max_bytes": "30kB"}
    )
    run = newsroom.run()
    (line,) = newsroom.archive()
    assert line["quality"] == "summary"
    assert reason in str(line["quality_reason"])
    assert run.stored[0].article.text == SHOWN
    assert run.deliveries["archive"].state == "sent"


@pytest.mark.parametrize(
    ("link", "summary", "quality"),
    [
        pytest.param("", SUMMARY, "summary", id="an entry without a link has its summary"),
        pytest.param("", "", "failed", id="an entry without a link and summary has its title"),
        pytest.param("javascript:alert(1)", SUMMARY, "summary", id="a link to a script is no link"),
        pytest.param("http://192.168.7.8/a", SUMMARY, "summary", id="a private page is not asked"),
        pytest.param("http://[::1", SUMMARY, "summary", id="a link that is no address"),
    ],
)
def test_entries_without_a_page(
    site: Site, newsroom: Newsroom, link: str, summary: str, quality: str
) -> None:
    site.serve("/feed", feed(Item(FERRY.title, link, summary, guid="1")))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(f"{site.base}/feed")
    newsroom.run()
    (line,) = newsroom.archive()
    assert (line["title"], line["quality"]) == (FERRY.title, quality)
    assert "javascript" not in str(line["url"])


@pytest.mark.parametrize(
    ("first", "tries", "quality"),
    [
        pytest.param(Answer(500), 2, "ok", id="a server error passes"),
        pytest.param(Answer(503), 2, "ok", id="an overload passes"),
        pytest.param(Answer(429), 2, "ok", id="a rate limit passes"),
        pytest.param(Answer(silent=True), 2, "ok", id="a timeout passes"),
        pytest.param(Answer(404), 1, "summary", id="not found is final"),
        pytest.param(Answer(403), 1, "summary", id="forbidden is final"),
        pytest.param(Answer(body=paywall("x")), 1, "summary", id="a paywall is final"),
    ],
)
def test_a_page_gets_one_more_try_a_minute_later(
    site: Site, newsroom: Newsroom, first: Answer, tries: int, quality: str
) -> None:
    link = site.serve("/page", first, GOOD)
    site.serve("/feed", feed(Item(FERRY.title, link, SUMMARY)))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(f"{site.base}/feed", polling={"timeout": "1s"})
    newsroom.run(as_daemon(newsroom, 59, 2))
    (line,) = newsroom.archive()
    assert (len(site.to("/page")), line["quality"]) == (tries, quality)


def test_a_page_that_stays_away_costs_two_tries_and_no_alert(
    site: Site, newsroom: Newsroom
) -> None:
    link = site.serve("/page", Answer(500))
    site.serve("/feed", feed(Item(FERRY.title, link, SUMMARY)))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(f"{site.base}/feed")
    newsroom.run(as_daemon(newsroom, 61, 61, 3600))
    (line,) = newsroom.archive()
    assert (len(site.to("/page")), line["quality"]) == (2, "summary")


def as_daemon(newsroom: Newsroom, *pauses: float):  # type: ignore[no-untyped-def]  # work for run()
    """The daemon's duties with these pauses (seconds of the clock) between them."""

    async def work(app: App) -> None:
        await app.dispatcher.polls()
        await app.dispatcher.idle()
        for pause in pauses:
            newsroom.clock.advance(pause)
            await app.dispatcher.articles()
            await app.dispatcher.idle()
        app.deliverer.kick()
        await app.deliverer.idle()

    return work
