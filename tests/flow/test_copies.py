"""The same report under other addresses, at other outlets, with other ids: one alert, many places."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from monitor.store import ArticleHistory
from tests.flow.newsroom import FERRY_RULE, Newsroom, Run
from tests.flow.outlets import Answer, Item, Site, columns, feed, rss, semantic, weblog
from tests.flow.reports import FERRY

TITLE = FERRY.title


def words(kind: str) -> tuple[str, ...]:
    """A text of its own for every kind of copy."""
    return (f"A ferry was late because of {kind}.", *FERRY.paragraphs)


def _tracked(site: Site, kind: str, link: str) -> Item:
    return Item(kind, f"{link}?utm_source=rss&utm_medium=feed", guid=f"{kind} 2")


def _clicked(site: Site, kind: str, link: str) -> Item:
    return Item(kind, f"{link}?fbclid=abc#comments", guid=f"{kind} 2")


def _changed_guid(site: Site, kind: str, link: str) -> Item:
    return Item(kind, link, guid=f"{kind} another")


def _edited_title(site: Site, kind: str, link: str) -> Item:
    return Item(f"UPDATE: {kind}", link, guid=f"{kind} 2")


def _elsewhere(site: Site, kind: str, link: str) -> Item:
    return Item("At sea", site.page("/elsewhere", columns("A delay at sea", words(kind))))


def _redirected(site: Site, kind: str, link: str) -> Item:
    moved = Answer(302, headers=(("Location", link),))
    return Item(kind, site.serve("/moved", moved), guid=f"{kind} 2")


def _canonical(site: Site, kind: str, link: str) -> Item:
    html = semantic("Other words", ("A print version with a ferry.",) * 9)
    html = html.replace("<head>", f'<head><link rel="canonical" href="{link}">')
    return Item("Print version", site.page("/print", html))


COPIES: dict[str, Callable[[Site, str, str], Item]] = {
    "the address with tracking parameters": _tracked,
    "the address with a click id and a fragment": _clicked,
    "the entry with another guid": _changed_guid,
    "the entry with an edited title and another guid": _edited_title,
    "the same text at another outlet": _elsewhere,
    "an address that redirects to it": _redirected,
    "a page that names it as its canonical address": _canonical,
}


def originals(site: Site) -> dict[str, Item]:
    """One report for each kind of copy."""
    return {
        kind: Item(kind, site.page(f"/{number}", weblog(kind, words(kind))), guid=kind)
        for number, kind in enumerate(COPIES)
    }


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of the reports and their copies."""

    stored: dict[str, ArticleHistory]  # by the kind of copy
    outcomes: list[str]
    alerted: int


def _copied(newsroom: Newsroom, run: Run, reports: dict[str, Item]) -> Copied:
    by_link = {entry.link: history for history in run.stored for entry in history.entries}
    return Copied(
        {kind: by_link[item.link] for kind, item in reports.items()},
        sorted(report.outcome for report in run.articles),
        len(newsroom.archive()),
    )


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copied]:
    """The reports, and in the next poll their copies at another outlet."""
    with Site() as site:
        newsroom = Newsroom(tmp_path_factory.mktemp("later") / "newsroom")
        reports = originals(site)
        site.serve("/feed", feed(*reports.values()))
        copies = [copy(site, kind, reports[kind].link) for kind, copy in COPIES.items()]
        site.serve("/other", feed(), feed(*copies))
        newsroom.rule("ferries.yaml", FERRY_RULE)
        newsroom.watching(f"{site.base}/feed", f"{site.base}/other")
        newsroom.run()
        yield _copied(newsroom, newsroom.run(), reports)


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copied]:
    """The reports and their copies in one feed, handled side by side."""
    with Site() as site:
        newsroom = Newsroom(tmp_path_factory.mktemp("together") / "newsroom")
        reports = originals(site)
        copies = [copy(site, kind, reports[kind].link) for kind, copy in COPIES.items()]
        site.serve("/feed", feed(*reports.values(), *copies))
        newsroom.rule("ferries.yaml", FERRY_RULE)
        newsroom.watching(f"{site.base}/feed", polling={"backfill": 100})
        yield _copied(newsroom, newsroom.run(), reports)


@pytest.mark.parametrize("kind", list(COPIES))
def test_a_copy_at_another_outlet_is_a_place_and_no_alert(later: Copied, kind: str) -> None:
    history = later.stored[kind]
    assert (len(history.alerts), len(history.decisions), len(history.entries)) == (1, 1, 2)
    assert len({place.feed_url for place in history.places}) == 2


@pytest.mark.parametrize("kind", list(COPIES))
def test_a_copy_handled_side_by_side_is_no_second_alert(together: Copied, kind: str) -> None:
    history = together.stored[kind]
    assert (len(history.alerts), len(history.decisions), len(history.entries)) == (1, 1, 2)


def test_copies_are_counted_as_such(later: Copied, together: Copied) -> None:
    count = len(COPIES)
    for copied in (later, together):
        assert len({history.article.id for history in copied.stored.values()}) == count
    assert later.outcomes == ["copy"] * count
    assert together.outcomes == ["copy"] * count + ["new"] * count
    assert (later.alerted, together.alerted) == (count, count)


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
