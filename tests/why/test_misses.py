"""What to change in a rule that missed: one sentence for each kind of miss."""

import pytest

from monitor.model import Article
from monitor.rules.explain import explain
from monitor.why.misses import mends
from tests.rules.build import article, book


def told(rule: str, text: str, title: str = "", **fields: str) -> tuple[str, ...]:
    wanted = book(f"id: r\n{rule}").rules[0]
    about: Article = article(text, title, **fields)
    return mends(explain(wanted, about), wanted, about)


NEAR = "match: {near: {within: 2, all: [ferry, fog]}}"


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        pytest.param(NEAR, "A ferry sailed slowly into the fog.", "near within 2: 4 words lie between; within: 4 would take it", id="a gap that is too wide"),
        pytest.param("match: {then: {within: 9, all: [fog, ferry]}}", "A ferry in fog.", "another order; near: takes any order", id="another order"),
        pytest.param(NEAR, f"A ferry. {'word ' * 1200} Fog.", "all: does not ask how near", id="further apart than any window"),
        pytest.param("match: {same: {unit: sentence, all: [ferry, fog]}}", "A ferry. The fog.", "same sentence: all of them are there, but not in one", id="two sentences"),
        pytest.param("match: [ferry, WHO]", "A ferry for those who sail.", "'WHO' finds capitals only and 'who' is in body: add 'who'", id="capitals"),
        pytest.param("match: [=Apple]", "An apple.", "asks for exactly this case and 'apple' is in body: leave the = out", id="exactly this case"),
        pytest.param("match: [acquire]", "It acquired a ferry.", "'acquired' is in body: ~acquire finds all forms", id="another form of the word"),
        pytest.param("match: {in: title, any: [ferry]}", "A ferry.", "'ferry' is in body, where this branch does not look: in: [title, body]", id="another field"),
        pytest.param("match: {all: [ferry], none: [podcast]}", "A ferry. Hear our Podcast.", "an exclusion (none:) keeps it out ('Podcast' in body)", id="an exclusion"),
        pytest.param("match: {any: [ferry], unless_near: {within: 3, any: [toy]}}", "A toy ferry.", "took every hit away: a smaller within: keeps more", id="every hit masked"),
        pytest.param("match: {any: [ferry], unless_near: {within: 3, any: [toy]}}", "A toy boat.", "none of ferry is in the article", id="a mask over nothing"),
        pytest.param("match: {any: [ferry], min_mentions: 3}", "A ferry and a ferry.", "there are 2; min_mentions: 2 would take it", id="too few mentions"),
        pytest.param("match: {at_least: 2, of: [ferry, fog, ice]}", "A ferry.", "1 of the 2 that are needed; at_least: 1 would take it", id="too few of several"),
        pytest.param("match: [ferry, {any: [a1, b2, c3, d4, e5, f6]}]", "A ferry.", "none of a1, b2, c3, d4 and 2 more is in the article", id="no word of a long list"),
        pytest.param("match: {all: [ferry, {regex: 'X-[0-9]+'}]}", "A ferry.", "the pattern X-[0-9]+ is not found", id="a pattern"),
        pytest.param("match: [ferry]\nsource: {min_words: 40}", "A ferry.", "source: of the rule keeps it out (its text has 2 words", id="a source condition"),
        pytest.param("match: [ferry]\nfilters: [{id: no-toys, rules: ['*'], none: [toy]}]", "A toy ferry.", "the filter no-toys keeps it out ('toy' in body)", id="a filter"),
    ],
)  # fmt: skip
def test_the_mend_of_a_single_miss(rule: str, text: str, expected: str) -> None:
    found = told(rule, text)
    assert len(found) == 1, found
    assert expected in found[0]


def test_words_in_different_fields() -> None:
    assert "all: does not ask how near" in told(NEAR, "A ferry.", "Fog")[0]


def test_each_miss_of_a_rule_has_its_mend() -> None:
    found = told("match: [ferry, fog, {none: [toy]}]", "A toy boat in snow.")
    assert len(found) == 3


def test_a_rule_that_fires_needs_no_mend() -> None:
    assert told("match: [ferry]", "A ferry.") == ()


def test_the_mend_of_a_window_is_true() -> None:
    """The number that is proposed is the smallest that works, by the engine itself."""
    text = "A ferry sailed slowly into the fog."
    gap = int(told(NEAR, text)[0].split("within: ")[1].split()[0])
    for within, fires in ((gap, True), (gap - 1, False)):
        rules = book(f"match: {{near: {{within: {within}, all: [ferry, fog]}}}}")
        assert bool(rules.match(article(text))) == fires
