"""How near an article came to a rule that did not fire.

Layer 5, pure.
"""

from monitor.model import Article
from monitor.rules.evaluate import Evaluation, evidence
from monitor.rules.fields import ArticleFields
from monitor.rules.nodes import AllOf, NoneOf
from monitor.rules.rule import Rule


def found_in_vain(rule: Rule, article: Article) -> tuple[str, ...]:
    """The terms of those parts of the rule that hold, as far as some do and others do not.

    Empty if the rule fires, or if nothing of it is in the article, or if it has only one part.
    """
    if not isinstance(rule.match, AllOf):
        return ()
    evaluation = Evaluation(ArticleFields(article))
    parts = [part for part in rule.match.children if not isinstance(part, NoneOf)]
    held = [part for part in parts if evaluation.matches(part)]
    if evaluation.matches(rule.match):
        return ()
    terms = (found.term for part in held for found in evidence(evaluation, part))
    return tuple(dict.fromkeys(terms))
