"""``replay``: articles in simulated time, one line for each, nothing sent and nothing stored."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import Call, Lines, Said, Write, article

DEAL = {"title": "Alpha and Beta make a deal",
        "text": "Alpha takes a stake in Beta, the Examplestadt maker of cranes, for $2.1 billion."}  # fmt: skip
LONG = " ".join(f"word{n}" for n in range(80)) + " Alpha Beta"


def lines(said: Said) -> list[dict[str, Any]]:
    return [each for each in said.documents if "digest" not in each]


def test_a_line_has_what_the_contract_says(newsroom: Call, jsonl: Lines) -> None:
    (line,) = newsroom("replay", "--json", jsonl(article(1, **DEAL))).documents
    assert list(line)[:6] == ["id", "story", "new_story", "matches", "alerts", "silences"]
    assert (line["id"], line["new_story"], line["at"]) == (1, True, "2026-11-20T11:00:00Z")
    assert [(each["rule"], each["reason"], each["notify"]) for each in line["alerts"]] == [
        ("deal", "first report", ["screen"])
    ]
    assert [(each["rule"], each["reason"]) for each in line["silences"]] == [
        ("french", "source condition")
    ]
    assert set(line["matches"][0]) == {"rule", "spans", "snippets"}


def test_matches_are_those_that_match_prints(newsroom: Call, jsonl: Lines) -> None:
    name = jsonl(*(article(n, title=title, language=language) for n, (title, language) in enumerate(
        [("Alpha", "en"), ("Alpha", "fr"), ("quake in Beta Alpha", "en"), ("nothing", "en")])))  # fmt: skip
    matched = newsroom("match", name).documents
    replayed = newsroom("replay", "--json", name).documents
    assert [(each["id"], each["matches"]) for each in replayed] == [
        (each["id"], each["matches"]) for each in matched
    ]


def test_time_decides_the_order_and_equal_times_stay_as_they_came(
    newsroom: Call, jsonl: Lines
) -> None:
    first = jsonl(
        article(1, published="2026-11-20T12:00:00Z"),
        article(2, published="2026-11-20T13:30:00+05:45"),  # 07:45
        article(3, published="2026-11-20T07:45:00"),  # without a zone: UTC
    )
    second = jsonl(article(4, published="2026-11-20T11:00-01:00"), name="more.jsonl")
    said = newsroom("replay", "--json", first, second)
    assert [each["id"] for each in said.documents] == [2, 3, 1, 4]
    assert said.code == 0


def test_a_story_is_told_once_and_its_later_reports_are_silent(
    newsroom: Call, jsonl: Lines
) -> None:
    later = {
        **DEAL,
        "text": "Cranes from Examplestadt: Beta sells a stake to Alpha for $2.1 billion.",
    }
    name = jsonl(article(1, **DEAL), article(2, **later, published="2026-11-20T13:00:00Z"))
    first, second = newsroom("replay", "--json", name).documents
    assert second["story"] == first["story"]
    assert not second["new_story"]
    assert second["alerts"] == []
    assert "already alerted" in [each["reason"] for each in second["silences"]]
    assert f"joined story {first['story']}" in second["silences"][0]["detail"]


def test_without_stories_each_article_is_its_own(
    newsroom: Call, jsonl: Lines, write: Write, tmp_path: Path
) -> None:
    config = (tmp_path / "config.yaml").read_text(encoding="utf-8")
    write("config.yaml", config + "stories: {window: off}\n")
    later = {**DEAL, "text": "Another text on cranes."}
    said = newsroom("replay", "--json", jsonl(article(1, **DEAL), article(2, **later)))
    assert [each["new_story"] for each in said.documents] == [True, True]


@pytest.mark.parametrize(
    ("fields", "is_copy"),
    [
        pytest.param({"id": 1}, True, id="the id of an earlier article"),
        pytest.param({"url": "https://a.example/x?utm_source=rss"}, True,
                     id="its address with a tracking parameter"),
        pytest.param({"text": LONG.upper()}, True, id="its words in capitals under another title"),
        pytest.param({"text": LONG + " and one more"}, True, id="nearly all of its words"),
        pytest.param({"text": LONG, "published": "2026-12-25T12:00:00Z"}, False,
                     id="its words a month later are news"),
        pytest.param({"text": "Alpha and Beta"}, False, id="another text"),
        pytest.param({"text": ""}, False, id="no text"),
    ],
)  # fmt: skip
def test_copies_are_silent_and_belong_to_the_story_of_their_original(
    newsroom: Call, jsonl: Lines, fields: dict[str, Any], is_copy: bool
) -> None:
    original = article(1, title="Alpha Beta", text=LONG, url="https://a.example/x")
    other = article(2, **{"title": "Beta Alpha", "published": "2026-11-20T13:00Z", **fields})
    first, second = newsroom("replay", "--json", jsonl(original, other)).documents
    reasons = {each["reason"] for each in second["silences"]}
    assert ("copy" in reasons) == is_copy
    if is_copy:
        assert reasons == {"copy"}
        assert (second["story"], second["new_story"]) == (first["story"], False)
        assert (second["alerts"], second["copy_of"]) == ([], "1")


def test_empty_articles_are_no_copies_of_one_another(newsroom: Call, jsonl: Lines) -> None:
    empty = '{"published": "2026-11-20T12:00:00Z"}'
    said = newsroom("replay", "--json", jsonl(empty, empty))
    assert [each["copy_of"] for each in said.documents] == [None, None]
    assert [each["id"] for each in said.documents] == ["articles.jsonl:1", "articles.jsonl:2"]


@pytest.mark.parametrize(
    ("fields", "notify"),
    [
        pytest.param({}, ["screen"], id="no feed"),
        pytest.param({"source": "sample HERALD"}, ["slack"], id="its outlet is called like a feed"),
        pytest.param({"feed": "https://herald.example/feed"}, ["slack"], id="the address of a feed"),
        pytest.param({"feed": "Sample Herald", "source": "X"}, ["slack"], id="the name of a feed"),
        pytest.param({"feed": "https://else.example/"}, ["screen"], id="a feed that is not in the config"),
        pytest.param({"tier": 1}, ["slack"], id="a tier of its own"),
        pytest.param({"source": "Sample Herald", "tier": 3}, ["screen"], id="its own tier beats the feed's"),
    ],
)  # fmt: skip
def test_an_article_is_routed_by_its_feed(
    newsroom: Call, jsonl: Lines, fields: dict[str, Any], notify: list[str]
) -> None:
    (line,) = newsroom("replay", "--json", jsonl(article(1, **DEAL, **fields))).documents
    assert line["alerts"][0]["notify"] == notify


def test_a_rule_rests_after_its_last_day_in_simulated_time(newsroom: Call, jsonl: Lines) -> None:
    name = jsonl(
        article(1, title="Gamma", published="2026-11-20T22:59:59Z"),
        article(2, title="Gamma again", published="2026-11-20T23:00:00Z"),  # midnight in Brussels
    )
    first, second = newsroom("replay", "--json", name).documents
    assert [each["reason"] for each in first["silences"]] == ["quiet hours"]
    assert [each["reason"] for each in second["silences"]] == ["expired rule"]


def test_digests_are_told_when_asked_for(newsroom: Call, jsonl: Lines) -> None:
    name = jsonl(
        article(1, title="A regatta on the lake"),
        article(2, title="Alpha joins Beta", published="2026-11-20T23:30:00+01:00"),
        article(3, title="Snow", published="2026-11-22T12:00:00+01:00"),
    )
    plain = newsroom("replay", "--json", name).documents
    told = newsroom("replay", "--json", "--messages", name).documents
    assert [each["id"] for each in plain] == [1, 2, 3]
    assert [each for each in told if "id" in each] == plain
    digests = [each["digest"] for each in told if "digest" in each]
    assert [(each["at"], each["to"], each["articles"]) for each in digests] == [
        ("2026-11-21T06:00:00Z", "screen", ["2"]), ("2026-11-21T07:00:00Z", "screen", ["1"]),
    ]  # fmt: skip
    assert "id" in told[-1], "digests stand where time puts them"


def test_people_get_a_row_for_each_decision_and_a_summary(newsroom: Call, jsonl: Lines) -> None:
    name = jsonl(article(1, **DEAL), article(2, title="A quake", source="The Wire\x1b[31m"),
                 article(3, title="Snow"))  # fmt: skip
    said = newsroom("replay", name)
    rows = said.out.splitlines()
    assert rows[0].split() == ["time", "outlet", "rule", "decision", "title", "(detail)"]
    assert "Fri 20 Nov 12:00  Outlet 1 " in rows[1]
    assert "sent: first report" in rows[1]
    assert "\x1b" not in said.out
    assert rows[-4].startswith("3 articles, 0 copies, 3 stories; Fri 20 Nov 12:00")
    assert rows[-3:] == ["sent: 2 (first report 2)", "silent: 1 (source condition 1)",
                         "to screen: 2 alerts"]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("no", "articles.jsonl:2:1: not JSON", id="no JSON"),
        pytest.param("[1]", "each line must be one article", id="a list"),
        pytest.param('{"title": 7, "published": "2026-11-20"}', "'title' must be a text", id="a number for a title"),
        pytest.param('{"title": "x"}', "no 'published'; --at TIME", id="no time"),
        pytest.param('{"published": "yesterday"}', "'published' must be an ISO 8601 time", id="a word for a time"),
        pytest.param('{"published": 1795000000}', "'published' must be an ISO 8601 time", id="a number for a time"),
        pytest.param('{"published": "9999-12-31T23:59:59Z"}', "the years 1900 to 2199", id="the end of all calendars"),
        pytest.param('{"published": "0001-01-01T00:00:00+14:00"}', "'published' must be", id="before all calendars"),
        pytest.param('{"published": "2026-11-20", "tier": "1"}', "'tier' must be a number from 1 to 9", id="a text for a tier"),
        pytest.param('{"published": "2026-11-20", "tier": true}', "'tier' must be", id="true for a tier"),
        pytest.param('{"published": "2026-11-20", "feed": 7}', "'feed' must be", id="a number for a feed"),
        pytest.param('{"published": "2026-11-20", "tags": "eu"}', "'tags' must be", id="a text for tags"),
        pytest.param('{"id": NaN}', "NaN is no number", id="no number of JSON"),
        pytest.param("[" * 100_000, "nested too deeply", id="a deep nest"),
    ],
)  # fmt: skip
def test_a_bad_line_is_told_with_its_place_and_costs_only_itself(
    newsroom: Call, jsonl: Lines, line: str, message: str
) -> None:
    name = jsonl(article(1, **DEAL), line, article(3))
    said = newsroom("replay", "--json", name)
    assert said.code == 2
    assert message in said.err
    assert "articles.jsonl:2" in said.err
    assert len(said.err.splitlines()) == 1
    kept = [each["id"] for each in said.documents if each["id"] in (1, 3)]
    assert kept == [1, 3]


def test_articles_without_a_time_come_at_the_time_that_is_given(
    newsroom: Call, jsonl: Lines
) -> None:
    name = jsonl({"title": "Alpha Beta"}, {"title": "Beta", "published": "soon"}, article(3))
    said = newsroom("replay", "--json", "--at", "2026-11-20T11:00", name)
    assert [each["at"] for each in said.documents] == [
        "2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z",
    ]  # fmt: skip
    assert said.code == 2, "a time that cannot be understood is a mistake, too"
    assert newsroom("replay", "--at", "noon", name).code == 2


@pytest.mark.parametrize(
    ("place", "size"),
    [
        pytest.param("title", 1_000_000, id="a title of a megabyte"),
        pytest.param("text", 10_000_000, id="a text of ten megabytes"),
    ],
)
def test_a_giant_line_is_an_article_like_any_other(
    newsroom: Call, jsonl: Lines, place: str, size: int
) -> None:
    body = "x" * size + " Alpha Beta"
    said = newsroom("replay", "--json", jsonl(article(1, **{place: body}), article(2)))
    assert said.code == 0
    assert [each["rule"] for each in said.documents[0]["alerts"]] == ["deal"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["nothing.jsonl"], "nothing.jsonl: cannot be read", id="no such file"),
        pytest.param(["."], ".: cannot be read", id="a folder"),
        pytest.param(["--rules", "none.yaml", "-"], "none.yaml: no such file", id="no such rules"),
        pytest.param(
            ["--config", "none.yaml", "-"], "none.yaml: no such file", id="no such config"
        ),
    ],
)
def test_wrong_arguments_are_the_users_to_mend(
    newsroom: Call, arguments: list[str], message: str
) -> None:
    said = newsroom("replay", *arguments)
    assert said.code == 2
    assert message in said.err


def test_nothing_is_stored(newsroom: Call, jsonl: Lines, tmp_path: Path) -> None:
    name = jsonl(article(1, **DEAL))
    before = {path.name for path in tmp_path.iterdir()}
    assert newsroom("replay", name).code == 0
    assert {path.name for path in tmp_path.iterdir()} == before


def test_two_processes_say_the_same_byte_for_byte(
    newsroom: Call, jsonl: Lines, tmp_path: Path
) -> None:
    """Whatever the seed of the hashes is, and whether it is a file or a pipe."""
    texts = [
        "Alpha buys Beta for $2 billion",
        "Beta is worth $2 billion, says Alpha",
        "A quake",
        "A regatta",
    ]
    name = jsonl(*(
        article(n, title=f"{texts[n % 4]}", text=f"{texts[(n + 1) % 4]}. Place {n // 4}.",
                published=f"2026-11-2{n % 6}T{n % 24:02}:00:00Z", source=f"Outlet {n % 5}")
        for n in range(40)
    ))  # fmt: skip

    def run(seed: str, source: str) -> bytes:
        ended = subprocess.run(
            [sys.executable, "-m", "monitor", "replay", "--json", "--messages", source],
            cwd=tmp_path, capture_output=True, timeout=60, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            input=(tmp_path / name).read_bytes(),
        )  # fmt: skip
        return ended.stdout

    once = run("1", name)
    assert len(once.splitlines()) > 40
    assert run("2", "-") == once


def test_many_articles_are_matched_in_a_second_process_with_the_same_result(
    newsroom: Call, jsonl: Lines
) -> None:
    made = [
        article(n, title=f"Alpha {n} and Beta" if n % 9 == 0 else f"Snow {n}",
                published=f"2026-11-{n % 28 + 1:02}T{n % 24:02}:{n % 60:02}:00Z")
        for n in range(501)
    ]  # fmt: skip
    many = newsroom("replay", "--json", jsonl(*made)).documents
    made.sort(key=lambda each: each["published"])
    few = newsroom("replay", "--json", jsonl(*made[:400])).documents
    assert len(many) == 501
    assert many[:400] == few


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.permutations(range(8)))
def test_the_order_of_lines_does_not_matter_where_times_differ(
    newsroom: Call, jsonl: Lines, order: list[int]
) -> None:
    made = [
        article(n, title=f"Alpha and Beta, part {n % 3}", published=f"2026-11-20T{n + 5:02}:00:00Z")
        for n in range(8)
    ]
    expected = newsroom("replay", "--json", "--messages", jsonl(*made)).out
    assert (
        newsroom("replay", "--json", "--messages", jsonl(*(made[n] for n in order))).out == expected
    )
    assert len([each for each in map(json.loads, expected.splitlines()) if "id" in each]) == 8
