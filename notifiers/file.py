"""Appends each message as one line of JSON to a file, safely beside other processes.

A line is on the disk (fsync) before the message counts as delivered. The file is locked while a
line is written (flock, advisory), a half-written line is taken back, and a line that a killed
process left unfinished is ended first, so that every later line can be read.
"""

import asyncio
import errno
import fcntl
import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from notifiers import Alert, Context, PermanentNotifyError, Receipt, TemporaryNotifyError, payload

_LOCK_WAIT: Final = 0.05  # seconds between two tries at a held lock
_MODE: Final = 0o640  # others need not read what you watch
_FOR_GOOD: Final = {
    errno.EACCES,
    errno.EPERM,
    errno.EEXIST,  # a file where a folder should be
    errno.EISDIR,
    errno.ENOTDIR,
    errno.ENAMETOOLONG,
    errno.ELOOP,
    errno.ENXIO,
}


@dataclass(frozen=True, slots=True)
class Notifier:
    """Options: the file to append to; its folder is made where it is missing."""

    path: Path

    async def send(self, alert: Alert, context: Context) -> Receipt:
        """Append the alert.

        Raises:
            TemporaryNotifyError: the disk is full, or another process holds the file.
            PermanentNotifyError: the path cannot be written at all.
        """
        line = _line(alert)
        try:
            descriptor = await asyncio.to_thread(_open, self.path)
            try:
                await _lock(descriptor, context.timeout)
                await asyncio.to_thread(_append, descriptor, line)
            finally:
                os.close(descriptor)  # gives the lock back
        except TimeoutError:
            raise TemporaryNotifyError(f"{self.path} is locked by another process") from None
        except OSError as error:
            message = f"{self.path} cannot be written: {os.strerror(error.errno or errno.EIO)}"
            if error.errno in _FOR_GOOD:
                raise PermanentNotifyError(message) from None
            raise TemporaryNotifyError(message) from None
        return Receipt()

    def preview(self, alert: Alert, context: Context) -> str:  # noqa: ARG002  # the protocol
        """The line that would be appended."""
        return _line(alert).decode()


def _line(alert: Alert) -> bytes:
    return json.dumps(payload(alert), ensure_ascii=False).encode() + b"\n"


def _open(path: Path) -> int:
    path = path.expanduser()
    path.parent.mkdir(parents=True, exist_ok=True)
    # non-blocking, since opening a pipe without a reader would wait for ever
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
    descriptor = os.open(path, flags, _MODE)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.ENXIO, os.strerror(errno.ENXIO))
    return descriptor


async def _lock(descriptor: int, timeout: float) -> None:  # noqa: ASYNC109  # of the whole wait
    async with asyncio.timeout(timeout):
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                await asyncio.sleep(_LOCK_WAIT)
            else:
                return


def _append(descriptor: int, line: bytes) -> None:
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        line = b"\n" + line
    try:
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise
