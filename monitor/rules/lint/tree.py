"""Checks of a whole tree: what can never fire, never decide, or never rest.

Layer 1, pure. Meaning is compared on trees (lint/implies.py), places come from the file.
"""

from collections.abc import Callable, Iterator
from typing import Final

from monitor.located import Items, Mapping, Place
from monitor.located import Node as Located
from monitor.model import Level
from monitor.rules.index import needs_of
from monitor.rules.lint.reading import Reading, Told, WrittenRule, conjuncts
from monitor.rules.lint.walk import Scope
from monitor.rules.nodes import Node, NoneOf, Regex, Term, children_of, terms_of

FREQUENT: Final = 60  # of a thousand articles hold the word, about

RuleCheck = Callable[[WrittenRule, Reading], Told]
_Part = tuple[Located, Scope, str, Node]


def contradiction(rule: WrittenRule, reading: Reading) -> Told:
    """What must occur is what must not: the rule can never fire."""
    yield from _against_none(rule, reading, alternatives=False)


def dead_branch(rule: WrittenRule, reading: Reading) -> Told:
    """An alternative that the ``none`` beside it always forbids."""
    yield from _against_none(rule, reading, alternatives=True)


def _against_none(rule: WrittenRule, reading: Reading, *, alternatives: bool) -> Told:
    parts = list(_parts(rule, reading))
    forbidden = [
        (out, out_place)
        for node, _, key, tree in parts
        if key == "none" and isinstance(tree, NoneOf)
        for out, out_place in [(child, node.place) for child in tree.children]
    ]
    if rule.rule is not None and not alternatives:
        forbidden += [(o, f.place) for f in rule.rule.filters for o in f.none.children]
    if not forbidden:
        return
    implies = reading.implication.implies
    for node, scope, key, tree in parts:
        if key == "none":
            continue
        if not alternatives:
            out = next(((o, p) for o, p in forbidden if implies(tree, o)), None)
            if out is not None:
                yield (
                    _shown(node),
                    (
                        f"this must hold, and the none: at {out[1].line}:{out[1].column} forbids it "
                        f"({_name(out[0])}), so the rule can never fire. Remove one of them"
                    ),
                )
        elif key == "any" and not any(implies(tree, o) for o, _ in forbidden):
            for item, child in _alternatives(node, scope, reading):
                out = next(((o, p) for o, p in forbidden if implies(child, o)), None)
                if out is not None:
                    yield (
                        item.place,
                        (
                            f"this alternative can never decide: the none: at {out[1].line}:"
                            f"{out[1].column} forbids {_name(out[0])}. Remove it here or there"
                        ),
                    )


def needless_condition(rule: WrittenRule, reading: Reading) -> Told:
    """A condition that always holds where another one does."""
    parts = [part for part in _parts(rule, reading) if part[2] != "none"]
    implies = reading.implication.implies
    told: list[int] = []
    for number, (node, _, _, tree) in enumerate(parts):
        for other, (other_node, _, _, other_tree) in enumerate(parts):
            if number == other or other in told or not implies(other_tree, tree):
                continue
            if tree == other_tree and isinstance(tree, Term):
                continue  # the loader tells a term that stands twice
            told.append(number)
            at = _shown(other_node)
            yield (
                _shown(node),
                (
                    f"this condition always holds where the one at {at.line}:{at.column} does, so it "
                    "decides nothing. Remove it, or say what it should add"
                ),
            )
            break


def only_exclusions(rule: WrittenRule, _: Reading) -> Told:
    """Nothing to look for, only what must be absent."""
    if rule.rule is not None and not any(True for _ in _sought(rule.rule.match)):
        yield (
            rule.place("match"),
            (
                "the rule only says what must be absent, so it fires on nearly every article. Say "
                "what to look for"
            ),
        )


def urgent_and_broad(rule: WrittenRule, _: Reading) -> Told:
    """``level: urgent`` on a word of every tenth article."""
    if rule.rule is None or rule.rule.level is not Level.URGENT:
        return
    alone = rule.deciding
    for term in _sought(rule.rule.match):
        if isinstance(term, Term) and term.written in alone:
            needs = needs_of(term)
            if needs is not None and needs.weight >= FREQUENT and term.scope != ("title",):
                yield (
                    rule.place("level"),
                    (
                        f"an urgent rule that fires on '{term.written}' alone will wake somebody many "
                        "times a day. Say what else must stand there, or lower the level"
                    ),
                )
                return


def _sought(node: Node) -> Iterator[Term | Regex]:
    """The terms that must or may be there; not those of negations and exclusions."""
    if isinstance(node, NoneOf):
        return
    if isinstance(node, Term | Regex):
        yield node
        return
    children = children_of(node)
    for child in children[:1] if hasattr(node, "exclusions") else children:
        yield from _sought(child)


def _parts(rule: WrittenRule, reading: Reading) -> Iterator[_Part]:
    if rule.match is None or rule.rule is None:
        return
    for node, scope, key in conjuncts(rule.match):
        tree = reading.tree(node, scope)
        if tree is not None:
            yield node, scope, key, tree


def _alternatives(node: Located, scope: Scope, reading: Reading) -> Iterator[tuple[Located, Node]]:
    listed = node.get("any") if isinstance(node, Mapping) else None
    if isinstance(listed, Items):
        for item in listed:
            tree = reading.tree(item, scope)
            if tree is not None:
                yield item, tree


def _shown(node: Located) -> Place:
    return node.place


def _name(node: Node) -> str:
    term = next(terms_of(node), None)
    return f"'{term.written}'" if term is not None else "it"


CHECKS: Final[dict[str, RuleCheck]] = {
    "contradiction": contradiction,
    "dead-branch": dead_branch,
    "needless-condition": needless_condition,
    "only-exclusions": only_exclusions,
    "urgent-and-broad": urgent_and_broad,
}
