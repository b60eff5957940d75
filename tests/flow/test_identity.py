"""Feeds that give known entries new names: through the whole program, no report is told twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest

from monitor.feeds.identity import REWRITTEN
from tests.flow.newsroom import FERRY_RULE, Newsroom
from tests.flow.outlets import Item, Site, feed, semantic
from tests.flow.reports import FERRY

Items = tuple[Item, ...]


def reports(
    site: Site, newsroom: Newsroom, *numbers: int, ago: float = 2, what: str = "Ferry"
) -> Items:
    """Entries with a page each, published ``ago`` hours before now, one second apart."""
    made = []
    for number in numbers:
        title = f"{what} number {number} leaves the harbour"
        words = (f"The ferry {what} {number} left today.", *FERRY.paragraphs)
        link = site.page(f"/{what.lower()}/{number}", semantic(title, words))
        moment = newsroom.clock() - timedelta(hours=ago, seconds=number)
        date = format_datetime(moment)
        made.append(Item(title, link, guid=f"{what}-{number}", date=date))
    return tuple(made)


def pages(site: Site) -> list[str]:
    """The pages that were asked for, in their order."""
    return sorted(one.path for one in site.asked if one.path not in ("/feed", "/robots.txt"))


def renamed(items: Items) -> Items:
    return tuple(replace(item, guid=f"system2:{item.guid}") for item in items)


def secured(items: Items) -> Items:
    return tuple(replace(item, link=item.link.replace("http://", "https://")) for item in items)


def redated(items: Items) -> Items:
    return tuple(
        replace(item, date=format_datetime(parsedate_to_datetime(item.date) + timedelta(hours=1)))
        for item in items
    )


def undated(items: Items) -> Items:
    return tuple(replace(item, date="") for item in items)


def reordered(items: Items) -> Items:
    return items[::-1]


def gone(items: Items) -> Items:
    return ()


def first_only(items: Items) -> Items:
    return items[:1]


def corrected(items: Items) -> Items:
    return tuple(replace(item, title=f"UPDATE: {item.title}") for item in items)


def same(items: Items) -> Items:
    return items


Change = Callable[[Items], Items]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([renamed], id="all ids change"),
        pytest.param([secured], id="all links go from http to https"),
        pytest.param([redated], id="all are dated anew"),
        pytest.param([undated], id="all lose their dates"),
        pytest.param([reordered], id="they come in another order"),
        pytest.param([corrected], id="titles are corrected"),
        pytest.param([gone, same], id="they vanish and return"),
        pytest.param([first_only, same], id="some vanish and return"),
        pytest.param([gone, lambda items: reordered(renamed(items))],
                     id="they vanish and return under other ids"),
        pytest.param([lambda items: renamed(secured(items))], id="ids and links change together"),
        pytest.param([lambda items: renamed(redated(items))], id="ids and dates change together"),
        pytest.param([lambda items: renamed(corrected(items))], id="ids and titles change together"),
        pytest.param([renamed, lambda items: renamed(secured(items)),
                      lambda items: redated(renamed(secured(items)))],
                     id="one change after the other"),
        pytest.param([renamed, same, renamed, same], id="two systems take turns"),
    ],
)  # fmt: skip
def test_known_entries_under_other_names_are_no_news(
    site: Site, newsroom: Newsroom, changes: list[Change]
) -> None:
    items = reports(site, newsroom, 1, 2, 3)
    address = site.serve("/feed", feed(*items))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(address)
    assert len(newsroom.run().stored) == 3
    asked = pages(site)
    assert len(asked) == 3
    for change in changes:
        newsroom.clock.advance(600)
        site.serve("/feed", feed(*change(items)))
        run = newsroom.run()
        assert run.errors == []
        assert "same content" not in run.polls[0].outcome
        assert (run.polls[0].pending, len(run.stored), len(newsroom.archive())) == (0, 3, 3)
    assert pages(site) == asked, "no page is fetched again"
    (new,) = reports(site, newsroom, 4, ago=0)
    site.serve("/feed", feed(new, *changes[-1](items)))
    newsroom.clock.advance(600)
    assert newsroom.run().polls[0].pending == 1
    assert newsroom.archive()[-1]["title"] == new.title


def test_a_feed_that_rewrites_itself_is_told_once_and_alerts_what_is_new_later(
    site: Site, newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    numbers = tuple(range(30))
    address = site.serve("/feed", feed(*reports(site, newsroom, *numbers, ago=5)))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(address, polling={"backfill": 0})
    assert newsroom.run().polls[0].new == 30

    other = reports(site, newsroom, *numbers, ago=9, what="Barge")
    for shown in (other, other[::-1], other[10:]):
        site.serve("/feed", feed(*shown))
        newsroom.clock.advance(1800)
        assert newsroom.run().errors == []
    notices = [record for record in caplog.records if REWRITTEN in record.getMessage()]
    assert len(notices) == 1
    assert (newsroom.archive(), newsroom.stored(), pages(site)) == ([], (), [])

    new = reports(site, newsroom, 31, 32, ago=0.1, what="Barge")
    site.serve("/feed", feed(*new, *other))
    newsroom.clock.advance(60)
    newsroom.run()
    assert {line["title"] for line in newsroom.archive()} == {item.title for item in new}
    assert len(pages(site)) == 2


@pytest.mark.parametrize(
    ("number", "ago", "pending"),
    [
        pytest.param(30, 0.1, 30, id="thirty new entries dated now are a busy day"),
        pytest.param(5, 9, 5, id="five entries with old dates are no rewritten feed"),
    ],
)
def test_what_is_new_is_not_taken_for_a_rewritten_feed(
    site: Site, newsroom: Newsroom, number: int, ago: float, pending: int
) -> None:
    known = reports(site, newsroom, *range(30), ago=12)
    address = site.serve("/feed", feed(*known))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(address, polling={"backfill": 0})
    newsroom.run()
    newsroom.clock.advance(3600)
    new = reports(site, newsroom, *range(number), ago=ago, what="Barge")
    site.serve("/feed", feed(*new, *known[number:]))
    run = newsroom.run()
    assert (run.polls[0].pending, len(newsroom.archive())) == (pending, pending)
