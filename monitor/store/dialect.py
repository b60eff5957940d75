"""What differs between databases: connecting, beginning, inserting, checking, copying.

SQLite today. Its rules here come from its manual (sqlite.org/wal.html, sqlite.org/pragma.html): up
to 3.51.2 two connections that write or checkpoint at the same instant can damage a WAL file, so
that exactly one connection, the daemon's, ever checkpoints; every write begins as a write.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, NullPool, Table, create_engine, event
from sqlalchemy.engine import URL

from monitor.errors import StoreError

BUSY_SECONDS: Final = 10.0
_CHECKPOINT_PAGES: Final = 1000  # SQLite's own default


class Use(Enum):
    """What a connection is for."""

    OWNER = "owner"  # the daemon: writes, and alone checkpoints
    GUEST = "guest"  # a command that writes a little beside a running daemon
    READER = "reader"  # only reads


def connect(path: Path, use: Use) -> Connection:
    """The one connection of a store. It may move between threads, used by one at a time."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        hide_parameters=True,  # no article, address or receipt in an exception's text
        connect_args={
            "timeout": BUSY_SECONDS,
            "check_same_thread": False,
            "isolation_level": None,  # begin() below begins, not the driver
        },
    )
    _set_pragmas(engine, use)
    return engine.connect()


def _set_pragmas(engine: Engine, use: Use) -> None:
    pragmas = [
        f"busy_timeout = {int(BUSY_SECONDS * 1000)}",
        "foreign_keys = ON",
        "mmap_size = 0",
    ]
    if use is Use.READER:
        pragmas += ["wal_autocheckpoint = 0", "query_only = ON"]
    else:
        pages = _CHECKPOINT_PAGES if use is Use.OWNER else 0
        pragmas += ["journal_mode = WAL", "synchronous = FULL", f"wal_autocheckpoint = {pages}"]

    @event.listens_for(engine, "connect")
    def set_pragmas(raw: sqlite3.Connection, _record: object) -> None:
        for pragma in pragmas:
            raw.execute(f"PRAGMA {pragma}").close()


def begin(connection: Connection, *, write: bool) -> None:
    """The first statement of a transaction. A write takes the write lock at once.

    (Upgrading a read to a write in the middle fails without waiting: sqlite.org/isolation.html.)
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert ``rows``; one that would break a UNIQUE key is left out silently."""
    if rows:
        connection.execute(new_only(connection.dialect.name, table), list(rows))


def new_only(dialect: str, table: Table) -> Any:
    """An insert into ``table`` that leaves out what would break a UNIQUE key."""
    # Both dialects spell it alike, but each has its own insert, and costs time to import.
    own: Any = import_module(f"sqlalchemy.dialects.{dialect}")
    return own.insert(table).on_conflict_do_nothing()


def damage(connection: Connection) -> str | None:
    """What ``quick_check`` found wrong with the file, or None. Raises on an unreadable file."""
    with connection.begin():
        found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(5)")]
    return None if found == ["ok"] else "; ".join(found)


def copy_to(connection: Connection, target: Path) -> None:
    """A consistent copy of the live database at ``target`` (SQLite's online backup).

    Written beside it, checked, then put in place in one step: an existing ``target`` is replaced by
    a good copy or not at all. Raises StoreError when the copy cannot be written or is damaged.
    """
    source: Any = connection.connection.dbapi_connection
    if not isinstance(source, sqlite3.Connection):
        raise StoreError("only an SQLite database is copied this way; use the server's own tools")
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE").close()  # one file, no -wal beside it
            (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise StoreError(f"the copy {part} is damaged: {verdict}")
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"cannot copy the database to {target}: {error}") from error
