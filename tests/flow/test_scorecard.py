"""F-63: fourteen simulated days against servers that keep a strict record of every request.

What counts is what the authors of small servers count: requests without validators, validators
that were made up or are out of date, cookies, referrers, changed addresses, other paths, and
requests sooner than the server allowed. Real polls through the real pipeline, with default
settings; only clock, wire and disk are made up. Run with ``-s`` to see the table.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx

from monitor.config.settings import load_settings
from monitor.model import Feed, FeedState
from monitor.net.hosts import HostGate
from monitor.net.outbound import _PlainClient  # the client itself, on another wire
from monitor.pipeline.poll import poll_feed
from monitor.pipeline.tools import Live, Tools
from monitor.store import Poll
from tests.flow.newsroom import Parsers

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAYS = 14
POST_EVERY = timedelta(hours=5)


class Clock:
    """Seconds since the start, moved by the simulation; the gate's sleeping moves it too."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass(slots=True)
class Record:
    """What a server noted of its one visitor."""

    requests: int = 0
    full: int = 0  # answers 200
    refused: int = 0  # answers 429
    unconditional: int = 0
    made_up: int = 0  # validators never served
    stale: int = 0  # validators served, but not last
    baggage: int = 0  # cookies, referrers, cache-busters, ranges
    elsewhere: int = 0  # other paths or queries
    too_soon: int = 0  # inside a Retry-After
    hint_ignored: int = 0  # inside the max-age, or inside an hour where that is less
    within_hour: int = 0  # sooner than an hour after the one before: the strictest authors' rule
    shortest_gap: float = float("inf")


@dataclass(slots=True)
class Server:
    """A feed's server. The switches make it one of the kinds that are met in practice."""

    name: str
    clock: Clock
    etag: bool = True
    modified: bool = True
    max_age: int | None = None
    always_304: bool = False
    never_304: bool = False
    fresh_tags: bool = False  # another ETag on every answer, 304 included
    limited: tuple[float, float] | None = None  # hours in which it answers 429
    down: tuple[float, float] | None = None  # hours in which it answers 500
    patience: float = 0.0  # seconds; whoever comes sooner gets 429
    moved: bool = False  # the user's address redirects to the place of the feed …
    moved_away: bool = False  # … and is on another host
    record: Record = field(default_factory=Record)
    _served: list[set[str]] = field(default_factory=lambda: [set(), set()])
    _last: list[str | None] = field(default_factory=lambda: [None, None])
    _asked_at: float | None = None
    _not_before: float = 0.0
    _count: int = 0

    @property
    def host(self) -> str:
        return f"{self.name.replace(' ', '-').replace(',', '')}.example"

    @property
    def address(self) -> str:
        """What the user wrote."""
        if self.moved_away:
            return f"https://old.{self.host}/old-feed"
        return f"https://{self.host}/{'old-feed' if self.moved else 'feed'}"

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/old-feed" and (self.moved or self.moved_away):
            to = f"https://{self.host}/feed"
            return httpx.Response(301, headers={"Location": to, "Date": _date(self.clock.now())})
        self._note(request)
        now, hours = self.clock.seconds, self.clock.seconds / 3600
        sooner = self._asked_at is not None and now - self._asked_at < self.patience
        self._asked_at = now
        if self.limited and self.limited[0] <= hours < self.limited[1]:
            wait = 3600
        elif sooner:
            wait = int(self.patience)
        else:
            wait = 0
        date = {"Date": _date(self.clock.now()), "Set-Cookie": "visitor=1; Path=/"}
        if wait:
            self._not_before = now + wait
            self.record.refused += 1
            return httpx.Response(429, headers={**date, "Retry-After": str(wait)})
        if self.down and self.down[0] <= hours < self.down[1]:
            return httpx.Response(500, headers=date)
        return self._good(request, date)

    def _good(self, request: httpx.Request, date: dict[str, str]) -> httpx.Response:
        posts = int(self.clock.seconds // POST_EVERY.total_seconds()) + 1
        self._count += 1
        tag = f'W/"{posts}-{self._count if self.fresh_tags else 0}"'
        changed = _date(START + POST_EVERY * (posts - 1))
        sent = request.headers
        known = sent.get("if-none-match") == tag if self.etag else False
        known = known or (
            self.modified and sent.get("if-modified-since") == changed and not self.etag
        )
        if self.fresh_tags:
            known = sent.get("if-modified-since") == changed
        conditional = "if-none-match" in sent or "if-modified-since" in sent
        headers = dict(date)
        if self.etag:
            headers["ETag"] = self._serve(0, tag)
        if self.modified:
            headers["Last-Modified"] = self._serve(1, changed)
        if self.max_age:
            headers["Cache-Control"] = f"max-age={self.max_age}"
        if conditional and (self.always_304 or (known and not self.never_304)):
            return httpx.Response(304, headers=headers)
        self.record.full += 1
        return httpx.Response(200, headers=headers, stream=_Body(document(self.host, posts)))

    def _serve(self, which: int, value: str) -> str:
        self._served[which].add(value)
        self._last[which] = value
        return value

    def _note(self, request: httpx.Request) -> None:
        record, sent, now = self.record, request.headers, self.clock.seconds
        record.requests += 1
        if self._asked_at is not None:
            gap = now - self._asked_at
            record.shortest_gap = min(record.shortest_gap, gap)
            record.within_hour += gap < 3600
            record.hint_ignored += bool(self.max_age) and gap < min(self.max_age or 0, 3600)
        record.too_soon += now < self._not_before
        record.elsewhere += request.url.raw_path != b"/feed"
        unwanted = ("cookie", "referer", "range", "cache-control", "pragma", "authorization")
        record.baggage += sum(name in sent for name in unwanted)
        values = [sent.get("if-none-match"), sent.get("if-modified-since")]
        record.unconditional += values == [None, None]
        for which, value in enumerate(values):
            if value is not None:
                record.made_up += value not in self._served[which]
                record.stale += value in self._served[which] and value != self._last[which]


class _Body(httpx.AsyncByteStream):
    """A body that can be read from the wire once."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content


def _date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def document(host: str, posts: int) -> bytes:
    """An RSS feed whose newest entry is number ``posts``."""
    items = "".join(
        f"<item><title>Report number {n}</title><link>https://{host}/{n}</link><guid>{n}</guid>"
        f"<pubDate>{_date(START + POST_EVERY * (n - 1))}</pubDate></item>"
        for n in range(posts, max(posts - 20, 0), -1)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{host}</title>'
        f"<link>https://{host}/</link><description>x</description>{items}</channel></rss>"
    ).encode()


def kinds(clock: Clock) -> list[Server]:
    """The servers, each on a host of its own."""

    def made(name: str, **switches: Any) -> Server:
        return Server(name, clock, **switches)

    return [
        made("both validators"),
        made("etag only", modified=False),
        made("last-modified only", etag=False),
        made("max-age of 50 minutes", max_age=3000),
        made("max-age of a year", max_age=31_536_000),
        made("always 304", always_304=True),
        made("never 304", never_304=True),
        made("new etag, same date", fresh_tags=True),
        made("429 for an hour", limited=(50.0, 51.0)),
        made("500 for six hours", down=(100.0, 106.0)),
        made("one request an hour", patience=3600.0),
        made("moved within the host", moved=True),
        made("moved to another host", moved_away=True),
        made("no validators", etag=False, modified=False),
    ]


class _Disk:
    """Store, recorder and thread in one: what was recorded, in memory."""

    def __init__(self, feeds: Collection[str]) -> None:
        self.states = {url: FeedState(url) for url in feeds}
        self.names: dict[str, set[int]] = {url: set() for url in feeds}

    async def call(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return work(*arguments)

    def known_names(self, feed_url: str, names: Collection[int]) -> set[int]:
        return self.names[feed_url] & set(names)

    async def record(self, poll: Poll) -> int:
        self.states[poll.state.url] = poll.state
        names = self.names[poll.state.url]
        names |= {name for new in poll.new for name in new.names} | set(poll.names)
        return len(poll.new)


async def simulate(folder: Path) -> Mapping[str, Server]:
    """Every feed polled whenever it is due, for fourteen days; the servers with their records."""
    clock = Clock()
    servers = {server.host: server for server in kinds(clock)}
    urls = [server.address for server in servers.values()]
    (folder / "rules").mkdir()
    (folder / "config.yaml").write_text(f"feeds: {urls}\n")
    settings, problems = load_settings(folder / "config.yaml", {})
    assert settings is not None, problems
    disk: Any = _Disk(urls)
    nothing: Any = None
    transport: Any = httpx.MockTransport(
        lambda request: servers[request.url.host.removeprefix("old.")].answer(request)
    )
    async with _PlainClient(transport, settings.polling.user_agent) as client:
        outbound: Any = type("Outbound", (), {"client": client})()
        tools = Tools(
            live=Live(settings, nothing), outbound=outbound,
            gate=HostGate(clock=clock, sleep=clock.sleep), workers=Parsers(), store=disk,
            thread=disk, recorder=disk, sites=nothing, desk=nothing, slots=asyncio.Semaphore(64),
            now=clock.now, jitter=lambda: 0.5,
        )  # fmt: skip
        due = [(START, url) for url in urls]
        while due[0][0] < START + timedelta(days=DAYS):
            moment, url = heapq.heappop(due)
            clock.seconds = max(clock.seconds, (moment - START).total_seconds())
            await poll_feed(tools, Feed(url), disk.states[url])
            after = disk.states[url].next_poll_at
            assert after is not None
            heapq.heappush(due, (after, url))
    return {server.name: server for server in servers.values()}


def show(found: Mapping[str, Server]) -> None:
    """Print the table."""
    columns = "requests full refused uncond. made-up stale baggage elsewhere too-soon hint-ignored within-1h min-gap"
    print(f"\n{f'{DAYS} days':<24}{columns}")
    for name, server in found.items():
        one = server.record
        print(
            f"{name:<24}{one.requests:>8}{one.full:>5}{one.refused:>8}{one.unconditional:>8}{one.made_up:>8}"
            f"{one.stale:>6}{one.baggage:>8}{one.elsewhere:>10}{one.too_soon:>9}"
            f"{one.hint_ignored:>13}{one.within_hour:>10}{one.shortest_gap:>7.0f}s"
        )


# It gives nothing to send.
NEVER_CONDITIONAL = {"no validators"}
# What one server's record must show besides: F-10 and F-18.
BESIDES: Mapping[str, tuple[str, Callable[[Record], bool]]] = {
    "always 304": ("asked in full every eight days", lambda one: one.unconditional == 2),
    "max-age of a year": ("it is an hour", lambda one: 3600 <= one.shortest_gap <= 3960),
}


def faults(name: str, one: Record) -> list[str]:
    """What a strict author would mark in a server's record, and whether it is of full weeks.

    Politeness is easy for whoever does not come. The host that gave validators gets them back
    behind a redirect too ("moved to another host"), and the one that redirects never does.
    """
    posts = DAYS * 86400 / POST_EVERY.total_seconds()
    judged = {
        "asked without validators": name in NEVER_CONDITIONAL or one.unconditional <= 2,
        "validators made up or stale": (one.made_up, one.stale) == (0, 0),
        "baggage or other addresses": (one.baggage, one.elsewhere) == (0, 0),
        "inside a not-before": (one.too_soon, one.hint_ignored) == (0, 0),
        "sooner than five minutes": one.shortest_gap >= 300,
        "given up": one.requests >= DAYS * 24 * 0.9,
        "posts missed": name == "always 304" or one.full >= posts * 0.95,
    }
    if name in BESIDES:
        said, holds = BESIDES[name]
        judged[f"not so: {said}"] = holds(one)
    return [fault for fault, well in judged.items() if not well]


def test_f63_no_request_is_one_that_a_strict_server_would_mark(tmp_path: Path) -> None:
    """All servers in one test: the simulation costs ten seconds, and is made once."""
    servers = asyncio.run(simulate(tmp_path))
    show(servers)
    found = {name: faults(name, server.record) for name, server in servers.items()}
    assert {name: marked for name, marked in found.items() if marked} == {}
    assert BESIDES.keys() | NEVER_CONDITIONAL <= servers.keys()
