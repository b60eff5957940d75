"""Decides what becomes of a delivery after an attempt: sent, tried again, held or failed.

Layer 1, pure: time and chance are arguments. Delays are seconds, times are UTC.

The promise behind it is "at least once": whatever is not surely delivered is tried again or kept
with its reason, and a delivery whose answer was lost says so for ever (``uncertain``).

Sources: RFC 5321, 4.5.4.1 (mail: retry after minutes, not seconds); RFC 9110, 10.2.3 (Retry-After).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeAlias

from monitor.alerts.circuit import LONGEST_WISH
from monitor.alerts.escape import clean, cut
from monitor.errors import (
    PauseNotifyError,
    PermanentNotifyError,
    TemporaryNotifyError,
    UncertainNotifyError,
)
from monitor.model import Delivery, DeliveryState
from monitor.secret import redact

FIRST_DELAY: Final = 10.0  # seconds, doubled with every attempt
LONGEST_DELAY: Final = 3600.0
MAIL_DELAY: Final = 300.0  # the least a mail server that said "later" is left alone
GIVE_UP_AFTER: Final = timedelta(hours=72)  # from the creation of the delivery …
LEAST_TRIES: Final = (
    5  # … but only after so many tries: the program, or the channel, may have slept
)
UNEXPECTED_ATTEMPTS: Final = 5  # a notifier that fails in a way of its own is not tried for days
_LEAST_DELAY: Final = 1.0
_ERROR_LIMIT: Final = 500  # characters
_REFUSED: Final = "refused for good: "  # begins a receipt that remembers recipients

_OPEN: Final = {DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.RETRY}


class DeferredNotifyError(TemporaryNotifyError):
    """A mail server said "later" (4yz): as TemporaryNotifyError, but not before five minutes."""


class Refused(Protocol):
    """One recipient that did not get the message; ``monitor.notifier.Refusal`` is one."""

    @property
    def recipient(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def temporary(self) -> bool: ...


class Accepted(Protocol):
    """What a successful send returns; ``monitor.notifier.Receipt`` is one."""

    @property
    def remote_id(self) -> str | None: ...
    @property
    def refused(self) -> Sequence[Refused]: ...
    @property
    def note(self) -> str | None: ...


Attempted: TypeAlias = Accepted | Exception


def after_attempt(
    state: Delivery, result: Attempted, *, on_uncertain: str, now: datetime, jitter: float
) -> Delivery:
    """The delivery as it is after an attempt that ended with ``result``.

    ``on_uncertain`` is ``resend`` or ``hold``; ``jitter`` is in [0, 1). ``last_error`` of the
    returned delivery is one sentence for people, without known secrets. SENT and FAILED and HELD
    are never tried again by themselves. PENDING: the channel is paused, and it waits in its place.

    Raises:
        ValueError: ``state`` is not open, so there can have been no attempt.
    """
    if state.state not in _OPEN:
        raise ValueError(f"delivery {state.id} is {state.state}, nothing was attempted")
    match result:
        case UncertainNotifyError():
            return _uncertain(state, _told(state, result), on_uncertain, now, jitter)
        case PauseNotifyError():
            return _back_in_line(state, _told(state, result), now)
        case PermanentNotifyError():
            return _failed(_counted(state), _told(state, result))
        case TemporaryNotifyError(retry_after=float() | int() as wait) if wait > 0:
            wish = timedelta(seconds=min(max(wait, _LEAST_DELAY), LONGEST_WISH))
            return _again_at(state, _told(state, result), now, now + wish)
        case DeferredNotifyError():
            return _later(state, _told(state, result), now, jitter, least=MAIL_DELAY)
        case TemporaryNotifyError():
            return _later(state, _told(state, result), now, jitter)
        case Exception():
            return _unexpected(state, result, now, jitter)
        case _:
            return _accepted(state, result, now, jitter)


def back_off(attempts: int, jitter: float, least: float = FIRST_DELAY) -> float:
    """Seconds to wait after ``attempts`` attempts: 10 s doubled each time, at most an hour.

    ``jitter`` in [0, 1) spreads the delay by a fifth in both directions, never below ``least`` for
    mail and never above the hour.
    """
    doubled = FIRST_DELAY * 2.0 ** min(max(attempts - 1, 0), 20)
    spread = max(doubled, least) * (0.8 + 0.4 * jitter)
    floor = least if least > FIRST_DELAY else _LEAST_DELAY
    return min(max(spread, floor), LONGEST_DELAY)


def _accepted(state: Delivery, receipt: Accepted, now: datetime, jitter: float) -> Delivery:
    counted = _counted(state)
    later = [refused for refused in receipt.refused if refused.temporary]
    never = [refused for refused in receipt.refused if not refused.temporary]
    remembered = _remembered(state) + tuple(refused.recipient for refused in never)
    reached = replace(counted, sent_at=state.sent_at or now)
    if later:
        waiting = replace(
            reached,
            pending_recipients=tuple(refused.recipient for refused in later),
            receipt=_REFUSED + ", ".join(remembered) if remembered else None,
        )
        why = "the others have it; " + _reasons([*later, *never])
        return _later(waiting, why, now, jitter, least=MAIL_DELAY, counted=True)
    if remembered:
        why = _reasons(never) if never else _REFUSED + ", ".join(remembered)
        return _failed(
            replace(reached, pending_recipients=remembered, receipt=_receipt(receipt)),
            f"the others have it; {why}",
        )
    return replace(
        counted,
        state=DeliveryState.SENT,
        remote_id=receipt.remote_id,
        next_attempt_at=None,
        last_error=None,
        sent_at=now,
        receipt=_receipt(receipt),
        pending_recipients=None,
    )


def _uncertain(
    state: Delivery, error: str, on_uncertain: str, now: datetime, jitter: float
) -> Delivery:
    unsure = replace(state, uncertain=True)
    if on_uncertain == "hold":
        held = replace(_counted(unsure), state=DeliveryState.HELD, next_attempt_at=None)
        return replace(held, last_error=_safe(f"{error}; held, since it may have arrived"))
    return _later(unsure, error, now, jitter)


def _unexpected(state: Delivery, error: Exception, now: datetime, jitter: float) -> Delivery:
    sentence = f"unexpected {type(error).__name__}: {error}"
    if state.attempts + 1 >= UNEXPECTED_ATTEMPTS:
        return _failed(_counted(state), f"{sentence}; given up after {state.attempts + 1} attempts")
    return _later(state, sentence, now, jitter)


def _later(
    state: Delivery,
    error: str,
    now: datetime,
    jitter: float,
    *,
    least: float = FIRST_DELAY,
    counted: bool = False,
) -> Delivery:
    after = state if counted else _counted(state)
    wait = back_off(after.attempts, jitter, least)
    return _again_at(after, error, now, now + timedelta(seconds=wait))


def _again_at(state: Delivery, error: str, now: datetime, moment: datetime) -> Delivery:
    if now - state.created_at >= GIVE_UP_AFTER and state.fence >= LEAST_TRIES:
        return _failed(state, f"{error}; given up after 3 days")
    return replace(
        state, state=DeliveryState.RETRY, next_attempt_at=moment, last_error=_safe(error)
    )


def _back_in_line(state: Delivery, error: str, now: datetime) -> Delivery:
    """The channel is paused: no attempt is counted, and the place in the line is the old one.

    One that was the probe several times goes to the end: it may be the message after all.
    """
    place = min(state.created_at, now) if state.fence < LEAST_TRIES else now
    return replace(
        state,
        state=DeliveryState.PENDING,
        next_attempt_at=place,
        last_error=_safe(error),
    )


def _failed(state: Delivery, error: str) -> Delivery:
    missing = state.pending_recipients
    before = _remembered(state)
    if before and missing is not None and not set(before) <= set(missing):
        missing = (*missing, *before)
    return replace(
        state,
        state=DeliveryState.FAILED,
        next_attempt_at=None,
        last_error=_safe(error),
        pending_recipients=missing,
    )


def _counted(state: Delivery) -> Delivery:
    return replace(state, attempts=state.attempts + 1)


def _remembered(state: Delivery) -> tuple[str, ...]:
    """Recipients that an earlier attempt found refused for good while others were to be retried."""
    receipt = state.receipt or ""
    if not receipt.startswith(_REFUSED):
        return ()
    return tuple(receipt.removeprefix(_REFUSED).split(", "))


def _receipt(receipt: Accepted) -> str | None:
    parts = [part for part in (receipt.remote_id, receipt.note) if part]
    return _safe("; ".join(parts)).removeprefix(_REFUSED) or None


def _reasons(refused: Sequence[Refused]) -> str:
    sentences = (
        f"{one.recipient} {'refused for now' if one.temporary else 'refused'} ({one.message})"
        for one in refused
    )
    return ", ".join(sentences)


def _told(state: Delivery, error: Exception) -> str:
    """The error, and who has the message though this attempt failed: all but those still missing
    and those that were refused for good."""
    if state.pending_recipients is None:
        return _sentence(error)
    never = [one for one in _remembered(state) if one not in state.pending_recipients]
    lost = f"; {_REFUSED}{', '.join(never)}" if never else ""
    return f"the others have it; {_sentence(error)}{lost}"


def _sentence(error: Exception) -> str:
    return str(error) or type(error).__name__


def _safe(error: str) -> str:
    return cut(clean(redact(error)), _ERROR_LIMIT)
