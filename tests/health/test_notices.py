"""One notice per trouble and one when it is over; what counts as a trouble."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.polling_told import Trouble, with_told
from monitor.feeds.webpages import what_it_is
from monitor.health.disk import (
    BALLAST,
    GO_ON_ABOVE,
    MEGABYTE,
    STOP_BELOW,
    Ground,
    Write,
    bears,
    disk_trouble,
    told_as,
    wants_ballast,
)
from monitor.health.feeds import feed_trouble, feed_troubles
from monitor.health.lag import lag_trouble
from monitor.health.lag import noted as lag_noted
from monitor.health.notices import Condition, Notice, as_alert, folded, judge, lasted
from monitor.health.parsers import noted as crash_noted
from monitor.health.parsers import parser_trouble
from monitor.model import FeedMemory, FeedState, MessageKind

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
A = Condition("feed a", "a is down", "Because.")
WORSE = replace(A, title="a is gone", weight=2)


@pytest.mark.parametrize(
    ("before", "present", "told"),
    [
        pytest.param([], [], [], id="nothing wrong, nothing told"),
        pytest.param([], [A], ["a is down"], id="a trouble that begins is told"),
        pytest.param([A], [A], [], id="a trouble that lasts is told no second time"),
        pytest.param([A], [replace(A, title="other words")], [], id="nor in other words"),
        pytest.param([A], [WORSE], ["a is gone"], id="it is told again when it needs a person"),
        pytest.param([WORSE], [A], [], id="and not when it looks better without being over"),
        pytest.param([A], [], ["over: a is down"], id="its end is told"),
        pytest.param(
            [A], [Condition("feed b", "b is down", "")], ["b is down", "over: a is down"],
            id="one begins while another ends",
        ),
    ],
)  # fmt: skip
def test_what_is_told(before: list[Condition], present: list[Condition], told: list[str]) -> None:
    opened = judge([], before, NOW).open
    judged = judge(opened, present, NOW + HOUR)
    assert [notice.title for notice in judged.told] == told
    assert {notice.subject for notice in judged.open} == {one.subject for one in present}
    assert all(
        notice.since == NOW for notice in judged.told if before and notice.subject == "feed a"
    )


def test_of_what_nobody_can_say_nothing_is_told() -> None:
    opened = judge([], [A], NOW).open
    both = judge(opened, [Condition("feed b", "b", "")], NOW, lambda subject: "feed" in subject)
    assert (both.open, both.told) == (opened, ())


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 2)), max_size=4), max_size=30
    )
)
def test_each_trouble_is_told_at_most_twice_and_its_end_once(
    rounds: list[list[tuple[str, int]]],
) -> None:
    known: tuple[Notice, ...] = ()
    begun: dict[str, int] = {}
    for number, found in enumerate(rounds):
        present = [Condition(name, name, "", weight) for name, weight in dict(found).items()]
        judged = judge(known, present, NOW + number * HOUR)
        for notice in judged.told:
            if notice.over is None:
                begun[notice.subject] = begun.get(notice.subject, 0) + 1
                assert begun[notice.subject] <= 2
            else:
                assert begun.pop(notice.subject) >= 1, "what ends was told"
        known = judged.open
        assert {notice.subject for notice in known} == begun.keys()


def test_a_hundred_feeds_at_once_are_one_notice() -> None:
    many = [Condition(f"feed {n}", f"{n} is down", "", since=NOW - n * HOUR) for n in range(100)]
    told = judge([], [*many, Condition("disk", "the disk is full", "")], NOW).told
    feeds, disk = folded(told, NOW)
    assert feeds.title == "100 feeds are in trouble"
    assert feeds.since == NOW - 99 * HOUR
    assert disk.title == "the disk is full"
    assert folded(told[:5], NOW) == told[:5], "a few are told one by one"
    over = folded(judge(judge([], many, NOW).open, [], NOW).told, NOW)
    assert [notice.title for notice in over] == ["100 feeds work again"]


def test_a_notice_becomes_a_message() -> None:
    (notice,) = judge([], [A], NOW).told
    alert = as_alert(notice, NOW)
    assert (alert.kind, alert.title, alert.because) == (MessageKind.NOTICE, "a is down", "Because.")
    assert alert.id == as_alert(notice, NOW + HOUR).id, "the same news is the same message"
    (over,) = judge([notice], [], NOW).told
    assert as_alert(over, NOW).id != alert.id


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds"), (1, "1 second"), (119, "119 seconds"), (120, "2 minutes"),
     (7200, "2 hours"), (172_800, "2 days"), (-5, "0 seconds")],
)  # fmt: skip
def test_spans_for_people(seconds: int, words: str) -> None:
    assert lasted(NOW, NOW + timedelta(seconds=seconds)) == words


LOGIN = what_it_is(b'<html><form><input type="password">')[0]
FINE = FeedState("https://x.example/f?key=1", last_success_at=NOW - HOUR)
FAILING = replace(
    FINE, failures=9, last_error="x.example answered 500", last_success_at=NOW - 7 * HOUR
)


def told(trouble: Trouble) -> FeedMemory:
    return with_told(FeedMemory(), trouble)


@pytest.mark.parametrize(
    ("state", "weight", "word"),
    [
        pytest.param(FINE, None, "", id="a feed that answers"),
        pytest.param(
            replace(FAILING, last_success_at=NOW - 5 * HOUR), None, "", id="failing for 5 hours"
        ),
        pytest.param(FAILING, 1, "cannot be read", id="failing for 7 hours"),
        pytest.param(replace(FAILING, failures=2), None, "", id="two failures are no trouble yet"),
        pytest.param(
            replace(FAILING, last_success_at=None), 1, "never answered", id="it never answered"
        ),
        pytest.param(
            replace(FAILING, failures=0), None, "", id="not reached while we were offline"
        ),
        pytest.param(
            replace(FAILING, failures=0, not_before=NOW), 1, "cannot be read",
            id="asked to wait for 7 hours on end",
        ),
        pytest.param(
            replace(FAILING, memory=told(Trouble.GONE), last_success_at=NOW - HOUR), 2, "gone",
            id="gone: told at once",
        ),
        pytest.param(replace(FAILING, memory=told(Trouble.FORBIDDEN)), 2, "auth:", id="refused"),
        pytest.param(replace(FAILING, memory=told(Trouble.MISSING)), 2, "feeds add", id="missing"),
        pytest.param(replace(FAILING, last_error=LOGIN), 2, "web page now", id="a login page"),
        pytest.param(
            replace(FAILING, last_success_at=NOW + HOUR), None, "", id="a clock that ran ahead"
        ),
    ],
)  # fmt: skip
def test_when_a_feed_is_in_trouble(state: FeedState, weight: int | None, word: str) -> None:
    found = feed_trouble("X", state, NOW)
    assert (found.weight if found else None) == weight
    assert word in (f"{found.title} {found.text}" if found else "")


def test_a_feed_without_a_name_is_shown_without_its_query() -> None:
    (found,) = feed_troubles([FAILING], lambda _: None, NOW)
    assert "key=1" not in found.title + found.text


@pytest.mark.parametrize(
    ("free", "write", "before", "works"),
    [
        pytest.param(STOP_BELOW, Write.WELL, True, True, id="just enough"),
        pytest.param(STOP_BELOW - 1, Write.WELL, True, False, id="a byte too little stops work"),
        pytest.param(STOP_BELOW, Write.WELL, False, False, id="and that byte does not start it"),
        pytest.param(GO_ON_ABOVE, Write.WELL, False, True, id="more room starts it again"),
        pytest.param(10 * GO_ON_ABOVE, Write.FULL, True, False, id="a quota: no write, no work"),
        pytest.param(10 * GO_ON_ABOVE, Write.BUSY, True, False, id="the database is locked"),
        pytest.param(None, Write.WELL, True, True, id="nobody knows the room: work"),
        pytest.param(None, Write.FAILED, True, False, id="nobody knows, and a write failed"),
    ],
)
def test_when_the_disk_bears_work(
    free: int | None, write: Write, before: bool, works: bool
) -> None:
    ground = Ground(free, write)
    assert bears(ground, before) is works
    trouble = disk_trouble(ground, works, "/data", "disk I/O error")
    assert (trouble is None) is works


@given(st.integers(0, 10 * GO_ON_ABOVE), st.booleans())
def test_laying_ballast_never_stops_work(free: int, before: bool) -> None:
    ground = Ground(free)
    if wants_ballast(ground):
        assert bears(Ground(free - BALLAST, has_ballast=True), before)


@pytest.mark.parametrize(
    ("message", "write", "told"),
    [
        ("the database failed: database or disk is full", Write.FULL, "Make 48 MB free"),
        ("the database failed: database is locked", Write.BUSY, "another program"),
        ("the database failed: disk I/O error", Write.FAILED, "disk I/O error"),
        ("attempt to write a readonly database", Write.FAILED, "readonly"),
    ],
)
def test_what_an_error_of_the_database_means(message: str, write: Write, told: str) -> None:
    assert told_as(message) is write
    trouble = disk_trouble(Ground(3 * MEGABYTE, write), False, "/data", message)
    assert trouble is not None
    assert told in f"{trouble.title} {trouble.text}"


@pytest.mark.parametrize(
    ("lags", "times"),
    [
        pytest.param([0.2] * 1000, None, id="small lags are nothing"),
        pytest.param([1.5] * 4, None, id="four stops of a second and a half"),
        pytest.param([1.5] * 5, "5 times", id="five of them"),
        pytest.param([6.0], "once", id="one of six seconds"),
    ],
)
def test_lag_is_told_once_it_matters(lags: list[float], times: str | None) -> None:
    stops: tuple[tuple[float, float], ...] = ()
    for second, lag in enumerate(lags):
        stops = lag_noted(stops, second, lag)
    trouble = lag_trouble(stops)
    assert (trouble is not None) is (times is not None)
    if trouble is not None and times is not None:
        assert times in trouble.text
    assert lag_trouble(lag_noted(stops, len(lags) + 301, 0.0)) is None, "over after five minutes"


@pytest.mark.parametrize(
    ("polls", "is_trouble"),
    [
        pytest.param([("a", "the parser crashed")] * 9, False, id="one feed that kills its parser"),
        pytest.param(
            [(name, "the parser crashed (SIGKILL)") for name in "abc"], True, id="three feeds"
        ),
        pytest.param([(name, "took longer than 15 s") for name in "abc"], False, id="slow feeds"),
        pytest.param(
            [("a", "the parser crashed"), ("b", "the parser crashed"), ("a", None),
             ("c", "the parser crashed")], False, id="one of three is well again",
        ),
    ],
)  # fmt: skip
def test_parsers_that_die_again_and_again(
    polls: list[tuple[str, str | None]], is_trouble: bool
) -> None:
    crashes: tuple[tuple[str, datetime], ...] = ()
    for feed, error in polls:
        crashes = crash_noted(crashes, feed, error, NOW)
    assert (parser_trouble(crashes, NOW) is not None) is is_trouble
    assert parser_trouble(crashes, NOW + HOUR) is None
