"""Calendars of feeds, starts of the program, and outages of our own network."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.polling import Policy, after_poll
from monitor.feeds.polling_calendar import after_pause
from monitor.feeds.polling_outage import Outcome, is_offline, noted
from monitor.feeds.polling_start import due_at_start, resting_hosts
from monitor.model import (
    Feed,
    FeedMemory,
    FeedState,
    FetchFailed,
    FetchProblem,
    Freshness,
    NotModified,
    Validators,
)

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)  # a Sunday
URL = "https://news.example/feed.xml"
POLICY = Policy()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}+00:00")


@pytest.mark.parametrize(
    ("hours", "days", "expected"),
    [
        pytest.param((), (), "22 12:30", id="no wish"),
        pytest.param((3, 4), (0,), "22 12:30", id="another time"),
        pytest.param((12,), (), "22 13:00", id="F-22 this hour"),
        pytest.param((12, 13, 15), (), "22 14:00", id="this hour and the next"),
        pytest.param((), (6,), "23 00:00", id="F-22 this day"),
        pytest.param((0, 1), (6,), "23 02:00", id="this day, and the first hours of any"),
        pytest.param((), (6, 0), "23 12:00", id="two days: a day at most"),
        pytest.param(tuple(range(24)), (), "22 12:30", id="F-22 every hour: ignored"),
        pytest.param((), tuple(range(7)), "22 12:30", id="F-22 every day: ignored"),
        pytest.param((*range(24), 24), (6,), "23 00:00", id="every hour and a day: the day"),
        pytest.param((12, 12, -1, 99), (9,), "22 13:00", id="numbers that mean nothing"),
    ],
)
def test_the_feeds_calendar(hours: tuple[int, ...], days: tuple[int, ...], expected: str) -> None:
    latest = at("23 12:00")
    assert after_pause(NOW, hours, days, latest=latest) == at(expected)


@given(
    st.datetimes(timezones=st.just(UTC), max_value=datetime(9000, 1, 1)),
    st.lists(st.integers(-2, 26)),
    st.lists(st.integers(-2, 8)),
)
def test_no_calendar_moves_a_poll_back_or_beyond_the_latest(
    moment: datetime, hours: list[int], days: list[int]
) -> None:
    latest = moment + timedelta(days=1)
    found = after_pause(moment, hours, days, latest=latest)
    assert moment <= found <= latest


def feeds(count: int, **options: object) -> dict[str, Feed]:
    made = (
        Feed(f"https://n{number}.example/feed", **options)  # type: ignore[arg-type]  # its fields
        for number in range(count)
    )
    return {feed.url: feed for feed in made}


def state(url: str, due_in: float, last: float = -3600.0) -> FeedState:
    return FeedState(
        url,
        next_poll_at=NOW + timedelta(seconds=due_in),
        last_polled_at=NOW + timedelta(seconds=last),
    )


@pytest.mark.parametrize(
    ("due_in", "expected"),
    [
        pytest.param(500, None, id="F-24 still to come: as planned"),
        pytest.param(-10, 0, id="just missed: now"),
        pytest.param(-8 * 3600, 0, id="F-28 long missed: now"),
        pytest.param(400 * 86400, 95040, id="a clock that ran ahead silences nobody"),
    ],
)
def test_one_feed_at_a_start(due_in: float, expected: float | None) -> None:
    times = due_at_start({URL: Feed(URL)}, [state(URL, due_in)], POLICY, NOW)
    wanted = {} if expected is None else {URL: NOW + timedelta(seconds=expected)}
    assert times == wanted


def test_a_feed_that_is_gone_or_was_asked_to_rest_keeps_its_week() -> None:
    week = 6.9 * 86400
    gone = replace(state(URL, week), memory=FeedMemory(gone=5, gone_since=NOW - timedelta(days=9)))
    resting = replace(state(URL, week), not_before=NOW + timedelta(seconds=week))
    for one in (gone, resting):
        assert due_at_start({URL: Feed(URL)}, [one], POLICY, NOW) == {}


@pytest.mark.parametrize(
    ("count", "within"),
    [
        pytest.param(12, 1.2, id="a dozen feeds: at once"),
        pytest.param(1000, 100, id="F-28 a thousand: ten a second"),
        pytest.param(20_000, 300, id="twenty thousand: five minutes"),
    ],
)
def test_feeds_that_came_due_while_the_program_was_off_are_spread(
    count: int, within: float
) -> None:
    wanted = feeds(count)
    states = [state(url, -8 * 3600, last=-9 * 3600 - number) for number, url in enumerate(wanted)]
    times = due_at_start(wanted, states, POLICY, NOW)
    waits = [(times[one.url] - NOW).total_seconds() for one in states]
    assert waits == sorted(waits, reverse=True)  # whoever waits longest comes first
    assert waits[-1] == 0
    assert within * 0.99 - 0.2 <= max(waits) <= within
    seconds = [int(wait) for wait in waits]
    assert max(seconds.count(second) for second in set(seconds)) <= max(11, count / within + 2)


def test_nobody_is_spread_beyond_its_own_interval() -> None:
    wanted = feeds(20_000, every=60.0)
    times = due_at_start(wanted, [state(url, -3600) for url in wanted], POLICY, NOW)
    assert max(times.values()) <= NOW + timedelta(seconds=60)


def test_a_program_that_is_killed_every_minute_still_reaches_every_feed() -> None:
    wanted = feeds(2000)
    states = {url: state(url, -86400) for url in wanted}
    now, reached = NOW, set()
    for _ in range(100):
        for url, time in due_at_start(wanted, states.values(), POLICY, now).items():
            states[url] = replace(states[url], next_poll_at=time)
        for url, one in states.items():
            assert one.next_poll_at is not None
            if one.next_poll_at <= now + timedelta(seconds=60):
                reached.add(url)
                states[url], _, _ = after_poll(
                    wanted[url], one, NotModified(url, Validators(), Freshness()),
                    policy=POLICY, now=max(one.next_poll_at, now), jitter=0.5,
                )  # fmt: skip
        if len(reached) == len(wanted):
            return
        now += timedelta(minutes=10)
    raise AssertionError(f"{len(wanted) - len(reached)} feeds were never polled")


def test_f25_a_hundred_restarts_in_an_hour_ask_each_feed_once_an_interval() -> None:
    wanted = feeds(20, every=900.0)
    states = {url: state(url, -10.0) for url in wanted}
    asked = dict.fromkeys(wanted, 0)
    for restart in range(100):
        now = NOW + timedelta(seconds=36 * restart)
        for url, time in due_at_start(wanted, states.values(), POLICY, now).items():
            states[url] = replace(states[url], next_poll_at=time)
        for url, one in states.items():
            if one.next_poll_at is not None and one.next_poll_at <= now + timedelta(seconds=36):
                asked[url] += 1
                states[url], _, _ = after_poll(
                    wanted[url], one, NotModified(url, Validators(), Freshness()),
                    policy=POLICY, now=max(one.next_poll_at, now), jitter=0.5,
                )  # fmt: skip
    assert set(asked.values()) <= {3, 4}


def test_f23_feeds_added_together_are_spread_after_their_first_poll() -> None:
    counts: dict[int, int] = {}
    for url, feed in feeds(1000, every=3600.0).items():
        result = NotModified(url, Validators(), Freshness())
        after, _, _ = after_poll(feed, FeedState(url), result, policy=POLICY, now=NOW, jitter=0.0)
        assert after.next_poll_at is not None
        wait = (after.next_poll_at - NOW).total_seconds()
        assert 3600 <= wait <= 7200
        counts[int(wait // 60)] = counts.get(int(wait // 60), 0) + 1
    assert max(counts.values()) < 3 * 1000 / 60


def test_tier_1_feeds_added_together_are_spread_within_their_guarantee() -> None:
    waits = []
    for url, feed in feeds(200, tier=1).items():
        result = NotModified(url, Validators(), Freshness())
        after, _, _ = after_poll(feed, FeedState(url), result, policy=POLICY, now=NOW, jitter=0.0)
        assert after.next_poll_at is not None
        waits.append((after.next_poll_at - NOW).total_seconds())
    assert 290 <= min(waits) < 330
    assert 570 < max(waits) <= 600


def test_hosts_that_asked_for_rest_are_known_after_a_restart() -> None:
    limited = FetchFailed(URL, FetchProblem.RATE_LIMITED, "x", 429, Freshness(retry_after=3600.0))
    busy = replace(limited, status=503)
    for result, expected in ((limited, [(URL, 3000.0)]), (busy, [])):
        after, _, _ = after_poll(
            Feed(URL), FeedState(URL), result, policy=POLICY, now=NOW, jitter=0.5
        )
        assert resting_hosts([after], NOW + timedelta(seconds=600)) == expected
        assert resting_hosts([after], NOW + timedelta(seconds=3600)) == []


def outcomes(reached: int, failed: int, age: float = 0.0) -> tuple[Outcome, ...]:
    moment = NOW - timedelta(seconds=age)
    return tuple(
        Outcome(f"h{number}.example", moment, number < reached)
        for number in range(reached + failed)
    )


@pytest.mark.parametrize(
    ("recent", "hosts", "offline"),
    [
        pytest.param(outcomes(0, 5), 50, True, id="F-36 five hosts of fifty, none reached"),
        pytest.param(outcomes(0, 4), 50, False, id="four are too few to tell"),
        pytest.param(outcomes(1, 4), 50, False, id="four of five: 80 % are not more than 80 %"),
        pytest.param(outcomes(1, 9), 50, True, id="nine of ten"),
        pytest.param(outcomes(5, 20), 25, False, id="F-56 twenty of twenty-five hang"),
        pytest.param(outcomes(0, 9, age=1000), 50, False, id="what is long ago does not count"),
        pytest.param(outcomes(0, 9, age=-1000), 50, False, id="nor what a jumping clock wrote"),
        pytest.param(outcomes(0, 2), 2, True, id="both of two"),
        pytest.param(outcomes(0, 1), 1, False, id="the only one: who knows"),
        pytest.param((), 50, False, id="nobody asked yet"),
    ],
)
def test_whether_our_own_network_is_down(
    recent: tuple[Outcome, ...], hosts: int, offline: bool
) -> None:
    assert is_offline(recent, NOW, hosts=hosts) is offline


def test_a_host_with_five_hundred_feeds_is_one_voice() -> None:
    recent = outcomes(5, 0)
    for _ in range(500):
        recent = noted(recent, Outcome("big.example", NOW, reached=False))
    assert len(recent) == 6
    assert not is_offline(recent, NOW, hosts=6)


def test_what_is_remembered_has_a_limit_and_recovers() -> None:
    recent: tuple[Outcome, ...] = ()
    for number in range(5000):
        recent = noted(recent, Outcome(f"h{number}.example", NOW, reached=False))
    assert len(recent) == 64
    assert is_offline(recent, NOW, hosts=5000)
    for number in range(13):
        recent = noted(recent, Outcome(f"h{number}.example", NOW, reached=True))
    assert not is_offline(recent, NOW, hosts=5000)
