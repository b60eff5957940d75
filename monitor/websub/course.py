"""The life of a subscription: what follows from each event.

Layer 1, pure: time and chance are arguments.

::

            Due: Ask            Verification: Confirm
    wanted ──────────▶ asked ─────────────────────────▶ active ──┐ Due at 80 % of the lease: Ask
      ▲                  │ Failed, Denial, no word in an hour    │ (goes on being active)
      └─── back-off ◀────┴───────────────────────────────────────┘
    Dropped, in any of them ─▶ unsubscribe asked ─▶ confirmed, or given up ─▶ forgotten

Whatever happens here, polling goes on; the worst hub costs a feed nothing but its early polls.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from monitor.websub.subscription import (
    Accepted,
    Ask,
    Confirm,
    Denial,
    Dropped,
    Due,
    Event,
    Failed,
    Mode,
    MovePoll,
    Ping,
    Step,
    Subscription,
    Verification,
)

LEASE_ASKED: Final = 7 * 86400  # seconds we ask for; the hub decides (WebSub, 5.1)
LONGEST_LEASE: Final = 30 * 86400  # seconds believed; a longer one is renewed as if it were this
SHORTEST_RENEWAL: Final = 600.0  # seconds; a shorter lease runs out now and then, polls go on
RENEW_AT: Final = 0.8  # of the lease
WORD_WITHIN: Final = timedelta(hours=1)  # a hub verifies in seconds; it may have a queue
FIRST_BACK_OFF: Final = 300.0  # seconds, doubled with each failure …
LONGEST_BACK_OFF: Final = 86400.0  # … up to a day, for ever
SPREAD: Final = 0.1  # of a back-off, so that a hub's subscribers do not come back all at once
MOST_GOODBYES: Final = 3  # requests to unsubscribe; after them the lease is left to run out
_MOST_DOUBLINGS: Final = 16
_LONGEST_REASON: Final = 200  # characters of a hub's own words


def step(subscription: Subscription, event: Event, now: datetime, jitter: float = 0.5) -> Step:
    """What ``event`` makes of ``subscription``. ``jitter``: evenly distributed from 0 to 1."""
    match event:
        case Due():
            return _due(subscription, now, jitter)
        case Accepted():
            return Step(subscription, (), "the hub took the request")
        case Failed():
            return _failed(subscription, event, now, jitter)
        case Verification():
            return _verified(subscription, event, now)
        case Denial():
            return _denied(subscription, event, now, jitter)
        case Ping():
            return _pinged(subscription, event, now)
        case Dropped():
            return _dropped(subscription, now)


def is_active(subscription: Subscription, now: datetime) -> bool:
    """Whether the hub has promised to ping us at this moment."""
    until = subscription.lease_until
    return subscription.wanted is Mode.SUBSCRIBE and until is not None and until > now


def _due(was: Subscription, now: datetime, jitter: float) -> Step:
    if was.next_at is not None and was.next_at > now:
        return Step(was, (), "not due yet")
    silent = was.asked_at is not None  # and no word came since
    failures = was.failures + silent
    error = "the hub did not verify the request" if silent else was.last_error
    if was.wanted is Mode.UNSUBSCRIBE and failures >= MOST_GOODBYES:
        return Step(None, (), "the hub does not confirm the end; its lease runs out by itself")
    wait = max(WORD_WITHIN, timedelta(seconds=_back_off(failures, None, jitter)))
    after = replace(was, asked_at=now, next_at=now + wait, failures=failures, last_error=error)
    asking = f"asking the hub to {was.wanted}"
    if silent:
        return Step(after, (Ask(was.wanted),), f"{error}; {asking} again", notable=failures == 1)
    return Step(after, (Ask(was.wanted),), asking)


def _failed(was: Subscription, event: Failed, now: datetime, jitter: float) -> Step:
    failures = was.failures + 1
    if was.wanted is Mode.UNSUBSCRIBE and failures >= MOST_GOODBYES:
        return Step(None, (), f"{event.message}; its lease runs out by itself")
    wait = timedelta(seconds=_back_off(failures, event.retry_after, jitter))
    after = replace(
        was,
        asked_at=None if event.certain else was.asked_at,
        next_at=now + wait,
        failures=failures,
        last_error=event.message,
    )
    return Step(after, (), f"{event.message}: the feed is polled as ever", notable=failures == 1)


def _verified(was: Subscription, event: Verification, now: datetime) -> Step:
    """Only what we asked for, and only while we wait for it, is confirmed (WebSub, 5.3.1)."""
    if was.asked_at is None:
        return Step(was, (), "the hub verifies what was not asked")
    if event.mode != was.wanted or event.topic != was.topic:
        return Step(was, (), "the hub verifies something else than was asked")
    if was.wanted is Mode.UNSUBSCRIBE:
        return Step(None, (Confirm(),), "unsubscribed")
    lease = lease_taken(event.lease)
    first = was.lease_until is None
    after = replace(
        was,
        asked_at=None,
        next_at=now + timedelta(seconds=max(RENEW_AT * lease, SHORTEST_RENEWAL)),
        lease_until=now + timedelta(seconds=lease),
        failures=0,
        last_error=None,
    )
    said = "subscribed: the hub will say when there is something new"
    return Step(after, (Confirm(),), said if first else "subscription renewed", notable=first)


def lease_taken(seconds: int | None) -> int:
    """The lease that we reckon with: a week if the hub gives none that can be meant."""
    if seconds is None or seconds <= 0:
        return LEASE_ASKED
    return min(seconds, LONGEST_LEASE)


def _denied(was: Subscription, event: Denial, now: datetime, jitter: float) -> Step:
    if event.topic != was.topic:
        return Step(was, (), "the hub denies something else than was asked")
    if was.wanted is Mode.UNSUBSCRIBE:
        return Step(None, (), "the hub has no such subscription")
    if was.asked_at is None and was.lease_until is None:
        return Step(was, (), "the hub denies what was not asked")
    why = " ".join(event.reason.split())[:_LONGEST_REASON]
    message = f"the hub denied the subscription{f' ({why})' if why else ''}"
    failures = was.failures + 1
    after = replace(
        was,
        asked_at=None,
        lease_until=None,
        next_at=now + timedelta(seconds=_back_off(failures, None, jitter)),
        failures=failures,
        last_error=message,
    )
    return Step(after, (), f"{message}: the feed is polled as ever", notable=failures == 1)


def _pinged(was: Subscription, event: Ping, now: datetime) -> Step:
    if not event.signed:
        return Step(was, (), "a ping without a good signature: nothing done")
    if was.wanted is Mode.UNSUBSCRIBE:
        return Step(was, (), "a ping for a subscription that is being ended: nothing done")
    return Step(replace(was, pinged_at=now), (MovePoll(),), "the hub says there is something new")


def _dropped(was: Subscription, now: datetime) -> Step:
    if was.wanted is Mode.UNSUBSCRIBE:
        return Step(was, (), "it is being ended already")
    if was.asked_at is None and was.lease_until is None:
        return Step(None, (), "no longer wanted; the hub knows nothing of it")
    after = replace(
        was, wanted=Mode.UNSUBSCRIBE, asked_at=None, next_at=now, failures=0, last_error=None
    )
    return Step(after, (), "no longer wanted: it will be ended")


def _back_off(failures: int, retry_after: float | None, jitter: float) -> float:
    """Seconds until the next request; 0 for no failure. A wish is kept, up to a day."""
    if not failures:
        return 0.0
    wait = FIRST_BACK_OFF * 2.0 ** min(failures - 1, _MOST_DOUBLINGS)
    wait = min(wait, LONGEST_BACK_OFF) * (1.0 + SPREAD * (2.0 * jitter - 1.0))
    return min(max(wait, retry_after or 0.0), LONGEST_BACK_OFF)
