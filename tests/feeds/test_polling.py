"""When a feed is polled next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds.polling import LONGEST, Policy, Shown, after_parse_failure, after_poll
from monitor.feeds.polling_failures import is_gone
from monitor.feeds.polling_start import due_at_start
from monitor.model import (
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    FetchProblem,
    FetchResult,
    Freshness,
    NotModified,
    ParsedFeed,
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
    new: int | list[datetime] = 0,
    ttl: float | None = None,
    parsed: ParsedFeed | None = None,
    policy: Policy = POLICY,
    now: datetime = NOW,
    jitter: float = 0.0,
) -> tuple[FeedState, float, str]:
    """The new state, the seconds to the next poll, the reason."""
    dates = [now] * new if isinstance(new, int) else new
    if parsed is None and (dates or ttl is not None):
        parsed = ParsedFeed("rss 2.0", "Example", None, (), ttl=ttl)
    shown = Shown(parsed, len(dates) + 10, tuple(dates), shares=True)
    after, reason, _ = after_poll(
        feed, state, result, shown=shown if parsed else Shown(), policy=policy, now=now,
        jitter=jitter,
    )  # fmt: skip
    assert after.next_poll_at is not None
    assert reason
    return after, (after.next_poll_at - now).total_seconds(), reason


@pytest.mark.parametrize(
    ("entries_per_day", "low", "high"),
    [
        pytest.param(0, 1750, 1800, id="a silent feed goes to the longest interval"),
        pytest.param(10, 600, 1000, id="a typical feed stays near the middle"),
        pytest.param(300, 300, 320, id="a busy feed goes to the shortest interval"),
    ],
)
def test_the_interval_settles_by_the_rate_of_news(
    entries_per_day: float, low: float, high: float
) -> None:
    state, now, due, waits = KNOWN, NOW, 0.0, []
    for _ in range(1000):
        wait = (state.next_poll_at - now).total_seconds() if state.next_poll_at else 700.0
        waits.append(wait)
        due += entries_per_day * wait / 86400
        dates = [now + timedelta(seconds=wait * share / 10) for share in range(10)]
        now += timedelta(seconds=wait)
        new, due = int(due), due % 1
        state, _, _ = polled(body(), state=state, new=dates[:new], now=now)
        assert state.interval is not None
    average = sum(waits[500:]) / 500
    assert low <= average <= high


def test_a_feed_that_publishes_on_the_hour_is_polled_right_behind_it() -> None:
    state, now, delays = KNOWN, NOW, []
    next_hour = NOW
    for _ in range(1000):
        new = []
        while next_hour <= now:
            new.append(next_hour)
            next_hour += timedelta(hours=1)
        delays += [(now - at).total_seconds() for at in new]
        state, wait, _ = polled(body(), state=state, new=new, now=now, jitter=0.5)
        now += timedelta(seconds=wait)
    late = delays[len(delays) // 2 :]
    assert sum(late) / len(late) < 300  # a steady 12 minutes would give 360


def test_the_rhythm_survives_a_restart_and_damage() -> None:
    state, _, _ = polled(body(), new=[NOW] * 5)
    again, wait, _ = polled(unchanged(), state=state)
    assert state.rhythm is not None
    assert again.rhythm is not None
    damaged, other, _ = polled(unchanged(), state=replace(state, rhythm=b"not a rhythm"))
    assert damaged.rhythm is not None
    assert wait < other


def test_a_feed_polled_before_rhythms_were_kept_is_no_silent_one() -> None:
    _, before, _ = polled(unchanged(), state=replace(KNOWN, rhythm=None))
    assert before == pytest.approx(735, rel=0.15)  # as a typical feed


@pytest.mark.parametrize(
    ("feed", "policy", "hints", "ttl", "expected"),
    [
        pytest.param(FEED, POLICY, Freshness(max_age=3000.0), None, 3000, id="max-age: less"),
        pytest.param(FEED, POLICY, Freshness(max_age=7200.0), None, 3600,
                     id="F-16 F-17 max-age 7200, on a 200 and on a 304: up to an hour"),
        pytest.param(FEED, POLICY, SILENT, 2400.0, 2400, id="ttl asks for less"),
        pytest.param(FEED, POLICY, Freshness(max_age=2000.0), 2400.0, 2400, id="the longer wish"),
        pytest.param(FEED, POLICY, Freshness(max_age=60.0), None, 814, id="more is no wish"),
        pytest.param(FEED, POLICY, SILENT, float("nan"), 814, id="an absurd ttl"),
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
    "later",
    [
        pytest.param(unchanged(), id="a 304"),
        pytest.param(body(), id="the same content"),
    ],
)
def test_the_feeds_own_ttl_holds_when_there_is_nothing_to_read(later: FetchResult) -> None:
    state, first, _ = polled(body(), ttl=2400.0, new=5)
    state, second, _ = polled(later, state=state)
    assert first == second == 2400
    state, _, _ = polled(body(), state=state, parsed=ParsedFeed("rss 2.0", "", None, ()))
    assert state.memory.ttl is None  # taken out of the feed


@pytest.mark.parametrize(
    ("max_age", "told"),
    [
        pytest.param(3600.0, 0, id="an hour is a wish like others"),
        pytest.param(86400.0, 1, id="F-18 max-age 31536000 is clamped, and told once"),
    ],
)
def test_a_hint_that_nobody_can_mean_is_told_once(max_age: float, told: int) -> None:
    state = KNOWN
    notices: list[str] = []
    for _ in range(5):
        state, _, said = after_poll(
            FEED, state, unchanged(Freshness(max_age=max_age)), policy=POLICY, now=NOW, jitter=0.0
        )
        notices += said
        assert state.next_poll_at == NOW + timedelta(hours=1)
    assert len(notices) == told


SUNDAY_NOON_TO_TWO = ParsedFeed("rss 2.0", "", None, (), skip_hours=(12, 13))


@pytest.mark.parametrize(
    ("feed", "policy", "least", "most"),
    [
        pytest.param(FEED, POLICY, 7200, 7500, id="F-22 skipHours move the poll"),
        pytest.param(Feed(URL, every=300.0), POLICY, 300, 330, id="every: beats them"),
        pytest.param(Feed(URL, tier=1), POLICY, 300, 600, id="so does tier 1"),
    ],
)
def test_the_feeds_calendar(feed: Feed, policy: Policy, least: float, most: float) -> None:
    state, wait, _ = polled(body(), parsed=SUNDAY_NOON_TO_TWO, feed=feed, policy=policy)
    assert least <= wait <= most
    _, again, _ = polled(unchanged(), state=state, feed=feed, policy=policy)
    assert least <= again <= most  # remembered


@pytest.mark.parametrize(
    ("result", "feed", "factor"),
    [
        pytest.param(body(), Feed(URL, every=900.0), 1.1, id="fixed: up to a tenth later"),
        pytest.param(body(Freshness(3000.0)), FEED, 1.1, id="a hint: up to a tenth later"),
        pytest.param(body(), FEED, 824 / 814, id="adaptive: up to ten seconds later"),
        pytest.param(failure(), FEED, 1.1 / 0.9, id="failure: a tenth both ways"),
    ],
)
def test_chance_spreads_polls(result: FetchResult, feed: Feed, factor: float) -> None:
    _, least, _ = polled(result, feed=feed, jitter=0.0)
    _, most, _ = polled(result, feed=feed, jitter=1.0)
    assert most / least == pytest.approx(factor, rel=1e-3)
    assert polled(result, feed=feed, jitter=5.0)[1] == most


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
        pytest.param(body(validators=Validators('"n"', "new")), Validators('"n"', "new"),
                     id="F-04 a 200 replaces both"),
        pytest.param(body(validators=Validators('"n"')), Validators('"n"'), id="200 with one"),
        pytest.param(body(validators=Validators()), Validators(), id="F-06 a 200 without clears them"),
        pytest.param(unchanged(validators=Validators()), OLD, id="304 without keeps them"),
        pytest.param(unchanged(validators=Validators('"n"')), Validators('"n"', "old date"),
                     id="F-03 a 304 replaces what it names"),
        pytest.param(failure(), OLD, id="a failure keeps them"),
    ],
)  # fmt: skip
def test_validators(result: FetchResult, expected: Validators) -> None:
    assert polled(result)[0].validators == expected


def test_a_body_that_is_no_feed_is_a_failure_that_keeps_the_validators() -> None:
    after, reason, _ = after_parse_failure(
        FEED, KNOWN, body(validators=Validators('"login page"')), "this is no feed",
        policy=POLICY, now=NOW, jitter=0.5,
    )  # fmt: skip
    assert after.validators == OLD
    assert (after.failures, after.last_error) == (1, "this is no feed")
    assert after.last_success_at == KNOWN.last_success_at
    assert after.next_poll_at == NOW + timedelta(seconds=1400)
    assert "failed once" in reason


def test_nothing_beats_the_servers_wish() -> None:
    wish = NOW + timedelta(hours=5)
    waiting = replace(KNOWN, not_before=wish)
    for feed in (FEED, Feed(URL, every=60.0), Feed(URL, tier=1)):
        for result in (body(), unchanged(), failure(), failure(403)):
            after, _, _ = polled(result, state=waiting, feed=feed)
            assert after.next_poll_at == wish
            assert after.not_before == wish
        soon = replace(waiting, next_poll_at=NOW)
        assert due_at_start({URL: feed}, [soon], POLICY, NOW) == {URL: wish}


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
        _, wait, _ = polled(
            body(), state=FeedState(feed.url), feed=feed, policy=Policy(every=3600.0)
        )
        assert 3600 <= wait <= 7200
        counts[int(wait // 60)] = counts.get(int(wait // 60), 0) + 1
    assert max(counts.values()) < 3 * 1000 / 60


SECONDS = st.none() | st.floats(0, 7 * 86400)
HINTS = st.builds(Freshness, max_age=SECONDS, retry_after=st.none() | SECONDS)
VALIDATORS = st.builds(Validators, st.none() | st.text(max_size=3), st.none() | st.text(max_size=3))
ELSEWHERE = st.sampled_from([None, "https://new.example/feed", "https://other.example/"])
RESULTS = (
    st.builds(lambda h, v, to: replace(body(h, v), moved_permanently_to=to), HINTS, VALIDATORS,
              ELSEWHERE)
    | st.builds(unchanged, HINTS, VALIDATORS)
    | st.builds(failure, st.sampled_from([None, 401, 403, 404, 410, 429, 500, 502, 503]),
                st.sampled_from(FetchProblem), SECONDS)
)  # fmt: skip
DATES = st.datetimes(timezones=st.just(UTC)) | st.none()
PARSED = st.builds(
    ParsedFeed, st.just("rss 2.0"), st.just(""), st.none(), st.just(()),
    ttl=st.none() | st.floats(),
    skip_hours=st.lists(st.integers(-1, 25)).map(tuple),
    skip_days=st.lists(st.integers(-1, 8)).map(tuple),
)  # fmt: skip
SHOWN = st.builds(
    Shown,
    parsed=st.none() | PARSED,
    entries=st.integers(0, 500),
    new=st.lists(DATES, max_size=5).map(tuple),
    shares=st.booleans(),
)
STEPS = st.lists(
    st.tuples(
        RESULTS,
        SHOWN,
        st.floats(0.0, 1.0),
        st.floats(-10 * 86400, 10 * 86400),  # seconds since the poll before; clocks also step back
        st.booleans(),  # online
    ),
    max_size=30,
)
POLICIES = st.builds(
    Policy,
    min=st.floats(10, 10 * 86400),
    max=st.floats(10, 10 * 86400),
    every=st.none() | st.floats(10, 10 * 86400),
)
FEEDS = st.builds(
    Feed,
    st.just(URL),
    every=st.none() | st.floats(10, 10 * 86400),
    tier=st.none() | st.integers(1, 3),
)


@given(FEEDS, POLICIES, STEPS)
@settings(max_examples=100, deadline=None)
def test_no_history_leaves_a_feed_alone_for_more_than_a_day(
    feed: Feed,
    policy: Policy,
    steps: list[tuple[FetchResult, Shown, float, float, bool]],
) -> None:
    """But for what its server asks for (a week at most), or where it says that the feed is gone."""
    day = LONGEST * 1.1 + 1e-3
    state, now = FeedState(URL), NOW
    for result, shown, jitter, later, online in steps:
        now += timedelta(seconds=later)
        state, _, _ = after_poll(
            feed, state, result, shown=shown, policy=policy, now=now, jitter=jitter, online=online
        )
        assert state.next_poll_at is not None
        wait = (state.next_poll_at - now).total_seconds()
        farewell = isinstance(result, FetchFailed) and result.status == 410
        gone = farewell and is_gone(state.memory, now)
        asked = (state.not_before - now).total_seconds() if state.not_before else 0.0
        assert 9 <= wait <= max(day, asked, 7 * 86400 if gone else 0)
        assert asked <= 7 * 86400
        assert state.interval is None or state.interval > 0
    well, _, _ = after_poll(
        feed, state, body(), shown=Shown(), policy=policy, now=now + timedelta(days=8), jitter=0.5
    )
    assert well.failures == 0
    assert well.next_poll_at is not None
    assert (well.next_poll_at - now - timedelta(days=8)).total_seconds() <= day
    assert not is_gone(well.memory, now)
