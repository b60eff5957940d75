"""From a new entry in the feed to the alert sent: one at a time, with page, in the open program.

    python -m benchmarks.poll_peers_delay HOME      (prints milliseconds, one a line)

A poll begins when the entry has just appeared; it ends when a webhook has accepted the alert. The
rules are read from their cache, as the daemon does.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from benchmarks.poll_peers_feeds import FIRST, NEWER, PAGES, page, put
from benchmarks.poll_peers_server import ROOT, Served
from benchmarks.poll_peers_tools import environment, set_up_ours

RULES: Final = 10_000
_OLD: Final = "articles: {max_age: 3650d}\n"  # made-up news is of no year
_WARM: Final = 5  # entries before those that count
_RULE: Final = 'id: zinc\nmatch: {all: ["zinc smelter", {any: [antwerp, ghent]}]}\n'
_NEWS: Final = "A zinc smelter in Antwerp was sold."


def delays(
    served: Served, folder: Path, count: int, rules: int, tell: Callable[[str], None]
) -> list[float]:
    """Milliseconds of each of ``count`` alerts. The server must have as many paged feeds."""
    tell(f"from the feed to the alert, {rules} rules")
    for number in range(count + _WARM):
        put(served.folder / PAGES / f"{number}.html", page(number, _NEWS), 1_767_600_000)
    served.show(FIRST)
    home = folder / "delay"
    home.mkdir()
    set_up_ours(home, served.urls(count + _WARM, below="paged/"), rules=rules, more=_OLD)
    (home / "rules/zinc.yaml").write_text(_RULE)
    config = home / "config.yaml"
    config.write_text(
        config.read_text()
        .replace("archive: {type: file, path: alerts.jsonl}",
                 "hook: {type: webhook, url: http://127.0.0.1:HOOK/, secret: made-up-secret}")
    )  # fmt: skip
    command = [sys.executable, "-m", "benchmarks.poll_peers_delay", str(home)]
    child = subprocess.Popen(
        command, cwd=ROOT, env=dict(environment(home)), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdin is not None
    line = child.stdout.readline()
    served.show(NEWER)
    out, err = child.communicate("go\n")
    if child.returncode or line != "ready\n":
        raise RuntimeError(err[-2000:])
    return [float(each) for each in out.split()]


async def _measure(home: Path) -> None:
    from monitor.app import App
    from monitor.pipeline.poll import poll_feed
    from monitor.userfiles import UserFiles, read_rules, read_settings, rule_cache

    came: asyncio.Queue[float] = asyncio.Queue()
    async with _hook(came) as port:
        config = home / "config.yaml"
        config.write_text(config.read_text().replace("HOOK", str(port)))
        settings, problems = read_settings(config, is_shipped=False, environ={})
        assert settings is not None, problems
        cache = rule_cache(settings.data)
        read_rules(settings.rules, cache=cache)
        files = UserFiles(config, settings, read_rules(settings.rules, cache=cache), problems)
        async with App(files) as app:
            await app.once()
            print("ready", flush=True)
            await asyncio.to_thread(sys.stdin.readline)
            states = app.tools.store.states()
            feeds = app.tools.live.feeds()
            for number, url in enumerate(sorted(feeds)):
                began = time.perf_counter()
                report = await poll_feed(app.tools, feeds[url], states[url])
                assert report.pending == 1, report
                await app.dispatcher.articles()
                async with asyncio.timeout(20):
                    took = await came.get() - began
                if number >= _WARM:
                    print(f"{1000 * took:.2f}", flush=True)


@asynccontextmanager
async def _hook(came: "asyncio.Queue[float]") -> AsyncIterator[int]:
    """A webhook on loopback that says yes; the moments of its messages go into ``came``."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.partition(b"content-length:")[2].split()[0])
                await reader.readexactly(length)
                came.put_nowait(time.perf_counter())
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


if __name__ == "__main__":
    asyncio.run(_measure(Path(sys.argv[1])))
