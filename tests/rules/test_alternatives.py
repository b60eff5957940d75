"""Long lists: only the terms whose words are present are looked at, and none of these is missed."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Article
from monitor.rules.alternatives import Alternatives
from monitor.rules.evaluate import Evaluation, evidence
from monitor.rules.fields import ArticleFields, FieldText
from monitor.rules.nodes import (
    AllOf,
    AnyOf,
    MinMentions,
    Node,
    NoneOf,
    SameUnit,
    Term,
    UnlessNear,
    Window,
)
from monitor.rules.terms import TermError, parse_term
from tests.rules.build import article, book

COUNT = 40
WRITTEN = (
    "deal", "AI deal*", "EU*", "EU", "=Apple", "~invest", "~invest in", "gust*", "state of play", "東*", "東京", "C++", "café",
    "the deal", "euro*", "apple", "U.S.", "no such", "nowhere*", "AI",
)  # fmt: skip
WORDS = (
    "deal", "deals", "AI", "ai", "EU", "eu", "Europe", "Apple", "apple", "invests", "investing in", "gusty", "state of play",
    "state", "東京都", "C++", "Cafe", "the", "US", "U.S.", ".", "! ", "\n\n", "ﷺ",
)  # fmt: skip


def term(written: str, scope: tuple[str, ...] = ("title", "body")) -> Term:
    words = parse_term(written)
    assert not isinstance(words, TermError)
    return Term(written, words, scope)


def numbers(text: str, *written: str) -> set[int]:
    kept = Alternatives([term(each) for each in written])
    return {*kept.others, *kept.among(FieldText("body", text))}


@pytest.mark.parametrize(
    ("text", "written", "wanted"),
    [
        pytest.param("a deal", ["deal", "quagga"], {0}, id="a word that is there"),
        pytest.param("a deal", ["no such", "state of play"], set(), id="no word is there"),
        pytest.param("AI gusty", ["AI gust*", "AI howl*"], {0}, id="a beginning may be longer than the word beside it"),
        pytest.param("eu", ["EU", "=EU"], {0, 1}, id="case is not judged here"),
        pytest.param("a quagga", ["~invest"], {0}, id="a stem is always looked at"),
        pytest.param("in a quagga", ["~invest in", "~invest with"], {0, 1}, id="every word of such a phrase is a stem"),
        pytest.param("a quagga", ["EU*", "東*"], {0, 1}, id="a beginning of few letters is always looked at"),
        pytest.param("", ["deal", "gust*"], set(), id="an empty text holds none"),
    ],
)  # fmt: skip
def test_who_is_looked_at(text: str, written: list[str], wanted: set[int]) -> None:
    assert numbers(text, *written) == wanted


TERMS = st.builds(
    term,
    st.sampled_from(WRITTEN),
    st.sampled_from([("title", "body"), ("title",), ("body",), ("lead",)]),
)
LISTS = st.lists(TERMS, min_size=1, max_size=12).map(lambda found: AnyOf(tuple(found)))


def _some(children: Any) -> Any:
    return st.lists(children, min_size=1, max_size=6).map(tuple)


PLACED: Any = st.recursive(
    LISTS | TERMS,
    lambda below: (
        _some(below).map(AnyOf)
        | st.lists(below, min_size=2, max_size=3).map(lambda c: Window("near", 3, tuple(c)))
        | st.lists(below, min_size=2, max_size=3).map(lambda c: SameUnit("sentence", tuple(c)))
        | st.tuples(below, below).map(lambda pair: UnlessNear(pair[0], 1, (pair[1],)))
    ),
    max_leaves=4,
)
TREES: Any = st.recursive(
    PLACED | PLACED.map(lambda node: MinMentions(node, 2)),
    lambda below: _some(below).map(AllOf) | _some(below).map(AnyOf) | _some(below).map(NoneOf),
    max_leaves=4,
)
TEXTS = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)


class Plain(Evaluation):
    """The same evaluation that looks at every child of every list."""

    def possible(self, node: AnyOf, segment: FieldText | None = None) -> tuple[Node, ...]:
        return node.children


@settings(max_examples=COUNT, deadline=None)
@given(TREES, TEXTS, st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join))
def test_lists_looked_up_by_words_give_the_same_answer_and_places(
    tree: Node, text: str, title: str
) -> None:
    told = article(
        text,
        title,
        lead=text[:20] if text.endswith("deal") else "of its own" if "EU" in text else None,
    )
    quick, plain = Evaluation(ArticleFields(told)), Plain(ArticleFields(told))
    assert quick.matches(tree) == plain.matches(tree)
    assert evidence(quick, tree) == evidence(plain, tree)
    again = Evaluation(
        ArticleFields(told), scopes=quick.scopes, lists=quick.lists
    )  # as a book shares them
    assert again.matches(tree) == plain.matches(tree)
    assert evidence(again, tree) == evidence(plain, tree)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from(["deal", "state", "apple", "us", "東", "صلى"]))
def test_a_word_is_found_wherever_it_stands(text: str, fold: str) -> None:
    field = FieldText("body", text)
    right = [at for at, each in enumerate(field.words.folds) if each == fold]
    for _ in range(30):  # at first by a search, then by an index
        assert field.places(fold) == right


def test_a_list_costs_what_its_words_in_the_article_cost() -> None:
    """Of two thousand names the article holds one: no other is looked for."""
    names = ", ".join(f"name{n} of{n}" for n in range(2_000))
    rules = book(f"match: {{all: [{{any: [{names}]}}, deal]}}")
    told = Article(id="a", url="", title="", text="A deal of name7 of7.")
    evaluation = Evaluation(ArticleFields(told))
    assert evaluation.matches(rules.rules[0].tree)
    found = evidence(evaluation, rules.rules[0].tree)
    assert [each.term for each in found] == ["deal", "name7 of7"]
    assert len(evaluation._found) <= 4  # terms and lists that were searched for
