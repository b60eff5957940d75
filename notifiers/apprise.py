"""Hands a message to Apprise, which knows over a hundred services: phones, chats, pagers.

Apprise is not installed with News Monitor: ``pip install "news-monitor[apprise]"``. Each URL is a
target of its own with a thread and a deadline of its own, so that one that hangs or fails leaves
the others alone. Apprise says of a failure only that it was one, so it is tried five times.

The URLs hold tokens and passwords: targets are called by their service and their place in the list,
and Apprise's own log lines are dropped. Its library is a guest here: redirects are not followed,
and no address is dialled that the program refuses (``_dialling``).

Sources: github.com/caronc/apprise, its README ("Developers") and ``AppriseAsset`` of 2.2.
"""

import asyncio
import importlib
import logging
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from notifiers import (
    Alert,
    Context,
    PermanentNotifyError,
    Receipt,
    Refusal,
    Secret,
    TemporaryNotifyError,
    UncertainNotifyError,
    inert,
    public_url,
    subject,
    text,
)
from notifiers._dialling import guarded

MOST_ATTEMPTS: Final = 5  # Apprise does not say whether a failure is for good
_TALKATIVE: Final = ("apprise", "requests", "requests_oauthlib", "urllib3", "oauthlib")
_MISSING: Final = "urls: needs Apprise; run: pip install 'news-monitor[apprise]'"
_SPARE: Final = 0.9  # of the time lent: what is left is for telling how it ended


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How one target ended. ``error`` is empty when it has the message."""

    name: str
    error: str = ""
    temporary: bool = True
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Notifier:
    """Options: Apprise's URLs, such as ``ntfy://topic`` or ``discord://id/token``."""

    urls: tuple[Secret, ...]

    def __post_init__(self) -> None:
        if not self.urls:
            raise ValueError("urls: needs at least one")
        for position, url in enumerate(self.urls, 1):
            if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", url.reveal().strip()):
                raise ValueError(f"urls: number {position} is no address of Apprise's kind")
        library = _library()
        for name, url in zip(self._names(), self.urls, strict=True):
            if _instance(library, url) is None:
                raise ValueError(f"urls: Apprise does not understand {name}")

    async def send(self, alert: Alert, context: Context) -> Receipt:
        """Send to every target at once, or to ``context.recipients`` only.

        Raises:
            TemporaryNotifyError: no target has it; it is tried again, five times in all.
            PermanentNotifyError: no target has it, and none will.
            UncertainNotifyError: no target is known to have it, and one may.
        """
        wanted = self._wanted(context)
        jobs = [_target(name, url, alert, context) for name, url in wanted]
        outcomes = await asyncio.gather(*jobs)
        failed = [one for one in outcomes if one.error]
        if len(failed) == len(outcomes):
            raise _all_failed(failed)
        return Receipt(refused=tuple(Refusal(one.name, one.error, one.temporary) for one in failed))

    def preview(self, alert: Alert, context: Context) -> str:
        """Targets (masked), title and body; what a service makes of them is its own."""
        title, body = _wording(alert, context)
        targets = "".join(f"To: {name}\n" for name in self._names())
        return f"{targets}Title: {title}\n\n{body}"

    def _names(self) -> tuple[str, ...]:
        """What targets are called: ``discord (url 2)``; nothing else of a URL is shown."""
        schemes = (url.reveal().strip().partition("://")[0].lower() for url in self.urls)
        return tuple(f"{scheme} (url {number})" for number, scheme in enumerate(schemes, 1))

    def _wanted(self, context: Context) -> list[tuple[str, Secret]]:
        targets = list(zip(self._names(), self.urls, strict=True))
        if context.recipients is None:
            return targets
        left = [target for target in targets if target[0] in context.recipients]
        if not left:
            raise PermanentNotifyError("the targets still missing are no longer in the config")
        return left


async def _target(name: str, url: Secret, alert: Alert, context: Context) -> _Outcome:
    """Send to one target within the time lent; a thread that hangs is left behind."""
    title, body = _wording(alert, context)
    refused: list[str] = []

    def work() -> bool:
        with guarded(context.check_address) as guard:
            try:
                return _notify(url, title, body)
            finally:
                refused.extend(guard.refused)

    last = context.attempt >= MOST_ATTEMPTS
    try:
        async with asyncio.timeout(context.timeout * _SPARE):
            delivered = await asyncio.wrap_future(_in_thread(work))
    except TimeoutError:
        return _Outcome(name, "no answer in time; it may have arrived", not last, uncertain=True)
    except Exception as error:  # noqa: BLE001  # a service's plugin may raise anything
        delivered, kind = False, type(error).__name__
    else:
        kind = ""
    if delivered:
        return _Outcome(name)
    if refused:
        return _Outcome(name, refused[0], temporary=False)
    told = f"Apprise could not deliver{f' ({kind})' if kind else ''}"
    return _Outcome(name, f"{told}; given up after {MOST_ATTEMPTS} attempts" if last else told,
                    temporary=not last)  # fmt: skip


def _all_failed(failed: list[_Outcome]) -> Exception:
    sentence = "; ".join(f"{one.name}: {one.error}" for one in failed)
    if any(one.uncertain and one.temporary for one in failed):
        return UncertainNotifyError(sentence)
    if any(one.temporary for one in failed):
        return TemporaryNotifyError(sentence)
    return PermanentNotifyError(sentence)


def _wording(alert: Alert, context: Context) -> tuple[str, str]:
    """Title and body; nothing in them can be a mention or markup of any service."""
    return inert(subject(alert)), inert(text(alert, public_url(context)))


def _in_thread(work: Callable[[], bool]) -> "Future[bool]":
    """Run ``work`` in a thread that the end of the program does not wait for."""
    future: Future[bool] = Future()
    context = copy_context()

    def run() -> None:
        try:
            result = context.run(work)
        except BaseException as error:  # noqa: BLE001  # the waiting side decides
            if not future.cancelled():
                future.set_exception(error)
        else:
            if not future.cancelled():
                future.set_result(result)

    future.set_running_or_notify_cancel()
    threading.Thread(target=run, name="apprise", daemon=True).start()
    return future


def _notify(url: Secret, title: str, body: str) -> bool:
    library = _library()
    service = _instance(library, url)
    if service is None:
        return False
    sender = library.Apprise(asset=_asset(library))
    sender.add(service)
    return bool(sender.notify(title=title, body=body, body_format=library.NotifyFormat.TEXT))


def _instance(library: Any, url: Secret) -> Any:
    """Apprise's object for ``url``; None where it understands none of it."""
    service = library.Apprise.instantiate(
        url.reveal().strip(), asset=_asset(library), suppress_exceptions=True
    )
    if service is not None and "overflow=" not in url.reveal():
        # a message too long for a service is cut, not refused
        service.overflow_mode = library.OverflowMode.TRUNCATE
    return service


def _asset(library: Any) -> Any:
    return library.AppriseAsset(
        app_id="News Monitor",
        app_desc="News Monitor",
        app_url="",
        async_mode=False,
        http_redirects=False,
        interpret_emojis=False,
        interpret_escapes=False,
        service_timeout=0,  # our own deadline holds
        storage_mode="memory",
    )


@cache
def _library() -> Any:
    """Apprise, with its log lines dropped: they may name addresses, which are secrets.

    Raises:
        ValueError: it is not installed.
    """
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False
    try:
        return importlib.import_module("apprise")
    except ImportError:
        raise ValueError(_MISSING) from None
