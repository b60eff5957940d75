"""``check`` and ``rules``: every mistake of every file in one run, and the tests of rules."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from .conftest import Call, Write

FINE = 'id: fine\nmatch: [Alpha]\ntests:\n  - fires: "Alpha"\n  - silent: "Beta"\n'
FAILING = 'id: failing\nmatch: [Alpha]\ntests:\n  - fires: "Beta"\n'


@pytest.mark.parametrize(
    ("config", "rule", "code", "places"),
    [
        pytest.param("feeds: [https://example.org/f]\n", FINE, 0, [], id="nothing to find"),
        pytest.param("", FINE, 0, ["config.yaml:1:1: warning:"], id="an empty config"),
        pytest.param("- a\n", FINE, 2, ["config.yaml:1:1: settings are keys"], id="a list"),
        pytest.param("feeds: [x\n", FINE, 2, ["config.yaml:"], id="YAML that cannot be read"),
        pytest.param(
            "feeds: [https://example.org/f]\n", FAILING, 1, ["rules/rule.yaml:4:5: test of failing"],
            id="a test that fails is one",
        ),
        pytest.param(
            "feeds: [nonsense]\nnotifers: {}\n", FAILING, 2,
            ["config.yaml:1:9:", "config.yaml:2:1:", "rules/rule.yaml:4:5: test"],
            id="mistakes and a failing test are told together, and are two",
        ),
        pytest.param(
            "feeds: [https://example.org/f]\n", "id: a\nmatch: {any: ['@x']}\nlevel: loud\n", 2,
            ["rules/rule.yaml:2:15:", "rules/rule.yaml:3:8:"],
            id="mistakes in a rule stand in the order of the file",
        ),
        pytest.param(
            "feeds: [https://example.org/f]\nrules: [nowhere]\n", FINE, 2, ["config.yaml:2:9:"],
            id="a rules folder that is missing",
        ),
        pytest.param(
            "feeds: [https://example.org/f]\nnotifiers: {x: {type: slak}}\n", FINE, 2,
            ["config.yaml:2:13: no notifier type is called 'slak'. Did you mean 'slack'?"],
            id="a notifier of no known type",
        ),
        pytest.param(
            "feeds: [nonsense]\nnotifiers:\n  x: {type: slak}\n  y: {type: slack}\n", FINE, 2,
            ["config.yaml:1:9:", "config.yaml:3:3:", "config.yaml:4:6:"],
            id="wrong options are told also where another part of the config is wrong",
        ),
        pytest.param(
            "feeds: [https://example.org/f]\n", FINE + "alert: {notify: [desk]}\nlabels: [x]\n", 2,
            ["rules/rule.yaml:7:9:"], id="only the first reason why a rule cannot run",
        ),
        pytest.param(
            "feeds: [https://example.org/f]\nnotifiers: {screen: {type: console}}\n",
            FINE + "alert: {notify: [scren]}\n", 2,
            ["rules/rule.yaml:6:18: no notifier is named 'scren'. Did you mean 'screen'?"],
            id="a rule that tells nobody known",
        ),
    ],
)  # fmt: skip
def test_check_tells_everything_at_once_in_the_order_of_the_files(
    call: Call, write: Write, config: str, rule: str, code: int, places: list[str]
) -> None:
    write("config.yaml", config)
    write("rules/rule.yaml", rule)
    said = call("check")
    lines = said.err.splitlines()
    assert [line[: len(place)] for line, place in zip(lines, places, strict=True)] == places
    assert said.code == code
    assert said.out.count("\n") == 1

    as_json = call("check", "--json")
    (document,) = as_json.documents
    assert as_json.code == code
    assert as_json.err == ""
    told = len(document["problems"]) + sum(not test["passed"] for test in document["tests"])
    assert told == len(places)


def test_check_reads_the_rules_of_a_config_with_mistakes_where_it_names_them(
    call: Call, write: Write
) -> None:
    write("config.yaml", "rules: [mine]\nnonsense: 1\n")
    write("mine/rule.yaml", FAILING)
    said = call("check")
    assert (said.code, "mine/rule.yaml:4:5" in said.err) == (2, True)
    assert "feeds unknown, 1 rule: 1 error" in said.out


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        pytest.param("nowhere.yaml", 2, "no such file. Name an existing one", id="no such file"),
        pytest.param(".", 2, ".:1:1: this is a folder", id="a folder"),
    ],
)
def test_check_of_a_config_that_is_no_file(call: Call, name: str, code: int, told: str) -> None:
    said = call("--config", name, "check")
    assert (said.code, told in said.err) == (code, True)


def test_check_without_any_file_looks_at_the_shipped_ones(call: Call) -> None:
    said = call("check")
    assert said.code == 0
    assert "using the shipped one" in said.err


def test_rules_list_has_one_row_for_each_rule_that_can_run(call: Call, write: Write) -> None:
    write("rules/a.yaml", FINE)
    write("rules/b.yaml", "id: b\nmatch: {any: ['@x']}\n")
    for arguments in (("rules",), ("rules", "list"), ("rules", "list", "rules")):
        said = call(*arguments)
        assert [line.split()[0] for line in said.out.splitlines()] == ["rule", "fine"]
        assert (said.code, "rules/b.yaml:2:15:" in said.err) == (2, True)
    assert [rule["id"] for rule in call("rules", "--json").documents] == ["fine"]


@pytest.mark.parametrize(
    ("rule_id", "code", "told"),
    [
        pytest.param("fine", 0, "", id="a rule that can run"),
        pytest.param("fin", 2, "Did you mean 'fine'?", id="a misspelt id"),
        pytest.param("other", 2, "news-monitor rules list", id="an unknown id"),
    ],
)
def test_rules_show(call: Call, write: Write, rule_id: str, code: int, told: str) -> None:
    write("rules/a.yaml", "id: fine\nmatch: {any: [Alpha, {near: {within: 3, all: [B, C]}}]}\n")
    said = call("rules", "show", rule_id)
    assert (said.code, told in said.err) == (code, True)
    if code == 0:
        assert said.out.endswith("any of\n  - Alpha\n  within 3 words\n    - B\n    - C\n"), (
            "the tree is indented"
        )
        tree = call("rules", "show", rule_id, "--json").documents[0]["match"]
        assert tree == {"any": ["Alpha", {"near": {"within": 3, "all": ["B", "C"]}}]}


@pytest.mark.parametrize(
    ("rule", "code", "summary"),
    [
        pytest.param(FINE, 0, "2 of 2 tests pass", id="all pass"),
        pytest.param(FAILING, 1, "0 of 1 test pass", id="one fails"),
        pytest.param(FAILING + "labels: [x]\n", 2, "0 of 0 tests pass", id="the rule is broken"),
    ],
)
def test_rules_test(
    call: Call, write: Write, tmp_path: Path, rule: str, code: int, summary: str
) -> None:
    write("rules/a.yaml", rule)
    said = call("rules", "test", "--junit", "report.xml")
    assert (said.code, said.out.splitlines()[-1]) == (code, summary)
    report = ElementTree.parse(tmp_path / "report.xml").getroot()
    assert report.get("failures") == ("1" if code == 1 else "0")
    assert len(call("rules", "test", "--json").documents) == int(report.get("tests", ""))


def test_a_report_that_cannot_be_written_is_told(call: Call, write: Write) -> None:
    write("rules/a.yaml", FINE)
    said = call("rules", "test", "--junit", "nowhere/report.xml")
    assert (said.code, "cannot be written" in said.err) == (2, True)
