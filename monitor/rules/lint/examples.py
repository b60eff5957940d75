"""Checks of the tests in rule files: missing ones, and ones that would pass whatever the rule says.

Layer 1, pure. Whether a branch is tested is found by taking it away and running the tests.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from monitor.located import Items, Mapping, Text
from monitor.located import Node as Located
from monitor.rules.evaluate import Evaluation
from monitor.rules.fields import ArticleFields
from monitor.rules.lint.reading import Finding, Reading, Told, WrittenRule
from monitor.rules.lint.walk import lists_in
from monitor.rules.nodes import Node, Regex, Term, terms_of
from monitor.rules.rule import Rule, RuleTest
from monitor.rules.terms import Compare

_MORE: Final = ("near", "then", "same", "all", "regex", "at_least")
_EVERYWHERE: Final = ("title", "body", "summary", "author", "url", "source")
_MOST_BRANCHES: Final = 50  # of one rule tried without

RuleCheck = Callable[[WrittenRule, Reading], Told]


def no_test(rule: WrittenRule, _: Reading) -> Told:
    """A rule without tests."""
    if rule.rule is not None and not rule.rule.tests:
        yield Finding(
            rule.node.place,
            f"the rule '{rule.rule.id}' has no tests. Add one text on which it fires: and one on "
            "which it stays silent:",
        )


def no_fires_test(rule: WrittenRule, _: Reading) -> Told:
    """Tests of silence only: an empty rule would pass them."""
    if rule.rule is not None and rule.rule.tests and not _tests(rule.rule, "fires"):
        yield Finding(
            rule.place("tests"),
            ("no test says when the rule fires, so a rule that never fires would pass. Add fires:"),
        )


def no_silent_test(rule: WrittenRule, _: Reading) -> Told:
    """Tests of firing only: a rule that fires on everything would pass them."""
    if rule.rule is not None and rule.rule.tests and not _tests(rule.rule, "silent"):
        yield Finding(
            rule.place("tests"),
            "no test says when the rule stays silent, so a rule that always fires would pass. Add "
            "silent: with a text that comes near",
        )


def idle_silent_test(rule: WrittenRule, _: Reading) -> Told:
    """A silent test whose text holds none of the rule's words."""
    if rule.rule is None:
        return
    tests = _tests(rule.rule, "silent")
    terms = list(_pieces(rule.rule.match)) if tests else []
    if any(isinstance(term, Regex) for term in terms):
        return  # what comes near a pattern, nobody can say
    for test in tests:
        evaluation = Evaluation(ArticleFields(test.article))
        if not any(evaluation.matches(term) for term in terms):
            yield Finding(
                test.place,
                "this text holds none of the rule's words, so nearly every rule is silent on it. "
                "Take a text that comes near",
            )


def _pieces(tree: Node) -> Iterator[Term | Regex]:
    """Each word of each term, in any case and any field: what makes a text come near."""
    for term in terms_of(tree):
        if isinstance(term, Regex):
            yield term
            continue
        for word in term.words:
            loose = word if word.compare is Compare.STEM else replace(word, compare=Compare.FOLDED)
            yield Term(term.written, (loose,), _EVERYWHERE)


def duplicate_test(rule: WrittenRule, _: Reading) -> Told:
    """The same article in two tests."""
    seen: dict[object, RuleTest] = {}
    for test in rule.rule.tests if rule.rule is not None else ():
        first = seen.setdefault((test.article, test.because), test)
        if first is test:
            continue
        if first.expects != test.expects:
            yield Finding(
                test.place,
                f"the test at {first.place} expects the opposite of the same text, so one of "
                "them always fails. Keep the one that is meant",
            )
        else:
            yield Finding(test.place, f"the same test stands at {first.place}. Remove one")


def untested_branch(rule: WrittenRule, reading: Reading) -> Told:
    """An alternative without which every ``fires`` test still passes."""
    if rule.rule is None or rule.match is None:
        return
    tests = [test for test in _tests(rule.rule, "fires") if _fires(rule.rule.match, test)]
    if not tests:
        return
    for item in list(_branches(rule.match))[:_MOST_BRANCHES]:
        rest = reading.build(_without(rule.match, item))
        if rest is not None and all(_fires(rest, test) for test in tests):
            yield Finding(
                item.place,
                "every fires: test passes without this branch, so no test shows that it works. "
                "Add a text on which only this branch fires",
            )


def _branches(match: Located) -> Iterator[Located]:
    """The alternatives that are more than terms: windows, nodes joined by AND, patterns."""
    for listed in lists_in(match):
        if listed.key == "any" and not listed.excluded and not listed.in_window:
            for item in listed.items if len(listed.items) > 1 else ():
                if isinstance(item, Mapping) and _is_more(item):
                    yield item


def _is_more(item: Mapping) -> bool:
    """Whether it is more than a list of words, a mask or a scope on one."""
    return any(key.value in _MORE for key, _ in item.pairs)


def _without(node: Located, item: Located) -> Located:
    match node:
        case Items(items=items, place=place):
            return Items(tuple(_without(each, item) for each in items if each is not item), place)
        case Mapping(pairs=pairs, place=place):
            return Mapping(tuple((key, _without(value, item)) for key, value in pairs), place)
        case Text():
            return node


def _tests(rule: Rule, expects: str) -> list[RuleTest]:
    return [test for test in rule.tests if test.expects == expects]


def _fires(tree: Node, test: RuleTest) -> bool:
    return Evaluation(ArticleFields(test.article)).matches(tree)


CHECKS: Final[dict[str, RuleCheck]] = {
    "no-test": no_test,
    "no-fires-test": no_fires_test,
    "no-silent-test": no_silent_test,
    "idle-silent-test": idle_silent_test,
    "duplicate-test": duplicate_test,
    "untested-branch": untested_branch,
}
