"""The real daemon in a process of its own, with a name service of ours and a clock on its loop.

Run as ``python -m tests.attacks.daemon FOLDER SECONDS``: config.yaml stands in FOLDER; SECONDS is
how long a parser process may work on one task. What happens is written to FOLDER/polls.jsonl, how
the loop fared to FOLDER/loop.json when it ends.

**How stalls of the loop are measured.** A task on the daemon's loop sleeps for twenty milliseconds
again and again. What it oversleeps, less the time that the kernel kept the loop's thread waiting
for a processor (``run_delay`` in /proc/thread-self/schedstat, the machine's doing), is ``blocked``.
Of that, no more than the processor time which this process spent meanwhile is ``worst``: our own
code, on the loop or under the interpreter's lock. The rest is input and output that blocks, or a
thread that holds the lock and is itself kept waiting by a busy machine.
"""

import asyncio
import json
import os
import socket
import sys
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

from monitor import logs
from monitor.app import App
from monitor.pipeline.poll import PollReport
from monitor.userfiles import UserFiles, read_rules, read_settings
from monitor.workers import Workers
from tests.attacks.outlaws import ADDRESS

TICK = 0.02  # seconds
PRIVATE, PUBLIC = "10.9.8.7", "93.184.215.14"
_asked: dict[str, int] = defaultdict(int)


def look_up(host: str, *_: object, **__: object) -> list[tuple[Any, ...]]:
    """In place of ``socket.getaddrinfo``: every name of ours is here, but for the liars."""
    _asked[host] += 1
    found = [ADDRESS]
    if host == "two-faced.example":
        found = [PUBLIC, PRIVATE]
    elif host == "rebinding.example" and _asked[host] > 1:
        found = [PRIVATE]
    elif host == "nowhere.example":
        raise socket.gaierror(socket.EAI_NONAME, "unknown")
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in found]


def fence() -> None:
    """Nothing leaves this machine, whatever goes wrong."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith("127."):
            with Path("escaped").open("a") as file:
                file.write(f"{address}\n")
            raise OSError("the test stays on this machine")
        real(self, address)

    socket.socket.connect = connect  # type: ignore[method-assign, assignment]  # a fence around us


class Pulse:
    """Beats on the loop; what it saw is in seconds."""

    def __init__(self) -> None:
        self.worst = 0.0  # our own code
        self.blocked = 0.0  # not the kernel's doing
        self.late = 0.0  # all in all
        self.beats = 0

    async def beat(self) -> None:
        """Until it is cancelled."""
        before, waited, used = time.monotonic(), _waited(), time.process_time()
        while True:
            await asyncio.sleep(TICK)
            now, waiting, using = time.monotonic(), _waited(), time.process_time()
            late = now - before - TICK
            blocked = late - (waiting - waited)
            self.late = max(self.late, late)
            self.blocked = max(self.blocked, blocked)
            self.worst = max(self.worst, min(blocked, using - used))
            self.beats += 1
            before, waited, used = now, waiting, using

    def tell(self, path: Path) -> None:
        """Write what was seen."""
        path.write_text(json.dumps(vars(self)))


def _waited() -> float:
    """Seconds that this thread was ready to run and was not let."""
    with open("/proc/thread-self/schedstat") as file:
        return int(file.read().split()[1]) / 1e9


async def run(folder: Path, seconds: float) -> None:
    """The daemon, until it is told to stop."""
    settings, problems = read_settings(folder / "config.yaml", is_shipped=False, environ={})
    assert settings is not None, problems
    rules = read_rules(settings.rules, notifiers=("archive",))
    polls = (folder / "polls.jsonl").open("a", buffering=1)
    began = time.monotonic()

    def polled(report: PollReport) -> None:
        line = {"at": time.monotonic(), "name": report.name, "error": report.error}
        polls.write(json.dumps({**line, "new": report.new, "since": began}) + "\n")

    app = App(
        UserFiles(folder / "config.yaml", settings, rules, problems),
        on_poll=polled,
        workers=lambda: Workers(parse_timeout=seconds, extract_timeout=seconds),
    )
    pulse = Pulse()
    async with app:
        beating = asyncio.create_task(pulse.beat())
        with suppress(asyncio.CancelledError):
            await app.forever()
        beating.cancel()
        pulse.tell(folder / "loop.json")


if __name__ == "__main__":
    logs.set_up("INFO")
    os.chdir(sys.argv[1])
    socket.getaddrinfo = look_up  # type: ignore[assignment]  # the name service of this process
    fence()
    asyncio.run(run(Path(sys.argv[1]), float(sys.argv[2])))
