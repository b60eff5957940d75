"""The tree that a rule's ``match`` stands for.

Layer 1, frozen. Two kinds of node: those with occurrences (places: field, first word, last word)
and those that only answer yes or no. Scope (``in:``) has been handed down to the terms, so that a
node carries all it needs. docs/rules.md, "Nodes".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from monitor.rules.fields import Unit
from monitor.rules.terms import TermWord


@dataclass(frozen=True, slots=True)
class Term:
    """Words in a row. ``written`` is how the rule writes them."""

    written: str
    words: tuple[TermWord, ...]
    scope: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one child; its occurrences are the union of theirs."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Window:
    """``near`` and ``then``: one occurrence of each child, at most ``within`` words between."""

    kind: Literal["near", "then"]
    within: int
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class SameUnit:
    """``same``: one occurrence of each child within one sentence or paragraph."""

    unit: Unit
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class UnlessNear:
    """``unless_near``: the node's occurrences without those near (or over) an exclusion."""

    node: "Node"
    within: int
    exclusions: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class MinMentions:
    """``min_mentions``: at least ``count`` occurrences, not overlapping."""

    node: "Node"
    count: int


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every child, anywhere in scope."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """No child may match."""

    children: tuple["Node", ...]


Node: TypeAlias = Term | AnyOf | Window | SameUnit | UnlessNear | MinMentions | AllOf | NoneOf


def has_occurrences(node: Node) -> bool:
    """Whether the node has places, so that it may stand in a window or be counted."""
    match node:
        case Term() | Window() | SameUnit() | UnlessNear():
            return True
        case AnyOf(children=children):
            return all(has_occurrences(child) for child in children)
        case MinMentions() | AllOf() | NoneOf():
            return False


def children_of(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, exclusions included."""
    match node:
        case Term():
            return ()
        case UnlessNear(node=inner, exclusions=exclusions):
            return (inner, *exclusions)
        case MinMentions(node=inner):
            return (inner,)
        case _:
            return node.children


def terms_of(node: Node) -> Iterator[Term]:
    """Every term of the tree, exclusions and negations included."""
    if isinstance(node, Term):
        yield node
    for child in children_of(node):
        yield from terms_of(child)


def scopes_of(node: Node) -> frozenset[tuple[str, ...]]:
    """The scopes of all terms of the tree."""
    return frozenset(term.scope for term in terms_of(node))


def branch_names(node: Node) -> frozenset[str]:
    """The keys that the tree is made of, as a test's ``because`` may name them."""
    own = {
        Term: "term", AnyOf: "any", SameUnit: "same", UnlessNear: "unless_near",
        MinMentions: "min_mentions", AllOf: "all", NoneOf: "none",
    }.get(type(node)) or (node.kind if isinstance(node, Window) else "")  # fmt: skip
    return frozenset({own}).union(*(branch_names(child) for child in children_of(node)))
