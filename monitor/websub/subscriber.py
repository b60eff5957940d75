"""Joins hubs, store and polls: the duty that looks after subscriptions, and the listener's door.

Layer 4. Everything here may fail without a feed being polled a minute later than planned.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Collection, Coroutine
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from monitor.config.websection import Listen, Web
from monitor.errors import StoreError
from monitor.net.urls import host_of, without_query
from monitor.pipeline.tools import Tools
from monitor.secret import Secret
from monitor.websub.ask import ask_hub
from monitor.websub.callback import TOKEN_BYTES, callback_url
from monitor.websub.course import step
from monitor.websub.hint import FLOOR
from monitor.websub.rate import Window, counted, is_too_often, still_open
from monitor.websub.subscription import (
    Ask,
    Confirm,
    Denial,
    Dropped,
    Due,
    Event,
    Mode,
    MovePoll,
    Ping,
    Step,
    Subscription,
    Verification,
)
from monitor.websub.wishes import Offer, wishes

if TYPE_CHECKING:
    from monitor.websub.listener import Listener

log = logging.getLogger(__name__)

MOST_ASKED: Final = 40  # requests to hubs in one look; the rest is asked in the next
_AT_ONCE: Final = 4  # requests side by side


class Subscriber:
    """Looks after the subscriptions of the feeds. It is also the ``Door`` of its listener.

    ``hurry`` starts the polls that are due; ``is_busy`` says whether a feed is being polled.
    """

    def __init__(
        self,
        tools: Tools,
        *,
        hurry: Callable[[], Awaitable[None]],
        is_busy: Callable[[str], bool],
    ) -> None:
        self._tools = tools
        self._hurry = hurry
        self._is_busy = is_busy
        self._listener: Listener | None = None  # made when first wanted
        self._listening: Listen | None = None  # as the settings have it
        self._told: Listen | None = None  # the address that we could not have, told once
        self._known: dict[str, Subscription] = {}  # by token, as of the last change
        self._windows: dict[str, Window] = {}
        self._missed: set[str] = set()  # feeds hinted at while they were being polled
        self._tasks: set[asyncio.Task[None]] = set()
        self._looking = asyncio.Lock()
        self._closed = False

    @property
    def address(self) -> tuple[str, int] | None:
        """Where it listens; None while it does not."""
        return self._listener.address if self._listener is not None else None

    def start(self) -> None:
        """Look after everything for the first time, beside whatever else begins."""
        self._go_on(self._first_look(), "first look after subscriptions")

    async def look_after(self) -> None:
        """Begin, renew and end what is to be; listen where that is wanted. Returns when asked."""
        async with self._looking:
            if self._closed:
                return
            web, now = self._tools.live.settings.web, self._tools.now()
            await self._load()
            if web.public_url is None and not self._known:
                await self._listen(None)
                return
            public = web.public_url if web.listen is not None else None
            offers = await self._offers() if public is not None else {}
            wanted = wishes(offers, tuple(self._known.values()), public, now)
            for one in wanted.end:
                await self._step(one.token.reveal(), Dropped())
            await self._begin(public, wanted.begin)
            await self._listen(self._where(web))
            await self._ask_all([one for one in self._known.values() if _is_due(one, now)])
            self._windows = still_open(self._windows, now)

    def polled(self, feed_url: str) -> None:
        """A poll is over: a hint that came during it may mean what it did not see."""
        if feed_url in self._missed and not self._closed:
            self._missed.discard(feed_url)
            self._go_on(self._poll_again(feed_url), f"hint {feed_url}")

    async def close(self) -> None:
        """Stop listening and asking; subscriptions stay, for the next start."""
        self._closed = True
        await self._close_listener()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # The listener's door.

    def public(self) -> Collection[str]:
        """The addresses under which hubs know us: those of the callbacks they were given."""
        return {one.callback.rpartition("/websub/")[0] for one in self._known.values()}

    def secret(self, token: str) -> Secret | None:
        """The secret of a subscription, or None."""
        one = self._known.get(token)
        return None if one is None else one.secret

    def lets_in(self, token: str) -> bool:
        """Count one call for a subscription; False: too many."""
        window = counted(self._windows.get(token), self._tools.now())
        self._windows[token] = window
        return not is_too_often(window)

    async def asked(self, token: str, event: Verification | Denial) -> bool:
        """Take in a hub's question; whether it is to be confirmed."""
        done = await self._step(token, event)
        return done is not None and any(isinstance(action, Confirm) for action in done.actions)

    async def pinged(self, token: str, event: Ping) -> None:
        """Take in a ping; a good one polls the feed as soon as manners allow."""
        one = self._known.get(token)
        if not event.signed or one is None:
            log.debug("a ping without a good signature: nothing done")
            return
        if self._is_busy(one.feed_url):
            self._missed.add(one.feed_url)  # what that poll stores would undo the hint
        done = await self._step(token, event)
        if done is not None and any(isinstance(action, MovePoll) for action in done.actions):
            await self._hurry()

    # What is done about them.

    async def _load(self) -> None:
        found = await self._tools.thread.call(self._tools.store.subscriptions)
        self._known = {one.token.reveal(): one for one in found}

    async def _offers(self) -> dict[str, Offer]:
        offers = await self._tools.thread.call(self._tools.store.hub_offers)
        feeds = self._tools.live.feeds()
        return {url: offer for url, offer in offers.items() if url in feeds}

    async def _begin(self, public: str | None, begin: tuple[tuple[str, Offer], ...]) -> None:
        if public is None or not begin:
            return
        new = [_new(url, offer, public, self._tools.now()) for url, offer in begin]
        await self._tools.thread.call(self._tools.store.add_subscriptions, new)
        self._known.update((one.token.reveal(), one) for one in new)

    def _where(self, web: Web) -> Listen | None:
        """While subscriptions end, their hubs still want an answer, if we listen already."""
        if web.public_url is not None:
            return web.listen
        return self._listening if self._known and self.address else None

    async def _listen(self, wanted: Listen | None) -> None:
        if wanted == self._listening and (wanted is None or self.address is not None):
            return
        await self._close_listener()
        self._listening = wanted
        if wanted is None:
            return
        try:
            await self._made_listener().open(wanted.host, wanted.port)
        except OSError as error:
            if self._told != wanted:
                self._told = wanted
                log.warning(
                    "cannot listen for hubs: %s; feeds are polled as ever",
                    error.strerror or type(error).__name__,
                    extra={"fields": {"address": wanted.host, "port": wanted.port}},
                )
            return
        self._told = None
        log.info("listening for hubs", extra={"fields": {"address": _shown(self.address)}})

    def _made_listener(self) -> "Listener":
        if self._listener is None:
            from monitor.websub.listener import Listener  # a web server: few need it

            self._listener = Listener(self)
        return self._listener

    async def _close_listener(self) -> None:
        if self._listener is not None:
            await self._listener.close()

    async def _ask_all(self, due: list[Subscription]) -> None:
        slots = asyncio.Semaphore(_AT_ONCE)

        async def ask(token: str) -> None:
            async with slots:
                await self._ask(token)

        if self.address is None:
            due = [one for one in due if one.wanted is Mode.UNSUBSCRIBE]
        await asyncio.gather(*(ask(one.token.reveal()) for one in due[:MOST_ASKED]))

    async def _ask(self, token: str) -> None:
        """Store that we ask, then ask: some hubs verify before they answer."""
        done = await self._step(token, Due())
        if done is None or done.subscription is None:
            return
        for action in done.actions:
            if isinstance(action, Ask):
                answer = await ask_hub(self._tools.outbound.client, done.subscription, action.mode)
                await self._step(token, answer)

    async def _step(self, token: str, event: Event) -> Step | None:
        """One event of one subscription, decided and stored; None if it is gone."""
        now, jitter = self._tools.now(), self._tools.jitter()
        try:
            done = await self._tools.thread.call(
                self._tools.store.step_subscription,
                token, lambda one: step(one, event, now, jitter), now,
            )  # fmt: skip
        except StoreError as error:
            log.warning("a hub's word is lost: %s", error)
            return None
        one = self._known.get(token)
        if done is None or done.subscription is None:
            self._known.pop(token, None)
        else:
            one = self._known[token] = done.subscription
        if done is not None and one is not None:
            _tell(one, done)
        return done

    def _go_on(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _first_look(self) -> None:
        try:
            await self.look_after()
        except Exception:
            log.exception("subscriptions could not be looked after; it is tried again")

    async def _poll_again(self, feed_url: str) -> None:
        with suppress(StoreError):
            await self._tools.thread.call(
                self._tools.store.poll_soon, feed_url, self._tools.now() + FLOOR
            )


def _new(feed_url: str, offer: Offer, public: str, now: datetime) -> Subscription:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return Subscription(
        token=Secret(token),
        feed_url=feed_url,
        hub=offer.hub,
        topic=offer.topic,
        callback=callback_url(public, token),
        secret=Secret(secrets.token_urlsafe(TOKEN_BYTES)),
        created_at=now,
    )


def _is_due(one: Subscription, now: datetime) -> bool:
    return one.next_at is None or one.next_at <= now


def _shown(address: tuple[str, int] | None) -> str:
    return "" if address is None else f"{address[0]}:{address[1]}"


def _tell(one: Subscription, done: Step) -> None:
    fields = {"feed": without_query(one.feed_url), "hub": host_of(one.hub)}
    if not done.notable:
        log.debug("%s", done.reason, extra={"fields": fields})
        return
    failed = done.subscription is not None and done.subscription.failures
    log.log(
        logging.WARNING if failed else logging.INFO, "%s", done.reason, extra={"fields": fields}
    )
