"""A crash anywhere: afterwards all of a transaction is there or nothing, and the rest completes."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import AlreadyRunning
from monitor.model import DeliveryState, Feed, FeedState
from monitor.store import Attempt, NewEntry, Store, open_store
from monitor.store.migrations import all_migrations
from tests.conftest import many

LIMIT = 60  # steps; far more than any transaction has


def exhaust(
    folder: Path,
    fresh: Callable[[Path], Store],
    crash_at: Callable[[int], Callable[[], bool]],
    crash: type[BaseException],
    prepare: Callable[[Store], None],
    act: Callable[[Store], object],
    seen: Callable[[Store], object],
) -> int:
    """Crashes ``act`` at every step in turn until it passes; returns how many steps it has.

    After each crash the file is opened anew: ``seen`` must be as before or as after ``act``, and
    acting again must lead to the same as acting once.
    """
    for k in range(1, LIMIT):
        data = folder / str(k)
        store = fresh(data)
        prepare(store)
        before = seen(store)
        disarm = crash_at(k)
        with suppress(crash):
            act(store)
        crashed = disarm()
        store.close()
        store = open_store(data, lock=True)
        found = seen(store)
        act(store)
        after = seen(store)
        act(store)
        assert seen(store) == after != before, f"acting again changed something, k={k}"
        store.close()
        assert found in (before, after), f"half of a transaction is there, k={k}"
        if not crashed:
            assert found == after
            return k - 1
    raise AssertionError("never passed")


def test_a_crash_at_every_statement_of_record_poll(
    tmp_path: Path, fresh: Any, make: Any, crash_at: Any, crash: Any
) -> None:
    new = [NewEntry(make.entry(str(number))) for number in range(3)]
    steps = exhaust(
        tmp_path,
        fresh,
        crash_at,
        crash,
        lambda store: store.sync_feeds([Feed(make.feed)]),
        lambda store: store.record_poll(make.state(), new),
        lambda store: (store.states(), store.pending_entries(make.now, 9)),
    )
    assert steps >= 5  # begin, feed, state, known, entries, commit


def test_a_crash_at_every_statement_of_record_article(
    tmp_path: Path, fresh: Any, make: Any, crash_at: Any, crash: Any
) -> None:
    steps = exhaust(
        tmp_path,
        fresh,
        crash_at,
        crash,
        lambda store: make.pending(store, "1"),
        lambda store: store.record_article(1, make.result("1"), make.now),
        lambda store: (
            store.pending_entries(make.now, 9),
            store.get_article("article-1"),
            store.list_alerts(9),
            store.counts(make.now),
        ),
    )
    assert steps >= 10


def test_a_crash_at_every_statement_of_a_send(
    tmp_path: Path, fresh: Any, make: Any, crash_at: Any, crash: Any
) -> None:
    """Whatever the step, a restart finds the delivery and brings it to its end."""
    for k in range(1, LIMIT):
        data = tmp_path / str(k)
        store = fresh(data)
        make.outbox(store, "1")
        accepted = 0
        disarm = crash_at(k)
        with suppress(crash):
            accepted += _send(store, make, 0)
        crashed = disarm()
        store.close()
        store = open_store(data, lock=True)
        recovered = store.recover_all_sending(make.at(1))
        accepted += _send(store, make, 1)
        (item,) = store.list_alerts(9)
        store.close()
        assert item.deliveries[0].state is DeliveryState.SENT
        assert item.deliveries[0].uncertain is bool(recovered)
        if not crashed:
            assert (accepted, recovered) == (1, [])
            return
    raise AssertionError("never passed")


def _send(store: Store, make: Any, at: float) -> int:
    got = store.claim_delivery("screen", make.at(at), 60)
    if got is None:
        return 0
    sent = replace(got[0], state=DeliveryState.SENT, sent_at=make.at(at))
    assert store.finish_attempt(sent, got[0].fence, Attempt(make.at(at), make.at(at), "ok"))
    return 1


def test_a_crash_at_every_statement_of_the_first_start(
    tmp_path: Path, crash_at: Any, crash: Any
) -> None:
    for k in range(1, 300, many(3, 1)):
        data = tmp_path / str(k)
        disarm = crash_at(k)
        with suppress(crash):
            open_store(data, lock=True).close()
        crashed = disarm()
        store = open_store(data, lock=True)
        assert store.states() == {}
        store.close()
        if not crashed:
            return
    raise AssertionError("never passed")


WRITER = """
import json, sys
from datetime import datetime
from pathlib import Path
from monitor.model import *
from monitor.store import *
now = datetime.fromisoformat(sys.argv[2])
store = open_store(Path(sys.argv[1]), lock=True)
feed = "https://news.example/feed"
store.sync_feeds([Feed(feed)])
start = store.counts(now).articles
for n in range(start, start + 100000):
    entry = Entry(f"e{n}", None, "t")
    store.record_poll(FeedState(feed, last_polled_at=now, failures=n), [NewEntry(entry)])
    print(json.dumps(["polled", n]), flush=True)
    (item,) = store.pending_entries(now, 1)
    article = Article(f"a{n}", "https://news.example/", "t", "text")
    alert = Alert(f"m{n}", f"a{n}", "t", "", "", None, now, ())
    result = Result(article, [f"u{n}"], (), (), alert, [NewDelivery("screen")])
    store.record_article(item.id, result, now)
    print(json.dumps(["recorded", n]), flush=True)
"""


def test_what_was_told_before_kill_9_is_there_afterwards(
    data: Path, make: Any, child: Callable[..., Any]
) -> None:
    told: dict[str, set[int]] = {"polled": set(), "recorded": set()}
    for lines in (1, 7, 20):  # each life ends a little later
        writer = child(WRITER, data, make.now.isoformat())
        texts = [writer.line() for _ in range(lines)]
        with pytest.raises(AlreadyRunning):
            open_store(data, lock=True)
        texts += writer.kill()
        for what, number in map(json.loads, texts):
            told[what].add(number)
        store = open_store(data, lock=True)  # the lock is free, the file is whole
        articles = {item.article.id for item in store.list_articles(10**6)}
        alerts = {item.alert.id for item in store.list_alerts(10**6)}
        (state,) = store.states().values()
        for left in store.pending_entries(make.now, 9):  # so that the next life goes on from here
            number = int(left.entry.id[1:])
            result = make.result(str(number), to=("screen",))
            article = replace(result.article, id=f"a{number}")
            store.record_article(left.id, replace(result, article=article), make.now)
        store.close()
        assert {f"a{number}" for number in told["recorded"]} <= articles
        assert len(alerts) == len(articles)
        assert isinstance(state, FeedState)
        assert state.failures >= max(told["polled"])


def test_the_steps_are_numbered_without_a_gap() -> None:
    steps = all_migrations()
    assert [step.version for step in steps] == list(range(1, len(steps) + 1))
