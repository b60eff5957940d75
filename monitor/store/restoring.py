"""Putting a copy of the database in place: at once, or by the daemon that owns the folder.

What the copy says has not been sent may have been sent since it was made: by default it is sent
again, marked as a possible duplicate; ``resend=False`` holds it for a person to decide.
"""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.errors import StoreError
from monitor.model import DeliveryState
from monitor.store.backups import is_good
from monitor.store.lock import FolderLock
from monitor.store.migrations import all_migrations
from monitor.store.store import FILE_NAME

WAITING: Final = "restore.db"  # a copy that the daemon is asked to put in place
BEFORE: Final = "news-monitor.before-restore.db"
_MAYBE: Final = "restored from a copy: it may have been sent since"
_UNSENT: Final = (DeliveryState.RETRY, DeliveryState.PENDING, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place. ``before``: the database as it was; None if there was none."""

    articles: int
    unsent: int  # deliveries that the copy says were not sent
    before: Path | None


def refuse_bad(copy: Path) -> None:
    """Raises StoreError if ``copy`` is no whole database of ours, or of a newer program."""
    if not copy.is_file():
        raise StoreError(f"there is no file {copy}")
    if not is_good(copy):
        raise StoreError(
            f"{copy} is damaged, or no database of news-monitor; nothing was changed. Take another"
        )
    newest = all_migrations()[-1].version
    with closing(sqlite3.connect(copy)) as database:
        (version,) = database.execute("SELECT max(version) FROM schema_version").fetchone()
    if version > newest:
        raise StoreError(
            f"{copy} was written by a newer news-monitor (version {version}, this one knows "
            f"{newest}); nothing was changed. Update the program"
        )


def ask_daemon(data: Path, copy: Path, *, resend: bool) -> Path:
    """Lay a checked ``copy`` where the daemon looks every second; returns the place.

    The file is gone when the daemon has taken it.
    """
    refuse_bad(copy)
    part, waiting = data / f"{WAITING}.part", data / WAITING
    _copy(copy, part, resend=resend)
    part.replace(waiting)
    return waiting


def put_in_place(data: Path, copy: Path, *, resend: bool = True) -> Restored:
    """Make ``copy`` the database of ``data``; the one before is kept beside it.

    Raises AlreadyRunning if a daemon owns the folder, StoreError if the copy is bad or cannot be
    written; the database is then as it was.
    """
    refuse_bad(copy)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FolderLock.take(data)
    try:
        part, own, before = data / f"{FILE_NAME}.part", data / FILE_NAME, data / BEFORE
        _copy(copy, part, resend=resend)
        counted = _counted(part)
        there = own.exists()
        if there:
            _fold(own)
            own.replace(before)
        for name in (f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"):
            (data / name).unlink(missing_ok=True)
        part.replace(own)
        return Restored(*counted, before if there else None)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"cannot restore into {data}: {error}") from error
    finally:
        lock.release()


def take_waiting(data: Path) -> Restored | None:
    """The daemon's part, between two lives: put in place what waits, if anything does."""
    waiting = data / WAITING
    if not waiting.exists():
        return None
    try:
        return put_in_place(data, waiting)
    finally:
        waiting.unlink(missing_ok=True)


def _copy(copy: Path, part: Path, *, resend: bool) -> None:
    part.unlink(missing_ok=True)
    try:
        shutil.copyfile(copy, part)
        part.chmod(0o600)
        with closing(sqlite3.connect(part, isolation_level=None)) as database:
            after = DeliveryState.RETRY if resend else DeliveryState.HELD
            database.executemany(
                "UPDATE deliveries SET uncertain = 1, state = ?, lease_until = NULL,"
                " last_error = ?, next_attempt_at ="
                " CASE WHEN ? THEN coalesce(next_attempt_at, claimed_at, created_at) END"
                " WHERE state = ?",
                [(after.value, _MAYBE, resend, before.value) for before in _UNSENT],
            )
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"cannot copy {copy} to {part}: {error}") from error


def _counted(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as database:
        (articles,) = database.execute("SELECT count(*) FROM articles").fetchone()
        (unsent,) = database.execute(
            "SELECT count(*) FROM deliveries WHERE uncertain AND state IN (?, ?)",
            (DeliveryState.RETRY.value, DeliveryState.HELD.value),
        ).fetchone()
    return articles, unsent


def _fold(path: Path) -> None:
    """Bring the write-ahead log into the file, so that moving the file loses nothing."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.DatabaseError:
        return  # damaged: that is why it is restored
