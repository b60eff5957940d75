"""Copies of the database that lie beside it: the newest good one, for people who lost theirs."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from monitor.store.store import FILE_NAME


def newest_good_copy(data: Path) -> Path | None:
    """The newest whole copy below ``data`` (its files ``*.db``, ``backups`` included), or None.

    Each is opened for reading only and checked; nothing is changed, and no file is made.
    """
    own = data / FILE_NAME
    try:
        found = [path for path in (*data.glob("*.db"), *data.glob("backups/*.db")) if path != own]
        newest_first = sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)
    except OSError:
        return None
    return next((path for path in newest_first if is_good(path)), None)


def is_good(path: Path) -> bool:
    """Whether ``path`` is a whole database of ours, as far as SQLite can tell."""
    address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as copy:
            (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
            ours = copy.execute(
                "SELECT count(*) FROM sqlite_master WHERE name = 'schema_version'"
            ).fetchone()
    except sqlite3.Error:
        return False
    return bool(verdict == "ok" and ours == (1,))


def advice(data: Path) -> str:
    """What to do about a damaged database in ``data``, with the commands to type."""
    own = data / FILE_NAME
    copy = newest_good_copy(data)
    if copy is None:
        return (
            f"There is no good copy in {data}. To start anew, move {own.name} and its -wal and "
            "-shm files away"
        )
    made = datetime.fromtimestamp(copy.stat().st_mtime, UTC)
    return (
        f"The newest good copy is {copy} of {made:%Y-%m-%d %H:%M} UTC. To go on with it: "
        f"news-monitor restore {copy}"
    )
