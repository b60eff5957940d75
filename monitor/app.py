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
from typing import Final
from zoneinfo import ZoneInfo

from monitor.alerts.deliver import Deliverer
from monitor.channels import build_channels
from monitor.config.settings import Settings
from monitor.errors import FilesError, MonitorError, StoreError
from monitor.located import Problem
from monitor.net.addresses import parse_allowance
from monitor.net.hosts import HostGate
from monitor.net.outbound import Outbound
from monitor.pipeline.article import ArticleReport
from monitor.pipeline.poll import PollReport
from monitor.pipeline.recorder import PollRecorder
from monitor.pipeline.sites import SiteMemory
from monitor.pipeline.start import prepare_polls
from monitor.pipeline.tools import Live, Tools, utc_now
from monitor.scheduler import Dispatcher, Duty, ticker
from monitor.store import StoreThread, open_store
from monitor.userfiles import RuleFiles, UserFiles, read_rules, read_settings, rule_cache
from monitor.watch import signature
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
    ) -> None:
        """``now`` is the clock (UTC) and ``workers`` makes the parsers: a rehearsal brings its own.

        Raises FilesError if a notifier's options are wrong.
        """
        self._files = files
        self._is_shipped = is_shipped
        self._now = now
        self._make_workers = workers
        channels, problems = build_channels(files.settings, files.config_path, os.environ)
        _refuse(problems)
        self._channels = channels
        self._on_poll = on_poll
        self._on_article = on_article
        self._stop = asyncio.Event()
        self._stopped_at = 0.0  # when the first wish to end came, by the monotonic clock
        self._config_is_broken = False
        self._reload = asyncio.Event()
        self._seen = self._signature()
        self._saved = SavedRules()

    async def __aenter__(self) -> "App":
        settings = self._files.settings
        self._thread = StoreThread()
        try:
            self._store = await self._thread.call(open_store, settings.data, lock=True)
        except BaseException:
            await self._thread.close()
            raise
        self.tools = Tools(
            live=Live(settings, self._files.rules.book),
            outbound=make_outbound(settings),
            gate=HostGate(settings.polling.per_host, settings.polling.host_gap),
            workers=self._make_workers(),
            store=self._store,
            thread=self._thread,
            recorder=PollRecorder(self._store, self._thread),
            sites=SiteMemory(self._store, self._thread),
            slots=asyncio.Semaphore(settings.polling.concurrency),
            now=self._now,
        )
        self.deliverer = Deliverer(self.tools, self._channels)
        self.dispatcher = Dispatcher(
            self.tools, on_poll=self._polled, on_article=self._article_done
        )
        self.subscriber = Subscriber(
            self.tools, hurry=self.dispatcher.polls, is_busy=self.dispatcher.is_polling
        )
        await self._thread.call(self._store.sync_feeds, settings.feeds)
        await prepare_polls(self.tools)
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

    async def once(self) -> None:
        """Poll every feed, handle every entry, try every delivery that is due; then return."""
        self.dispatcher.patient = False
        await self.dispatcher.polls(force=True)
        await self.dispatcher.idle()
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
        """Run until ``stop``; SIGTERM and SIGINT stop, SIGHUP reloads."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._signalled, number)
        loop.add_signal_handler(signal.SIGHUP, self._reload.set)
        scheduler = ticker(self._duties())
        scheduler.start()
        self._announce()
        await self.dispatcher.polls()
        await self.dispatcher.articles()
        self.deliverer.kick()
        self.subscriber.start()
        try:
            await self._stop.wait()
        finally:
            scheduler.shutdown(wait=False)
            began = time.monotonic()
            await asyncio.gather(
                self.dispatcher.stop(STOP_POLLS_WITHIN), self.deliverer.stop(STOP_SENDS_WITHIN)
            )
            log.info("stopped", extra={"fields": {"took": f"{time.monotonic() - began:.1f}s"}})

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
            Duty("recover deliveries", 30.0, self.deliverer.recover),
            Duty("look at the user's files", 1.0, self._look),
            Duty("keep what sites taught", 60.0, self.tools.sites.keep),
            Duty("look after subscriptions", 60.0, self.subscriber.look_after),
            Duty("forget", 3600.0, self._forget),
            Duty("learn which words are rare", 3600.0, self._learn_words),
        ]

    async def _deliver(self) -> None:
        due = await self._thread.call(self._store.next_delivery_due, list(self._channels))
        if due is not None and due <= self.tools.now():
            self.deliverer.kick()

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
        self._on_poll(report)

    def _article_done(self, report: ArticleReport) -> None:
        if report.alerted:
            self.deliverer.kick()
        self._on_article(report)

    def _signature(self) -> object:
        return signature(self._files.config_path, self._files.settings.rules)

    async def _look(self) -> None:
        found = await asyncio.to_thread(self._signature)
        if self._reload.is_set() or found != self._seen:
            self._reload.clear()
            self._seen = found  # as it was before reading: what is saved meanwhile is seen next
            await self.reload()

    async def reload(self) -> None:
        """Read the user's files again; whatever is broken keeps its last good version."""
        before = self._files
        settings, problems = await asyncio.to_thread(
            read_settings, before.config_path, is_shipped=self._is_shipped
        )
        channels = self._channels
        if settings is not None:
            try:
                channels, more = build_channels(settings, before.config_path, os.environ)
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
        self.tools.live.settings, self.tools.live.book = settings, rules.book
        zone = ZoneInfo(settings.timezone)
        archive = Archive(settings.data, settings.articles.max_age, self.tools.now(), zone)
        self._saved.tell(before.rules.book, rules.book, archive)

    async def _apply(self, wanted: Settings, before: Settings) -> Settings:
        """Take over what can change while running; say what needs a restart."""
        fixed = ("data", "network")
        changed = [name for name in fixed if getattr(wanted, name) != getattr(before, name)]
        if changed:
            log.warning("restart to apply the change of %s", " and ".join(changed))
            wanted = replace(wanted, data=before.data, network=before.network)
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
