"""Whether our own network works, as the polls of this process show.

Layer 4: the memory of ``monitor.feeds.polling_outage``, which decides.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from monitor.feeds.polling_failures import NOT_REACHED
from monitor.feeds.polling_outage import ENOUGH, Outcome, is_offline, noted
from monitor.model import Feed, FetchFailed, FetchResult
from monitor.net.urls import host_of

log = logging.getLogger(__name__)


class Reach:
    """Told of every poll; says when nobody can be reached any more, and when it is over."""

    def __init__(self) -> None:
        self._recent: tuple[Outcome, ...] = ()
        self.online = True

    def note(self, url: str, result: FetchResult, feeds: Iterable[Feed], now: datetime) -> None:
        """Take in what asking ``url`` gave; ``feeds`` are all that are polled."""
        reached = not (isinstance(result, FetchFailed) and result.problem in NOT_REACHED)
        self._recent = noted(self._recent, Outcome(host_of(url), now, reached))
        if reached and self.online:
            return
        offline = is_offline(self._recent, now, hosts=_hosts(feeds))
        if offline and self.online:
            log.warning(
                "no feed can be reached: is this machine online? It goes on trying, "
                "and counts no failures meanwhile"
            )
        elif not offline and not self.online:
            log.warning("feeds can be reached again")
        self.online = not offline


def _hosts(feeds: Iterable[Feed]) -> int:
    """How many hosts there are, counted as far as it matters."""
    found: set[str] = set()
    for feed in feeds:
        if feed.enabled:
            found.add(host_of(feed.url))
        if len(found) >= ENOUGH:
            break
    return len(found)
