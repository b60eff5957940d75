"""One daemon per data folder: an exclusive flock on ``<data>/lock``.

The kernel gives it back when the process ends in whatever way, kill -9 included. The file holds the
owner's process id for people to read; it decides nothing and is never deleted.
"""

import fcntl
import os
from pathlib import Path

from monitor.errors import AlreadyRunning, StoreError


class FolderLock:
    """The lock, held from ``take`` until ``release`` or the end of the process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, data: Path) -> "FolderLock":
        """Own the folder ``data``.

        Raises AlreadyRunning, naming the owner's process id, if another process does; StoreError if
        the lock file cannot be written.
        """
        path = data / "lock"
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"cannot write {path}: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            if not isinstance(error, BlockingIOError):
                raise StoreError(f"cannot lock {path}: {error.strerror}") from error
            raise AlreadyRunning(
                f"news-monitor already runs on {data} (process {owner or 'unknown'})"
            ) from None
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        except OSError as error:
            os.close(descriptor)
            raise StoreError(f"cannot write {path}: {error.strerror}") from error
        return cls(descriptor)

    def release(self) -> None:
        """Give the folder back; a second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
