"""``check`` and ``rules``: every mistake of every file in one run, and the tests of rules."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from .conftest import ROOT, Call, Write

FEEDS = "feeds: [https://example.org/f]\n"
# Neither rule is warned of: both have a title, and tests of firing and of a near miss.
TESTED = "tests:\n  - fires: Alpha buys Beta\n  - silent: Alpha alone\n"
FINE = "id: fine\ntitle: Fine\nmatch: [Alpha, Beta]\n" + TESTED
FAILING = (
    "id: failing\ntitle: Failing\nmatch: [Alpha, Gamma]\n"
    "tests:\n  - fires: Alpha at last\n  - silent: Alpha alone\n"
)


@pytest.mark.parametrize(
    ("config", "rule", "code", "places"),
    [
        pytest.param(FEEDS, FINE, 0, [], id="nothing to find"),
        pytest.param("", FINE, 0, ["config.yaml:1:1: warning:"], id="an empty config"),
        pytest.param("- a\n", FINE, 2, ["config.yaml:1:1: settings are keys"], id="a list"),
        pytest.param("feeds: [x\n", FINE, 2, ["config.yaml:"], id="YAML that cannot be read"),
        pytest.param(
            FEEDS, FAILING, 1, ["rules/rule.yaml:5:5: test of failing"],
            id="a test that fails is one",
        ),
        pytest.param(
            "feeds: [nonsense]\nnotifers: {}\n", FAILING, 2,
            ["config.yaml:1:9:", "config.yaml:2:1:", "rules/rule.yaml:5:5: test"],
            id="mistakes and a failing test are told together, and are two",
        ),
        pytest.param(
            FEEDS, "id: a\nmatch: {any: ['@x']}\nlevel: loud\n", 2,
            ["rules/rule.yaml:2:15:", "rules/rule.yaml:3:8:"],
            id="mistakes in a rule stand in the order of the file",
        ),
        pytest.param(
            FEEDS + "rules: [nowhere]\n", FINE, 2, ["config.yaml:2:9:"],
            id="a rules folder that is missing",
        ),
        pytest.param(
            FEEDS + "notifiers: {x: {type: slak}}\n", FINE, 2,
            ["config.yaml:2:13: no notifier type is called 'slak'. Did you mean 'slack'?"],
            id="a notifier of no known type",
        ),
        pytest.param(
            "feeds: [nonsense]\nnotifiers:\n  x: {type: slak}\n  y: {type: slack}\n", FINE, 2,
            ["config.yaml:1:9:", "config.yaml:3:3:", "config.yaml:4:6:"],
            id="wrong options are told also where another part of the config is wrong",
        ),
        pytest.param(
            FEEDS, FINE + "alert: {notify: [desk]}\nlabels: [x]\n", 2,
            ["rules/rule.yaml:8:9:"], id="only the first reason why a rule cannot run",
        ),
        pytest.param(
            FEEDS + "notifiers: {screen: {type: console}}\n",
            FINE + "alert: {notify: [scren]}\n", 2,
            ["rules/rule.yaml:7:18: no notifier is named 'scren'. Did you mean 'screen'?"],
            id="a rule that tells nobody known",
        ),
        pytest.param(
            FEEDS, "id: bare\nmatch: [Alpha, Beta]\n", 0,
            ["rules/rule.yaml:1:1: warning: the rule 'bare' has no tests",
             "rules/rule.yaml:1:1: warning: messages will show 'bare'"],
            id="warnings alone are exit 0",
        ),
        pytest.param(
            FEEDS, "id: only\ntitle: Only\nmatch: [Alpha, Beta]\ntests:\n  - fires: Alpha, Beta\n", 0,
            ["rules/rule.yaml:4:1: warning: no test says when the rule stays silent"],
            id="tests of firing only are warned of",
        ),
        pytest.param(
            FEEDS, "id: bare\nmatch: [Alpha]\ntests:\n  - fires: Gamma\n  - silent: alphas\n", 1,
            ["rules/rule.yaml:1:1: warning: messages", "rules/rule.yaml:5:5: warning: this text",
             "rules/rule.yaml:4:5: test of bare"],
            id="a failing test is one, beside warnings too",
        ),
        pytest.param(
            FEEDS, "id: bare\nmatch: {any: [AT&amp;T, '@x', Alpha]}\n", 2,
            ["rules/rule.yaml:2:15: warning: 'AT&amp;T'", "rules/rule.yaml:2:25: no list is named"],
            id="a rule that cannot run is warned of what its words say, in the order of the file",
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


def test_a_warning_has_a_name_that_its_page_explains(call: Call, write: Write) -> None:
    write("config.yaml", FEEDS)
    write("rules/rule.yaml", "id: bare\nmatch: [Alpha, Beta]\n")
    named = [line.rpartition(" ")[2].strip("[]") for line in call("check").err.splitlines()]
    assert named == ["no-test", "no-title"]
    (document,) = call("check", "--json").documents
    assert [problem["code"] for problem in document["problems"]] == named
    page = (ROOT / "docs" / "rules-lint.md").read_text(encoding="utf-8").splitlines()
    assert all(f"### {name}" in page for name in named)


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [
        pytest.param(
            "# the desk's rule\nid: a\ntitle: A\nmatch:\n  any:\n"
            "    - AT&amp;T   # as the page wrote it\n    - Alpha\n" + TESTED,
            "# the desk's rule\nid: a\ntitle: A\nmatch:\n  any:\n"
            "    - AT&T   # as the page wrote it\n    - Alpha\n" + TESTED,
            [], id="an HTML entity becomes its character, and comments stay",
        ),
        pytest.param(
            "id: a\ntitle: A\nmatch: {any: [ “Alpha buys”,   Beta ]}  # from a mail\n" + TESTED,
            'id: a\ntitle: A\nmatch: {any: [ "Alpha buys",   Beta ]}  # from a mail\n' + TESTED,
            [], id="typographic quotes become straight ones, and the layout stays",
        ),
        pytest.param(
            "id: a\ntitle: A\nmatch:\n  any:\n    - “Alpha buys”\n    - AT&amp;T\n    - AT&T\n"
            + TESTED,
            'id: a\ntitle: A\nmatch:\n  any:\n    - "Alpha buys"\n    - AT&T\n' + TESTED,
            [], id="what one mend brings to light is mended in the same run",
        ),
        pytest.param(
            "id: a\ntitle: A\nmatch: {any: [Alpha buys, Gamma or Delta]}\n" + TESTED, None,
            ["spelled-operator"], id="what would change the meaning is left to a person",
        ),
        pytest.param(
            "id: a\ntitle: A\nmatch: {any: [AT&amp;T, Alpha buys, Gamma or Delta]}\n" + TESTED,
            "id: a\ntitle: A\nmatch: {any: [AT&T, Alpha buys, Gamma or Delta]}\n" + TESTED,
            ["spelled-operator"], id="what needs a person does not stop the rest",
        ),
        pytest.param(
            "id: a\nmatch: [Alpha, Beta]\n", None, ["no-test", "no-title"],
            id="a title and tests are not made up",
        ),
        pytest.param(FINE, None, [], id="a file without mistakes stays as it is"),
        pytest.param(
            "id: a\nmatch: [AT&amp;T, “Alpha”\n", None, ["smart-quotes", ""],
            id="a file that is not YAML is not touched",
        ),
    ],
)  # fmt: skip
def test_fix_mends_what_is_safe_and_a_second_time_changes_nothing(
    call: Call, write: Write, before: str, after: str | None, left: list[str]
) -> None:
    write("config.yaml", FEEDS)
    rule = write("rules/rule.yaml", before)
    told = [line for line in call("check", "--fix").err.splitlines() if ": mended [" in line]
    assert bool(told) == (after is not None)
    assert rule.read_text(encoding="utf-8") == (after or before)

    again = call("check", "--fix", "--json")
    assert again.err == "", "nothing is left to mend"
    (document,) = again.documents
    assert [problem["code"] or "" for problem in document["problems"]] == left
    assert rule.read_text(encoding="utf-8") == (after or before)
    assert [path.name for path in rule.parent.iterdir()] == ["rule.yaml"], "no other file is left"


def test_fix_keeps_line_ends_mode_and_a_link_to_the_file(
    call: Call, write: Write, tmp_path: Path
) -> None:
    write("config.yaml", FEEDS)
    rule = write("rules/rule.yaml", "")
    kept = tmp_path / "kept.yaml"
    kept.write_bytes(b"id: a\r\ntitle: A\r\nmatch: {any: [AT&amp;T, Beta]}\r\n")
    kept.chmod(0o600)
    rule.unlink()
    rule.symlink_to(kept)
    call("check", "--fix")
    assert kept.read_bytes() == b"id: a\r\ntitle: A\r\nmatch: {any: [AT&T, Beta]}\r\n"
    assert (kept.stat().st_mode & 0o777, rule.is_symlink()) == (0o600, True)


def test_fix_tells_in_json_what_is_left_and_beside_it_what_is_mended(
    call: Call, write: Write
) -> None:
    write("config.yaml", FEEDS)
    write("rules/fine.yaml", FINE)
    write("rules/rule.yaml", "id: a\ntitle: A\nmatch: {any: [AT&amp;T, Beta]}\n")
    said = call("check", "--fix", "--json")
    (document,) = said.documents
    assert said.code == 0
    assert [problem["code"] for problem in document["problems"]] == ["no-test"]
    assert document["rules"] == ["fine", "a"]
    (mended,) = said.err.splitlines()
    assert mended == "rules/rule.yaml:3:15: mended [html-entity]"


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        pytest.param("id: a\nmatch: {any: [AT&amp;T, '@x']}\n", 2, id="a mistake is still two"),
        pytest.param(
            "id: a\nmatch: {any: [AT&amp;T, Beta]}\ntests: [{fires: AT&T}, {fires: Gamma}]\n", 1,
            id="a failing test is still one",
        ),
        pytest.param(
            "id: a\nmatch: {any: [AT&amp;T, Beta]}\ntests: [{fires: AT&T}]\n", 0,
            id="a test that fails only for the misspelt word passes then",
        ),
    ],
)  # fmt: skip
def test_the_exit_code_of_fix_is_that_of_what_is_left(
    call: Call, write: Write, rule: str, code: int
) -> None:
    write("config.yaml", FEEDS)
    file = write("rules/rule.yaml", rule)
    assert call("check", "--fix").code == code
    assert "[AT&T, " in file.read_text(encoding="utf-8")


def test_check_without_fix_changes_no_file(call: Call, write: Write) -> None:
    write("config.yaml", FEEDS)
    rule = write("rules/rule.yaml", "id: a\nmatch: {any: [AT&amp;T, “Beta”]}\n")
    before = rule.read_bytes()
    assert "[html-entity]" in call("check").err
    assert rule.read_bytes() == before


def test_check_reads_the_rules_of_a_config_with_mistakes_where_it_names_them(
    call: Call, write: Write
) -> None:
    write("config.yaml", "rules: [mine]\nnonsense: 1\n")
    write("mine/rule.yaml", FAILING)
    said = call("check")
    assert (said.code, "mine/rule.yaml:5:5" in said.err) == (2, True)
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
    assert ": 0 errors, 0 warnings; " in said.out, "the shipped rules are an example to others"


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
        pytest.param(FAILING, 1, "1 of 2 tests pass", id="one fails"),
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
