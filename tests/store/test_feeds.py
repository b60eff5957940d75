"""Feeds, polls and known entries."""

from datetime import datetime
from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.feeds.identity import entry_key
from monitor.model import Feed, FeedMemory, FeedState, Validators
from monitor.store import EntryStatus, NewEntry, Poll, Store

A, B = "https://a.example/feed", "https://b.example/feed"


@pytest.mark.parametrize(
    ("steps", "active", "resting"),
    [
        pytest.param([[Feed(A), Feed(B)]], {A, B}, set(), id="new feeds become active"),
        pytest.param([[Feed(A), Feed(B)], [Feed(B)]], {B}, {A}, id="a removed feed rests"),
        pytest.param([[Feed(A)], [], [Feed(A)]], {A}, set(), id="a feed put back is active again"),
        pytest.param([[Feed(A)], [Feed(A, enabled=False)]], set(), {A}, id="a disabled feed rests"),
        pytest.param([[Feed(A), Feed(A)]], {A}, set(), id="a feed given twice is one feed"),
        pytest.param([[]], set(), set(), id="no feeds are no trouble"),
    ],
)
def test_sync(store: Store, steps: list[list[Feed]], active: set[str], resting: set[str]) -> None:
    for feeds in steps:
        store.sync_feeds(feeds)
    assert store.states().keys() == active
    assert {state.url for state in store.all_feed_states()} - active == resting


def test_a_feed_put_back_keeps_its_state_and_its_known_entries(store: Store, make: Any) -> None:
    make.pending(store, "1")
    store.sync_feeds([])
    store.sync_feeds([Feed(make.feed)])
    assert store.states()[make.feed] == make.state()
    assert store.known_names(make.feed, [entry_key("1"), entry_key("2")]) == {entry_key("1")}


def test_every_field_of_a_state_comes_back(store: Store, make: Any) -> None:
    full = FeedState(
        A,
        "Title",
        Validators(' W/"odd, \t quoting" ', "not even a date"),
        "ab" * 32,
        make.at(1),
        make.at(2),
        make.at(3),
        make.at(4),
        make.at(5),
        312.5,
        7,
        "timeout",
        make.at(6),
        b"\x00\xff packed",
        FeedMemory(
            1800.0,
            (0, 23),
            (6,),
            "https://hub.example/",
            A,
            B,
            3,
            make.at(7),
            2,
            make.at(8),
            "gone",
            B,
        ),
    )
    store.sync_feeds([Feed(A), Feed(B)])
    store.record_poll(full)
    assert store.states() == {A: full, B: FeedState(B)}


@pytest.mark.parametrize(
    ("times", "now", "due", "next_due"),
    [
        pytest.param({}, 0, [], None, id="without feeds nothing is due"),
        pytest.param({A: None}, 0, [A], 0, id="a feed never polled is due now"),
        pytest.param({A: 5, B: None}, 9, [B, A], 9, id="those never polled come first"),
        pytest.param({A: 7, B: 5}, 9, [B, A], 9, id="those due longest come next"),
        pytest.param({A: 9}, 9, [A], 9, id="a feed is due at its very moment"),
        pytest.param({A: 10, B: 12}, 9, [], 10, id="the next one is told where none is due"),
    ],
)
def test_due(
    store: Store,
    make: Any,
    times: dict[str, float | None],
    now: float,
    due: list[str],
    next_due: float | None,
) -> None:
    store.sync_feeds([Feed(url) for url in times])
    for url, time in times.items():
        if time is not None:
            store.record_poll(make.state(url, next_poll_at=make.at(time)))
    assert [state.url for state in store.due_feeds(make.at(now), 10)] == due
    assert [state.url for state in store.due_feeds(make.at(now), 1)] == due[:1]
    assert store.next_due(make.at(now)) == (None if next_due is None else make.at(next_due))
    store.sync_feeds([])
    assert store.due_feeds(make.at(now), 10) == []
    assert store.next_due(make.at(now)) is None


@pytest.mark.parametrize(
    ("polls", "counts"),
    [
        pytest.param([["1", "2"]], [2], id="entries are new once"),
        pytest.param([["1", "2"], ["2", "3"]], [2, 1], id="known entries are not new again"),
        pytest.param([["1", "1"]], [1], id="an id given twice in one feed is one entry"),
        pytest.param([[], []], [0, 0], id="a poll without entries is no trouble"),
        pytest.param([["\ud800", "\ud800"], ["\ud800"]], [1, 0], id="a broken id is known as well"),
        pytest.param(
            [[str(n) for n in range(1200)], [str(n) for n in range(1201)]],
            [1200, 1],
            id="a feed larger than one statement takes",
        ),
    ],
)
def test_new_entries(store: Store, make: Any, polls: list[list[str]], counts: list[int]) -> None:
    store.sync_feeds([Feed(make.feed)])
    new = [[NewEntry(make.entry(name)) for name in names] for names in polls]
    assert [store.record_poll(make.state(), entries) for entries in new] == counts
    assert store.counts(make.now).entries_pending == sum(counts)


def test_the_same_id_in_two_feeds_is_two_entries(store: Store, make: Any) -> None:
    store.sync_feeds([Feed(A), Feed(B)])
    new = [NewEntry(make.entry("1"))]
    assert store.record_polls([Poll(make.state(A), new), Poll(make.state(B), new)]) == [1, 1]


def test_a_baseline_entry_is_known_and_never_pending(store: Store, make: Any) -> None:
    store.sync_feeds([Feed(make.feed)])
    first = NewEntry(make.entry("1"), EntryStatus.BASELINE, "first poll")
    store.record_poll(make.state(), [first])
    assert store.record_poll(make.state(), [NewEntry(make.entry("1"))]) == 0
    assert store.pending_entries(make.now, 10) == []
    (known,) = store.entries_by_link("https://news.example/1")
    assert (known.status, known.reason) == (EntryStatus.BASELINE, "first poll")


def test_an_unknown_feed_is_refused_and_nothing_is_stored(store: Store, make: Any) -> None:
    store.sync_feeds([Feed(A)])
    with pytest.raises(StoreError, match="does not know the feed"):
        store.record_polls([Poll(make.state(A)), Poll(make.state(B))])
    assert store.states() == {A: FeedState(A)}


@pytest.mark.parametrize("field", ["next_poll_at", "last_polled_at", "not_before"])
def test_a_naive_datetime_is_refused(store: Store, make: Any, field: str) -> None:
    store.sync_feeds([Feed(make.feed)])
    with pytest.raises(ValueError, match="naive"):
        store.record_poll(make.state(**{field: datetime(2026, 1, 1)}))
    assert store.states()[make.feed] == FeedState(make.feed)


def test_texts_that_no_encoder_can_hold_are_stored_with_a_replacement(
    store: Store, make: Any
) -> None:
    store.sync_feeds([Feed(make.feed)])
    broken = make.entry("1", title="a\ud800b\x00c", link="https://x.example/\udfff", tags=("\x00",))
    store.record_poll(make.state(title="\udc80"), [NewEntry(broken)])
    (item,) = store.pending_entries(make.now, 1)
    assert (item.entry.title, item.entry.tags) == ("a\ufffdb\ufffdc", ("\ufffd",))
    assert store.states()[make.feed].title == "\ufffd"
