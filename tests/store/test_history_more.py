"""Going through all stored articles, and entries found by the page they lead to."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from monitor.model import Entry, Feed
from monitor.store import EntryStatus, NewEntry, Store


def fill(store: Store, make: Any, count: int) -> None:
    """Articles 0, 1, …, two of them each second."""
    names = [f"{number:03}" for number in range(count)]
    ids = make.pending(store, *names)
    for number, (name, entry_id) in enumerate(zip(names, ids, strict=True)):
        store.record_article(entry_id, make.result(name), make.at(number // 2))


@pytest.mark.parametrize("batch", [1, 2, 3, 7, 100])
def test_every_article_comes_once_newest_first(store: Store, make: Any, batch: int) -> None:
    fill(store, make, 7)
    past = list(store.past_articles(batch=batch))
    assert [each.article.id for each in past] == [f"article-{n:03}" for n in range(6, -1, -1)]
    assert {each.feed_url for each in past} == {make.feed}
    assert {decision.rule_id for each in past for decision in each.decisions} == {"deal"}
    assert all(each.decisions[0].article_id == each.article.id for each in past)


@pytest.mark.parametrize(
    ("since", "most", "expected"),
    [
        pytest.param(None, None, 7, id="all of them"),
        pytest.param(1, None, 5, id="those stored at or after a moment"),
        pytest.param(99, None, 0, id="none, where none is so new"),
        pytest.param(None, 3, 3, id="at most so many"),
        pytest.param(None, 0, 0, id="none, where none is wanted"),
        pytest.param(2, 50, 3, id="both limits"),
    ],
)
def test_the_past_has_limits(
    store: Store, make: Any, since: int | None, most: int | None, expected: int
) -> None:
    fill(store, make, 7)
    moment = None if since is None else make.at(since)
    found = list(store.past_articles(moment, most=most, batch=2))
    assert len(found) == expected
    assert most is not None or store.count_articles(moment) == expected


def test_articles_stored_meanwhile_disturb_no_reader(store: Store, make: Any) -> None:
    fill(store, make, 4)
    reading = store.past_articles(batch=2)
    first = next(reading)
    (entry_id,) = make.pending(store, "999")
    store.record_article(entry_id, make.result("999"), make.at(99))
    rest = [each.article.id for each in reading]
    assert [first.article.id, *rest] == [f"article-{n:03}" for n in (3, 2, 1, 0)]


def test_each_batch_is_one_short_transaction(store: Store, make: Any) -> None:
    fill(store, make, 6)
    begun: list[str] = []

    def count(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM articles" in statement:
            begun.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        assert len(list(store.past_articles(batch=2))) == 6
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert len(begun) == 4, "three full batches, and one that finds the end"


@pytest.mark.parametrize(
    ("link", "asked", "is_found"),
    [
        pytest.param("https://news.example/a", "https://news.example/a", True, id="the very link"),
        pytest.param(
            "http://News.Example/a/?utm_source=feed#top", "https://news.example/a", True,
            id="a link with tracking, another scheme, case, slash and fragment",
        ),
        pytest.param("https://news.example/a?id=1", "https://news.example/a", False, id="another page of the same path"),
        pytest.param("https://other.example/a", "https://news.example/a", False, id="another host"),
        pytest.param("https://evil.example/?u=news.example/a", "https://news.example/a", False, id="the host in a query"),
        pytest.param("https://news.example/100%_a", "https://news.example/100%25_a", False, id="characters that LIKE takes for wild cards"),
    ],
)  # fmt: skip
def test_entries_are_found_by_the_page_they_lead_to(
    store: Store, make: Any, link: str, asked: str, is_found: bool
) -> None:
    store.sync_feeds([Feed(make.feed)])
    entry = Entry("1", link, "Report")
    unnamed = Entry("2", None, "No link")
    store.record_poll(
        make.state(), [NewEntry(entry, EntryStatus.BASELINE, "first poll"), NewEntry(unnamed)]
    )
    found = store.entries_by_canonical(asked)
    assert [each.link for each in found] == ([link] if is_found else [])
    assert all(each.status is EntryStatus.BASELINE for each in found)


def test_entries_come_newest_first(store: Store, make: Any) -> None:
    other = "https://other.example/feed"
    store.sync_feeds([Feed(make.feed), Feed(other)])
    for feed in (make.feed, other):
        store.record_poll(make.state(feed), [NewEntry(Entry("1", "https://news.example/a", "A"))])
    found = store.entries_by_canonical("https://news.example/a")
    assert [each.feed_url for each in found] == [other, make.feed]


def test_a_time_before_all_articles_is_no_limit(store: Store, make: Any) -> None:
    fill(store, make, 3)
    assert store.count_articles() == store.count_articles(make.now - timedelta(days=9)) == 3
