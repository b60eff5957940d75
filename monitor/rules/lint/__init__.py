"""Lint: what a rule probably does not mean, though it can run.

Layer 1, pure. Every check has a stable name (``code``), a sentence with its mend, and a
paragraph in docs/rules-lint.md. Mistakes that stop a rule are the loader's; no check repeats them.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from monitor.located import Items, Mapping, Place, Problem
from monitor.model import Article
from monitor.rules.lint import (
    entities,
    examples,
    history,
    lists,
    patterns,
    settings,
    spelling,
    terms,
    tree,
    windows,
)
from monitor.rules.lint.mend import FIXABLE, fix
from monitor.rules.lint.reading import Reading
from monitor.rules.lint.walk import Listed, lists_in, lists_of_entity, terms_in
from monitor.rules.load import Loaded, Source

__all__ = ["CODES", "FIXABLE", "LOADER_CODES", "fix", "lint", "page"]

_TERM_CHECKS: Final = terms.CHECKS | spelling.CHECKS
_LIST_CHECKS: Final = lists.CHECKS | windows.CHECKS | patterns.CHECKS
_RULE_CHECKS: Final = tree.CHECKS | examples.CHECKS | settings.CHECKS
_BOOK_CHECKS: Final = entities.CHECKS | settings.BOOK_CHECKS | history.CHECKS

CODES: Final[tuple[str, ...]] = (*_TERM_CHECKS, *_LIST_CHECKS, *_RULE_CHECKS, *_BOOK_CHECKS)
# Warnings of the loader and the YAML reader that have a paragraph on the same page.
LOADER_CODES: Final = (
    "duplicate-term", "edge-punctuation", "sum", "smart-quotes", "glued-comment", "empty-file",
)  # fmt: skip


def page(code: str) -> str:
    """Where the manual explains the warning of this name."""
    return f"docs/rules-lint.md#{code}"


def lint(
    sources: Sequence[Source],
    loaded: Loaded,
    *,
    today: date,
    articles: Sequence[Article] = (),
    notifiers: Sequence[str] | None = None,
) -> tuple[Problem, ...]:
    """Every warning of every file, in the order of the files and their lines.

    ``articles``: stored articles for the checks of a rule's past; none: these checks rest.
    ``notifiers``: the names of config.yaml; None: ``alert: notify`` is not judged.
    """
    reading = Reading(sources, loaded, today, articles, notifiers)
    found = dict.fromkeys([
        *_of_lists(reading), *_of_rules(reading), *_of_book(reading)
    ])  # fmt: skip
    order = {source.shown: number for number, source in enumerate(sources)}
    return tuple(
        sorted(found, key=lambda each: (order.get(each.place.path, len(order)), each.place))
    )


def _of_lists(reading: Reading) -> Iterator[Problem]:
    """What each term and each list says, in rules, named lists and filters."""
    for group, deciding in _groups(reading):
        for term in terms_in(iter(group), deciding):
            for code, judge in _TERM_CHECKS.items():
                message = judge(term, reading)
                if message is not None:
                    yield _warning(term.text.place, code, message)
        for listed in group:
            for code, check in _LIST_CHECKS.items():
                for told in check(listed, reading):
                    yield _warning(told.place, code, told.message)


def _groups(reading: Reading) -> Iterator[tuple[list[Listed], frozenset[str]]]:
    for rule in reading.rules:
        if rule.match is not None:
            yield list(lists_in(rule.match)), rule.deciding
    for name, items in reading.entities.values():
        yield list(lists_of_entity(name, items)), reading.deciding
    for source in reading.sources:
        filters = source.node.get("filters")
        for item in filters if isinstance(filters, Items) else ():
            key = item.key("none") if isinstance(item, Mapping) else None
            if isinstance(item, Mapping) and key is not None:
                value = item.get("none")
                assert value is not None
                yield list(lists_in(Mapping(((key, value),), key.place))), frozenset()


def _of_rules(reading: Reading) -> Iterator[Problem]:
    for rule in reading.rules:
        for code, check in _RULE_CHECKS.items():
            for told in check(rule, reading):
                yield _warning(told.place, code, told.message)


def _of_book(reading: Reading) -> Iterator[Problem]:
    for code, check in _BOOK_CHECKS.items():
        for told in check(reading):
            yield _warning(told.place, code, told.message)


def _warning(place: Place, code: str, message: str) -> Problem:
    return Problem(place, message, severity="warning", code=code)
