"""When a feed with a learned rhythm is polled next."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds.rhythm import Bounds, next_poll, steady_cost, steady_interval, wait_for
from monitor.feeds.rhythm_history import NOTHING_KNOWN, History
from monitor.feeds.rhythm_pace import pace
from monitor.feeds.rhythm_words import describe

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
BOUNDS = Bounds(shortest=300.0, longest=7200.0)


def feed(a_day: float, minute: int | None = None, hour: int | None = None) -> History:
    """Two weeks of ``a_day`` posts, evenly or in one minute of the hour or hour of the day."""
    posts = a_day * 14
    return History(
        learnt_at=NOW.timestamp(),
        posts=posts,
        days=14.0,
        by_hour=tuple(posts / 24 if hour is None else posts * (h == hour) for h in range(24)),
        by_day=(posts / 7,) * 7,
        by_minute=tuple(posts / 60 if minute is None else posts * (m == minute) for m in range(60)),
    )


def minutes(history: History, price: float = 5.0, bounds: Bounds = BOUNDS) -> float:
    choice = next_poll(history, now=NOW, price=price, bounds=bounds, jitter=0.0)
    return (choice.at - NOW).total_seconds() / 60


@pytest.mark.parametrize(
    ("history", "bounds", "least", "most", "reason"),
    [
        pytest.param(feed(5000), BOUNDS, 5, 5, "as soon as allowed", id="a very busy feed waits for the shortest interval"),
        pytest.param(feed(0.1), BOUNDS, 120, 120, "as late as allowed", id="a silent feed is polled at the longest"),
        pytest.param(feed(60), BOUNDS, 10, 20, "new entries expected", id="a middling feed stands between"),
        pytest.param(feed(24, minute=20), BOUNDS, 21, 21, "expected", id="a poll falls behind the minute in which a feed publishes"),
        pytest.param(feed(24, hour=15), BOUNDS, 120, 120, "late", id="before its hour a feed is left alone"),
        pytest.param(NOTHING_KNOWN, BOUNDS, 5, 120, "expected", id="a feed never polled is taken for a typical one"),
        pytest.param(feed(5000), Bounds(300, 7200, wish=1800), 30, 30, "server asks", id="a server's hint makes it later"),
        pytest.param(feed(0.1), Bounds(300, 1800, wish=3600), 60, 60, "server asks", id="a hint beats the longest interval"),
        pytest.param(feed(60), Bounds(300, 7200, wish=10), 10, 20, "expected", id="a hint never makes it sooner"),
        pytest.param(feed(5000), Bounds(300, 7200, not_before=NOW + timedelta(days=2)), 2880, 2880, "left alone", id="nothing beats Retry-After"),
        pytest.param(feed(60), Bounds(300, 7200, not_before=NOW - timedelta(days=2)), 10, 20, "expected", id="a Retry-After that is over counts no more"),
        pytest.param(feed(60), Bounds(3600, 60), 60, 60, "as", id="where the bounds cross the shortest holds"),
    ],
)  # fmt: skip
def test_the_wait(history: History, bounds: Bounds, least: float, most: float, reason: str) -> None:
    choice = next_poll(history, now=NOW, price=5.0, bounds=bounds, jitter=0.0)
    assert least - 0.01 <= (choice.at - NOW).total_seconds() / 60 <= most + 0.01
    assert reason in choice.reason


def test_a_feed_that_once_filled_its_window_is_not_left_alone_for_long() -> None:
    crowded = History(learnt_at=NOW.timestamp(), posts=1.0, days=10.0, crowd=600.0)
    assert minutes(crowded) == pytest.approx(20)
    assert minutes(crowded, bounds=Bounds(1800, 7200)) > 20, "no sooner than allowed"


numbers = st.floats(0, 1e4)
histories = st.builds(
    History,
    learnt_at=st.none() | st.floats(-1e9, 1e11),
    posts=st.floats(0, 1e6),
    days=st.floats(0, 60),
    crowd=st.none() | st.floats(60, 86400),
    by_hour=st.lists(numbers, min_size=24, max_size=24).map(tuple),
    by_day=st.lists(numbers, min_size=7, max_size=7).map(tuple),
    by_minute=st.lists(numbers, min_size=60, max_size=60).map(tuple),
)
times = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))
prices = st.floats(1e-3, 1e7)


@settings(max_examples=80, deadline=None)
@given(histories, times, prices, st.floats(1, 2e4), st.floats(1, 2e4), st.floats(-1, 2))
def test_the_bounds_hold_for_any_history_and_price(
    history: History, now: datetime, price: float, one: float, two: float, jitter: float
) -> None:
    bounds = Bounds(min(one, two), max(one, two))
    choice = next_poll(history, now=now, price=price, bounds=bounds, jitter=jitter)
    wait = (choice.at - now).total_seconds()
    assert bounds.shortest - 1e-3 <= wait <= bounds.longest + 1e-3
    assert choice.reason


@settings(max_examples=80, deadline=None)
@given(histories, times, prices, st.floats(1.0, 100.0))
def test_a_dearer_poll_never_comes_sooner(
    history: History, now: datetime, price: float, dearer: float
) -> None:
    waits = [
        next_poll(history, now=now, price=p, bounds=BOUNDS, jitter=0.0).at
        for p in (price, price * dearer)
    ]
    assert waits[0] <= waits[1] + timedelta(milliseconds=1)


@settings(max_examples=100)
@given(st.floats(1e-6, 100), prices)
def test_the_steady_interval_costs_least(rate: float, price: float) -> None:
    def cost(interval: float) -> float:
        patience = 20.0 * math.sqrt(price)
        delays = rate * (interval**2 / 2 + interval**3 / (6 * patience))
        return (price + delays) / interval

    best = steady_interval(rate, price)
    assert cost(best) <= min(cost(best * 0.9), cost(best * 1.1))
    assert cost(best) == pytest.approx(steady_cost(rate, price), rel=1e-3)


def test_an_even_feed_is_polled_at_the_steady_interval() -> None:
    expected = pace(feed(100))
    steady = 60 * steady_interval(expected.smooth(int(NOW.timestamp() // 3600)), 5.0)
    wait, posts = wait_for(expected, NOW.timestamp() + 17.0, 5.0, 86400.0)
    assert wait == pytest.approx(steady, rel=0.02)
    assert posts > 0


@pytest.mark.parametrize(
    ("history", "words"),
    [
        pytest.param(NOTHING_KNOWN, "not polled yet", id="nothing is said of a feed never polled"),
        pytest.param(feed(5000), "every 5 minutes", id="one interval is one number"),
        pytest.param(feed(24, minute=0), "; it publishes at :00", id="the minute is named"),
        pytest.param(feed(40, hour=9), "from 10:00 to 13:00 on weekdays", id="hours are told in the reader's clock"),
        pytest.param(feed(40, hour=9), "else every 2 hours", id="the other hours too"),
    ],
)  # fmt: skip
def test_the_rhythm_in_words(history: History, words: str) -> None:
    assert words in describe(history, price=5.0, bounds=BOUNDS, offset=7200.0)
