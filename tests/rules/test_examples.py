"""The tests inside rule files."""

import pytest

from monitor.rules.examples import run_examples
from tests.rules.build import loaded

RULE = """
match:
  all:
    - near: {within: 3, all: [EU, probe]}
    - any: [AI]
  none: {in: title, any: [podcast]}
tests:
"""


@pytest.mark.parametrize(
    ("test", "passed", "message"),
    [
        pytest.param("- fires: EU opens probe into AI", True, "fires, as it should", id="a bare text is the body"),
        pytest.param("- fires: {title: EU probe, body: AI}", True, "fires", id="a mapping names fields"),
        pytest.param("- fires: {text: EU probe AI}", True, "fires", id="text and body are the same field"),
        pytest.param("- fires: EU probe", False, "should fire and is silent", id="a test that must fire and does not"),
        pytest.param("- silent: EU probe into AI", False, "should be silent and fires on 'EU', 'probe', 'AI'", id="a test that must be silent and is not"),
        pytest.param("- silent: EU probe", True, "silent, as it should", id="silence without a reason"),
        pytest.param("- {silent: EU probe, because: any}", True, "silent because of any", id="silence for the stated reason"),
        pytest.param("- {silent: EU a b c d probe AI, because: near}", True, "because of near", id="a gap that is too wide"),
        pytest.param("- {silent: EU probe, because: near}", False, "not because of near", id="silence for another reason"),
        pytest.param("- {silent: {title: podcast, body: EU probe AI}, because: none}", True, "because of none", id="an exclusion as the reason"),
        pytest.param("- {silent: nothing, because: any}", False, "stays silent even if any held", id="two branches fail: neither is the reason"),
    ],
)  # fmt: skip
def test_examples(test: str, passed: bool, message: str) -> None:
    result = loaded(RULE + test)
    assert not result.problems
    (outcome,) = run_examples(result.rules)
    assert outcome.passed is passed
    assert message in outcome.message


@pytest.mark.parametrize(
    ("match", "text", "because"),
    [
        pytest.param("{any: [Teams], unless_near: {within: 0, any: [up]}}", "Teams up", "unless_near", id="a mask as the reason"),
        pytest.param("{any: [Teams], min_mentions: 2}", "Teams", "min_mentions", id="a count as the reason"),
        pytest.param("{near: {within: 1, all: [a1, b1]}, unless_near: {within: 1, any: [x1]}}", "a1 q q b1", "near", id="a branch under a modifier as the reason"),
        pytest.param("{near: {within: 1, all: [a1, b1]}, min_mentions: 1}", "a1 q q b1", "near", id="a branch that is counted as the reason"),
        pytest.param("{then: {within: 1, all: [a1, b1]}}", "b1 a1", "then", id="an order as the reason"),
        pytest.param("{same: {unit: sentence, all: [a1, b1]}}", "So a1. But b1.", "same", id="a sentence as the reason"),
    ],
)  # fmt: skip
def test_modifiers_as_reasons(match: str, text: str, because: str) -> None:
    rule = f"match: {match}\ntests: [{{silent: {text}, because: {because}}}]"
    (outcome,) = run_examples(loaded(rule).rules)
    assert outcome.passed, outcome.message


def test_the_keys_of_a_mapping_are_no_branch_called_all() -> None:
    rule = "match: {any: [a1], none: [b1]}\ntests: [{silent: a1 b1, because: all}]"
    assert "the rule has no all: branch" in str(loaded(rule).problems[0])
