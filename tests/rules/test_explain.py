"""The explanation says what the engine does, branch by branch."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.rules.explain import Branch, explain
from monitor.rules.explained import explanation_lines
from tests.conftest import many
from tests.rules.build import article, book
from tests.rules.test_judge import query, text

LINES = [
    ("[a1, b1]", "a1", ["SILENT", "FAIL  all", "PASS  a1: in body", "FAIL  b1: not found"], "each branch of a list"),
    ("{near: {within: 2, all: [a1, b1]}}", "a1 x x x b1", ["FAIL  near within 2: closest 3 words apart"], "the nearest miss of a window"),
    ("{near: {within: 2, all: [a1, b1]}}", "a1 x b1", ["PASS  near within 2: closest 1 word apart"], "the measured gap of a window"),
    ("{then: {within: 9, all: [a1, b1]}}", "b1 x a1", ["FAIL  then within 9"], "an order that does not occur"),
    ("{same: {unit: sentence, all: [a1, b1]}}", "So a1. But b1.", ["FAIL  same sentence: no sentence holds all"], "a sentence"),
    ("{any: [Teams], unless_near: {within: 0, any: [up]}}", "Teams up", ["FAIL  unless within 0 words of: 0 left, 1 taken away"], "what a mask took away"),
    ("{any: [a1], min_mentions: 3}", "a1 a1", ["FAIL  min_mentions 3: 2 mentions"], "how many mentions there are"),
    ("{at_least: 2, of: [a1, b1, c1]}", "a1", ["FAIL  at least 2 of: 1 of the 2 that are needed"], "how many of a list hold"),
    ("[EU]", "the eu", ["FAIL  EU: not found in capitals; 'eu' is in body"], "a word in another case"),
    ("{any: [a1], none: [b1]}", "a1 b1", ["FAIL  none", "PASS  b1: in body"], "what was excluded and found"),
    ("{any: [a1, b1, c1]}", "a1", ["PASS  any", "PASS  a1: in body", "2 more not found"], "alternatives not found are counted"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("match", "body", "expected"), [pytest.param(m, b, e, id=i) for m, b, e, i in LINES]
)
def test_lines(match: str, body: str, expected: list[str]) -> None:
    (rule,) = book(f"match: {match}").rules
    shown = "\n".join(explanation_lines(explain(rule, article(body))))
    for part in expected:
        assert part in shown, shown


def combine(branch: Branch) -> bool:
    """What the children's answers make of their parent, by the words of the manual."""
    held = [child.holds for child in branch.children]
    match branch.key:
        case "all":
            return all(held)
        case "any":
            return any(held)
        case "none":
            return not any(held)
        case "near" | "then" | "same":
            return branch.holds and all(held)
        case _:
            return branch.holds


def consistent(branch: Branch) -> bool:
    return branch.holds == combine(branch) and all(map(consistent, branch.children))


def test_every_answer_is_the_engines_and_every_parent_follows_from_its_children() -> None:
    chance = random.Random(11)
    for number in range(many(150, 10_000)):
        (rule,) = book(f"id: r{number}\nmatch: {query(chance, 3).yaml}").rules
        for _ in range(3):
            body = text(chance)
            found = explain(rule, article(body))
            fired = _fires(rule, body)
            assert found.fires == fired == found.tree.holds
            assert consistent(found.tree)
            assert (found.misses == 0) == found.fires


def _fires(rule, body: str) -> bool:  # type: ignore[no-untyped-def]  # a Rule
    from monitor.rules.book import RuleBook

    return bool(RuleBook([rule]).match(article(body)))


@given(st.integers(0, 12), st.integers(0, 6))
def test_a_window_that_fails_by_words_would_hold_with_the_measured_gap(
    gap: int, asked: int
) -> None:
    body = " ".join(["a1", *["x"] * gap, "b1"])
    (rule,) = book(f"match: {{near: {{within: {asked}, all: [a1, b1]}}}}").rules
    found = explain(rule, article(body))
    assert found.fires is (gap <= asked)
    assert f"closest {gap} word" in found.tree.detail
