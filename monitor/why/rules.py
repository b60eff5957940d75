"""Every rule's word on one article: those that fired, and the nearest misses.

Pure but for its imports: values in, values out.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from monitor.model import Article, Decision
from monitor.rules.book import RuleBook
from monitor.rules.conditions import refusal
from monitor.rules.evaluate import Evaluation
from monitor.rules.explain import Explanation, explain
from monitor.rules.fields import ArticleFields
from monitor.rules.rule import Rule
from monitor.why import mends
from monitor.why.answer import RuleAnswer
from monitor.why.misses import mends as mends_of_miss
from monitor.why.nearness import distance

MOST_MISSES: Final = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """An article, the feed it came from, and the moment at which its age is judged."""

    article: Article
    feed_url: str | None
    at: datetime
    recorded: Mapping[str, Decision]  # by rule; empty for an article that is not stored
    would: Mapping[str, Decision]  # what policy says now; empty for a stored article


def explained(rule: Rule, asked: Asked) -> Explanation:
    """The rule on the article, with its source conditions judged as the daemon judges them:
    knowing the feed, and at the moment when the article came.
    """
    found = explain(rule, asked.article)
    source = refusal(rule.source, asked.article, asked.feed_url, asked.at)
    missing = found.misses if not found.fires else 0
    missing += (source is not None) - (found.source is not None)
    holds = found.tree.holds and all(each.holds for each in found.filters)
    return replace(found, source=source, fires=holds and source is None, misses=max(missing, 0))


def answers(book: RuleBook, asked: Asked) -> tuple[tuple[RuleAnswer, ...], tuple[RuleAnswer, ...]]:
    """(rules that match or are recorded as having matched, the nearest misses)."""
    found = {match.rule_id for match in book.match(asked.article)} | asked.recorded.keys()
    matched = [answer_of(rule, asked) for rule in book.rules if rule.id in found]
    matched += [
        RuleAnswer(rule_id, rule_id, None, decision, recorded=True,
                   note="the rule fired when the article came, and is gone now")
        for rule_id, decision in asked.recorded.items() if book.rule(rule_id) is None
    ]  # fmt: skip
    return tuple(matched), tuple(_nearest(book, asked, found))


def _nearest(book: RuleBook, asked: Asked, matched: Container[str]) -> list[RuleAnswer]:
    """The misses with the fewest branches to mend; only those are explained."""
    evaluation = Evaluation(ArticleFields(asked.article))
    missed = [
        (missing, number)
        for number, rule in enumerate(book.rules)
        if rule.id not in matched and (missing := distance(evaluation, rule)) is not None
    ]
    return [answer_of(book.rules[number], asked) for _, number in sorted(missed)[:MOST_MISSES]]


def answer_of(rule: Rule, asked: Asked) -> RuleAnswer:
    """One rule's word, whatever it is."""
    return _answer(rule, explained(rule, asked), asked)


def _answer(rule: Rule, found: Explanation, asked: Asked) -> RuleAnswer:
    record = asked.recorded.get(rule.id)
    decision = record or asked.would.get(rule.id)
    told: Sequence[str] = mends_of_miss(found, rule, asked.article)
    note = ""
    if record is not None and not (found.tree.holds and all(f.holds for f in found.filters)):
        note = "the rule fired when the article came; as it is now it would not"
    elif record is None and not asked.would and found.fires:
        note = ("the rule fires now and nothing is recorded: it came, or changed, after the "
                "article, or the record is past retention.decisions")  # fmt: skip
        told = (mends.RULE_CAME_LATER,)
    elif decision is not None and (mend := mends.of_decision(decision)):
        told = (mend,)
    return RuleAnswer(
        rule.id, rule.title, found, decision, record is not None, note, tuple(told)
    )  # fmt: skip
