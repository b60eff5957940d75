"""What an explanation calls decisive is decisive: flip it in the engine, and the answer flips."""

import random
from dataclasses import replace

import pytest

from monitor.rules.decisive import Path, decisive, last_word
from monitor.rules.explain import Branch, explain
from monitor.rules.explained import explanation_json, explanation_lines
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
from monitor.rules.rule import Rule
from monitor.rules.terms import TermError, parse_term
from tests.conftest import many
from tests.rules.build import article, book
from tests.rules.test_judge import leaf, query, text

HERE, NOWHERE = "zzhere", "zznowhere"


def the_term(word: str) -> Term:
    words = parse_term(word)
    assert not isinstance(words, TermError)
    return Term(word, words, DEFAULT_SCOPE)


def below(node: Node) -> tuple[Node, ...]:
    """The nodes of a branch's children, in the order in which the explanation gives them."""
    match node:
        case AllOf() | AnyOf() | NoneOf() | AtLeast() | Window() | SameUnit():
            return node.children
        case UnlessNear(node=inner, exclusions=exclusions):
            return (inner, *exclusions)
        case MinMentions(node=inner):
            return (inner,)
        case _:
            return ()


def put(node: Node, path: Path, new: Node) -> Node:
    """The tree with another node at this path."""
    if not path:
        return new
    first, rest = path[0], path[1:]
    changed = put(below(node)[first], rest, new)
    match node:
        case AllOf() | AnyOf() | NoneOf() | AtLeast() | Window() | SameUnit():
            children = tuple(changed if n == first else c for n, c in enumerate(node.children))
            return replace(node, children=children)
        case UnlessNear() | MinMentions():
            assert first == 0
            return replace(node, node=changed)
        case _:
            raise AssertionError(node)


def leaves(branch: Branch, path: Path = ()) -> list[tuple[Path, bool]]:
    """Every leaf's path, and whether it holds."""
    if not branch.children:
        return [(path, branch.holds)]
    return [
        leaf for number, child in enumerate(branch.children)
        for leaf in leaves(child, (*path, number))
    ]  # fmt: skip


def in_window(branch: Branch, path: Path) -> bool:
    """Whether a window lies above the leaf: then distances count, not answers alone."""
    for number in path:
        if branch.key in ("near", "then", "same", "unless_near", "min_mentions"):
            return True
        branch = branch.children[number]
    return False


def flipped(rule: Rule, path: Path, held: bool, body: str) -> bool:
    """The engine's answer where this leaf says the opposite."""
    other = replace(rule, match=put(rule.match, path, the_term(NOWHERE if held else HERE)))
    return explain(other, article(body, HERE)).fires


def nested(chance: random.Random, number: int) -> Rule:
    """A random rule; every third counts or modifies."""
    asked = query(chance, 3).yaml
    if number % 3 == 0:
        words = [leaf(chance, [word]).yaml for word in ("merger", "probe", "cloud", "stake")]
        counted = f"{{at_least: {chance.randint(1, 4)}, of: [{', '.join(words)}]}}"
        asked = f"{{{chance.choice(['any', 'all', 'none'])}: [{asked}, {counted}]}}"
    elif number % 3 == 1:
        unless = (
            f"{{any: [merger, deal], unless_near: {{within: {chance.randint(0, 3)}, any: [bank]}}}}"
        )
        asked = f"{{{chance.choice(['any', 'all'])}: [{asked}, {unless}]}}"
    (rule,) = book(f"id: r{number}\nmatch: {asked}").rules
    return rule


def test_flipping_a_decisive_leaf_flips_the_answer_and_no_other_leaf_does() -> None:
    chance = random.Random(5)
    flips = idle = 0
    for number in range(many(300, 10_000)):
        rule = nested(chance, number)
        body = text(chance)
        found = explain(rule, article(body, HERE))
        deciding = decisive(found)
        for path, held in leaves(found.tree):
            if path in deciding:
                assert flipped(rule, path, held, body) != found.fires, explanation_lines(found)
                flips += 1
            elif not in_window(found.tree, path):
                assert flipped(rule, path, held, body) == found.fires, explanation_lines(found)
                idle += 1
    assert min(flips, idle) > 100


@pytest.mark.parametrize(
    ("match", "body", "alone"),
    [
        pytest.param("[a1, b1]", "a1", "b1: not found", id="the one term that is missing"),
        pytest.param("[a1, b1, c1]", "a1", None, id="two are missing: neither alone"),
        pytest.param("{all: [{any: [a1]}], none: [b1]}", "a1 b1", "b1: in body",
                     id="the word that excludes"),
        pytest.param("{all: [a1, {near: {within: 1, all: [b1, c1]}}]}", "a1 b1 x x x c1",
                     "near within 1: closest 3 words apart", id="a window too narrow"),
        pytest.param("[a1, {at_least: 2, of: [a1, b1, c1]}]", "a1", "at least 2 of: 1 of the 2",
                     id="one more of a list, whichever"),
        pytest.param("[a1]", "a1", None, id="nothing keeps a rule silent that fires"),
    ],
)  # fmt: skip
def test_what_alone_keeps_a_rule_silent_is_marked(match: str, body: str, alone: str | None) -> None:
    (rule,) = book(f"match: {match}").rules
    found = explain(rule, article(body))
    marked = [line for line in explanation_lines(found, every=True) if "this alone" in line]
    assert (last_word(found) is not None) == bool(marked)
    if alone is None:
        assert not marked
    else:
        (line,) = marked
        assert alone in line
        assert line.endswith("(this alone keeps it silent)")


def test_programs_are_told_which_branches_decide() -> None:
    (rule,) = book("match: [a1, b1]").rules
    tree = explanation_json(explain(rule, article("a1")))["tree"]
    assert isinstance(tree, dict)
    assert tree["decides"]
    (inner,) = [tree] if len(tree["children"]) == 2 else tree["children"]
    assert [(child["label"], child["decides"]) for child in inner["children"]] == [
        ("a1", False), ("b1", True),
    ]  # fmt: skip


def test_no_branch_decides_where_the_source_or_a_filter_does() -> None:
    (rule,) = book("match: [a1]\nsource: {languages: [fr]}").rules
    assert decisive(explain(rule, article("a1", language="de"))) == frozenset()
