"""A copy of the database, and back again: what is promised of what was sent and what was not."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.model import DeliveryState
from monitor.store import FILE_NAME, open_store
from monitor.store.lock import FolderLock
from monitor.store.restoring import BEFORE, WAITING, take_waiting
from tests.cli.conftest import Call
from tests.store.conftest import Making

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A store with one alert that waits, one that was being sent and one that was delivered."""
    (tmp_path / "config.yaml").write_text("feeds: [https://news.example/feed]\n")
    folder = tmp_path / "data"
    store = open_store(folder, lock=True)
    Making.outbox(store, "1", "2", "3")
    store.close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as raw:
        raw.execute("UPDATE deliveries SET state = 'sending', claimed_at = 9 WHERE id = 2")
        raw.execute("UPDATE deliveries SET state = 'sent' WHERE id = 3")
        raw.commit()
    return folder


def states(data: Path) -> dict[str, tuple[DeliveryState, bool]]:
    store = open_store(data, read_only=True)
    try:
        return {
            each.alert.id: (each.deliveries[0].state, each.deliveries[0].uncertain)
            for each in store.list_alerts(9)
        }
    finally:
        store.close()


@pytest.mark.parametrize(
    ("options", "unsent"),
    [
        pytest.param((), DeliveryState.RETRY, id="what was not sent is sent again, and says so"),
        pytest.param(("--hold",), DeliveryState.HELD, id="or waits for a person"),
    ],
)
def test_a_copy_brings_back_what_was(
    call: Call, data: Path, options: tuple[str, ...], unsent: DeliveryState
) -> None:
    (copied,) = call("backup", "copy.db", "--json").documents
    assert (copied["file"], copied["articles"]) == ("copy.db", 3)
    store = open_store(data)
    Making.outbox(store, "4")
    store.close()
    (restored,) = call("restore", "copy.db", *options, "--json").documents
    assert (restored["by"], restored["articles"], restored["unsent"]) == ("command", 3, 2)
    assert states(data) == {
        "alert-1": (unsent, True),
        "alert-2": (unsent, True),
        "alert-3": (DeliveryState.SENT, False),
    }
    with closing(sqlite3.connect(data / BEFORE)) as before:  # nothing was thrown away
        assert before.execute("SELECT count(*) FROM articles").fetchone() == (4,)


def test_a_running_daemon_goes_on_while_it_is_copied(call: Call, data: Path) -> None:
    lock = FolderLock.take(data)
    try:
        assert call("backup", "copy.db").code == 0
    finally:
        lock.release()


def damaged(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE mine (x)")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO schema_version VALUES (999, 0)")
        database.commit()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        pytest.param(damaged, "damaged", id="half a file"),
        pytest.param(foreign, "no database of news-monitor", id="another program's database"),
        pytest.param(lambda path: path.write_text("hello"), "damaged", id="no database at all"),
        pytest.param(newer, "written by a newer news-monitor", id="a copy of a newer program"),
    ],
)
def test_a_bad_copy_changes_nothing(call: Call, data: Path, spoil: Any, told: str) -> None:
    call("backup", "copy.db")
    spoil(data.parent / "copy.db")
    before = states(data)
    said = call("restore", "copy.db")
    assert said.code == 1
    assert told in said.err
    assert states(data) == before
    assert not (data / BEFORE).exists()


def test_a_damaged_database_is_replaced(call: Call, data: Path) -> None:
    call("backup", "copy.db")
    damaged(data / FILE_NAME)
    assert call("restore", "copy.db").code == 0
    assert len(states(data)) == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("backup", "nowhere/copy.db"), "there is no folder", id="no such folder"),
        pytest.param(
            ("backup", "data/news-monitor.db"), "is the database itself", id="onto itself"
        ),
        pytest.param(("restore", "none.db"), "does not exist", id="no such copy"),
    ],
)
def test_wrong_names_are_told(
    call: Call, data: Path, arguments: tuple[str, ...], told: str
) -> None:
    said = call(*arguments)
    assert said.code == 2
    assert told in said.err
    assert len(states(data)) == 3


def test_a_daemon_takes_a_waiting_copy_between_two_lives(call: Call, data: Path) -> None:
    call("backup", "copy.db")
    (data.parent / "copy.db").rename(data / WAITING)
    taken = take_waiting(data)
    assert taken is not None
    assert taken.articles == 3
    assert not (data / WAITING).exists()
    assert take_waiting(data) is None
