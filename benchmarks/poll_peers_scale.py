"""Memory: what feeds cost while they rest, and whether it grows with the number polled.

python -m benchmarks.poll_peers_scale CONFIG     (opens the store, prints bytes held)
"""

import asyncio
import gc
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from ctypes import CDLL
from pathlib import Path

from benchmarks.cpu import resident_mb
from benchmarks.poll_peers_feeds import FIRST
from benchmarks.poll_peers_run import Spent, run
from benchmarks.poll_peers_server import HOSTS, ROOT, Served
from benchmarks.poll_peers_tools import TOOLS, environment, set_up_ours
from benchmarks.table import OURS


def resting(folder: Path, feeds: int) -> float:
    """Millions of bytes that ``feeds`` feeds take in the open program, over those of one feed."""
    held = []
    for count in (1, feeds):
        home = folder / f"resting-{count}"
        home.mkdir()
        set_up_ours(home, [f"http://{HOSTS[0]}:9/{number}.xml" for number in range(count)])
        ended = subprocess.run(
            [sys.executable, "-m", "benchmarks.poll_peers_scale", str(home / "config.yaml")],
            cwd=ROOT, env=dict(environment(home)), capture_output=True, text=True, check=True,
        )  # fmt: skip
        held.append(float(ended.stdout))
    return held[1] - held[0]


def many(
    served: Served, folder: Path, sizes: Sequence[int], files: int, tell: Callable[[str], None]
) -> list[tuple[int, Spent]]:
    """First poll of so many feeds in one process each; ``files`` feeds lie on the server."""
    found = []
    served.show(FIRST)
    for size in sizes:
        tell(f"{size} feeds in one process")
        home = folder / f"many-{size}"
        home.mkdir()
        urls = served.urls(files)
        set_up_ours(home, [f"{urls[at % files]}?{at // files}" for at in range(size)])
        spent = run(
            TOOLS[OURS].command(home), env=environment(home), log=home / "log", within=3600.0
        )
        if spent.code:
            raise RuntimeError((home / "log").read_text(errors="replace")[-500:])
        found.append((size, spent))
    return found


async def _open(config: Path) -> float:
    from monitor.app import App
    from monitor.userfiles import UserFiles, read_rules, read_settings

    settings, problems = read_settings(config, is_shipped=False, environ={})
    assert settings is not None, problems
    async with App(UserFiles(config, settings, read_rules(settings.rules), problems)) as app:
        await app.dispatcher.articles()
        due = await app.tools.thread.call(app.tools.store.due_feeds, app.tools.now(), 2048)
        assert due
        del due
        gc.collect()
        with suppress(OSError, AttributeError):
            CDLL("libc.so.6").malloc_trim(0)  # what was freed while reading files counts for nobody
        return resident_mb()


if __name__ == "__main__":
    print(asyncio.run(_open(Path(sys.argv[1]))))
