"""Proposals as plain values (texts, lists, mappings) → trees of the engine, and their verdicts.

Layer 1, pure.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from monitor.located import Items, Place, Text
from monitor.located import Mapping as LocatedMapping
from monitor.located import Node as Located
from monitor.model import Article
from monitor.rules.conditions import refusal
from monitor.rules.evaluate import Evaluation
from monitor.rules.fields import ArticleFields
from monitor.rules.nodes import AllOf, Node
from monitor.rules.rule import Filter
from monitor.rules.settings import read_source
from monitor.rules.tree import TreeBuilder

Plain: TypeAlias = Any  # what YAML without places is made of: str, list and dict, nested
HERE: Final = Place("proposal", 1, 1)

Verdict = Callable[["Example"], bool]


class Example:
    """An article with its fields, cut into words once for all proposals."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.fields = ArticleFields(article)

    @property
    def name(self) -> str:
        """How messages call it: its title, else its address, else where it came from."""
        article = self.article
        return article.title.strip() or article.url or article.id


def located(value: Plain) -> Located:
    """A plain value as if it had been read from a file."""
    if isinstance(value, str):
        return Text(value, HERE)
    if isinstance(value, list | tuple):
        return Items(tuple(located(item) for item in value), HERE)
    pairs = ((Text(str(key), HERE), located(item)) for key, item in value.items())
    return LocatedMapping(tuple(pairs), HERE)


class Builder:
    """Builds proposals with the named lists and the filters that lie over the rule."""

    def __init__(
        self, entities: Mapping[str, Items] | None = None, filters: Sequence[Filter] = ()
    ) -> None:
        self._builder = TreeBuilder(entities or {})
        self._filters = tuple(filters)

    def tree(self, match: Plain) -> Node | None:
        """The tree of a ``match``; None if the language does not allow it."""
        self._builder.problems.clear()
        return self._builder.build(located(match))

    def verdict(self, rule: Mapping[str, Plain]) -> Verdict | None:
        """Whether a rule fires on an example; None if the language does not allow the rule."""
        tree = self.tree(rule["match"])
        wrong: list[str] = []
        source = rule.get("source")
        conditions = read_source(
            located(source) if source else None, lambda _, message: wrong.append(message)
        )
        if tree is None or wrong:
            return None
        whole = AllOf((tree, *(each.none for each in self._filters)), written=False)

        def fires(example: Example) -> bool:
            if refusal(conditions, example.article, None, None) is not None:
                return False
            return Evaluation(example.fields).matches(whole)

        return fires
