"""When a channel may be used."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.circuit import (
    LEAST_HOLD,
    LONGEST_HOLD,
    LONGEST_PAUSE,
    OPEN,
    Circuit,
    after_send,
    without_future,
)
from monitor.errors import (
    PauseNotifyError,
    PermanentNotifyError,
    TemporaryNotifyError,
    UncertainNotifyError,
)
from monitor.notifier import Receipt

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MIDDLE = 0.5
DOWN, LOST = TemporaryNotifyError("no connection"), UncertainNotifyError("no answer")
REVOKED, BAD = PauseNotifyError("the webhook was revoked"), PermanentNotifyError("400")
BUSY, OK = TemporaryNotifyError("429", 30.0), Receipt()


def after(*sends: tuple[int, object], apart: float = 1.0) -> tuple[Circuit, list[str], datetime]:
    """The circuit after these sends (delivery, result), its notices, and when the last one was."""
    circuit, notices, now = OPEN, [], NOW
    for delivery, result in sends:
        now += timedelta(seconds=apart)
        judged = after_send(circuit, delivery, result, now, MIDDLE)
        circuit = judged.circuit
        if judged.notice is not None:
            notices.append(judged.notice)
    return circuit, notices, now


@pytest.mark.parametrize(
    ("sends", "seconds"),
    [
        pytest.param([(1, OK)], 0, id="accepted: open"),
        pytest.param([(1, BAD)], 0, id="a refused message says nothing of the channel"),
        pytest.param([(1, DOWN), (2, DOWN)], 0, id="two that fail close nothing yet"),
        pytest.param([(1, DOWN), (2, DOWN), (3, DOWN)], 60, id="three different ones close it"),
        pytest.param([(1, DOWN)] * 9, 0, id="D-23 one message that fails for ever closes nothing"),
        pytest.param([(1, DOWN), (2, DOWN), (9, OK), (3, DOWN)], 0, id="one that came through counts anew"),
        pytest.param([(1, LOST), (2, LOST), (3, LOST)], 60, id="lost answers close it as well"),
        pytest.param([(n, ValueError("x")) for n in range(3)], 60, id="D-20 so does a plugin that fails"),
        pytest.param([(n, DOWN) for n in range(5)], 240, id="each probe that fails doubles the wait"),
        pytest.param([(n, DOWN) for n in range(30)], 600, id="D-33 up to ten minutes"),
        pytest.param([(1, REVOKED)], 60, id="D-11 a refused channel is paused at once"),
        pytest.param([(1, REVOKED)] * 3, 240, id="and probed at growing intervals"),
        pytest.param([(1, REVOKED)] * 20, 3600, id="of an hour at most"),
        pytest.param([(1, REVOKED), (1, DOWN)], 120, id="a paused channel that is not reached stays closed"),
        pytest.param([(1, BUSY)], 30, id="D-21 a wish is kept to the second"),
        pytest.param([(1, TemporaryNotifyError("429", 1e12))], 604_800, id="D-34 and is a week at most"),
        pytest.param([(1, TemporaryNotifyError("429", -5.0))], 0, id="D-34 the past is no wish"),
    ],
)  # fmt: skip
def test_how_long_a_channel_is_held(sends: list[tuple[int, object]], seconds: float) -> None:
    circuit, _, now = after(*sends)
    held = (circuit.held_until or now) - now
    assert held.total_seconds() == pytest.approx(seconds)
    assert circuit.is_held(now) is (seconds > 0)


@pytest.mark.parametrize(
    ("sends", "apart", "told"),
    [
        pytest.param([(1, REVOKED)] * 4, 60, ["paused"], id="D-11 a pause is told once"),
        pytest.param([(n, DOWN) for n in range(9)], 60, [], id="nine minutes without a connection are no news"),
        pytest.param([(n, DOWN) for n in range(99)], 60, ["not reached since"], id="a quarter of an hour is, once"),
        pytest.param([(1, REVOKED), (1, OK), (2, OK)], 60, ["paused", "works again"], id="the end is told once"),
        pytest.param([(1, DOWN), (1, OK)], 60, [], id="what nobody was told of ends in silence"),
        pytest.param([(1, REVOKED), (1, OK), (1, REVOKED)], 60, ["paused", "works again", "paused"], id="a second pause is news"),
    ],
)  # fmt: skip
def test_what_the_operator_is_told(
    sends: list[tuple[int, object]], apart: float, told: list[str]
) -> None:
    _, notices, _ = after(*sends, apart=apart)
    assert len(notices) == len(told)
    assert all(notice.startswith(begin) for notice, begin in zip(notices, told, strict=True))


def test_after_a_429_messages_keep_a_second_apart_for_ten_minutes() -> None:
    circuit, _, now = after((1, BUSY))
    assert circuit.gap(now) == 1.0
    circuit = after_send(circuit, 1, OK, now + timedelta(seconds=31), MIDDLE).circuit
    assert circuit.gap(now + timedelta(seconds=60)) == 1.0
    assert circuit.gap(now + timedelta(seconds=631)) == 0.0


@pytest.mark.parametrize("ahead", [3600.0, 86_400.0, 31_536_000.0])
@pytest.mark.parametrize("last", [DOWN, REVOKED, BUSY], ids=["not reached", "refused", "too many"])
def test_a_hold_keeps_its_distance_when_the_clock_is_set_back(last: object, ahead: float) -> None:
    circuit, _, then = after((1, DOWN), (2, DOWN), (3, last))
    now = then - timedelta(seconds=ahead)
    mended = without_future(circuit, now)
    assert circuit.held_until is not None
    assert mended.held_until is not None
    assert mended.held_until - now == circuit.held_until - then
    assert without_future(mended, now) == mended
    assert without_future(circuit, then) == circuit


ENDS = st.sampled_from([OK, BAD, DOWN, LOST, REVOKED, BUSY, KeyError("x")])


@given(
    st.lists(st.tuples(st.integers(0, 5), ENDS, st.floats(0, 4000)), max_size=40),
    st.floats(0, 0.999),
)
def test_nothing_is_held_for_ever_and_a_success_opens(
    sends: list[tuple[int, object, float]], jitter: float
) -> None:
    circuit, now = OPEN, NOW
    for delivery, result, rest in sends:
        now += timedelta(seconds=rest)
        circuit = after_send(circuit, delivery, result, now, jitter).circuit
        held = (circuit.held_until or now) - now
        if (
            circuit.probes
            and result is not BUSY
            and isinstance(result, Exception)
            and result is not BAD
        ):
            assert LEAST_HOLD <= held.total_seconds() <= max(LONGEST_HOLD, LONGEST_PAUSE)
        if result is OK:
            assert not circuit.is_held(now)
            assert not circuit.told
