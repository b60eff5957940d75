"""When a digest is due: how plans are written, and what the clock's changes do to them."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.localtime import day_end, day_start, hour_end, hour_start, moment
from monitor.alerts.plans import Plan, next_due, read_plan

BRUSSELS = ZoneInfo("Europe/Brussels")
ZONES = [
    "Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo",
    "Asia/Kolkata", "Africa/Casablanca", "Pacific/Apia", "UTC",
]  # fmt: skip
MOMENTS = st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1)).map(
    lambda naive: naive.replace(tzinfo=UTC)
)
PLANS = st.builds(
    Plan,
    st.sets(st.integers(0, 1439), min_size=1, max_size=4).map(lambda t: tuple(sorted(t))),
    st.sets(st.integers(0, 6), min_size=1).map(lambda d: tuple(sorted(d))),
)


@pytest.mark.parametrize(
    ("text", "shown", "due"),
    [
        pytest.param("08:00 Mon-Fri", "08:00 Mon-Fri", "Mon 23 08:00", id="over the weekend to Monday"),
        pytest.param("08:00,17:00", "08:00,17:00", "Fri 20 17:00", id="the next of two times"),
        pytest.param("17:00 , 8:00", "08:00,17:00", "Fri 20 17:00", id="in any order, with blanks"),
        pytest.param("every 2h", "every 2h", "Fri 20 14:00", id="steps count from midnight"),
        pytest.param("every 90m", "every 90m", "Fri 20 13:30", id="steps in minutes"),
        pytest.param("every 2h weekends", "every 2h Sat,Sun", "Sat 21 00:00", id="steps on some days"),
        pytest.param("daily 08:00", "08:00", "Sat 21 08:00", id="daily is every day"),
        pytest.param("Mon,Wed 9:30", "09:30 Mon,Wed", "Mon 23 09:30", id="days before the time"),
        pytest.param("12:00 Fri-Mon", "12:00 Fri-Mon", "Sat 21 12:00",
                     id="at the very minute it is not due again, but the next day"),
        pytest.param("monday 8:00", "08:00 Mon", "Mon 23 08:00", id="long names of days"),
    ],
)  # fmt: skip
def test_plans_as_people_write_them(text: str, shown: str, due: str) -> None:
    plan = read_plan(text)
    assert str(plan) == shown
    assert read_plan(shown) == plan
    now = datetime(2026, 11, 20, 12, tzinfo=BRUSSELS)  # a Friday
    assert f"{next_due(plan, BRUSSELS, now).astimezone(BRUSSELS):%a %d %H:%M}" == due


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "names no time of day", id="nothing"),
        pytest.param("Mon-Fri", "names no time of day", id="days alone"),
        pytest.param("24:00", "'24:00' is no time of day", id="midnight is 00:00"),
        pytest.param("8", "'8' is no time of day", id="an hour alone"),
        pytest.param("08:60", "'08:60' is no time of day", id="too many minutes"),
        pytest.param("08:00 Mno", "'Mno' is no day of the week. Did you mean 'Mon'?", id="a slip"),
        pytest.param("08:00 dayly", "Did you mean 'daily'?", id="a slip in a word for days"),
        pytest.param("08:00 xyzzy", "Write Mon, Mon-Fri or Sat,Sun.", id="nothing like a day"),
        pytest.param("08:00 Mon-", "'' is no day of the week", id="an open range of days"),
        pytest.param("every", "'every ' is no plan", id="every what"),
        pytest.param("every 2d", "'every 2d' is no plan", id="a step of days"),
        pytest.param("every 1m", "from 5m to 24h", id="too often"),
        pytest.param("every 25h", "from 5m to 24h", id="a step past a day"),
        pytest.param("every 2h 08:00", "two plans", id="steps and times"),
        pytest.param("08:00 " + "x" * 9_000_000, "is no day", id="a megabyte of text is not quoted whole"),
    ],
)  # fmt: skip
def test_what_is_no_plan_is_told(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)) as raised:
        read_plan(text)
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize(
    ("zone", "text", "now", "dues"),
    [
        pytest.param("Europe/Brussels", "02:30", "2026-03-28T12:00+00:00",
                     ["2026-03-29T01:00", "2026-03-30T00:30"],
                     id="in the night that skips 02:30 it fires when the clock shows 03:00"),
        pytest.param("Europe/Brussels", "02:30", "2026-10-24T12:00+00:00",
                     ["2026-10-25T00:30", "2026-10-26T01:30"],
                     id="in the night that shows 02:30 twice it fires once, the first time"),
        pytest.param("Europe/Brussels", "02:15,02:45,03:00", "2026-03-28T12:00+00:00",
                     ["2026-03-29T01:00", "2026-03-30T00:15"],
                     id="all times that the night skips are one"),
        pytest.param("America/Sao_Paulo", "00:00", "2018-11-03T12:00+00:00", ["2018-11-04T03:00"],
                     id="a midnight that does not exist is 01:00"),
        pytest.param("Australia/Lord_Howe", "02:10", "2026-10-03T00:00+00:00", ["2026-10-03T15:30"],
                     id="half an hour is skipped"),
        pytest.param("Pacific/Apia", "08:00 Fri", "2011-12-29T12:00+00:00",
                     ["2011-12-30T10:00", "2012-01-05T18:00"],
                     id="a Friday that an island skips is due as Saturday begins"),
    ],
)  # fmt: skip
def test_changes_of_the_clock(zone: str, text: str, now: str, dues: list[str]) -> None:
    plan, at = read_plan(text), datetime.fromisoformat(now)
    for due in dues:
        at = next_due(plan, ZoneInfo(zone), at)
        assert at == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_a_plan_that_is_never_due_says_so() -> None:
    with pytest.raises(ValueError, match="never due"):
        next_due(Plan(()), UTC, datetime(2026, 1, 1, tzinfo=UTC))


@settings(max_examples=60, deadline=None)
@given(PLANS, st.sampled_from(ZONES), MOMENTS)
def test_every_due_moment_comes_once_and_none_is_passed_over(
    plan: Plan, name: str, now: datetime
) -> None:
    """Stepping from due to due gives the moments of all days, each once; asking from anywhere in
    between gives the same next one."""
    zone = ZoneInfo(name)
    at = next_due(plan, zone, now)
    seen = []
    while at < now + timedelta(days=9):
        assert at > now
        seen.append(at)
        following = next_due(plan, zone, at)
        assert following > at
        between = at + (following - at) / 2
        assert next_due(plan, zone, between) == following
        at = following
    first = now.astimezone(zone).date()
    days = [first + timedelta(days=n) for n in range(-1, 11)]
    expected = {
        moment(day, minute, zone)
        for day in days
        if day.weekday() in plan.days
        for minute in plan.times
    }
    assert seen == sorted(due for due in expected if now < due < now + timedelta(days=9))


@settings(max_examples=200, deadline=None)
@given(st.dates(date(2011, 1, 1), date(2030, 1, 1)), st.integers(0, 1439), st.sampled_from(ZONES))
def test_a_moment_shows_its_time_or_the_first_after_a_gap(
    day: date, minute: int, name: str
) -> None:
    zone = ZoneInfo(name)
    wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    at = moment(day, minute, zone)
    shown = at.astimezone(zone).replace(tzinfo=None)
    before = (at - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    assert before < wall <= shown, "the clock reaches the time at this very second"
    assert shown == wall or at.astimezone(zone).fold == 0


@settings(max_examples=200, deadline=None)
@given(MOMENTS, st.sampled_from(ZONES))
def test_days_and_hours_hold_their_moments(now: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    assert day_start(now, zone) <= now < day_end(now, zone)
    assert hour_start(now, zone) <= now < hour_end(now, zone)
    assert day_end(now, zone) == day_start(day_end(now, zone), zone)
