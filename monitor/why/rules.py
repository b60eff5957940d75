"""Every rule's word on one article: those that fired, and the nearest misses.

Pure but for its imports: values in, values out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from monitor.model import Article, Decision
from monitor.rules.book import RuleBook
from monitor.rules.conditions import refusal
from monitor.rules.explain import Explanation, explain, explanation_json
from monitor.rules.rule import Rule
from monitor.why import mends
from monitor.why.answer import RuleAnswer
from monitor.why.misses import is_near
from monitor.why.misses import mends as mends_of_miss

MOST_MISSES: Final = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """An article, the feed it came from, and the moment at which its age is judged."""

    article: Article
    feed_url: str | None
    at: datetime
    recorded: Mapping[str, Decision]  # by rule; empty for an article that is not stored
    would: Mapping[str, Decision]  # what policy says now; empty for a stored article


def explain_match(book: RuleBook, article: Article) -> dict[str, object]:
    """Every branch of every rule on an article, by rule id: what ``match --explain`` prints."""
    return {rule.id: explanation_json(explain(rule, article)) for rule in book.rules}


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
    matched: list[RuleAnswer] = []
    missed: list[tuple[Rule, Explanation]] = []
    for rule in book.rules:
        found = explained(rule, asked)
        words = found.tree.holds and all(each.holds for each in found.filters)
        if words or rule.id in asked.recorded:
            matched.append(_answer(rule, found, asked))
        elif is_near(found):
            missed.append((rule, found))
    matched += [
        RuleAnswer(rule_id, rule_id, None, decision, recorded=True,
                   note="the rule fired when the article came, and is gone now")
        for rule_id, decision in asked.recorded.items() if book.rule(rule_id) is None
    ]  # fmt: skip
    missed.sort(key=lambda pair: pair[1].misses)
    nearest = [_answer(rule, found, asked) for rule, found in missed[:MOST_MISSES]]
    return tuple(matched), tuple(nearest)


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
