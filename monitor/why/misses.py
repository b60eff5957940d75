"""What to change in a rule that missed an article, in plain words. Pure.

A mend is told only for what would have to hold; it is a proposal to look at, since a looser rule
also fires on other articles (``rules backtest`` shows which).
"""

import re
from collections.abc import Iterator
from typing import Final

from monitor.model import Article
from monitor.rules.explain import Branch, Explanation, misses
from monitor.rules.fields import FIELDS, ArticleFields
from monitor.rules.nodes import Term, terms_of
from monitor.rules.rule import Rule
from monitor.rules.terms import Compare, TermWord, find_term

_WIDEST: Final = 1000  # words; the most that within: takes
_MOST: Final = 5  # mends that are told of one rule
_GAP: Final = re.compile(r"closest ([0-9]+) words? apart")
_MENTIONS: Final = re.compile(r"([0-9]+) mentions?")
_HELD: Final = re.compile(r"([0-9]+) of the ([0-9]+)")
_OTHER_CASE: Final = re.compile(r"not found in (capitals|exactly this case); '(.*)' is in (\w+)")


def mends(found: Explanation, rule: Rule, article: Article) -> tuple[str, ...]:
    """What would let the rule fire on the article, a sentence for each miss; () if it fires."""
    if found.fires:
        return ()
    told = list(_Mender(rule, article).of(found.tree))
    told += [
        f"the {each.label} keeps it out{_excluded(each, article)}: take this rule out of its "
        "rules:, or narrow the filter"
        for each in found.filters
        if not each.holds
    ]
    if found.source:
        told.append(f"source: of the rule keeps it out ({found.source}): change the condition "
                    "if such articles are wanted")  # fmt: skip
    return tuple(dict.fromkeys(told))[:_MOST]


class _Mender:
    """Goes down the branches that fail."""

    def __init__(self, rule: Rule, article: Article) -> None:
        self._article = article
        self._fields = ArticleFields(article)
        self._terms = {t.written: t for t in terms_of(rule.match) if isinstance(t, Term)}

    def of(self, branch: Branch) -> Iterator[str]:
        if branch.holds:
            return
        failing = [child for child in branch.children if not child.holds]
        match branch.key:
            case "all":
                for child in failing:
                    yield from self.of(child)
            case "any":
                yield from self._any(failing)
            case "near" | "then" | "same" if failing:
                for child in failing:
                    yield from self.of(child)
            case "near" | "then":
                yield _window(branch)
            case "same":
                yield (f"{branch.label}: all of them are there, but not in one; a wider unit "
                       "(paragraph) or near: would take it")  # fmt: skip
            case "none":
                yield (f"an exclusion (none:) keeps it out{_excluded(branch, self._article)}; "
                       "unless_near: takes away the bad hit, not the article")  # fmt: skip
            case "unless_near" if branch.children[0].holds:
                yield f"{branch.label} took every hit away: a smaller within: keeps more"
            case "unless_near":
                yield from self.of(branch.children[0])
            case "min_mentions":
                yield _mentions(branch)
            case "at_least":
                yield _at_least(branch)
            case "regex":
                yield f"the pattern {branch.label} is not found"
            case _:
                yield self._term(branch) or f"'{branch.label}' is not in the article"

    def _any(self, children: list[Branch]) -> Iterator[str]:
        """The nearest of the alternatives; for words the ones that are nearly there."""
        nearly = [told for child in children if child.key == "term" and (told := self._term(child))]
        if nearly:
            yield from nearly[:2]
            return
        others = [child for child in children if child.key not in ("term", "regex")]
        if others and len(others) == len(children):
            yield from self.of(min(others, key=misses))
            return
        words = [child.label for child in children]
        shown = ", ".join(words[:4]) + (f" and {len(words) - 4} more" if len(words) > 4 else "")
        yield f"none of {shown} is in the article: add the word that it uses instead, if one fits"

    def _term(self, branch: Branch) -> str:
        """What a term that is not found fails by: its case, its ending, its field; "" if none."""
        if other := _OTHER_CASE.fullmatch(branch.detail):
            if other[1] == "capitals":
                word = branch.label.lower()
                return (f"'{branch.label}' finds capitals only and '{other[2]}' is in {other[3]}: "
                        f"add '{word}' (any case) beside it, if that is meant")  # fmt: skip
            return (f"'{branch.label}' asks for exactly this case and '{other[2]}' is in "
                    f"{other[3]}: leave the = out")  # fmt: skip
        term = self._terms.get(branch.label)
        if term is None:
            return ""
        return self._elsewhere(term) or self._other_form(term)

    def _elsewhere(self, term: Term) -> str:
        others = tuple(name for name in FIELDS if name not in term.scope)
        for segment in self._fields.segments(others):
            if find_term(term.words, segment) and segment.name not in term.scope:
                return (f"'{term.written}' is in {segment.name}, where this branch does not "
                        f"look: in: [{', '.join((*term.scope, segment.name))}]")  # fmt: skip
        return ""

    def _other_form(self, term: Term) -> str:
        first = term.words[0]
        if len(term.words) > 1 or first.prefix or first.compare is not Compare.FOLDED:
            return ""
        stemmed = TermWord(first.fold, first.exact, Compare.STEM)
        for segment in self._fields.segments(term.scope):
            for place in find_term((stemmed,), segment):
                other = segment.words.exacts[place[0]]
                return (f"'{other}' is in {segment.name}: ~{first.fold} finds all forms of "
                        f"'{term.written}'")  # fmt: skip
        return ""


def _window(branch: Branch) -> str:
    gap = _GAP.search(branch.detail)
    if gap is None:
        if branch.key == "then":
            return f"{branch.label}: the words stand in another order; near: takes any order"
        return (f"{branch.label}: the words stand in different fields, or only over each other; "
                "all: does not ask how near they are")  # fmt: skip
    if int(gap[1]) > _WIDEST:
        return f"{branch.label}: {gap[1]} words lie between; all: does not ask how near they are"
    return f"{branch.label}: {gap[1]} words lie between; within: {gap[1]} would take it"


def _mentions(branch: Branch) -> str:
    found = _MENTIONS.search(branch.detail)
    if found is None or int(found[1]) == 0:
        return f"{branch.label}: there is no mention at all"
    return f"{branch.label}: there are {found[1]}; min_mentions: {found[1]} would take it"


def _at_least(branch: Branch) -> str:
    found = _HELD.search(branch.detail)
    if found is None or int(found[1]) == 0:
        return f"{branch.label}: none of them holds"
    return f"{branch.label}: {branch.detail}; at_least: {found[1]} would take it"


def _excluded(branch: Branch, article: Article) -> str:
    """What an exclusion found, in the article's own words."""
    for leaf in _leaves(branch):
        for span in leaf.spans:
            text = article.text if span.field == "body" else getattr(article, span.field) or ""
            words = text[span.start : span.end]
            return f" ('{words}' in {span.field})" if words else f" ('{span.term}')"
    return ""


def _leaves(branch: Branch) -> Iterator[Branch]:
    if not branch.children:
        yield branch
    for child in branch.children:
        yield from _leaves(child)
