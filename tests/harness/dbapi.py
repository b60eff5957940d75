"""apsw spoken to as the standard library's sqlite3, as far as SQLAlchemy and our store speak it.

A module of this shape is what ``create_engine(module=…)`` takes (PEP 249).
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import apsw
import apsw.ext

from tests.harness.crash import Crash
from tests.harness.disk import NAME, Disk

paramstyle = "qmark"
apilevel = "2.0"
threadsafety = 1
sqlite_version_info = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
sqlite_version = apsw.sqlite_lib_version()
PARSE_DECLTYPES = sqlite3.PARSE_DECLTYPES
PARSE_COLNAMES = sqlite3.PARSE_COLNAMES
Binary = bytes
Error = sqlite3.Error
Warning = sqlite3.Warning  # noqa: A001  # PEP 249's name
InterfaceError = sqlite3.InterfaceError
DatabaseError = sqlite3.DatabaseError
DataError = sqlite3.DataError
OperationalError = sqlite3.OperationalError
IntegrityError = sqlite3.IntegrityError
InternalError = sqlite3.InternalError
ProgrammingError = sqlite3.ProgrammingError
NotSupportedError = sqlite3.NotSupportedError
register_adapter = sqlite3.register_adapter
register_converter = sqlite3.register_converter

_columns: dict[str, Any] = {}  # by statement: what it returns, None for one that returns nothing


def connect(*_: object, **__: object) -> Any:
    """Never called: connections come from ``open_on``."""
    raise NotSupportedError("connections come from open_on")


class Connection:
    """A connection on a disk of ours, in the driver's autocommit mode."""

    def __init__(self, disk: Disk, name: str) -> None:
        self.disk = disk
        self.own = apsw.Connection(disk.path(name), vfs=NAME)
        # without shared memory WAL needs the file for itself (sqlite.org/wal.html, 8)
        self.own.execute("PRAGMA locking_mode = EXCLUSIVE")
        self.isolation_level: str | None = None
        self.closed = False
        self.on_statement: Any = None
        self.on_commit: Any = None

    def cursor(self, *_: object) -> "Cursor":
        return Cursor(self)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "Cursor":
        cursor = Cursor(self)
        cursor.execute(sql, parameters)
        return cursor

    @property
    def in_transaction(self) -> bool:
        return self.own.in_transaction

    def commit(self) -> None:
        if self.own.in_transaction:
            if self.on_statement is not None:
                self.on_statement("COMMIT")
            told(self, lambda: self.own.execute("COMMIT"))
            if self.on_commit is not None:
                self.on_commit(self.own)

    def rollback(self) -> None:
        if not self.closed and not self.disk.dead and self.own.in_transaction:
            told(self, lambda: self.own.execute("ROLLBACK"))

    def close(self) -> None:
        if self.disk.dead:
            self.cut()
        elif not self.closed:
            self.closed = True
            with suppress(apsw.Error):  # SQLite closes even where it cannot fold the WAL
                self.own.close()

    def cut(self) -> None:
        """Close it as the end of the process does: nothing is tidied up."""
        self.closed = True
        with suppress(apsw.Error):
            self.own.close(True)

    def create_function(self, *_: object, **__: object) -> None:
        pass


class Cursor:
    """Results are fetched at once: they are short."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self._at = 0
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "Cursor":
        return self._run(sql, [tuple(parameters)])

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> "Cursor":
        return self._run(sql, [tuple(row) for row in rows])

    def _run(self, sql: str, rows: list[tuple[Any, ...]]) -> "Cursor":
        own = self._connection.own
        if self._connection.on_statement is not None:
            self._connection.on_statement(sql)
        self.description = self._columns_of(sql)
        before = own.total_changes()
        self._rows, self._at = [], 0
        for parameters in rows:
            self._rows.extend(
                told(self._connection, lambda p=parameters: list(own.execute(sql, p)))
            )
        verb = sql.lstrip()[:6].upper()
        if verb in ("INSERT", "UPDATE", "DELETE"):
            self.rowcount = own.total_changes() - before
            self.lastrowid = own.last_insert_rowid()
        return self

    def _columns_of(self, sql: str) -> Any:
        if sql not in _columns:
            verb = sql.lstrip()[:6].upper()
            if verb in ("BEGIN", "BEGIN ", "COMMIT", "ROLLBA") or sql.startswith(
                ("BEGIN", "PRAGMA journal")
            ):
                _columns[sql] = None
            else:
                found = told(
                    self._connection, lambda: apsw.ext.query_info(self._connection.own, sql)
                )
                _columns[sql] = tuple((name, *(None,) * 6) for name, _ in found.description) or None
        return _columns[sql]

    def fetchone(self) -> Any:
        if self._at >= len(self._rows):
            return None
        self._at += 1
        return self._rows[self._at - 1]

    def fetchmany(self, size: int = 1) -> list[Any]:
        some = self._rows[self._at : self._at + size]
        self._at += len(some)
        return some

    def fetchall(self) -> list[Any]:
        rest = self._rows[self._at :]
        self._at = len(self._rows)
        return rest

    def __iter__(self) -> Any:
        return iter(self.fetchall())

    def close(self) -> None:
        self._rows = []

    def setinputsizes(self, *_: object) -> None:
        pass

    def setoutputsize(self, *_: object) -> None:
        pass


def told(connection: Connection, act: Any) -> Any:
    """What ``act`` gives; apsw's errors as sqlite3 has them."""
    try:
        done = act()
    except apsw.Error as error:
        if connection.disk.dead:
            raise Crash from error
        if isinstance(error, apsw.ConstraintError):
            raise IntegrityError(str(error)) from error
        if isinstance(error, apsw.CorruptError | apsw.NotADBError):
            raise DatabaseError(str(error)) from error
        raise OperationalError(str(error)) from error
    if connection.disk.dead:  # also in what SQLite does beside: folding the WAL after a commit
        raise Crash
    return done
