"""Statements for the paths that run thousands of times a minute: compiled once, given plain values.

SQLAlchemy writes the SQL, as everywhere. What it does again with each execution (looking up the
compiled text, converting every value by its column's type) costs several times what the database
takes, so that here callers convert by themselves (``monitor.store.columns``) and the text is kept.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Executable, Table, bindparam, insert
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator

from monitor.store.dialect import new_only

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

    def first(self, connection: Connection, row: Row) -> Row | None:
        """Execute it; the first row of what it finds, as the database holds it, or None."""
        text, order = self._text(connection)
        found = connection.exec_driver_sql(text, self._given(row, order)).first()
        return None if found is None else tuple(found)

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


class Insert:
    """An insert into ``table`` of rows that have ``names``; values go in as its columns want them.

    ``only_new``: a row that would break a UNIQUE key is left out silently.
    """

    def __init__(self, table: Table, names: Sequence[str], *, only_new: bool = False) -> None:
        self._table = table
        self._names = tuple(names)
        self._only_new = only_new
        self._kinds = [
            kind if isinstance(kind := table.c[name].type, TypeDecorator) else None
            for name in names
        ]
        self._made: dict[str, Prepared] = {}

    def rows(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert ``rows``, each with all of the names."""
        if rows:
            statement = self._statement(connection.dialect.name)
            statement.many(connection, [self._values(row, connection) for row in rows])

    def _values(self, row: Mapping[str, Any], connection: Connection) -> Row:
        return tuple(
            [
                row[name]
                if kind is None
                else kind.process_bind_param(row[name], connection.dialect)
                for name, kind in zip(self._names, self._kinds, strict=True)
            ]
        )

    def _statement(self, dialect: str) -> Prepared:
        kept = self._made.get(dialect)
        if kept is None:
            start: Any = new_only(dialect, self._table) if self._only_new else insert(self._table)
            given: dict[str, Any] = {name: bindparam(name) for name in self._names}
            kept = self._made[dialect] = Prepared(start.values(given), self._names)
        return kept
