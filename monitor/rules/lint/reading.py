"""What the checks look at: the files as written, the rules as loaded, and trees of any part.

Layer 1, pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from monitor.located import Items, Mapping, Place, Text
from monitor.located import Node as Located
from monitor.model import Article
from monitor.rules.fields import DEFAULT_SCOPE
from monitor.rules.lint.implies import Implication
from monitor.rules.lint.walk import Scope, lists_in, scope_of
from monitor.rules.load import Loaded, Source
from monitor.rules.nodes import (
    AllOf,
    AnyOf,
    MinMentions,
    Node,
    NoneOf,
    Term,
)
from monitor.rules.oneline import is_one_line, read_one_line
from monitor.rules.rule import Rule
from monitor.rules.tree import TreeBuilder

_JOINED: Final = ("all", "any", "none", "near", "then", "same", "regex", "at_least")


@dataclass(frozen=True, slots=True)
class Finding:
    """A place and the sentence to say there."""

    place: Place
    message: str


Told = Iterator[Finding]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things that must all hold. ``key`` is the node's; "none" for what must not."""

    node: Located
    scope: Scope
    key: str
    tree: Node


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """A rule as written and, if it could be loaded, as it runs."""

    node: Mapping
    rule: Rule | None
    source: Source
    default_id: bool  # it stands in a list and has no id of its own
    match: Located | None  # its ``match:``; the one-line form as the nodes it stands for

    @property
    def deciding(self) -> frozenset[str]:
        """The terms on which it fires alone."""
        return deciding(self.rule.match) if self.rule is not None else frozenset()

    def place(self, key: str) -> Place:
        """Where the key stands; the rule itself if it has none."""
        found = self.node.key(key)
        return found.place if found is not None else self.node.place


@dataclass(frozen=True)
class Reading:
    """All files together. Trees are built once and remembered."""

    sources: Sequence[Source]
    loaded: Loaded
    today: date
    articles: Sequence[Article] = ()
    notifiers: Sequence[str] | None = None
    _trees: dict[tuple[int, Scope], tuple[Located, Node | None]] = field(default_factory=dict)
    _groups: dict[Place, list[list[Part]]] = field(default_factory=dict)
    implication: Implication = field(default_factory=Implication)

    @cached_property
    def rules(self) -> tuple[WrittenRule, ...]:
        """Every rule of every file, in order."""
        loaded = {rule.place: rule for rule in self.loaded.rules}
        return tuple(
            WrittenRule(
                node,
                loaded.get(node.place),
                source,
                in_list and node.get("id") is None,
                _written_out(node.get("match")),
            )
            for source in self.sources
            if not source.lists_only
            for node, in_list in _rules_of(source.node)
        )

    @cached_property
    def entities(self) -> dict[str, tuple[Text, Items]]:
        """The named lists, each with its name as written; the first of a name counts."""
        found: dict[str, tuple[Text, Items]] = {}
        for source in self.sources:
            lists = source.node.get("entities")
            for name, value in lists.pairs if isinstance(lists, Mapping) else ():
                if isinstance(value, Items):
                    found.setdefault(name.value.removeprefix("@"), (name, value))
        return found

    @cached_property
    def deciding(self) -> frozenset[str]:
        """The terms on which some rule fires alone."""
        return frozenset().union(*(rule.deciding for rule in self.rules))

    @cached_property
    def builder(self) -> TreeBuilder:
        """Builds trees of parts of rules; its problems are the loader's, and dropped here."""
        return TreeBuilder({name: items for name, (_, items) in self.entities.items()})

    def tree(self, node: Located, scope: Scope = DEFAULT_SCOPE) -> Node | None:
        """The tree of a part of a rule; None where it has a mistake."""
        key = (id(node), scope)
        if key not in self._trees:  # the node is kept beside its tree, so that its id stays its own
            self._trees[key] = (node, self._build(node, scope))
        return self._trees[key][1]

    def groups(self, rule: WrittenRule) -> list[list[Part]]:
        """What must hold together: at the top of the rule, then in each branch of its own."""
        if rule.match is None or rule.rule is None:
            return []
        if rule.node.place not in self._groups:
            branches: list[tuple[Located, Scope]] = [(rule.match, DEFAULT_SCOPE)]
            for listed in lists_in(rule.match):
                branches += [(item, listed.scope) for item in listed.items if _joins(item)]
            self._groups[rule.node.place] = [self._parts(*branch) for branch in branches]
        return self._groups[rule.node.place]

    def _parts(self, branch: Located, scope: Scope) -> list[Part]:
        return [
            Part(node, inner, key, tree)
            for node, inner, key in conjuncts(branch, scope)
            if (tree := self.tree(node, inner)) is not None
        ]

    def build(self, match: Located) -> Node | None:
        """The tree of a whole ``match`` that need not stand in a file."""
        built = self.builder.build(match)
        self.builder.problems.clear()
        return built

    def _build(self, node: Located, scope: Scope) -> Node | None:
        here = node.place
        fields = Items(tuple(Text(name, here) for name in scope), here)
        wrapped = Mapping(
            ((Text("any", here), Items((node,), here)), (Text("in", here), fields)), here
        )
        built = self.build(wrapped)
        return built.children[0] if isinstance(built, AnyOf) else None


def _rules_of(node: Mapping) -> Iterator[tuple[Mapping, bool]]:
    listed = node.get("rules")
    if isinstance(listed, Items):
        for item in listed:
            if isinstance(item, Mapping):
                yield item, True
    elif node.get("match") is not None:
        yield node, False


def _written_out(match: Located | None) -> Located | None:
    if isinstance(match, Text) and is_one_line(match.value):
        return read_one_line(match).node
    return match


def _joins(node: Located) -> bool:
    """Whether a node joins several by AND."""
    return isinstance(node, Mapping) and (
        node.get("all") is not None or sum(key.value in _JOINED for key, _ in node.pairs) > 1
    )


def deciding(node: Node) -> frozenset[str]:
    """The terms, as written, each of which alone makes the tree match."""
    match node:
        case Term():
            return frozenset([node.written])
        case AnyOf(children=children):
            return frozenset().union(*(deciding(child) for child in children))
        case MinMentions(node=inner):
            return deciding(inner)
        case AllOf(children=children):
            positive = [child for child in children if not isinstance(child, NoneOf)]
            return deciding(positive[0]) if len(positive) == 1 else frozenset()
        case _:
            return frozenset()


def conjuncts(match: Located, scope: Scope = DEFAULT_SCOPE) -> Iterator[tuple[Located, Scope, str]]:
    """What must all hold at the top of a node: each part as written, its scope and its key.

    ``all`` lists and the keys of a mapping are taken apart, since both are joined by AND; a
    modifier stays with what it modifies.
    """
    if isinstance(match, Items):
        for item in match:
            yield from conjuncts(item, scope)
        return
    if not isinstance(match, Mapping):
        yield match, scope, "term"
        return
    scope = scope_of(match, scope)
    modifiers = tuple(p for p in match.pairs if p[0].value in ("unless_near", "min_mentions"))
    for key, value in match.pairs:
        if key.value == "all" and isinstance(value, Items) and not modifiers:
            for item in value:
                yield from conjuncts(item, scope)
        elif key.value in ("none", "all", "any", "near", "then", "same", "regex"):
            own = () if key.value == "none" else modifiers
            yield Mapping(((key, value), *own), key.place), scope, key.value
        elif key.value == "at_least":
            of = tuple(pair for pair in match.pairs if pair[0].value == "of")
            yield Mapping(((key, value), *of), key.place), scope, key.value
