"""Polls written together are written as they would be one by one."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.model import Feed, FeedMemory
from monitor.store import NewEntry, Poll, Store, open_store

A, B = "https://a.example/feed", "https://b.example/feed"
BROUGHT = st.lists(
    st.tuples(
        st.sampled_from([A, B]),
        st.lists(st.sampled_from("12345"), max_size=4),
        st.sampled_from([None, FeedMemory(ttl=900.0), FeedMemory(hub="https://hub.example/")]),
        st.sets(st.integers(-(2**63), 2**63 - 1), max_size=2),
    ),
    max_size=6,
)


def polls(make: Any, brought: Sequence[Any]) -> list[Poll]:
    return [
        Poll(
            make.state(url, memory=memory or FeedMemory(), failures=at),
            [NewEntry(make.entry(name), names=(ord(name), at)) for name in names],
            also,
        )
        for at, (url, names, memory, also) in enumerate(brought)
    ]


def held(store: Store, make: Any, given_polls: Sequence[Poll]) -> object:
    asked = {
        name
        for poll in given_polls
        for name in (*poll.names, *(name for item in poll.new for name in item.names))
    }
    waiting = sorted((one.feed_url, one.entry.id) for one in store.pending_entries(make.now, 100))
    return store.states(), waiting, [store.known_names(url, asked) for url in (A, B)]


@given(brought=BROUGHT)
# ``make`` holds no state
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_batch_is_as_good_as_one_by_one(make: Any, brought: Sequence[Any]) -> None:
    found = []
    for together in (True, False):
        with TemporaryDirectory() as folder:
            store = open_store(Path(folder), lock=True)
            store.sync_feeds([Feed(A), Feed(B)])
            given_polls = polls(make, brought)
            if together:
                counts = store.record_polls(given_polls)
            else:
                counts = [store.record_polls([poll])[0] for poll in given_polls]
            found.append((counts, held(store, make, given_polls)))
            store.close()
    assert found[0] == found[1]


@pytest.mark.parametrize("count", [0, 1, 2, 17, 500, 501, 1200])
def test_any_number_of_names_is_looked_up(store: Store, make: Any, count: int) -> None:
    store.sync_feeds([Feed(A), Feed(B)])
    names = set(range(-count, count, 2))
    store.record_polls([Poll(make.state(A), names=names)])
    assert store.known_names(A, range(-count, count)) == names
    assert store.known_names(B, range(-count, count)) == set()
    assert store.known_names("https://unknown.example/", [1]) == set()
