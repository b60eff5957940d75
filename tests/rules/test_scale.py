"""Rules in large numbers: found without a scan over all, packed without a change, filed well."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.located import Place
from monitor.model import Level
from monitor.rules.book import RuleBook, looked_at
from monitor.rules.changes import Changes, changes
from monitor.rules.frequencies import ENOUGH, SHIPPED, learned
from monitor.rules.needs import Known, filing_of, needs_of
from monitor.rules.nodes import AllOf, AnyOf, Node, NoneOf, Regex, Term, Window
from monitor.rules.packed import PackedFile, PackedRules, lists_named, pack_filings, pack_rule
from monitor.rules.patterns import compile_pattern
from monitor.rules.patternset import PatternSet
from monitor.rules.rule import Rule
from monitor.rules.terms import TermError, parse_term
from tests.rules.build import article, loaded

SCOPE = ("title", "body")

ALL_KINDS = r"""
filters: [{id: quiet, rules: ["b*"], none: {in: title, any: [football]}}]
entities: {firms: [Microsoft, "Mistral AI", =Apple], wide: ["@firms", OpenAI]}
rules:
  - {id: a1, match: "Foo Bär"}
  - {id: b2, title: "Two: “words”", level: urgent, labels: {desk: x}, owner: me, match: [one, two]}
  - id: c3
    match: {all: [{near: {within: 5, all: ["@wide", {any: [deal, ~invest, euro*, EU]}]}}], none: {in: title, any: [podcast]}}
    alert: {notify: [screen, desk]}
    source: {languages: [en, fr], max_age: 2h, min_words: 4}
    expires: 2027-06-30
    tests:
      - {fires: "Microsoft made a deal."}
      - {silent: {title: "A podcast", body: "Microsoft made a deal.", language: en}, because: none}
  - {id: d4, match: {at_least: 2, of: [x1, x2, x3]}}
  - {id: e5, match: {any: [Teams], unless_near: {within: 0, any: [up]}}}
  - {id: f6, match: {any: [bank], min_mentions: 3}}
  - {id: g7, match: {regex: '\b[A-Z]{2}-\d+\b'}}
  - {id: h8, match: {same: {unit: sentence, all: [gold, silver]}}}
  - {id: i9, match: {then: {within: 3, all: ["C++", "AT&T"]}, in: [lead, title]}}
  - {id: j10, match: {in: lead, any: ["@firms", 東京]}}
  - {id: k11, match: {none: [everything]}}
"""

TEXTS = [
    "Foo bar. One and two. Microsoft made a deal worth euros.",
    "The EU invests in Mistral AI. x3 then x1. Teams up with Teams.",
    "Bank, bank and bank. Gold and silver. Form AB-12 for C++ at AT&T.",
    "Apple in 東京都. Everything else. OpenAI is investing.",
    "",
]


def packed(*files: Sequence[Rule], filters: Any = (), lists: Any = None) -> PackedRules:
    """These rules, packed: one file of each list."""
    lists = lists or {}
    keys = {id(node): key for key, node in lists.items()}
    known: Known = {}
    made = [
        PackedFile(
            rules[0].place.path, tuple(rule.id for rule in rules),
            tuple(pack_rule(rule, keys) for rule in rules),
            pack_filings([filing_of(rule.match, SHIPPED, known) for rule in rules]),
            looked_at([rule.match for rule in rules]),
            {at: rule.labels for at, rule in enumerate(rules) if rule.labels},
        )
        for rules in files
    ]  # fmt: skip
    return PackedRules(made, lists, filters)


def all_kinds() -> tuple[Sequence[Rule], PackedRules]:
    result = loaded(ALL_KINDS)
    assert not result.problems, result.problems
    bare = [replace(rule, filters=()) for rule in result.rules]
    return result.rules, packed(bare, filters=result.filters, lists=result.lists)


def test_every_kind_of_rule_is_the_same_after_packing() -> None:
    plain, small = all_kinds()
    assert len(small) == len(plain)
    for before, after in zip(plain, small, strict=True):
        assert after == before
        assert after.place == before.place
        assert after.notify_places == before.notify_places
        assert [test.place for test in after.tests] == [test.place for test in before.tests]
    assert small[-1] == plain[-1]
    assert small[1:3] == tuple(plain[1:3])


@pytest.mark.parametrize("text", TEXTS)
def test_packed_rules_match_as_plain_ones_do(text: str) -> None:
    plain, small = all_kinds()
    told = article(text, "A football title" if "Foo" in text else "Title")
    assert RuleBook(small).match(told) == RuleBook(plain).match(told)


def test_only_rules_that_have_something_are_opened_for_it() -> None:
    plain, small = all_kinds()
    assert [rule.id for rule in small.having("tests")] == [r.id for r in plain if r.tests]
    assert [rule.id for rule in small.having("notify")] == [r.id for r in plain if r.notify]
    assert changes(small, small) == Changes((), ())
    edited = packed([replace(plain[0], match=term("other")), *plain[1:3], rule(term("x"), "new")])
    found = changes(packed(plain[:3]), edited)
    assert [each.rule.id for each in found.changed] == ["a1", "new"]
    assert [each.before for each in found.changed] == [plain[0], None]


def test_rules_that_name_one_list_share_its_node() -> None:
    _, small = all_kinds()
    first, again = small.tree(2), small.tree(2)
    assert first is not again
    assert _list_in(first) is _list_in(again)
    assert set(lists_named(small.files[0].lines[2])) == {("wide", SCOPE)}


def _list_in(node: Node) -> Node:
    while not isinstance(node, Window):
        assert isinstance(node, AllOf)
        node = node.children[0]
    return node.children[0]


def test_open_trees_are_forgotten_without_changing_an_answer() -> None:
    plain, small = all_kinds()
    crowded, roomy = RuleBook(small, most_open=1), RuleBook(plain)
    for text in TEXTS * 3:
        assert crowded.match(article(text)) == roomy.match(article(text))


WORDS = ("ab", "cd", "ef", "the", "people", "gh", "Ij", "KL")
TERMS = st.builds(
    lambda words, mark: mark + " ".join(words),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2),
    st.sampled_from(["", "", "", "=", "~"]),
)


def term(written: str) -> Term:
    words = parse_term(written)
    assert not isinstance(words, TermError)
    return Term(written, words, SCOPE)


def _some(children: Any) -> Any:
    return st.lists(children, min_size=1, max_size=3).map(tuple)


LEAVES: Any = TERMS.map(term) | st.sampled_from(["a+b", r"\bef\b", "(?i)K.", "[^a]d$"]).map(
    lambda source: Regex(source, compile_pattern(source), SCOPE)
)
PLACED = st.recursive(
    LEAVES,
    lambda below: _some(below).map(AnyOf) | _some(below).map(lambda c: Window("near", 3, c)),
    max_leaves=5,
)
TREES = st.recursive(
    PLACED, lambda below: _some(below).map(AllOf) | _some(below).map(NoneOf), max_leaves=6
)
ARTICLES = st.lists(st.sampled_from([*WORDS, "ij", "aab.", "\n\n"]), max_size=12).map(" ".join)


def rule(tree: Node, name: str = "r") -> Rule:
    return Rule(name, name, Level.NORMAL, tree, Place("made.yaml", 1, 1))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(TREES, min_size=1, max_size=4),
    ARTICLES,
    st.dictionaries(st.sampled_from([w.lower() for w in WORDS]), st.integers(1, 1000)),
)
def test_the_index_never_loses_a_rule_and_packing_never_changes_one(
    trees: list[Node], text: str, frequencies: dict[str, int]
) -> None:
    from monitor.rules.evaluate import Evaluation
    from monitor.rules.fields import ArticleFields

    told = article(text)
    right = [
        str(n) for n, tree in enumerate(trees) if Evaluation(ArticleFields(told)).matches(tree)
    ]
    rules = [rule(tree, str(n)) for n, tree in enumerate(trees)]
    for book in (RuleBook(rules), RuleBook(rules, frequencies), RuleBook(packed(rules))):
        assert [found.rule_id for found in book.match(told)] == right


@pytest.mark.parametrize(
    ("match", "text", "wanted"),
    [
        pytest.param("[zebra, people]", "people like it", 0, id="a rule is filed under its rarest word"),
        pytest.param("[zebra, quagga]", "a zebra", 0, id="a second rare word guards it"),
        pytest.param("[zebra, quagga]", "quagga and zebra", 1, id="both words make it a candidate"),
        pytest.param("{any: [zebra, quagga]}", "a quagga", 1, id="each word of any is enough"),
        pytest.param("zebr*", "quagga", 0, id="a beginning is looked up, not tried"),
        pytest.param("~invest", "a quagga", 0, id="a stem is looked up, not tried"),
        pytest.param("{regex: 'zeb+ra'}", "a quagga", 0, id="a pattern is searched with all others"),
        pytest.param("{regex: 'zeb+ra'}", "a zebra", 1, id="a pattern that matches is tried"),
        pytest.param("{none: [zebra]}", "a quagga", 1, id="a pure negation is always tried"),
        pytest.param("{all: [zebra], none: [quagga]}", "a zebra", 1, id="a negation asks for no word"),
        pytest.param("{any: [zebra, {none: [quagga]}]}", "horse", 1, id="a negation in any is always tried"),
        pytest.param('{any: ["the zebra"]}', "the horse", 0, id="a phrase is filed under its rarest word"),
    ],
)  # fmt: skip
def test_candidates_are_few(match: str, text: str, wanted: int) -> None:
    book = RuleBook(loaded(f"match: {match}").rules)
    assert len(book.candidates(article(text))) == wanted


def test_a_thousand_rules_of_one_list_file_its_words_once() -> None:
    names = ", ".join(f"name{n}" for n in range(500))
    rules = "\n".join(f"  - {{id: r{n}, match: ['@names', 'said{n}']}}" for n in range(200))
    both = "\n".join(f"  - {{id: s{n}, match: {{any: ['@names']}}}}" for n in range(200))
    result = loaded(f"entities: {{names: [{names}]}}\nrules:\n{rules}\n{both}")
    book = RuleBook(packed(list(result.rules), lists=result.lists))
    postings = book._index._words.values()
    assert sum(1 if isinstance(each, int) else len(each) for each in postings) < 1000
    found = {match.rule_id for match in book.match(article("name7 said3"))}
    assert found == {"r3", *(f"s{n}" for n in range(200))}


@pytest.mark.parametrize(
    ("sources", "text", "perhaps"),
    [
        pytest.param(["ab", "cd"], "xcdx", {1}, id="only what matches"),
        pytest.param([r"\bab\b"], "xabx", {0}, id="boundaries are dropped: perhaps"),
        pytest.param(["^ab$"], "ab", {0}, id="anchors stay"),
        pytest.param(["ab"], "", set(), id="an empty text has none"),
        pytest.param([r"a\b*b", r"\\bx"], "ab", {0}, id="boundaries with quantifiers"),
    ],
)  # fmt: skip
def test_patterns_in_one_pass(sources: list[str], text: str, perhaps: set[int]) -> None:
    assert set(PatternSet(sources).perhaps([text])) == perhaps


def test_patterns_that_are_too_large_together_are_all_perhaps() -> None:
    assert set(PatternSet(["(a?){500}b"] * 40, memory=1 << 20).perhaps(["zzz"])) == set(range(40))


def test_frequencies_are_learned_from_enough_articles() -> None:
    stream = [["often", "often", *(["half"] if n % 2 else [])] for n in range(ENOUGH)]
    table = learned(stream)
    assert (table["often"], table["half"]) == (1000, 500)
    assert learned(stream[:-1]) is SHIPPED
    tree = AllOf((term("often"), term("half")))
    found = needs_of(tree, table)
    assert found is not None and found.words == {"half"}
