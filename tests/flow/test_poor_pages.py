"""A page that cannot be had never costs an alert: the feed's text stands in and the alert says so."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from monitor.app import App
from tests.flow.newsroom import FERRY_RULE, Newsroom
from tests.flow.outlets import Answer, Item, Site, feed, paywall, semantic
from tests.flow.reports import FERRY

SHOWN = "A new ferry links two islands; it carries ninety cars."
BIG = semantic(FERRY.title, FERRY.paragraphs) + "<!--" + "x" * 40_000 + "-->"


POOR: dict[str, tuple[Answer, str]] = {
    "404": (Answer(404, "gone"), "404"),
    "403": (Answer(403, "no"), "403"),
    "500": (Answer(500, "oops"), "500"),
    "503": (Answer(503, "later"), "503"),
    "429": (Answer(429, "slowly"), "429"),
    "no answer in time": (Answer(silent=True), "longer than 2 seconds"),
    "a paywall": (Answer(body=paywall("An article")), "paywall"),
    "an empty page": (Answer(body=""), "page"),
    "too large": (Answer(body=BIG), "larger"),
    "a PDF": (Answer(body=b"%PDF-1.7", content_type="application/pdf"), "PDF"),
    "a redirect to a private address": (
        Answer(302, headers=(("Location", "http://10.11.12.13/inside"),)), "allow_private",
    ),
    "a redirect to a file": (
        Answer(302, headers=(("Location", "file:///etc/hostname"),)), "redirect",
    ),
    "a redirect in a circle": (Answer(302, headers=(("Location", "/p12"),)), "circle"),
}  # fmt: skip
LINKS = {
    "no link": ("", True, "summary"),
    "no link and no summary": ("", False, "failed"),
    "a link to a script": ("javascript:alert(1)", True, "summary"),
    "a link to a private page": ("http://192.168.7.8/a", True, "summary"),
    "a link that is no address": ("http://[::1", True, "summary"),
}


@pytest.fixture(scope="module")
def alerts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Any]]]:
    """One run over entries whose pages are all bad; the alert by the entry's name."""
    with Site() as site:
        items = []
        for number, (name, (page, _)) in enumerate(POOR.items()):
            link = site.serve(f"/p{number}", page)
            items.append(Item(f"Ferry: {name}", link, summary(name)))
        for name, (link, has_summary, _) in LINKS.items():
            items.append(Item(f"Ferry: {name}", link, summary(name) * has_summary, guid=name))
        site.serve("/feed", feed(*items))
        newsroom = Newsroom(tmp_path_factory.mktemp("poor") / "newsroom")
        newsroom.rule("ferries.yaml", FERRY_RULE).watching(
            f"{site.base}/feed",
            polling={"timeout": "2s", "backfill": 100},
            articles={"max_bytes": "30kB"},
        )
        run = newsroom.run()
        assert run.deliveries["archive"].state == "sent"
        assert {history.article.text for history in run.stored if history.article.text} == {
            f"{SHOWN} {name}" for name in (*POOR, *LINKS) if LINKS.get(name, "")[1:2] != (False,)
        }
        yield {str(line["title"]).removeprefix("Ferry: "): line for line in newsroom.archive()}


def summary(name: str) -> str:
    """A summary of its own for every entry; the same words twice would be a copy."""
    return f"<p>A new ferry links <b>two islands</b>; it carries ninety cars. {name}</p>"


@pytest.mark.parametrize("name", list(POOR))
def test_the_summary_stands_in(alerts: dict[str, dict[str, Any]], name: str) -> None:
    assert alerts[name]["quality"] == "summary"
    assert POOR[name][1] in alerts[name]["quality_reason"]


@pytest.mark.parametrize("name", list(LINKS))
def test_entries_without_a_page(alerts: dict[str, dict[str, Any]], name: str) -> None:
    assert alerts[name]["quality"] == LINKS[name][2]
    assert "javascript" not in str(alerts[name]["url"])


TRIES = {
    "a server error": (Answer(500), 2, "ok"),
    "an overload": (Answer(503), 2, "ok"),
    "a rate limit": (Answer(429), 2, "ok"),
    "a timeout": (Answer(silent=True), 2, "ok"),
    "not found": (Answer(404), 1, "summary"),
    "forbidden": (Answer(403), 1, "summary"),
    "a paywall": (Answer(body=paywall("x")), 1, "summary"),
}


def test_a_page_that_may_come_back_gets_one_more_try_a_minute_later(
    site: Site, newsroom: Newsroom
) -> None:
    items = []
    for number, (name, (first, _, _)) in enumerate(TRIES.items()):
        words = (f"Ferry number {number} left the harbour.", *FERRY.paragraphs)
        link = site.serve(f"/{number}", first, Answer(body=semantic(f"After {name}", words)))
        items.append(Item(name, link, summary(name)))
    site.serve("/feed", feed(*items))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(f"{site.base}/feed", polling={"timeout": "2s"})
    newsroom.run(as_daemon(newsroom, 55, 10))
    found = {
        line["title"]: (len(site.to(f"/{list(TRIES).index(line['title'])}")), line["quality"])
        for line in newsroom.archive()
    }
    assert found == {name: (tries, quality) for name, (_, tries, quality) in TRIES.items()}


def test_a_page_that_stays_away_costs_two_tries_and_no_alert(
    site: Site, newsroom: Newsroom
) -> None:
    link = site.serve("/page", Answer(500))
    site.serve("/feed", feed(Item(FERRY.title, link, summary(FERRY.title))))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(f"{site.base}/feed")
    newsroom.run(as_daemon(newsroom, 61, 61, 3600))
    (line,) = newsroom.archive()
    assert (len(site.to("/page")), line["quality"]) == (2, "summary")


def as_daemon(newsroom: Newsroom, *pauses: float) -> Callable[[App], Awaitable[None]]:
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
