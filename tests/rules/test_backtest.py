"""Backtests: what fires on the past, what differs, and the noise budget."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Decision, Outcome, Reason
from monitor.rules.backtest import (
    Backtest,
    Budget,
    Past,
    RuleOutcome,
    busiest,
    comparisons,
    fired_by_record,
    parse_budget,
)
from monitor.rules.rule import Rule
from tests.rules.build import article, book

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def rule(match: str, rest: str = "") -> Rule:
    return book(f"id: r\nmatch: {match}\n{rest}").rules[0]


def past(text: str, days: float = 1, fired: tuple[str, ...] = (), **fields: Any) -> Past:
    """An article stored so many days ago, published an hour before unless said."""
    at = NOW - timedelta(days=days)
    known = {"published": at - timedelta(hours=1), **fields}
    return Past(article(text, **known), at, "https://news.example/feed", frozenset(fired))


def run(
    new: Rule, live: Rule | None, *articles: Past, recorded: bool = True, **more: Any
) -> RuleOutcome:
    known = {live.id: live} if live is not None else {}
    test = Backtest(comparisons([new], known, recorded=recorded), 72 * 3600, **more)
    for each in articles:
        test.take(each)
    return test.report().outcomes[0]


FERRY, TRAIN, BOTH = past("A ferry."), past("A train."), past("A ferry and a train.")


@pytest.mark.parametrize(
    ("new", "live", "against", "hits", "added", "removed"),
    [
        pytest.param("[ferry]", None, "nothing", 2, 2, 0, id="a new rule adds all it finds"),
        pytest.param("[ferry]", "[train]", "rule", 2, 1, 1, id="an edited rule adds and loses"),
        pytest.param("{any: [ferry, train]}", "[ferry]", "rule", 3, 1, 0, id="a wider rule only adds"),
        pytest.param("[ferry, train]", "[ferry]", "rule", 1, 0, 1, id="a narrower rule only loses"),
        pytest.param("[ferry]", "[ferry]", "record", 2, 2, 0, id="the live rule is held against the record, here an empty one"),
    ],
)  # fmt: skip
def test_what_differs_from_what_runs(
    new: str, live: str | None, against: str, hits: int, added: int, removed: int
) -> None:
    found = run(rule(new), rule(live) if live else None, FERRY, TRAIN, BOTH)
    assert (found.against, found.hits, found.added, found.removed) == (
        against,
        hits,
        added,
        removed,
    )
    assert len(found.added_headlines) == added
    assert len(found.removed_headlines) == removed


def test_the_record_shows_what_a_rule_gained_and_lost() -> None:
    live = rule("[ferry]")
    found = run(
        live,
        live,
        past("A ferry."),
        past("A bus.", fired=("r",)),
        past("A ferry.", fired=("r", "x")),
    )
    assert (found.hits, found.before, found.added, found.removed) == (2, 2, 1, 1)


def test_articles_of_a_file_have_no_record() -> None:
    live = rule("[ferry]")
    assert run(live, live, FERRY, recorded=False).against == "nothing"


@pytest.mark.parametrize(
    ("rest", "article_", "fires"),
    [
        pytest.param("", past("A ferry."), True, id="a fresh article"),
        pytest.param("", past("A ferry.", published=NOW - timedelta(days=9)), False, id="older than articles.max_age when it was stored"),
        pytest.param("", past("A ferry.", days=20), True, id="old now, but fresh when it was stored"),
        pytest.param("", past("A ferry.", published=None), True, id="no time of publication"),
        pytest.param("expires: 2026-11-18\n", past("A ferry.", days=1), False, id="the rule had expired by then"),
        pytest.param("expires: 2026-11-18\n", past("A ferry.", days=5), True, id="the rule was still in force then"),
        pytest.param("source: {languages: [de]}\n", past("A ferry.", language="en"), False, id="a language that the rule does not want"),
        pytest.param("source: {feeds: ['https://news.example/*']}\n", past("A ferry.", source="News"), True, id="a feed that is named by its address"),
        pytest.param("source: {feeds: ['https://other.example/*']}\n", past("A ferry."), False, id="another feed"),
        pytest.param("source: {max_age: 30m}\n", past("A ferry."), False, id="older than the rule's own max_age"),
        pytest.param("", Past(article("A ferry.", published=NOW - timedelta(days=900)), None), True, id="an article of a file has no age"),
    ],
)  # fmt: skip
def test_a_rule_is_judged_at_the_moment_when_the_article_came(
    rest: str, article_: Past, fires: bool
) -> None:
    assert run(rule("[ferry]", rest), None, article_).hits == fires


@pytest.mark.parametrize(
    ("reason", "fired"),
    [
        pytest.param(Reason.FIRST_REPORT, True, id="a sent alert"),
        pytest.param(Reason.NO_NOTIFIER, True, id="a match that nobody was to hear of"),
        pytest.param(Reason.TOO_OLD, False, id="too old"),
        pytest.param(Reason.SOURCE, False, id="a source condition"),
        pytest.param(Reason.EXPIRED, False, id="an expired rule"),
    ],
)
def test_which_recorded_decisions_count_as_fired(reason: Reason, fired: bool) -> None:
    decision = Decision("a", "r", Outcome.SILENT, reason, "")
    assert fired_by_record([decision]) == ({"r"} if fired else set())


def test_two_versions_with_lists_and_filters_do_not_disturb_each_other() -> None:
    new = book(
        "id: r\nmatch: ['@boats']\nentities: {boats: [ferry, barge]}\nfilters: [{id: f, rules: ['*'], none: [bus]}]\n"
    ).rules[0]
    old = book("id: r\nmatch: ['@boats']\nentities: {boats: [barge]}\n").rules[0]
    found = run(new, old, FERRY, past("A barge."), past("A barge and a bus."))
    assert (found.hits, found.before, found.added, found.removed) == (2, 2, 1, 1)


def test_headlines_are_few_however_many_articles_there_are() -> None:
    found = run(rule("[ferry]"), None, *[FERRY] * 50, headlines=3)
    assert found.added == 50
    assert len(found.added_headlines) == 3


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param([0, 14], 1.0, id="two hits in two weeks"),
        pytest.param([0, 3], None, id="less than a week of articles is no rate"),
        pytest.param([], None, id="no article"),
    ],
)
def test_hits_per_week(days: list[int], expected: float | None) -> None:
    test = Backtest(comparisons([rule("[ferry]")], {}, recorded=True), None)
    for day in days:
        test.take(past("A ferry.", days=day))
    report = test.report()
    assert report.per_week(report.outcomes[0]) == expected


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        pytest.param("10/week", Budget(10, 7), id="a week"),
        pytest.param(" 2/day ", Budget(2, 1), id="a day, with blanks around"),
        pytest.param("0/month", Budget(0, 30), id="none in a month"),
    ],
)
def test_a_budget_as_written(text: str, budget: Budget) -> None:
    assert parse_budget(text) == budget


@pytest.mark.parametrize(
    "text", ["", "10", "10/year", "-1/week", "1.5/week", "９/week", "10/week x", "9999999/day"]
)
def test_what_is_no_budget_is_told_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="Write 10/week"):
        parse_budget(text)


@given(st.lists(st.integers(0, 60)), st.integers(0, 5), st.sampled_from([1, 7, 30]))
def test_the_busiest_time_is_the_most_in_any_window(
    days: list[int], undated: int, width: int
) -> None:
    base = run(rule("[ferry]"), None)
    start = datetime(2026, 1, 1, tzinfo=UTC).date()
    counted = {start + timedelta(days=day): days.count(day) for day in days}
    outcome = replace(base, days=tuple(sorted(counted.items())), undated=undated)
    windows = [sum(first <= day < first + width for day in days) for first in range(61)]
    assert busiest(outcome, width) == max(windows) + undated


@given(
    st.lists(st.tuples(st.sampled_from(["ferry", "train", "ferry train", "bus"]), st.booleans()))
)
def test_the_sums_hold(articles: list[tuple[str, bool]]) -> None:
    live = rule("[ferry]")
    taken = [past(text, fired=("r",) if fired else ()) for text, fired in articles]
    for new in (live, rule("[train]")):
        found = run(new, live, *taken)
        assert found.hits - found.before == found.added - found.removed
        assert sum(count for _, count in found.days) + found.undated == found.hits
