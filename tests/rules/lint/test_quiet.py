"""Lint does not cry wolf: rules that are fine, rules that are broken, files of any shape."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config.rulefiles import RuleSource, find, read_rule_files
from monitor.config.yamlfile import parse
from monitor.located import Mapping
from monitor.rules.examples import run_examples
from monitor.rules.lint import CODES, FIXABLE, LOADER_CODES, lint, page
from monitor.rules.load import load
from tests.rules.lint.test_checks import TODAY, warned

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def test_thirty_sensible_rules_are_left_alone() -> None:
    sources, problems = read_rule_files([HERE / "sensible.yaml"], HERE)
    loaded = load(sources)
    assert (problems, loaded.problems) == ((), ())
    assert len(loaded.rules) >= 30
    assert [result.message for result in run_examples(loaded.rules) if not result.passed] == []
    assert [str(each) for each in lint(sources, loaded, today=TODAY)] == []


def test_the_shipped_examples_are_left_alone() -> None:
    sources, _ = read_rule_files(find([ROOT / "rules/_examples"]), ROOT)
    assert [str(each) for each in lint(sources, load(sources), today=TODAY)] == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="an empty match"),
        pytest.param("{any: }", id="a list without items"),
        pytest.param("{near: [a1, b1]}", id="a window without distance"),
        pytest.param("{near: {within: many, all: a1}}", id="a distance in words"),
        pytest.param("{any: [[a1]], in: [], unless_near: x}", id="wrong shapes everywhere"),
        pytest.param("[{any: ['@nobody', ab*]}]", id="an unknown list and a bad term"),
        pytest.param("{at_least: x, of: {a: b}, min_mentions: [1]}", id="counts that are none"),
        pytest.param("'(a1 OR b1'", id="a one-line form with a mistake"),
        pytest.param("{regex: [a, b]}", id="a list of patterns"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_walked_without_harm(text: str) -> None:
    assert all(each.severity == "warning" for each in warned(f"id: x\nmatch: {text}"))


KEYS = st.sampled_from(
    "id match any all none near then same of at_least in within unit regex unless_near "
    "min_mentions tests fires silent entities filters rules source languages alert notify".split()
)
LEAVES = st.sampled_from(["a1", "'@n'", "2", "title", "'merger*'", "'~AI'", "Apple", "''", "0"])


def written(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.lists(values, max_size=4).map(lambda items: f"[{', '.join(items)}]")
    maps = st.dictionaries(KEYS, values, max_size=4).map(
        lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"
    )
    return lists | maps


@settings(max_examples=150, deadline=None)
@given(st.recursive(LEAVES, written, max_leaves=20), st.recursive(LEAVES, written, max_leaves=8))
def test_files_of_any_shape_are_judged_the_same_way_twice(match: str, other: str) -> None:
    text = f"id: x\nmatch: {match}\nentities: {{n: [{other}]}}\ntests: {other}"
    node, _ = parse(text.encode(), "a.yaml")
    assert isinstance(node, Mapping)
    sources = [RuleSource("a.yaml", "a", node)]
    first = lint(sources, load(sources), today=date(2026, 1, 1))
    assert first == lint(sources, load(sources), today=date(2026, 1, 1))
    assert {each.code for each in first} <= set(CODES)


def test_warnings_come_in_the_order_of_the_files_and_lines() -> None:
    found = warned("match: {any: [Apple, X]}", "match: [a1]\nexpires: 2020-01-01")
    assert [each.place for each in found] == sorted(each.place for each in found)
    assert {each.place.path for each in found} == {"a.yaml", "b.yaml"}


def test_no_warning_of_one_place_is_told_twice() -> None:
    found = warned(
        "rules: [{id: x, match: ['@n']}, {id: y, match: ['@n', b1]}]\nentities: {n: [Apple, 中]}"
    )
    assert len({(each.place, each.code) for each in found}) == len(found)


def test_many_rules_over_a_long_list_are_judged_in_good_time() -> None:
    names = ", ".join(f"name{n}" for n in range(1500))
    rules = "\n".join(
        f"  - {{id: r{n}, match: {{all: ['@n', w{n}, {{any: [x{n}, y{n}]}}], none: [z{n}]}}}}"
        for n in range(300)
    )
    assert len(warned(f"entities: {{n: [{names}]}}\nrules:\n{rules}")) >= 300


def test_every_warning_has_its_paragraph_and_every_paragraph_its_warning() -> None:
    text = (ROOT / "docs/rules-lint.md").read_text(encoding="utf-8")
    titled = [line.removeprefix("### ") for line in text.splitlines() if line.startswith("### ")]
    assert sorted(titled) == sorted([*CODES, *LOADER_CODES])
    assert page("common-word") == "docs/rules-lint.md#common-word"
    for code in titled:
        paragraph = text.split(f"### {code}\n")[1].split("\n#")[0]
        assert ("`check --fix`" in paragraph) == (code in FIXABLE), code
