"""Which rules count as near, and that nearness agrees with the explanation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.rules.evaluate import Evaluation
from monitor.rules.explain import explain
from monitor.rules.fields import ArticleFields
from monitor.rules.rule import Rule
from monitor.why.nearness import distance
from tests.rules.build import article, book


def distance_of(rule: Rule, text: str) -> int | None:
    return distance(Evaluation(ArticleFields(article(text))), rule)


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        pytest.param("match: [ferry, fog]", "A ferry.", 1, id="half of it is there"),
        pytest.param("match: [ferry, fog, ice]", "A ferry.", 2, id="a third of it is there"),
        pytest.param("match: [ferry]", "A bus.", None, id="nothing of it is there"),
        pytest.param("match: {any: [ferry], none: [bus]}", "A bus.", None, id="only what it excludes is there"),
        pytest.param("match: {any: [ferry], none: [bus]}", "A ferry and a bus.", 1, id="all of it, and what it excludes"),
        pytest.param("match: [WHO]", "Those who sail.", 1, id="the word in another case"),
        pytest.param("match: ['=Who']", "Those who sail.", 1, id="the word in another than the exact case"),
        pytest.param("match: {near: {within: 1, all: [ferry, fog]}}", "A ferry went into the fog.", 1, id="near, but not near enough"),
        pytest.param("match: {any: [ferry], unless_near: {within: 3, any: [toy]}}", "A toy.", None, id="only the mask is there"),
        pytest.param("match: [ferry]\nfilters: [{id: f, rules: ['*'], none: [toy]}]", "A toy ferry.", 1, id="a filter keeps it out"),
        pytest.param("match: [ferry]\nsource: {min_words: 40}", "A ferry.", 0, id="its words hold; the source is judged elsewhere"),
    ],
)  # fmt: skip
def test_how_near_a_rule_is(rule: str, text: str, expected: int | None) -> None:
    assert distance_of(book(f"id: r\n{rule}").rules[0], text) == expected


WORDS = st.sampled_from(["a", "b", "c", "d"])
TREES = st.recursive(
    WORDS,
    lambda below: st.builds(
        lambda key, children: f"{{{key}: [{', '.join(children)}]}}",
        st.sampled_from(["all", "any"]), st.lists(below, min_size=1, max_size=3),
    )
    | st.builds(lambda w, a, b: f"{{near: {{within: {w}, all: [{a}, {b}]}}}}", st.integers(0, 2), WORDS, WORDS)
    | st.builds(lambda k, a, b: f"{{at_least: {k}, of: [{a}, {b}]}}", st.integers(1, 2), WORDS, WORDS)
    | st.builds(lambda a, b: f"{{any: [{a}], none: [{b}]}}", WORDS, WORDS),
    max_leaves=8,
)  # fmt: skip


@given(TREES, st.lists(st.sampled_from(["a", "b", "c", "x"]), max_size=8))
def test_nearness_counts_as_the_explanation_does(tree: str, words: list[str]) -> None:
    text = " ".join(words)
    rule = book(f"id: r\nmatch: [{tree}, a]").rules[0]
    found = explain(rule, article(text))
    assert distance_of(rule, text) in (found.misses, None)
