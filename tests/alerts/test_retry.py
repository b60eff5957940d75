"""What becomes of a delivery after each kind of attempt."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.retry import (
    DeferredNotifyError,
    after_attempt,
    back_off,
)
from monitor.errors import (
    PauseNotifyError,
    PermanentNotifyError,
    TemporaryNotifyError,
    UncertainNotifyError,
)
from monitor.model import Delivery, DeliveryState
from monitor.notifier import Receipt, Refusal
from monitor.secret import Secret

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MIDDLE = 0.5  # the jitter that changes nothing
A, B, C = "a@example.org", "b@example.org", "c@example.org"
LATER, NEVER = Refusal(B, "450 busy", temporary=True), Refusal(C, "550 no such", temporary=False)


def delivery(**changes: object) -> Delivery:
    """A claimed delivery, one minute old."""
    new = Delivery(
        id=7,
        alert_id="a1",
        notifier="desk",
        state=DeliveryState.SENDING,
        attempts=0,
        fence=1,
        next_attempt_at=None,
        created_at=NOW - timedelta(minutes=1),
    )
    return replace(new, **changes)  # type: ignore[arg-type]  # the keys are Delivery's


def after(result: object, mode: str = "resend", **changes: object) -> Delivery:
    return after_attempt(
        delivery(**changes),
        result,  # type: ignore[arg-type]  # the tables hold results of every kind
        on_uncertain=mode,
        now=NOW,
        jitter=MIDDLE,
    )


def wait(result: Delivery) -> float:
    assert result.next_attempt_at is not None
    return (result.next_attempt_at - NOW).total_seconds()


def test_an_accepted_message_is_sent() -> None:
    sent = after(Receipt(remote_id="m-1", note="sent plain"), last_error="before", uncertain=True)
    assert sent.state is DeliveryState.SENT
    assert (sent.attempts, sent.sent_at, sent.next_attempt_at) == (1, NOW, None)
    assert (sent.receipt, sent.last_error) == ("m-1; sent plain", None)
    assert sent.uncertain, "that an earlier attempt may have arrived stays true"


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(0, 10), (1, 20), (2, 40), (5, 320), (8, 2560), (9, 3600), (30, 3600), (5000, 3600)],
)
def test_the_wait_doubles_up_to_an_hour(attempts: int, seconds: float) -> None:
    assert wait(after(TemporaryNotifyError("down"), attempts=attempts)) == seconds


@pytest.mark.parametrize(("jitter", "seconds"), [(0.0, 8.0), (0.5, 10.0), (0.999, 11.996)])
def test_chance_spreads_the_wait_by_a_fifth(jitter: float, seconds: float) -> None:
    assert back_off(1, jitter) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("result", "state", "attempts", "seconds"),
    [
        pytest.param(
            TemporaryNotifyError("429", 77.0), "retry", 3, 77, id="Retry-After is kept and is free"
        ),
        pytest.param(
            TemporaryNotifyError("429", float("inf")), "retry", 3, 604_800, id="for ever is a week"
        ),
        pytest.param(
            TemporaryNotifyError("429", float("nan")), "retry", 4, 80, id="no number is no wish"
        ),
        pytest.param(TemporaryNotifyError("429", -5.0), "retry", 4, 80, id="the past is no wish"),
        pytest.param(
            TemporaryNotifyError("down"), "retry", 4, 80, id="a plain trouble waits its turn"
        ),
        pytest.param(
            DeferredNotifyError("450"), "retry", 4, 300, id="mail waits five minutes at least"
        ),
        pytest.param(
            UncertainNotifyError("lost"), "retry", 4, 80, id="an unknown outcome is sent again"
        ),
        pytest.param(KeyError("x"), "retry", 4, 80, id="a plugin's own failure is tried again"),
        pytest.param(PermanentNotifyError("gone"), "failed", 4, None, id="a refusal is final"),
    ],
)
def test_each_failure_leads_to_its_state(
    result: Exception, state: str, attempts: int, seconds: float | None
) -> None:
    found = after(result, attempts=3)
    assert (found.state, found.attempts) == (state, attempts)
    if seconds is None:
        assert found.next_attempt_at is None
    else:
        assert wait(found) == pytest.approx(seconds)
    assert found.sent_at is None


def test_an_unknown_outcome_is_marked_and_held_where_the_channel_says_so() -> None:
    assert after(UncertainNotifyError("lost")).uncertain
    held = after(UncertainNotifyError("lost"), mode="hold")
    assert (held.state, held.uncertain, held.next_attempt_at) == (DeliveryState.HELD, True, None)
    assert "may have arrived" in (held.last_error or "")


def test_a_failure_of_the_notifiers_own_is_given_up_at_the_fifth_attempt() -> None:
    assert after(ValueError("bug"), attempts=3).state is DeliveryState.RETRY
    given_up = after(ValueError("bug"), attempts=4)
    assert given_up.state is DeliveryState.FAILED
    assert "unexpected ValueError: bug; given up after 5 attempts" in (given_up.last_error or "")


@pytest.mark.parametrize(
    "result",
    [
        pytest.param(TemporaryNotifyError("down"), id="a plain trouble"),
        pytest.param(TemporaryNotifyError("429", 30.0), id="a wish of the server"),
        pytest.param(UncertainNotifyError("lost"), id="an unknown outcome"),
        pytest.param(DeferredNotifyError("450"), id="a mail server's later"),
    ],
)
def test_after_three_days_a_delivery_is_given_up(result: Exception) -> None:
    """D-25, but not one that was hardly tried: the program, or the channel, may have slept."""
    before = after(result, created_at=NOW - timedelta(hours=71, minutes=59), fence=99)
    assert before.state is DeliveryState.RETRY
    rested = after(result, created_at=NOW - timedelta(hours=500), fence=4)
    assert rested.state is DeliveryState.RETRY
    found = after(result, created_at=NOW - timedelta(hours=72), fence=5)
    assert found.state is DeliveryState.FAILED
    assert "given up after 3 days" in (found.last_error or "")


@pytest.mark.parametrize(
    ("fence", "place"),
    [
        pytest.param(1, NOW - timedelta(hours=99), id="D-11 it keeps its place in the line"),
        pytest.param(5, NOW, id="one that was the probe again and again goes to the end"),
    ],
)
def test_a_paused_channel_keeps_its_messages(fence: int, place: datetime) -> None:
    found = after(
        PauseNotifyError("revoked"), attempts=2, fence=fence, created_at=NOW - timedelta(hours=99)
    )
    assert (found.state, found.attempts) == (DeliveryState.PENDING, 2)
    assert (found.next_attempt_at, found.last_error) == (place, "revoked")


def test_refused_for_now_is_retried_alone() -> None:
    found = after(Receipt("m-1", refused=(LATER,)))
    assert (found.state, found.pending_recipients) == (DeliveryState.RETRY, (B,))
    assert (wait(found), found.sent_at) == (300, NOW)


def test_refused_for_good_fails_for_those_and_says_that_the_others_have_it() -> None:
    found = after(Receipt("m-1", refused=(NEVER,)))
    assert (found.state, found.pending_recipients) == (DeliveryState.FAILED, (C,))
    assert (found.sent_at, found.next_attempt_at) == (NOW, None)
    assert found.last_error == f"the others have it; {C} refused (550 no such)"


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(Receipt("m-1"), id="the second attempt reaches the rest"),
        pytest.param(PermanentNotifyError("550"), id="the second attempt is refused"),
    ],
)
def test_one_sent_one_later_one_never_ends_with_the_missing_ones_named(second: object) -> None:
    first = after(Receipt("m-1", refused=(LATER, NEVER)))
    assert (first.state, first.pending_recipients) == (DeliveryState.RETRY, (B,))
    found = after_attempt(
        replace(first, state=DeliveryState.SENDING),
        second,  # type: ignore[arg-type]  # receipts and errors in one table
        on_uncertain="resend",
        now=NOW,
        jitter=MIDDLE,
    )
    assert found.state is DeliveryState.FAILED
    missing = (C,) if isinstance(second, Receipt) else (B, C)
    assert found.pending_recipients == missing
    assert found.sent_at == NOW


@pytest.mark.parametrize(
    ("error", "state"),
    [
        pytest.param(
            DeferredNotifyError("refused for now: 450"), "retry", id="refused for now again"
        ),
        pytest.param(TemporaryNotifyError("429", 30.0), "retry", id="told when to come back"),
        pytest.param(PermanentNotifyError("refused: 550"), "failed", id="refused for good now"),
        pytest.param(UncertainNotifyError("lost"), "retry", id="the answer is lost"),
    ],
)
@pytest.mark.parametrize(
    ("missing", "before", "ends"),
    [
        pytest.param(None, None, "", id="a first attempt: nobody has it"),
        pytest.param((B,), None, "", id="one is missing"),
        pytest.param((B,), f"refused for good: {C}", f"; refused for good: {C}",
                     id="one is missing and one never gets it"),
        pytest.param((B, C), f"refused for good: {C}", "", id="the one who never gets it is missing"),
    ],
)  # fmt: skip
def test_an_error_says_whether_others_have_the_message(
    error: Exception, state: str, missing: tuple[str, ...] | None, before: str | None, ends: str
) -> None:
    found = after(error, pending_recipients=missing, receipt=before)
    others = "" if missing is None else "the others have it; "
    assert (found.state.value, found.last_error) == (state, f"{others}{error}{ends}")


def test_a_remote_id_cannot_pose_as_a_list_of_recipients() -> None:
    sent = after(Receipt("refused for good: evil@evil.example"))
    again = after_attempt(
        replace(sent, state=DeliveryState.SENDING),
        Receipt("m-2"),
        on_uncertain="resend",
        now=NOW,
        jitter=MIDDLE,
    )
    assert again.state is DeliveryState.SENT


def test_no_secret_and_no_control_character_stands_in_the_kept_error() -> None:
    Secret("hunter2-hunter2")
    found = after(ValueError("with hunter2-hunter2\r\n\x1b[31m" + "x" * 5000))
    assert "hunter2" not in (found.last_error or "")
    assert (found.last_error or "").isprintable()
    assert len(found.last_error or "") <= 500


@pytest.mark.parametrize("state", ["sent", "failed", "held"])
def test_nothing_can_have_been_attempted_in_a_closed_state(state: str) -> None:
    with pytest.raises(ValueError, match="nothing was attempted"):
        after(Receipt(), state=DeliveryState(state))


texts = st.text(max_size=30)
refusals = st.lists(
    st.builds(Refusal, st.sampled_from([A, B, C]), texts, st.booleans()), max_size=3
)
results = st.one_of(
    st.builds(Receipt, st.none() | texts, refusals.map(tuple), st.none() | texts),
    st.builds(TemporaryNotifyError, texts, st.none() | st.floats()),
    st.builds(DeferredNotifyError, texts, st.none() | st.floats()),
    st.builds(PermanentNotifyError, texts),
    st.builds(UncertainNotifyError, texts),
    st.builds(RuntimeError, texts),
)


@given(
    st.lists(
        st.tuples(results, st.floats(0, 1, exclude_max=True), st.integers(0, 200_000)), max_size=12
    ),
    st.sampled_from(["resend", "hold"]),
)
def test_every_history_keeps_the_rules(
    history: list[tuple[Receipt | Exception, float, int]], mode: str
) -> None:
    """Attempts never fall, a retry lies ahead, a closed delivery has no next time."""
    state, now = delivery(), NOW
    for result, jitter, later in history:
        before = state
        state = after_attempt(state, result, on_uncertain=mode, now=now, jitter=jitter)
        assert state.attempts in {before.attempts, before.attempts + 1}
        assert state.uncertain or not before.uncertain
        assert state.fence == before.fence
        assert state.state in {"retry", "sent", "failed", "held"}
        if state.state is DeliveryState.RETRY:
            assert state.next_attempt_at is not None
            assert state.next_attempt_at > now
        else:
            assert state.next_attempt_at is None
        if state.state is DeliveryState.SENT:
            assert isinstance(result, Receipt)
            assert state.last_error is None
        if state.state is DeliveryState.HELD:
            assert mode == "hold"
            assert state.uncertain
        if state.state is not DeliveryState.RETRY:
            return
        state = replace(state, state=DeliveryState.SENDING)
        now += timedelta(seconds=later)
