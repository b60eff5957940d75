"""The first poll of a feed, what comes after it, and articles that are no news any more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from monitor.model import Outcome, Reason
from monitor.store import EntryStatus
from tests.flow.newsroom import FERRY_RULE, Newsroom
from tests.flow.outlets import Item, Site, feed, semantic
from tests.flow.reports import FERRY

NOW = datetime.now(UTC)


def ago(**time: float) -> str:
    """A moment before now as feeds write it."""
    return format_datetime(NOW - timedelta(**time))


def items(site: Site, *dates: str) -> list[Item]:
    """Entries numbered from 1, each with a page of its own."""
    made = []
    for number, date in enumerate(dates, start=1):
        words = (f"Ferry number {number} left the harbour.", *FERRY.paragraphs)
        link = site.page(f"/{number}", semantic(f"Ferry {number}", words))
        made.append(Item(f"Ferry {number}", link, date=date))
    return made


def titles(newsroom: Newsroom) -> list[str]:
    """The titles that were alerted."""
    return sorted(str(line["title"]) for line in newsroom.archive())


@pytest.mark.parametrize(
    ("backfill", "dates", "alerted"),
    [
        pytest.param(0, ["", ago(hours=1)], [], id="no backfill: nothing is alerted"),
        pytest.param(
            2, [ago(hours=9), ago(hours=1), ago(hours=5)], ["Ferry 2", "Ferry 3"],
            id="the newest two, whatever their order in the feed",
        ),
        pytest.param(
            1, [ago(hours=1), ""], ["Ferry 2"], id="an entry without a date counts as the newest"
        ),
        pytest.param(
            "24h", [ago(hours=30), ago(hours=2), ""], ["Ferry 2", "Ferry 3"],
            id="what is younger than a day, and what has no date",
        ),
        pytest.param(10, [], [], id="an empty feed is a baseline, too"),
    ],
)  # fmt: skip
def test_the_first_poll(
    site: Site, newsroom: Newsroom, backfill: Any, dates: list[str], alerted: list[str]
) -> None:
    address = site.serve("/feed", feed(*items(site, *dates)))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(address, polling={"backfill": backfill})
    run = newsroom.run()
    assert titles(newsroom) == alerted
    assert run.errors == []
    assert (run.polls[0].new, run.polls[0].pending) == (len(dates), len(alerted))


def test_an_entry_of_the_baseline_says_why_it_was_not_alerted(
    site: Site, newsroom: Newsroom
) -> None:
    only = items(site, "")[0]
    address = site.serve("/feed", feed(only))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(address, polling={"backfill": 0})
    newsroom.run()
    (entry,) = newsroom.entries(only.link)
    assert entry.status is EntryStatus.BASELINE
    assert "first poll" in entry.reason
    assert "backfill" in entry.reason
    assert site.to("/1") == []  # its page is not even fetched


@pytest.mark.parametrize(
    "backfill", [pytest.param(0, id="after nothing"), pytest.param(10, id="after a backfill")]
)
def test_a_new_entry_after_the_first_poll_alerts(
    site: Site, newsroom: Newsroom, backfill: int
) -> None:
    old, new, later = items(site, "", "", ago(hours=2))
    site.serve("/feed", feed(old), feed(new, old), feed(later, new, old), feed())
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(f"{site.base}/feed", polling={"backfill": backfill})
    seen = []
    for _ in range(4):
        newsroom.run()
        seen.append(titles(newsroom))
    first = ["Ferry 1"] if backfill else []
    assert seen == [
        first,
        [*first, "Ferry 2"],
        [*first, "Ferry 2", "Ferry 3"],
        [*first, "Ferry 2", "Ferry 3"],
    ]


def test_an_empty_first_feed_makes_everything_later_new(site: Site, newsroom: Newsroom) -> None:
    site.serve("/feed", feed(), feed(*items(site, "")))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(f"{site.base}/feed", polling={"backfill": 0})
    newsroom.run()
    newsroom.run()
    assert titles(newsroom) == ["Ferry 1"]


AGES = {
    "older than allowed": (ago(days=4), "silent"),
    "younger than allowed": (ago(days=2), "sent"),
    "dated into the future": (ago(hours=-3), "sent"),
    "without a date": ("", "sent"),
    "with an unreadable date": ("Thu, 99 Foo 20x6", "sent"),
}


@pytest.mark.parametrize(
    ("max_age", "younger"),
    [
        pytest.param("72h", "sent", id="with the limit as it is shipped"),
        pytest.param("1d", "silent", id="with a limit of the user's"),
    ],
)
def test_the_age_of_an_article(site: Site, newsroom: Newsroom, max_age: str, younger: str) -> None:
    entries = items(site, *(date for date, _ in AGES.values()))
    site.serve("/feed", feed(*entries))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(f"{site.base}/feed", articles={"max_age": max_age})
    run = newsroom.run()
    decided = {history.article.title: history.decisions[0] for history in run.stored}
    wanted = {name: outcome for name, (_, outcome) in AGES.items()}
    wanted["younger than allowed"] = younger
    assert {
        name: decided[entry.title].outcome.value for name, entry in zip(AGES, entries, strict=True)
    } == wanted
    assert len(newsroom.archive()) == list(wanted.values()).count("sent")
    silent = [one for one in run.decisions if one.outcome is Outcome.SILENT]
    assert {one.reason for one in silent} == {Reason.TOO_OLD}
    assert all("articles.max_age" in one.detail for one in silent)


def _add_rule(newsroom: Newsroom) -> None:
    newsroom.rule("ferries.yaml", FERRY_RULE)


def _edit_rule(newsroom: Newsroom) -> None:
    newsroom.rule("other.yaml", FERRY_RULE.replace("ferries", "other"))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_add_rule, id="a new rule"),
        pytest.param(_edit_rule, id="an edited rule"),
    ],
)
def test_a_rule_of_later_never_alerts_on_stored_articles(
    site: Site, newsroom: Newsroom, change: Callable[[Newsroom], None]
) -> None:
    first, second = items(site, "", "")
    site.serve("/feed", feed(first), feed(first), feed(second, first))
    newsroom.rule("other.yaml", "id: other\nmatch: [zeppelin]\n").watching(f"{site.base}/feed")
    newsroom.run()
    change(newsroom)
    newsroom.run()
    assert newsroom.archive() == []
    run = newsroom.run()
    assert titles(newsroom) == ["Ferry 2"]
    assert [decision.outcome for decision in run.decisions] == [Outcome.SENT]
