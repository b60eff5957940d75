"""A file that keeps room on the disk: thrown away when it is full, so that the rest is recorded."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

NAME: Final = "ballast"
_ZEROS: Final = bytes(1024 * 1024)


def free_space(folder: Path) -> int | None:
    """Bytes that we may still write on the disk of ``folder``; None where nobody knows."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return None
    return found.f_bavail * found.f_frsize


def lies(data: Path) -> bool:
    """Whether the ballast of the folder is there."""
    return (data / NAME).exists()


def lay(data: Path, size: int) -> bool:
    """Put ``size`` bytes of ballast into the folder; False, and nothing is left, if it fails."""
    path = data / NAME
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(descriptor, 0, size)
            else:  # macOS: real bytes, because a file of holes keeps no room
                for _ in range(size // len(_ZEROS)):
                    os.write(descriptor, _ZEROS)
        finally:
            os.close(descriptor)
    except OSError:
        throw_away(data)
        return False
    return True


def throw_away(data: Path) -> None:
    """Give the room back; where that fails, it fails."""
    with suppress(OSError):
        (data / NAME).unlink(missing_ok=True)
