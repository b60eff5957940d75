"""How a feed that gives nothing is treated, and when somebody hears of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.freshness import freshness
from monitor.feeds.polling import LONGEST, Policy, after_poll
from monitor.feeds.polling_failures import after_host_rest
from monitor.model import (
    Feed,
    FeedState,
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
OK = NotModified(URL, Validators(), Freshness())
KNOWN = FeedState(
    URL,
    validators=Validators('"old"'),
    last_polled_at=NOW - timedelta(seconds=700),
    last_success_at=NOW - timedelta(seconds=700),
    baseline_at=NOW - timedelta(days=30),
    interval=700.0,
)
NEW = FeedState(URL)


def failure(
    status: int | None = 500,
    problem: FetchProblem = FetchProblem.HTTP,
    retry_after: float | None = None,
) -> FetchFailed:
    return FetchFailed(URL, problem, "news.example is ill", status, Freshness(None, retry_after))


LIMITED = failure(429, FetchProblem.RATE_LIMITED)
UNREACHED = [
    failure(None, problem)
    for problem in (FetchProblem.DNS, FetchProblem.CONNECT, FetchProblem.TIMEOUT)
]


class History:
    """A feed polled whenever it is due."""

    def __init__(self, state: FeedState = KNOWN) -> None:
        self.state = state
        self.now = NOW
        self.waits: list[float] = []
        self.told: list[str] = []

    def polled(self, result: FetchResult, times: int = 1, *, online: bool = True) -> "History":
        for _ in range(times):
            self.state, _, notices = after_poll(
                FEED, self.state, result, policy=POLICY, now=self.now, jitter=0.5, online=online
            )
            self.told += notices
            assert self.state.next_poll_at is not None
            self.waits.append((self.state.next_poll_at - self.now).total_seconds())
            self.now = self.state.next_poll_at
        return self


@pytest.mark.parametrize(
    "result",
    [
        pytest.param(failure(), id="F-35 a thousand times 500"),
        pytest.param(failure(None, FetchProblem.TIMEOUT), id="F-35 a thousand timeouts"),
        pytest.param(failure(None, FetchProblem.DNS), id="F-35 a thousand times no name"),
        pytest.param(failure(None, FetchProblem.TLS), id="F-35 a thousand bad certificates"),
        pytest.param(failure(404), id="F-38 a thousand times 404"),
        pytest.param(failure(500, retry_after=1.0), id="500 that always says: in a second"),
    ],
)
def test_back_off_doubles_up_to_a_day_and_goes_on_for_ever(result: FetchFailed) -> None:
    history = History().polled(result, 1000)
    first = history.waits[:12]
    assert first == sorted(first)
    assert max(history.waits) == history.waits[-1] == LONGEST
    assert history.state.failures == 1000
    history.polled(OK)
    assert history.state.failures == 0
    assert history.waits[-1] <= POLICY.max


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        pytest.param(failure(403), [14400, 14400, 14400], id="F-37 403: four hours"),
        pytest.param(failure(401), [14400, 14400, 14400], id="F-37 401: four hours"),
        pytest.param(LIMITED, [3600, 7200, 14400], id="F-31 429 without a time: an hour, doubling"),
        pytest.param(failure(429, FetchProblem.RATE_LIMITED, 7200.0), [7200, 7200, 7200],
                     id="F-29 429 with a time: that time"),
        pytest.param(failure(429, FetchProblem.RATE_LIMITED, 10.0), [700, 700, 700],
                     id="429 with a short time: not sooner than usual"),
        pytest.param(failure(503, FetchProblem.RATE_LIMITED, 5 * 86400.0), [432000] * 3,
                     id="F-33 503 with five days: five days"),
        pytest.param(failure(503), [1400, 2800, 5600], id="F-33 503 without: back-off"),
        pytest.param(failure(403, retry_after=20000.0), [20000] * 3, id="403 with a time: that"),
        pytest.param(failure(502, retry_after=20000.0), [20000] * 3, id="502 with a time: that"),
        pytest.param(failure(404, retry_after=20000.0), [20000, 20000, 20000, 20000, 22400],
                     id="404 with a time: at least that"),
        pytest.param(failure(None, FetchProblem.DNS), [60, 120, 240],
                     id="no name: a minute at first, then doubling"),
        pytest.param(failure(None, FetchProblem.CONNECT), [60, 120, 240],
                     id="no connection: the same"),
        pytest.param(failure(None, FetchProblem.TIMEOUT), [1400, 2800, 5600],
                     id="no answer in time: doubling"),
    ],
)  # fmt: skip
def test_each_failure_has_its_pace(result: FetchFailed, expected: list[float]) -> None:
    assert History().polled(result, len(expected)).waits == pytest.approx(expected)


@pytest.mark.parametrize("status", [403, 429, 502, 503])
def test_being_told_when_to_come_back_is_no_failure(status: int) -> None:
    after, reason, _ = after_poll(
        FEED, KNOWN, failure(status, retry_after=7200.0), policy=POLICY, now=NOW, jitter=0.0
    )
    assert after.failures == KNOWN.failures
    assert after.not_before == after.next_poll_at == NOW + timedelta(hours=2)
    assert "2026-11-22 14:00" in reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("-5", 3600, id="F-32 negative: as if it were not there"),
        pytest.param("soon", 3600, id="F-32 a word: as if it were not there"),
        pytest.param("99999999999", 7 * 86400, id="F-32 three thousand years: a week"),
        pytest.param("Sun, 22 Nov 2026 17:00:00 GMT", 7200,
                     id="F-30 a date, by a server whose clock is three hours fast"),
    ],
)  # fmt: skip
def test_retry_after_as_it_stands_in_the_answer(text: str, expected: float) -> None:
    hints = freshness({"retry-after": text, "date": "Sun, 22 Nov 2026 15:00:00 GMT"}, NOW)
    history = History().polled(replace(LIMITED, freshness=hints))
    assert history.waits == [expected]


@pytest.mark.parametrize(
    ("state", "results", "told", "when"),
    [
        pytest.param(KNOWN, [failure(401)] * 9, "password", 2,
                     id="F-37 refused: after the third time"),
        pytest.param(KNOWN, [failure(404)] * 20, "not found", 8,
                     id="F-38 404: after three days"),
        pytest.param(NEW, [failure(404)] * 20, "not found", 2,
                     id="404 of an address that never was one: after the third time"),
        pytest.param(KNOWN, [failure(410)] * 20, "gone", 7,
                     id="F-39 410: after three answers and two days"),
        pytest.param(KNOWN, [failure(429, FetchProblem.RATE_LIMITED, 7 * 86400.0)] * 4, "week", 0,
                     id="a week's pause: at once"),
        pytest.param(KNOWN, [failure(500)] * 20, None, None, id="500: not at all"),
    ],
)  # fmt: skip
def test_a_lasting_trouble_is_told_once(
    state: FeedState, results: list[FetchFailed], told: str | None, when: int | None
) -> None:
    history = History(state)
    spoken = []
    for number, result in enumerate(results):
        before = len(history.told)
        history.polled(result)
        spoken += [number] * (len(history.told) - before)
    assert spoken == ([] if when is None else [when])
    assert told is None or told in history.told[0]


@pytest.mark.parametrize(
    ("trouble", "count"),
    [
        pytest.param(failure(403), 3, id="refused"),
        pytest.param(failure(404), 20, id="not found"),
        pytest.param(failure(410), 10, id="F-39 gone"),
    ],
)
def test_its_end_is_told_and_a_second_time_is_told_again(trouble: FetchFailed, count: int) -> None:
    history = History().polled(trouble, count).polled(OK)
    assert "answers again" in history.told[-1]
    assert history.state.memory.told is None
    assert history.state.memory.gone == 0
    history.polled(OK).polled(trouble, count)
    assert len(history.told) == 3
    assert history.told[2] == history.told[0]


def test_a_feed_that_is_gone_is_asked_once_a_week_for_ever() -> None:
    history = History().polled(failure(410), 60)
    assert history.waits[:4] == pytest.approx([1400, 2800, 5600, 11200])
    weeks = history.waits[10:]
    assert len(weeks) == 50
    assert all(6 * 86400 < wait <= 7 * 86400 for wait in weeks)
    history.polled(OK)
    assert history.waits[-1] <= POLICY.max


def test_three_410_within_an_hour_are_no_farewell() -> None:
    history = History()
    for minutes in (0, 20, 40):
        history.now = NOW + timedelta(minutes=minutes)
        history.polled(failure(410))
    assert history.told == []
    assert history.waits[-1] < LONGEST


def test_a_clock_that_ran_ahead_makes_no_farewell() -> None:
    history = History()
    history.now = NOW + timedelta(days=300)
    history.polled(failure(410))
    history.now = NOW
    history.polled(failure(410), 2)
    assert history.told == []
    history.polled(failure(410), 10)
    assert len(history.told) == 1


@pytest.mark.parametrize("result", UNREACHED)
def test_f36_six_hours_without_a_network_of_our_own_count_nothing(result: FetchFailed) -> None:
    history = History()
    while history.now < NOW + timedelta(hours=6):
        history.polled(result, online=False)
    assert history.state.failures == 0
    assert max(history.waits) <= 330  # whoever comes back is asked within minutes


def test_what_was_dead_before_the_outage_is_not_asked_more_often() -> None:
    dead = replace(KNOWN, failures=15)
    history = History(dead).polled(UNREACHED[0], 3, online=False)
    assert history.waits == [LONGEST] * 3
    assert history.state.failures == 15


def test_an_answer_counts_even_while_most_cannot_be_reached() -> None:
    assert History().polled(failure(500), online=False).state.failures == 1


@pytest.mark.parametrize(
    ("rest", "own", "expected"),
    [
        pytest.param(3600.0, None, 3600, id="as long as the host wants"),
        pytest.param(3600.0, 7200, 7200, id="not sooner than it wants itself"),
        pytest.param(9e9, None, 7 * 86400, id="a week at most"),
    ],
)
def test_a_feed_of_a_resting_host_waits_without_being_asked(
    rest: float, own: float | None, expected: float
) -> None:
    before = NOW + timedelta(seconds=own) if own else None
    after, reason, _ = after_host_rest(replace(KNOWN, not_before=before), rest, NOW)
    assert after.next_poll_at == after.not_before == NOW + timedelta(seconds=expected)
    assert "its host asked" in reason
    assert replace(after, next_poll_at=None, not_before=None) == KNOWN
