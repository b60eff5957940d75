"""Workers that hang, swell, die or lie cost one task; the next one runs.

Where nothing else is said, the process is a real one that runs ``tests/attacks/tasks.py``.
"""

import asyncio
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.reading import Alternate, ReadPage, Way
from monitor.articles.site_rules import SiteRules
from monitor.feeds.entries import Loss
from monitor.feeds.parse import NotAFeed, SitemapsListed
from monitor.feeds.sitemap import Sitemap, SitemapIndex
from monitor.model import Entry, ParsedFeed, Quality
from monitor.workers import WorkerFailed, Workers
from monitor.workers_process import PROGRAM as REAL
from monitor.workers_wire import (
    Failed,
    FeedHead,
    NoFeed,
    Nonsense,
    PageRead,
    feed_lines,
    no_feed_line,
    page_line,
    raised,
    read_answer,
    read_entry,
    whole_feed,
)
from tests.attacks.tasks import HANGS, NOT_STARTING, PROGRAM, SAYS_OTHER, SWAPPED

ROOT = Path(__file__).parents[1]
FEED = b"<rss version='2.0'><channel><title>Pier</title><item><guid>1</guid></item></channel></rss>"
PAGE = b"<html><title>Pier</title><p>hello</p></html>"
INDEX = (
    b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap>"
    b"<loc>https://pier-gazette.example/1.xml</loc><lastmod>2024-02-27T09:00:00Z</lastmod>"
    b"</sitemap></sitemapindex>"
)
URL = "https://pier-gazette.example/"
HEAD = {
    "kind": "feed", "entries": 0, "warnings": [],
    "feed": {"format": "rss 2.0", "title": "Pier", "link": None, "entries": []},
}  # fmt: skip


def run(test: Callable[[Workers], Awaitable[None]], **options: object) -> None:
    async def main() -> None:
        workers = Workers(**{"program": PROGRAM, **options})  # type: ignore[arg-type]  # a table
        try:
            async with asyncio.timeout(30):
                await test(workers)
        finally:
            await workers.close()

    asyncio.run(main())


async def attack(workers: Workers, task: str, body: bytes = b"", seconds: float = 5.0) -> str:
    """What a task comes to that does not do what it should."""
    with pytest.raises(WorkerFailed) as caught:
        await workers._run({"task": task, "url": "", "content_type": None}, body, seconds)
    return f"{caught.value.kind}: {caught.value.message}"


def test_feeds_pages_and_what_is_no_feed() -> None:
    async def test(workers: Workers) -> None:
        workers.start()
        assert (await workers.parse(FEED, URL, None)).title == "Pier"
        assert (await workers.extract(PAGE, URL, None)).quality is Quality.STUB
        with pytest.raises(NotAFeed, match="web page"):
            await workers.parse(PAGE, URL, None)
        with pytest.raises(SitemapsListed) as listed:
            await workers.parse(INDEX, URL, None)
        when = datetime(2024, 2, 27, 9, tzinfo=UTC)
        assert listed.value.index.sitemaps == (Sitemap(f"{URL}1.xml", when),)
        with pytest.raises(ValueError, match="selector"):
            await workers.extract(PAGE, URL, None, SiteRules(include="[["))

    run(test, program=REAL)


@pytest.mark.parametrize(
    ("task", "said"),
    [
        pytest.param("hang", "timeout: took longer than 0.5 s", id="S-36 waits for ever"),
        pytest.param("spin", "timeout: took longer than 0.5 s", id="S-36 computes for ever"),
        pytest.param("swell", "memory: needed more than 512 MB", id="S-36 needs too much memory"),
        pytest.param("fall", "crash: the parser crashed (SIGSEGV)", id="S-36 segmentation fault"),
        pytest.param("killed", "crash: the parser crashed (SIGKILL)", id="S-36 killed by the kernel"),
        pytest.param("leave", "crash: the parser crashed", id="S-36 leaves"),
    ],
)  # fmt: skip
def test_one_bad_task_costs_itself_alone(task: str, said: str) -> None:
    async def test(workers: Workers) -> None:
        bad = asyncio.create_task(attack(workers, task, seconds=0.5))
        good = await asyncio.gather(*(workers.parse(FEED, URL, None) for _ in range(4)))
        assert await bad == said
        assert [feed.title for feed in good] == ["Pier"] * 4
        assert (await workers.parse(FEED, URL, None)).title == "Pier"

    run(test)


def feed_line(**feed: object) -> bytes:
    return json.dumps({**HEAD, "feed": {**HEAD["feed"], **feed}}).encode()  # type: ignore[dict-item]  # a table


def page_said(**fields: object) -> bytes:
    line = page_line(ReadPage("t", "x", None, None, None, Quality.OK, ""))
    said = json.loads(line)
    return json.dumps({**said, "page": {**said["page"], **fields}}).encode()


NONSENSE = {
    "bytes that are no JSON": b"\x80\x04garbage",
    "nothing": b"",
    "another object": b"{}",
    "a list": b"[1]",
    "an unknown kind": b'{"kind":"command","run":"x"}',
    "an answer to no task": b'{"kind":"ready"}',
    "a page for a feed": page_said(),
    "100,000 open brackets": b"[" * 100_000,
    "a title that is a number": feed_line(title=7),
    "a title of a megabyte": feed_line(title="x" * 1_000_000),
    "an address that is a script's": page_said(canonical_url="javascript:alert(1)"),
    "a picture that is a file": page_said(image="file:///etc/hostname"),
    "a text of two megabytes": page_said(text="x" * 2_000_000),
    "a time without a zone": page_said(published="2024-02-27T09:00:00"),
    "entries that were smuggled into the head": feed_line(entries=[{"id": "1", "link": None, "title": ""}]),
    "a number of entries below zero": json.dumps({**HEAD, "entries": -1}).encode(),
    "a million entries announced": json.dumps({**HEAD, "entries": 1_000_000}).encode(),
    "half a surrogate pair": b'{"kind":"failed","what":"other","message":"\\ud800"}',
    "a sitemap inside this machine's files": json.dumps({"kind": "no feed", "message": "", "feeds": [], "index": {"sitemaps": [{"url": "file:///x", "changed": None}]}}).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", NONSENSE)
def test_s37_an_answer_that_our_code_would_not_give_is_refused(name: str) -> None:
    """S-37: read as the answer to a feed's task."""
    with pytest.raises(Nonsense):
        assert not isinstance(read_answer(NONSENSE[name]), NoFeed | FeedHead | Failed)
        raise Nonsense("an answer to another task, which Workers refuses")


def test_s37_a_process_that_was_taken_over_harms_nobody(tmp_path: Path) -> None:
    """S-37: garbage, a pickle, 100 MB, entries without end; and the next feed is read."""
    trap = tmp_path / "trap"
    refused = "crash: the parser gave no usable result"
    many = json.dumps({**HEAD, "entries": 1000}).encode() + b"\n"

    async def test(workers: Workers) -> None:
        assert await attack(workers, "say", b"\x80\x04garbage\n") == refused
        assert await attack(workers, "pickled", str(trap).encode()) == refused
        assert not trap.exists()
        assert await attack(workers, "flood") == refused
        assert await attack(workers, "endless_entries", many) == refused
        late = await attack(workers, "say", many, seconds=0.3)  # the entries never come
        assert late == "timeout: took longer than 0.3 s"
        assert (await workers.parse(FEED, URL, None)).title == "Pier"

    run(test, processes=1)


def test_s37_a_page_is_no_feed_and_a_feed_no_page() -> None:
    async def test(workers: Workers) -> None:
        with pytest.raises(WorkerFailed, match="no usable result"):
            await workers.parse(FEED, URL, None)
        with pytest.raises(WorkerFailed, match="no usable result"):
            await workers.extract(PAGE, URL, None)

    run(test, program=SWAPPED)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"id": ""}, id="no id"),
        pytest.param({"id": "x" * 2001}, id="a long id"),
        pytest.param({"title": "x" * 1001}, id="S-38 a title of more than 1,000 characters"),
        pytest.param({"summary": "x" * 64_001}, id="S-38 a summary of more than 64,000"),
        pytest.param({"content": "x" * 1_000_001}, id="S-38 a content of more than a million"),
        pytest.param({"authors": ["x"] * 21}, id="S-38 21 authors"),
        pytest.param({"tags": ["x" * 201]}, id="a long tag"),
        pytest.param({"link": "javascript:x"}, id="a link that is a script"),
        pytest.param({"link": ["http://x.org/"]}, id="a link that is a list"),
        pytest.param({"published": "2024-02-27T09:00:00+05:00"}, id="a time of another zone"),
        pytest.param({"published": "0000-01-01T00:00:00Z"}, id="S-40 the year 0"),
        pytest.param({"published": 1e18}, id="S-40 a time as a number"),
    ],
)
def test_s37_an_entry_that_our_code_would_not_give_is_refused(changes: dict[str, object]) -> None:
    whole = {"id": "1", "link": None, "title": ""}
    assert read_entry(json.dumps(whole).encode()) == Entry("1", None, "")
    with pytest.raises(Nonsense):
        read_entry(json.dumps({**whole, **changes}).encode())


def test_s37_an_id_that_stands_there_twice_is_refused() -> None:
    head = read_answer(feed_line())
    assert isinstance(head, FeedHead)
    with pytest.raises(Nonsense):
        whole_feed(head, [Entry("1", None, ""), Entry("1", None, "")])


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TIMES = st.none() | st.datetimes(timezones=st.just(UTC))
ENTRIES = st.builds(
    Entry, id=TEXTS.filter(bool), link=st.sampled_from([None, "https://x.example/ü"]), title=TEXTS,
    summary=TEXTS, content=TEXTS, authors=st.tuples(TEXTS), published=TIMES, updated=TIMES,
    tags=st.tuples(TEXTS, TEXTS), language=st.sampled_from([None, "en"]),
)  # fmt: skip
FEEDS = st.builds(
    ParsedFeed, format=TEXTS, title=TEXTS, link=st.none() | TEXTS,
    entries=st.lists(ENTRIES, max_size=3, unique_by=lambda entry: entry.id).map(tuple),
    ttl=st.none() | st.floats(60, 1e6), skip_hours=st.tuples(st.integers(0, 23)),
    warnings=st.lists(TEXTS | TEXTS.map(Loss), max_size=3).map(tuple),
)  # fmt: skip


@given(FEEDS)
def test_any_feed_comes_back_as_it_was(feed: ParsedFeed) -> None:
    head, *lines = feed_lines(feed)
    answer = read_answer(head)
    assert isinstance(answer, FeedHead)
    back = whole_feed(answer, [read_entry(line) for line in lines])
    assert back == feed
    assert [type(one) for one in back.warnings] == [type(one) for one in feed.warnings]
    assert all(line.count(b"\n") == 1 for line in (head, *lines))


@given(st.builds(
    ReadPage, title=TEXTS, text=TEXTS, author=st.none() | TEXTS, published=TIMES,
    language=st.sampled_from([None, "en"]), quality=st.sampled_from(Quality), reason=TEXTS,
    canonical_url=st.sampled_from([None, URL]), free=st.booleans(),
    alternates=st.sampled_from([(), (Alternate(Way.AMP, URL),)]),
))  # fmt: skip
def test_any_page_comes_back_as_it_was(page: ReadPage) -> None:
    assert read_answer(page_line(page)) == PageRead("page", page)


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(NotAFeed("a web page", (URL,)), id="a page that names a feed"),
        pytest.param(SitemapsListed(SitemapIndex((Sitemap(URL, None),), 3)), id="an index"),
    ],
)
def test_what_is_no_feed_comes_back_as_it_was(error: NotAFeed) -> None:
    answer = read_answer(no_feed_line(error))
    assert isinstance(answer, NoFeed)
    back = raised(answer)
    assert (type(back), str(back), back.feeds) == (type(error), str(error), error.feeds)


def test_s38_a_feed_too_large_for_an_answer_loses_entries_and_says_so() -> None:
    entry = Entry("", None, "", content="😀" * 1_000_000)
    feed = ParsedFeed("rss", "x", None, tuple(replace(entry, id=str(n)) for n in range(6)))
    head, *lines = feed_lines(feed)
    answer = read_answer(head)
    assert isinstance(answer, FeedHead)
    assert len(lines) == answer.entries == 3
    assert answer.warnings == (("3 entries were left out: the feed is too large", True),)
    assert [read_entry(line).id for line in lines] == ["0", "1", "2"]


def test_s39_a_lone_surrogate_becomes_a_question_mark() -> None:
    entry = Entry("1", None, "a\ud800b")
    head, line = feed_lines(ParsedFeed("rss", "x\udfff", None, (entry,)))
    answer = read_answer(head)
    assert isinstance(answer, FeedHead)
    assert (answer.feed.title, read_entry(line).title) == ("x?", "a?b")


def test_a_process_sees_no_secret_and_can_do_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """No environment of ours, no file written, few descriptors, nothing said in between."""
    monkeypatch.setenv("SLACK_WEBHOOK_URL", "https://hooks.example/T0K3N")

    async def test(workers: Workers) -> None:
        told = await attack(workers, "around")
        assert "T0K3N" not in told and "SLACK" not in told
        assert "wrote a file" not in told and "descriptors" not in told
        assert "environment" in told
        assert (await workers.parse(FEED, URL, None)).title == "Pier"

    run(test)


def test_a_process_that_died_while_it_waited_is_replaced_unnoticed() -> None:
    async def test(workers: Workers) -> None:
        await workers.parse(FEED, URL, None)
        ((process, _),) = workers._idle
        process.kill()
        await process.ended()
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


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(NOT_STARTING, id="a process that ends at once"),
        pytest.param(SAYS_OTHER, id="a process that says something else"),
        pytest.param("raise SystemExit('no such library')", id="a process with an error"),
    ],
)
def test_s36_processes_that_never_start_are_told_and_not_tried_without_end(
    program: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def test(workers: Workers) -> None:
        for _ in range(3):
            with pytest.raises(WorkerFailed, match="crashed at its start"):
                await workers.parse(FEED, URL, None)
        began = time.monotonic()
        with pytest.raises(WorkerFailed, match="at its start 3 times in a row"):
            await workers.parse(FEED, URL, None)
        assert time.monotonic() - began < 0.2  # no process was tried
        workers._program = PROGRAM  # somebody mended it
        workers._rests_until = 0.0
        assert (await workers.parse(FEED, URL, None)).title == "Pier"

    run(test, program=program)
    told = [record for record in caplog.records if "do not start" in record.getMessage()]
    assert [record.levelno for record in told] == [logging.ERROR]


def test_s36_processes_that_keep_dying_are_told_once(caplog: pytest.LogCaptureFixture) -> None:
    async def test(workers: Workers) -> None:
        for _ in range(6):
            await attack(workers, "leave")

    run(test, processes=1)
    told = [record for record in caplog.records if "keep dying" in record.getMessage()]
    assert len(told) == 1


def test_who_is_cancelled_frees_the_place() -> None:
    async def test(workers: Workers) -> None:
        waiting = asyncio.create_task(workers._run({"task": "hang"}, b"", 20.0))
        queued = asyncio.create_task(workers.parse(FEED, URL, None))
        while not workers._tasks:
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await queued).title == "Pier"

    run(test, processes=1)


@pytest.mark.parametrize("program", [PROGRAM, HANGS])
def test_close_ends_everything_within_two_seconds(program: str) -> None:
    async def main() -> None:
        workers = Workers(program=program)
        said = {"task": "spin", "url": "", "content_type": None}
        tasks = [asyncio.create_task(workers._run(said, b"", 20.0)) for _ in range(3)]
        if program == PROGRAM:
            while not any(task.get_name() != "ending" for task in workers._tasks):
                await asyncio.sleep(0)
        await asyncio.sleep(0)
        began = time.monotonic()
        await workers.close()
        assert time.monotonic() - began < 2
        for task in tasks:
            with pytest.raises(WorkerFailed, match="closing"):
                await task
        with pytest.raises(WorkerFailed, match="closing"):
            await workers.parse(FEED, URL, None)

    asyncio.run(main())


PARENT = """
import asyncio, sys
from monitor.workers import Workers

async def main():
    workers = Workers()
    feed = b"<rss version='2.0'><channel><title>x</title></channel></rss>"
    await asyncio.gather(*(workers.parse(feed, "", None) for _ in range(2)))
    print(*(process._process.pid for process, _ in workers._idle), flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_worker_outlives_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
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
