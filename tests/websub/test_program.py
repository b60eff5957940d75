"""The whole way: a real hub on loopback, the real program, and a poll that comes hours early."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from monitor.app import App
from monitor.cli import cli
from monitor.model import FeedState
from monitor.store import open_store
from monitor.websub.subscription import Mode, Subscription
from tests.flow.newsroom import Newsroom
from tests.flow.outlets import RSS, Answer, Item, Site, rss, semantic
from tests.websub.hub import PATIENCE, Hub, running_hub

PUBLIC = "https://news.example.org/monitor"
TOPIC = "https://sample.example.com/feed"
WEB = {"listen": "127.0.0.1:0", "public_url": PUBLIC}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path / "newsroom")


def hubbed(hub: str, *items: Item) -> Answer:
    """A feed that names its hub."""
    links = f'<atom:link rel="hub" href="{hub}"/><atom:link rel="self" href="{TOPIC}"/>'
    head = '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
    return Answer(200, rss(*items).replace('<rss version="2.0"><channel>', head + links), RSS)


def ferry(site: Site, number: int) -> Item:
    """An entry, and the page that it leads to."""
    text = f"Ferry number {number} sails to the island from now on, twice a day in summer."
    link = site.page(f"/{number}", semantic(f"Ferry number {number}", (text, text + " Always.")))
    return Item(f"Ferry number {number}", link)


def titles(newsroom: Newsroom) -> list[str]:
    return sorted(one.article.title for one in newsroom.stored())


@dataclass
class World:
    """The program while it runs, beside its hub and its site."""

    app: App
    hub: Hub
    site: Site
    newsroom: Newsroom
    feed: str

    def state(self) -> FeedState:
        store = open_store(self.newsroom.folder / "data", read_only=True)
        try:
            return store.states()[self.feed]
        finally:
            store.close()

    def known(self) -> list[Subscription]:
        store = open_store(self.newsroom.folder / "data", read_only=True)
        try:
            return store.subscriptions()
        finally:
            store.close()

    def address(self) -> tuple[str, int] | None:
        """Where the program listens for hubs."""
        return self.app.subscriber.address

    async def look(self) -> None:
        await self.app.subscriber.look_after()
        self.hub.listener = self.app.subscriber.address

    async def subscribed(self) -> dict[str, str]:
        """Look after subscriptions; let the hub verify what it was asked."""
        await self.look()
        form = self.hub.forms[-1]
        assert (await self.hub.verify(form)).status == 200
        return form

    async def polled(self, count: int, within: float = PATIENCE) -> float:
        """Seconds until the feed was asked for the ``count``-th time."""
        began = time.monotonic()
        await asyncio.to_thread(self.site.wait_for, "/feed", count, within)
        return time.monotonic() - began

    async def settled(self) -> None:
        """Wait until nothing is being polled or handled."""
        async with asyncio.timeout(PATIENCE):
            await self.app.dispatcher.idle()


@asynccontextmanager
async def world(
    newsroom: Newsroom, site: Site, web: Mapping[str, Any] = WEB, status: int = 202
) -> AsyncIterator[World]:
    """The program in the middle of its life: the feed was polled once, next in six hours."""
    async with running_hub() as hub:
        hub.status = status
        first, second = ferry(site, 1), ferry(site, 2)
        feed = site.serve("/feed", hubbed(hub.url, first), hubbed(hub.url, first, second))
        newsroom.rule("ferries.yaml", "id: ferries\nmatch: [ferry]\n")
        newsroom.watching(
            {"url": feed, "every": "6h", "headers": {"X-Key": "feed's own key"}},
            web=dict(web),
        )
        async with newsroom.open() as app:
            running = asyncio.create_task(app.forever())
            here = World(app, hub, site, newsroom, feed)
            try:
                await here.polled(1)
                await here.settled()
                newsroom.clock.advance(600)
                yield here
            finally:
                app.stop()
                await asyncio.wait_for(running, PATIENCE)


def test_a_new_entry_is_polled_within_a_second_of_the_ping(newsroom: Newsroom, site: Site) -> None:
    async def check() -> None:
        async with world(newsroom, site) as here:
            form = await here.subscribed()
            assert form["hub.mode"] == "subscribe"
            assert form["hub.topic"] == TOPIC
            assert form["hub.callback"].startswith(f"{PUBLIC}/websub/")
            planned = here.state().next_poll_at
            assert planned is not None
            assert planned - newsroom.clock() > timedelta(hours=5)
            answer = await here.hub.ping(form, b"what stands here is never believed")
            assert answer.status == 202
            assert await here.polled(2) < 1.0
            await here.settled()

    asyncio.run(check())
    assert titles(newsroom) == ["Ferry number 1", "Ferry number 2"]


def test_feeds_list_says_who_pushes(newsroom: Newsroom, site: Site) -> None:
    def listed(*options: str) -> str:
        config = str(newsroom.folder / "config.yaml")
        done = CliRunner().invoke(cli, ["--config", config, "feeds", "list", *options])
        assert done.exit_code == 0, done.output
        return done.output

    async def check() -> None:
        async with world(newsroom, site) as here:
            await here.look()
            assert json.loads(listed("--json"))["websub"] == {
                "hub": here.hub.url,
                "active": False,
                "lease_until": None,
                "pinged_at": None,
                "last_error": None,
            }
            assert "pushed by hub" not in listed()
            await here.subscribed()

    newsroom.clock.moment = datetime.now(UTC)  # what the command goes by
    asyncio.run(check())
    assert json.loads(listed("--json"))["websub"]["active"] is True
    assert "pushed by hub" in listed()


def test_a_hub_gets_nothing_of_the_feeds_credentials(newsroom: Newsroom, site: Site) -> None:
    async def check() -> None:
        async with world(newsroom, site) as here:
            await here.subscribed()
            (request,) = here.hub.requests
            assert "feed's own key" not in str(request.headers)
            assert {"Cookie", "Authorization", "Referer"}.isdisjoint(request.headers)

    asyncio.run(check())


@pytest.mark.parametrize(
    "signature",
    [
        pytest.param(None, id="without a signature"),
        pytest.param("sha256=" + "0" * 64, id="with a wrong signature"),
        pytest.param("md5=" + "0" * 32, id="with an algorithm that is not known"),
    ],
)
def test_f_62_a_ping_that_is_not_the_hubs_changes_nothing(
    newsroom: Newsroom, site: Site, signature: str | None
) -> None:
    async def check() -> None:
        async with world(newsroom, site) as here:
            form = await here.subscribed()
            state, known = here.state(), here.known()
            answer = await here.hub.ping(form, signature=signature)
            assert answer.status == 202, "nobody can try signatures out"
            assert here.state() == state
            assert here.known() == known
            assert len(site.to("/feed")) == 1

    asyncio.run(check())


def test_f_62_a_dead_hub_costs_nothing_and_is_told_once(
    newsroom: Newsroom, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    async def check() -> None:
        async with world(newsroom, site, status=500) as here:
            planned = here.state().next_poll_at
            for _ in range(6):
                await here.look()
                newsroom.clock.advance(2 * 86_400)
            (one,) = here.known()
            assert one.failures == len(here.hub.forms) >= 6
            assert one.last_error == "the hub 127.0.0.1 answered 500"
            assert planned is not None
            await here.app.dispatcher.polls()
            await here.polled(2)

    with caplog.at_level(logging.INFO, "monitor.websub"):
        asyncio.run(check())
    assert [record.getMessage() for record in caplog.records if record.levelno > logging.INFO] == [
        "the hub 127.0.0.1 answered 500: the feed is polled as ever"
    ]


def test_a_hub_that_verifies_before_it_answers_is_believed(newsroom: Newsroom, site: Site) -> None:
    async def check() -> None:
        async with world(newsroom, site, status=500) as here:
            await here.look()  # from now on it listens
            newsroom.clock.advance(86_400)
            here.hub.status = 204
            here.hub.before = here.hub.verify
            await here.look()
            (one,) = here.known()
            assert one.lease_until is not None
            assert one.asked_at is None
            assert one.failures == 0

    asyncio.run(check())


def test_a_restart_asks_no_hub_again_and_keeps_the_callback(newsroom: Newsroom, site: Site) -> None:
    async def check() -> None:
        async with world(newsroom, site) as here:
            form = await here.subscribed()
            known = here.known()
        async with newsroom.open() as app:
            await app.subscriber.look_after()
            here.hub.listener = app.subscriber.address
            assert here.known() == known
        assert len(here.hub.forms) == 1
        assert form["hub.callback"] == known[0].callback

    asyncio.run(check())


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"feeds": []}, id="the feed is removed"),
        pytest.param({"web": {"listen": "127.0.0.1:0"}}, id="the public address is taken away"),
    ],
)
def test_what_is_no_longer_wanted_is_ended_and_forgotten(
    newsroom: Newsroom, site: Site, change: dict[str, Any]
) -> None:
    async def check() -> None:
        async with world(newsroom, site) as here:
            form = await here.subscribed()
            newsroom.config.update(change)
            text = yaml.safe_dump(newsroom.config, sort_keys=False)
            (newsroom.folder / "config.yaml").write_text(text, encoding="utf-8")
            await here.app.reload()
            await here.look()
            ended = here.hub.forms[-1]
            assert ended["hub.mode"] == "unsubscribe"
            assert "hub.secret" not in ended
            assert ended["hub.callback"] == form["hub.callback"]
            (one,) = here.known()
            assert one.wanted is Mode.UNSUBSCRIBE
            assert (await here.hub.verify(ended)).status == 200
            assert here.known() == []
            assert (await here.hub.ping(form)).status in (410, 421)
            if "web" in change:
                await here.look()
                assert here.address() is None, "nobody is left to listen for"

    asyncio.run(check())


@pytest.mark.parametrize(
    "web",
    [
        pytest.param({"listen": "127.0.0.1:0"}, id="no public address"),
        pytest.param({"listen": "off", "public_url": PUBLIC}, id="listening is off"),
        pytest.param({}, id="nothing is said about the web"),
    ],
)
def test_without_an_address_nothing_listens_and_no_hub_is_asked(
    newsroom: Newsroom, site: Site, web: dict[str, Any]
) -> None:
    async def check() -> None:
        async with world(newsroom, site, web) as here:
            await here.look()
            assert here.address() is None
            assert here.hub.forms == []
            assert here.known() == []

    asyncio.run(check())


def test_a_taken_port_is_told_once_and_the_program_runs_on(
    newsroom: Newsroom, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    async def check() -> None:
        with socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            async with world(newsroom, site, {**WEB, "listen": f"127.0.0.1:{port}"}) as here:
                for _ in range(3):
                    await here.look()
                assert here.address() is None
                assert here.hub.forms == [], "no hub is asked to call where nobody listens"
                taken.close()
                await here.look()
                assert here.address() == ("127.0.0.1", port)
                assert len(here.hub.forms) == 1

    with caplog.at_level(logging.WARNING, "monitor.websub"):
        asyncio.run(check())
    told = [record.getMessage() for record in caplog.records]
    assert len([text for text in told if text.startswith("cannot listen for hubs")]) == 1


def test_a_ping_during_a_poll_leads_to_one_more_poll(newsroom: Newsroom, site: Site) -> None:
    async def check() -> None:
        async with world(newsroom, site) as here:
            form = await here.subscribed()
            loop = asyncio.get_running_loop()
            pings: list[Any] = []

            def meanwhile() -> None:
                ping = asyncio.run_coroutine_threadsafe(here.hub.ping(form), loop)
                pings.append(ping.result(PATIENCE))

            before, after = site.answers("/feed")
            site.serve("/feed", replace(before, before=meanwhile), after)
            assert (await here.hub.ping(form)).status == 202
            await here.polled(1)
            await here.settled()
            assert pings[0].status == 202
            deadline = time.monotonic() + PATIENCE
            while (next_poll := here.state().next_poll_at) is None or (
                next_poll - newsroom.clock() > timedelta(seconds=61)
            ):
                assert time.monotonic() < deadline, "the hint was lost"
                await asyncio.sleep(0.01)
            newsroom.clock.advance(61)
            await here.app.dispatcher.polls()
            await here.polled(2)
            await here.settled()

    asyncio.run(check())
    assert titles(newsroom) == ["Ferry number 1", "Ferry number 2"]


def test_no_secret_of_a_subscription_is_logged(
    newsroom: Newsroom, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    async def check() -> Subscription:
        async with world(newsroom, site) as here:
            form = await here.subscribed()
            await here.hub.ping(form)
            await here.hub.ping(form, signature="sha1=0")
            await here.hub.verify(form, mode="denied", reason="x")
            return here.known()[0]

    with caplog.at_level(logging.DEBUG, "monitor"):
        one = asyncio.run(check())
    told = "\n".join(f"{r.getMessage()} {getattr(r, 'fields', '')}" for r in caplog.records)
    assert "subscribed" in told
    assert one.secret.reveal() not in told + repr(one)
    assert one.token.reveal() not in told
