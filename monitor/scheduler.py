"""What runs when: APScheduler as the ticker of recurring duties.

Layer 4. Due times live in the store; a duty looks there and starts what is due. A duty that raises
is logged and ticks on; one that is late runs late instead of being dropped
(``misfire_grace_time=None``), once (``coalesce``), never twice at a time.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from monitor.errors import StoreError
from monitor.model import Feed, FeedState
from monitor.pipeline.article import ArticleReport, handle_entry
from monitor.pipeline.poll import PollReport, poll_feed
from monitor.pipeline.tools import Tools
from monitor.store import PendingEntry

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

POLLS_AT_ONCE: Final = 2048  # feeds fetching or waiting for their host's turn
ARTICLES_AT_ONCE: Final = 16  # pages fetched and read side by side; workers are fewer
READ_AHEAD: Final = 32  # entries taken from the store at a time
PUT_OFF: Final = timedelta(seconds=30)  # doubled with each try of an entry that we cannot handle


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do every ``seconds``."""

    name: str
    seconds: float
    work: Callable[[], Awaitable[None]]


def ticker(duties: list[Duty]) -> "AsyncIOScheduler":
    """A scheduler, not yet started, that does the duties for ever."""
    # here, because every command loads this file and only the daemon ticks
    from apscheduler.schedulers.asyncio import AsyncIOScheduler
    from apscheduler.triggers.interval import IntervalTrigger

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
        self._later: deque[FeedState] = deque()  # of one round: polled when there is room
        self._ready: deque[PendingEntry] = deque()  # read ahead, to be handled next
        self._news = 0  # grows with whatever may have left entries waiting
        self._ended = asyncio.Event()  # set whenever a poll or an article has ended
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
        now = tools.now()
        if force:
            states = await tools.thread.call(tools.store.states)
            due = [s for s in states.values() if s.not_before is None or s.not_before <= now]
        else:
            due = await tools.thread.call(tools.store.due_feeds, now, room + len(self._polls))
        self._later = deque(due)
        self._start_polls()

    def _start_polls(self) -> None:
        feeds = self._tools.live.feeds()
        while self._later and len(self._polls) < POLLS_AT_ONCE and not self._stopping:
            state = self._later.popleft()
            feed = feeds.get(state.url)
            if feed is not None and state.url not in self._polls:
                self._polls[state.url] = asyncio.create_task(self._poll(feed, state))

    async def articles(self) -> None:
        """Start handling the entries that wait."""
        self._news += 1
        await self._start_articles()

    async def _start_articles(self) -> None:
        async with self._looking:
            while len(self._articles) < ARTICLES_AT_ONCE and not self._stopping:
                if not self._ready and not await self._read_ahead():
                    return
                pending = self._ready.popleft()
                self._articles[pending.id] = asyncio.create_task(self._article(pending))

    async def _read_ahead(self) -> bool:
        """Look for entries that wait, unless nothing can have come since they were last looked for.

        Whether there are any.
        """
        if not self._news:
            return False
        tools, seen = self._tools, self._news
        found = await tools.thread.call(
            tools.store.pending_entries, tools.now(), READ_AHEAD, list(self._articles)
        )
        self._ready.extend(found)
        if len(found) < READ_AHEAD and self._news == seen:
            self._news = 0
        return bool(found)

    async def idle(self) -> None:
        """Wait until every poll and every entry that is due now has been handled."""
        while True:
            await self.articles()
            while self._polls or self._articles:
                self._ended.clear()
                await self._ended.wait()
            if self._stopping or (not self._later and not self._ready and not self._news):
                return

    async def stop(self, within: float) -> None:
        """Start nothing more; let what is under way finish for ``within`` seconds."""
        self._stopping = True
        self._later.clear()  # they are due at the next start as well
        self._ready.clear()
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
            self._start_polls()
            self._ended.set()

    async def _article(self, pending: PendingEntry) -> None:
        try:
            report = await handle_entry(self._tools, pending, patient=self.patient)
            self._on_article(report)
        except Exception as error:
            log.exception("entry failed", extra={"fields": {"title": pending.entry.title}})
            await self._put_off(pending, error)
        finally:
            self._articles.pop(pending.id, None)
            try:
                await self._start_articles()
            except StoreError:  # the next look, a second later, tries again
                log.exception("entries that wait could not be read")
            finally:
                self._ended.set()

    async def _put_off(self, pending: PendingEntry, error: Exception) -> None:
        """Never lose an entry to a fault of ours: try again later, less and less often."""
        tools = self._tools
        wait = PUT_OFF * 2 ** min(pending.attempts, 8)
        reason = f"could not be handled ({type(error).__name__}); trying again"
        try:
            await tools.thread.call(tools.store.defer_entry, pending.id, tools.now() + wait, reason)
        except StoreError:
            log.exception("the entry could not be put off; it stays pending")
