"""A crash at every step of an article's way: afterwards it is recorded once and sent.

What a crash leaves is what is on the disk at that moment; it is copied while the program runs, and
another program starts on the copy.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.app import App
from monitor.errors import AlreadyRunning
from monitor.pipeline.article import handle_entry
from monitor.pipeline.poll import poll_feed
from tests.flow.newsroom import FERRY_RULE, Newsroom, Run
from tests.flow.outlets import Answer, Item, Site, feed, semantic
from tests.flow.reports import FERRY


def prepared(site: Site, newsroom: Newsroom) -> Newsroom:
    """A newsroom whose one report goes to one webhook."""
    link = site.page("/page", semantic(FERRY.title, FERRY.paragraphs))
    site.serve("/feed", feed(Item(FERRY.title, link), tag="a"))
    site.serve("/hook", Answer(204))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    hook = {"type": "webhook", "url": f"{site.base}/hook", "secret": "made-up-secret"}
    return newsroom.watching(f"{site.base}/feed", notifiers={"hook": hook})


async def no_sends(app: App) -> None:
    """Everything but deliveries."""
    await app.deliverer.stop(0)
    await app.once()


async def no_articles(app: App) -> None:
    """Only the poll."""
    app.dispatcher.patient = False
    tools = app.tools
    states = await tools.thread.call(tools.store.states)
    for url, one in tools.live.feeds().items():
        await poll_feed(tools, one, states[url])


async def nothing(_: App) -> None:
    """Only the opening of the store."""


@pytest.mark.parametrize(
    ("before", "already_sent"),
    [
        pytest.param(nothing, 0, id="before the first poll"),
        pytest.param(no_articles, 0, id="between the poll and the article"),
        pytest.param(no_sends, 0, id="between the decision and the send"),
        pytest.param(App.once, 1, id="after everything"),
    ],
)
def test_after_a_crash_between_two_steps_the_rest_is_done_once(
    site: Site,
    newsroom: Newsroom,
    tmp_path: Path,
    before: Callable[[App], Awaitable[None]],
    already_sent: int,
) -> None:
    prepared(site, newsroom)

    async def until_the_crash() -> None:
        async with newsroom.open() as app:
            await before(app)
            crashed.append(newsroom.as_it_is_now(tmp_path / "after"))

    crashed: list[Newsroom] = []
    asyncio.run(until_the_crash())
    sent_before = len(site.to("/hook"))
    run = crashed[0].run()
    crashed[0].run()
    assert_recorded_once(run)
    assert (sent_before, len(site.to("/hook"))) == (already_sent, 1)
    assert 'possible_duplicate":false' in site.to("/hook")[0].body.decode()


@pytest.mark.parametrize(
    ("path", "sends", "marked"),
    [
        pytest.param("/feed", 1, False, id="while the feed is fetched"),
        pytest.param("/page", 1, False, id="while the page is fetched"),
        pytest.param("/hook", 2, True, id="while the message is on its way: sent again, marked"),
    ],
)
def test_after_a_crash_in_the_middle_of_a_request(
    site: Site, newsroom: Newsroom, tmp_path: Path, path: str, sends: int, marked: bool
) -> None:
    prepared(site, newsroom)
    crashed: list[Newsroom] = []

    def crash() -> None:
        if not crashed:
            crashed.append(newsroom.as_it_is_now(tmp_path / "after"))

    site.serve(path, with_crash(site.answers(path)[0], crash))
    newsroom.run()
    before = len(site.to("/hook")) if path != "/hook" else 0
    run = crashed[0].run()
    crashed[0].clock.advance(300)
    crashed[0].run()
    assert_recorded_once(run)
    messages = site.to("/hook")
    after = messages[before:]  # the first program went on, as no crashed one does
    assert len(after) == sends
    assert ('"possible_duplicate":true' in after[-1].body.decode()) == marked
    assert len({message.headers["idempotency-key"] for message in messages}) == 1


def with_crash(answer: Answer, crash: Callable[[], None]) -> Answer:
    """The answer, with the crash before it."""
    return replace(answer, before=crash)


def test_after_a_crash_in_the_middle_of_a_poll_the_request_is_the_same(
    site: Site, newsroom: Newsroom, tmp_path: Path
) -> None:
    prepared(site, newsroom).run()
    crashed: list[Newsroom] = []
    site.serve(
        "/feed",
        with_crash(
            feed(tag="b"), lambda: crashed.append(newsroom.as_it_is_now(tmp_path / "after"))
        ),
        feed(tag="b"),
    )
    newsroom.run()
    crashed[0].run()
    assert [one.headers.get("if-none-match") for one in site.to("/feed")] == [None, '"a"', '"a"']


def test_an_entry_handled_twice_side_by_side_alerts_once(site: Site, newsroom: Newsroom) -> None:
    prepared(site, newsroom)

    async def twice(app: App) -> None:
        await no_articles(app)
        (pending,) = app.tools.store.pending_entries(app.tools.now(), 9)
        reports = await asyncio.gather(*(handle_entry(app.tools, pending) for _ in range(2)))
        assert sorted(report.outcome for report in reports) == ["copy", "new"]
        app.deliverer.kick()
        await app.deliverer.idle()

    run = newsroom.run(twice)
    assert_recorded_once(run)
    assert len(site.to("/hook")) == 1


def test_a_second_program_on_the_same_folder_is_refused_and_the_first_goes_on(
    site: Site, newsroom: Newsroom
) -> None:
    prepared(site, newsroom)

    async def both(app: App) -> None:
        with pytest.raises(AlreadyRunning, match="already runs"):
            async with newsroom.open():
                raise AssertionError("two programs own one folder")
        await app.once()

    assert_recorded_once(newsroom.run(both))
    assert len(site.to("/hook")) == 1


def assert_recorded_once(run: Run) -> None:
    (history,) = run.stored
    assert len(history.decisions) == 1
    assert len(history.alerts) == 1
    assert [one.state.value for one in history.alerts[0].deliveries] == ["sent"]
