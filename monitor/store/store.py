"""Opening the store, and all its tables in one object."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from monitor.errors import AlreadyRunning, StoreError
from monitor.model import Alert, Delivery
from monitor.store.articles import ArticleRows
from monitor.store.clock import ClockRows
from monitor.store.corrections import CorrectionRows
from monitor.store.dialect import Use, connect, copy_to, damage
from monitor.store.digests import DigestRows
from monitor.store.entries import EntryRows
from monitor.store.feeds import FeedRows
from monitor.store.history import HistoryRows
from monitor.store.later import LaterRows
from monitor.store.lock import FolderLock
from monitor.store.migrate import current_version, migrate, refuse_newer, refuse_older
from monitor.store.migrations import Migration, all_migrations
from monitor.store.notices import NoticeRows
from monitor.store.outbox import OutboxRows
from monitor.store.retention import RetentionRows
from monitor.store.session import told_plainly
from monitor.store.silences import SilenceRows
from monitor.store.sites import SiteRows
from monitor.store.status import StatusRows
from monitor.store.stories import StoryRows
from monitor.store.websub import WebSubRows

FILE_NAME: Final = "news-monitor.db"
SQLITE_VERSION: Final = sqlite3.sqlite_version


class Store(
    FeedRows,
    SiteRows,
    EntryRows,
    ArticleRows,
    LaterRows,
    StoryRows,
    DigestRows,
    SilenceRows,
    CorrectionRows,
    OutboxRows,
    HistoryRows,
    StatusRows,
    RetentionRows,
    WebSubRows,
    ClockRows,
    NoticeRows,
):
    """Everything that is remembered. Each call is one transaction; calls block, briefly.

    Every call may raise StoreError: a full disk, a file in use for over 10 seconds, damage.
    """

    def __init__(self, connection: Connection, lock: FolderLock | None = None) -> None:
        super().__init__(connection)
        self._lock = lock
        self.rests = False  # no delivery is claimed: what becomes of it could not be stored

    def claim_delivery(
        self, notifier: str, now: datetime, lease_seconds: float
    ) -> tuple[Delivery, Alert] | None:
        """As ``OutboxRows.claim_delivery``; None as well while the store rests."""
        return None if self.rests else super().claim_delivery(notifier, now, lease_seconds)

    def backup(self, target: Path) -> None:
        """A checked copy of the live database at ``target``, which is replaced in one step."""
        with self._alone, told_plainly():
            copy_to(self._connection, target)

    def close(self) -> None:
        """Give connection and lock back; a second call does nothing."""
        with self._alone:
            with suppress(Exception):  # nothing can be done about a connection that will not close
                self._connection.close()
            self._connection.engine.dispose()
            if self._lock is not None:
                self._lock.release()


def open_store(
    data: Path,
    *,
    read_only: bool = False,
    lock: bool = False,
    migrations: Sequence[Migration] | None = None,
) -> Store:
    """The store of the folder ``data``, in ``<data>/news-monitor.db``.

    ``lock``: the daemon's way. It owns the folder, checks the whole file and alone tidies the WAL.
    Without it: a command beside a daemon, that reads (``read_only``) or writes a little; such a
    one creates or migrates the database only where no daemon runs. ``migrations`` is for tests.

    Raises AlreadyRunning if another process owns the folder; StoreError if the file is missing
    (``read_only``), damaged, of a newer version, or the folder cannot be used.
    """
    steps = all_migrations() if migrations is None else migrations
    path = data / FILE_NAME
    if read_only:
        if not path.exists():
            raise StoreError(f"there is no database in {data} yet: start news-monitor run first")
        return _opened(path, Use.READER, steps, None)
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot create the folder {data}: {error.strerror}") from error
    if lock:
        held = FolderLock.take(data)
        try:
            _prepare(path, steps)
            return _opened(path, Use.OWNER, steps, held)
        except BaseException:
            held.release()
            raise
    with suppress(AlreadyRunning):  # its owner has prepared the file
        held = FolderLock.take(data)
        try:
            _prepare(path, steps, check=False)
        finally:
            held.release()
    return _opened(path, Use.GUEST, steps, None)


def _opened(path: Path, use: Use, steps: Sequence[Migration], lock: FolderLock | None) -> Store:
    """A store on a file that is there and of the right version."""
    if not path.exists():
        raise StoreError(
            f"news-monitor run is just making its database in {path.parent}: try again"
        )
    with _explained(path):
        connection = connect(path, use)
        try:
            version = current_version(connection)
            refuse_newer(version, steps)
            refuse_older(version, steps)
        except BaseException:
            connection.close()
            raise
    return Store(connection, lock)


def _prepare(path: Path, steps: Sequence[Migration], *, check: bool = True) -> None:
    """Create, check and migrate the file. Only the owner of the folder may.

    A new database is made under another name and put in place when it is complete: whatever stands
    at ``path`` was a whole database once, and an empty file there is damage.
    """
    now = datetime.now(UTC)
    if not path.exists():
        wal = path.with_name(path.name + "-wal")
        if wal.exists() and wal.stat().st_size:
            raise StoreError(f"{path} is missing but {wal.name} is there: {_hint(path)}")
        part = path.with_name(path.name + ".new")
        for leftover in part.parent.glob(part.name + "*"):
            leftover.unlink()
        with _explained(part):
            connection = connect(part, Use.OWNER)
            try:
                migrate(connection, steps, file=part, now=now)
            finally:
                connection.close()
        _put_in_place(part, path)
        return
    if path.stat().st_size == 0:
        raise StoreError(f"the database {path} is empty: {_hint(path)}")
    with _explained(path):
        connection = connect(path, Use.OWNER)
        try:
            found = damage(connection) if check else None
            if found is not None:
                raise StoreError(f"the database {path} is damaged ({found}): {_hint(path)}")
            migrate(connection, steps, file=path, now=now)
        finally:
            connection.close()


def _put_in_place(part: Path, path: Path) -> None:
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name must survive a power cut as well as what is stored under it
    finally:
        os.close(folder)


def _hint(path: Path) -> str:
    return (
        f"put a backup in its place (news-monitor restore FILE), or move {path.name} and its "
        "-wal and -shm files away to start anew"
    )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Errors of opening, told with the file's name and a mend where the file itself is bad."""
    try:
        with told_plainly():
            yield
    except StoreError as error:
        cause = error.__cause__
        if not isinstance(cause, DatabaseError):
            raise
        # "file is not a database" and "malformed" are of this class itself, not of a subclass.
        if type(cause.orig) is sqlite3.DatabaseError:
            raise StoreError(
                f"the database {path} is damaged ({cause.orig}): {_hint(path)}"
            ) from cause
        raise StoreError(f"cannot use the database {path}: {cause.orig}") from cause
