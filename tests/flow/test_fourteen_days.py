"""Fourteen simulated days with a feed that fails in every way there is.

What counts: it is asked again within a day, whatever it answered; the first good answer puts
everything back; and the operator hears of it three times, not three hundred. Real polls, real
fetching and parsing, the real gathering of notices; only clock, wire, disk and the parsers' death
are made up. F-35 and F-37 to F-41, over a fortnight. Run with ``-s`` to see the table.
"""

import asyncio
import gzip
import heapq
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from monitor.config.settings import load_settings
from monitor.health.notices import Notice
from monitor.health.watch import HealthWatch
from monitor.model import Feed, FeedState, ParsedFeed
from monitor.net.failures import BadCertificate, NameNotFound
from monitor.net.hosts import HostGate
from monitor.pipeline.poll import PollReport, poll_feed
from monitor.pipeline.tools import Live, Tools
from monitor.workers import Failure, WorkerFailed
from tests.flow.newsroom import Parsers
from tests.flow.test_scorecard import START, Clock, _Body, _Disk, document

DAY = timedelta(days=1)
DAYS = 14
LOOK_EVERY = timedelta(minutes=30)
KILLER = b"<rss><channel><title>this one kills its parser</title></channel></rss>"
LOGIN = b'<!doctype html><html><body><form><input type="password" name="p"></form></body></html>'
Fault = Callable[[httpx.Request], httpx.Response]


def _raises(kind: type[httpx.HTTPError], text: str) -> Fault:
    def answer(request: httpx.Request) -> httpx.Response:
        raise kind(text)

    return answer


def _says(status: int, body: bytes = b"", **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers=named, stream=_Body(body))

    return answer


def _good(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, stream=_Body(document(request.url.host, 3)))


WHOLE = document("half.example", 3)
FAULTS: dict[str, Fault] = {
    "the name is not found": _raises(NameNotFound, "the name was not found"),
    "the connection is refused": _raises(httpx.ConnectError, "refused the connection"),
    "the certificate is not valid": _raises(BadCertificate, "the certificate is not valid"),
    "no answer in time": _raises(httpx.ReadTimeout, "did not answer in time"),
    "500": _says(500),
    "503": _says(503),
    "503 with Retry-After": _says(503, Retry_After="7200"),
    "429": _says(429),
    "429 with Retry-After": _says(429, Retry_After="7200"),
    "403": _says(403),
    "404": _says(404),
    "410": _says(410),
    "a login page": _says(200, LOGIN, Content_Type="text/html"),
    "an empty answer": _says(200, b""),
    "a truncated answer": _says(200, WHOLE[:200], Content_Length=str(len(WHOLE))),
    "not XML": _says(200, b"hello, this is a text\n" * 20),
    "another content type": _says(200, b"\x89PNG\r\n\x1a\n" + bytes(900), Content_Type="image/png"),
    "a redirect in a circle": _says(302, Location="/feed"),
    "a broken gzip": _says(200, gzip.compress(WHOLE)[:-30], Content_Encoding="gzip"),
    "a parser that is killed": _says(200, KILLER),
}  # fmt: skip


class DyingParsers(Parsers):
    """Parsers of which one document kills one every time."""

    async def parse(self, body: bytes, url: str, content_type: str | None) -> ParsedFeed:
        if body == KILLER:
            raise WorkerFailed(Failure.CRASH, "the parser crashed (SIGKILL)")
        return await super().parse(body, url, content_type)

    def scan(self, body: bytes, url: str, content_type: str | None) -> Any:
        return None if body == KILLER else super().scan(body, url, content_type)


class Disk(_Disk):
    """What was recorded, and the notices that last."""

    def __init__(self, feeds: Sequence[str]) -> None:
        super().__init__(feeds)
        self.kept: list[Notice] = []

    def ailing_feeds(self) -> list[FeedState]:
        return [
            state
            for state in self.states.values()
            if state.failures or state.last_error is not None
        ]

    def open_notices(self) -> list[Notice]:
        return self.kept

    def replace_notices(self, still: Sequence[Notice]) -> None:
        self.kept = list(still)

    def took_message_since(self, notifier: str, since: datetime) -> bool:
        return False


class FirmGround:
    """A disk with room."""

    works = True

    def trouble(self) -> None:
        return None


@dataclass(slots=True)
class Lived:
    """What a fortnight with one feed was like."""

    asked_at: list[datetime] = field(default_factory=list)
    met: set[str] = field(default_factory=set)
    reports: list[PollReport] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    mended_at: datetime = START
    after: FeedState = field(default_factory=lambda: FeedState(""))
    kept: list[Notice] = field(default_factory=list)

    @property
    def longest_gap(self) -> timedelta:
        pairs = zip(self.asked_at, self.asked_at[1:], strict=False)
        return max(later - earlier for earlier, later in pairs)


async def fortnight(
    folder: Path, faults: Mapping[str, Fault], good_until: timedelta, bad_until: timedelta
) -> Lived:
    """A feed that answers well at first, then with each of ``faults`` in turn, then well again.

    In turn: request by request. The time ends with the first good answer after ``bad_until``.
    """
    clock, lived = Clock(), Lived(mended_at=START + bad_until)
    url = "https://failing.example/feed"
    names = list(faults)
    turn = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal turn
        now = clock.now() - START
        lived.asked_at.append(clock.now())
        if not good_until <= now < bad_until:
            return _good(request)
        name = names[turn % len(names)]
        turn += 1
        lived.met.add(name)
        return faults[name](request)

    (folder / "rules").mkdir()
    (folder / "config.yaml").write_text(f"feeds: [{url}]\n")
    settings, problems = load_settings(folder / "config.yaml", {})
    assert settings is not None, problems
    disk: Any = Disk([url])
    nothing: Any = None
    ground: Any = FirmGround()
    transport: Any = httpx.MockTransport(answer)
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        outbound: Any = type("Outbound", (), {"client": client})()
        tools = Tools(
            live=Live(settings, nothing), outbound=outbound,
            gate=HostGate(clock=clock, sleep=clock.sleep), workers=DyingParsers(), store=disk,
            thread=disk, recorder=disk, sites=nothing, desk=nothing, slots=asyncio.Semaphore(64),
            now=clock.now, jitter=lambda: 1.0,
        )  # fmt: skip
        health = HealthWatch(tools, ground, tuple, on_notice=lived.notices.append, clock=clock)
        due = [(START, "poll"), (START, "look")]
        while True:
            moment, what = heapq.heappop(due)
            clock.seconds = max(clock.seconds, (moment - START).total_seconds())
            if what == "look":
                await health.look()
                heapq.heappush(due, (moment + LOOK_EVERY, what))
                continue
            lived.reports.append(await poll_feed(tools, Feed(url), disk.states[url]))
            health.polled(lived.reports[-1])
            after = disk.states[url].next_poll_at
            assert after is not None
            assert after > clock.now(), "no busy loop"
            heapq.heappush(due, (after, what))
            if clock.now() >= lived.mended_at and lived.reports[-1].error is None:
                await health.look()
                lived.after, lived.kept = disk.states[url], disk.kept
                return lived


@pytest.fixture(scope="module")
def every_way(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """The feed that fails in every way in turn."""
    folder = tmp_path_factory.mktemp("fortnight")
    lived = asyncio.run(fortnight(folder, FAULTS, timedelta(hours=6), timedelta(days=DAYS)))
    print(f"\n{len(lived.asked_at)} requests, longest gap {lived.longest_gap}")
    for notice in lived.notices:
        moment = (notice.over or notice.since) - START
        print(f"{moment!s:<18} {notice.title}. {notice.text}")
    return lived


def test_every_way_was_met(every_way: Lived) -> None:
    assert every_way.met == set(FAULTS)


def test_f35_it_is_asked_again_within_a_day_each_time(every_way: Lived) -> None:
    assert every_way.longest_gap <= 1.1 * DAY


def test_f35_the_first_good_answer_puts_everything_back(every_way: Lived) -> None:
    after = every_way.after
    assert (after.failures, after.last_error, after.memory.gone) == (0, None, 0)
    assert after.next_poll_at is not None
    assert after.last_polled_at is not None
    assert after.next_poll_at - after.last_polled_at <= timedelta(hours=1)
    assert every_way.asked_at[-1] - every_way.mended_at <= 1.1 * DAY
    assert sum(at >= every_way.mended_at for at in every_way.asked_at) == 1


def test_three_notices_in_all_and_none_left_open(every_way: Lived) -> None:
    told = [(notice.over is not None, notice.weight) for notice in every_way.notices]
    assert told == [(False, 1), (False, 2), (True, 2)]
    assert every_way.kept == []
    first, second, last = every_way.notices
    assert first.subject == second.subject == last.subject
    assert "auth:" in second.text, "the mend is named"
    assert last.title.startswith("over: ")


@pytest.mark.parametrize("name", FAULTS)
def test_f35_one_way_for_a_fortnight(tmp_path: Path, name: str) -> None:
    """Each alone: asked at least daily (gone: weekly), told twice or thrice, back at once."""
    lived = asyncio.run(
        fortnight(tmp_path, {name: FAULTS[name]}, timedelta(hours=6), timedelta(days=DAYS))
    )
    assert lived.longest_gap <= (timedelta(days=7) if name == "410" else 1.1 * DAY)
    assert len(lived.asked_at) > 8
    assert lived.after.failures == 0
    assert [notice.over is None for notice in lived.notices] in ([True, False], [True, True, False])
    assert lived.kept == []


@dataclass(slots=True)
class Outage:
    """What nine hours were like in which our own network was down for six hours."""

    asked_at: dict[str, list[datetime]]
    during: dict[str, FeedState]  # at the end of the outage
    after: dict[str, FeedState]
    notices: list[Notice]


async def hours_with_an_outage(folder: Path, feeds: int, dead: int) -> Outage:
    """``feeds`` that answer well but from hour 2 to 8, and ``dead`` ones that never answer."""
    clock, chance = Clock(), Random(36)
    urls = [f"https://h{number}.example/feed" for number in range(feeds + dead)]
    asked: dict[str, list[datetime]] = {url: [] for url in urls}

    def answer(request: httpx.Request) -> httpx.Response:
        asked[str(request.url)].append(clock.now())
        hours = clock.seconds / 3600
        if 2 <= hours < 8 or int(request.url.host[1:].partition(".")[0]) >= feeds:
            raise NameNotFound("the name was not found")
        return _good(request)

    (folder / "rules").mkdir()
    (folder / "config.yaml").write_text(f"feeds: {urls}\n")
    settings, problems = load_settings(folder / "config.yaml", {})
    assert settings is not None, problems
    disk: Any = Disk(urls)
    nothing: Any = None
    ground: Any = FirmGround()
    notices: list[Notice] = []
    during: dict[str, FeedState] = {}
    transport: Any = httpx.MockTransport(answer)
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        outbound: Any = type("Outbound", (), {"client": client})()
        tools = Tools(
            live=Live(settings, nothing), outbound=outbound,
            gate=HostGate(clock=clock, sleep=clock.sleep), workers=Parsers(), store=disk,
            thread=disk, recorder=disk, sites=nothing, desk=nothing, slots=asyncio.Semaphore(64),
            now=clock.now, jitter=chance.random,
        )  # fmt: skip
        health = HealthWatch(tools, ground, tuple, on_notice=notices.append, clock=clock)
        due = [(START + timedelta(seconds=at), url) for at, url in enumerate(urls)]
        due += [(START + timedelta(minutes=at), "look") for at in range(60 * 9)]
        heapq.heapify(due)
        while due[0][0] < START + timedelta(hours=9):
            moment, what = heapq.heappop(due)
            clock.seconds = max(clock.seconds, (moment - START).total_seconds())
            if what == "look":
                await health.look()
                continue
            if clock.seconds >= 8 * 3600 and not during:
                during = dict(disk.states)
            await poll_feed(tools, Feed(what), disk.states[what])
            after = disk.states[what].next_poll_at
            assert after is not None
            heapq.heappush(due, (after, what))
    return Outage(asked, during, disk.states, notices)


def test_f36_our_own_network_down_for_six_hours(tmp_path: Path) -> None:
    lived = asyncio.run(hours_with_an_outage(tmp_path, feeds=14, dead=2))
    back = START + timedelta(hours=8)
    healthy = list(lived.asked_at)[:14]
    assert max(lived.during[url].failures for url in healthy) <= 4, "counters are frozen"
    firsts = [next(at for at in lived.asked_at[url] if at >= back) for url in healthy]
    assert max(firsts) - back <= timedelta(minutes=6), "all are asked within an interval"
    minutes = Counter((at - back) // timedelta(minutes=1) for at in firsts)
    assert max(minutes.values()) <= 8, "and not all at once"
    assert all(lived.after[url].failures == 0 for url in healthy)
    told = [(notice.subject.partition(" ")[0], notice.over is not None) for notice in lived.notices]
    assert sorted(told) == [("feed", False), ("feed", False), ("network", False), ("network", True)]
    dead = {notice.subject for notice in lived.notices if notice.subject.startswith("feed")}
    assert dead == {f"feed {url}" for url in list(lived.asked_at)[14:]}, "the dead ones alone"
