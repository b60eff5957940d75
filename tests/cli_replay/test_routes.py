"""``routes``: listed in words, and rehearsed."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from monitor.store import open_store
from tests.store.conftest import FEED, Making

from .conftest import Call, Lines, Write, article

AT = ("--at", "2026-11-20T12:00")


def events(call: Call, *arguments: str, zone: str = "Europe/Brussels") -> list[dict[str, Any]]:
    said = call("routes", "test", "--json", *arguments)
    assert (said.code, said.err) == (0, "")
    (document,) = said.documents
    assert document["timezone"] == zone
    found: list[dict[str, Any]] = document["events"]
    return found


def decisions(found: list[dict[str, Any]]) -> list[tuple[str, str, list[str]]]:
    return [(e["rule"], e["reason"], e["notify"]) for e in found if e["kind"] == "decision"]


def messages(found: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(e["at"][5:16], e["to"], e["message"]) for e in found if e["kind"] == "message"]


def test_routes_in_words(newsroom: Call) -> None:
    said = newsroom("routes")
    assert said.code == 0
    rows = said.out.splitlines()
    assert [row.split("  ")[0] for row in rows[:4]] == ["route", "route 1", "route 2", "route 3"]
    assert "in a digest, 08:00" in rows[2]
    assert "quiet hours 22:00-07:00; urgent waits for nothing" in rows[3]
    assert said.out == newsroom("routes", "list").out


FULL = """
notifiers: {screen: {type: console, fuse: off}}
timezone: Europe/Brussels
routes:
  - name: all at once
    match: {level: [urgent, normal], rule: eu-*, desk: [a, b], tags: x, source: wire, tier: [1, 2]}
    notify: [screen]
    continue: true
    timezone: Europe/Lisbon
    group: 10m
    quiet: ["22:00-07:00", "00:00-24:00 Sun"]
    break_through: normal
    max_per_day: 30
    max_per_hour: 6
    muted_by: {level: urgent, rule: big}
  - {match: {level: info}, notify: []}
"""


def test_all_that_a_route_can_say(write: Write, call: Call) -> None:
    write("config.yaml", FULL)
    first, second = call("routes", "list", "--json").documents
    assert first["match"] == {
        "levels": ["urgent", "normal"], "rules": ["eu-*"], "labels": {"desk": ["a", "b"]},
        "tags": ["x"], "sources": ["wire"], "tiers": [1, 2],
    }  # fmt: skip
    assert first["when"] == (
        "one message for all that comes within 10 minutes; quiet hours 22:00-07:00, 00:00-24:00 Sun; "
        "at most 30 a day to each; at most 6 an hour to each; normal and urgent wait for nothing; "
        "silent in a story that was told by level urgent, rule big; by the clock of Europe/Lisbon; "
        "the routes below are tried, too"
    )
    assert (first["group"], first["timezone"], first["continue"]) == (600.0, "Europe/Lisbon", True)
    assert (second["notify"], second["when"]) == ([], "at once")
    shown = call("routes").out
    assert "told to nobody" in shown
    assert "screen: no fuse" in shown


def test_without_routes_everyone_is_told(write: Write, call: Call) -> None:
    write("config.yaml", "notifiers: {a: {type: console}, b: {type: console}}\n")
    assert "every alert goes to every notifier at once (a, b)" in call("routes").out
    assert call("routes", "--json").out == ""


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param([], [("made-up", "first report", ["screen"])], id="an ordinary report"),
        pytest.param(["--tier", "1"], [("made-up", "first report", ["slack"])], id="a tier"),
        pytest.param(["--source", "Sample Herald"], [("made-up", "first report", ["slack"])],
                     id="the feed of an outlet"),
        pytest.param(["--label", "desk=sport"], [("made-up", "first report", ["screen"])], id="a label"),
        pytest.param(["--rule", "deal"], [("deal", "first report", ["screen"])], id="a rule"),
        pytest.param(["--rule", "deal", "--rule", "loud"],
                     [("deal", "first report", ["screen"]), ("loud", "first report", ["screen"])],
                     id="two rules of one report"),
        pytest.param(["--rule", "french"], [("french", "first report", ["screen"])],
                     id="what is not said fits the rule's source"),
        pytest.param(["--rule", "over", "--after", "24h"],
                     [("over", "first report", ["screen"]), ("over", "expired rule", [])],
                     id="a rule expires"),
        pytest.param(["--told", "deal", "--rule", "deal"],
                     [("deal", "first report", ["screen"]), ("deal", "already alerted", [])],
                     id="a rule tells a story once"),
        pytest.param(["--one-story", "--matches", "2"],
                     [("made-up", "first report", ["screen"]), ("made-up", "already alerted", [])],
                     id="two reports of one story"),
        pytest.param(["--title", "Football tonight", "--silence", "title=football"],
                     [("made-up", "silenced", [])], id="a silence about words"),
        pytest.param(["--silence", "rule=* from 13:00 for 1h", "--after", "13:30", "--after", "14:00"],
                     [("made-up", "first report", ["screen"]), ("made-up", "silenced", []),
                      ("made-up", "first report", ["screen"])], id="a silence with a beginning"),
        pytest.param(["--after", "22:00", "--after", "23:00"],
                     [("made-up", "first report", ["screen"]), ("made-up", "quiet hours", []),
                      ("made-up", "quiet hours", [])], id="quiet hours"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_report(
    newsroom: Call, arguments: list[str], expected: list[tuple[str, str, list[str]]]
) -> None:
    assert decisions(events(newsroom, *AT, *arguments)) == expected


def test_a_flood_loses_nothing_and_each_channel_has_its_messages(newsroom: Call) -> None:
    found = events(newsroom, *AT, "--matches", "300", "--over", "5m")
    told = [e["articles"] for e in found if e["kind"] == "message"]
    assert len(told) == 21
    assert len(told[-1]) == 280
    assert sorted(name for names in told for name in names) == sorted(
        f"made-up-{n}" for n in range(1, 301)
    )


@pytest.mark.parametrize(
    ("down", "expected"),
    [
        pytest.param("screen=11:00..15:00", "11-20T14:00", id="times of the first day"),
        pytest.param("screen=..15:00", "11-20T14:00", id="from ever"),
        pytest.param("screen=11:30..3h", "11-20T13:30", id="for so long"),
        pytest.param("screen=2026-11-20T11:00Z..2026-11-21T11:00Z", "11-21T11:00", id="moments"),
        pytest.param("screen=13:00..15:00", "11-20T11:00", id="after it"),
        pytest.param("screen=22:00..02:00", "11-20T11:00", id="over midnight"),
        pytest.param("slack=11:00..15:00", "11-20T11:00", id="another channel"),
    ],
)
def test_a_dead_channel_gets_its_message_when_it_is_back(
    newsroom: Call, down: str, expected: str
) -> None:
    found = events(newsroom, *AT, "--down", down)
    assert messages(found) == [(expected, "screen", "alert")]
    assert found[-1]["due_at"] == "2026-11-20T11:00:00Z"


def test_a_channel_that_can_is_brought_up_to_date(newsroom: Call) -> None:
    found = events(newsroom, *AT, "--tier", "1", "--one-story", "--after", "1h")
    assert messages(found) == [
        ("11-20T11:00", "slack", "alert"),
        ("11-20T12:00", "slack", "update"),
    ]


def test_given_articles_are_matched_grouped_and_shifted(newsroom: Call, jsonl: Lines) -> None:
    deal = {
        "title": "Alpha and Beta make a deal",
        "text": "Alpha takes a stake in Beta, says Examplestadt.",
    }
    name = jsonl(article(1, **deal), article(2, title="Snow", published="2026-11-20T11:30:00Z"),
                 article(3, **deal, published="2026-11-20T13:00:00Z"))  # fmt: skip
    found = events(newsroom, "--article", name)
    assert [(e["at"][11:16], e["rule"], e["reason"]) for e in found if e["kind"] == "decision"] == [
        ("11:00", "deal", "first report"), ("11:00", "french", "source condition"),
        ("11:30", None, None), ("13:00", "deal", "copy"), ("13:00", "french", "copy"),
    ]  # fmt: skip
    night = events(newsroom, "--article", name, "--at", "2027-01-01T23:00")
    assert [(e["at"], e["reason"]) for e in night if e.get("rule") == "deal"] == [
        ("2027-01-01T22:00:00Z", "quiet hours"), ("2027-01-02T00:00:00Z", "copy"),
    ]  # fmt: skip
    shown = newsroom("routes", "test", "--article", name).out
    assert "Alpha and Beta make a deal: sent, first report (by route 3)" in shown
    assert "Snow: no rule matches" in shown


def test_a_stored_article_can_be_rehearsed(write: Write, call: Call, tmp_path: Path) -> None:
    write(
        "config.yaml",
        f"timezone: UTC\nfeeds: [{{url: '{FEED}', tier: 2}}]\n"
        "notifiers: {a: {type: console}, b: {type: console}}\n"
        "routes: [{match: {tags: eu, tier: 2}, notify: [b]}]\n",
    )
    write("rules/deal.yaml", "match: a deal\n")
    unknown = call("routes", "test", "--article", "https://news.example/1", *AT)
    assert unknown.code == 1, "there is no database yet"
    with closing(open_store(tmp_path / "data")) as store:
        Making.outbox(store, "1")
    found = events(call, "--article", "https://news.example/1?utm_source=x", *AT, zone="UTC")
    assert decisions(found) == [("deal", "first report", ["b"])]
    assert found[0]["at"] == "2026-11-20T12:00:00Z"
    unknown = call("routes", "test", "--article", "https://news.example/2", *AT)
    assert unknown.code == 2
    assert "is not among the stored articles" in unknown.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--at", "noon"], "--at: 'noon' is no time", id="a word for a time"),
        pytest.param(["--after", "soon"], "--after: 'soon' is no time", id="a word for a later time"),
        pytest.param(["--after", "2026-11-19"], "before the beginning", id="a later time that is earlier"),
        pytest.param(["--rule", "dael"], "Did you mean 'deal'?", id="a misspelt rule"),
        pytest.param(["--told", "dael"], "Did you mean 'deal'?", id="a misspelt rule that told"),
        pytest.param(["--rule", "deal", "--level", "info"], "--rule has its own level", id="a rule and a level"),
        pytest.param(["--level", "loud"], "'loud' is not one of", id="an unknown level"),
        pytest.param(["--label", "sport"], "'sport' is no label", id="a label without a value"),
        pytest.param(["--label", "a=b", "--label", "a=c"], "'a' stands here twice", id="a label twice"),
        pytest.param(["--tier", "0"], "--tier", id="no such tier"),
        pytest.param(["--matches", "0"], "--matches", id="no report"),
        pytest.param(["--matches", "9", "--over", "long"], "'long' is not a duration", id="no duration"),
        pytest.param(["--down", "screen"], "'screen' is no outage", id="an outage without times"),
        pytest.param(["--down", "sreen=1h..2h"], "Did you mean 'screen'?", id="a misspelt channel"),
        pytest.param(["--down", "screen=12:00..noon"], "--down: 'noon' is no time", id="an end that is no time"),
        pytest.param(["--silence", ""], "a silence needs a condition", id="a silence of everything"),
        pytest.param(["--silence", "rule"], "'rule' is no condition", id="a condition without a value"),
        pytest.param(["--silence", "rule=* until"], "after 'until' a time belongs", id="an end without a time"),
        pytest.param(["--silence", "rule=* until 1h for 1h"], "two ends", id="two ends"),
        pytest.param(["--silence", "rule='x"], "--silence:", id="an open quote"),
        pytest.param(["--article", "a.jsonl", "--rule", "deal"], "--rule is for made-up reports", id="articles and a rule"),
        pytest.param(["--article", "none.jsonl"], "cannot be read", id="no such file"),
        pytest.param(["--after", "99999999d"], "longer than a century", id="a duration beyond all calendars"),
    ],
)  # fmt: skip
def test_mistakes_are_told(newsroom: Call, arguments: list[str], message: str) -> None:
    given = arguments if "--at" in arguments else [*AT, *arguments]
    said = newsroom("routes", "test", *given)
    assert said.code == 2
    assert message in said.err
    assert said.out == ""


def test_a_notifier_of_unknown_type_is_told_and_the_rest_rehearsed(
    write: Write, call: Call
) -> None:
    write("config.yaml", "notifiers: {screen: {type: consol}}\ntimezone: UTC\n")
    said = call("routes", "test", *AT)
    assert said.code == 2
    assert "Did you mean 'console'?" in said.err
    assert "→ screen  alert" in said.out


def test_no_time_means_now(newsroom: Call) -> None:
    document = json.loads(newsroom("routes", "test", "--json").out)
    assert document["events"][0]["at"][:4].isdigit()


def test_hostile_titles_are_harmless(newsroom: Call) -> None:
    said = newsroom("routes", "test", *AT, "--title", "x\x1b]0;evil\x07\n\u202ey")
    assert "\x1b" not in said.out
    assert "\u202e" not in said.out
    assert len(said.out.splitlines()) == 5
