"""Processor time of this process and of everything that it started; its memory.

A process that works for us must count wherever it is: alive (asked from the system) or ended and
waited for (``getrusage``). Linux tells nanoseconds; elsewhere ``ps`` tells hundredths of a second.
"""

import os
import resource
import subprocess
import time
from collections.abc import Container, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_WHOLE_PROCESS: Final = 2  # CPUCLOCK_SCHED of clock_getcpuclockid(3), Linux


def tree_seconds(without: Container[int] = ()) -> float:
    """User and system time in seconds: this process, its descendants, those that have ended.

    ``without``: process ids of descendants that do not count (they must outlive the measurement).
    """
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    alive = sum(seconds for pid, seconds in _descendants() if pid not in without)
    return time.process_time() + ended.ru_utime + ended.ru_stime + alive


def _descendants() -> Iterator[tuple[int, float]]:
    known = {os.getpid()}
    waiting = list(_linux() if (_PROC / "self/stat").exists() else _elsewhere())
    while True:
        found = [row for row in waiting if row[1] in known]
        if not found:
            return
        waiting = [row for row in waiting if row[1] not in known]
        for pid, _, seconds in found:
            known.add(pid)
            yield pid, _clock(pid) if seconds is None else seconds


def _linux() -> Iterator[tuple[int, int, None]]:
    """Every process and its parent (proc(5): the name stands in brackets and may hold any)."""
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
                yield int(entry.name), int(fields[1]), None


def _clock(pid: int) -> float:
    with suppress(OSError):  # it has just ended
        return time.clock_gettime((~pid << 3) | _WHOLE_PROCESS)
    return 0.0


def _elsewhere() -> Iterator[tuple[int, int, float]]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,time="], capture_output=True, text=True, check=True
    )
    for line in listed.stdout.splitlines():
        pid, parent, spent = line.split()
        yield int(pid), int(parent), ps_seconds(spent)


def ps_seconds(text: str) -> float:
    """``[[days-]hours:]minutes:seconds[.hundredths]`` of ``ps`` in seconds."""
    days, _, rest = text.rpartition("-")
    total = 0.0
    for part in rest.split(":"):
        total = 60 * total + float(part)
    return total + 86_400 * int(days or 0)


def resident_mb() -> float:
    """Memory that this process holds, in millions of bytes."""
    if (_PROC / "self/statm").exists():
        pages = int((_PROC / "self/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 1e6
    listed = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True, text=True, check=True
    )
    return int(listed.stdout) * 1024 / 1e6
