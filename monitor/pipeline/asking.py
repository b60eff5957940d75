"""How the shell asks a host: in its turn, as its robots.txt wants, and not while it rests.

Layer 4.
"""

from typing import Final

from monitor.articles.robots import LONGEST
from monitor.feeds.fetch import Elsewhere, fetch_page_here, fetch_robots
from monitor.model import Fetched, FetchFailed, FetchProblem, FetchResult
from monitor.net.hosts import HostRests
from monitor.net.urls import host_of
from monitor.pipeline.robots import Permission
from monitor.pipeline.tools import Tools

PATIENCE: Final = 60.0  # seconds that a host may rest before we do something else meanwhile
MOST_SITES: Final = 5  # on the way from a link to its page (shorteners, counters)


async def ask_page(tools: Tools, url: str) -> Fetched | FetchFailed:
    """An article's page, asked for politely; never raises for anything the network does.

    Each site on the way is asked in its own turn, and by its own robots.txt.
    """
    limits = tools.live.settings
    at = url
    for _ in range(MOST_SITES):
        permission = await _permission(tools, at)
        if permission.refusal is not None:
            return permission.refusal
        try:
            async with tools.gate.turn(at, gap=permission.delay, patience=PATIENCE):
                answer = await fetch_page_here(
                    tools.outbound.client, at,
                    max_bytes=limits.articles.max_bytes, timeout=limits.polling.timeout,
                )  # fmt: skip
        except HostRests as rest:
            return _resting(at, rest)
        if not isinstance(answer, Elsewhere):
            respect(tools, at, answer)
            return answer
        at = answer.url
    return FetchFailed(url, FetchProblem.REDIRECT, f"{host_of(url)} redirects too many times")


def respect(tools: Tools, url: str, result: FetchResult) -> None:
    """A host that said "too often" is left alone by all its feeds and pages for that time.

    ``polling.retry_after_scope: feed`` leaves it to the feed alone.
    """
    if not isinstance(result, FetchFailed) or result.status != 429:
        return
    wait = result.freshness.retry_after
    if wait is not None and tools.live.settings.polling.retry_after_scope == "host":
        tools.gate.hold_for(url, wait)


async def _permission(tools: Tools, url: str) -> Permission:
    settings = tools.live.settings
    if settings.articles.robots == "ignore":
        return Permission()

    async def ask(address: str) -> Fetched | FetchFailed:
        try:
            async with tools.gate.turn(address, patience=PATIENCE):
                answer = await fetch_robots(
                    tools.outbound.client, address,
                    max_bytes=LONGEST, timeout=settings.polling.timeout,
                )  # fmt: skip
        except HostRests as rest:
            return _resting(address, rest)
        respect(tools, address, answer)
        return answer

    return await tools.robots.permission(
        url, ask=ask, user_agent=settings.polling.user_agent, now=tools.now()
    )


def _resting(url: str, rest: HostRests) -> FetchFailed:
    message = f"{host_of(url)} asked to be left alone for {rest.seconds / 60:.0f} more minutes"
    return FetchFailed(url, FetchProblem.RATE_LIMITED, message)
