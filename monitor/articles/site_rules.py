"""Applies a user's ``extract:`` settings to a page: what to read of it and what to leave out; pure.

Selectors are CSS (Selectors Level 3, as the package cssselect reads them).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cssselect import HTMLTranslator, SelectorError
from lxml.etree import XPath, XPathError, _Element

from monitor.articles.removal import take_out

_LONGEST: Final = 500  # characters of a selector


@dataclass(frozen=True, slots=True)
class SiteRules:
    """``include``: only these elements are the article. ``remove``: these are no part of it."""

    include: str | None = None
    remove: str | None = None


NO_RULES: Final = SiteRules()


def selector_problem(selector: str) -> str | None:
    """What is wrong with a CSS ``selector``, as a sentence; None if it can be used."""
    if not selector.strip():
        return "an empty selector. Give a CSS selector such as article or .story-body."
    if len(selector) > _LONGEST:
        return f"a selector of {len(selector)} characters; at most {_LONGEST} are read."
    try:
        _compiled(selector)
    except (SelectorError, XPathError, RecursionError) as problem:
        return f"not a CSS selector ({problem}). Example: article, .story-body, #main > p."
    return None


def check(rules: SiteRules) -> None:
    """Raises ValueError with a sentence if a selector of ``rules`` cannot be used."""
    for selector in (rules.include, rules.remove):
        problem = selector_problem(selector) if selector is not None else None
        if problem:
            raise ValueError(problem)


def remove(root: _Element, rules: SiteRules) -> int:
    """Takes the elements of ``rules.remove`` out of ``root``; returns how many."""
    if rules.remove is None:
        return 0
    found = [element for element in _select(root, rules.remove) if element is not root]
    for element in found:
        take_out(element)
    return len(found)


def included(root: _Element, rules: SiteRules) -> list[_Element]:
    """The outermost elements of ``rules.include`` in the order of the page; empty if none."""
    if rules.include is None:
        return []
    found = _select(root, rules.include)
    chosen = set(found)
    return [one for one in found if not any(above in chosen for above in one.iterancestors())]


def _select(root: _Element, selector: str) -> list[_Element]:
    found = _compiled(selector)(root)
    return [one for one in found if isinstance(one, _Element)] if isinstance(found, list) else []


@lru_cache(maxsize=256)
def _compiled(selector: str) -> XPath:
    return XPath(HTMLTranslator().css_to_xpath(selector, prefix="descendant-or-self::"))
