"""What runs when: APScheduler as the ticker of recurring duties.

Layer 4. Due times live in the store; a duty looks there and starts what is due. A duty that raises
is logged and ticks on; one that is late runs late instead of being dropped
(``misfire_grace_time=None``), once (``coalesce``), never twice at a time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.errors import StoreError
from monitor.model import Feed, FeedState
from monitor.pipeline.article import ArticleReport, handle_entry
from monitor.pipeline.poll import PollReport, poll_feed
from monitor.pipeline.tools import Tools
from monitor.store import PendingEntry

log = logging.getLogger(__name__)

POLLS_AT_ONCE: Final = 2048  # feeds fetching or waiting for their host's turn
ARTICLES_AT_ONCE: Final = 16  # pages fetched and read side by side; workers are fewer
PUT_OFF: Final = timedelta(seconds=30)  # doubled with each try of an entry that we cannot handle


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do every ``seconds``."""

    name: str
    seconds: float
    work: Callable[[], Awaitable[None]]


def ticker(duties: list[Duty]) -> AsyncIOScheduler:
    """A scheduler, not yet started, that does the duties for ever."""
    scheduler = AsyncIOScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for duty in duties:
        scheduler.add_job(
            _guarded(duty), IntervalTrigger(seconds=duty.seconds, timezone="UTC"), id=duty.name
        )
    return scheduler


def _guarded(duty: Duty) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        try:
            await duty.work()
        except Exception:
            log.exception("duty failed; it goes on", extra={"fields": {"duty": duty.name}})

    return work


def _ignore(_: object) -> None:
    """Nobody wants to hear of it."""


class Dispatcher:
    """Starts polls and articles that are due, within bounds; nothing grows with the backlog."""

    def __init__(
        self,
        tools: Tools,
        *,
        on_poll: Callable[[PollReport], None] = _ignore,
        on_article: Callable[[ArticleReport], None] = _ignore,
    ) -> None:
        self._tools = tools
        self._on_poll = on_poll
        self._on_article = on_article
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._articles: dict[int, asyncio.Task[None]] = {}
        self._stopping = False
        self._looking = asyncio.Lock()
        self.patient = True  # a page that fails may be tried again a minute later

    def is_polling(self, feed_url: str) -> bool:
        """Whether a poll of this feed is under way."""
        return feed_url in self._polls

    async def polls(self, *, force: bool = False) -> None:
        """Start the polls that are due; ``force``: every feed that its server lets us ask."""
        tools = self._tools
        room = POLLS_AT_ONCE - len(self._polls)
        if self._stopping or (room <= 0 and not force):
            return
        feeds = tools.live.feeds()
        now = tools.now()
        if force:
            states = await tools.thread.call(tools.store.states)
            due = [s for s in states.values() if s.not_before is None or s.not_before <= now]
        else:
            due = await tools.thread.call(tools.store.due_feeds, now, room + len(self._polls))
        for state in due:
            feed = feeds.get(state.url)
            if feed is None or state.url in self._polls:
                continue
            task = asyncio.create_task(self._poll(feed, state), name=f"poll {state.url}")
            self._polls[state.url] = task

    async def articles(self) -> None:
        """Start handling the entries that wait."""
        tools = self._tools
        async with self._looking:
            room = ARTICLES_AT_ONCE - len(self._articles)
            if self._stopping or room <= 0:
                return
            waiting = await tools.thread.call(
                tools.store.pending_entries, tools.now(), room, list(self._articles)
            )
            for pending in waiting:
                task = asyncio.create_task(self._article(pending), name=f"entry {pending.id}")
                self._articles[pending.id] = task

    async def idle(self) -> None:
        """Wait until every poll and every entry that is due now has been handled."""
        while True:
            await self.articles()
            tasks = [*self._polls.values(), *self._articles.values()]
            if not tasks:
                return
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, within: float) -> None:
        """Start nothing more; let what is under way finish for ``within`` seconds."""
        self._stopping = True
        tasks = [*self._polls.values(), *self._articles.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _poll(self, feed: Feed, state: FeedState) -> None:
        try:
            report = await poll_feed(self._tools, feed, state)
            self._on_poll(report)
            if report.pending:
                await self.articles()
        except Exception:
            log.exception("poll failed", extra={"fields": {"feed": feed.url}})
        finally:
            self._polls.pop(feed.url, None)

    async def _article(self, pending: PendingEntry) -> None:
        try:
            report = await handle_entry(self._tools, pending, patient=self.patient)
            self._on_article(report)
        except Exception as error:
            log.exception("entry failed", extra={"fields": {"title": pending.entry.title}})
            await self._put_off(pending, error)
        finally:
            self._articles.pop(pending.id, None)
            if not self._stopping:
                await self.articles()

    async def _put_off(self, pending: PendingEntry, error: Exception) -> None:
        """Never lose an entry to a fault of ours: try again later, less and less often."""
        tools = self._tools
        wait = PUT_OFF * 2 ** min(pending.attempts, 8)
        reason = f"could not be handled ({type(error).__name__}); trying again"
        try:
            await tools.thread.call(tools.store.defer_entry, pending.id, tools.now() + wait, reason)
        except StoreError:
            log.exception("the entry could not be put off; it stays pending")
