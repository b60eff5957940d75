"""Gather every trouble, and tell the operator what is news of it.

Layer 4: ``monitor.health.notices`` decides. Notices are logged, and those that last are kept in the
store, so that ``status`` shows them and a restart does not tell them again.
"""

import logging
import time
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from monitor.alerts.deliver import ChannelNotice
from monitor.errors import StoreError
from monitor.health import lag, parsers
from monitor.health.feeds import SUBJECT as FEED
from monitor.health.feeds import feed_troubles
from monitor.health.ground import GroundWatch
from monitor.health.notices import NEEDS_A_PERSON, Condition, Notice, folded, judge
from monitor.pipeline.poll import PollReport
from monitor.pipeline.tools import Tools

log = logging.getLogger(__name__)

CHANNEL: Final = "channel "
AFTER_OUTAGE: Final = 600.0  # seconds in which every feed is asked again before any is judged


def _ignore(_: Notice) -> None:
    """Nobody wants to hear of it."""


class HealthWatch:
    """Told of polls, channels and lag; ``look`` says what of it is news.

    ``on_notice`` is told each notice once: that is where ``operations.notify`` will be.
    ``channels()`` gives the names of those that are configured.
    """

    def __init__(
        self,
        tools: Tools,
        ground: GroundWatch,
        channels: Callable[[], Collection[str]],
        *,
        on_notice: Callable[[Notice], None] = _ignore,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tools = tools
        self._ground = ground
        self._channel_names = channels
        self._on_notice = on_notice
        self._clock = clock
        self._open: tuple[Notice, ...] = ()
        self._unstored = False
        self._stops: lag.Stops = ()
        self._crashes: parsers.Crashes = ()
        self._channels: dict[str, Condition | None] = {}  # None: it works, as it said itself
        self._worked = True
        self._offline_at = float("-inf")

    async def begin(self) -> None:
        """Take over what was told before the program was started again."""
        self._open = tuple(await self._tools.thread.call(self._tools.store.open_notices))

    def lagged(self, seconds: float) -> None:
        """The loop came back so many seconds late."""
        self._stops = lag.noted(self._stops, self._clock(), seconds)

    def polled(self, report: PollReport) -> None:
        """A poll ended."""
        now = self._tools.now()
        self._crashes = parsers.noted(self._crashes, report.url, report.error, now)

    def channel(self, news: ChannelNotice) -> None:
        """A channel does not work, or works again."""
        self._channels[news.channel] = None if news.over else Condition(
            f"{CHANNEL}{news.channel}", f"the channel {news.channel} does not work",
            f"It is {news.text}. `news-monitor send-test {news.channel}` tries it now.",
            NEEDS_A_PERSON,
        )  # fmt: skip

    def channels_replaced(self) -> None:
        """Channels were configured anew: what is wrong with them shows at the next send."""
        self._channels.clear()

    async def look_at_the_ground(self) -> None:
        """Look at disk and database; tell at once that they fail, or that they hold again."""
        await self._ground.look()
        if self._ground.works != self._worked:
            self._worked = self._ground.works
            await self.look()

    async def look(self) -> None:
        """Tell what is news; keep what lasts."""
        now = self._tools.now()
        found = [
            self._ground.trouble(),
            lag.lag_trouble(lag.noted(self._stops, self._clock(), 0.0)),
            parsers.parser_trouble(self._crashes, now),
            self._network(),
            *(condition for _, condition in sorted(self._channels.items())),
        ]
        present = [condition for condition in found if condition is not None]
        unsure = {CHANNEL + name for name in await self._silent_channels()}
        if not self._tools.reach.online:
            self._offline_at = self._clock()
        feeds_unsure = self._clock() - self._offline_at < AFTER_OUTAGE
        try:
            present.extend(await self._feeds(now))
        except StoreError:
            feeds_unsure = True
        judged = judge(
            self._open, present, now,
            lambda subject: subject in unsure or (feeds_unsure and subject.startswith(FEED)),
        )  # fmt: skip
        self._unstored = self._unstored or judged.open != self._open
        self._open = judged.open
        for notice in folded(judged.told, now):
            log.warning(
                "notice: %s. %s", notice.title, notice.text,
                extra={"fields": {"about": notice.subject.partition("?")[0]}},
            )  # fmt: skip
            self._on_notice(notice)
        await self._keep()

    async def _keep(self) -> None:
        """Store what lasts; where that fails, the next look tries again."""
        if not self._unstored or not self._ground.works:
            return
        try:
            await self._tools.thread.call(self._tools.store.replace_notices, self._open)
        except StoreError:
            return
        self._unstored = False

    async def _feeds(self, now: datetime) -> list[Condition]:
        ailing = await self._tools.thread.call(self._tools.store.ailing_feeds)
        feeds = self._tools.live.feeds()

        def name(url: str) -> str | None:
            feed = feeds.get(url)
            return feed.name if feed is not None else None

        return feed_troubles(ailing, name, now)

    async def _silent_channels(self) -> set[str]:
        """Channels of which nothing is known since the start: a trouble told before goes on."""
        silent = set()
        names = self._channel_names()
        for notice in self._open:
            name = notice.subject.removeprefix(CHANNEL)
            if name == notice.subject or name in self._channels or name not in names:
                continue
            store = self._tools.store
            try:
                took = await self._tools.thread.call(store.took_message_since, name, notice.since)
            except StoreError:
                took = False
            if not took:
                silent.add(name)
        return silent

    def _network(self) -> Condition | None:
        if self._tools.reach.online:
            return None
        return Condition(
            "network", "no feed can be reached",
            "Not one of the hosts asked says a word: this machine seems to be offline. Feeds are "
            "tried every 5 minutes, and no failures are counted meanwhile.",
        )  # fmt: skip
