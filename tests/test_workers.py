"""Workers that hang, swell or die cost one task; the next one runs."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from monitor.feeds.parse import NotAFeed
from monitor.model import Quality
from monitor.workers import Failure, WorkerFailed, Workers

ROOT = Path(__file__).parents[1]
FEED = b"<rss version='2.0'><channel><title>Pier</title><item><guid>1</guid></item></channel></rss>"
PAGE = b"<html><title>Pier</title><p>hello</p></html>"
URL = "https://pier-gazette.example/"


def run(test: Callable[[Workers], Awaitable[None]], **options: float) -> None:
    async def main() -> None:
        workers = Workers(**options)  # type: ignore[arg-type]  # a table of numbers
        try:
            async with asyncio.timeout(30):
                await test(workers)
        finally:
            await workers.close()

    asyncio.run(main())


def hang() -> None:
    signal.pause()


def spin() -> None:
    while True:
        pass


def swell() -> int:
    return len(bytearray(700 * 1024 * 1024))


def fall() -> None:
    os.abort()


def leave() -> None:
    os._exit(3)


def write() -> str:
    try:
        with open("forbidden", "w") as file:
            file.write("x")
            file.flush()
    except OSError as problem:
        return type(problem).__name__
    finally:
        Path("forbidden").unlink(missing_ok=True)
    return "written"


def test_feeds_pages_and_what_is_no_feed() -> None:
    async def test(workers: Workers) -> None:
        workers.start()
        assert (await workers.parse(FEED, URL, None)).title == "Pier"
        assert (await workers.extract(PAGE, URL, None)).quality is Quality.STUB
        with pytest.raises(NotAFeed, match="web page"):
            await workers.parse(PAGE, URL, None)

    run(test)


@pytest.mark.parametrize(
    ("task", "kind", "said"),
    [
        pytest.param(hang, Failure.TIMEOUT, "took longer than 0.5 s", id="waits for ever"),
        pytest.param(spin, Failure.TIMEOUT, "took longer than 0.5 s", id="computes for ever"),
        pytest.param(swell, Failure.MEMORY, "needed more than 512 MB", id="needs too much memory"),
        pytest.param(fall, Failure.CRASH, "crashed", id="dies of a signal"),
        pytest.param(leave, Failure.CRASH, "crashed", id="leaves"),
    ],
)
def test_one_bad_task_costs_itself_alone(
    task: Callable[[], None], kind: Failure, said: str
) -> None:
    async def test(workers: Workers) -> None:
        bad, *good = await asyncio.gather(
            workers._run(task, (), 0.5),
            *(workers.parse(FEED, URL, None) for _ in range(4)),
            return_exceptions=True,
        )
        assert isinstance(bad, WorkerFailed)
        assert (bad.kind, said in bad.message) == (kind, True)
        assert [getattr(feed, "title", feed) for feed in good] == ["Pier"] * 4
        assert (await workers.parse(FEED, URL, None)).title == "Pier"

    run(test)


def test_a_hostile_page_is_refused_or_killed_in_time() -> None:
    async def test(workers: Workers) -> None:
        began = time.monotonic()
        body = b"<rss><channel>" + b"<a>" * 200_000
        with pytest.raises((WorkerFailed, NotAFeed)):
            await workers.parse(body, URL, None)
        assert time.monotonic() - began < 6

    run(test, parse_timeout=0.5)


def test_a_worker_writes_no_file() -> None:
    async def test(workers: Workers) -> None:
        assert await workers._run(write, (), 5.0) == "OSError"

    run(test)


def test_close_ends_everything_within_two_seconds() -> None:
    async def main() -> None:
        workers = Workers()
        task = asyncio.create_task(workers._run(spin, (), 20.0))
        assert (await workers.parse(FEED, URL, None)).title == "Pier"
        began = time.monotonic()
        await workers.close()
        assert time.monotonic() - began < 2
        with pytest.raises(WorkerFailed, match="closing"):
            await task
        with pytest.raises(WorkerFailed, match="closing"):
            await workers.parse(FEED, URL, None)

    asyncio.run(main())


PARENT = """
import asyncio, multiprocessing, sys
from monitor.workers import Workers

async def main():
    workers = Workers()
    await workers.parse(b"<rss version='2.0'><channel><title>x</title></channel></rss>", "", None)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    await asyncio.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_worker_outlives_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # the tracker of semaphores complains of the killing
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert parent.stdout is not None
    children = [int(word) for word in parent.stdout.readline().split()]
    assert len(children) == 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while any(alive(pid) for pid in children):
        assert time.monotonic() < deadline, "a worker is still there"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
