"""C-07 to C-13: disk and database fail, are told once in plain words, and work goes on by itself."""

import asyncio
import logging
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from monitor.app import App
from monitor.health.disk import BALLAST, GO_ON_ABOVE, MEGABYTE, STOP_BELOW
from monitor.sdnotify import ServiceManager
from monitor.store.ballast import NAME, free_space, lay, lies, throw_away
from tests.flow.newsroom import FERRY_RULE, Newsroom, Parsers, _lay_empty_database
from tests.flow.outlets import Answer, Item, Site, feed, semantic
from tests.flow.reports import FERRY

PLENTY = 4096 * MEGABYTE


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def reports(site: Site, count: int) -> list[Item]:
    """Entries of a feed, each with a page."""
    made = []
    for number in range(count):
        title = f"Ferry number {number} has left"
        words = (f"Ferry number {number} left the harbour.", *FERRY.paragraphs)
        made.append(Item(title, site.page(f"/{number}", semantic(title, words))))
    return made


def titles(newsroom: Newsroom) -> list[str]:
    """The titles of the stored articles."""
    return [one.article.title for one in newsroom.stored()]


class Heard:
    """A service manager that keeps what it is told."""

    def __init__(self) -> None:
        self.alive_times = 0
        self.manager = ServiceManager(None, 30.0)
        self.manager.alive = self._alive  # type: ignore[method-assign]  # heard instead of sent

    def _alive(self) -> None:
        self.alive_times += 1


@asynccontextmanager
async def running(
    newsroom: Newsroom,
    free: Callable[[Path], int | None] = lambda _: PLENTY,
    manager: ServiceManager | None = None,
) -> AsyncIterator[App]:
    """The program on this folder, its duties done by the test."""
    _lay_empty_database(newsroom.folder / "data")
    app = App(newsroom.files(), now=newsroom.clock, workers=Parsers, free=free, manager=manager)
    async with app:
        yield app


async def work(app: App) -> None:
    """What the daemon does in a second or two, until nothing is left to do."""
    await app.health.look_at_the_ground()
    await app.dispatcher.polls()
    await app.dispatcher.idle()
    app.deliverer.kick()
    await app.deliverer.idle()
    await app.health.look()


def limit_pages(app: App, more: int | None) -> None:
    """Let the database grow by ``more`` pages at most: SQLite then says that the disk is full."""
    with app._store._read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        most = 2**30 if more is None else pages + more
        connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")


def test_c07_c08_a_full_disk_is_told_once_and_work_goes_on_when_there_is_room(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    newsroom = Newsroom(tmp_path / "home").rule("ferries.yaml", FERRY_RULE)
    items = reports(site, 1)
    bulk = [
        Item(f"Report on {word}", f"{site.base}/bulk/{word}", f"{word} " * 8000)
        for word in ("harvests", "glaciers", "violins")
    ]
    newsroom.watching(site.serve("/feed", feed(*items)))

    async def live() -> None:
        async with running(newsroom) as app:
            await work(app)
            assert len(newsroom.archive()) == 1
            asked = len(site.to("/feed"))
            site.serve("/feed", feed(*bulk, *reports(site, 2)))
            limit_pages(app, 0)
            lay(newsroom.folder / "data", 1024)
            for _ in range(20):
                newsroom.clock.advance(3600)  # due every time
                await work(app)
            assert not app.ground.works
            assert len(site.to("/feed")) == asked + 1, "its server is not asked again and again"
            assert not lies(newsroom.folder / "data"), "the ballast makes room for what is known"
            limit_pages(app, None)
            app.ground._probed_at = float("-inf")
            await app.health.look_at_the_ground()
            assert app.ground.works
            app.dispatcher._resting.clear()  # half a minute later
            await work(app)

    asyncio.run(live())
    assert caplog.text.count("notice: the disk is full") == 1
    assert caplog.text.count("notice: over: the disk is full") == 1
    assert (
        caplog.text.count("polls cannot be stored: the database failed: database or disk is full")
        == 1
    )
    assert "Traceback" not in caplog.text
    ferries = [title for title in titles(newsroom) if title.startswith("Ferry")]
    assert sorted(ferries) == [item.title for item in reports(site, 2)], "nothing lost or twice"
    assert len(newsroom.stored()) == 5


def test_c08_little_room_stops_polls_and_sends_before_the_disk_is_full(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    newsroom = Newsroom(tmp_path / "home").rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(site.serve("/feed", feed(*reports(site, 1))))
    left = PLENTY

    async def live() -> None:
        nonlocal left
        async with running(newsroom, lambda _: left) as app:
            await app.health.look_at_the_ground()
            await app.dispatcher.polls()
            await app.dispatcher.idle()  # an alert waits in the outbox
            left = STOP_BELOW - 1
            newsroom.clock.advance(3600)
            for _ in range(5):
                await work(app)
            assert len(site.to("/feed")) == 1
            assert newsroom.archive() == []
            left = STOP_BELOW + 1  # between the limits: it stays as it is
            await work(app)
            assert newsroom.archive() == []
            assert [notice.subject for notice in app.health._open] == ["disk"]
            left = GO_ON_ABOVE
            await work(app)
            assert len(site.to("/feed")) == 2
            kinds = [line["kind"] for line in newsroom.archive()]
            assert kinds.count("alert") == 1
            assert kinds.count("notice") <= 2  # as many as could be stored by now

    asyncio.run(live())
    assert caplog.text.count("the disk is full") == 2, "that it is, and that it is over"


def test_run_once_does_nothing_on_a_full_disk_and_says_so(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom = Newsroom(tmp_path / "home").rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(site.serve("/feed", feed()))

    async def live() -> None:
        async with running(newsroom, lambda _: 0) as app:
            with pytest.raises(Exception, match=r"the disk is full.*Make 48 MB free"):
                await app.once()

    asyncio.run(live())
    assert site.to("/feed") == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 72 MB; only root may mount one."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=72m", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("a small file system cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


def test_c07_c08_on_a_disk_that_is_really_full(
    site: Site, small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    newsroom = Newsroom(small_disk / "home").rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(site.serve("/feed", feed(*reports(site, 1))))
    filler = small_disk / "filler"

    async def live() -> None:
        async with running(newsroom, free_space) as app:
            app.ground.keeps_ballast = True
            await work(app)
            assert (newsroom.folder / "data" / NAME).stat().st_size == BALLAST
            assert len(newsroom.archive()) == 1
            site.serve("/feed", feed(*reports(site, 15)))
            with filler.open("wb") as file:
                room = free_space(small_disk)
                assert room is not None
                os.posix_fallocate(file.fileno(), 0, room - 4096)
            newsroom.clock.advance(3600)
            await app.dispatcher.polls()  # before anybody has looked at the disk
            await app.dispatcher.idle()
            assert not app.ground.works
            assert not lies(newsroom.folder / "data")
            for _ in range(3):
                await work(app)
            assert len(newsroom.archive()) == 1
            filler.unlink()
            app.ground._probed_at = float("-inf")
            app.dispatcher._resting.clear()
            await app.health.look_at_the_ground()
            await work(app)
            assert lies(newsroom.folder / "data"), "the ballast is laid again"
            assert len(titles(newsroom)) == 15

    asyncio.run(live())
    assert caplog.text.count("the disk is full. ") == 2


def test_c26_no_sign_of_life_without_a_database_that_can_be_written(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path / "home")
    heard = Heard()

    async def live() -> None:
        async with running(newsroom, manager=heard.manager) as app:
            app.watchdog = type("Fresh", (), {"is_fresh": lambda self: True})()  # type: ignore[assignment]
            (duty,) = app._signs_of_life()
            assert duty.seconds == 10.0
            await duty.work()
            assert heard.alive_times == 1
            with app._store._read() as connection:
                connection.exec_driver_sql("PRAGMA query_only = ON")
            await duty.work()
            assert heard.alive_times == 1
            assert not app.ground.works, "and nothing is polled or sent"
            with app._store._read() as connection:
                connection.exec_driver_sql("PRAGMA query_only = OFF")
            await duty.work()
            assert heard.alive_times == 2
            await app.ground.look()
            assert app.ground.works
            app.watchdog = type("Stale", (), {"is_fresh": lambda self: False})()  # type: ignore[assignment]
            await duty.work()
            assert heard.alive_times == 2, "a loop without ticks is not alive"

    asyncio.run(live())


def test_ballast_is_laid_whole_or_not_at_all(tmp_path: Path) -> None:
    assert lay(tmp_path, BALLAST)
    assert (tmp_path / NAME).stat().st_blocks * 512 >= BALLAST, "room is kept, not promised"
    throw_away(tmp_path)
    throw_away(tmp_path)
    assert not lies(tmp_path)
    assert not lay(tmp_path / "missing", BALLAST)
    assert free_space(tmp_path / "missing") is None


def test_a_poll_that_we_cannot_store_costs_its_server_one_request_and_run_once_says_so(
    site: Site, tmp_path: Path
) -> None:
    newsroom = Newsroom(tmp_path / "home")
    newsroom.watching(site.serve("/feed", Answer(500)))
    told: list[str | None] = []

    async def live() -> None:
        _lay_empty_database(newsroom.folder / "data")
        app = App(
            newsroom.files(), now=newsroom.clock, workers=Parsers,
            on_poll=lambda report: told.append(report.error),
        )  # fmt: skip
        async with app:
            with app._store._write() as connection:
                connection.exec_driver_sql(
                    "CREATE TRIGGER no_poll BEFORE UPDATE ON feeds "
                    "BEGIN SELECT RAISE(ABORT, 'a made-up fault'); END"
                )
            await app.dispatcher.polls(force=True)
            await app.dispatcher.idle()
            for _ in range(10):
                await app.dispatcher.polls()
                await app.dispatcher.idle()
            assert app.ground.works, "a refused row says nothing of the disk"

    asyncio.run(live())
    assert told == ["could not be stored: the database failed: a made-up fault"]
    assert len(site.to("/feed")) == 1
