"""C-07, C-11 to C-13, C-16: no room, damage, a lost log, another program's lock, a clock set back."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.health.notices import Notice
from monitor.model import DeliveryState, Feed, FeedState
from monitor.store import FILE_NAME, NewEntry, Store, open_store
from monitor.store.backups import advice, is_good, newest_good_copy
from monitor.store.dialect import damage

HOUR = timedelta(hours=1)


def limit_pages(store: Store, more: int | None) -> None:
    """Let the file grow by ``more`` pages at most; SQLite says that the disk is full after that."""
    with store._read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(
            f"PRAGMA max_page_count = {2**30 if more is None else pages + more}"
        )


def big(make: Any, name: str) -> Any:
    """An entry that needs some twenty pages."""
    return replace(make.entry(name), content=f"<p>{name * 80_000}</p>")


@pytest.mark.parametrize("what", ["a poll", "an article"])
def test_c07_no_room_at_any_point_leaves_all_or_nothing(
    tmp_path: Path, fresh: Callable[[Path], Store], make: Any, what: str
) -> None:
    """The file may grow by 0, 1, 2 … pages; each time all is as before, and works with room."""
    fulls = 0
    for more in range(60):
        store = fresh(tmp_path / str(more))
        told: list[str] = []
        store.on_failure = lambda error, told=told: told.append(str(error))  # type: ignore[misc]
        seen, act = _act(store, make, what)
        before = seen()
        limit_pages(store, more)
        with suppress(StoreError):
            act()
        assert all("disk is full" in text for text in told)
        if told:
            fulls += 1
            assert seen() == before
            assert damage(store._connection) is None
            limit_pages(store, None)
            store.probe(1024 * 1024)
            act()
        assert seen() != before
        store.close()
        if not told:
            break
    else:
        raise AssertionError("never passed")
    assert fulls >= 5


def _act(store: Store, make: Any, what: str) -> tuple[Callable[[], object], Callable[[], object]]:
    store.sync_feeds([Feed(make.feed)])
    if what == "a poll":
        new = [NewEntry(big(make, name)) for name in "abc"]
        return store.states, lambda: store.record_poll(make.state(), new)
    (one,) = make.pending(store, "1")
    result = make.result("1")
    article = replace(result.article, text="x" * 100_000)
    return (
        lambda: (store.get_article("article-1"), store.list_alerts(9)),
        lambda: store.record_article(one, replace(result, article=article), make.now),
    )


def test_c08_a_probe_that_asks_for_room_fails_where_there_is_none(store: Store) -> None:
    limit_pages(store, 3)
    store.probe()  # a number in the header needs no room
    with pytest.raises(StoreError, match="disk is full"):
        store.probe(1024 * 1024)
    limit_pages(store, None)
    store.probe(1024 * 1024)
    with store._read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM feeds").scalar() == 0


def test_a_resting_store_gives_no_delivery_away(store: Store, make: Any) -> None:
    make.outbox(store, "1")
    store.rests = True
    assert store.claim_delivery("screen", make.now, 60) is None
    store.rests = False
    assert store.claim_delivery("screen", make.now, 60) is not None
    assert store.delivery_counts() == {"screen": {DeliveryState.SENDING: 1}}


@pytest.fixture
def foreign(data: Path, store: Store) -> Iterator[sqlite3.Connection]:
    """Another program that holds the database for writing."""
    with store._read() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 20")  # ten seconds in the program
    with closing(sqlite3.connect(data / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_c13_another_programs_write_is_waited_for(
    store: Store, foreign: sqlite3.Connection, make: Any
) -> None:
    store.patience = 30.0
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(store.sync_feeds, [Feed(make.feed)])
        with pytest.raises(TimeoutError):
            waiting.result(0.3)  # many times the database's own patience
        foreign.execute("ROLLBACK")
        waiting.result(10)
    assert set(store.states()) == {make.feed}


def test_c13_without_patience_it_is_told_and_nothing_is_half_done(
    store: Store, foreign: sqlite3.Connection, make: Any
) -> None:
    told: list[StoreError] = []
    store.on_failure = told.append
    with pytest.raises(StoreError, match="locked"):
        store.sync_feeds([Feed(make.feed)])
    assert len(told) == 1
    assert store.states() == {}, "reading goes on meanwhile"
    foreign.execute("ROLLBACK")
    store.sync_feeds([Feed(make.feed)])
    assert set(store.states()) == {make.feed}


def test_a_refused_row_is_no_failure_of_the_database(store: Store, make: Any) -> None:
    told: list[StoreError] = []
    store.on_failure = told.append
    with pytest.raises(StoreError):
        store.record_poll(make.state())  # a feed that nobody knows
    assert told == []


def test_c12_a_log_lost_while_stopped_leaves_an_earlier_whole_state(
    tmp_path: Path, fresh: Callable[[Path], Store], make: Any
) -> None:
    """What only the log held is gone; it opens, or refuses: it never ends in a crash."""
    store = fresh(tmp_path / "killed")
    make.outbox(store, "1")
    assert (tmp_path / "killed" / f"{FILE_NAME}-wal").stat().st_size > 0
    after = tmp_path / "after"
    after.mkdir()
    shutil.copyfile(tmp_path / "killed" / FILE_NAME, after / FILE_NAME)  # kill -9, and no log
    store.close()
    for _ in range(2):
        store = open_store(after, lock=True)
        assert store.list_alerts(9) == []
        assert damage(store._connection) is None
        store.close()
    store = open_store(after, lock=True)
    make.outbox(store, "1")  # the feed still has it, and it is found again
    assert len(store.list_alerts(9)) == 1
    store.close()


def test_c11_the_newest_good_copy_is_named(tmp_path: Path, fresh: Callable[[Path], Store]) -> None:
    data = tmp_path / "data"
    store = fresh(data)
    assert newest_good_copy(data) is None
    assert "no good copy" in advice(data)
    for number, name in enumerate(("old.db", "newer.db", "news-monitor.before-9.db")):
        store.backup(data / name)
        _set_time(data / name, 1_700_000_000 + number)
    (data / "backups").mkdir()
    store.backup(data / "backups" / "newest good.db")
    _set_time(data / "backups" / "newest good.db", 1_700_000_100)
    for name, content in (("broken.db", b"SQLite format 3\0" + bytes(9000)), ("empty.db", b"")):
        (data / name).write_bytes(content)
    with closing(sqlite3.connect(data / "other.db")) as other:
        other.execute("CREATE TABLE somebody_elses (x)")
    store.close()
    before = sorted(path.name for path in data.rglob("*"))
    assert newest_good_copy(data) == data / "backups" / "newest good.db"
    assert "newest good.db of 2023-11-14 22:15 UTC" in advice(data)
    assert sorted(path.name for path in data.rglob("*")) == before, "looking makes no files"
    assert not is_good(data / "missing.db")


def _set_time(path: Path, seconds: int) -> None:
    os.utime(path, (seconds, seconds))


def test_c16_a_clock_set_back_moves_what_is_to_come(store: Store, make: Any) -> None:
    wish = make.now + 3 * HOUR
    store.sync_feeds([Feed(make.feed), Feed("https://b.example/f")])
    store.record_poll(
        FeedState(make.feed, last_polled_at=make.now, next_poll_at=make.now + HOUR / 2,
                  last_success_at=make.now - 9 * HOUR, not_before=wish),
    )  # fmt: skip
    back = make.now - HOUR
    assert store.shift_times(-HOUR, back) == 1
    after = store.states()[make.feed]
    assert after.next_poll_at == back + HOUR / 2
    assert after.not_before == wish - HOUR
    assert after.last_polled_at == back
    assert after.last_success_at == make.now - 9 * HOUR, "what was long ago stays"
    assert store.states()["https://b.example/f"].next_poll_at is None


def test_c16_an_entry_put_off_comes_as_soon_as_before(store: Store, make: Any) -> None:
    (one,) = make.pending(store, "1")
    store.defer_entry(one, make.now + HOUR, "later")
    back = make.now - 365 * 24 * HOUR
    store.shift_times(-365 * 24 * HOUR, back)
    assert store.pending_entries(back + HOUR / 2, 9) == []
    assert len(store.pending_entries(back + HOUR, 9)) == 1


def test_c16_polled_by_a_clock_that_ran_ahead_before_a_restart(store: Store, make: Any) -> None:
    ahead, wish = "https://ahead.example/f", "https://wish.example/f"
    store.sync_feeds([Feed(make.feed), Feed(ahead), Feed(wish)])
    late = make.now + 10 * HOUR
    store.record_poll(FeedState(make.feed, last_polled_at=make.now, next_poll_at=late))
    store.record_poll(FeedState(ahead, last_polled_at=late, next_poll_at=late + HOUR))
    store.record_poll(FeedState(wish, last_polled_at=late, next_poll_at=late, not_before=late))
    assert store.forget_future_polls(make.now) == 1
    times = {url: state.next_poll_at for url, state in store.states().items()}
    assert times == {make.feed: late, ahead: make.now, wish: late}
    assert store.forget_future_polls(make.now) == 0


def test_i8_no_feed_is_due_later_than_any_plan(store: Store, make: Any) -> None:
    store.sync_feeds([Feed(make.feed)])
    store.record_poll(
        FeedState(make.feed, last_polled_at=make.now, next_poll_at=make.now + 9000 * HOUR)
    )
    assert store.bound_times(make.now + 192 * HOUR) == 1
    assert store.states()[make.feed].next_poll_at == make.now + 192 * HOUR


def test_notices_that_last_are_kept_as_they_are(data: Path, store: Store, make: Any) -> None:
    long = Notice("feed https://a.example/?q=\x00", "a\ud800", "text", make.now, weight=2)
    store.replace_notices([long, Notice("disk", "full", "", make.now - HOUR)])
    store.replace_notices([long, Notice("disk", "full", "", make.now - HOUR)])
    reader = open_store(data, read_only=True)
    disk, feed = reader.open_notices()
    reader.close()
    assert (disk.subject, disk.since, disk.over) == ("disk", make.now - HOUR, None)
    assert (feed.title, feed.weight, feed.since) == ("a\ufffd", 2, make.now)
    store.replace_notices([])
    assert store.open_notices() == []


def test_which_feeds_ail_and_which_channels_took_something(store: Store, make: Any) -> None:
    urls = [f"https://{name}.example/" for name in ("well", "failing", "waiting", "new", "gone")]
    store.sync_feeds([Feed(url) for url in urls])
    store.record_poll(FeedState(urls[0], last_polled_at=make.now))
    store.record_poll(FeedState(urls[1], failures=2, last_error="500"))
    store.record_poll(FeedState(urls[2], last_error="asked to wait"))
    store.record_poll(FeedState(urls[4], failures=9, last_error="410"))
    store.sync_feeds([Feed(url) for url in urls[:4]])
    assert [state.url for state in store.ailing_feeds()] == [urls[1], urls[2]]
    assert not store.took_message_since("screen", make.now - HOUR)
