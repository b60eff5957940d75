"""Alerts of stored articles: all or nothing, once for each rule, and told truly afterwards."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from monitor.model import Decision, DeliveryState, Match, Outcome, Reason, Span
from monitor.store import Attempt, NewDelivery, Store, open_store

ARTICLE = "article-1"


def further(make: Any, *rules: str, name: str = "later") -> dict[str, Any]:
    """The arguments of ``record_later`` for these rules of article 1."""
    alert = replace(make.alert("1", rules), id=f"alert-{name}", created_at=make.at(60))
    return {
        "alert": alert,
        "found": [Match(rule, (Span("body", 0, 1, "a"),), ()) for rule in rules],
        "made": [
            Decision(ARTICLE, rule, Outcome.SENT, Reason.ON_REQUEST, "on request", ("screen",))
            for rule in rules
        ],
        "wanted": [NewDelivery("screen", rules)],
        "now": make.at(60),
    }


def record(store: Store, make: Any, **changes: Any) -> None:
    """Article 1, on which the rule ``deal`` fired."""
    (entry_id,) = make.pending(store, "1")
    store.record_article(entry_id, make.result("1", to=("screen",), **changes), make.now)


def everything(store: Store) -> object:
    history = store.get_article(ARTICLE)
    assert history is not None
    return history.matches, history.decisions, history.alerts


def test_a_further_alert_stands_beside_the_first(store: Store, make: Any) -> None:
    record(store, make)
    assert store.record_later(**further(make, "boats", "sails"))
    history = store.get_article(ARTICLE)
    assert history is not None
    assert [each.alert.id for each in history.alerts] == ["alert-1", "alert-later"]
    assert [(d.rule_id, d.reason) for d in history.decisions] == [
        ("boats", Reason.ON_REQUEST), ("deal", Reason.FIRST_REPORT), ("sails", Reason.ON_REQUEST),
    ]  # fmt: skip
    assert [match.rule_id for match in history.matches] == ["boats", "deal", "sails"]
    told = {}
    while (claimed := store.claim_delivery("screen", make.at(60), 60)) is not None:
        told[claimed[1].id] = [hit.rule_id for hit in claimed[1].hits]
    assert told == {"alert-1": ["deal"], "alert-later": ["boats", "sails"]}


def test_a_silent_decision_and_its_old_evidence_are_replaced(store: Store, make: Any) -> None:
    result = make.result("1")
    silent = replace(result.decisions[0], outcome=Outcome.SILENT, reason=Reason.TOO_OLD)
    record(store, make, decisions=(silent,), alert=None, deliveries=())
    assert store.record_later(**further(make, "deal"))
    history = store.get_article(ARTICLE)
    assert history is not None
    ((made,), (match,)) = history.decisions, history.matches
    assert (made.outcome, made.reason) == (Outcome.SENT, Reason.ON_REQUEST)
    assert match.spans == (Span("body", 0, 1, "a"),)


@pytest.mark.parametrize(
    ("rules", "prepare"),
    [
        pytest.param(("deal",), None, id="the rule was alerted when the article came"),
        pytest.param(("boats", "deal"), None, id="one of its rules was"),
        pytest.param(("sails",), "sails", id="another call was quicker"),
        pytest.param(("deal",), "forget", id="the decision is forgotten, the alert is not"),
    ],
)
def test_no_rule_is_alerted_twice_and_nothing_is_half_stored(
    store: Store, make: Any, rules: tuple[str, ...], prepare: str | None
) -> None:
    record(store, make)
    if prepare == "forget":
        claimed = store.claim_delivery("screen", make.at(1), 60)
        assert claimed is not None
        sent = replace(claimed[0], state=DeliveryState.SENT, attempts=1, sent_at=make.at(1))
        store.finish_attempt(sent, claimed[0].fence, Attempt(make.at(1), make.at(1), "accepted"))
        assert store.prune(make.at(-99), make.at(99)).decisions == 1
    elif prepare:
        assert store.record_later(**further(make, prepare))
    before = everything(store)
    assert not store.record_later(**further(make, *rules, name="second"))
    assert everything(store) == before


def test_an_article_that_is_gone_gets_no_alert(store: Store, make: Any) -> None:
    assert not store.record_later(**further(make, "boats"))
    assert store.list_alerts(10) == []


def test_of_two_that_ask_at_the_same_moment_one_sends(store: Store, make: Any, data: Path) -> None:
    record(store, make)
    together = Barrier(2, timeout=10)

    def ask(name: str) -> bool:
        guest = open_store(data)
        try:
            together.wait()
            return guest.record_later(**further(make, "boats", name=name))
        finally:
            guest.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(ask, ("a", "b")))
    assert sorted(answers) == [False, True]
    assert len(store.list_alerts(10, rule="boats")) == 1


def test_a_crash_leaves_all_of_it_or_nothing(
    tmp_path: Path,
    fresh: Callable[[Path], Store],
    make: Any,
    crash: type[BaseException],
    crash_at: Callable[[int], Callable[[], bool]],
) -> None:
    for k in range(1, 50):
        folder = tmp_path / str(k)
        store = fresh(folder)
        record(store, make)
        before = everything(store)
        disarm = crash_at(k)
        with suppress(crash):
            store.record_later(**further(make, "boats"))
        crashed = disarm()
        store.close()
        store = open_store(folder, lock=True)
        whole = everything(store) != before
        assert store.record_later(**further(make, "boats")) is not whole, f"step {k}"
        store.close()
        if not crashed:
            assert whole
            assert k > 8, "every statement and the commit had its turn"
            return
        assert not whole, f"step {k}"
    raise AssertionError("it never came to its end")


def test_alerts_of_a_rule_are_those_that_name_it(store: Store, make: Any) -> None:
    record(store, make)
    store.record_later(**further(make, "boats"))
    for rule, ids in [("deal", ["alert-1"]), ("boats", ["alert-later"]), ("sails", [])]:
        assert [each.alert.id for each in store.list_alerts(10, rule=rule)] == ids
    assert [each.alert.id for each in store.list_alerts(1)] == ["alert-later"]
    assert len(store.list_alerts(1, rule="deal")) == 1


def test_attempts_are_counted_on_after_a_resend(store: Store, make: Any) -> None:
    """The retry rule begins anew, the story that people read does not."""
    record(store, make)
    for turn in (1, 2):
        claimed = store.claim_delivery("screen", make.at(turn), 60)
        assert claimed is not None
        row, _ = claimed
        assert row.attempts == 0
        failed = replace(row, state=DeliveryState.FAILED, attempts=1, last_error="no")
        store.finish_attempt(failed, row.fence, Attempt(make.at(turn), make.at(turn), "no"))
        history = store.get_alert("alert-1")
        assert history is not None
        (item,) = history.deliveries
        (listed,) = store.list_alerts(10)
        assert (item.delivery.attempts, len(item.attempts)) == (turn, turn)
        assert [each.attempts for each in listed.deliveries] == [turn]
        assert store.requeue([row.id], make.at(turn)) == 1
