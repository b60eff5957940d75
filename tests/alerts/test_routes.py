"""Which routes an alert takes, and which routes nothing can take."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.report import Report
from monitor.alerts.routes import ANY, Conditions, Route, covers, routes_of, unreachable
from monitor.model import Level
from tests.alerts.newsroom import level, report, route, rule

EU = report(
    tier=1, tags=("EU", "markets"), source="Example News", feed_url="https://feeds.example.org/eu"
)


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        pytest.param(ANY, True, id="no condition fits everything"),
        pytest.param(level("urgent"), True, id="its level"),
        pytest.param(level("normal", "urgent"), True, id="one of two levels"),
        pytest.param(level("info"), False, id="another level"),
        pytest.param(Conditions(rules=("urg*",)), True, id="a pattern for the rule"),
        pytest.param(Conditions(rules=("URGENT",)), False, id="ids are exact"),
        pytest.param(Conditions(labels=(("desk", ("deals", "x")),)), True, id="a label's value"),
        pytest.param(Conditions(labels=(("desk", ("d*",)),)), True, id="a pattern for a label"),
        pytest.param(Conditions(labels=(("desk", ("sport",)),)), False, id="another value"),
        pytest.param(Conditions(labels=(("team", ("*",)),)), False, id="a label that the rule has not"),
        pytest.param(Conditions(tags=("eu",)), True, id="a tag, whatever its case"),
        pytest.param(Conditions(tags=("sport",)), False, id="another tag"),
        pytest.param(Conditions(sources=("example news",)), True, id="the outlet's name"),
        pytest.param(Conditions(sources=("news1.example",)), True, id="its host, without www"),
        pytest.param(Conditions(sources=("*feeds.example.org/*",)), True, id="the feed's address"),
        pytest.param(Conditions(sources=("example",)), False, id="a part of a name is not it"),
        pytest.param(Conditions(tiers=(1, 2)), True, id="its tier"),
        pytest.param(Conditions(tiers=(2,)), False, id="another tier"),
        pytest.param(Conditions((Level.URGENT,), ("urgent",), tags=("sport",)), False,
                     id="all conditions must hold"),
    ],
)  # fmt: skip
def test_conditions(conditions: Conditions, fits: bool) -> None:
    assert conditions.fits(rule("urgent"), EU) is fits


@pytest.mark.parametrize(
    ("routes", "taken"),
    [
        pytest.param([route(name="a"), route(name="b")], ["a"], id="the first that fits"),
        pytest.param([route(name="a", match=level("info")), route(name="b")], ["b"],
                     id="not one that does not fit"),
        pytest.param([route(name="a", goes_on=True), route(name="b"), route(name="c")], ["a", "b"],
                     id="continue goes on to the next that fits, and no further"),
        pytest.param([route(name="a", goes_on=True), route(name="b", match=level("info"))], ["a"],
                     id="continue with nothing behind"),
        pytest.param([route(name="a", match=level("info"))], [], id="none fits"),
        pytest.param([], [], id="no routes"),
    ],
)  # fmt: skip
def test_the_way_of_an_alert(routes: list[Route], taken: list[str]) -> None:
    assert [each.name for each in routes_of(rule("urgent"), EU, routes)] == taken


@pytest.mark.parametrize(
    ("routes", "found"),
    [
        pytest.param([route(), route(match=level("info"))], [(1, 0)], id="behind a catch-all"),
        pytest.param([route(goes_on=True), route()], [], id="a catch-all that goes on"),
        pytest.param([route(match=level("info", "urgent")), route(match=level("info"))], [(1, 0)],
                     id="behind one that takes its level and more"),
        pytest.param([route(match=level("info")), route(match=level("info", "urgent"))], [],
                     id="before one that takes more"),
        pytest.param([route(match=Conditions(rules=("eu-*",))), route(match=Conditions(rules=("eu-ai",)))],
                     [(1, 0)], id="behind a pattern that finds its rule"),
        pytest.param([route(match=Conditions(rules=("eu-*",))), route(match=Conditions(rules=("e*",)))],
                     [], id="a wider pattern"),
        pytest.param([route(match=Conditions(labels=(("desk", ("a",)),))),
                      route(match=Conditions((Level.URGENT,), labels=(("desk", ("a",)),)))], [(1, 0)],
                     id="behind one that asks for less"),
        pytest.param([route(match=Conditions(tiers=(1,))), route(match=Conditions(tags=("a",)))], [],
                     id="conditions of other kinds"),
        pytest.param([route(), route(), route()], [(1, 0), (2, 0)], id="each with the first to blame"),
    ],
)  # fmt: skip
def test_routes_that_nothing_can_take(routes: list[Route], found: list[tuple[int, int]]) -> None:
    assert list(unreachable(routes)) == found


TEXTS = st.sampled_from(["a", "b", "ab", "a*", "*"])
PLAIN = st.sampled_from(["a", "b", "ab"])
ONE_OR_TWO = st.tuples(TEXTS) | st.tuples(TEXTS, TEXTS)
SOME = st.just(()) | ONE_OR_TWO
TIERS = st.integers(1, 3)
LEVELS = st.sampled_from(list(Level))
CONDITIONS = st.builds(
    Conditions,
    st.just(()) | st.tuples(LEVELS) | st.tuples(LEVELS, LEVELS),
    SOME,
    st.just(()) | st.tuples(st.tuples(PLAIN, ONE_OR_TWO)),
    SOME,
    SOME,
    st.just(()) | st.tuples(TIERS) | st.tuples(TIERS, TIERS),
)
REPORTS = st.builds(
    lambda tags, source, tier: report(tags=tags, source=source, tier=tier),
    st.lists(PLAIN, max_size=2).map(tuple), PLAIN, st.none() | TIERS,
)  # fmt: skip


@given(CONDITIONS, CONDITIONS, REPORTS, PLAIN, LEVELS, st.dictionaries(PLAIN, PLAIN, max_size=2))
def test_what_is_said_to_be_covered_is_covered(
    wide: Conditions,
    narrow: Conditions,
    one: Report,
    name: str,
    loud: Level,
    labels: dict[str, str],
) -> None:
    """No route is called unreachable that some alert could take."""
    any_rule = replace(rule(), id=name, level=loud, labels=tuple(labels.items()))
    if covers(wide, narrow) and narrow.fits(any_rule, one):
        assert wide.fits(any_rule, one)
