"""Writes Atom feeds into a folder: one for each rule, one for each story, for any feed reader.

A web server of yours, or a folder that is synchronised, carries them on. A file is replaced as a
whole (written beside, synced, renamed), so that no reader ever sees a half one, and processes take
turns by a lock on the folder. A message that comes again takes the place of its former entry.

Sources: RFC 4287 (Atom), through ``atom_feed``.
"""

import asyncio
import errno
import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from notifiers import (
    Alert,
    AtomEntry,
    Context,
    MessageKind,
    PermanentNotifyError,
    Receipt,
    Secret,
    TemporaryNotifyError,
    atom_entry,
    atom_feed,
    atom_id,
    atom_read,
    clean,
    http_url,
    public_url,
)

MOST_ENTRIES: Final = 100
MOST_STORIES: Final = 1000  # feeds of stories that are kept; the longest unchanged go first
_LOCK: Final = ".news-monitor.lock"
_LOCK_WAIT: Final = 0.05  # seconds between two tries at a held lock
_LARGEST: Final = 20_000_000  # bytes of a feed that is read back
_FOR_LATER: Final = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EIO,
    errno.EMFILE,
    errno.ENFILE,
    errno.EAGAIN,
}


@dataclass(frozen=True, slots=True)
class _Target:
    """One feed: its file below the folder, its title, its new entries."""

    file: str
    title: str
    entries: tuple[AtomEntry, ...]


@dataclass(frozen=True, slots=True)
class Notifier:
    """Options: the folder; how many entries a feed keeps; whether stories have feeds too.

    ``url`` is where the folder is served, so that a feed can name its own address.
    """

    path: Path
    entries: int = MOST_ENTRIES
    stories: bool = True
    url: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.entries <= MOST_ENTRIES:
            raise ValueError(f"entries: must be between 1 and {MOST_ENTRIES}")
        if self.url is not None:
            http_url("url", Secret(self.url))

    async def send(self, alert: Alert, context: Context) -> Receipt:
        """Put the message into the feed of each of its rules, and of its story.

        Raises:
            TemporaryNotifyError: the disk is full, or another process holds the folder.
            PermanentNotifyError: the folder cannot be written, or a file there is not ours.
        """
        targets = self._targets(alert, context)
        folder = self.path.expanduser()
        try:
            descriptor = await asyncio.to_thread(_open_lock, folder)
            try:
                await _lock(descriptor, context.timeout)
                await asyncio.to_thread(self._write, folder, targets, context.now)
            finally:
                os.close(descriptor)  # gives the lock back
        except TimeoutError:
            raise TemporaryNotifyError(f"{folder} is locked by another process") from None
        except OSError as error:
            message = f"{folder} cannot be written: {os.strerror(error.errno or errno.EIO)}"
            if error.errno in _FOR_LATER:
                raise TemporaryNotifyError(message) from None
            raise PermanentNotifyError(message) from None
        return Receipt(remote_id=atom_id("alert", clean(alert.id)))

    async def update(self, alert: Alert, context: Context) -> Receipt:
        """Write the entry of the story's first message anew; it stays where it stood."""
        return await self.send(alert, context)

    def preview(self, alert: Alert, context: Context) -> str:
        """The files that would change, and the entries they would be given."""
        lines = []
        for target in self._targets(alert, context):
            lines.append(f"{self.path / target.file} ({target.title}):")
            lines += [entry.xml for entry in target.entries]
        return "\n".join(lines) + "\n"

    def _targets(self, alert: Alert, context: Context) -> tuple[_Target, ...]:
        """Each feed once, with its entries in the order in which they came."""
        found: dict[str, _Target] = {}
        for one in _single(alert):
            entry = atom_entry(one, context.now, public_url(context))
            for file, title in self._feeds_of(one):
                before = found[file].entries if file in found else ()
                found[file] = _Target(file, title, (*before, entry))
        return tuple(found.values())

    def _feeds_of(self, alert: Alert) -> Iterator[tuple[str, str]]:
        if not alert.hits:
            yield "notices.xml", "News Monitor: notices"
        for hit in alert.hits:
            title = clean(hit.title) or clean(hit.rule_id)
            yield f"rules/{_file_name(hit.rule_id)}.xml", title
        if self.stories and alert.story is not None:
            title = clean(alert.story.title) or clean(alert.title)
            yield f"stories/{_file_name(alert.story.id)}.xml", title

    def _write(self, folder: Path, targets: tuple[_Target, ...], now: datetime) -> None:
        for target in targets:
            path = folder / target.file
            path.parent.mkdir(parents=True, exist_ok=True)
            feed_id, old = _read(path)
            feed_id = feed_id or atom_id("feed", str(path.absolute()))
            address = "" if self.url is None else f"{self.url.rstrip('/')}/{quote(target.file)}"
            kept = _merged(old, target.entries)[: self.entries]
            _replace(path, atom_feed(feed_id, target.title, now, kept, address))
        if self.stories:
            _prune(folder / "stories")


def _single(alert: Alert) -> Iterator[Alert]:
    """The alerts of a digest one by one, since a feed is a list already."""
    if alert.kind is MessageKind.DIGEST and alert.items:
        for item in alert.items:
            yield from _single(item)
    else:
        yield alert


def _merged(old: tuple[AtomEntry, ...], new: tuple[AtomEntry, ...]) -> list[AtomEntry]:
    """Newest first; an entry that is there already is changed in its place."""
    changed = {entry.id: entry for entry in new}
    known = {entry.id for entry in old}
    first = [entry for entry in reversed(list(changed.values())) if entry.id not in known]
    return first + [changed.get(entry.id, entry) for entry in old]


def _file_name(written_id: str) -> str:
    """A file name for an id: the id itself where it is one, else made one and told apart."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", written_id):
        return written_id
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", written_id).strip(".-_")[:60]
    digest = hashlib.sha256(written_id.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{plain or 'rule'}-{digest}"


def _read(path: Path) -> tuple[str, tuple[AtomEntry, ...]]:
    """The id and entries of the feed that is there; nothing where there is none.

    Raises:
        PermanentNotifyError: the file is not ours; it is left as it is.
    """
    try:
        with path.open("rb") as file:
            document = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return "", ()
    if not document:
        return "", ()
    try:
        return atom_read(document)
    except ValueError as error:
        raise PermanentNotifyError(
            f"{path} is left as it is, for {error}; move it away or choose another folder"
        ) from None


def _replace(path: Path, document: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(document)
            file.flush()
            os.fchmod(descriptor, 0o644)  # feeds are there to be served
            os.fsync(descriptor)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _prune(folder: Path) -> None:
    """Remove the feeds of stories that have not changed for longest, where there are too many."""
    if not folder.is_dir():
        return
    files = [file for file in folder.glob("*.xml") if file.is_file()]
    if len(files) <= MOST_STORIES:
        return
    files.sort(key=lambda file: file.stat().st_mtime)
    for file in files[: len(files) - MOST_STORIES]:
        file.unlink(missing_ok=True)


def _open_lock(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    return os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


async def _lock(descriptor: int, timeout: float) -> None:  # noqa: ASYNC109  # of the whole wait
    async with asyncio.timeout(timeout):
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                await asyncio.sleep(_LOCK_WAIT)
            else:
                return
