"""Servers that accept and never answer: when is the last healthy feed among them polled?"""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.poll_peers_feeds import FIRST
from benchmarks.poll_peers_run import run
from benchmarks.poll_peers_server import HOSTS, Served
from benchmarks.poll_peers_tools import TOOLS, environment

HEALTHY: Final = 100
HANGING: Final = 16


@dataclass(frozen=True, slots=True)
class Delay:
    """``polled`` of ``healthy`` feeds were polled, the last ``seconds`` after the start (None:
    not all in the time given)."""

    who: str
    healthy: int
    hanging: int
    polled: int
    seconds: float | None


def hang(
    served: Served,
    folder: Path,
    who: Sequence[str],
    *,
    healthy: int = HEALTHY,
    hanging: int = HANGING,
    within: float = 30.0,
    tell: Callable[[str], None],
) -> list[Delay]:
    """Have each of ``who`` poll ``healthy`` feeds among ``hanging`` servers, spread evenly.

    A program is stopped when the last healthy feed was asked for, and after ``within`` seconds.
    """
    served.show(FIRST)
    found = []
    with ExitStack() as holes:
        deaf = [holes.enter_context(_deaf()) for _ in range(hanging)]
        for name in who:
            tell(f"{hanging} servers that hang: {name}")
            home = folder / f"hang-{name}"
            home.mkdir()
            urls = served.urls(healthy)
            for at, url in enumerate(deaf):
                urls.insert((2 * at + 1) * len(urls) // (2 * hanging), url)
            TOOLS[name].set_up(home, urls)
            before = len(served.asked())
            began = time.time()

            def enough(before: int = before) -> bool:
                return len(served.asked()) - before >= healthy

            run(
                TOOLS[name].command(home), env=environment(home), log=home / "log",
                within=within, enough=enough,
            )  # fmt: skip
            asked = served.asked()[before:]
            last = max((when for when, _, _ in asked), default=began) - began
            done = len({path for _, _, path in asked})
            found.append(Delay(name, healthy, hanging, done, last if done >= healthy else None))
    return found


@contextmanager
def _deaf() -> Iterator[str]:
    """The address of a server that accepts and says nothing."""
    with socket.create_server((HOSTS[0], 0), backlog=64) as listening:
        held: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    held.append(listening.accept()[0])
                except OSError:  # it was closed: the end
                    return

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"http://{HOSTS[0]}:{listening.getsockname()[1]}/feed.xml"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            for each in held:
                each.close()
