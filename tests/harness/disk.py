"""A disk for SQLite in memory that knows what was synced: pulling the plug drops the rest.

SQLite writes through a VFS of ours (apsw). Each file has its content as the system shows it and the
writes since the last sync. A crash of the process loses nothing of what was written; a power cut
keeps what was synced and, of the other writes, those that chance chose (a disk may reorder them).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import apsw

NAME: Final = "harness"
_numbers = count()
_disks: dict[str, "Disk"] = {}


class DiskFull(Exception):
    """No space left on the device."""


class DiskBroken(Exception):
    """The device gives an error."""


@dataclass(slots=True)
class _File:
    now: bytearray = field(default_factory=bytearray)
    synced: bytearray = field(default_factory=bytearray)
    unsynced: list[tuple[int, bytes]] = field(default_factory=list)  # offset -1 - n: cut to n bytes
    linked: bool = True  # its name survives a power cut


@dataclass(slots=True)
class Disk:
    """Files by name. ``on_step`` is told of every write, sync, cut and removal before it is done.

    It may raise: DiskFull and DiskBroken become SQLite's errors; anything else ends the process.
    """

    files: dict[str, _File] = field(default_factory=dict)
    on_step: Callable[[str], None] = lambda _: None
    dead: bool = False
    mount: str = field(default_factory=lambda: f"d{next(_numbers)}")

    def __enter__(self) -> "Disk":
        _disks[self.mount] = self
        return self

    def __exit__(self, *_: object) -> None:
        _disks.pop(self.mount, None)

    def path(self, name: str) -> str:
        """The path by which SQLite opens a file of this disk."""
        return f"/{self.mount}/{name}"

    def put(self, name: str, content: bytes) -> None:
        """A file as it was before everything, synced."""
        self.files[name] = _File(bytearray(content), bytearray(content))

    def read(self, name: str) -> bytes:
        """A file's content as the system shows it; empty if there is none."""
        file = self.files.get(name)
        return bytes(file.now) if file is not None else b""

    def crash(self) -> None:
        """The process is gone: what it still tries to do does not happen."""
        self.dead = True

    def restart(self) -> None:
        """Another process may use the disk."""
        self.dead = False

    def cut_power(self, chance: random.Random) -> None:
        """Keep what was synced, and of each file's other writes those that chance chooses."""
        for name, file in list(self.files.items()):
            share = chance.choice((0.0, 0.0, 0.5, 0.9))
            content = bytearray(file.synced)
            for offset, data in file.unsynced:
                if chance.random() < share:
                    _apply(content, offset, data)
            file.now, file.synced, file.unsynced = content, bytearray(content), []
            if not file.linked and not content:
                del self.files[name]
        self.dead = True


def _apply(content: bytearray, offset: int, data: bytes) -> None:
    if offset < 0:
        del content[-1 - offset :]
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


class _Vfs(apsw.VFS):
    """Finds the disk by the first part of the path."""

    def __init__(self) -> None:
        super().__init__(NAME, base="")

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        disk, short = _place(path)
        if short not in disk.files:
            disk.files[short] = _File(linked=False)
        return _Open(disk, disk.files[short])

    def xAccess(self, pathname: str, flags: int) -> bool:
        disk, short = _place(pathname)
        return short in disk.files

    def xDelete(self, filename: str, syncdir: bool) -> None:
        disk, short = _place(filename)
        if _step(disk, "delete"):
            disk.files.pop(short, None)

    def xFullPathname(self, name: str) -> str:
        return name


class _Open:
    """A file of a disk, as SQLite uses it."""

    def __init__(self, disk: Disk, file: _File) -> None:
        self._disk = disk
        self._file = file

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._file.now[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        if not _step(self._disk, "write"):
            return
        kept = bytes(data)
        _apply(self._file.now, offset, kept)
        self._file.unsynced.append((offset, kept))

    def xTruncate(self, newsize: int) -> None:
        if not _step(self._disk, "cut"):
            return
        del self._file.now[newsize:]
        self._file.unsynced.append((-1 - newsize, b""))

    def xSync(self, flags: int) -> None:
        if not _step(self._disk, "sync"):
            return
        for offset, data in self._file.unsynced:
            _apply(self._file.synced, offset, data)
        self._file.unsynced.clear()
        self._file.linked = True

    def xFileSize(self) -> int:
        return len(self._file.now)

    def xClose(self) -> None:
        pass

    def xLock(self, level: int) -> None:
        pass

    def xUnlock(self, level: int) -> None:
        pass

    def xCheckReservedLock(self) -> bool:
        return False

    def xFileControl(self, op: int, ptr: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return 4096

    def xDeviceCharacteristics(self) -> int:
        return 0


def _place(path: str) -> tuple[Disk, str]:
    _, mount, short = path.split("/", 2)
    return _disks[mount], short


def _step(disk: Disk, what: str) -> bool:
    """Whether it is to be done. What a dead process still writes goes nowhere, without a word:
    whoever called SQLite looks at ``dead`` afterwards."""
    if disk.dead:
        return False
    try:
        disk.on_step(what)
    except DiskFull as error:
        raise apsw.FullError("database or disk is full") from error
    except DiskBroken as error:
        raise apsw.IOError("disk I/O error") from error
    return not disk.dead


VFS: Final = _Vfs()  # SQLite knows it by its name for as long as the process lives
