"""How near an article came to a rule that did not fire.

Layer 5, pure.
"""

from collections.abc import Iterator

from monitor.model import Article
from monitor.rules.evaluate import Evaluation, evidence
from monitor.rules.fields import ArticleFields
from monitor.rules.nodes import AllOf, Node, NoneOf
from monitor.rules.rule import Rule


def found_in_vain(rule: Rule, article: Article) -> tuple[str, ...]:
    """The terms of those parts of the rule that hold, as far as some do and others do not.

    Empty if the rule fires, or if nothing of it is in the article, or if it has only one part.
    """
    evaluation = Evaluation(ArticleFields(article))
    parts = list(_parts(rule.match))
    if len(parts) < 2:
        return ()
    held = [part for part in parts if evaluation.matches(part)]
    if evaluation.matches(rule.match):
        return ()
    terms = (found.term for part in held for found in evidence(evaluation, part))
    return tuple(dict.fromkeys(terms))


def _parts(node: Node) -> Iterator[Node]:
    """What must hold together, exclusions left out: what is not there proves no nearness."""
    if isinstance(node, AllOf):
        for child in node.children:
            yield from _parts(child)
    elif not isinstance(node, NoneOf):
        yield node
