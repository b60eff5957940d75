"""Builders for tests of rules: YAML text in, rules out."""

from typing import Any

from monitor.config.rulefiles import RuleSource
from monitor.config.yamlfile import parse
from monitor.located import Mapping, Problem
from monitor.model import Article
from monitor.rules.book import RuleBook
from monitor.rules.load import Loaded, load


def source(text: str, name: str = "rule.yaml") -> RuleSource:
    """A rule file of this text."""
    node, problems = parse(text.encode(), name)
    assert isinstance(node, Mapping), problems
    assert not [p for p in problems if p.severity == "error"], problems
    return RuleSource(name, name.removesuffix(".yaml"), node, name.startswith("_"))


def loaded(*texts: str) -> Loaded:
    """The files of these texts, loaded together."""
    return load([source(text, f"{chr(97 + n)}.yaml") for n, text in enumerate(texts)])


def book(*texts: str) -> RuleBook:
    """The rules of these texts; they must have no mistakes."""
    result = loaded(*texts)
    assert not [p for p in result.problems if p.severity == "error"], result.problems
    return RuleBook(result.rules)


def article(text: str = "", title: str = "", **fields: Any) -> Article:
    """An article with this body."""
    return Article(id="a", url=fields.pop("url", ""), title=title, text=text, **fields)


def fires(match: str, text: str = "", title: str = "", **fields: Any) -> bool:
    """Whether a rule with this ``match:`` value (YAML) fires."""
    return bool(book(f"match: {match}").match(article(text, title, **fields)))


def errors(*texts: str) -> list[str]:
    """The problems of these files as lines, errors only."""
    return [str(p) for p in loaded(*texts).problems if p.severity == "error"]


def warnings(*texts: str) -> list[Problem]:
    """The warnings of these files."""
    return [p for p in loaded(*texts).problems if p.severity == "warning"]
