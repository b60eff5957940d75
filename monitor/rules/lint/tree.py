"""Checks of a whole tree: what can never fire, never decide, or never rest.

Layer 1, pure. Meaning is compared on trees (lint/implies.py), places come from the file.
"""

from collections.abc import Callable, Iterator
from typing import Final

from monitor.located import Items, Mapping, Place
from monitor.located import Node as Located
from monitor.model import Level
from monitor.rules.index import needs_of
from monitor.rules.lint.reading import Finding, Part, Reading, Told, WrittenRule
from monitor.rules.nodes import Node, NoneOf, Regex, Term, children_of, terms_of

FREQUENT: Final = 60  # of a thousand articles hold the word, about

RuleCheck = Callable[[WrittenRule, Reading], Told]
_Forbidden = tuple[Node, Place]


def contradiction(rule: WrittenRule, reading: Reading) -> Told:
    """What must occur is what must not: the rule, or a branch of it, can never fire."""
    filters = () if rule.rule is None else rule.rule.filters
    laid_over = [(out, each.place) for each in filters for out in each.none.children]
    for number, parts in enumerate(reading.groups(rule)):
        forbidden = [*_forbidden(parts), *(laid_over if number == 0 else ())]
        for part in _required(parts):
            found = _forbids(part.tree, forbidden, reading)
            if found is not None:
                what = "the rule" if number == 0 else "this branch"
                yield Finding(
                    part.node.place,
                    f"this must hold, and the none: at {found[1]} forbids {_name(found[0])}, so "
                    f"{what} can never fire. Remove one of them",
                )


def dead_branch(rule: WrittenRule, reading: Reading) -> Told:
    """An alternative that the ``none`` beside it always forbids."""
    for parts in reading.groups(rule):
        forbidden = list(_forbidden(parts))
        for part in _required(parts):
            if part.key != "any" or not forbidden or _forbids(part.tree, forbidden, reading):
                continue
            for item, tree in _alternatives(part, reading):
                found = _forbids(tree, forbidden, reading)
                if found is not None:
                    yield Finding(
                        item.place,
                        f"this alternative can never decide: the none: at {found[1]} forbids "
                        f"{_name(found[0])}. Remove it here or there",
                    )


def _forbidden(parts: list[Part]) -> Iterator[_Forbidden]:
    for part in parts:
        if part.key == "none" and isinstance(part.tree, NoneOf):
            yield from ((out, part.node.place) for out in part.tree.children)


def _required(parts: list[Part]) -> Iterator[Part]:
    return (part for part in parts if part.key != "none")


def _forbids(tree: Node, forbidden: list[_Forbidden], reading: Reading) -> _Forbidden | None:
    implies = reading.implication.implies
    return next((each for each in forbidden if implies(tree, each[0])), None)


def needless_condition(rule: WrittenRule, reading: Reading) -> Told:
    """A condition that always holds where another one does."""
    implies = reading.implication.implies
    for parts in map(list, map(_required, reading.groups(rule))):
        told: list[Part] = []
        for part in parts:
            for other in parts:
                if part is other or other in told or not implies(other.tree, part.tree):
                    continue
                if part.tree == other.tree and isinstance(part.tree, Term):
                    continue  # the loader tells a term that stands twice
                told.append(part)
                yield Finding(
                    part.node.place,
                    f"this condition always holds where the one at {other.node.place} does, so it "
                    "decides nothing. Remove it, or say what it should add",
                )
                break


def only_exclusions(rule: WrittenRule, _: Reading) -> Told:
    """Nothing to look for, only what must be absent."""
    if rule.rule is not None and not any(True for _ in _sought(rule.rule.match)):
        yield Finding(
            rule.place("match"),
            "the rule only says what must be absent, so it fires on nearly every article. Say "
            "what to look for",
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
                yield Finding(
                    rule.place("level"),
                    f"an urgent rule that fires on '{term.written}' alone will wake somebody many "
                    "times a day. Say what else must stand there, or lower the level",
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


def _alternatives(part: Part, reading: Reading) -> Iterator[tuple[Located, Node]]:
    listed = part.node.get("any") if isinstance(part.node, Mapping) else None
    if isinstance(listed, Items):
        for item in listed:
            tree = reading.tree(item, part.scope)
            if tree is not None:
                yield item, tree


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
