"""The JSON Schema of rule files agrees with the loader on what is good and what is a mistake."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from monitor.config import schema, yamlfile
from monitor.config.rulefiles import RuleSource, find
from monitor.located import Mapping
from monitor.rules.load import ALERT_KEYS, BECAUSE, FILE_KEYS, RULE_KEYS, load
from monitor.rules.settings import FILTER_KEYS, SOURCE_KEYS
from monitor.rules.terms import TermError, parse_term
from monitor.rules.tree import MODIFIERS, NODE_KEYS

ROOT = Path(__file__).parents[2]
MADE = schema.rule_schema()
RULE = Draft202012Validator(MADE)


class EditorLoader(yaml.SafeLoader):
    """Reads a day as a text, as YAML 1.2 and so the editors do."""


EditorLoader.yaml_implicit_resolvers = {
    start: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for start, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def fits(text: str) -> bool:
    """Whether an editor would mark nothing."""
    return RULE.is_valid(yaml.load(text, EditorLoader))  # a SafeLoader


def loads(text: str) -> bool:
    """Whether the program finds no mistake."""
    node, problems = yamlfile.parse(text.encode(), "rule.yaml")
    assert isinstance(node, Mapping), problems
    found = [*problems, *load([RuleSource("rule.yaml", "rule", node, lists_only=False)]).problems]
    return not any(problem.severity == "error" for problem in found)


GOOD = [
    pytest.param("match: [Microsoft, Mistral]", id="the beginner's list"),
    pytest.param("match: probe", id="one term"),
    pytest.param("match: statement of objections", id="a phrase"),
    pytest.param("match: {any: [2024, no, 1.5]}", id="words that look like numbers"),
    pytest.param("match: {any: merger}", id="one term for a list of one"),
    pytest.param("match: {any: {near: {within: 2, all: [a1, b1]}}}", id="one mapping for a list of one"),
    pytest.param("match: {near: {within: 3, all: [a1, {any: [b1, c1]}]}}", id="nested"),
    pytest.param("match: {near: {within: 3, in: title, all: [a1, b1]}}", id="a field inside a window"),
    pytest.param("match: {any: [a1], none: {in: title, any: [b1]}, in: [title, body]}", id="fields"),
    pytest.param("match: {none: [a1, b1], any: [c1]}", id="a list to exclude"),
    pytest.param("match: {any: [a1], unless_near: {within: 0, any: [up]}, min_mentions: 2}", id="modifiers"),
    pytest.param("match: {regex: '(?i)\\bM\\.\\d{5}\\b'}", id="a pattern"),
    pytest.param("match: {regex: 'M\\.\\d+', min_mentions: 2}", id="a pattern, counted"),
    pytest.param("match: {at_least: 2, of: [a1, b1, {regex: c1}]}", id="some of several"),
    pytest.param("match: {at_least: 1, of: a1}", id="some of one"),
    pytest.param("match: {any: [=Apple, ~investigate, euro*, EU*]}", id="signs of terms"),
    pytest.param("match: {any: ['\"AND one\"', Andor, note]}", id="a quoted operator is a word"),
    pytest.param("match: {any: [a1], all: [b1], at_least: 1, of: [c1]}", id="several conditions side by side"),
    pytest.param("rules: [{id: a, match: b1}]\nentities: {x: [a1]}", id="several rules and lists"),
    pytest.param("entities: {x: [a1, {any: [=B1], unless_near: {within: 3, any: [c1]}}]}", id="a list with a guarded name"),
    pytest.param("filters: [{id: f, rules: ['*'], labels: {desk: a}, none: {in: title, any: [a1]}}]", id="a filter alone"),
    pytest.param("filters: [{none: [a1], rules: eu-*}]", id="a filter with little"),
    pytest.param("match: a1\nsource: {languages: [en], feeds: 'x*', tags: [eu], max_age: 48h, min_words: 40}", id="source"),
    pytest.param("match: a1\nexpires: 2027-06-30", id="a last day"),
    pytest.param("match: a1\nalert: {notify: [newsroom]}\nlabels: {desk: 5}\nlevel: info", id="settings"),
    pytest.param("match: a1\nowner:\ntitle:", id="texts that are left empty"),
    pytest.param("match: {any: [a1]}\ntests: [{fires: a1}, {silent: {title: b, language: en, tags: [x]}, because: any}]", id="tests"),
    pytest.param("match: a1\ntests: [{fires: 2024}]", id="a test that is a number"),
]  # fmt: skip

BAD = [
    pytest.param("title: a", id="a file without match, rules or lists"),
    pytest.param("match:", id="an empty match"),
    pytest.param("match: []", id="an empty list"),
    pytest.param("match: {ayn: [a1]}", id="an unknown node"),
    pytest.param("match: {in: title}", id="a field and nothing to look for"),
    pytest.param("match: {any: []}", id="an empty any"),
    pytest.param("match: {any: [[a1]]}", id="a list in a list"),
    pytest.param("match: {any: ['']}", id="an empty term"),
    pytest.param("match: {any: [a1 OR b1]}", id="an operator in a list item"),
    pytest.param("match: {any: [a1 NEAR/5 b1]}", id="a window in a list item"),
    pytest.param("match: {in: headline, any: [a1]}", id="an unknown field"),
    pytest.param("match: {in: [], any: [a1]}", id="no field"),
    pytest.param("match: {near: {all: [a1, b1]}}", id="a window without width"),
    pytest.param("match: {near: {within: 3}}", id="a window without items"),
    pytest.param("match: {near: {within: 3, all: [a1]}}", id="a window of one"),
    pytest.param("match: {near: {within: 3, all: [a1, b1, c1, d1, e1, f1, g1, h1, i1]}}", id="a window of nine"),
    pytest.param("match: {near: {within: -1, all: [a1, b1]}}", id="a negative width"),
    pytest.param("match: {near: {within: 1001, all: [a1, b1]}}", id="a huge width"),
    pytest.param("match: {near: {within: 3, any: [a1, b1]}}", id="any inside a window"),
    pytest.param("match: {near: {within: 3, all: [a1, {all: [b1]}]}}", id="all inside a window"),
    pytest.param("match: {near: {within: 3, all: [a1, {none: [b1]}]}}", id="none inside a window"),
    pytest.param("match: {near: {within: 3, all: [a1, {at_least: 1, of: [b1]}]}}", id="at_least inside a window"),
    pytest.param("match: {then: {within: 3, all: [a1, {any: [b1], min_mentions: 2}]}}", id="a count inside a window"),
    pytest.param("match: {same: {unit: page, all: [a1, b1]}}", id="an unknown unit"),
    pytest.param("match: {same: {all: [a1, b1]}}", id="no unit"),
    pytest.param("match: {any: [a1], unless_near: {within: 0}}", id="unless_near without words"),
    pytest.param("match: {any: [a1], unless_near: {within: 0, any: [{all: [b1]}]}}", id="all inside unless_near"),
    pytest.param("match: {all: [a1], unless_near: {within: 0, any: [b1]}}", id="unless_near beside all"),
    pytest.param("match: {any: [a1], near: {within: 1, all: [b1, c1]}, min_mentions: 2}", id="a count beside two nodes"),
    pytest.param("match: {any: [a1], min_mentions: 0}", id="no mentions"),
    pytest.param("match: {at_least: 2}", id="at_least without of"),
    pytest.param("match: {of: [a1, b1]}", id="of without at_least"),
    pytest.param("match: {of: [a1, b1], any: [c1]}", id="of beside something else"),
    pytest.param("match: {at_least: 0, of: [a1, b1]}", id="at least none"),
    pytest.param("match: {regex: [a1]}", id="a list of patterns"),
    pytest.param("match: {regex: ''}", id="an empty pattern"),
    pytest.param("match: a1\nlevel: loud", id="an unknown level"),
    pytest.param("match: a1\nlevel: [info]", id="a list for a level"),
    pytest.param("match: a1\ntests: [{fires: a, silent: b}]", id="a test of both kinds"),
    pytest.param("match: a1\ntests: [{because: near}]", id="a test of no kind"),
    pytest.param("match: a1\ntests: [{fires: {headline: a}}]", id="an unknown field in a test"),
    pytest.param("match: {any: [a1]}\ntests: [{fires: a1, because: any}]", id="because with fires"),
    pytest.param("match: {any: [a1]}\ntests: [{silent: b1, because: anny}]", id="an unknown branch"),
    pytest.param("match: a1\nsource: {language: en}", id="a misspelt condition"),
    pytest.param("match: a1\nsource: {max_age: 48}", id="an age without unit"),
    pytest.param("match: a1\nsource: {min_words: many}", id="a number that is none"),
    pytest.param("match: a1\nsource: [en]", id="source as a list"),
    pytest.param("match: a1\nexpires: next June", id="a day that is none"),
    pytest.param("match: a1\nalert: [newsroom]", id="alert as a list"),
    pytest.param("match: a1\nalert: {notfy: [newsroom]}", id="an unknown key of alert"),
    pytest.param("match: a1\nlabels: [a]", id="labels as a list"),
    pytest.param("rules: [{id: a}]", id="a listed rule without match"),
    pytest.param("rules: [{match: a1}]\nmatch: b1", id="a rule beside rules"),
    pytest.param("rules: {match: a1}", id="rules as a mapping"),
    pytest.param("entities: {x: a1}", id="a list that is a text"),
    pytest.param("entities: {x: []}", id="a list without terms"),
    pytest.param("filters: [{id: f}]", id="a filter without none"),
    pytest.param("filters: [{none: [a1], match: b1}]", id="an unknown key of a filter"),
    pytest.param("filters: {none: [a1]}", id="filters as a mapping"),
]  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_what_the_program_takes_an_editor_marks_nowhere(text: str) -> None:
    assert loads(text)
    assert [error.message for error in RULE.iter_errors(yaml.load(text, EditorLoader))] == []


@pytest.mark.parametrize("text", BAD)
def test_a_mistake_is_one_for_both(text: str) -> None:
    assert not loads(text)
    assert not fits(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("match: {any: ['@nobody']}", id="a list that stands nowhere"),
        pytest.param("match: {at_least: 3, of: [a1, b1]}", id="more than there are"),
        pytest.param("match: {regex: '(a'}", id="a pattern that is none"),
        pytest.param("match: {near: {within: 1, all: [a1, {any: [{all: [b1]}]}]}}", id="yes or no below any in a window"),
        pytest.param("match: {any: [a*b]}", id="an asterisk in the middle"),
        pytest.param("match: {none: [a1]}\ntests: [{silent: a1, because: near}]", id="a branch that the rule has not"),
    ],
)  # fmt: skip
def test_what_only_the_program_can_tell(text: str) -> None:
    """The schema stays simple; ``check`` says the rest."""
    assert fits(text)
    assert not loads(text)


@pytest.mark.parametrize(
    "path",
    [*find([ROOT / "rules"]), *find([ROOT / "rules/_examples"])],
    ids=lambda path: path.name,
)
def test_the_shipped_rules_fit(path: Path) -> None:
    content = yaml.load(path.read_text(encoding="utf-8"), EditorLoader)
    assert [error.message for error in RULE.iter_errors(content)] == []


@pytest.mark.parametrize(
    ("place", "known"),
    [
        pytest.param(MADE, {*RULE_KEYS, *FILE_KEYS}, id="a file"),
        pytest.param(MADE["$defs"]["Rule"], set(RULE_KEYS), id="a rule"),
        pytest.param(MADE["$defs"]["NodeMapping"], {*NODE_KEYS, *MODIFIERS, "of"}, id="a node"),
        pytest.param(MADE["$defs"]["AlertOptions"], set(ALERT_KEYS), id="alert"),
        pytest.param(MADE["$defs"]["SourceConditions"], set(SOURCE_KEYS), id="source"),
        pytest.param(MADE["$defs"]["Filter"], set(FILTER_KEYS), id="a filter"),
    ],
)
def test_the_schema_knows_the_keys_of_the_loader(place: dict[str, Any], known: set[str]) -> None:
    assert set(place["properties"]) == known


def test_the_schema_knows_the_branches_that_because_may_name() -> None:
    assert set(MADE["$defs"]["Test"]["properties"]["because"]["enum"]) == set(BECAUSE)


TERM = Draft202012Validator(MADE["$defs"]["Term"])
PIECES = [
    "AND",
    "or",
    "OR",
    "NOT",
    "NEAR/5",
    "SAME/x",
    "merger",
    "ANDor",
    '"',
    "“",
    "”",
    "=",
    "~",
    " ",
    "\n",
    "\t",
    "*",
]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(max_size=12))
def test_an_editor_marks_no_term_that_the_program_takes(written: str) -> None:
    if not TERM.is_valid(written):
        assert isinstance(parse_term(written), TermError)


def keywords(node: Any) -> Iterator[str]:
    """The schema keywords in use; names of properties and definitions are none."""
    if isinstance(node, list):
        for item in node:
            yield from keywords(item)
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            if key in ("properties", "$defs"):
                yield from keywords(list(value.values()))
            elif key not in ("examples", "enum", "const", "default"):
                yield from keywords(value)


def test_older_editors_understand_the_schema_too() -> None:
    """Many know draft 7 only, and step over what is newer without a word."""
    draft_7 = set(
        "$schema $ref title description examples type enum const pattern minLength maxLength "
        "minimum maximum minItems maxItems items properties additionalProperties required "
        "propertyNames allOf anyOf oneOf not if then".split()
    )
    of_editors = {"patternErrorMessage"}  # VS Code's own; others step over it
    assert set(keywords(MADE)) <= draft_7 | of_editors | {"$defs"}  # a pointer finds $defs


def test_a_schema_can_be_printed_for_an_editor() -> None:
    """The command of docs/rules.md."""
    made = subprocess.run(
        [sys.executable, "-m", "monitor.config.schema", "rule"],
        capture_output=True, text=True, check=True, cwd=ROOT, timeout=20,
    )  # fmt: skip
    assert made.stdout == schema.as_text(MADE)
