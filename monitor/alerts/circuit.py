"""Decides when a channel may be used: what its service said, and whether it can be reached at all.

Layer 1, pure: time and chance are arguments. Durations are seconds, times are UTC. What becomes of
one delivery is ``alerts/retry``; this is about all deliveries of one channel together. Nothing here
lasts for ever: a channel that is closed is probed with one message at growing intervals, and the
first message that gets through opens it for all.

Sources: RFC 9110, 10.2.3 (Retry-After); docs.slack.dev/apis/web-api/rate-limits (a message a second
for each channel).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from monitor.errors import PauseNotifyError, PermanentNotifyError, TemporaryNotifyError

CLOSES_AT: Final = 3  # different messages in a row that did not get through
LEAST_HOLD: Final = (
    60.0  # seconds a closed channel is left alone; doubled with each probe that fails
)
LONGEST_HOLD: Final = 600.0  # of a service that cannot be reached: it may come back any moment
LONGEST_PAUSE: Final = 3600.0  # of a channel that is refused: a person has to mend it
LONGEST_WISH: Final = 7 * 86_400.0  # a Retry-After beyond a week is taken as a week
SLOW_GAP: Final = 1.0  # seconds between two messages of a channel that was told "too many"
SLOW_FOR: Final = timedelta(minutes=10)  # since it was told so last
TOLD_AFTER: Final = timedelta(minutes=15)  # of not reaching a service: short troubles are no news


@dataclass(frozen=True, slots=True)
class Circuit:
    """What is known of a channel. The default: nothing, it may be used.

    ``held_until``: nothing is sent before; this was decided at ``held_at``. ``failed``: the
    deliveries that did not get through since one did, the first at ``failing_since``. ``probes``:
    tries in a row that failed since the channel was closed. ``refused``: the last one was refused
    as a whole channel. ``told``: the operator knows that it does not work.
    """

    held_until: datetime | None = None
    held_at: datetime | None = None
    failed: tuple[int, ...] = ()
    probes: int = 0
    failing_since: datetime | None = None
    refused: bool = False
    slow_until: datetime | None = None
    told: bool = False

    def is_held(self, now: datetime) -> bool:
        """Whether nothing may be sent at ``now``."""
        return self.held_until is not None and self.held_until > now

    def gap(self, now: datetime) -> float:
        """Seconds to leave between two messages."""
        return SLOW_GAP if self.slow_until is not None and self.slow_until > now else 0.0


OPEN: Final = Circuit()


class Judged(NamedTuple):
    """The circuit after a send, and a sentence for the operator where there is news.

    ``over``: the news is good.
    """

    circuit: Circuit
    notice: str | None = None
    over: bool = False


def after_send(
    circuit: Circuit, delivery: int, result: object, now: datetime, jitter: float
) -> Judged:
    """The circuit after a send that ended with ``result``: a receipt, or what was raised.

    ``jitter`` in [0, 1) spreads the holds by a fifth in both directions, never beyond the longest.
    An answer about one message (accepted, or refused for good) shows that the channel works. A
    lost answer counts as not getting through: sending on would only make more of them. One message
    that fails again and again closes nothing: it may be the message.
    """
    match result:
        case PauseNotifyError():
            return _refused(circuit, str(result), now, jitter)
        case TemporaryNotifyError(retry_after=float() | int() as wait) if wait > 0:
            until = now + timedelta(seconds=min(wait, LONGEST_WISH))
            # it was reached, so that this is no failure
            return Judged(
                replace(circuit, held_until=until, held_at=now, slow_until=until + SLOW_FOR)
            )
        case Exception() if not isinstance(result, PermanentNotifyError):
            why = str(result) or type(result).__name__
            return _not_through(circuit, delivery, why, now, jitter)
        case _:
            return _through(circuit, now)


def without_future(circuit: Circuit, now: datetime) -> Circuit:
    """The circuit after the clock was set back: what is to come keeps its distance."""
    ahead = circuit.held_at - now if circuit.held_at is not None else timedelta(0)
    if ahead <= timedelta(0):
        return circuit
    return replace(
        circuit,
        held_until=_back(circuit.held_until, ahead),
        held_at=now,
        failing_since=_since(circuit, now),
        slow_until=_back(circuit.slow_until, ahead),
    )


def _back(moment: datetime | None, ahead: timedelta) -> datetime | None:
    return moment - ahead if moment is not None else None


def _refused(circuit: Circuit, why: str, now: datetime, jitter: float) -> Judged:
    probes = circuit.probes + 1 if circuit.refused else 1
    paused = replace(
        circuit,
        held_until=now + timedelta(seconds=_hold(probes, LONGEST_PAUSE, jitter)),
        held_at=now,
        probes=probes,
        failing_since=_since(circuit, now),
        refused=True,
        told=True,
    )
    news = f"paused: {why}; its messages wait, and it is tried again within the hour"
    return Judged(paused, None if circuit.refused else news)


def _not_through(circuit: Circuit, delivery: int, why: str, now: datetime, jitter: float) -> Judged:
    failed = circuit.failed
    if delivery not in failed and len(failed) < CLOSES_AT:
        failed = (*failed, delivery)
    since = _since(circuit, now)
    after = replace(circuit, failed=failed, failing_since=since)
    # a paused channel that fails otherwise is no better: no burst of tries
    if len(failed) >= CLOSES_AT or circuit.probes:
        probes = circuit.probes + 1
        wait = _hold(probes, LONGEST_HOLD, jitter)
        after = replace(after, probes=probes, held_until=now + timedelta(seconds=wait), held_at=now)
    if circuit.told or now - since < TOLD_AFTER:
        return Judged(after)
    news = f"not reached since {since:%Y-%m-%d %H:%M} UTC: {why}; its messages wait"
    return Judged(replace(after, told=True), news)


def _through(circuit: Circuit, now: datetime) -> Judged:
    slow = circuit.slow_until if circuit.gap(now) else None
    works = Circuit(held_at=now if slow is not None else None, slow_until=slow)
    return (
        Judged(works, "works again; what waited is sent", True) if circuit.told else Judged(works)
    )


def _since(circuit: Circuit, now: datetime) -> datetime:
    """When it began to fail; a clock that ran ahead proves nothing."""
    return min(circuit.failing_since or now, now)


def _hold(probes: int, longest: float, jitter: float) -> float:
    doubled = LEAST_HOLD * 2.0 ** min(max(probes - 1, 0), 20)
    return min(max(doubled * (0.8 + 0.4 * jitter), LEAST_HOLD), longest)
