"""Quiet hours: how they are written, when they hold, and when they end."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.quiet import Window, always_quiet, quiet_until, read_window

BRUSSELS = ZoneInfo("Europe/Brussels")
NIGHT = read_window("22:00-07:00")


def at(text: str) -> datetime:
    """A moment of November 2026 in Brussels: ``20 23:30``, the 20th is a Friday."""
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=BRUSSELS)


@pytest.mark.parametrize(
    ("windows", "now", "until"),
    [
        pytest.param(["22:00-07:00"], "20 21:59", None, id="a minute before they begin"),
        pytest.param(["22:00-07:00"], "20 22:00", "21 07:00", id="the beginning belongs to them"),
        pytest.param(["22:00-07:00"], "21 00:00", "21 07:00", id="past midnight"),
        pytest.param(["22:00-07:00"], "21 07:00", None, id="the end does not"),
        pytest.param(["12:00-13:00"], "20 12:30", "20 13:00", id="a window at noon"),
        pytest.param(["22:00-07:00 Sun-Thu"], "20 23:00", None, id="not on a Friday"),
        pytest.param(["22:00-07:00 Fri"], "21 06:00", "21 07:00",
                     id="the day is that on which the window begins"),
        pytest.param(["22:00-07:00 Fri"], "20 06:00", None, id="not the night before"),
        pytest.param(["00:00-24:00 Sat,Sun"], "21 12:00", "23 00:00",
                     id="two whole days that touch are one quiet"),
        pytest.param(["22:00-07:00", "00:00-24:00 Sat,Sun"], "20 22:30", "23 07:00",
                     id="windows that overlap are one quiet"),
        pytest.param(["22:00-07:00", "07:00-08:00"], "20 23:00", "21 08:00",
                     id="windows that touch are one quiet"),
        pytest.param([], "20 23:00", None, id="no quiet hours"),
    ],
)  # fmt: skip
def test_when_it_is_quiet(windows: list[str], now: str, until: str | None) -> None:
    read = tuple(read_window(text) for text in windows)
    found = quiet_until(read, BRUSSELS, at(now))
    assert found == (None if until is None else at(until))


@pytest.mark.parametrize(
    ("text", "now", "until"),
    [
        pytest.param("22:00-07:00", "2026-03-28T22:00", "2026-03-29T05:00",
                     id="the short night ends an hour earlier"),
        pytest.param("22:00-07:00", "2026-10-24T21:00", "2026-10-25T06:00",
                     id="the long night ends an hour later"),
        pytest.param("02:15-02:45", "2026-03-29T01:00", None, id="quiet hours that the night skips are none"),
        pytest.param("01:00-02:30", "2026-03-29T00:30", "2026-03-29T01:00",
                     id="an end that the night skips is the first moment after"),
        pytest.param("22:00-02:30", "2026-10-25T00:29", "2026-10-25T00:30",
                     id="an end that comes twice is the first of the two"),
        pytest.param("22:00-02:30", "2026-10-25T01:10", None, id="and the second is past it"),
    ],
)  # fmt: skip
def test_changes_of_the_clock(text: str, now: str, until: str | None) -> None:
    found = quiet_until((read_window(text),), BRUSSELS, datetime.fromisoformat(now + "+00:00"))
    assert found == (None if until is None else datetime.fromisoformat(until + "+00:00"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "name no time of day", id="nothing"),
        pytest.param("Mon-Fri", "name no time of day", id="days alone"),
        pytest.param("22:00", "is not one window", id="a beginning alone"),
        pytest.param("22:00-", "'' is no time of day", id="an end that is missing"),
        pytest.param("22:00-07:00 12:00-13:00", "is not one window", id="two in one text"),
        pytest.param("08:00-08:00", "begins when it ends", id="no time at all, or the whole day"),
        pytest.param("22:00-24:01", "is no time of day", id="past midnight"),
        pytest.param("24:00-07:00", "is no time of day", id="a beginning at the end of a day"),
    ],
)  # fmt: skip
def test_what_is_no_window_is_told(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        read_window(text)


@pytest.mark.parametrize(
    ("texts", "always"),
    [
        pytest.param(["00:00-24:00"], True, id="every day, all day"),
        pytest.param(["00:00-12:00", "12:00-24:00"], True, id="two halves"),
        pytest.param(["00:00-24:00 Mon-Sat"], False, id="Sunday is left"),
        pytest.param(["00:00-23:59"], False, id="a minute is left"),
        pytest.param(["12:00-12:30", "12:30-12:00"], True, id="a day cut at noon"),
    ],
)
def test_quiet_that_never_ends_is_noticed(texts: list[str], always: bool) -> None:
    assert always_quiet(tuple(read_window(text) for text in texts)) is always


MINUTES = st.integers(0, 1439)
WINDOWS = st.builds(
    Window,
    MINUTES,
    st.integers(1, 1440),
    st.sets(st.integers(0, 6), min_size=1).map(lambda d: tuple(sorted(d))),
).filter(lambda window: window.start != window.end)


@settings(max_examples=200, deadline=None)
@given(st.lists(WINDOWS, max_size=3), st.datetimes(datetime(2026, 5, 1), datetime(2026, 9, 1)))
def test_it_is_quiet_exactly_while_the_clock_stands_in_a_window(
    windows: list[Window], wall: datetime
) -> None:
    """In months in which no clock changes; and the end is the first moment that is not quiet."""
    now = wall.replace(tzinfo=BRUSSELS)
    minute = wall.hour * 60 + wall.minute
    today, yesterday = wall.weekday(), (wall.weekday() - 1) % 7
    expected = any(
        (today in w.days and w.start <= minute < (w.end if w.end > w.start else 1440))
        or (w.end <= w.start and yesterday in w.days and minute < w.end)
        for w in windows
    )
    until = quiet_until(tuple(windows), BRUSSELS, now)
    assert (until is not None) == expected
    if until is not None and not always_quiet(tuple(windows)):
        assert until > now
        assert quiet_until(tuple(windows), BRUSSELS, until) is None
        last = until - timedelta(seconds=1)
        assert quiet_until(tuple(windows), BRUSSELS, max(last, now)) == until


@settings(max_examples=200, deadline=None)
@given(
    WINDOWS,
    st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1)).map(lambda n: n.replace(tzinfo=UTC)),
    st.sampled_from(["Europe/Brussels", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"]),
)
def test_the_end_of_a_quiet_is_never_quiet_whatever_the_clock_does(
    window: Window, now: datetime, name: str
) -> None:
    zone = ZoneInfo(name)
    until = quiet_until((window,), zone, now)
    if until is not None and not always_quiet((window,)):
        assert now < until < now + timedelta(days=10)
        assert quiet_until((window,), zone, until) is None
