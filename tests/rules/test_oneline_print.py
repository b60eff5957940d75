"""A tree written as one line reads back as a tree of the same meaning."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.located import Place, Text
from monitor.rules.fields import DEFAULT_SCOPE
from monitor.rules.nodes import (
    AllOf,
    AnyOf,
    AtLeast,
    MinMentions,
    Node,
    NoneOf,
    SameUnit,
    Term,
    UnlessNear,
    Window,
)
from monitor.rules.oneline import read_one_line
from monitor.rules.oneline_print import as_one_line
from monitor.rules.terms import TermError, parse_term
from monitor.rules.tree import TreeBuilder

WRITTEN = [
    "merger", "EU", "=Apple", "euro*", "~investigate", "statement of objections", "AT&T", "C++",
    '"Research AND Development"', "=Apple Inc", "~buy out", '"not"', "l'autorité", "deal-maker",
    '5" gun', "合併", "EU*", "“round robin”", "or",
]  # fmt: skip
SCOPES = [DEFAULT_SCOPE, DEFAULT_SCOPE, ("title",), ("title", "lead"), ("url",)]


def term(written: str, scope: tuple[str, ...]) -> Term:
    words = parse_term(written)
    assert not isinstance(words, TermError), words.message
    return Term(written, words, scope)


@cache
def terms(scope: tuple[str, ...] | None) -> st.SearchStrategy[Term]:
    scopes = st.sampled_from(SCOPES) if scope is None else st.just(scope)
    return st.builds(term, st.sampled_from(WRITTEN), scopes)


def lists(children: st.SearchStrategy[Node], least: int = 1) -> st.SearchStrategy[tuple[Node, ...]]:
    return st.lists(children, min_size=least, max_size=3).map(tuple)


@cache
def places(scope: tuple[str, ...], depth: int) -> st.SearchStrategy[Node]:
    """Nodes with occurrences in one scope."""
    if not depth:
        return terms(scope)
    inner = places(scope, depth - 1)
    number = st.integers(0, 9)
    windows = st.one_of(
        st.builds(Window, st.sampled_from(["near", "then"]), number, lists(inner, 2)),
        st.builds(SameUnit, st.sampled_from(["sentence", "paragraph"]), lists(inner, 2)),
        st.builds(AnyOf, lists(inner)),
    )
    return st.one_of(inner, windows, st.builds(UnlessNear, windows, number, lists(inner)))


@cache
def nodes(depth: int) -> st.SearchStrategy[Node]:
    """Any node that the one-line form has."""
    simple = st.sampled_from(SCOPES).flatmap(lambda scope: places(scope, 2))
    if not depth:
        return simple
    inner = nodes(depth - 1)
    return st.one_of(
        simple,
        st.builds(AnyOf, lists(inner)),
        st.builds(AllOf, lists(inner)),
        st.builds(NoneOf, lists(inner)),
        st.builds(
            MinMentions, simple.filter(lambda node: not isinstance(node, Term)), st.integers(1, 9)
        ),
    )


def meaning(node: Node) -> Node:
    """The tree without what means nothing: one-item lists, lists in lists, the way of writing."""
    match node:
        case Term():
            return replace(node, written="")
        case AllOf(children=children):
            return _listed(AllOf, children)
        case AnyOf(children=children):
            return _listed(AnyOf, children)
        case NoneOf(children=children):
            return NoneOf(_alternatives(children))
        case UnlessNear(node=inner, exclusions=exclusions):
            return replace(node, node=meaning(inner), exclusions=_alternatives(exclusions))
        case MinMentions(node=inner):
            return replace(node, node=meaning(inner))
        case Window() | SameUnit():
            return replace(node, children=tuple(meaning(child) for child in node.children))
        case _:
            raise AssertionError(node)


def _listed(kind: type[AllOf] | type[AnyOf], children: tuple[Node, ...]) -> Node:
    flat: list[Node] = []
    for child in (meaning(child) for child in children):
        flat += child.children if isinstance(child, kind) else (child,)
    if kind is AllOf:  # NOT is read after what must occur, all of it as one list
        bad = [bad for child in flat if isinstance(child, NoneOf) for bad in child.children]
        flat = [child for child in flat if not isinstance(child, NoneOf)]
        flat += [NoneOf(tuple(bad))] if bad else []
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _alternatives(children: tuple[Node, ...]) -> tuple[Node, ...]:
    inner = _listed(AnyOf, children)
    return inner.children if isinstance(inner, AnyOf) else (inner,)


def read_back(line: str) -> Node:
    builder = TreeBuilder({})
    read = read_one_line(Text(line, Place("rule.yaml", 1, 1)))
    assert read.node is not None, (line, read.problems)
    node = builder.build(read.node)
    assert node is not None, (line, builder.problems)
    return node


@settings(max_examples=100, deadline=None)
@given(nodes(2))
def test_what_is_written_reads_back_with_the_same_meaning(node: Node) -> None:
    line = as_one_line(node)
    assert line is not None
    assert meaning(read_back(line)) == meaning(node), line


A1, B1, C1 = (term(written, DEFAULT_SCOPE) for written in ("a1", "b1", "c1"))
LINES = [
    (AllOf((A1, AnyOf((B1, C1)))), "a1 AND (b1 OR c1)", "groups get parentheses, the whole line none"),
    (AllOf((A1, NoneOf((B1, C1)))), "a1 AND (NOT (b1 OR c1))", "exclusions"),
    (Window("near", 5, (A1, term("Mistral AI", DEFAULT_SCOPE))), 'a1 NEAR/5 "Mistral AI"', "phrases get quotes"),
    (UnlessNear(AnyOf((A1,)), 0, (B1,)), "a1 UNLESS/0 b1", "a list of one needs no parentheses"),
    (MinMentions(AnyOf((A1, B1)), 3), "ATLEAST/3(a1 OR b1)", "counts"),
    (AnyOf((term("a1", ("title",)), term("b1", ("title",)))), "title:(a1 OR b1)", "a field stands once, before all it holds for"),
    (AllOf((term("a1", ("title",)), B1)), "title:(a1) AND b1", "a field of one item"),
    (AtLeast(2, (A1, B1, C1)), None, "what the form cannot say is None"),
    (AllOf((A1, AtLeast(2, (A1, B1, C1)))), None, "also further down"),
]  # fmt: skip


@pytest.mark.parametrize(("node", "line"), [pytest.param(n, li, id=i) for n, li, i in LINES])
def test_lines(node: Node, line: str | None) -> None:
    assert as_one_line(node) == line
