"""Whether the disk bears work: what cannot be recorded must be neither polled nor sent.

Layer 1, pure. Sizes are bytes. A poll that cannot be stored would be asked for again and again; a
message whose acceptance cannot be stored would be sent again. SQLite needs room even to delete
(sqlite.org/wal.html: everything is written to the log first), so a ballast file is kept that can be
thrown away when the disk is full.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from monitor.health.notices import NEEDS_A_PERSON, Condition

MEGABYTE: Final = 1024 * 1024
BALLAST: Final = 16 * MEGABYTE
STOP_BELOW: Final = 32 * MEGABYTE  # free space under which work stops
GO_ON_ABOVE: Final = 48 * MEGABYTE  # … and above which it begins again


class Write(Enum):
    """How the last write to the database ended."""

    WELL = "well"
    FULL = "full"  # no room
    BUSY = "busy"  # another program holds the database
    FAILED = "failed"  # anything else: read-only, an error of the device


@dataclass(frozen=True, slots=True)
class Ground:
    """What work stands on: free space (None: unknown), the last write, whether ballast lies."""

    free: int | None
    write: Write = Write.WELL
    has_ballast: bool = False


def bears(ground: Ground, bore_before: bool) -> bool:
    """Whether polling and sending may go on; between the two limits it stays as it was."""
    if ground.write is not Write.WELL:
        return False
    if ground.free is None:
        return True
    return ground.free >= (STOP_BELOW if bore_before else GO_ON_ABOVE)


def wants_ballast(ground: Ground) -> bool:
    """Whether there is room to lay the ballast, and all is well otherwise."""
    return (
        not ground.has_ballast
        and ground.write is Write.WELL
        and ground.free is not None
        and ground.free >= GO_ON_ABOVE + BALLAST
    )


def told_as(message: str) -> Write:
    """What an error of the database means, from its own words (sqlite.org/rescode.html)."""
    text = message.lower()
    # EFBIG, where a quota of the process is used up, arrives as a plain "disk I/O error"
    if "disk is full" in text or "no space left" in text:
        return Write.FULL
    if "locked" in text or "busy" in text:
        return Write.BUSY
    return Write.FAILED


def disk_trouble(ground: Ground, works: bool, folder: str, error: str) -> Condition | None:
    """What the operator is told of it, or None. ``error``: the words of the last failed write."""
    if works:
        return None
    after = "It goes on by itself as soon as it can."
    if ground.write is Write.BUSY:
        return Condition(
            "database", "another program keeps the database locked",
            f"Nothing in {folder} can be stored, so nothing is polled or sent. Look for a program "
            f"that has news-monitor.db open (a backup, an editor). {after}",
            NEEDS_A_PERSON,
        )  # fmt: skip
    if ground.write is Write.FAILED:
        return Condition(
            "database", "the database cannot be written",
            f"Nothing in {folder} can be stored, so nothing is polled or sent: {error}. {after}",
            NEEDS_A_PERSON,
        )  # fmt: skip
    left = "" if ground.free is None else f" ({ground.free // MEGABYTE} MB are left)"
    return Condition(
        "disk", "the disk is full",
        f"The disk of {folder} is full{left}: nothing could be stored, so nothing is polled or "
        f"sent. Make {GO_ON_ABOVE // MEGABYTE} MB free. {after}",
        NEEDS_A_PERSON,
    )  # fmt: skip
