"""When a feed is polled next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds.polling import (
    LONGEST,
    Policy,
    after_parse_failure,
    after_poll,
    base_interval,
    due_at_start,
)
from monitor.model import (
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    FetchProblem,
    FetchResult,
    Freshness,
    NotModified,
    Validators,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
URL = "https://news.example/feed.xml"
FEED = Feed(URL)
POLICY = Policy(min=300.0, max=1800.0)
OLD = Validators('"old"', "old date")
KNOWN = FeedState(
    URL,
    validators=OLD,
    last_polled_at=NOW - timedelta(seconds=700),
    last_success_at=NOW - timedelta(seconds=700),
    last_changed_at=NOW - timedelta(hours=3),
    baseline_at=NOW - timedelta(days=30),
    interval=700.0,
)
SILENT = Freshness()


def body(hints: Freshness = SILENT, validators: Validators = OLD) -> Fetched:
    return Fetched(URL, URL, 200, b"x", None, validators, hints)


def unchanged(hints: Freshness = SILENT, validators: Validators = OLD) -> NotModified:
    return NotModified(URL, validators, hints)


def failure(
    status: int | None = 500,
    problem: FetchProblem = FetchProblem.HTTP,
    retry_after: float | None = None,
) -> FetchFailed:
    return FetchFailed(
        URL, problem, "news.example is ill", status, Freshness(retry_after=retry_after)
    )


def polled(
    result: FetchResult,
    *,
    state: FeedState = KNOWN,
    feed: Feed = FEED,
    new: int = 0,
    ttl: float | None = None,
    policy: Policy = POLICY,
    now: datetime = NOW,
    jitter: float = 0.0,
) -> tuple[FeedState, float, str]:
    """The new state, the seconds to the next poll, the reason."""
    after, reason = after_poll(
        feed, state, result, new_entries=new, ttl=ttl, policy=policy, now=now, jitter=jitter
    )
    assert after.next_poll_at is not None
    assert reason
    return after, (after.next_poll_at - now).total_seconds(), reason


def test_the_interval_starts_in_the_middle_shrinks_on_news_and_grows_without() -> None:
    start = base_interval(FEED, FeedState(URL), POLICY)
    assert POLICY.min < start < POLICY.max
    _, quiet, why_quiet = polled(body(), state=replace(KNOWN, interval=start))
    _, one, why_one = polled(body(), state=replace(KNOWN, interval=start), new=1)
    _, many, why_many = polled(body(), state=replace(KNOWN, interval=start), new=5)
    assert many < one < start < quiet
    assert "nothing new" in why_quiet
    assert "1 new entry" in why_one
    assert "5 new entries" in why_many


@pytest.mark.parametrize(
    ("entries_per_day", "low", "high"),
    [
        pytest.param(0, 1800, 1800, id="a silent feed goes to the longest interval"),
        pytest.param(10, 600, 1000, id="a typical feed stays near the middle"),
        pytest.param(200, 300, 310, id="a busy feed goes to the shortest interval"),
    ],
)
def test_the_interval_settles_by_the_rate_of_news(
    entries_per_day: float, low: float, high: float
) -> None:
    state, now, due, seen = KNOWN, NOW, 0.0, []
    for _ in range(400):
        wait = (state.next_poll_at - now).total_seconds() if state.next_poll_at else 0.0
        now += timedelta(seconds=wait)
        due += entries_per_day * wait / 86400
        new, due = int(due), due % 1
        state, _, _ = polled(body(), state=state, new=new, now=now)
        seen.append(state.interval or 0.0)
    average = sum(seen[200:]) / 200
    assert low * 0.999 <= average <= high * 1.001


@pytest.mark.parametrize(
    ("feed", "policy", "hints", "ttl", "expected"),
    [
        pytest.param(FEED, POLICY, Freshness(max_age=3000.0), None, 3000, id="max-age: less"),
        pytest.param(FEED, POLICY, Freshness(max_age=7200.0), None, 3600, id="up to an hour"),
        pytest.param(FEED, POLICY, SILENT, 2400.0, 2400, id="ttl asks for less"),
        pytest.param(FEED, POLICY, Freshness(max_age=2000.0), 2400.0, 2400, id="the longer wish"),
        pytest.param(FEED, POLICY, Freshness(max_age=60.0), None, 720, id="more is no wish"),
        pytest.param(FEED, POLICY, SILENT, float("nan"), 720, id="an absurd ttl"),
        pytest.param(Feed(URL, every=300.0), POLICY, Freshness(max_age=3000.0), 9e9, 300,
                     id="the user's every beats hints"),
        pytest.param(FEED, Policy(every=900.0), Freshness(max_age=3000.0), 9e9, 900,
                     id="so does the user's every for all feeds"),
        pytest.param(Feed(URL, every=60.0), Policy(every=900.0), SILENT, None, 60,
                     id="the feed's own every beats that for all"),
        pytest.param(Feed(URL, tier=1), POLICY, Freshness(max_age=7200.0), None, 600,
                     id="tier 1 is polled every 10 minutes at least"),
        pytest.param(Feed(URL, every=9e9), POLICY, SILENT, None, LONGEST, id="a day at most"),
    ],
)  # fmt: skip
def test_who_beats_whom(
    feed: Feed, policy: Policy, hints: Freshness, ttl: float | None, expected: float
) -> None:
    for result in (body(hints), unchanged(hints)):
        _, wait, _ = polled(result, feed=feed, policy=policy, ttl=ttl)
        assert wait == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize(
    ("result", "factor"),
    [
        pytest.param(body(), 1.1, id="success: up to a tenth later"),
        pytest.param(failure(), 1.1 / 0.9, id="failure: a tenth both ways"),
    ],
)
def test_chance_spreads_polls(result: FetchResult, factor: float) -> None:
    _, least, _ = polled(result, jitter=0.0)
    _, most, _ = polled(result, jitter=1.0)
    assert most / least == pytest.approx(factor)
    assert polled(result, jitter=5.0)[1] == most


def test_a_success_clears_trouble() -> None:
    ill = replace(KNOWN, failures=7, last_error="ill", not_before=NOW - timedelta(seconds=1))
    after, _, _ = polled(unchanged(), state=ill)
    assert (after.failures, after.last_error, after.not_before) == (0, None, None)
    assert after.last_polled_at == after.last_success_at == NOW
    assert after.last_changed_at == KNOWN.last_changed_at
    assert polled(body(), new=1)[0].last_changed_at == NOW


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        pytest.param(body(validators=Validators('"n"', "new")), Validators('"n"', "new"), id="200"),
        pytest.param(body(validators=Validators('"n"')), Validators('"n"'), id="200 with one"),
        pytest.param(body(validators=Validators()), Validators(), id="200 without clears them"),
        pytest.param(unchanged(validators=Validators()), OLD, id="304 without keeps them"),
        pytest.param(unchanged(validators=Validators('"n"')), Validators('"n"', "old date"),
                     id="304 replaces what it names"),
        pytest.param(failure(), OLD, id="a failure keeps them"),
    ],
)  # fmt: skip
def test_validators(result: FetchResult, expected: Validators) -> None:
    assert polled(result)[0].validators == expected


def test_a_body_that_is_no_feed_is_a_failure_that_keeps_the_validators() -> None:
    after, reason = after_parse_failure(
        FEED, KNOWN, body(validators=Validators('"login page"')), "this is no feed",
        policy=POLICY, now=NOW, jitter=0.5,
    )  # fmt: skip
    assert after.validators == OLD
    assert (after.failures, after.last_error) == (1, "this is no feed")
    assert after.last_success_at == KNOWN.last_success_at
    assert after.next_poll_at == NOW + timedelta(seconds=1400)
    assert "failed once" in reason


def test_back_off_doubles_up_to_a_day_and_goes_on_for_ever() -> None:
    state, now, waits = KNOWN, NOW, []
    for count in range(1, 1001):
        state, wait, _ = polled(failure(), state=state, now=now, jitter=0.5)
        waits.append(wait)
        assert state.failures == count
        now += timedelta(seconds=wait)
    assert waits[:4] == pytest.approx([1400, 2800, 5600, 11200])
    assert max(waits) == waits[-1] == LONGEST
    healthy, wait, _ = polled(body(), state=state, now=now)
    assert healthy.failures == 0
    assert wait <= POLICY.max


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        pytest.param(failure(403), [14400, 14400, 14400], id="403: four hours"),
        pytest.param(failure(401), [14400, 14400, 14400], id="401: four hours"),
        pytest.param(failure(429, FetchProblem.RATE_LIMITED), [3600, 7200, 14400],
                     id="429 without a time: an hour, doubling"),
        pytest.param(failure(429, FetchProblem.RATE_LIMITED, 7200.0), [7200, 7200, 7200],
                     id="429 with a time: that time"),
        pytest.param(failure(429, FetchProblem.RATE_LIMITED, 10.0), [700, 700, 700],
                     id="429 with a short time: not sooner than usual"),
        pytest.param(failure(503, FetchProblem.RATE_LIMITED, 5 * 86400.0), [432000] * 3,
                     id="503 with five days: five days"),
        pytest.param(failure(None, FetchProblem.DNS), [60, 120, 240], id="no name: a minute at first, then doubling"),
        pytest.param(failure(None, FetchProblem.CONNECT), [60, 120, 240], id="no connection: the same"),
        pytest.param(failure(None, FetchProblem.TIMEOUT), [1400, 2800, 5600], id="no answer in time: doubling"),
    ],
)  # fmt: skip
def test_each_failure_has_its_pace(result: FetchFailed, expected: list[float]) -> None:
    state, now, waits = KNOWN, NOW, []
    for _ in expected:
        state, wait, _ = polled(result, state=state, now=now, jitter=0.5)
        waits.append(wait)
        now += timedelta(seconds=wait)
    assert waits == pytest.approx(expected)


def test_being_told_when_to_come_back_is_no_failure() -> None:
    after, _, reason = polled(failure(429, FetchProblem.RATE_LIMITED, 7200.0))
    assert after.failures == KNOWN.failures
    assert after.not_before == NOW + timedelta(hours=2)
    assert "2026-11-22 14:00" in reason


def test_nothing_beats_the_servers_wish() -> None:
    wish = NOW + timedelta(hours=5)
    waiting = replace(KNOWN, not_before=wish)
    for feed in (FEED, Feed(URL, every=60.0), Feed(URL, tier=1)):
        for result in (body(), unchanged(), failure(), failure(403)):
            after, _, _ = polled(result, state=waiting, feed=feed)
            assert after.next_poll_at == wish
            assert after.not_before == wish
    assert due_at_start(waiting, URL, NOW, 300.0) == wish


def test_a_server_that_never_changes_is_asked_unconditionally_every_eight_days() -> None:
    state = replace(KNOWN, last_changed_at=NOW)
    unconditional, now = [], NOW
    for hour in range(20 * 24):
        now = NOW + timedelta(hours=hour)
        if state.validators == Validators():
            unconditional.append(hour / 24)
            state, _, _ = polled(body(), state=state, now=now)
        else:
            state, _, _ = polled(unchanged(), state=state, now=now)
    assert [round(day) for day in unconditional] == [8, 16]


def test_feeds_added_together_are_spread_after_their_first_poll() -> None:
    counts: dict[int, int] = {}
    for number in range(1000):
        feed = Feed(f"https://n{number}.example/feed")
        assert due_at_start(FeedState(feed.url), feed.url, NOW, 600.0) == NOW
        _, wait, _ = polled(
            body(), state=FeedState(feed.url), feed=feed, policy=Policy(every=3600.0)
        )
        assert 3600 <= wait <= 7200
        counts[int(wait // 60)] = counts.get(int(wait // 60), 0) + 1
    assert max(counts.values()) < 3 * 1000 / 60


@pytest.mark.parametrize(
    ("due_in", "low", "high"),
    [
        pytest.param(500, 500, 500, id="still to come: as planned"),
        pytest.param(-10, 0, 290, id="just missed: soon"),
        pytest.param(-8 * 3600, 0, 0, id="long missed: now"),
        pytest.param(400 * 86400, 86400, 95040, id="a clock that ran ahead silences nobody"),
    ],
)
def test_a_restart_is_no_burst_and_loses_nothing(due_in: float, low: float, high: float) -> None:
    state = replace(KNOWN, next_poll_at=NOW + timedelta(seconds=due_in))
    wait = (due_at_start(state, URL, NOW, 700.0) - NOW).total_seconds()
    assert low <= wait <= high


def test_a_hundred_restarts_delay_nothing() -> None:
    state = replace(KNOWN, next_poll_at=NOW)
    first = due_at_start(state, URL, NOW, 700.0)
    for seconds in range(0, 3600, 36):
        now = NOW + timedelta(seconds=seconds)
        assert due_at_start(state, URL, now, 700.0) == max(first, now)


SECONDS = st.none() | st.floats(0, 7 * 86400)
HINTS = st.builds(Freshness, max_age=SECONDS, retry_after=st.none())
VALIDATORS = st.builds(Validators, st.none() | st.text(max_size=3), st.none() | st.text(max_size=3))
RESULTS = (
    st.builds(body, HINTS, VALIDATORS)
    | st.builds(unchanged, HINTS, VALIDATORS)
    | st.builds(failure, st.sampled_from([None, 401, 403, 404, 410, 429, 500, 503]),
                st.sampled_from(FetchProblem))
)  # fmt: skip
STEPS = st.lists(
    st.tuples(
        RESULTS,
        st.integers(0, 500),
        st.none() | st.floats(),
        st.floats(0.0, 1.0),
        st.floats(-3600, 10 * 86400),  # seconds since the poll before; clocks also step back
    ),
    max_size=30,
)
POLICIES = st.builds(
    Policy,
    min=st.floats(10, 7200),
    max=st.floats(10, 7200),
    every=st.none() | st.floats(10, 10 * 86400),
)
FEEDS = st.builds(
    Feed,
    st.just(URL),
    every=st.none() | st.floats(10, 10 * 86400),
    tier=st.none() | st.integers(1, 3),
)


@given(FEEDS, POLICIES, STEPS)
@settings(max_examples=150, deadline=None)
def test_no_history_without_retry_after_leaves_a_feed_alone_for_more_than_a_day(
    feed: Feed,
    policy: Policy,
    steps: list[tuple[FetchResult, int, float | None, float, float]],
) -> None:
    state, now = FeedState(URL), NOW
    for result, new, ttl, jitter, later in steps:
        now += timedelta(seconds=later)
        state, wait, _ = polled(
            result, state=state, feed=feed, new=new, ttl=ttl, policy=policy, now=now, jitter=jitter
        )
        assert 9 <= wait <= LONGEST * 1.1 + 1e-3
        assert state.interval is None or state.interval > 0
