"""One connection, one transaction per call, and errors that say what happened.

The families of tables (feeds, entries, articles, outbox, …) build on ``Session``; ``Store`` is all
of them together.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError

from monitor.errors import StoreError
from monitor.store.dialect import begin

T = TypeVar("T")

# SQLite allows 32,766 parameters in a statement since 3.32, 999 before.
CHUNK = 500


class Session:
    """Transactions on one connection. Threads wait for each other."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._alone = Lock()

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
        with self._alone, told_plainly(), self._connection.begin():
            begin(self._connection, write=write)
            yield self._connection


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


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """``items`` in pieces that fit into one statement."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
