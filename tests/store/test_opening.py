"""Opening: one owner, versions, damage, copies."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypedDict

import pytest
from sqlalchemy import Connection, create_engine, inspect

from monitor.errors import AlreadyRunning, StoreError
from monitor.feeds.identity import entry_key
from monitor.model import FeedState
from monitor.store import FILE_NAME, Store, open_store
from monitor.store.codec import encode
from monitor.store.migrations import Migration, all_migrations
from monitor.store.schema import metadata


class How(TypedDict, total=False):
    """How a test opens the store."""

    lock: bool
    read_only: bool


def later(change: Callable[[Connection], None]) -> tuple[Migration, ...]:
    steps = all_migrations()
    return (*steps, Migration(steps[-1].version + 1, "later", change))


def add_column(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE feeds ADD COLUMN colour TEXT")


def columns(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        return [row[1] for row in raw.execute("PRAGMA table_info(feeds)")]


def test_the_tables_are_those_that_the_queries_see(data: Path, store: Store) -> None:
    engine = create_engine(f"sqlite:///{data / FILE_NAME}")
    found = inspect(engine)
    made = {name: [c["name"] for c in found.get_columns(name)] for name in found.get_table_names()}
    engine.dispose()
    assert made == {name: table.columns.keys() for name, table in metadata.tables.items()}


def test_the_writer_has_the_settings_that_the_promises_rest_on(data: Path, store: Store) -> None:
    def settings(opened: Store) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only")
        with opened._read() as connection:
            return {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in (*names, "wal_autocheckpoint", "mmap_size")
            }

    common = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10000, "synchronous": 2}
    owner = settings(store)
    assert owner.items() >= {**common, "query_only": 0, "wal_autocheckpoint": 1000}.items()
    assert owner["mmap_size"] in (0, None)
    guest = open_store(data)
    assert settings(guest).items() >= {**common, "wal_autocheckpoint": 0}.items()
    guest.close()
    reader = open_store(data, read_only=True)
    assert settings(reader).items() >= {"query_only": 1, "wal_autocheckpoint": 0}.items()
    reader.close()


def test_a_second_owner_is_refused_and_told_who_the_first_is(
    data: Path, child: Callable[..., Any]
) -> None:
    code = (
        "import sys; from pathlib import Path; from monitor.store import open_store\n"
        "store = open_store(Path(sys.argv[1]), lock=True); print('open', flush=True)\n"
        "sys.stdin.readline()"
    )
    first = child(code, data)
    assert first.line() == "open"
    with pytest.raises(AlreadyRunning, match=f"process {first.pid}"):
        open_store(data, lock=True)
    first.kill()
    open_store(data, lock=True).close()


def test_readers_and_guests_work_beside_the_owner(data: Path, store: Store, make: Any) -> None:
    make.pending(store, "1")
    reader, guest = open_store(data, read_only=True), open_store(data)
    assert [item.entry.id for item in reader.pending_entries(make.now, 9)] == ["1"]
    make.outbox(guest, "2")
    assert [item.alert.id for item in reader.list_alerts(9)] == ["alert-2"]
    with pytest.raises(StoreError, match="readonly"):
        reader.sync_feeds([])
    reader.close()
    guest.close()


def test_what_was_stored_is_there_after_reopening(data: Path, make: Any) -> None:
    for names in (("1",), ("2",)):
        opened = open_store(data, lock=True)
        make.outbox(opened, *names)
        opened.close()
        opened.close()
    opened = open_store(data, read_only=True)
    assert {item.alert.id for item in opened.list_alerts(9)} == {"alert-1", "alert-2"}
    opened.close()


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _scramble(path: Path, start: int = 4096) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\xa5" * 3 * 4096)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(_truncate, id="a file cut in half"),
        pytest.param(lambda path: os.truncate(path, 0), id="a file cut to nothing"),
        pytest.param(lambda path: path.write_bytes(b"not a database" * 400), id="another file"),
        pytest.param(_scramble, id="a file with pages overwritten"),
        pytest.param(
            lambda path: _scramble(path, path.stat().st_size - 3 * 4096),
            id="a file with pages overwritten that opening does not read",
        ),
    ],
)
def test_a_damaged_file_is_refused_with_a_hint(
    data: Path, make: Any, damage: Callable[[Path], None]
) -> None:
    opened = open_store(data, lock=True)
    make.outbox(opened, *map(str, range(30)))
    opened.close()
    path = data / FILE_NAME
    damage(path)
    before = path.read_bytes()
    for _ in range(2):  # the refusal must not mend, replace or lock anything
        with pytest.raises(StoreError, match="restore"):
            open_store(data, lock=True)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("prepare", "how", "sentence"),
    [
        pytest.param(lambda data: None, {"read_only": True}, "no database in", id="no folder yet"),
        pytest.param(
            lambda data: data.mkdir(), {"read_only": True}, "no database in", id="no file yet"
        ),
        pytest.param(
            lambda data: data.write_text(""), {"lock": True}, "cannot create", id="a file for data"
        ),
        pytest.param(
            lambda data: (data / FILE_NAME).mkdir(parents=True),
            {"lock": True},
            "cannot use the database",
            id="a folder for the file",
        ),
        pytest.param(
            lambda data: (data.mkdir(), (data / f"{FILE_NAME}-wal").write_bytes(b"x" * 99)),
            {"lock": True},
            "is missing but",
            id="the file gone and its log still there",
        ),
    ],
)
def test_a_folder_that_cannot_be_used(
    data: Path, prepare: Callable[[Path], None], how: How, sentence: str
) -> None:
    prepare(data)
    with pytest.raises(StoreError, match=sentence):
        open_store(data, **how)


def test_a_migration_leaves_a_copy_of_the_old_file(data: Path, make: Any) -> None:
    opened = open_store(data, lock=True)
    make.outbox(opened, "1")
    opened.close()
    assert list(data.glob("*.before-*")) == []
    opened = open_store(data, lock=True, migrations=later(add_column))
    got = opened.claim_delivery("screen", make.now, 60)
    opened.close()
    assert got is not None
    assert columns(data / FILE_NAME)[-1] == "colour"
    copy = data / f"news-monitor.before-{len(all_migrations()) + 1}.db"
    assert "colour" not in columns(copy)
    (data / FILE_NAME).unlink()
    copy.rename(data / FILE_NAME)
    opened = open_store(data, lock=True)
    assert opened.claim_delivery("screen", make.now, 60) is not None
    opened.close()


def test_entries_of_the_first_release_stay_known(data: Path, make: Any) -> None:
    """A database of version 1, as that release left it: each entry is known by its id."""
    open_store(data, lock=True, migrations=all_migrations()[:1]).close()
    with closing(sqlite3.connect(data / FILE_NAME)) as raw:
        raw.execute("INSERT INTO feeds (url, active, failures) VALUES (?, TRUE, 0)", (make.feed,))
        raw.execute(
            "INSERT INTO entries (feed_id, key, status, reason, seen_at, dated, attempts)"
            " VALUES (1, ?, 'done', '', 0, 0, 0)",
            (entry_key("1"),),
        )
        raw.commit()
    opened = open_store(data, lock=True)
    assert opened.known_names(make.feed, [entry_key("1"), entry_key("2")]) == {entry_key("1")}
    assert opened.states()[make.feed] == FeedState(make.feed)
    opened.close()


def test_the_outbox_of_an_older_release_moves_whole(data: Path, make: Any) -> None:
    """Version 3 had alerts of articles only; what waited there still goes out, once."""
    open_store(data, lock=True, migrations=all_migrations()[:3]).close()
    with closing(sqlite3.connect(data / FILE_NAME)) as raw:
        raw.execute(
            "INSERT INTO articles VALUES"
            " ('article-1', 'u', 't', 'x', NULL, '', '', '', NULL, NULL, '[]', 'ok', '', '', 0)"
        )
        for name in ("1", "2"):
            raw.execute(
                "INSERT INTO alerts VALUES (?, 'article-1', 0, ?)",
                (f"alert-{name}", encode(make.alert(name))),
            )
            raw.execute(
                "INSERT INTO deliveries (alert_id, notifier, rules, state, attempts, fence,"
                " next_attempt_at, created_at, uncertain) VALUES (?, 'mail', '[]', ?, 1, 4, 0, 0, 0)",
                (f"alert-{name}", "retry" if name == "1" else "sent"),
            )
            raw.execute(
                "INSERT INTO attempts (delivery_id, fence, started_at, ended_at, outcome)"
                " VALUES ((SELECT max(id) FROM deliveries), 4, 0, 0, 'no')"
            )
        raw.commit()
    opened = open_store(data, lock=True)
    claimed = opened.claim_delivery("mail", make.now, 60)
    assert claimed is not None
    assert (claimed[0].alert_id, claimed[0].fence, claimed[1].title) == ("alert-1", 5, "Report")
    assert len(opened.attempts(claimed[0].id)) == 1
    assert opened.claim_delivery("mail", make.now, 60) is None
    opened.close()
    with closing(sqlite3.connect(data / FILE_NAME)) as raw:
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("DELETE FROM articles")
        for table in ("alerts", "deliveries", "attempts"):
            assert raw.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_migration_that_fails_changes_nothing(data: Path, make: Any) -> None:
    def half(connection: Connection) -> None:
        add_column(connection)
        raise StoreError("the step failed")

    opened = open_store(data, lock=True)
    make.outbox(opened, "1")
    opened.close()
    with pytest.raises(StoreError, match="the step failed"):
        open_store(data, lock=True, migrations=later(half))
    opened = open_store(data, lock=True)
    assert len(opened.list_alerts(9)) == 1
    opened.close()
    assert "colour" not in columns(data / FILE_NAME)


@pytest.mark.parametrize("how", [{"lock": True}, {"read_only": True}, {}], ids=str)
def test_a_database_of_a_newer_version_is_refused(data: Path, how: How) -> None:
    open_store(data, lock=True, migrations=later(add_column)).close()
    with pytest.raises(StoreError, match="written by a newer news-monitor"):
        open_store(data, **how)


def test_a_reader_or_guest_of_a_newer_program_asks_for_a_restart(data: Path, store: Store) -> None:
    ways: tuple[How, ...] = ({"read_only": True}, {})
    for how in ways:
        with pytest.raises(StoreError, match="restart news-monitor run"):
            open_store(data, **how, migrations=later(add_column))


def test_a_copy_of_the_live_database_is_whole(data: Path, store: Store, make: Any) -> None:
    make.outbox(store, "1")
    target = data.parent / "other" / FILE_NAME
    with pytest.raises(StoreError, match="cannot copy"):
        store.backup(target)
    target.parent.mkdir()
    target.write_text("an older copy")
    store.backup(target)
    assert [path.name for path in target.parent.iterdir()] == [FILE_NAME]
    copy = open_store(target.parent, lock=True)
    assert copy.list_alerts(9) == store.list_alerts(9)
    copy.close()


def test_errors_tell_no_contents(store: Store, make: Any) -> None:
    (one,) = make.pending(store, "1")
    twice = make.result("1", to=("the-secret-channel", "the-secret-channel"))
    with pytest.raises(StoreError, match="UNIQUE") as caught:
        store.record_article(one, twice, make.now)
    told = [str(caught.value), str(caught.value.__cause__), repr(caught.value.__cause__)]
    assert not any("the-secret" in text for text in told)
