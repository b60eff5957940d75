"""How near a rule is to an article, without putting anything into words. Pure.

Explaining a rule asks every branch of it, long lists included; with thousands of rules only the
nearest few are worth that.
"""

from collections.abc import Iterator

from monitor.rules.evaluate import Evaluation
from monitor.rules.nodes import (
    AllOf,
    AnyOf,
    Node,
    NoneOf,
    Regex,
    SameUnit,
    Term,
    UnlessNear,
    Window,
    children_of,
)
from monitor.rules.rule import Rule
from monitor.rules.terms import Compare


def distance(evaluation: Evaluation, rule: Rule) -> int | None:
    """How many branches would have to hold as well (as ``monitor.rules.explain.misses`` counts
    them, filters included); None if nothing that the rule wants is in the article.
    """
    missing = _misses(evaluation, rule.match)
    if missing and not any(_is_there(evaluation, term) for term in _wanted(rule.match)):
        return None
    return missing + sum(not evaluation.matches(each.none) for each in rule.filters)


def _misses(evaluation: Evaluation, node: Node) -> int:
    if evaluation.matches(node):
        return 0
    match node:
        case AnyOf(children=children):
            if any(isinstance(child, Term | Regex) for child in children):
                return 1
            return min((_misses(evaluation, child) for child in children), default=1) or 1
        case AllOf(children=children) | Window(children=children) | SameUnit(children=children):
            return sum(_misses(evaluation, child) for child in children) or 1
        case _:
            return 1


def _wanted(node: Node) -> Iterator[Term | Regex]:
    """The terms that the node wants (not those that it excludes)."""
    match node:
        case Term() | Regex():
            yield node
        case NoneOf():
            return
        case UnlessNear(node=inner):
            yield from _wanted(inner)
        case _:
            for child in children_of(node):
                yield from _wanted(child)


def _is_there(evaluation: Evaluation, term: Term | Regex) -> bool:
    """Whether the term is found, or would be in another case."""
    if evaluation.matches(term):
        return True
    if not isinstance(term, Term) or len(term.words) > 1:
        return False
    word = term.words[0]
    if word.prefix or word.compare not in (Compare.CAPITALS, Compare.EXACT):
        return False
    return any(word.fold in segment.vocabulary for segment in evaluation.segments(term))
