"""Run a command: wall clock, CPU of its whole process tree, and the most memory it held."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LOOK: Final = 0.25  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Spent:
    """``wall`` and ``cpu`` in seconds, start-up included; ``mb``: the peak of the tree, in millions
    of bytes (shared pages counted once). ``code``: exit code, None if it was stopped."""

    wall: float
    cpu: float
    mb: float
    code: int | None


def _never() -> bool:
    return False


def run(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    log: Path,
    within: float,
    enough: Callable[[], bool] = _never,
) -> Spent:
    """Run ``command``, all output to ``log``; stop it after ``within`` seconds, or when ``enough``.

    CPU holds what ended and was waited for, by it or by its children (wait4(2)).
    """
    stopped = threading.Event()
    done = threading.Event()
    most = [0]
    with log.open("ab") as out:
        began = time.monotonic()
        child = subprocess.Popen(
            list(command), stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=dict(env),
            start_new_session=True,
        )  # fmt: skip

        def watch() -> None:
            while not done.wait(_LOOK):
                most[0] = max(most[0], sum(map(_shared_once, _tree(child.pid))))
                if time.monotonic() - began > within or enough():
                    stopped.set()
                    with suppress(ProcessLookupError):
                        os.killpg(child.pid, signal.SIGKILL)
                    return

        watching = threading.Thread(target=watch, daemon=True)
        watching.start()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
        done.set()
        watching.join()
    child.returncode = os.waitstatus_to_exitcode(status)
    peak = max(usage.ru_maxrss, most[0]) * 1024 / 1e6
    code = None if stopped.is_set() else child.returncode
    return Spent(wall, usage.ru_utime + usage.ru_stime, peak, code)


def _tree(root: int) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat") if Path("/proc/self").exists() else ():
        with suppress(OSError, IndexError, ValueError):
            parent = int(entry.read_text(errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.parent.name))
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children.get(pid, ())


def _shared_once(pid: int) -> int:
    """Kilobytes of a process, pages shared by n processes counted as one n-th (proc(5), PSS)."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
