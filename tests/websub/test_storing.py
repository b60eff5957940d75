"""Subscriptions at rest, and polls that move in the same transaction."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from monitor.model import Feed, FeedMemory, FeedState
from monitor.store import Store, open_store
from monitor.websub.course import step
from monitor.websub.subscription import Dropped, Mode, MovePoll, Ping, Step, Subscription
from monitor.websub.wishes import Offer
from tests.websub.made import HUB, NOW, TOKEN, TOPIC, at, subscription

FULL = Subscription(
    **{
        name: getattr(subscription(), name)
        for name in ("token", "feed_url", "hub", "topic", "callback", "secret", "created_at")
    },
    wanted=Mode.UNSUBSCRIBE,
    next_at=at(1),
    asked_at=at(2),
    lease_until=at(3),
    pinged_at=at(4),
    failures=5,
    last_error="no",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "data", lock=True)
    opened.sync_feeds([Feed(TOPIC)])
    yield opened
    opened.close()


def plan(store: Store, **changes: object) -> FeedState:
    known = {"last_polled_at": at(-3600), "next_poll_at": at(9000)}
    state = FeedState(TOPIC, **(known | changes))  # type: ignore[arg-type]  # a test's shorthand
    store.record_poll(state)
    return state


@pytest.mark.parametrize(
    "one", [pytest.param(subscription(), id="a new one"), pytest.param(FULL, id="a full one")]
)
def test_every_field_comes_back(store: Store, one: Subscription) -> None:
    store.add_subscriptions([one])
    store.add_subscriptions([replace(one, hub="another")])
    assert store.subscriptions() == [one], "a token that is there is left as it is"


def test_a_step_is_stored_and_returned(store: Store) -> None:
    store.add_subscriptions([subscription()])
    changed = replace(FULL, token=subscription().token)
    done = store.step_subscription(TOKEN, lambda one: Step(changed, (), "a reason"), NOW)
    assert done == Step(changed, (), "a reason")
    assert store.subscriptions() == [changed]
    store.step_subscription(TOKEN, lambda one: Step(None, (), "over"), NOW)
    assert store.subscriptions() == []
    assert store.step_subscription(TOKEN, lambda one: step(one, Dropped(), NOW), NOW) is None


def test_a_ping_moves_its_feed_and_no_other(store: Store) -> None:
    other = "https://other.example.com/feed"
    store.sync_feeds([Feed(TOPIC), Feed(other)])
    mine, others = plan(store), FeedState(other, last_polled_at=at(-3600), next_poll_at=at(9000))
    store.record_poll(others)
    store.add_subscriptions([subscription()])
    store.step_subscription(TOKEN, lambda one: step(one, Ping(signed=True), NOW), NOW)
    assert store.states() == {TOPIC: replace(mine, next_poll_at=NOW), other: others}
    assert [state.url for state in store.due_feeds(NOW, 9)] == [TOPIC]


def test_a_step_that_fails_moves_nothing(store: Store) -> None:
    state = plan(store)
    store.add_subscriptions([subscription()])
    naive = datetime(2026, 11, 2)  # cannot be stored
    with pytest.raises(ValueError, match="naive"):
        store.step_subscription(
            TOKEN, lambda one: Step(replace(one, pinged_at=naive), (MovePoll(),), ""), NOW
        )
    assert store.states() == {TOPIC: state}
    assert store.subscriptions() == [subscription()]


@pytest.mark.parametrize(
    ("changes", "moved"),
    [
        pytest.param({}, NOW, id="now"),
        pytest.param({"not_before": at(500)}, at(500), id="not before the server's wish"),
        pytest.param({"next_poll_at": at(-1)}, None, id="what is due stays due"),
    ],
)
def test_poll_soon(store: Store, changes: dict[str, object], moved: datetime | None) -> None:
    state = plan(store, **changes)
    assert store.poll_soon(TOPIC, NOW) == moved
    assert store.states()[TOPIC].next_poll_at == (moved or state.next_poll_at)


def test_poll_soon_leaves_resting_and_unknown_feeds_alone(store: Store) -> None:
    plan(store)
    store.sync_feeds([])
    assert store.poll_soon(TOPIC, NOW) is None
    assert store.poll_soon("https://nobody.example.com/", NOW) is None


def test_offers_are_those_of_active_feeds_that_name_hub_and_topic(store: Store) -> None:
    memories = {
        TOPIC: FeedMemory(hub=HUB, topic=TOPIC),
        "https://b.example.com/": FeedMemory(hub=HUB),
        "https://c.example.com/": FeedMemory(topic='"hub":"'),
        "https://d.example.com/": FeedMemory(),
        "https://e.example.com/": FeedMemory(hub=HUB, topic=TOPIC),
    }
    store.sync_feeds([Feed(url) for url in memories])
    for url, memory in memories.items():
        store.record_poll(FeedState(url, last_polled_at=NOW, memory=memory))
    store.sync_feeds([Feed(url) for url in memories if url != "https://e.example.com/"])
    assert store.hub_offers() == {TOPIC: Offer(HUB, TOPIC)}
