"""For what a story is told again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.alerts.again import because, why_not
from monitor.alerts.report import Report
from monitor.alerts.standing import StoryStanding, Told, joined
from monitor.alerts.standing import told as tell
from monitor.rules.alertsettings import NEVER_AGAIN, Again
from monitor.rules.rule import Rule
from tests.alerts.newsroom import NOON, money, report, rule, story, told
from tests.rules.build import book

FIGURES = Again(new_figures=True)
TIER = Again(tier=True)
THREE = Again(sources=3)
HALF_A_DAY = Again(after=12 * 3600.0)


@pytest.mark.parametrize(
    ("again", "before", "last", "of", "reason"),
    [
        pytest.param(NEVER_AGAIN, {}, {}, report(tier=1, figures=(money("2.1"),)), None, id="never, unless the rule says so"),
        pytest.param(FIGURES, {}, {}, report(figures=(money("2.1"),)), "a new figure: $2.1 billion", id="a figure"),
        pytest.param(FIGURES, {"figures": (money("2.1"),)}, {}, report(figures=(money("2.1"),)), None,
                     id="a figure that the story had"),
        pytest.param(FIGURES, {}, {}, report(figures=tuple(map(money, "56789"))),
                     "new figures: $5 billion, $6 billion, $7 billion (+2)", id="many figures are counted"),
        pytest.param(TIER, {}, {}, report(4, tier=2), "Outlet 4 (tier 2) has it now", id="any tier is better than none"),
        pytest.param(TIER, {"tier": 2}, {"tier": 2}, report(tier=2), None, id="the same tier"),
        pytest.param(TIER, {"tier": 2}, {"tier": 2}, report(tier=3), None, id="a worse tier"),
        pytest.param(TIER, {"tier": 1}, {"tier": 2}, report(4, tier=1), "Outlet 4 (tier 1) has it now",
                     id="a tier that came in silence since the last alert counts"),
        pytest.param(TIER, {}, {}, report(), None, id="no tier"),
        pytest.param(THREE, {"outlets": ("a", "b")}, {}, report(), "3 outlets have it now", id="the third outlet"),
        pytest.param(THREE, {"outlets": ("a", "Outlet 1")}, {}, report(1), None, id="an outlet counts once"),
        pytest.param(THREE, {"outlets": ("a", "b", "c")}, {"sources": 3}, report(), None, id="told once"),
        pytest.param(THREE, {"outlets": ("a", "b", "c")}, {"sources": 2}, report(), "4 outlets have it now",
                     id="reached in silence, told at the next occasion"),
        pytest.param(HALF_A_DAY, {}, {"hours_ago": 11.9}, report(), None, id="too soon"),
        pytest.param(HALF_A_DAY, {}, {"hours_ago": 12}, report(), "more than 12 hours after the last alert", id="long after"),
        pytest.param(HALF_A_DAY, {}, {"hours_ago": 99, "last_at": NOON - timedelta(hours=1)}, report(), None,
                     id="the last alert counts, not the first"),
        pytest.param(Again(True, True), {}, {}, report(4, tier=1, figures=(money("3"),)),
                     "a new figure: $3 billion; Outlet 4 (tier 1) has it now", id="all reasons are named"),
    ],
)  # fmt: skip
def test_reasons(
    again: Again, before: dict[str, Any], last: dict[str, Any], of: Report, reason: str | None
) -> None:
    teller = told(**last)
    standing = story(teller, **before)
    assert because(again, teller, standing, of, NOON) == reason
    assert bool(why_not(again, teller, standing, of)) == bool(again)


def test_what_it_waits_for_is_told() -> None:
    everything = Again(True, True, 5, 43_200.0)
    found = why_not(everything, told(), story(told(), tier=2), report(1))
    assert found == (
        "no new figure, no better tier than 2, 2 of 5 outlets, "
        "less than 12 hours after the last alert"
    )


def test_a_standing_grows_with_its_reports() -> None:
    standing = StoryStanding("s1")
    for one in (
        report(1, tier=3, figures=(money("2"),)),
        report(1),
        report(2, tier=2, figures=(money("2"),)),
    ):
        standing = joined(standing, one)
    assert standing == StoryStanding("s1", 3, ("Outlet 1", "Outlet 2"), 2, (money("2"),))


def test_a_second_alert_keeps_the_first_and_moves_the_last() -> None:
    one = tell(joined(StoryStanding("s1"), report(1)), [(rule(), ("desk",))], "x1", NOON)
    later = NOON + timedelta(hours=2)
    two = tell(joined(one, report(2, tier=1)), [(rule(), ("screen", "desk"))], "x2", later)
    assert two.alerts == (
        Told("normal", rule().level, (), "x1", NOON, later, 2, 1, ("desk", "screen")),
    )
    assert two.first == two.told_by("normal")
    assert replace(two, alerts=()).first is None


@pytest.mark.parametrize(
    ("text", "again", "limit"),
    [
        pytest.param("{notify: [a]}", NEVER_AGAIN, None, id="nothing of both"),
        pytest.param("{again: [new_figures, tier, sources: 5, after: 12h], max_per_day: 3}",
                     Again(True, True, 5, 43_200.0), 3, id="all of it"),
        pytest.param("{again: tier}", Again(tier=True), None, id="one word alone"),
        pytest.param("{again: {sources: 2, after: 2d}}", Again(sources=2, after=172_800.0), None, id="a mapping"),
    ],
)  # fmt: skip
def test_a_rule_says_it_and_its_packed_form_keeps_it(
    text: str, again: Again, limit: int | None
) -> None:
    from monitor.rules.packed import open_rule, pack_rule

    (one,) = book(f"match: [ferry]\nalert: {text}").rules
    assert (one.again, one.max_per_day) == (again, limit)
    opened: Rule = open_rule(pack_rule(one, {}), one.place.path, {})
    assert opened == one
