"""What was: lists, prefixes, counts, forgetting."""

from dataclasses import replace
from typing import Any

import pytest

from monitor.errors import UsageError
from monitor.model import DeliveryState, Feed, Outcome, Reason
from monitor.store import Attempt, NewEntry, Pruned, Store

S = DeliveryState


def three(store: Store, make: Any) -> None:
    """Articles 1 to 3, at 0, 10 and 20 s; 1 by rule deal, 2 by probe, 3 silent; 1 is sent.

    Rule deal was silent on article 2.
    """
    ids = make.pending(store, "1", "2", "3")
    for number, rule in ((1, "deal"), (2, "probe"), (3, "deal")):
        result = make.result(str(number), rules=(rule,), to=("screen",))
        assert result.alert is not None
        changes: dict[str, Any] = {
            "alert": replace(result.alert, created_at=make.at(10 * (number - 1)))
        }
        if number == 2:
            quiet = replace(result.decisions[0], rule_id="deal", outcome=Outcome.SILENT)
            changes["decisions"] = (*result.decisions, quiet)
        if number == 3:
            silent = replace(result.decisions[0], outcome=Outcome.SILENT, reason=Reason.TOO_OLD)
            changes = {"alert": None, "deliveries": (), "decisions": (silent,)}
        store.record_article(
            ids[number - 1], replace(result, **changes), make.at(10 * (number - 1))
        )
    got = store.claim_delivery("screen", make.now, 60)
    assert got is not None
    sent = replace(got[0], state=S.SENT, attempts=1, sent_at=make.at(1), receipt="r-1")
    assert store.finish_attempt(sent, got[0].fence, Attempt(make.at(0), make.at(1), "accepted"))


@pytest.mark.parametrize(
    ("question", "found"),
    [
        pytest.param({}, ["alert-2", "alert-1"], id="newest first"),
        pytest.param({"limit": 1}, ["alert-2"], id="no more than asked for"),
        pytest.param({"since": 10}, ["alert-2"], id="since a moment, which counts"),
        pytest.param({"rule": "deal"}, ["alert-1"], id="of one rule, and not where it was silent"),
        pytest.param({"rule": "none"}, [], id="of a rule that never fired"),
        pytest.param({"state": S.SENT}, ["alert-1"], id="with a delivery in this state"),
        pytest.param({"state": S.HELD}, [], id="with no delivery in this state"),
    ],
)
def test_list_alerts(store: Store, make: Any, question: dict[str, Any], found: list[str]) -> None:
    three(store, make)
    limit = question.pop("limit", 9)
    if "since" in question:
        question["since"] = make.at(question["since"])
    assert [item.alert.id for item in store.list_alerts(limit, **question)] == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param("alert-1", "alert-1", id="by its id"),
        pytest.param("ALERT-1", None, id="an id is not the same in capitals"),
        pytest.param("alert_1", None, id="a wildcard of LIKE is an ordinary character"),
        pytest.param("%", None, id="a wildcard of LIKE finds nothing"),
        pytest.param("", None, id="nothing asked, nothing found"),
        pytest.param("alert-9", None, id="a stranger"),
    ],
)
def test_get_alert(store: Store, make: Any, asked: str, found: str | None) -> None:
    three(store, make)
    got = store.get_alert(asked)
    assert (got.alert.id if got else None) == found


def test_a_beginning_names_an_alert_if_it_is_only_its_own(store: Store, make: Any) -> None:
    make.outbox(store, "17", "18", "9")
    nine = store.get_alert("alert-9")
    assert nine is not None
    assert nine.alert.id == "alert-9"
    with pytest.raises(UsageError, match="alert-17, alert-18"):
        store.get_alert("alert-1")


def test_an_alert_is_told_with_all_that_belongs_to_it(store: Store, make: Any) -> None:
    three(store, make)
    got = store.get_alert("alert-1")
    assert got is not None
    assert got.article.id == "article-1"
    assert [decision.rule_id for decision in got.decisions] == ["deal"]
    (delivery,) = got.deliveries
    assert (delivery.delivery.state, delivery.delivery.receipt) == (S.SENT, "r-1")
    assert delivery.rules == ("deal",)
    assert delivery.attempts == (Attempt(make.at(0), make.at(1), "accepted"),)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        pytest.param({}, ["article-3", "article-2", "article-1"], id="newest first"),
        pytest.param({"limit": 2}, ["article-3", "article-2"], id="no more than asked for"),
        pytest.param({"since": 20}, ["article-3"], id="since a moment, which counts"),
        pytest.param({"title": "REPORT 2"}, ["article-2"], id="by title in any case"),
        pytest.param({"title": "%"}, [], id="a wildcard of LIKE is an ordinary character"),
    ],
)
def test_list_articles(store: Store, make: Any, question: dict[str, Any], found: list[str]) -> None:
    three(store, make)
    limit = question.pop("limit", 9)
    if "since" in question:
        question["since"] = make.at(question["since"])
    assert [item.article.id for item in store.list_articles(limit, **question)] == found


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://news.example/1", id="by its canonical address"),
        pytest.param("https://news.example/1?from=feed", id="by the address as it was given"),
    ],
)
def test_get_article_by_url(store: Store, make: Any, url: str) -> None:
    three(store, make)
    got = store.get_article_by_url(url)
    assert got is not None
    assert got == store.get_article("article-1")


def test_counts(store: Store, make: Any) -> None:
    three(store, make)
    a, b, c = (f"https://{name}.example/" for name in "abc")
    store.sync_feeds([Feed(url) for url in (make.feed, a, b)])
    store.record_poll(make.state(a, failures=3))
    store.sync_feeds([Feed(url) for url in (make.feed, a, b, c)])
    got = store.counts(make.now)
    assert (got.feeds_ok, got.feeds_failing, got.feeds_never) == (1, 1, 2)
    assert (got.articles, got.entries_pending, got.entries_deferred) == (3, 0, 0)
    assert got.deliveries == {S.SENT: 1, S.PENDING: 1}
    assert got.last_alert_at == make.at(10)


@pytest.mark.parametrize(
    ("articles_before", "decisions_before", "left", "decided"),
    [
        pytest.param(0, 0, {"1", "2", "3"}, {"1", "2", "3"}, id="the moment itself is not before"),
        pytest.param(1, 0, {"2", "3"}, {"2", "3"}, id="an old article goes with its decisions"),
        pytest.param(99, 0, {"2"}, {"2"}, id="what an unfinished delivery needs stays"),
        pytest.param(0, 99, {"1", "2", "3"}, {"2"}, id="decisions go before their articles"),
    ],
)
def test_forgetting(
    store: Store,
    make: Any,
    articles_before: float,
    decisions_before: float,
    left: set[str],
    decided: set[str],
) -> None:
    three(store, make)
    limits = (make.at(articles_before), make.at(decisions_before))
    while store.prune(*limits, limit=1) != Pruned(0, 0):
        pass
    found = {item.article.id.removeprefix("article-") for item in store.list_articles(9)}
    assert found == left
    histories = {name: store.get_article(f"article-{name}") for name in left}
    assert {name for name, got in histories.items() if got and got.decisions} == decided
    assert {name for name, got in histories.items() if got and got.matches} == decided
    assert store.claim_delivery("screen", make.at(99), 60) is not None


def test_a_forgotten_article_does_not_come_back_as_news(store: Store, make: Any) -> None:
    three(store, make)
    store.prune(make.at(99), make.at(99))
    assert store.record_poll(make.state(), [NewEntry(make.entry("1"))]) == 0
    assert store.entries_by_link("https://news.example/1") == []


@pytest.mark.parametrize(
    ("state", "kept"),
    [
        pytest.param(S.SENDING, True, id="being sent"),
        pytest.param(S.RETRY, True, id="to be tried again"),
        pytest.param(S.HELD, True, id="waiting for a person"),
        pytest.param(S.SENT, False, id="sent"),
        pytest.param(S.FAILED, False, id="failed for good"),
    ],
)
def test_states_that_keep_an_article(
    store: Store, make: Any, state: DeliveryState, kept: bool
) -> None:
    make.outbox(store, "1")
    got = store.claim_delivery("screen", make.now, 60)
    assert got is not None
    if state is not S.SENDING:
        after = replace(got[0], state=state)
        store.finish_attempt(after, got[0].fence, Attempt(make.now, make.now, "x"))
    store.prune(make.at(99), make.at(99))
    assert (store.get_article("article-1") is not None) is kept
