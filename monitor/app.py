"""The composition root: build everything, run it, reload it, let it end.

Layer 5. Nothing passes through here while the program runs: the parts know each other only by what
they are given.
"""

import asyncio
import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from monitor.alerts.deliver import Deliverer
from monitor.channels import build_channels
from monitor.childenv import without_secrets
from monitor.config.alertpolicy import alert_policy
from monitor.config.settings import Settings
from monitor.duties import Duties, Duty
from monitor.errors import AlreadyRunning, FilesError, MonitorError, StoreError
from monitor.health.disk import Write, told_as
from monitor.health.ground import GroundWatch
from monitor.health.telling import Teller
from monitor.health.watch import HealthWatch
from monitor.located import Problem
from monitor.net.addresses import parse_allowance
from monitor.net.hosts import HostGate
from monitor.net.outbound import Outbound
from monitor.notifier import Updates
from monitor.pipeline.article import ArticleReport
from monitor.pipeline.corrections import recheck_articles
from monitor.pipeline.digests import send_due_digests
from monitor.pipeline.poll import PollReport
from monitor.pipeline.recorder import PollRecorder
from monitor.pipeline.sites import SiteMemory
from monitor.pipeline.start import prepare_polls
from monitor.pipeline.stories import StoryDesk
from monitor.pipeline.tools import Live, Tools, utc_now
from monitor.scheduler import Dispatcher
from monitor.sdnotify import ServiceManager
from monitor.store import Store, StoreThread, open_store
from monitor.store.ballast import free_space
from monitor.store.restoring import WAITING
from monitor.store.store import SQLITE_VERSION
from monitor.ticker import Ticker
from monitor.userfiles import RuleFiles, UserFiles, read_rules, read_settings, rule_cache
from monitor.versions import installed, unfit
from monitor.watch import signature
from monitor.watchdog import LoopGuard, Watchdog
from monitor.websub.subscriber import Subscriber
from monitor.why.saved import Archive, SavedRules
from monitor.wordlearning import learn_words
from monitor.workers import Workers

log = logging.getLogger(__name__)

# Seconds that what is under way gets to finish. With the workers' end (2 s) the whole program ends
# within ten seconds, what a service manager or a person at a terminal will wait for.
STOP_POLLS_WITHIN: Final = 2.0
STOP_SENDS_WITHIN: Final = 7.0
ONCE_WAITS: Final = 30.0  # seconds at most that one round waits for a Retry-After
TOGETHER: Final = 0.5  # seconds within which two signals are one wish to end
STOP_DUTIES_WITHIN: Final = 1.0  # a reload that has begun may end
FOREIGN_WRITER: Final = 60.0  # seconds that writes wait for another program's, beyond SQLite's ten
LATEST_POLL: Final = timedelta(days=8)  # beyond the longest wish of a server, and beyond any plan
SIGNS_OF_LIFE: Final = 3  # as many within the longest silence that the service manager bears


class DataUnusable(StoreError):  # noqa: N818  # says what is the case
    """The data folder or its database cannot be used before somebody mends it."""


def _ignore(_: object) -> None:
    """Nobody wants to hear of it."""


class App:
    """One running News Monitor. Use as an async context manager; it owns the data folder."""

    def __init__(
        self,
        files: UserFiles,
        *,
        on_poll: Callable[[PollReport], None] = _ignore,
        on_article: Callable[[ArticleReport], None] = _ignore,
        is_shipped: bool = False,
        now: Callable[[], datetime] = utc_now,
        workers: Callable[[], Workers] = Workers,
        manager: ServiceManager | None = None,
        free: Callable[[Path], int | None] = free_space,
    ) -> None:
        """``now`` is the clock (UTC) and ``workers`` makes the parsers: a rehearsal brings its own.

        ``manager`` is told of our life; ``free`` gives the free bytes on a folder's disk.

        Raises FilesError if a notifier's options are wrong.
        """
        self._files = files
        self._manager = manager or ServiceManager(None)
        self._free = free
        self._environ = dict(os.environ)  # whole, for reloads; children get less of it
        self._is_shipped = is_shipped
        self._now = now
        self._make_workers = workers
        channels, problems = build_channels(files.settings, files.config_path, self._environ)
        _refuse(problems)
        self._channels = channels
        self._on_poll = on_poll
        self._on_article = on_article
        self._stop = asyncio.Event()
        self.restores = False  # it ended for a copy of the database to be put in place
        self._stopped_at = 0.0  # when the first wish to end came, by the monotonic clock
        self._config_is_broken = False
        self._reload = asyncio.Event()
        self._seen = self._signature()
        self._saved = SavedRules()

    async def __aenter__(self) -> "App":
        settings = self._files.settings
        self._thread = StoreThread()
        try:
            self._store = await self._thread.call(_open, settings.data)
        except BaseException:
            await self._thread.close()
            raise
        self._store.patience = FOREIGN_WRITER
        self._hidden = without_secrets(os.environ, self._files.config_path)
        self.tools = Tools(
            live=Live(settings, self._files.rules.book),
            outbound=make_outbound(settings),
            gate=HostGate(settings.polling.per_host, settings.polling.host_gap),
            workers=self._make_workers(),
            store=self._store,
            thread=self._thread,
            recorder=PollRecorder(self._store, self._thread),
            sites=SiteMemory(self._store, self._thread),
            desk=StoryDesk(
                self._store,
                self._thread,
                alert_policy(settings, self._updates()),
                None
                if settings.stories.window is None
                else timedelta(seconds=settings.stories.window),
            ),
            slots=asyncio.Semaphore(settings.polling.concurrency),
            now=self._now,
        )
        self.ground = GroundWatch(
            settings.data, self._store, self._thread, free=self._free, keeps_ballast=False
        )
        self.teller = Teller(self.tools, lambda: list(self._channels), self._kick)
        self.health = HealthWatch(
            self.tools, self.ground, lambda: self._channels, on_notice=self.teller.tell
        )
        self.deliverer = Deliverer(self.tools, self._channels, on_notice=self.health.channel)
        self.dispatcher = Dispatcher(
            self.tools, on_poll=self._polled, on_article=self._article_done,
            may_work=lambda: self.ground.works,
        )  # fmt: skip
        self.subscriber = Subscriber(
            self.tools, hurry=self.dispatcher.polls, is_busy=self.dispatcher.is_polling
        )
        await self._thread.call(self._store.sync_feeds, settings.feeds)
        await self._thread.call(self._store.forget_future_polls, self.tools.now())
        await prepare_polls(self.tools)
        await self.tools.desk.fill(self.tools.live.book, self.tools.now())
        policy = {name: channel.on_uncertain for name, channel in self._channels.items()}
        lost = await self._thread.call(self._store.recover_all_sending, self.tools.now(), policy)
        for delivery in lost:
            log.warning(
                "a send was interrupted: it may have arrived",
                extra={"fields": {"alert": delivery.alert_id, "to": delivery.notifier,
                                  "state": delivery.state.value}},
            )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        self._store.patience = 0.0  # whoever holds the database may not hold us
        await self.subscriber.close()
        await self.dispatcher.stop(0.0)
        await self.deliverer.stop(0.0)
        await self._saved.close()
        with suppress(StoreError):  # what sites taught can be learnt again
            await self.tools.sites.keep()
        await self.tools.workers.close()
        await self.tools.outbound.aclose()
        await self._thread.call(self._store.close)
        await self._thread.close()
        os.environ.update(self._hidden)

    async def once(self) -> None:
        """Poll every feed, handle every entry, try every delivery that is due; then return.

        Raises StoreError, before anything is asked or sent, if nothing can be stored.
        """
        await self.ground.probe()
        await self.ground.look()
        if (trouble := self.ground.trouble()) is not None:
            raise StoreError(f"{trouble.title}. {trouble.text}")
        self.dispatcher.patient = False
        await self.tools.desk.fill_up(self.tools.now())
        await self.dispatcher.polls(force=True)
        await self.dispatcher.idle()
        await send_due_digests(self.tools, list(self._channels))
        self.deliverer.kick()
        await self.deliverer.idle()
        await self._wait_for_channels()

    async def _wait_for_channels(self) -> None:
        """A service that said "in a few seconds" gets them, so that one round delivers."""
        left = ONCE_WAITS
        while (until := self.deliverer.soonest_release()) is not None:
            wait = (until - self.tools.now()).total_seconds() + 0.05
            if wait > left:
                return
            left -= wait
            await asyncio.sleep(wait)
            self.deliverer.kick()
            await self.deliverer.idle()

    async def forever(self) -> None:
        """Run until ``stop``; SIGTERM and SIGINT stop, SIGHUP reloads.

        Raises TickerDead if nothing makes the scheduler tick.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._signalled, number)
        loop.add_signal_handler(signal.SIGHUP, self._reload.set)
        self.ground.keeps_ballast = True
        await self.health.begin()
        await self.health.look_at_the_ground()
        duties = Duties(self._duties())
        ticker = Ticker(duties.tick)
        self.watchdog = Watchdog(
            ticker, now=self._now, on_jump=self._clock_set, on_lag=self.health.lagged
        )
        guard = LoopGuard(lambda: self.watchdog.looks)
        ticker.start()
        guard.start()
        watching = asyncio.create_task(self.watchdog.watch(), name="watchdog")
        stopping = asyncio.create_task(self._stop.wait(), name="wish to end")
        self._announce()
        filling = asyncio.create_task(self._fill_up(), name="stories of the last days")
        await self.dispatcher.polls()
        await self.dispatcher.articles()
        self.deliverer.kick()
        self.subscriber.start()
        try:
            await asyncio.wait((watching, stopping), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._manager.stopping()
            ticker.stop()
            began = time.monotonic()
            for task in (watching, stopping, filling):
                task.cancel()
            await asyncio.gather(
                duties.stop(STOP_DUTIES_WITHIN),
                self._stop_reading(),
                self.deliverer.stop(STOP_SENDS_WITHIN),
            )
            guard.stop()
            log.info("stopped", extra={"fields": {"took": f"{time.monotonic() - began:.1f}s"}})
        if not watching.cancelled() and (error := watching.exception()) is not None:
            raise error

    async def _stop_reading(self) -> None:
        """Polls, articles and their parsers end while the last sends still have time."""
        await self.dispatcher.stop(STOP_POLLS_WITHIN)
        await self.tools.workers.close()

    def stop(self) -> None:
        """Ask ``forever`` to end."""
        self._stop.set()

    def _signalled(self, number: int) -> None:
        if self._stop.is_set():
            if time.monotonic() - self._stopped_at < TOGETHER:
                return  # one wish, sent to the process and to its group
            log.warning("stopping at once")
            os._exit(1)  # the second wish to end is meant; what is stored is safe
        log.info("stopping", extra={"fields": {"signal": signal.Signals(number).name}})
        self._stopped_at = time.monotonic()
        self._stop.set()

    def _duties(self) -> list[Duty]:
        return [
            Duty("dispatch polls", 1.0, self.dispatcher.polls),
            Duty("dispatch articles", 1.0, self.dispatcher.articles),
            Duty("deliver", 1.0, self._deliver),
            Duty("send digests", 1.0, self._send_digests),
            Duty("heed stories changed by hand", 2.0, self._heed_people),
            Duty("read alerted articles again", 60.0, self._recheck),
            Duty("recover deliveries", 30.0, self.deliverer.recover),
            Duty("look at the user's files", 1.0, self._look),
            Duty("look for a copy to restore", 1.0, self._look_for_copy),
            Duty("keep what sites taught", 60.0, self.tools.sites.keep),
            Duty("look after subscriptions", 60.0, self.subscriber.look_after),
            Duty("look at the ground", 1.0, self.health.look_at_the_ground),
            Duty("look after health", 30.0, self.health.look),
            Duty("bound times", 60.0, self._bound_times),
            Duty("forget", 3600.0, self._forget, deadline=1800.0),
            Duty("learn which words are rare", 3600.0, self._learn_words, deadline=1800.0),
            *self._signs_of_life(),
        ]

    def _signs_of_life(self) -> list[Duty]:
        longest = self._manager.watchdog
        if longest is None:
            return []
        return [Duty("tell the service manager", longest / SIGNS_OF_LIFE, self._alive, longest)]

    async def _alive(self) -> None:
        """A tick is what brings us here, and the loop what runs us; the database is asked."""
        if self.watchdog.is_fresh() and await self.ground.probe():
            self._manager.alive()

    async def _clock_set(self, by: timedelta) -> None:
        """What is to come keeps its distance; after a sleep, what is overdue is spread."""
        if by < timedelta(0):
            await self._thread.call(self._store.shift_times, by, self.tools.now())
        else:
            await prepare_polls(self.tools)
        await self.deliverer.recover()

    async def _bound_times(self) -> None:
        now = self.tools.now()
        await self._thread.call(self._store.forget_future_polls, now)
        await self._thread.call(self._store.bound_times, now + LATEST_POLL)

    async def _deliver(self) -> None:
        due = await self._thread.call(self._store.next_delivery_due, list(self._channels))
        if due is not None and due <= self.tools.now():
            self.deliverer.kick()

    async def _recheck(self) -> None:
        if await recheck_articles(self.tools):
            self.deliverer.kick()

    def _kick(self) -> None:
        self.deliverer.kick()

    async def _send_digests(self) -> None:
        if await send_due_digests(self.tools, list(self._channels)):
            self.deliverer.kick()

    async def _fill_up(self) -> None:
        try:
            await self.tools.desk.fill_up(self.tools.now())
        except StoreError as error:
            log.warning("stories of the last days are not all known: %s", error)

    async def _heed_people(self) -> None:
        await self.tools.desk.heed_people(self.tools.live.book)

    def _updates(self) -> frozenset[str]:
        """The notifiers that can change a message."""
        return frozenset(
            name
            for name, channel in self._channels.items()
            if isinstance(channel.notifier, Updates)
        )

    async def _forget(self) -> None:
        retention = self.tools.live.settings.retention
        now = self.tools.now()
        while True:
            gone = await self._thread.call(
                self._store.prune,
                now - timedelta(seconds=retention.articles),
                now - timedelta(seconds=retention.decisions),
            )
            if not gone.articles and not gone.decisions:
                return

    async def _learn_words(self) -> None:
        """What is learned serves when rules are next read: it only makes matching quicker."""
        data = self.tools.live.settings.data
        await asyncio.to_thread(learn_words, data, self.tools.now())

    def _polled(self, report: PollReport) -> None:
        self.subscriber.polled(report.url)
        self.health.polled(report)
        self._on_poll(report)

    def _article_done(self, report: ArticleReport) -> None:
        if report.is_to_send:
            self.deliverer.kick()
        self._on_article(report)

    def _signature(self) -> object:
        return signature(self._files.config_path, self._files.settings.rules)

    async def _look(self) -> None:
        found = await asyncio.to_thread(self._signature)
        if self._reload.is_set() or found != self._seen:
            self._reload.clear()
            self._seen = found  # as it was before reading: what is saved meanwhile is seen next
            self._manager.reloading()
            try:
                await self.reload()
            finally:
                self._manager.ready(self._in_short())

    async def _look_for_copy(self) -> None:
        """A copy of the database that a person wants in place ends this life (``restores``)."""
        if (self.tools.live.settings.data / WAITING).exists():
            log.info("a copy of the database waits to be put in place")
            self.restores = True
            self.stop()

    async def reload(self) -> None:
        """Read the user's files again; whatever is broken keeps its last good version."""
        before = self._files
        settings, problems = await asyncio.to_thread(
            read_settings, before.config_path,
            is_shipped=self._is_shipped, environ=self._environ,
        )  # fmt: skip
        channels = self._channels
        if settings is not None:
            try:
                channels, more = build_channels(settings, before.config_path, self._environ)
                problems = (*problems, *more)
            except MonitorError as error:
                log.error("config not taken: %s", error)  # noqa: TRY400  # told in words
                settings = None
        if settings is None or any(problem.severity == "error" for problem in problems):
            _log_problems("config not taken; the last good one runs on", problems)
            self._config_is_broken = True
            settings, channels = before.settings, self._channels
        else:
            settings = await self._apply(settings, before.settings)
            if self._config_is_broken:
                log.info("no more mistakes in the config")
            self._config_is_broken = False
        names = tuple(notifier.name for notifier in settings.notifiers)
        rules = await asyncio.to_thread(_read_rules, settings, before.rules, names)
        _log_problems("rule file has mistakes", rules.problems)
        if before.rules.errors and not rules.errors:
            log.info("no more mistakes in rule files")
        for name in rules.kept:
            log.warning("the last good version runs on", extra={"fields": {"file": name}})
        self._files = replace(before, settings=settings, rules=rules, settings_problems=problems)
        self._channels = channels
        self.deliverer.replace_channels(channels)
        self.health.channels_replaced()
        self.tools.live.settings, self.tools.live.book = settings, rules.book
        self.tools.desk.follow(alert_policy(settings, self._updates()))
        zone = ZoneInfo(settings.timezone)
        archive = Archive(settings.data, settings.articles.max_age, self.tools.now(), zone)
        self._saved.tell(before.rules.book, rules.book, archive)

    async def _apply(self, wanted: Settings, before: Settings) -> Settings:
        """Take over what can change while running; say what needs a restart."""
        fixed = ("data", "network", "stories")
        changed = [name for name in fixed if getattr(wanted, name) != getattr(before, name)]
        if changed:
            log.warning("restart to apply the change of %s", " and ".join(changed))
            wanted = replace(wanted, **{name: getattr(before, name) for name in fixed})
        await self._thread.call(self._store.sync_feeds, wanted.feeds)
        if wanted != before:
            log.info("config loaded", extra={"fields": {"feeds": len(wanted.feeds)}})
        return wanted

    def _announce(self) -> None:
        settings = self._files.settings
        log.info(
            "watching",
            extra={"fields": {
                "feeds": len(self.tools.live.feeds()), "rules": len(self.tools.live.book.rules),
                "notifiers": ",".join(self._channels), "data": settings.data,
            }},
        )  # fmt: skip
        for each in unfit(installed(SQLITE_VERSION)):
            log.log(logging.ERROR if each.must else logging.INFO, "an update helps: %s", each.text)
        self._manager.ready(self._in_short())

    def _in_short(self) -> str:
        live = self.tools.live
        return f"watching {len(live.feeds())} feeds with {len(live.book.rules)} rules"


def _open(data: Path) -> Store:
    """The store, as its owner.

    Raises AlreadyRunning; StoreError for what may pass by itself (no room, another program writes);
    DataUnusable for what will not.
    """
    try:
        store = open_store(data, lock=True)
        try:
            store.probe()  # a file that cannot be written opens well
        except BaseException:
            store.close()
            raise
    except AlreadyRunning:
        raise
    except StoreError as error:
        if told_as(str(error)) is Write.FAILED:
            raise DataUnusable(f"the data folder {data} cannot be used: {error}") from error
        raise
    return store


def make_outbound(settings: Settings) -> Outbound:
    """The way out that these settings allow."""
    network = settings.network
    return Outbound(
        parse_allowance(network.allow_private),
        settings.polling.user_agent,
        network.proxy.reveal() if network.proxy else None,
    )


def _read_rules(settings: Settings, before: RuleFiles, notifiers: tuple[str, ...]) -> RuleFiles:
    return read_rules(settings.rules, before, notifiers, cache=rule_cache(settings.data))


def _refuse(problems: tuple[Problem, ...]) -> None:
    if any(problem.severity == "error" for problem in problems):
        raise FilesError(problems)


def _log_problems(event: str, problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        level = logging.ERROR if problem.severity == "error" else logging.WARNING
        log.log(level, "%s: %s", event if problem.severity == "error" else "note", problem)
