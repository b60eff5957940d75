"""Which pages we may read, remembered per origin: robots.txt asked at most once a day.

Layer 4. A robots.txt is asked for when a page of its origin is about to be, never for a feed's
sake. Source: RFC 9309, 2.3.1 (what an answer means) and 2.4 (a day).
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

from monitor.articles.robots import DISALLOWED, RobotsRules, product_token, robots_address
from monitor.model import Fetched, FetchFailed, FetchProblem
from monitor.net.urls import Origin, origin, vet_url

KEPT_FOR: Final = timedelta(hours=24)
ASKED_AGAIN_AFTER: Final = timedelta(seconds=50)  # a page is tried again a minute later
GIVEN_UP_AFTER: Final = timedelta(days=3)  # a robots.txt out of reach for so long counts as none
LONG: Final = 32_000  # bytes of a file, as hardly any is
MOST_ORIGINS: Final = 1000
MOST_BYTES: Final = 16_000_000  # of files kept, as they came

Ask = Callable[[str], Awaitable[Fetched | FetchFailed]]


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether a page may be read: ``refusal`` is None where it may.

    ``delay``: seconds to leave until the next page of its host.
    """

    refusal: FetchFailed | None = None
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class _Known:
    """``rules`` None: everything is allowed, or with ``trouble``, nothing."""

    rules: RobotsRules | None
    until: datetime
    size: int = 0
    trouble: FetchFailed | None = None
    trouble_since: datetime | None = None


class RobotsMemory:
    """The robots.txt of the origins asked lately."""

    def __init__(self) -> None:
        self._known: OrderedDict[Origin, _Known] = OrderedDict()
        self._size = 0
        self._asking: WeakValueDictionary[Origin, asyncio.Lock] = WeakValueDictionary()

    def __len__(self) -> int:
        """Origins remembered now."""
        return len(self._known)

    async def permission(self, url: str, *, ask: Ask, user_agent: str, now: datetime) -> Permission:
        """Whether we may read ``url``; ``ask`` fetches a robots.txt where none is known."""
        try:
            place = origin(vet_url(url))
        except ValueError:
            return Permission()  # the fetch says what is wrong with it
        lock = self._asking.setdefault(place, asyncio.Lock())
        async with lock:
            known = self._known.get(place)
            if known is None or not now < known.until <= now + KEPT_FOR:
                answer = await ask(robots_address(*place))
                known = await _read(known, answer, product_token(user_agent), now)
            self._keep(place, known)
        if known.trouble is not None:
            return Permission(known.trouble)
        if known.rules is None:
            return Permission()
        if not known.rules.allows(url):
            return Permission(FetchFailed(url, FetchProblem.HTTP, DISALLOWED))
        return Permission(delay=known.rules.delay)

    def _keep(self, place: Origin, known: _Known) -> None:
        old = self._known.pop(place, None)
        self._size += known.size - (old.size if old is not None else 0)
        self._known[place] = known
        while len(self._known) > MOST_ORIGINS or (self._size > MOST_BYTES and len(self._known) > 1):
            _, gone = self._known.popitem(last=False)
            self._size -= gone.size


async def _read(
    old: _Known | None, answer: Fetched | FetchFailed, agent: str, now: datetime
) -> _Known:
    """What an answer means; a long file is read beside the event loop."""
    if isinstance(answer, Fetched) and len(answer.body) > LONG:
        return await asyncio.to_thread(_learned, old, answer, agent, now)
    return _learned(old, answer, agent, now)


def _learned(
    old: _Known | None, answer: Fetched | FetchFailed, agent: str, now: datetime
) -> _Known:
    """What an answer means (RFC 9309, 2.3.1): a file counts, a 4xx is none, the rest is trouble."""
    if isinstance(answer, Fetched):
        rules = RobotsRules(answer.body, agent)
        return _Known(rules, now + KEPT_FOR, len(answer.body))
    status = answer.status
    absent = status is not None and 400 <= status < 500 and status != 429
    if absent or answer.problem is FetchProblem.REDIRECT:
        return _Known(None, now + KEPT_FOR)
    again = now + ASKED_AGAIN_AFTER
    if old is not None and old.trouble is None:  # the last file known holds on
        return _Known(old.rules, again, old.size, None, old.trouble_since or now)
    since = min((old.trouble_since if old is not None else None) or now, now)
    if now - since >= GIVEN_UP_AFTER:
        return _Known(None, now + KEPT_FOR, trouble_since=since)
    message = f"the site's robots.txt cannot be had ({answer.message}), so its pages are not read"
    trouble = FetchFailed(answer.url, answer.problem, message, status)
    return _Known(None, again, 0, trouble, since)
