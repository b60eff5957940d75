"""The same report under other addresses, at other outlets, with other ids: one alert, many places."""

from collections.abc import Callable

import pytest

from tests.flow.newsroom import FERRY_RULE, Newsroom
from tests.flow.outlets import Answer, Item, Site, columns, feed, rss, semantic, weblog
from tests.flow.reports import FERRY

TITLE = FERRY.title


def _tracked(site: Site, link: str) -> Item:
    return Item(TITLE, f"{link}?utm_source=rss&utm_medium=feed", guid="2")


def _tracked_and_fragment(site: Site, link: str) -> Item:
    return Item(TITLE, f"{link}?fbclid=abc#comments", guid="2")


def _changed_guid(site: Site, link: str) -> Item:
    return Item(TITLE, link, guid="another-id")


def _edited_title(site: Site, link: str) -> Item:
    return Item("UPDATE: " + TITLE, link, guid="2")


def _elsewhere(site: Site, link: str) -> Item:
    return Item("A ferry for the north", site.page("/b", columns("A ferry", FERRY.paragraphs)))


def _redirect(site: Site, link: str) -> Item:
    return Item(
        TITLE, site.serve("/moved", Answer(302, headers=(("Location", link),))), guid="moved"
    )


def _canonical(site: Site, link: str) -> Item:
    html = semantic("Other words", ("A print version with a ferry.",) * 9)
    html = html.replace("<head>", f'<head><link rel="canonical" href="{link}">')
    return Item("Print version", site.page("/print", html), guid="print")


COPIES = [
    pytest.param(_tracked, id="the address with tracking parameters"),
    pytest.param(_tracked_and_fragment, id="the address with a click id and a fragment"),
    pytest.param(_changed_guid, id="the entry with another guid"),
    pytest.param(_edited_title, id="the entry with an edited title and another guid"),
    pytest.param(_elsewhere, id="the same text at another outlet"),
    pytest.param(_redirect, id="an address that redirects to it"),
    pytest.param(_canonical, id="a page that names it as its canonical address"),
]


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_at_another_outlet_later(
    site: Site, newsroom: Newsroom, copy: Callable[[Site, str], Item]
) -> None:
    link = site.page("/a", weblog(TITLE, FERRY.paragraphs))
    site.serve("/feed", feed(Item(TITLE, link, guid="1")))
    site.serve("/other", feed(), feed(copy(site, link)))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(f"{site.base}/feed", f"{site.base}/other")
    newsroom.run()
    run = newsroom.run()
    assert [report.outcome for report in run.articles] == ["copy"]
    assert_one_alert_and_two_places(newsroom)


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_in_the_same_feed_handled_side_by_side(
    site: Site, newsroom: Newsroom, copy: Callable[[Site, str], Item]
) -> None:
    link = site.page("/a", weblog(TITLE, FERRY.paragraphs))
    site.serve("/feed", feed(Item(TITLE, link, guid="1"), copy(site, link)))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(f"{site.base}/feed")
    run = newsroom.run()
    assert sorted(report.outcome for report in run.articles) == ["copy", "new"]
    assert_one_alert_and_two_places(newsroom, same_feed=True)


def assert_one_alert_and_two_places(newsroom: Newsroom, *, same_feed: bool = False) -> None:
    (history,) = newsroom.stored()
    assert len(newsroom.archive()) == 1
    assert len(history.decisions) == 1
    assert len(history.entries) == 2
    feeds = {place.feed_url for place in history.places}
    assert len(feeds) == (1 if same_feed else 2)


def test_five_outlets_at_once_are_one_alert_with_all_their_places(
    site: Site, newsroom: Newsroom
) -> None:
    feeds = []
    for number in range(5):
        title = f"Northern islands get a ferry, says outlet {number}"
        page = site.page(f"/{number}/a", semantic(title, FERRY.paragraphs))
        text = rss(Item(title, page), title=f"Outlet {number}")
        feeds.append(site.serve(f"/{number}/feed", Answer(200, text, "application/rss+xml")))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(*feeds)
    run = newsroom.run()
    assert sorted(report.outcome for report in run.articles) == ["copy"] * 4 + ["new"]
    (history,) = newsroom.stored()
    assert len(newsroom.archive()) == 1
    assert {place.feed_url for place in history.places} == set(feeds)


@pytest.mark.parametrize(
    "repeated",
    [
        pytest.param(1, id="the same guid twice in one document"),
        pytest.param(9, id="the same guid ten times"),
    ],
)
def test_one_guid_is_one_entry(site: Site, newsroom: Newsroom, repeated: int) -> None:
    link = site.page("/a", weblog(TITLE, FERRY.paragraphs))
    site.serve("/feed", feed(*[Item(TITLE, link, guid="same")] * (repeated + 1)))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(f"{site.base}/feed")
    run = newsroom.run()
    assert (run.polls[0].new, len(newsroom.archive())) == (1, 1)


def test_different_reports_of_one_outlet_are_no_copies(site: Site, newsroom: Newsroom) -> None:
    made = []
    for number in range(3):
        words = (f"Ferry number {number} left on time.", *FERRY.paragraphs)
        made.append(Item(f"F{number}", site.page(f"/{number}", semantic(f"F{number}", words))))
    site.serve("/feed", feed(*made))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(f"{site.base}/feed")
    newsroom.run()
    assert len(newsroom.archive()) == 3
