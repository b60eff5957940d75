"""Deliveries: claims, fences, leases, recovery, sending again."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.model import Alert, Delivery, DeliveryState
from monitor.store import Attempt, NewDelivery, Store, open_store

S = DeliveryState


def claim(store: Store, make: Any, at: float = 0, notifier: str = "screen") -> Delivery:
    got = store.claim_delivery(notifier, make.at(at), 60)
    assert got is not None
    return got[0]


def finish(store: Store, make: Any, row: Delivery, state: DeliveryState, **changes: Any) -> bool:
    after = replace(row, state=state, attempts=row.attempts + 1, **changes)
    return store.finish_attempt(after, row.fence, Attempt(make.at(0), make.at(1), state.value))


def now_in(store: Store) -> list[tuple[str, DeliveryState]]:
    return [(row.notifier, row.state) for item in store.list_alerts(99) for row in item.deliveries]


def test_a_claim_is_sending_under_a_new_fence(store: Store, make: Any) -> None:
    make.outbox(store, "1")
    got = store.claim_delivery("screen", make.now, 60)
    assert got is not None
    delivery, alert = got
    assert (delivery.state, delivery.fence, delivery.attempts) == (S.SENDING, 1, 0)
    assert alert == make.alert("1")
    assert now_in(store) == [("screen", S.SENDING)]
    assert store.claim_delivery("screen", make.at(9999), 60) is None


@pytest.mark.parametrize(
    ("notifier", "at", "claimed"),
    [
        pytest.param("screen", 0, True, id="due at its very moment"),
        pytest.param("screen", -1, False, id="not before its time"),
        pytest.param("mail", 0, False, id="another notifier's is not taken"),
    ],
)
def test_what_is_due(store: Store, make: Any, notifier: str, at: float, claimed: bool) -> None:
    make.outbox(store, "1")
    assert (store.claim_delivery(notifier, make.at(at), 60) is not None) is claimed


def test_first_in_first_out_but_a_failing_one_steps_aside(store: Store, make: Any) -> None:
    make.outbox(store, "1", "2")
    first = claim(store, make)
    assert finish(store, make, first, S.RETRY, next_attempt_at=make.at(10), last_error="busy")
    second = claim(store, make)
    assert (first.alert_id, second.alert_id) == ("alert-1", "alert-2")
    assert finish(store, make, second, S.SENT, sent_at=make.at(1), receipt="x")
    assert store.claim_delivery("screen", make.at(9), 60) is None
    assert store.next_delivery_due() == make.at(10)
    again = claim(store, make, at=10)
    assert (again.id, again.attempts, again.fence) == (first.id, 1, 2)


@pytest.mark.parametrize(
    ("routed", "named"),
    [
        pytest.param(("deal",), ["deal"], id="only the rules routed here are named"),
        pytest.param(("deal", "probe"), ["deal", "probe"], id="all rules routed here are named"),
        pytest.param((), ["deal", "probe"], id="no rules given means all"),
    ],
)
def test_rules_of_a_delivery(
    store: Store, make: Any, routed: tuple[str, ...], named: list[str]
) -> None:
    (one,) = make.pending(store, "1")
    rules = ("deal", "probe")
    to = (NewDelivery("screen", routed),)
    store.record_article(one, make.result("1", rules=rules, deliveries=to), make.now)
    got = store.claim_delivery("screen", make.now, 60)
    assert got is not None
    assert [hit.rule_id for hit in got[1].hits] == named


@pytest.mark.parametrize(
    ("meanwhile", "accepted"),
    [
        pytest.param(lambda store, make: None, True, id="the holder's result counts"),
        pytest.param(
            lambda store, make: store.recover_expired(make.at(59)),
            True,
            id="a lease not yet over takes nothing away",
        ),
        pytest.param(
            lambda store, make: store.recover_expired(make.at(60)),
            False,
            id="a result after the lease was ended is refused",
        ),
        pytest.param(
            lambda store, make: (
                store.recover_all_sending(make.at(1)),
                store.claim_delivery("screen", make.at(1), 60),
            ),
            False,
            id="a result while another sender holds it is refused",
        ),
        pytest.param(
            lambda store, make: finish(store, make, _holder(store), S.SENT, sent_at=make.at(1)),
            False,
            id="a second result of one claim is refused",
        ),
    ],
)
def test_fence(
    store: Store, make: Any, meanwhile: Callable[[Store, Any], object], accepted: bool
) -> None:
    make.outbox(store, "1")
    mine = claim(store, make)
    meanwhile(store, make)
    before = store.get_alert("alert-1")
    assert finish(store, make, mine, S.FAILED, last_error="late") is accepted
    assert (store.get_alert("alert-1") == before) is not accepted


def _holder(store: Store) -> Delivery:
    (item,) = store.list_alerts(1)
    return item.deliveries[0]


@pytest.mark.parametrize(
    ("policy", "state"),
    [
        pytest.param({}, S.RETRY, id="sent again unless told otherwise"),
        pytest.param({"screen": "resend"}, S.RETRY, id="sent again where told so"),
        pytest.param({"screen": "hold"}, S.HELD, id="held where told so"),
        pytest.param({"mail": "hold"}, S.RETRY, id="another notifier's wish does not count"),
    ],
)
def test_recovery(store: Store, make: Any, policy: dict[str, str], state: DeliveryState) -> None:
    make.outbox(store, "1", "2")
    lost = claim(store, make)
    (after,) = store.recover_all_sending(make.at(5), policy)
    assert (after.id, after.state, after.uncertain, after.attempts) == (lost.id, state, True, 1)
    assert store.recover_all_sending(make.at(6), policy) == []
    assert store.list_alerts(9, state=state)[0].deliveries == (after,)
    (attempt,) = store.attempts(lost.id)
    assert "may have arrived" in attempt.outcome
    alerts: dict[str, Alert] = {}
    while (got := store.claim_delivery("screen", make.at(5), 60)) is not None:
        alerts[got[1].id] = got[1]
    marked = {name: alert.possible_duplicate for name, alert in alerts.items()}
    again = {"alert-1": True} if state is S.RETRY else {}
    assert marked == {"alert-2": False, **again}


@pytest.mark.parametrize(
    ("ended", "again"),
    [
        pytest.param(S.SENT, True, id="a sent one goes again"),
        pytest.param(S.FAILED, True, id="a failed one goes again"),
        pytest.param(S.HELD, True, id="a held one goes again"),
        pytest.param(S.RETRY, True, id="one that waits for its next try is due at once"),
        pytest.param(S.SENDING, False, id="one being sent is left alone"),
    ],
)
def test_sending_again(store: Store, make: Any, ended: DeliveryState, again: bool) -> None:
    make.outbox(store, "1")
    row = claim(store, make)
    if ended is not S.SENDING:
        some = ("x@example.org",)
        finish(
            store,
            make,
            row,
            ended,
            next_attempt_at=make.at(500) if ended is S.RETRY else None,
            uncertain=ended is S.HELD,
            pending_recipients=some,
        )
    assert store.requeue([row.id, 999], make.at(90)) == (1 if again else 0)
    got = store.claim_delivery("screen", make.at(90), 60)
    assert (got is not None) is again
    if got is not None:
        assert (got[0].attempts, got[0].created_at, got[0].sent_at) == (0, make.at(90), None)
        assert got[0].pending_recipients == (None if ended is S.SENT else some)
        assert got[1].possible_duplicate is (ended is S.HELD)


def test_an_alert_can_go_to_one_more_notifier(store: Store, make: Any) -> None:
    make.outbox(store, "1")
    made = store.add_delivery("alert-1", NewDelivery("mail"), make.at(9))
    assert store.add_delivery("alert-1", NewDelivery("mail"), make.at(9)) == made
    assert now_in(store) == [("screen", S.PENDING), ("mail", S.PENDING)]
    row = claim(store, make, at=9, notifier="mail")
    assert row.id == made
    assert finish(store, make, row, S.SENT)
    assert store.add_delivery("alert-1", NewDelivery("mail"), make.at(20)) == made
    assert claim(store, make, at=20, notifier="mail").fence == 2
    with pytest.raises(StoreError, match="does not know the alert"):
        store.add_delivery("alert-9", NewDelivery("mail"), make.now)


def test_next_due_asks_only_the_notifiers_that_exist(store: Store, make: Any) -> None:
    assert store.next_delivery_due() is None
    make.outbox(store, "1", to=("gone",))
    assert store.next_delivery_due() == make.now
    assert store.next_delivery_due(["screen"]) is None
    assert store.delivery_counts() == {"gone": {S.PENDING: 1}}


def test_a_retry_without_a_time_is_not_forgotten(store: Store, make: Any) -> None:
    make.outbox(store, "1")
    assert finish(store, make, claim(store, make), S.RETRY)
    assert store.next_delivery_due() == make.at(1)


RACER = """
import sys
from datetime import datetime
from pathlib import Path
from monitor.store import open_store
store = open_store(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
while (got := store.claim_delivery("screen", datetime.fromisoformat(sys.argv[2]), 60)):
    print(got[0].id, flush=True)
print("end", flush=True)
"""


def test_of_two_processes_that_claim_at_once_one_wins(
    data: Path, make: Any, child: Callable[..., Any]
) -> None:
    store = open_store(data)
    names = [str(number) for number in range(20)]
    make.outbox(store, *names)
    racers = [child(RACER, data, make.now.isoformat()) for _ in range(2)]
    for racer in racers:
        assert racer.line() == "ready"
    for racer in racers:
        racer.say("go")
    claimed: list[str] = []
    for racer in racers:
        claimed += iter(racer.line, "end")
    store.close()
    assert len(claimed) == len(set(claimed)) == len(names)


@pytest.mark.parametrize(
    ("meanwhile", "given_back"),
    [
        pytest.param(lambda store, make: None, True, id="of which nothing was sent"),
        pytest.param(
            lambda store, make: store.recover_all_sending(make.at(1)),
            False,
            id="that was ended meanwhile: nothing changes",
        ),
        pytest.param(
            lambda store, make: (
                store.recover_all_sending(make.at(1)),
                store.claim_delivery("screen", make.at(1), 60),
            ),
            False,
            id="that another sender holds now: nothing changes",
        ),
    ],
)
def test_giving_a_claim_back(
    store: Store, make: Any, meanwhile: Callable[[Store, Any], object], given_back: bool
) -> None:
    make.outbox(store, "1", "2")
    mine = claim(store, make)
    meanwhile(store, make)
    before = store.get_alert("alert-1")
    assert store.release_claim(mine.id, mine.fence) is given_back
    if not given_back:
        assert store.get_alert("alert-1") == before
        return
    again = claim(store, make)
    assert (again.id, again.attempts, again.uncertain) == (mine.id, 0, False)


def test_what_is_being_sent_here_is_not_recovered(store: Store, make: Any) -> None:
    make.outbox(store, "1", "2")
    mine, lost = claim(store, make), claim(store, make)
    found = store.recover_expired(make.at(9999), besides=[mine.id])
    assert [row.id for row in found] == [lost.id]
    assert finish(store, make, mine, S.SENT)


@pytest.mark.parametrize(
    ("claimed_at", "next_at", "due"),
    [
        pytest.param(9_000_000, 9_000_010, True, id="claimed in the future: due now"),
        pytest.param(0, 3600, False, id="claimed in the past: its time is meant"),
    ],
)
def test_what_a_clock_that_ran_ahead_put_off(
    store: Store, make: Any, claimed_at: float, next_at: float, due: bool
) -> None:
    make.outbox(store, "1")
    row = claim(store, make, at=claimed_at)
    assert finish(store, make, row, S.RETRY, next_attempt_at=make.at(next_at))
    assert store.forget_future(make.at(60)) == due
    assert store.forget_future(make.at(60)) == 0
    assert (store.claim_delivery("screen", make.at(60), 60) is not None) is due
