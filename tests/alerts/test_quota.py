"""Limits of rules and routes: when they are reached, and until when surplus is held."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.quota import Counts, of_route, of_rule
from monitor.alerts.routes import Route
from monitor.model import Reason
from tests.alerts.newsroom import BRUSSELS, NOON, at, route, rule

WAY = ("route", "desk")


@pytest.mark.parametrize(
    ("sent", "held"),
    [
        pytest.param(1, False, id="one of two"),
        pytest.param(2, True, id="the third of two"),
        pytest.param(9, True, id="the limit was lowered during the day"),
    ],
)
def test_a_rules_limit(sent: int, held: bool) -> None:
    found = of_rule(rule("few"), Counts(rules={"few": sent}), BRUSSELS, NOON)
    assert (found is not None) is held
    if found is not None:
        assert (found.until, found.reason) == (at("21 00:00"), Reason.DAILY_LIMIT)
        assert found.said == "the rule's 2 alerts of today"


def test_other_rules_and_rules_without_a_limit_are_not_counted() -> None:
    assert of_rule(rule("few"), Counts(rules={"normal": 9}), BRUSSELS, NOON) is None
    assert of_rule(rule("normal"), Counts(rules={"normal": 9}), BRUSSELS, NOON) is None


@pytest.mark.parametrize(
    ("limits", "counts", "now", "until"),
    [
        pytest.param(route(max_per_day=3), Counts(today={WAY: 2}), NOON, None, id="below the day's"),
        pytest.param(route(max_per_day=3), Counts(today={WAY: 3}), NOON, at("21 00:00"),
                     id="the day's is held till midnight"),
        pytest.param(route(max_per_hour=3), Counts(hour={WAY: 3}), at("20 12:59"), at("20 13:00"),
                     id="the hour's till the full hour"),
        pytest.param(route(max_per_hour=3), Counts(hour={WAY: 3}), at("20 13:00"), at("20 14:00"),
                     id="a full hour begins the next"),
        pytest.param(route(max_per_hour=1, max_per_day=1), Counts(hour={WAY: 1}, today={WAY: 1}),
                     NOON, at("21 00:00"), id="where both are reached, the day's"),
        pytest.param(route(max_per_day=1), Counts(today={("route", "screen"): 5}), NOON, None,
                     id="each channel is counted for itself"),
        pytest.param(route(max_per_day=1, name="b"), Counts(today={WAY: 5}), NOON, None,
                     id="each route for itself"),
    ],
)  # fmt: skip
def test_a_routes_limits(
    limits: Route, counts: Counts, now: datetime, until: datetime | None
) -> None:
    found = of_route(limits, "desk", counts, BRUSSELS, now)
    assert (found.until if found else None) == until


@pytest.mark.parametrize(
    ("zone", "now", "until"),
    [
        pytest.param("Asia/Kolkata", "2026-11-20T12:15", "2026-11-20T12:30",
                     id="an hour ends by the zone's own clock, half an hour off"),
        pytest.param("Europe/Brussels", "2026-10-25T00:30", "2026-10-25T01:00",
                     id="an hour that comes twice is two hours"),
        pytest.param("Europe/Brussels", "2026-10-25T01:30", "2026-10-25T02:00", id="the second, too"),
    ],
)  # fmt: skip
def test_hours_of_the_clock(zone: str, now: str, until: str) -> None:
    found = of_route(route(max_per_hour=1), "desk", Counts(hour={WAY: 1}), ZoneInfo(zone),
                     datetime.fromisoformat(now).replace(tzinfo=UTC))  # fmt: skip
    assert found is not None
    assert found.until == datetime.fromisoformat(until).replace(tzinfo=UTC)
