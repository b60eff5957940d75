"""The public ways into the engine, as one answer each: what a rule finds in an article.

All of them must say the same: the rule alone, among the rules of all tables, packed and opened
again, read from a line of JSON, as a test inside a rule file, and in the explanation.
"""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

from monitor.cli.articlelines import read_article
from monitor.config.rulefiles import RuleSource
from monitor.config.yamlfile import parse
from monitor.located import Mapping, Problem, Text
from monitor.located import Node as Located
from monitor.model import Article, Match
from monitor.rules.book import RuleBook
from monitor.rules.examples import run_examples
from monitor.rules.explain import Branch, Explanation, explain
from monitor.rules.load import Loaded, load
from monitor.rules.packed import open_rule, pack_rule
from monitor.rules.rule import Rule, RuleTest
from tests.conformance import marked
from tests.conformance.table import Case, cases

Places = tuple[tuple[str, int, int], ...]


def source(node: Mapping) -> RuleSource:
    """The file ``case.yaml`` with this content."""
    return RuleSource("case.yaml", "case", node, False)


def sources_of(case: Case) -> tuple[list[RuleSource], list[Problem]]:
    """The rule file of a case, from its keys or its text, and what the YAML reader told."""
    if case.node is not None:
        return [source(case.node)], []
    node, problems = parse(str(case.values["rule"]).encode(), "case.yaml")
    kept = [source(node)] if isinstance(node, Mapping) else []
    return kept, list(problems)


def loaded(case: Case) -> Loaded:
    """The rules of a case, with the problems of reading and loading."""
    sources, problems = sources_of(case)
    found = load(sources)
    return replace(found, problems=(*problems, *found.problems))


def errors(result: Loaded) -> list[str]:
    """The mistakes as lines."""
    return [str(each) for each in result.problems if each.severity == "error"]


@cache
def rule_of(case_number: int) -> Rule | None:
    """The one rule of a case, without mistakes; None where the case is about mistakes or files."""
    case = cases()[case_number]
    if "files" in case.values or "refused" in case.values:
        return None
    found = loaded(case)
    assert not errors(found), f"{case.place}: {errors(found)}"
    return found.rules[0] if found.rules else None


def rewritten(match: Located, case: Case) -> Rule:
    """The rule of a case with another ``match``."""
    assert case.node is not None
    others = tuple(pair for pair in case.node.pairs if pair[0].value != "match")
    node = Mapping(((Text("match", match.place), match), *others), match.place)
    result = load([source(node)])
    assert not errors(result), errors(result)
    return result.rules[0]


def alone(rule: Rule, article: Article) -> Match | None:
    """The rule by itself."""
    found = RuleBook([rule]).match(article)
    return found[0] if found else None


@cache
def _crowd() -> RuleBook:
    """All rules of all tables, last first."""
    found = []
    for number in reversed(range(len(cases()))):
        try:
            rule = rule_of(number)
        except AssertionError:  # told by the case itself
            continue
        if rule is not None:
            found.append(replace(rule, id=f"case-{number}"))
    return RuleBook(found)


def in_the_crowd(number: int, article: Article) -> Match | None:
    """The rule of case ``number`` among the rules of all tables."""
    matches = _crowd().match(article)
    return next((each for each in matches if each.rule_id == f"case-{number}"), None)


def packed(rule: Rule, article: Article) -> Match | None:
    """The rule as it is kept between two runs of the program."""
    again = open_rule(pack_rule(rule, {}), rule.place.path, {})
    return alone(replace(again, filters=rule.filters), article)


def from_json(rule: Rule, article: Article) -> Match | None:
    """The article as a line of JSON."""
    fields = ("id", "title", "text", "lead", "summary", "url", "source", "author", "language")
    line = {name: value for name in fields if (value := getattr(article, name))}
    read = read_article(json.dumps(line).encode(), "1")
    assert read is not None
    return alone(rule, replace(read.article, tags=article.tags, published=article.published))


def as_a_test(rule: Rule, article: Article, *, fires: bool) -> tuple[bool, str]:
    """Whether a test inside the rule file passes that expects this."""
    test = RuleTest("fires" if fires else "silent", article, None, rule.place)
    (outcome,) = run_examples([replace(rule, tests=(test,))])
    return outcome.passed, outcome.message


def explained(rule: Rule, article: Article) -> tuple[Explanation, set[tuple[str, int, int]]]:
    """The explanation and every place that its branches name."""
    found = explain(rule, article)
    branches = [found.tree, *found.filters]
    places: set[tuple[str, int, int]] = set()
    while branches:
        branch: Branch = branches.pop()
        places.update((span.field, span.start, span.end) for span in branch.spans)
        branches.extend(branch.children)
    return found, places


def places_of(match: Match | None) -> Places | None:
    """The evidence in its order; None where the rule is silent."""
    if match is None:
        return None
    return tuple((span.field, span.start, span.end) for span in match.spans)


def write_files(case: Case, folder: Path) -> None:
    """The files of a case, below ``folder``."""
    files = case.values["files"]
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(marked.read(text)[0], encoding="utf-8")
