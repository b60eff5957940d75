"""One connection, one transaction per call, and errors that say what happened.

The families of tables (feeds, entries, articles, outbox, …) build on ``Session``; ``Store`` is all
of them together.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
)

from monitor.errors import StoreError
from monitor.store.dialect import begin

T = TypeVar("T")

# SQLite allows 32,766 parameters in a statement since 3.32, 999 before.
CHUNK = 500


def _ignore(_: StoreError) -> None:
    """Nobody wants to hear of it."""


class Session:
    """Transactions on one connection. Threads wait for each other.

    ``on_failure`` is told of each failure of the database itself (no room, no right, no answer of
    the device; not of a refused row), in the thread where it happened. ``patience``: seconds that a
    write waits for another program's write, beyond the ten of the database itself.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._alone = Lock()
        self.on_failure: Callable[[StoreError], None] = _ignore
        self.patience = 0.0
        self._probes = 0

    def probe(self, room: int = 0) -> None:
        """Write something, so that it is known whether that is possible.

        ``room``: bytes that must be free in the file, or in what it may grow by.

        Raises:
            StoreError: it is not.
        """
        with self._write() as connection:
            if connection.dialect.name == "sqlite":  # a number in the file's header, unused by us
                self._probes += 1
                connection.exec_driver_sql(f"PRAGMA user_version = {self._probes % 1000}")
                if room:  # a small change may fit where nothing else does
                    connection.exec_driver_sql("CREATE TABLE probe (room)")
                    connection.exec_driver_sql("INSERT INTO probe VALUES (zeroblob(?))", (room,))
                    connection.exec_driver_sql("DROP TABLE probe")
            else:
                connection.exec_driver_sql("SELECT 1")

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """One consistent view of the database."""
        with self._transaction(write=False) as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """All or nothing: committed at the end, rolled back on any exception."""
        with self._transaction(write=True) as connection:
            yield connection

    @contextmanager
    def _transaction(self, *, write: bool) -> Iterator[Connection]:
        try:
            with self._alone, told_plainly(), self._connection.begin():
                self._begin(write=write)
                yield self._connection
        except StoreError as error:
            if _is_of_the_database(error.__cause__):
                self.on_failure(error)
            raise

    def _begin(self, *, write: bool) -> None:
        """Begin; wait for another program's write as long as ``patience`` says.

        Safe to repeat, because a write takes its lock before anything else.
        """
        until = time.monotonic() + self.patience
        while True:
            try:
                return begin(self._connection, write=write)
            except OperationalError as error:
                if "locked" not in str(error.orig) or time.monotonic() >= until:
                    raise


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turns the library's exceptions into StoreError; a refused value stays a ValueError.

    The text is the database's own ("database or disk is full"): never statements or parameters.
    """
    try:
        yield
    except DBAPIError as error:
        raise StoreError(f"the database failed: {error.orig}") from error
    except StatementError as error:
        if isinstance(error.orig, ValueError):
            raise error.orig from None
        raise StoreError(f"the database failed: {error.orig}") from error
    except SQLAlchemyError as error:
        raise StoreError(f"the database failed: {type(error).__name__}") from error


def _is_of_the_database(cause: BaseException | None) -> bool:
    """Whether the database failed, and not what it was asked to do."""
    # "malformed" is of DatabaseError itself; refused rows and statements are of other subclasses
    return isinstance(cause, OperationalError) or type(cause) is DatabaseError


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """``items`` in pieces that fit into one statement."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
