"""Brings a database to the version of this program: forwards only, a copy of the old file before.

Each step and its line in ``schema_version`` are one transaction: a crash leaves the version before
or the version after, and the next start goes on from there.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, insert, inspect, select

from monitor.errors import StoreError
from monitor.store.dialect import begin, copy_to
from monitor.store.migrations import Migration
from monitor.store.schema import schema_version


def current_version(connection: Connection) -> int:
    """The database's version; 0 where there are no tables of ours."""
    with connection.begin():
        begin(connection, write=False)
        if not inspect(connection).has_table(schema_version.name):
            return 0
        found: int | None = connection.scalar(select(func.max(schema_version.c.version)))
        return found or 0


def refuse_newer(version: int, migrations: Sequence[Migration]) -> None:
    """Raises StoreError if the database was written by a newer program."""
    newest = migrations[-1].version
    if version > newest:
        raise StoreError(
            f"the database is of version {version}, written by a newer news-monitor; this one "
            f"knows versions up to {newest}: update the program, or restore the copy made before"
        )


def refuse_older(version: int, migrations: Sequence[Migration]) -> None:
    """Raises StoreError if the database lacks steps of this program."""
    if version < migrations[-1].version:
        raise StoreError(
            f"the database is of version {version}, older than this program: restart news-monitor "
            "run, which brings it up to date"
        )


def migrate(
    connection: Connection, migrations: Sequence[Migration], *, file: Path, now: datetime
) -> int:
    """Run the steps that are missing; returns how many. Call it as the owner of the folder only.

    An existing database is first copied to ``<name>.before-N.db`` beside ``file``, N being the
    version it is brought to. Raises StoreError if the copy cannot be made, or for a newer database.
    """
    version = current_version(connection)
    refuse_newer(version, migrations)
    missing = [step for step in migrations if step.version > version]
    if version and missing:
        last = missing[-1].version
        copy_to(connection, file.with_name(f"{file.stem}.before-{last}{file.suffix}"))
    for step in missing:
        with connection.begin():
            begin(connection, write=True)
            schema_version.create(connection, checkfirst=True)
            step.upgrade(connection)
            connection.execute(insert(schema_version), {"version": step.version, "applied_at": now})
    return len(missing)
