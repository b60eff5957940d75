"""``silence``: what is asked for, until when, and what comes of slips."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.silences import Matcher
from monitor.cli.silence_wish import Known, doubts, end_of, matcher_of
from monitor.errors import UsageError
from monitor.model import Outcome, Reason
from tests.cli_stories.conftest import RULE, Lived, caller
from tests.flow.deals import FERRY, FIRST, outlets
from tests.flow.newsroom import Newsroom
from tests.flow.outlets import Site

BRUSSELS = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Brussels
KEYS = {
    "id", "rule", "labels", "source", "story", "title", "starts", "ends", "comment", "who",
    "active",
}  # fmt: skip
KNOWN = Known(
    ("eu-deals", "ferries"), (("desk", "markets"), ("desk", "sport")),
    ("https://feeds.example.org/rss", "https://www.example.net/feed"), ("Example Herald",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("span", "until", "ends"),
    [
        pytest.param("1d", None, datetime(2026, 11, 24, 9, 0, tzinfo=UTC), id="a day"),
        pytest.param("90m", None, datetime(2026, 11, 23, 10, 30, tzinfo=UTC), id="90 minutes"),
        pytest.param(None, "18:00", datetime(2026, 11, 23, 17, 0, tzinfo=UTC), id="this evening"),
        pytest.param(None, "09:30", datetime(2026, 11, 24, 8, 30, tzinfo=UTC), id="a time that is past today is tomorrow's"),
        pytest.param(None, "2026-11-30", datetime(2026, 11, 30, 23, 0, tzinfo=UTC), id="a day, its last minute included"),
        pytest.param(None, "2026-11-23", datetime(2026, 11, 23, 23, 0, tzinfo=UTC), id="today"),
        pytest.param(None, "2026-11-30T08:00", datetime(2026, 11, 30, 7, 0, tzinfo=UTC), id="a moment of the config's zone"),
        pytest.param(None, "2026-11-30T08:00Z", datetime(2026, 11, 30, 8, 0, tzinfo=UTC), id="a moment with its zone"),
        pytest.param(None, "ended", None, id="until a person ends it"),
    ],
)  # fmt: skip
def test_until_when(span: str | None, until: str | None, ends: datetime | None) -> None:
    assert end_of(span, until, NOW, BRUSSELS) == ends


@pytest.mark.parametrize(
    ("span", "until", "told"),
    [
        pytest.param(None, None, "--for 1d, or --until", id="nothing said"),
        pytest.param("1d", "18:00", "one of them", id="both said"),
        pytest.param("1 day", None, "is not a duration", id="words"),
        pytest.param("0s", None, "no time at all", id="no time"),
        pytest.param("36500d", None, "", id="a century is too much or lasts"),
        pytest.param(None, "2026-11-22", "is past", id="yesterday"),
        pytest.param(None, "monday", "is no time", id="a word"),
        pytest.param(None, "25:00", "is no time", id="no such hour"),
        pytest.param(None, "2026-02-30", "is no time", id="no such day"),
        pytest.param(None, "", "is no time", id="empty"),
    ],
)
def test_what_is_no_end(span: str | None, until: str | None, told: str) -> None:
    if span == "36500d":
        assert end_of(span, until, NOW, BRUSSELS) is not None
        return
    with pytest.raises(UsageError, match=told):
        end_of(span, until, NOW, BRUSSELS)


@given(st.text(max_size=30))
def test_any_text_is_an_end_in_the_future_or_told(text: str) -> None:
    try:
        ends = end_of(None, text, NOW, BRUSSELS)
    except UsageError:
        return
    assert ends is None or (ends > NOW and ends.tzinfo is not None)


@pytest.mark.parametrize(
    ("rule", "labels", "title", "told"),
    [
        pytest.param("feries", (), None, "Did you mean 'ferries'?", id="a slip in a rule"),
        pytest.param("zzz*", (), None, "no rule is called", id="a pattern that fits no rule"),
        pytest.param(None, ("dsk=sport",), None, "Did you mean 'desk'?", id="a slip in a label"),
        pytest.param(None, ("desk=sprot",), None, "Did you mean 'sport'?", id="a slip in its value"),
        pytest.param(None, ("desk",), None, "Write name=value", id="a label without a value"),
        pytest.param(None, ("rule=ferries",), None, "Write --rule=ferries", id="a condition as a label"),
        pytest.param(None, ("desk=sport", "desk=markets"), None, "twice", id="a label twice"),
        pytest.param(None, (), "!?", "holds no word", id="a title without a word"),
        pytest.param("", (), None, "--rule: is empty", id="an empty rule"),
        pytest.param(None, (), None, "name what to silence", id="nothing named"),
    ],
)  # fmt: skip
def test_slips_are_told(
    rule: str | None, labels: tuple[str, ...], title: str | None, told: str
) -> None:
    with pytest.raises(UsageError) as caught:
        matcher_of(rule, labels, None, None, title, KNOWN)
    assert told in str(caught.value)


def test_a_rule_in_a_broken_file_may_be_silenced() -> None:
    unsure = Known(certain=False)
    assert matcher_of("eu-news", (), None, None, None, unsure) == Matcher(rule="eu-news")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        pytest.param("example.org", "", id="the host of a feed's subdomain"),
        pytest.param("example.net", "", id="a host without its www"),
        pytest.param("example herald", "", id="an outlet's name in any case"),
        pytest.param("Exampel Herald", "Did you mean 'Example Herald'?", id="a slip"),
        pytest.param("somebody", "It fits outlets", id="an outlet that no feed is named for"),
    ],
)
def test_a_source_that_no_feed_is_of_is_told(source: str, told: str) -> None:
    found = doubts(Matcher(source=source), KNOWN)
    assert bool(found) == bool(told)
    assert told in "".join(found)


def test_a_silence_is_added_listed_and_ended(lived: Lived) -> None:
    said = lived.call(
        "silence", "add", "--story", lived.deal[:6], "--rule", "de*", "--label", "desk=markets",
        "--for", "1d", "--comment", "the \x1b[31mcup", "--who", "night desk",
    )  # fmt: skip
    assert (said.code, said.err) == (0, "")
    (silence,) = lived.call("silence", "--json").documents
    assert silence.keys() == KEYS
    assert (silence["rule"], silence["story"], silence["labels"]) == (
        "de*", lived.deal, {"desk": "markets"},
    )  # fmt: skip
    assert silence["active"]
    plain = lived.call("silence", "list").out
    assert f"{silence['id']}  rule=de* story={lived.deal} desk=markets\n" in plain
    assert "by night desk: the cup" in plain
    assert "\x1b" not in plain
    ended = lived.call("silence", "end", silence["id"][:5])
    assert (ended.code, "over, after 0 minutes" in ended.out) == (0, True)
    assert "no silence is in force" in lived.call("silence").out
    (past,) = lived.call("silence", "list", "--all", "--json").documents
    assert (past["id"], past["active"]) == (silence["id"], False)
    assert "(over)" in lived.call("silence", "list", "--all").out
    again = lived.call("silence", "end", silence["id"])
    assert (again.code, "is over since" in again.err) == (2, True)


def test_a_silence_keeps_the_next_report_back(tmp_path: Path) -> None:
    room = Newsroom(tmp_path / "room").rule("deal.yaml", RULE)
    call = caller(room)
    with Site() as site:
        feeds = outlets(site, FIRST, FERRY)
        room.watching(feeds[0]).run()
        said = call("silence", "add", "--title", "two islands", "--until", "ended", "--json")
        (silence,) = said.documents
        assert (silence["ends"], silence["title"]) == (None, "two islands")
        room.clock.moment = datetime.now(UTC) + timedelta(minutes=1)
        room.watching(*feeds).run()
    (silent,) = [
        decision for article in room.stored() for decision in article.decisions
        if decision.outcome is Outcome.SILENT
    ]  # fmt: skip
    assert silent.reason is Reason.SILENCED
    assert silent.detail == f"silence {silence['id']} (title=two islands) until it is ended"
    assert len(room.archive()) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("end", "zzz"), "no silence has the id 'zzz'", id="an unknown id"),
        pytest.param(("end", ""), "no silence has the id ''", id="an empty id"),
        pytest.param(("add", "--rule", "dael", "--for", "1d"), "Did you mean 'deal'?", id="a rule"),
        pytest.param(("add", "--story", "zzz", "--for", "1d"), "no story has the id", id="a story"),
        pytest.param(("add", "--rule", "deal"), "say how long", id="no end"),
        pytest.param(("add", "--for", "1d"), "name what to silence", id="no condition"),
    ],
)
def test_what_cannot_be_meant_is_two(
    read_only: Lived, arguments: tuple[str, ...], told: str
) -> None:
    said = read_only.call("silence", *arguments)
    assert (said.code, said.out) == (2, "")
    assert told in said.err


def test_durations_count_from_now(lived: Lived) -> None:
    (silence,) = lived.call("silence", "add", "--rule", "deal", "--for", "2h", "--json").documents
    starts, ends = (datetime.fromisoformat(silence[key]) for key in ("starts", "ends"))
    assert ends - starts == timedelta(hours=2)
