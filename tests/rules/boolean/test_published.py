"""Strings of the published help: each gives the rule that it means, or says what is lost where.

The rules are run on texts, so that a translation is proven and not merely there.
"""

import pytest

from monitor.config.yamlfile import parse
from monitor.located import Mapping, plain
from monitor.model import Article
from monitor.rules.book import RuleBook
from monitor.rules.boolean.files import DIALECTS
from tests.rules.boolean import factiva_strings, lexis_strings, lucene_strings, meltwater_strings
from tests.rules.boolean.published import Published, Text
from tests.rules.build import article, loaded

TABLES = {
    "lexis": lexis_strings.STRINGS,
    "factiva": factiva_strings.STRINGS,
    "meltwater": meltwater_strings.STRINGS,
    "lucene": lucene_strings.STRINGS,
}
ALL = [(dialect, case) for dialect, cases in TABLES.items() for case in cases]
CASES = [pytest.param(d, case, id=f"{d}: {case.string}") for d, case in ALL]
READ = [pytest.param(d, case, id=f"{d}: {case.string}") for d, case in ALL if case.rule]


def as_article(text: Text) -> Article:
    if isinstance(text, dict):
        fields = dict(text)
        return article(fields.pop("text"), language="en", **fields)
    title, body = text if isinstance(text, tuple) else ("", text)
    return article(body, title, language="en")


def tree(rule: str) -> object:
    node, problems = parse(rule.encode(), "rule.yaml")
    assert isinstance(node, Mapping), problems
    return plain(node)


@pytest.mark.parametrize(("dialect", "case"), READ)
def test_gives_the_rule_that_it_means(dialect: str, case: Published) -> None:
    translation = DIALECTS[dialect](case.string)
    assert tree(translation.rule) == tree(f"match: {case.rule}")
    result = loaded(translation.rule)
    assert [str(problem) for problem in result.problems] == []  # no error, and no warning either
    book = RuleBook(result.rules)
    assert case.fires
    assert case.silent
    for text in case.fires:
        assert book.match(as_article(text)), f"should fire on {text!r}"
    for text in case.silent:
        assert not book.match(as_article(text)), f"should be silent on {text!r}"


@pytest.mark.parametrize(("dialect", "case"), CASES)
def test_says_exactly_what_is_lost_and_where(dialect: str, case: Published) -> None:
    translation = DIALECTS[dialect](case.string)
    assert tuple(str(lost) for lost in translation.lost) == case.lost
    assert bool(translation.rule) == bool(case.rule)
    assert translation.rule or case.lost


@pytest.mark.parametrize("dialect", DIALECTS)
def test_there_are_thirty_of_each_dialect_and_both_kinds(dialect: str) -> None:
    cases = TABLES[dialect]
    assert len({case.string for case in cases}) >= 30
    assert sum(not case.lost for case in cases) >= 10, "translated without a loss"
    assert sum(bool(case.lost and case.rule) for case in cases) >= 5, "translated with a loss"
    assert sum(not case.rule for case in cases) >= 2, "cannot be read"
