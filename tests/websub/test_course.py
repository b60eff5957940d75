"""What follows from each event of a subscription, and how far a hint moves a poll (F-62)."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import FeedState
from monitor.websub.course import (
    LEASE_ASKED,
    LONGEST_BACK_OFF,
    LONGEST_LEASE,
    SHORTEST_RENEWAL,
    is_active,
    lease_taken,
    step,
)
from monitor.websub.hint import hinted_poll
from monitor.websub.subscription import (
    Accepted,
    Action,
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
    Subscription,
    Verification,
)
from tests.websub.made import NOW, TOPIC, at, subscription

FRESH = subscription()
ASKED = subscription(asked_at=at(-5), next_at=at(3595))
ACTIVE = subscription(lease_until=at(1000), next_at=at(800))
RENEWING = replace(ACTIVE, asked_at=at(-5), next_at=at(3595))
REFUSED = subscription(next_at=at(600), failures=2, last_error="no")
ENDING = replace(ACTIVE, wanted=Mode.UNSUBSCRIBE, next_at=NOW)
ENDED = replace(ENDING, asked_at=at(-5), next_at=at(3595))

SUBSCRIBE = Verification("subscribe", TOPIC, 1000)
UNSUBSCRIBE = Verification("unsubscribe", TOPIC)
OTHER = "https://other.example.com/feed"
BACK_OFF_1, BACK_OFF_3 = 300, 1200  # seconds, at a jitter of one half


@pytest.mark.parametrize(
    ("was", "event", "changes", "actions"),
    [
        # Asking.
        pytest.param(FRESH, Due(), {"asked_at": NOW, "next_at": at(3600)}, (Ask(Mode.SUBSCRIBE),), id="a new one is asked for"),
        pytest.param(REFUSED, Due(), {}, (), id="nothing is asked before its time"),
        pytest.param(replace(REFUSED, next_at=NOW), Due(), {"asked_at": NOW, "next_at": at(3600)}, (Ask(Mode.SUBSCRIBE),), id="a refusal is not for ever"),
        pytest.param(replace(ACTIVE, next_at=NOW), Due(), {"asked_at": NOW, "next_at": at(3600)}, (Ask(Mode.SUBSCRIBE),), id="an active one is renewed and stays active meanwhile"),
        pytest.param(replace(ASKED, next_at=NOW), Due(), {"asked_at": NOW, "next_at": at(3600), "failures": 1, "last_error": "the hub did not verify the request"}, (Ask(Mode.SUBSCRIBE),), id="a hub without a word for an hour has failed"),
        pytest.param(ASKED, Accepted(), {}, (), id="an accepted request waits for its verification"),
        pytest.param(ACTIVE, Accepted(), {}, (), id="a request verified before it was accepted is done"),
        # Failing.
        pytest.param(ASKED, Failed("no", certain=True), {"asked_at": None, "next_at": at(BACK_OFF_1), "failures": 1, "last_error": "no"}, (), id="a refusal is over: its verification would not be confirmed"),
        pytest.param(ASKED, Failed("lost", certain=False), {"next_at": at(BACK_OFF_1), "failures": 1, "last_error": "lost"}, (), id="after a lost answer the hub may still verify"),
        pytest.param(replace(ASKED, failures=2), Failed("no", certain=True), {"asked_at": None, "next_at": at(BACK_OFF_3), "failures": 3, "last_error": "no"}, (), id="each failure doubles the pause"),
        pytest.param(replace(ASKED, failures=400), Failed("no", certain=True), {"asked_at": None, "next_at": at(LONGEST_BACK_OFF), "failures": 401, "last_error": "no"}, (), id="a hub long dead is asked once a day"),
        pytest.param(ASKED, Failed("no", certain=True, retry_after=7000.0), {"asked_at": None, "next_at": at(7000), "failures": 1, "last_error": "no"}, (), id="a wish to wait is kept"),
        pytest.param(ASKED, Failed("no", certain=True, retry_after=1e9), {"asked_at": None, "next_at": at(LONGEST_BACK_OFF), "failures": 1, "last_error": "no"}, (), id="but not for years"),
        pytest.param(RENEWING, Failed("no", certain=True), {"asked_at": None, "next_at": at(BACK_OFF_1), "failures": 1, "last_error": "no"}, (), id="a failed renewal leaves the lease as it is"),
        # Verification of intent.
        pytest.param(ASKED, SUBSCRIBE, {"asked_at": None, "next_at": at(800), "lease_until": at(1000)}, (Confirm(),), id="F-62: a pending subscription is confirmed, renewal at 80 % of the lease"),
        pytest.param(RENEWING, SUBSCRIBE, {"asked_at": None, "next_at": at(800), "lease_until": at(1000)}, (Confirm(),), id="a renewal is confirmed"),
        pytest.param(replace(ASKED, failures=5, last_error="no"), SUBSCRIBE, {"asked_at": None, "next_at": at(800), "lease_until": at(1000), "failures": 0, "last_error": None}, (Confirm(),), id="a confirmation ends the failures"),
        pytest.param(FRESH, SUBSCRIBE, {}, (), id="F-62: what was not asked yet is not confirmed"),
        pytest.param(ACTIVE, SUBSCRIBE, {}, (), id="F-62: nobody prolongs a lease that we did not ask to renew"),
        pytest.param(REFUSED, SUBSCRIBE, {}, (), id="what was refused is not confirmed"),
        pytest.param(ASKED, Verification("subscribe", OTHER, 1000), {}, (), id="F-62: another topic is not confirmed"),
        pytest.param(ASKED, Verification("subscribe", TOPIC + "/", 1000), {}, (), id="nor one that only looks the same"),
        pytest.param(ASKED, UNSUBSCRIBE, {}, (), id="nobody else ends a subscription that is wanted"),
        pytest.param(ACTIVE, UNSUBSCRIBE, {}, (), id="nor an active one"),
        pytest.param(ASKED, Verification("", TOPIC), {}, (), id="no mode is no verification"),
        pytest.param(ASKED, Verification("subscribe", TOPIC, 10), {"asked_at": None, "next_at": at(SHORTEST_RENEWAL), "lease_until": at(10)}, (Confirm(),), id="a tiny lease does not make us ask without end"),
        pytest.param(ASKED, Verification("subscribe", TOPIC, 10**12), {"asked_at": None, "next_at": at(0.8 * LONGEST_LEASE), "lease_until": at(LONGEST_LEASE)}, (Confirm(),), id="a lease of centuries is renewed in a month"),
        # Denial.
        pytest.param(ASKED, Denial(TOPIC, "no\nthanks"), {"asked_at": None, "next_at": at(BACK_OFF_1), "failures": 1, "last_error": "the hub denied the subscription (no thanks)"}, (), id="a denial is a failure; its words stand in one line"),
        pytest.param(ACTIVE, Denial(TOPIC, ""), {"lease_until": None, "next_at": at(BACK_OFF_1), "failures": 1, "last_error": "the hub denied the subscription"}, (), id="a hub may end an active subscription"),
        pytest.param(ACTIVE, Denial(OTHER, ""), {}, (), id="a denial of something else means nothing"),
        pytest.param(REFUSED, Denial(TOPIC, ""), {}, (), id="a second denial does not lengthen the pause"),
        pytest.param(ASKED, Denial(TOPIC, "x" * 9999), {"asked_at": None, "next_at": at(BACK_OFF_1), "failures": 1, "last_error": f"the hub denied the subscription ({'x' * 200})"}, (), id="a hub's words are cut"),
        # Pings.
        pytest.param(ACTIVE, Ping(signed=True), {"pinged_at": NOW}, (MovePoll(),), id="F-62: a good ping moves the poll"),
        pytest.param(ACTIVE, Ping(signed=False), {}, (), id="F-62: a bad signature changes nothing"),
        pytest.param(replace(ACTIVE, lease_until=at(-9)), Ping(signed=True), {"pinged_at": NOW}, (MovePoll(),), id="a signed ping after the lease is still the hub's"),
        pytest.param(ASKED, Ping(signed=True), {"pinged_at": NOW}, (MovePoll(),), id="a hub may ping before it verifies"),
        pytest.param(ENDING, Ping(signed=True), {}, (), id="what is being ended moves nothing"),
        # The end.
        pytest.param(ACTIVE, Dropped(), {"wanted": Mode.UNSUBSCRIBE, "next_at": NOW}, (), id="one no longer wanted will be ended at once"),
        pytest.param(RENEWING, Dropped(), {"wanted": Mode.UNSUBSCRIBE, "next_at": NOW, "asked_at": None}, (), id="so will one that is being renewed"),
        pytest.param(ENDING, Dropped(), {}, (), id="what is being ended already stays so"),
        pytest.param(FRESH, Dropped(), None, (), id="one that no hub knows is forgotten"),
        pytest.param(REFUSED, Dropped(), None, (), id="so is one that was refused"),
        pytest.param(ENDING, Due(), {"asked_at": NOW, "next_at": at(3600)}, (Ask(Mode.UNSUBSCRIBE),), id="the end is asked for"),
        pytest.param(ENDED, UNSUBSCRIBE, None, (Confirm(),), id="F-62: a pending end is confirmed and the subscription forgotten"),
        pytest.param(ENDED, SUBSCRIBE, {}, (), id="an end is not turned into a subscription"),
        pytest.param(ENDING, UNSUBSCRIBE, {}, (), id="an end not asked for yet is not confirmed"),
        pytest.param(ENDED, Denial(TOPIC, ""), None, (), id="a hub that knows of no subscription has none to end"),
        pytest.param(replace(ENDED, failures=1), Failed("no", certain=True), {"asked_at": None, "next_at": at(600), "failures": 2, "last_error": "no"}, (), id="an end is asked for again"),
        pytest.param(replace(ENDED, failures=2), Failed("no", certain=True), None, (), id="but not for ever: the lease runs out by itself"),
        pytest.param(replace(ENDED, failures=2, next_at=NOW), Due(), None, (), id="nor of a hub that never says a word"),
    ],
)  # fmt: skip
def test_step(
    was: Subscription, event: Event, changes: dict[str, Any] | None, actions: tuple[Action, ...]
) -> None:
    done = step(was, event, NOW)
    assert done.subscription == (None if changes is None else replace(was, **changes))
    assert done.actions == actions
    assert done.reason


@pytest.mark.parametrize(
    ("was", "event", "told"),
    [
        pytest.param(ASKED, SUBSCRIBE, True, id="the first confirmation"),
        pytest.param(RENEWING, SUBSCRIBE, False, id="not each renewal"),
        pytest.param(ASKED, Failed("no", certain=True), True, id="the first failure"),
        pytest.param(replace(ASKED, failures=1), Failed("no", certain=True), False, id="not each one"),
        pytest.param(ACTIVE, Denial(TOPIC, ""), True, id="a denial"),
        pytest.param(ACTIVE, Ping(signed=False), False, id="not what strangers send"),
    ],
)  # fmt: skip
def test_what_a_person_should_read(was: Subscription, event: Event, told: bool) -> None:
    assert step(was, event, NOW).notable == told


@pytest.mark.parametrize(
    ("given_seconds", "taken"),
    [
        pytest.param(None, LEASE_ASKED, id="unsaid: what we asked for"),
        pytest.param(0, LEASE_ASKED, id="nothing can be meant by 0"),
        pytest.param(-1, LEASE_ASKED, id="nor by less"),
        pytest.param(3600, 3600, id="the hub decides"),
    ],
)
def test_leases(given_seconds: int | None, taken: int) -> None:
    assert lease_taken(given_seconds) == taken


@pytest.mark.parametrize(
    ("one", "active"),
    [
        pytest.param(FRESH, False, id="new"),
        pytest.param(ASKED, False, id="asked"),
        pytest.param(ACTIVE, True, id="verified"),
        pytest.param(replace(ACTIVE, lease_until=NOW), False, id="run out"),
        pytest.param(ENDING, False, id="being ended"),
    ],
)
def test_is_active(one: Subscription, active: bool) -> None:
    assert is_active(one, NOW) == active


EVENTS = st.one_of(
    st.builds(Due),
    st.builds(Accepted),
    st.builds(
        Failed,
        st.just("no"),
        certain=st.booleans(),
        retry_after=st.none() | st.floats(0, 1e12, allow_nan=False),
    ),
    st.builds(
        Verification,
        st.sampled_from(["subscribe", "unsubscribe", ""]),
        st.sampled_from([TOPIC, OTHER]),
        st.none() | st.integers(-10, 10**15),
    ),
    st.builds(Denial, st.sampled_from([TOPIC, OTHER]), st.text(max_size=20)),
    st.builds(Ping, signed=st.booleans()),
)


@given(st.lists(st.tuples(EVENTS, st.floats(0, 200_000), st.floats(0, 1)), max_size=40))
def test_whatever_a_hub_does_it_is_asked_again_and_never_in_a_hurry(
    story: list[tuple[Event, float, float]],
) -> None:
    one, now = FRESH, NOW
    asked: list[datetime] = []
    for event, seconds, jitter in story:
        now += timedelta(seconds=seconds)
        done = step(one, event, now, jitter)
        assert done.subscription is not None, "only we end what we want"
        if any(isinstance(action, Ask) for action in done.actions):
            asked.append(now)
        if any(isinstance(action, Confirm) for action in done.actions):
            assert one.asked_at is not None
        one = done.subscription
        if one.next_at is not None:
            assert one.next_at <= now + timedelta(
                seconds=max(LONGEST_BACK_OFF, 0.8 * LONGEST_LEASE)
            )
    for earlier, later in pairwise(asked):
        assert later - earlier >= timedelta(seconds=269)  # five minutes, less a tenth


def feed(**changes: Any) -> FeedState:
    known: dict[str, Any] = {"last_polled_at": at(-3600), "next_poll_at": at(9000)}
    return FeedState(TOPIC, **(known | changes))


@pytest.mark.parametrize(
    ("state", "moved"),
    [
        pytest.param(feed(), NOW, id="F-62: a feed left alone for long is polled now"),
        pytest.param(feed(last_polled_at=at(-10)), at(50), id="never twice within a minute"),
        pytest.param(feed(last_polled_at=at(-60)), NOW, id="a minute is enough"),
        pytest.param(feed(not_before=at(500)), at(500), id="the server's wish stands"),
        pytest.param(feed(not_before=at(-500)), NOW, id="a wish that is over does not"),
        pytest.param(feed(not_before=at(9000)), None, id="a wish as long as the plan leaves the plan"),
        pytest.param(feed(failures=1, last_polled_at=at(-600)), at(3000), id="a failing feed is given an hour"),
        pytest.param(feed(failures=1), NOW, id="and then a try"),
        pytest.param(feed(next_poll_at=None), None, id="a new feed is due already"),
        pytest.param(feed(next_poll_at=NOW), None, id="so is one that is due"),
        pytest.param(feed(next_poll_at=at(30), last_polled_at=at(-1)), None, id="a hint never makes a poll later"),
        pytest.param(feed(last_polled_at=None), NOW, id="a feed without a past is polled now"),
        pytest.param(feed(last_polled_at=at(86_400)), at(60), id="a clock that ran ahead costs a minute"),
    ],
)  # fmt: skip
def test_hinted_poll(state: FeedState, moved: datetime | None) -> None:
    assert hinted_poll(state, NOW) == moved


SECONDS = st.none() | st.integers(-100_000, 100_000).map(at)


@given(SECONDS, SECONDS, SECONDS, st.integers(0, 3))
def test_a_hint_never_delays_and_never_beats_the_servers_wish(
    last: datetime | None, planned: datetime | None, wish: datetime | None, failures: int
) -> None:
    state = FeedState(
        TOPIC, last_polled_at=last, next_poll_at=planned, not_before=wish, failures=failures
    )
    moved = hinted_poll(state, NOW)
    if moved is not None:
        assert planned is not None
        assert NOW <= moved < planned
        assert wish is None or moved >= wish
        assert last is None or last > NOW or moved - last >= timedelta(seconds=60)
