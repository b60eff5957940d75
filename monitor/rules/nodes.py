"""The tree that a rule's ``match`` stands for.

Layer 1, frozen. Two kinds of node: those with occurrences (places: field, first word, last word)
and those that only answer yes or no. Scope (``in:``) has been handed down to the terms, so that a
node carries all it needs. docs/rules.md, "Nodes".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from monitor.rules.fields import Unit
from monitor.rules.patterns import Pattern
from monitor.rules.terms import TermWord


@dataclass(frozen=True, slots=True)
class Term:
    """Words in a row. ``written`` is how the rule writes them."""

    written: str
    words: tuple[TermWord, ...]
    scope: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regex:
    """A pattern over the original text; its places are the words that a match touches."""

    written: str
    pattern: Pattern
    scope: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """``at_least``: any ``count`` of the children."""

    count: int
    children: tuple["Node", ...]


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
    """Every child, anywhere in scope. Not ``written``: the keys of a mapping, joined by AND."""

    children: tuple["Node", ...]
    written: bool = True


@dataclass(frozen=True, slots=True)
class NoneOf:
    """No child may match."""

    children: tuple["Node", ...]


Node: TypeAlias = (
    Term | Regex | AtLeast | AnyOf | Window | SameUnit | UnlessNear | MinMentions | AllOf | NoneOf
)


def has_occurrences(node: Node) -> bool:
    """Whether the node has places, so that it may stand in a window or be counted."""
    match node:
        case Term() | Regex() | Window() | SameUnit() | UnlessNear():
            return True
        case AnyOf(children=children):
            return all(has_occurrences(child) for child in children)
        case MinMentions() | AtLeast() | AllOf() | NoneOf():
            return False


def children_of(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, exclusions included."""
    match node:
        case Term() | Regex():
            return ()
        case UnlessNear(node=inner, exclusions=exclusions):
            return (inner, *exclusions)
        case MinMentions(node=inner):
            return (inner,)
        case _:
            return node.children


def terms_of(node: Node) -> Iterator[Term | Regex]:
    """Every term and pattern of the tree, exclusions and negations included."""
    if isinstance(node, Term | Regex):
        yield node
    for child in children_of(node):
        yield from terms_of(child)


def scopes_of(
    node: Node, known: dict[int, tuple[Node, frozenset[tuple[str, ...]]]] | None = None
) -> frozenset[tuple[str, ...]]:
    """The scopes of all terms of the tree; ``known`` remembers those of shared lists.

    It holds the nodes too, so that no other can take their ids.
    """
    if isinstance(node, Term | Regex):
        return frozenset([node.scope])
    known = {} if known is None else known
    if id(node) not in known:
        below = (scopes_of(child, known) for child in children_of(node))
        known[id(node)] = (node, frozenset().union(*below))
    return known[id(node)][1]


def name_of(node: Node) -> str:
    """The key by which a rule writes this node; "term" for words, "" for what no key says."""
    match node:
        case Window(kind=kind):
            return kind
        case Term():
            return "term"
        case Regex():
            return "regex"
        case AnyOf():
            return "any"
        case AllOf(written=written):
            return "all" if written else ""
        case NoneOf():
            return "none"
        case AtLeast():
            return "at_least"
        case SameUnit():
            return "same"
        case UnlessNear():
            return "unless_near"
        case MinMentions():
            return "min_mentions"


def branch_names(node: Node) -> frozenset[str]:
    """The keys that the tree is made of, as a test's ``because`` may name them."""
    own = name_of(node)
    below = (branch_names(child) for child in children_of(node) if not isinstance(child, Term))
    return frozenset({own} - {""}).union(*below)
