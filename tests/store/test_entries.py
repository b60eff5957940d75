"""The queue of entries to be handled."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from monitor.model import Feed
from monitor.store import FILE_NAME, EntryStatus, NewEntry, Poll, Store

A, B = "https://a.example/feed", "https://b.example/feed"


@pytest.mark.parametrize(
    ("entries", "limit", "order"),
    [
        pytest.param(
            {A: [("a1", 1), ("a2", 2)], B: []}, 9, ["a2", "a1"], id="the newest comes first"
        ),
        pytest.param(
            {A: [("a1", 9), ("a2", 8), ("a3", 7)], B: [("b1", 1)]},
            3,
            ["a1", "b1", "a2"],
            id="a feed with many entries does not keep another waiting",
        ),
        pytest.param(
            {A: [("a1", None), ("a2", -5)], B: []},
            9,
            ["a1", "a2"],
            id="an undated entry is as new as its poll",
        ),
        pytest.param({A: [], B: []}, 9, [], id="nothing waits"),
    ],
)
def test_order(
    store: Store,
    make: Any,
    entries: dict[str, list[tuple[str, float | None]]],
    limit: int,
    order: list[str],
) -> None:
    store.sync_feeds([Feed(url) for url in entries])
    for url, items in entries.items():
        new = [
            NewEntry(make.entry(name, published=None if time is None else make.at(time)))
            for name, time in items
        ]
        store.record_poll(make.state(url), new)
    found = store.pending_entries(make.now, limit)
    assert [item.entry.id for item in found] == order


def test_entries_in_hand_are_left_out(store: Store, make: Any) -> None:
    one, two = make.pending(store, "1", "2")
    assert [item.id for item in store.pending_entries(make.now, 9, exclude={one})] == [two]


def test_an_entry_put_off_waits_for_its_time(store: Store, make: Any) -> None:
    (one,) = make.pending(store, "1")
    assert store.defer_entry(one, make.at(60), "no answer")
    assert store.pending_entries(make.at(59), 9) == []
    (item,) = store.pending_entries(make.at(60), 9)
    assert (item.id, item.attempts, item.entry) == (one, 1, make.entry("1"))
    counts = store.counts(make.now)
    assert (counts.entries_pending, counts.entries_deferred) == (1, 1)


def test_an_entry_given_up_is_known_and_does_not_come_back(store: Store, make: Any) -> None:
    (one,) = make.pending(store, "1")
    assert store.drop_entry(one, "no link")
    assert store.record_polls([Poll(make.state(), [NewEntry(make.entry("1"))])]) == [0]
    assert store.pending_entries(make.at(10**6), 9) == []
    (known,) = store.entries_by_link("https://news.example/1")
    assert (known.status, known.reason) == (EntryStatus.DROPPED, "no link")


def test_what_is_done_cannot_be_put_off_or_given_up(store: Store, make: Any) -> None:
    (one,) = make.pending(store, "1")
    store.record_article(one, make.result("1"), make.now)
    assert not store.defer_entry(one, make.at(60), "late")
    assert not store.drop_entry(one, "late")
    (known,) = store.entries_by_link("https://news.example/1")
    assert known.status is EntryStatus.DONE


def test_the_texts_of_an_entry_go_when_its_wait_ends(data: Path, store: Store, make: Any) -> None:
    one, two, three, _ = make.pending(store, "1", "2", "3", "4")
    store.record_article(one, make.result("1"), make.now)
    store.record_copy(two, "article-1", "https://x.example/", (), make.now)
    store.drop_entry(three, "no link")
    with closing(sqlite3.connect(data / FILE_NAME)) as raw:
        kept = raw.execute("SELECT link FROM entries WHERE payload IS NOT NULL").fetchall()
    assert kept == [("https://news.example/4",)]
