"""The benchmark runs, measures what it says, and its parts are right. No figure is judged here."""

import asyncio
import gzip
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks import made_up, matching, polls, reading
from benchmarks.cpu import ps_seconds, resident_mb, tree_seconds
from benchmarks.server import serving
from benchmarks.stages import main
from benchmarks.table import OURS, Case, as_text, measure
from monitor.articles.extract import extract_page
from monitor.feeds.parse import parse_feed
from monitor.model import Quality

ROOT = Path(__file__).parents[1]
PEERS = {
    polls.UNCHANGED: ["httpx, fetch only", "aiohttp, fetch only"],
    polls.SAME: ["httpx, fetch only", "aiohttp, fetch only"],
    polls.NEW: ["httpx, fetch only", "aiohttp, fetch only", "httpx and feedparser"],
    reading.PARSE: ["feedparser"],
    reading.PARSE + reading.IN_WORKER: ["feedparser"],
    reading.EXTRACT: ["trafilatura, with metadata", "trafilatura, text only"],
    reading.EXTRACT + reading.IN_WORKER: ["trafilatura, with metadata", "trafilatura, text only"],
    matching.SHIPPED: [],
    **{matching.stage(size): [] for size in matching.SIZES},
}


def test_a_quick_run_ends_with_every_row_and_positive_figures(tmp_path: Path) -> None:
    report = tmp_path / "figures.json"
    ended = subprocess.run(
        [sys.executable, ROOT / "benchmarks/stages.py", "--quick", "--json", report],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    assert [line for stage in PEERS for line in ended.stdout.splitlines() if stage in line]
    stages = json.loads(report.read_text())["stages"]
    found = {stage["stage"]: [peer["name"] for peer in stage["peers"]] for stage in stages}
    assert found == PEERS
    figures = [ms for stage in stages for values in stage["rounds"].values() for ms in values]
    figures += [value for s in stages for p in s["peers"] for value in (p["ms"], p["ratio"])]
    assert all(value > 0 and math.isfinite(value) for value in figures)


@pytest.mark.parametrize("option", ["--feeds", "--pages"])
def test_a_folder_without_anything_to_read_is_told(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("no feed, no page")
    assert main(["--quick", option, str(tmp_path)]) == 2
    assert f"no file in {tmp_path} ends in" in capsys.readouterr().err


def test_the_users_own_files_are_read_packed_or_not(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_bytes(b"plain")
    (tmp_path / "a.HTML.gz").write_bytes(gzip.compress(b"packed"))
    assert reading.files(tmp_path, (".html",)) == [b"packed", b"plain"]


@pytest.mark.parametrize("number", range(4))
def test_a_made_up_feed_has_one_new_entry_in_each_edition(number: int) -> None:
    editions = [parse_feed(made_up.feed(number, edition), "https://a.example/", None)
                for edition in range(3)]  # fmt: skip
    assert [len(edition.entries) for edition in editions] == [made_up.ENTRIES] * 3
    assert [edition.warnings for edition in editions] == [()] * 3
    for before, after in pairwise(editions):
        assert len({e.id for e in after.entries} - {e.id for e in before.entries}) == 1
    assert 50 < len(made_up.feed(number)) / 1024 < 90


@pytest.mark.parametrize("number", range(3))
def test_a_made_up_page_holds_its_article_and_reads_well(number: int) -> None:
    page, told = made_up.page(number), made_up.article(number)
    read = extract_page(page, "https://a.example/", None)
    assert read.quality is Quality.OK
    assert read.title == told.title
    assert 0.8 < len(read.text) / len(told.text) < 1.2
    assert 80 < len(page) / 1024 < 120
    assert made_up.page(number) == page


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(2) as (base, pid):
        yield int(base.rpartition(":")[2])
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(
    ("path", "header", "status", "packed"),
    [
        pytest.param("unchanged/x/1", 'If-None-Match: "v-1"', b"304", False, id="known: 304"),
        pytest.param("unchanged/x/1", 'If-None-Match: "v-2"', b"200", False, id="another: 200"),
        pytest.param("same/x/1", 'If-None-Match: "v-1"', b"200", False, id="never a 304"),
        pytest.param("new/x/1", "Accept-Encoding: gzip", b"200", True, id="gzip for who takes it"),
    ],
)
def test_the_server_answers(port: int, path: str, header: str, status: bytes, packed: bool) -> None:
    async def ask() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /{path} HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n".encode())
        try:
            async with asyncio.timeout(5):
                return await reader.readuntil(b"\r\n\r\n")
        finally:
            writer.close()
            await writer.wait_closed()

    head = asyncio.run(ask())
    assert head.split()[1] == status
    assert (b"Content-Encoding: gzip" in head) is packed


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("0:01.50", 1.5, id="minutes, seconds, hundredths"),
        pytest.param("00:02:03", 123.0, id="hours as well"),
        pytest.param("1-00:00:01", 86_401.0, id="days as well"),
    ],
)
def test_times_of_ps_are_understood(text: str, seconds: float) -> None:
    assert ps_seconds(text) == seconds


BURN = (
    "import sys, time\n"
    "while time.process_time() < {seconds}: pass\n"
    "print('done', flush=True)\n"
    "sys.stdin.read()\n"
)


@pytest.mark.parametrize("counted", [True, False], ids=["counts", "is left out when asked"])
def test_what_a_child_process_spends(counted: bool) -> None:
    before = tree_seconds()
    child = subprocess.Popen(
        [sys.executable, "-c", BURN.format(seconds=0.3)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"done\n"
        spent = tree_seconds(() if counted else {child.pid}) - before
    finally:
        child.communicate()
    assert (spent >= 0.3) is counted
    assert tree_seconds() - before >= 0.3, "a child that has ended counts"


def test_each_case_runs_once_a_round_and_its_preparation_costs_nothing() -> None:
    ran: list[str] = []

    def case(stage: str, who: str, peers_of: str = "") -> Case:
        async def run() -> None:
            ran.append(who)
            began = time.process_time()
            while time.process_time() - began < 0.01:
                pass

        async def prepare() -> None:
            began = time.process_time()
            while time.process_time() - began < 0.1:
                pass

        return Case(stage, who, 2, run, prepare, peers_of)

    cases = [case("a", OURS), case("a", "peer"), case("b", OURS, peers_of="a")]
    first, second = asyncio.run(measure(cases, 2, tell=lambda _: None))
    assert ran == [OURS, "peer", OURS] * 2
    assert 5 <= first.ms < 50
    assert [peer[0] for peer in first.peers] == [peer[0] for peer in second.peers] == ["peer"]
    assert 0.2 < first.peers[0][2] < 5
    assert len(as_text([first, second]).splitlines()) == 3


def test_memory_that_is_taken_shows() -> None:
    before = resident_mb()
    held = bytearray(b"x" * 50_000_000)
    assert 40 < resident_mb() - before < 80
    del held
