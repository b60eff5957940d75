"""Polls as the daemon makes them, beside bare HTTP clients that only fetch.

Ours is ``poll_feed`` with everything behind it: politeness, address check, validators, body
limits, hash, parsing in a worker, known entries, the polling rule, one transaction per poll. Each
run polls every feed once, ``IN_FLIGHT`` at a time, over connections that are open already.
"""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import aiohttp
import feedparser
import httpx

from benchmarks.table import OURS, Case
from monitor.app import App
from monitor.model import Feed
from monitor.net.hosts import HostGate
from monitor.pipeline.poll import PollReport, poll_feed
from monitor.pipeline.tools import Tools
from monitor.userfiles import UserFiles, read_rules, read_settings

IN_FLIGHT: Final = 64  # as polling.concurrency is shipped
UNCHANGED: Final = "poll, 304"
SAME: Final = "poll, 200, same bytes"
NEW: Final = "poll, 200, one new entry"

Get = Callable[[str, dict[str, str]], Awaitable[tuple[int, bytes]]]


@dataclass(frozen=True, slots=True)
class Load:
    """How many feeds of each kind are polled in one run."""

    unchanged: int
    same: int
    new: int

    def of(self, stage: str) -> int:
        """The number for a stage."""
        return {UNCHANGED: self.unchanged, SAME: self.same, NEW: self.new}[stage]


_KINDS: Final = ((UNCHANGED, "unchanged"), (SAME, "same"), (NEW, "new"))


def _urls(base: str, who: str, load: Load) -> dict[str, list[str]]:
    return {
        stage: [f"{base}/{kind}/{who}/{number}" for number in range(load.of(stage))]
        for stage, kind in _KINDS
    }


@asynccontextmanager
async def our_polls(base: str, load: Load, folder: Path) -> AsyncIterator[tuple[list[Case], Tools]]:
    """Our cases, after a first poll of every feed, and the running program's tools."""
    urls = _urls(base, "ours", load)
    files = _files(folder, [url for some in urls.values() for url in some])
    async with App(files) as app:
        # the feeds share one host here, which the settings would not let us ask so often
        tools = replace(app.tools, gate=HostGate(per_host=10_000, host_gap=0.0))
        feeds = tools.live.feeds()
        for some in urls.values():
            await _poll_all(tools, [feeds[url] for url in some], "", new=None)
        warm = [feeds[url] for url in urls[UNCHANGED][:IN_FLIGHT]]
        yield (
            [
                _our_case(tools, stage, [feeds[url] for url in urls[stage]], warm)
                for stage, _ in _KINDS
            ],
            tools,
        )


def _our_case(tools: Tools, stage: str, feeds: Sequence[Feed], warm: Sequence[Feed]) -> Case:
    outcome, new = {
        UNCHANGED: ("not modified", 0),
        SAME: ("same content", 0),
        NEW: ("read", 1),
    }[stage]

    async def run() -> None:
        await _poll_all(tools, feeds, outcome, new=new)

    async def prepare() -> None:
        await _poll_all(tools, warm, "not modified", new=0)

    return Case(stage, OURS, len(feeds), run, prepare)


async def _poll_all(tools: Tools, feeds: Sequence[Feed], outcome: str, *, new: int | None) -> None:
    """Poll ``feeds`` as the dispatcher does, and make sure that it was what we meant to measure."""
    states = await tools.thread.call(tools.store.states)
    reports = await asyncio.gather(*(poll_feed(tools, feed, states[feed.url]) for feed in feeds))
    for report in reports:
        if not _as_meant(report, outcome, new):
            raise RuntimeError(f"this poll is not what is to be measured: {report}")


def _as_meant(report: PollReport, outcome: str, new: int | None) -> bool:
    fits = new is None or report.new == new
    return report.error is None and report.outcome.startswith(outcome) and fits


def _files(folder: Path, urls: Sequence[str]) -> UserFiles:
    """A user's files in ``folder``: these feeds, loopback allowed, no rules."""
    (folder / "rules").mkdir(parents=True)
    path = folder / "config.yaml"
    path.write_text(
        f"polling: {{concurrency: {IN_FLIGHT}}}\n"
        "network: {allow_private: [127.0.0.1]}\n"
        "notifiers: {screen: {type: console}}\n"
        "feeds:\n" + "".join(f"  - {url}\n" for url in urls)
    )
    settings, problems = read_settings(path, is_shipped=False, environ={})
    if settings is None:
        raise RuntimeError("\n".join(map(str, problems)))
    return UserFiles(path, settings, read_rules(settings.rules), problems)


@asynccontextmanager
async def bare_polls(base: str, load: Load) -> AsyncIterator[list[Case]]:
    """Clients that fetch the same from the same server, decompress, and do nothing else.

    httpx with the limits it comes with, which here cost it less than one connection per request in
    flight would.
    """
    connector = aiohttp.TCPConnector(limit=IN_FLIGHT)
    async with (
        httpx.AsyncClient(timeout=30.0) as plain,
        aiohttp.ClientSession(connector=connector) as session,
    ):

        async def with_httpx(url: str, headers: dict[str, str]) -> tuple[int, bytes]:
            answer = await plain.get(url, headers=headers)
            return answer.status_code, answer.content

        async def with_aiohttp(url: str, headers: dict[str, str]) -> tuple[int, bytes]:
            async with session.get(url, headers=headers) as answer:
                return answer.status, await answer.read()

        async def and_parse(url: str, headers: dict[str, str]) -> tuple[int, bytes]:
            status, body = await with_httpx(url, headers)
            if body:
                feedparser.parse(io.BytesIO(body))
            return status, body

        clients = [("httpx, fetch only", with_httpx), ("aiohttp, fetch only", with_aiohttp)]
        yield [
            _bare_case(name, get, stage, _urls(base, name.replace(" ", "-").replace(",", ""), load))
            for stage, _ in _KINDS
            for name, get in (
                *clients,
                *([("httpx and feedparser", and_parse)] if stage == NEW else []),
            )
        ]


def _bare_case(name: str, get: Get, stage: str, urls: dict[str, list[str]]) -> Case:
    asked, status = urls[stage], 304 if stage == UNCHANGED else 200

    async def run() -> None:
        await _get_all(get, asked, status, conditional=stage == UNCHANGED)

    async def prepare() -> None:
        await _get_all(get, urls[UNCHANGED][:IN_FLIGHT], 304, conditional=True)

    return Case(stage, name, len(asked), run, prepare)


async def _get_all(get: Get, urls: Sequence[str], status: int, *, conditional: bool) -> None:
    turn = asyncio.Semaphore(IN_FLIGHT)

    async def one(number: int, url: str) -> None:
        headers = {"If-None-Match": f'"v-{number}"'} if conditional else {}
        async with turn:
            found, body = await get(url, headers)
        if found != status or bool(body) == conditional:
            raise RuntimeError(f"{url} answered {found} with {len(body)} bytes")

    work: list[Coroutine[Any, Any, None]] = [one(at, url) for at, url in enumerate(urls)]
    await asyncio.gather(*work)
