"""The values of a subscription: what is kept of it, what can happen to it, what follows.

Layer 1, no behaviour. Times are aware datetimes in UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from monitor.secret import Secret


class Mode(StrEnum):
    """What a hub is asked for; the words of ``hub.mode``."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed's subscription at one hub, under one callback.

    ``token`` is the last part of the callback's path and nobody can guess it; ``secret`` signs the
    hub's pings. Both live as long as the subscription, renewals included.
    """

    token: Secret
    feed_url: str
    hub: str
    topic: str  # the address by which the hub knows the feed
    callback: str  # the whole address that the hub was given
    secret: Secret
    created_at: datetime
    wanted: Mode = Mode.SUBSCRIBE
    next_at: datetime | None = None  # when something is to be done; None: now
    asked_at: datetime | None = None  # the hub's verification of what we asked is awaited since
    lease_until: datetime | None = None  # None: not verified, or denied
    pinged_at: datetime | None = None  # last ping with a good signature
    failures: int = 0  # in a row
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """``next_at`` has come."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The hub took our request (2xx); it verifies it next, or has done so already."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The hub did not take our request. ``message`` is a sentence for people, without secrets.

    ``certain``: the hub said no; else it may have taken the request, and its answer was lost.
    """

    message: str
    certain: bool
    retry_after: float | None = None  # seconds


@dataclass(frozen=True, slots=True)
class Verification:
    """The hub asks whether the request was ours (WebSub, 5.3). ``lease``: seconds, None: unsaid."""

    mode: str
    topic: str
    lease: int | None = None


@dataclass(frozen=True, slots=True)
class Denial:
    """The hub says that there is no subscription, or no longer (WebSub, 5.2)."""

    topic: str
    reason: str  # the hub's words: untrusted text, may be empty


@dataclass(frozen=True, slots=True)
class Ping:
    """The hub says that the topic changed (WebSub, 7). ``signed``: its signature is right."""

    signed: bool


@dataclass(frozen=True, slots=True)
class Dropped:
    """Nobody wants this subscription any more."""


Event: TypeAlias = Due | Accepted | Failed | Verification | Denial | Ping | Dropped


@dataclass(frozen=True, slots=True)
class Ask:
    """Send the hub a request."""

    mode: Mode


@dataclass(frozen=True, slots=True)
class Confirm:
    """Answer a verification with its challenge."""


@dataclass(frozen=True, slots=True)
class MovePoll:
    """Poll the feed as soon as its rules allow."""


Action: TypeAlias = Ask | Confirm | MovePoll


@dataclass(frozen=True, slots=True)
class Step:
    """What an event led to. ``subscription`` None: it is over and forgotten.

    ``notable``: a person should read ``reason`` in the log; else it is for those who debug.
    """

    subscription: Subscription | None
    actions: tuple[Action, ...]
    reason: str
    notable: bool = False
