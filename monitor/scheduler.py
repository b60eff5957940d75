"""What runs when: polls and articles that are due are started, within bounds.

Layer 4. Due times live in the store; once a second somebody asks (``monitor.duties``, on the
ticks of ``monitor.ticker``). A poll that fails for a reason of ours costs its server no second
request: its feed rests, longer each time.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from monitor.errors import StoreError
from monitor.model import Feed, FeedState
from monitor.pipeline.article import ArticleReport, handle_entry
from monitor.pipeline.poll import PollReport, poll_feed
from monitor.pipeline.tools import Tools
from monitor.store import PendingEntry

log = logging.getLogger(__name__)

POLLS_AT_ONCE: Final = 2048  # feeds fetching or waiting for their host's turn
ARTICLES_AT_ONCE: Final = 16  # pages fetched and read side by side; workers are fewer
READ_AHEAD: Final = 32  # entries taken from the store at a time
PUT_OFF: Final = timedelta(seconds=30)  # doubled with each try of an entry that we cannot handle
REST: Final = 30.0  # seconds a feed rests after a poll that we could not handle, then doubled …
LONGEST_REST: Final = 3600.0  # … up to this
TOLD_AGAIN: Final = 300.0  # seconds after which the same failure of the store is told again


def _ignore(_: object) -> None:
    """Nobody wants to hear of it."""


def _always() -> bool:
    """Nothing is in the way."""
    return True


class Dispatcher:
    """Starts polls and articles that are due, within bounds; nothing grows with the backlog."""

    def __init__(
        self,
        tools: Tools,
        *,
        on_poll: Callable[[PollReport], None] = _ignore,
        on_article: Callable[[ArticleReport], None] = _ignore,
        may_work: Callable[[], bool] = _always,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``may_work``: whether anything may be started now; what cannot be stored may not."""
        self._tools = tools
        self._may_work = may_work
        self._clock = clock
        self._resting: dict[str, tuple[float, int]] = {}  # feed: until when, after how many faults
        self._told: tuple[str, float] | None = None  # the store's last failure told, and when
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
        if self._stopping or not self._may_work() or (room <= 0 and not force):
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
            if not self._may_work():  # it is due at the next look as well
                self._later.clear()
                return
            if feed is not None and state.url not in self._polls and not self._rests(state.url):
                self._polls[state.url] = asyncio.create_task(self._poll(feed, state))

    async def articles(self) -> None:
        """Start handling the entries that wait."""
        self._news += 1
        await self._start_articles()

    async def _start_articles(self) -> None:
        async with self._looking:
            while len(self._articles) < ARTICLES_AT_ONCE and not self._stopping:
                if not self._may_work():
                    self._ready.clear()  # still pending, and read again when work goes on
                    self._news += 1
                    return
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
        """Wait until every poll and entry that is due now has been handled, or none may be."""
        while True:
            await self.articles()
            while self._polls or self._articles:
                self._ended.clear()
                await self._ended.wait()
            if self._stopping or not self._may_work():
                return
            if not self._later and not self._ready and not self._news:
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
            self._resting.pop(feed.url, None)
            self._on_poll(report)
            if report.pending:
                await self.articles()
        except Exception as error:  # noqa: BLE001  # told, and the feed rests
            self._failed(feed, state, error)
        finally:
            self._polls.pop(feed.url, None)
            self._start_polls()
            self._ended.set()

    def _rests(self, url: str) -> bool:
        until, _ = self._resting.get(url, (0.0, 0))
        return until > self._clock()

    def _failed(self, feed: Feed, state: FeedState, error: Exception) -> None:
        """A poll that brought nothing through a fault of ours: tell, and leave the server alone.

        Its time could not be stored, so that the feed is still due.
        """
        times = self._resting.get(feed.url, (0.0, 0))[1] + 1
        wait = min(REST * 2.0 ** min(times - 1, 10), LONGEST_REST)
        self._resting[feed.url] = (self._clock() + wait, times)
        name = feed.name or state.title or feed.url.partition("?")[0]
        if isinstance(error, StoreError):
            self._tell_store("polls cannot be stored", error)
            why = f"could not be stored: {error}"
        else:
            log.error("poll failed", exc_info=error, extra={"fields": {"feed": name}})
            why = f"could not be handled ({type(error).__name__})"
        self._on_poll(PollReport(feed.url, name, "failed", error=why))

    def _tell_store(self, what: str, error: StoreError) -> None:
        """What fails for every feed alike is one line, and not one for each."""
        now = self._clock()
        text = str(error)
        if self._told is None or self._told[0] != text or now - self._told[1] >= TOLD_AGAIN:
            self._told = (text, now)
            log.error("%s: %s", what, error)

    async def _article(self, pending: PendingEntry) -> None:
        try:
            report = await handle_entry(self._tools, pending, patient=self.patient)
            self._on_article(report)
        except StoreError as error:
            self._tell_store("articles cannot be stored", error)
            await self._put_off(pending, error)
            self._on_article(_not_stored(pending))
        except Exception as error:
            log.exception("entry failed", extra={"fields": {"title": pending.entry.title}})
            await self._put_off(pending, error)
            self._on_article(_not_stored(pending))
        finally:
            self._articles.pop(pending.id, None)
            try:
                await self._start_articles()
            except StoreError as error:  # the next look, a second later, tries again
                self._tell_store("entries that wait cannot be read", error)
            finally:
                self._ended.set()

    async def _put_off(self, pending: PendingEntry, error: Exception) -> None:
        """Never lose an entry to a fault of ours: try again later, less and less often."""
        tools = self._tools
        wait = PUT_OFF * 2 ** min(pending.attempts, 8)
        reason = f"could not be handled ({type(error).__name__}); trying again"
        try:
            await tools.thread.call(tools.store.defer_entry, pending.id, tools.now() + wait, reason)
        except StoreError as problem:
            self._tell_store("entries cannot be put off; they stay pending", problem)


def _not_stored(pending: PendingEntry) -> ArticleReport:
    return ArticleReport(pending.entry.title, pending.entry.link or "", "failed")
