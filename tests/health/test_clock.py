"""C-16: the wall clock is set while the whole program runs; nothing falls silent, nothing repeats."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app import App
from tests.flow.newsroom import Newsroom
from tests.flow.outlets import Site, feed

HOUR = timedelta(hours=1)
YEAR = timedelta(days=365)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


async def waits(app: App, url: str) -> timedelta:
    """How long the feed has to wait now."""
    states = await app.tools.thread.call(app.tools.store.states)
    due = states[url].next_poll_at
    assert due is not None
    return due - app.tools.now()


async def poll(app: App) -> None:
    await app.dispatcher.polls()
    await app.dispatcher.idle()


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([-HOUR], id="C-16 back by an hour"),
        pytest.param([HOUR], id="C-16 forward by an hour"),
        pytest.param([YEAR, -YEAR], id="C-16 forward by a year and back"),
        pytest.param([-YEAR, YEAR], id="C-16 back by a year and forward"),
    ],
)
def test_c16_no_feed_waits_longer_than_it_would_have(
    site: Site, tmp_path: Path, steps: list[timedelta]
) -> None:
    newsroom = Newsroom(tmp_path / "home")
    url = site.serve("/feed", feed())
    newsroom.watching(url)

    async def live() -> None:
        async with newsroom.open() as app:
            await poll(app)
            planned = await waits(app, url)
            asked = len(site.to("/feed"))
            for by in steps:
                newsroom.clock.advance(by.total_seconds())
                await app._clock_set(by)
                await app._bound_times()
                if by < timedelta(0):
                    assert await waits(app, url) <= planned
                    await poll(app)
                    assert len(site.to("/feed")) == asked, "what is not due is not asked"
                else:
                    assert await waits(app, url) <= timedelta(0), "an hour has passed, it seems"
                    await poll(app)
                    asked += 1
                    assert len(site.to("/feed")) == asked
                    planned = await waits(app, url)
            newsroom.clock.advance(planned.total_seconds() + 1)
            await poll(app)
            assert len(site.to("/feed")) == asked + 1, "and in its time it is asked"

    asyncio.run(live())


def test_c16_a_start_after_the_clock_went_back_while_the_program_was_off(
    site: Site, tmp_path: Path
) -> None:
    newsroom = Newsroom(tmp_path / "home")
    newsroom.watching(site.serve("/feed", feed()))

    async def live(seen: int) -> None:
        async with newsroom.open() as app:
            await poll(app)
            assert len(site.to("/feed")) == seen

    asyncio.run(live(1))
    asyncio.run(live(1))
    newsroom.clock.advance(-10 * 3600)
    asyncio.run(live(2))


def test_f28_after_a_sleep_of_eight_hours_feeds_are_spread(site: Site, tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path / "home")
    urls = [site.serve(f"/{number}", feed()) for number in range(30)]
    newsroom.watching(*urls)

    async def live() -> None:
        async with newsroom.open() as app:
            await poll(app)
            newsroom.clock.advance(8 * 3600)
            await app._clock_set(timedelta(hours=8))
            times = sorted([await waits(app, url) for url in urls])
            assert times[0] <= timedelta(0)
            assert timedelta(seconds=2) < times[-1] <= timedelta(minutes=5)
            assert len(set(times)) == len(urls)

    asyncio.run(live())
