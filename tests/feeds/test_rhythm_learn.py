"""What polls teach, how it is kept, and what a poll costs."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.polling_feeds import KINDS, made_up_feeds
from benchmarks.polling_replay import WIDE, Span, compare, fixed, main, read, rhythm, span_of
from monitor.feeds.rhythm import Bounds, next_poll
from monitor.feeds.rhythm_history import NOTHING_KNOWN, History, pack, unpack
from monitor.feeds.rhythm_learn import learn
from monitor.feeds.rhythm_pace import pace
from monitor.feeds.rhythm_price import Spending, price_for, spend, start

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def known(hours_ago: float = 1.0) -> History:
    return learn(NOTHING_KNOWN, now=NOW - hours_ago * HOUR, published=[], shown=0)


@pytest.mark.parametrize(
    ("before", "published", "shown", "posts", "minute"),
    [
        pytest.param(NOTHING_KNOWN, [NOW - 2 * HOUR, NOW - HOUR], 2, 2, 0, id="a first poll counts all that is shown"),
        pytest.param(NOTHING_KNOWN, [NOW - HOUR] * 10_000, 10_000, 1, 0, id="an archive of one moment is one event"),
        pytest.param(NOTHING_KNOWN, [EPOCH, NOW - HOUR], 2, 1, 0, id="1970 says nothing of today"),
        pytest.param(NOTHING_KNOWN, [None, None], 2, 0, None, id="undated entries of a first poll say nothing"),
        pytest.param(NOTHING_KNOWN, [], 0, 0, None, id="an empty feed"),
        pytest.param(known(), [NOW - HOUR / 4], 5, 1, 45, id="a new entry counts at its time"),
        pytest.param(known(), [None], 5, 1, 30, id="an undated new entry counts for the middle"),
        pytest.param(known(), [NOW - 30 * HOUR], 5, 1, 30, id="one that became visible late too"),
        pytest.param(known(), [EPOCH], 5, 1, 30, id="and one of 1970"),
        pytest.param(known(), [NOW + 1000 * HOUR], 5, 1, 0, id="the future counts as now"),
        pytest.param(known(), [NOW - HOUR / 4] * 10_000, 10_000, 100, 45, id="ten thousand at once count for a hundred"),
        pytest.param(known(-1000.0), [NOW], 5, 1, 0, id="a clock put back"),
    ],
)  # fmt: skip
def test_one_poll(
    before: History, published: list[datetime | None], shown: int, posts: float, minute: int | None
) -> None:
    after = learn(before, now=NOW, published=published, shown=shown)
    assert after.posts == pytest.approx(posts)
    assert after.learnt_at == NOW.timestamp()
    if minute is not None:
        assert after.by_minute.index(max(after.by_minute)) == minute
    assert sum(after.by_hour) == pytest.approx(sum(after.by_minute))
    assert 0 < after.days <= 60


def test_a_feed_that_falls_silent_is_expected_to_publish_less() -> None:
    history = learn(
        known(), now=NOW, published=[NOW - timedelta(minutes=m) for m in range(50)], shown=100
    )
    busy = pace(history).level
    for day in range(1, 15):
        history = learn(history, now=NOW + timedelta(days=day), published=[], shown=0)
    assert pace(history).level < busy / 20
    assert sum(history.by_hour) == pytest.approx(25, rel=0.01), "habits fade slower"


def test_a_window_that_ran_over_teaches_the_pace_of_what_it_shows() -> None:
    shown: list[datetime | None] = [NOW - timedelta(minutes=m) for m in range(25)]
    full = learn(known(48), now=NOW, published=shown, shown=25)
    partly = learn(known(48), now=NOW, published=shown, shown=50)
    assert pace(full).level > 1.5 * pace(partly).level, "the stretch before it is not known"
    assert full.crowd == pytest.approx(19 * 60)
    assert partly.crowd is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)), max_size=60),
    st.lists(st.integers(-(10**8), 10**8), min_size=1, max_size=4),
    st.integers(0, 60),
)  # fmt: skip
def test_any_dates_and_clocks_teach_something_usable(
    published: list[datetime | None], jumps: list[int], shown: int
) -> None:
    history, now = NOTHING_KNOWN, NOW
    for jump in jumps:
        history = learn(history, now=now, published=published, shown=shown)
        assert len(pack(history)) <= 300
        kept = unpack(pack(history))
        assert kept.learnt_at == history.learnt_at
        assert kept.by_minute == pytest.approx(history.by_minute, rel=1e-3, abs=1e-6)
        choice = next_poll(kept, now=now, price=5.0, bounds=Bounds(300, 1800), jitter=0.5)
        assert timedelta(seconds=299) <= choice.at - now <= timedelta(seconds=1801)
        now += timedelta(seconds=jump)


@pytest.mark.parametrize(
    "packed",
    [
        pytest.param(None, id="nothing stored"),
        pytest.param(b"", id="nothing in it"),
        pytest.param(b"\x09" + pack(known())[1:], id="another version"),
        pytest.param(pack(known())[:-1], id="cut off"),
        pytest.param(b"\x01" + b"\xff" * (len(pack(known())) - 1), id="no numbers"),
        pytest.param(pack(replace(known(), posts=-5.0)), id="fewer than no posts"),
    ],
)
def test_damage_is_a_feed_of_which_nothing_is_known(packed: bytes | None) -> None:
    assert unpack(packed) == NOTHING_KNOWN


@pytest.mark.parametrize(
    ("hourly", "up"),
    [
        pytest.param(20, True, id="over budget a poll becomes dearer"),
        pytest.param(5, False, id="under budget cheaper"),
    ],
)
def test_the_price_follows_the_polls_spent(hourly: int, up: bool) -> None:
    spending = start(NOW, 240.0, 5)
    prices = []
    for hour in range(72):
        spending = spend(spending, NOW + hour * HOUR, budget=240.0, polls=hourly)
        prices.append(spending.price)
    assert (prices[-1] > 1.5 * prices[0]) if up else (prices[-1] < prices[0] / 1.5)
    assert prices == sorted(prices, reverse=not up)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(-(10**7), 10**7), st.integers(0, 10**6)), max_size=30),
    st.floats(0, 1e9),
)
def test_the_price_stays_a_price_whatever_the_clock_does(
    polls: list[tuple[int, int]], budget: float
) -> None:
    spending, now = start(NOW, budget, 0), NOW
    for jump, count in polls:
        now += timedelta(seconds=jump)
        spending = spend(spending, now, budget=budget, polls=count)
        assert 1e-3 <= spending.price <= 1e7
        assert len(spending.polls) <= 168


def test_within_an_hour_the_price_stands() -> None:
    first = Spending(5.0, int(NOW.timestamp() // 3600), (3,))
    assert spend(first, NOW + HOUR / 2, budget=1.0).price == 5.0
    assert spend(first, NOW - HOUR / 2, budget=1.0).polls == (4,)
    assert price_for(1800.0) > price_for(900.0) > 0


def test_the_rhythm_beats_a_fixed_interval_at_equal_polls() -> None:
    feeds = made_up_feeds(1, days=10)
    ours, even = compare(feeds, span_of(feeds), 48, WIDE)
    assert ours.mean < 0.8 * even.mean
    assert ours.median < 0.6 * even.median
    assert ours.p95 < even.p95
    assert ours.lost <= even.lost
    assert ours.polls == pytest.approx(48, rel=0.2)


def test_a_replay_is_the_same_each_time_and_finds_every_post() -> None:
    feeds = made_up_feeds(1, days=4)[1:4]
    span = span_of(feeds)
    first, second = (rhythm(feeds, span, 48, WIDE) for _ in range(2))
    assert first == second
    judged = sum(span.middle <= post < span.end for posts in feeds for post in posts)
    assert first.found + first.lost == judged
    assert fixed(feeds, span, 48, phases=1).found == judged


def test_a_fixed_interval_waits_half_of_it_and_loses_what_is_not_shown() -> None:
    feeds = [[float(t) for t in range(0, 200_000, 60)]]
    even = fixed(feeds, Span(0.0, 50_000.0, 150_000.0), 48)
    assert even.mean == pytest.approx(12.0, abs=1.0), "only the newest 25 are found"
    assert even.lost == pytest.approx(1667 / 6, rel=0.1)


def test_the_command_says_what_it_did_not_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = {"feed": "a", "posts": [1_700_000_000 + 1800 * n for n in range(400)]}
    assert main(["--quick"]) == 0
    assert "not run: no data" in capsys.readouterr().out
    (tmp_path / "a.jsonl").write_text(json.dumps(line) + "\n")
    assert [len(posts) for posts in read(tmp_path)] == [400]


def test_made_up_feeds_are_the_same_each_time() -> None:
    assert made_up_feeds(1, days=3) == made_up_feeds(1, days=3)
    assert len(made_up_feeds(1, days=19)) == len(KINDS)
    assert all(posts == sorted(posts) for posts in made_up_feeds(1, days=3))
