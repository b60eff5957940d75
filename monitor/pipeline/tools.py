"""What the shell works with: the world's edges, the store, and the user's files of this moment.

Layer 4.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from monitor.config.settings import Settings
from monitor.model import Feed
from monitor.net.hosts import HostGate
from monitor.net.outbound import Outbound
from monitor.pipeline.reach import Reach
from monitor.pipeline.recorder import PollRecorder
from monitor.pipeline.robots import RobotsMemory
from monitor.pipeline.sites import SiteMemory
from monitor.pipeline.stories import StoryDesk
from monitor.rules.book import RuleBook
from monitor.store import Store, StoreThread
from monitor.workers import Workers


def utc_now() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Live:
    """The user's files as they apply now; replaced as a whole at a reload."""

    settings: Settings
    book: RuleBook

    _feeds: tuple[Settings, Mapping[str, Feed]] | None = None  # what ``feeds`` made of which

    def feeds(self) -> Mapping[str, Feed]:
        """The enabled feeds by URL; asked for with every article, so made once."""
        if self._feeds is None or self._feeds[0] is not self.settings:
            feeds = {feed.url: feed for feed in self.settings.feeds if feed.enabled}
            self._feeds = (self.settings, feeds)
        return self._feeds[1]


@dataclass(frozen=True, slots=True)
class Tools:
    """Lent to every stage of the shell."""

    live: Live
    outbound: Outbound
    gate: HostGate
    workers: Workers
    store: Store
    thread: StoreThread
    recorder: PollRecorder
    sites: SiteMemory
    desk: StoryDesk
    slots: asyncio.Semaphore  # feeds being fetched at once; taken after the host's turn has come
    now: Callable[[], datetime] = utc_now
    jitter: Callable[[], float] = field(default=random.random)
    reach: Reach = field(default_factory=Reach)
    robots: RobotsMemory = field(default_factory=RobotsMemory)
