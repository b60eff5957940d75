"""Moments as people type them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.moments import EARLIEST, LATEST, next_clock, read_later, read_moment, read_start

BRUSSELS = ZoneInfo("Europe/Brussels")
NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)  # noon in Brussels, a Friday


def said(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2026-11-20T14:05", "2026-11-20 13:05:00", id="a time of the config's zone"),
        pytest.param(" 2026-11-20 14:05:07 ", "2026-11-20 13:05:07", id="a blank and seconds"),
        pytest.param("2026-11-20T14:05Z", "2026-11-20 14:05:00", id="a time in UTC"),
        pytest.param("2026-11-20T14:05+05:45", "2026-11-20 08:20:00", id="a time of another zone"),
        pytest.param("2026-11-20", "2026-11-19 23:00:00", id="a day begins at its midnight"),
        pytest.param("2027-03-28T02:30", "2027-03-28 01:00:00", id="what the clock skips is after the gap"),
        pytest.param("2026-10-25T02:30", "2026-10-25 00:30:00", id="what it shows twice is the first"),
    ],
)  # fmt: skip
def test_moments(text: str, expected: str) -> None:
    assert said(read_moment(text, BRUSSELS)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("90m", "2026-11-20 12:30:00", id="so long after"),
        pytest.param("1.5d", "2026-11-21 23:00:00", id="a day and a half after"),
        pytest.param("13:00", "2026-11-20 12:00:00", id="a time later that day"),
        pytest.param("12:00", "2026-11-20 11:00:00", id="this very time"),
        pytest.param("02:00", "2026-11-21 01:00:00", id="a time of the next day"),
        pytest.param("2026-11-22T12:00", "2026-11-22 11:00:00", id="a moment"),
    ],
)
def test_later_moments(text: str, expected: str) -> None:
    assert said(read_later(text, NOON, BRUSSELS)) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("noon", "is no time", id="a word"),
        pytest.param("", "is no time", id="nothing"),
        pytest.param("2026-13-01", "is no time", id="a thirteenth month"),
        pytest.param("25:00", "is no time of day", id="a twenty-fifth hour"),
        pytest.param("9x", "is not a duration", id="an unknown unit"),
        pytest.param("2026-11-20T10:00", "before the beginning", id="an earlier moment"),
        pytest.param("9999-12-31T23:59-12:00", "1900 to 2199", id="after all calendars"),
        pytest.param("0001-01-01T00:00+12:00", "1900 to 2199", id="before all calendars"),
        pytest.param("0001-01-01", "1900 to 2199", id="the first day of all"),
    ],
)
def test_what_is_no_moment(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_later(text, NOON, BRUSSELS)


@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 1439),
)
def test_the_next_time_of_day_is_never_before_nor_two_days_after(
    start: datetime, minute: int
) -> None:
    at = next_clock(f"{minute // 60:02}:{minute % 60:02}", start, BRUSSELS)
    assert EARLIEST <= start <= at < LATEST
    assert (at - start).total_seconds() <= 26 * 3600


MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("23:30", "2026-11-23T23:30", id="a time of today"),
        pytest.param("03:10", "2026-11-24T03:10", id="a time that is over is that of tomorrow"),
        pytest.param("Sun 03:10", "2026-11-29T03:10", id="a day of the week"),
        pytest.param(
            "monday 11:00", "2026-11-30T11:00", id="today's name with a time that is over"
        ),
        pytest.param("2026-03-29 03:10", "2026-03-29T03:10", id="a whole moment"),
    ],
)
def test_where_a_rehearsal_begins(text: str, shown: str) -> None:
    zone = ZoneInfo("UTC")
    assert read_start(text, MONDAY, zone).strftime("%Y-%m-%dT%H:%M") == shown


@pytest.mark.parametrize("text", ["Sunday", "Foo 03:10", "25:99", ""])
def test_what_is_no_beginning_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_start(text, MONDAY, ZoneInfo("UTC"))
