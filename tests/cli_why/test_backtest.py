"""``rules backtest``: files against what runs, the noise budget, JUnit, articles from a file."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from monitor.cli.backtest import backtest
from tests.cli_why.conftest import Call, Lived


def rules_of(said_out: str) -> dict[str, dict[str, object]]:
    return {each["rule"]: each for each in json.loads(said_out)["rules"]}


def test_the_live_rules_against_their_record(call: Call) -> None:
    said = call(backtest, "--json")
    assert said.code == 0
    found = rules_of(said.out)
    ferries = found["ferries"]
    assert (ferries["against"], ferries["hits"], ferries["added"], ferries["removed"]) == (
        "record",
        2,
        0,
        0,
    )
    assert json.loads(said.out)["articles"] == 4


@pytest.mark.parametrize(
    ("rule", "against", "added", "removed"),
    [
        pytest.param("id: ferries\nmatch: [fog]\n", "rule", 0, 1, id="an edited rule loses"),
        pytest.param("id: ferries\nmatch: {any: [ferry, inquiry]}\n", "rule", 1, 0, id="an edited rule gains"),
        pytest.param("id: boats\nmatch: ['@boats']\n", "nothing", 2, 0, id="a new rule that uses a live list"),
        pytest.param("id: boats\nmatch: ['@boats']\nentities: {boats: [inquiry]}\n", "nothing", 1, 0, id="a list of its own stands before the live one"),
        pytest.param("id: ferries\nmatch: [ferry]\n", "record", 0, 0, id="the live rule itself"),
    ],
)  # fmt: skip
def test_a_file_against_what_runs(
    call: Call, tmp_path: Path, rule: str, against: str, added: int, removed: int
) -> None:
    path = tmp_path / "new.yaml"
    path.write_text(rule)
    said = call(backtest, str(path), "--json")
    assert (said.code, said.err) == (0, "")
    (found,) = rules_of(said.out).values()
    assert (found["against"], found["added"], found["removed"]) == (against, added, removed)
    plain = call(backtest, str(path)).out
    assert plain.count("\n  + ") == added
    assert plain.count("\n  - ") == removed


@pytest.mark.parametrize(
    ("budget", "code"),
    [
        pytest.param("2/week", 0, id="within the budget"),
        pytest.param("1/week", 1, id="over the budget"),
        pytest.param("0/day", 1, id="nothing allowed"),
    ],
)
def test_the_noise_budget(call: Call, tmp_path: Path, budget: str, code: int) -> None:
    junit = tmp_path / "report.xml"
    said = call(backtest, "--at-most", budget, "--junit", str(junit))
    assert said.code == code
    assert ("over the budget" in said.out) == (code == 1)
    suite = ElementTree.parse(junit).getroot()
    assert suite.get("tests") == "2"
    assert len(suite.findall(".//failure")) == int(suite.get("failures", "")) == code


def test_articles_from_a_file(call: Call, tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    rows = [
        {"id": 1, "text": "A ferry.", "published": "2020-01-01T00:00:00Z"},
        {"id": 2, "text": "A ferry.", "published": "2020-01-15T00:00:00Z"},
        {"id": 3, "text": "A train."},
    ]
    articles.write_text("".join(json.dumps(row) + "\n" for row in rows))
    said = call(backtest, "--articles", str(articles), "--json")
    assert said.code == 0
    ferries = rules_of(said.out)["ferries"]
    assert (ferries["against"], ferries["hits"], ferries["per_week"]) == ("nothing", 2, 1.0)


def test_a_line_that_is_no_article_is_told_and_left_out(call: Call, tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    articles.write_text('{"text": "A ferry."}\nnonsense\n\n{"text": "A ferry."}\n')
    said = call(backtest, "--articles", str(articles), "--json")
    assert said.code == 2
    assert "articles.jsonl:2: not JSON" in said.err
    assert rules_of(said.out)["ferries"]["hits"] == 2


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["none.yaml"], "no such file", id="a file that is not there"),
        pytest.param(["--at-most", "ten"], "no noise budget", id="no budget"),
        pytest.param(["--days", "0"], "--days", id="no days"),
        pytest.param(["--articles", "none.jsonl"], "cannot be read", id="no articles"),
        pytest.param(
            ["--junit", "/none/report.xml"], "cannot be written", id="no place for the report"
        ),
    ],
)
def test_wrong_arguments(call: Call, arguments: list[str], expected: str) -> None:
    said = call(backtest, *arguments)
    assert said.code == 2
    assert expected in said.err


def test_a_broken_rule_is_told_and_the_others_are_tried(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("id: a\nmatch: {anny: [x]}\n")
    (tmp_path / "b.yaml").write_text("id: b\nmatch: [ferry]\n")
    said = call(backtest, str(tmp_path), "--json")
    assert said.code == 2
    assert "a.yaml:2:9" in said.err
    assert rules_of(said.out)["b"]["hits"] == 2


def test_a_budget_counts_every_undated_hit(call: Call, tmp_path: Path) -> None:
    """Nobody knows when they came, so all of them may have come in one day."""
    articles = tmp_path / "articles.jsonl"
    articles.write_text('{"text": "A ferry."}\n' * 5)
    assert call(backtest, "--articles", str(articles), "--at-most", "4/day").code == 1
    assert call(backtest, "--articles", str(articles), "--at-most", "5/day").code == 0


def test_the_past_is_not_changed(lived: Lived, call: Call) -> None:
    before = [each.decisions for each in lived.newsroom.stored()]
    call(backtest)
    assert [each.decisions for each in lived.newsroom.stored()] == before
