"""Checks against stored articles: what a rule's exclusions cost, and rules that fire on anything.

Layer 1, pure: the articles are given. Only candidates of each rule are evaluated.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from monitor.rules.book import RuleBook
from monitor.rules.evaluate import Evaluation
from monitor.rules.fields import ArticleFields
from monitor.rules.lint.reading import Finding, Reading, Told
from monitor.rules.nodes import AllOf, AnyOf, AtLeast, Node, NoneOf
from monitor.rules.rule import Rule

REMOVES: Final = 0.2  # of the hits: more than this is told
FEWEST_HITS: Final = 10  # below this a share says little
NOISY: Final = 0.1  # of the articles
FEWEST_ARTICLES: Final = 200

BookCheck = Callable[[Reading], Told]


def none_removes_much(reading: Reading) -> Told:
    """A ``none`` (the rule's own, or of filters) that takes away many of the rule's hits."""
    rules = [each for each in reading.loaded.rules if _without_none(each.tree) != each.tree]
    if not rules or len(reading.articles) < FEWEST_HITS:
        return
    bare = [replace(each, match=_open(each), filters=()) for each in rules]
    full = {each.id: each.tree for each in rules}
    opened = {each.id: each.match for each in bare}
    book = RuleBook(bare)
    hits = dict.fromkeys(full, 0)
    kept = dict.fromkeys(full, 0)
    for article in reading.articles:
        evaluation = Evaluation(ArticleFields(article))
        for rule in book.candidates(article):
            if evaluation.matches(opened[rule.id]):
                hits[rule.id] += 1
                kept[rule.id] += evaluation.matches(full[rule.id])
    for rule in rules:
        total, lost = hits[rule.id], hits[rule.id] - kept[rule.id]
        if total >= FEWEST_HITS and lost > REMOVES * total:
            yield Finding(
                rule.place,
                f"without its exclusions the rule '{rule.id}' would have fired on {total} stored "
                f"articles; none: takes away {lost} of them. Narrow it with in: title, or write "
                "unless_near:, which takes away the bad hit and not the article",
            )


def noisy_rule(reading: Reading) -> Told:
    """A rule that fires on more than a tenth of all stored articles."""
    if len(reading.articles) < FEWEST_ARTICLES:
        return
    book = RuleBook(reading.loaded.rules)
    hits = {rule.id: 0 for rule in book.rules}
    for article in reading.articles:
        evaluation = Evaluation(ArticleFields(article))
        for rule in book.candidates(article):
            hits[rule.id] += evaluation.matches(rule.tree)
    for rule in book.rules:
        if hits[rule.id] > NOISY * len(reading.articles):
            yield Finding(
                rule.place,
                f"the rule '{rule.id}' fires on {hits[rule.id]} of {len(reading.articles)} stored "
                "articles. Say what else must stand there",
            )


def _open(rule: Rule) -> Node:
    found = _without_none(rule.match)
    return rule.match if found is None else found


def _without_none(node: Node) -> Node | None:
    """The tree without its negations; None if nothing else is left."""
    match node:
        case NoneOf():
            return None
        case AllOf(children=children):
            left = tuple(n for child in children if (n := _without_none(child)) is not None)
            return (left[0] if len(left) == 1 else AllOf(left)) if left else None
        case AnyOf(children=children) | AtLeast(children=children):
            kept = [_without_none(child) or child for child in children]
            return replace(node, children=tuple(kept))
        case _:
            return node


CHECKS: Final[dict[str, BookCheck]] = {
    "none-removes-much": none_removes_much,
    "noisy-rule": noisy_rule,
}
