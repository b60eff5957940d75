"""Statements for the paths that run thousands of times a minute: compiled once, given plain values.

SQLAlchemy writes the SQL, as everywhere. What it does again with each execution (looking up the
compiled text, converting every value by its column's type) costs several times what the database
takes, so that here callers convert by themselves (``monitor.store.columns``) and the text is kept.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Executable
from sqlalchemy.sql.compiler import SQLCompiler

Row: TypeAlias = tuple[Any, ...]


class Prepared:
    """One statement. ``names``: its parameters, in the order in which rows give their values."""

    def __init__(self, statement: Executable, names: Sequence[str]) -> None:
        self._statement: Any = statement
        self._names = tuple(names)
        self._same = tuple(range(len(self._names)))  # the order of rows
        self._compiled: dict[str, tuple[str, tuple[int, ...] | None]] = {}

    def many(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Execute it once for each row."""
        if rows:
            text, order = self._text(connection)
            connection.exec_driver_sql(text, [self._given(row, order) for row in rows])

    def values(self, connection: Connection, row: Row) -> list[Any]:
        """Execute it; the first column of what it finds."""
        text, order = self._text(connection)
        found = connection.exec_driver_sql(text, self._given(row, order))
        return [first for (first, *_) in found]

    def _text(self, connection: Connection) -> tuple[str, tuple[int, ...] | None]:
        """The SQL of this database and, where it numbers parameters, their order in it."""
        kept = self._compiled.get(connection.dialect.name)
        if kept is None:
            compiled: SQLCompiler = self._statement.compile(dialect=connection.dialect)
            order = None
            if compiled.positiontup is not None:
                order = tuple(self._names.index(name) for name in compiled.positiontup)
            kept = self._compiled[connection.dialect.name] = (str(compiled), order)
        return kept

    def _given(self, row: Row, order: tuple[int, ...] | None) -> Any:
        if order is None:
            return dict(zip(self._names, row, strict=True))
        return row if order == self._same else tuple([row[at] for at in order])
