"""The tests inside rule files: read one, and run them in the real engine.

Layer 1, pure. docs/rules.md, "Tests".
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from monitor.located import Items, Mapping, Problem, Text
from monitor.located import Node as Located
from monitor.model import Article
from monitor.rules.conditions import refusal
from monitor.rules.evaluate import Evaluation, evidence
from monitor.rules.fields import ArticleFields
from monitor.rules.rule import Rule, RuleTest

ARTICLE_KEYS: Final = (
    "title", "body", "text", "lead", "summary", "url", "source", "author", "language", "tags",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """How one example went; ``message`` says what was expected and what was found."""

    rule_id: str
    test: RuleTest
    passed: bool
    message: str


def read_example(node: Located) -> tuple[Article | None, list[Problem]]:
    """The article of a test: a bare text is the body; a mapping names fields."""
    if isinstance(node, Text):
        return Article(id="test", url="", title="", text=node.value), []
    if not isinstance(node, Mapping):
        return None, [
            Problem(node.place, "a test needs a text, or fields such as title: and body:")
        ]
    problems: list[Problem] = []
    values: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    for key, value in node.pairs:
        if key.value not in ARTICLE_KEYS:
            close = difflib.get_close_matches(key.value, ARTICLE_KEYS, n=1)
            mend = f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(ARTICLE_KEYS)}"
            problems.append(Problem(key.place, f"unknown field '{key.value}' in a test. {mend}"))
        elif key.value == "tags" and isinstance(value, Items):
            tags = tuple(item.value for item in value if isinstance(item, Text))
        elif isinstance(value, Text):
            values["text" if key.value == "body" else key.value] = value.value
        else:
            problems.append(Problem(value.place, f"{key.value}: needs a text"))
    if problems:
        return None, problems
    article = Article(
        id="test", url=values.get("url", ""), title=values.get("title", ""),
        text=values.get("text", ""), lead=values.get("lead"), summary=values.get("summary", ""),
        source=values.get("source", ""), author=values.get("author", ""),
        language=values.get("language"), tags=tags,
    )  # fmt: skip
    return article, []


def run_examples(rules: Iterable[Rule]) -> list[ExampleResult]:
    """Every example of every rule, in order."""
    return [_run(rule, test) for rule in rules for test in rule.tests]


def _run(rule: Rule, test: RuleTest) -> ExampleResult:
    evaluation = Evaluation(ArticleFields(test.article))
    refused = refusal(rule.source, test.article, None, None)
    fired = refused is None and evaluation.matches(rule.tree)
    if test.expects == "fires":
        silent = f"should fire and is silent{f': {refused}' if refused else ''}"
        message = "fires, as it should" if fired else silent
        return ExampleResult(rule.id, test, fired, message)
    if fired:
        terms = dict.fromkeys(found.term for found in evidence(evaluation, rule.tree))
        found = ", ".join(f"'{term}'" for term in terms)
        return ExampleResult(
            rule.id, test, False, f"should be silent and fires on {found or 'all'}"
        )
    if test.because is None:
        return ExampleResult(rule.id, test, True, "silent, as it should")
    would_fire = Evaluation(ArticleFields(test.article), forced=test.because).matches(rule.tree)
    if would_fire:
        return ExampleResult(rule.id, test, True, f"silent because of {test.because}, as it should")
    return ExampleResult(
        rule.id, test, False,
        f"silent, but not because of {test.because}: it stays silent even if {test.because} held",
    )  # fmt: skip
