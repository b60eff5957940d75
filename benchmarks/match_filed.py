"""What stands behind a library that only finds words: the article as one text, and the rules.

A peer that finds many words in one pass says which terms stand in the article; the rules that these
could satisfy are then judged here, as anybody would have to write it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from benchmarks.match_rules import Asked, Window
from monitor.model import Article
from monitor.text.words import cut

BETWEEN: Final = "|"  # stands between title and body; no word is one, and nothing spans it

Numbered = Iterable[tuple[int, Asked]]
Places = list[tuple[int, int]]  # first and last word


class Document:
    """An article as peers get it: folded words, title and body apart, also as one text."""

    def __init__(self, article: Article) -> None:
        title = cut(article.title).folds
        self.words = [*title, BETWEEN, *cut(article.text).folds]
        self.body_from = len(title)
        self.text = f" {' '.join(self.words)} "

    def places(self, term: str) -> Places:
        """Where a term stands."""
        start = term.endswith("*")
        wanted = term.rstrip("*").split()
        if start:
            return [(at, at) for at, word in enumerate(self.words) if word.startswith(wanted[0])]
        found: Places = []
        at = -1
        try:
            while True:
                at = self.words.index(wanted[0], at + 1)
                if len(wanted) == 1 or self.words[at : at + len(wanted)] == wanted:
                    found.append((at, at + len(wanted) - 1))
        except ValueError:
            return found

    def near(self, window: Window) -> bool:
        """Whether the window's two sides stand close enough, in one field, without overlap."""
        first = [place for term in window.first for place in self.places(term)]
        second = [place for term in window.second for place in self.places(term)]
        return any(
            -1 <= max(one[0], other[0]) - min(one[1], other[1]) - 1 <= window.within
            and (one[1] < other[0] or other[1] < one[0])
            and (one[0] < self.body_from) == (other[0] < self.body_from)
            for one in first
            for other in second
        )


class _Numbers(NamedTuple):
    """One rule with its terms as numbers; the sides of a window are groups as well."""

    rule: int
    groups: tuple[tuple[int, ...], ...]
    at_least: tuple[int, tuple[int, ...]] | None
    none: tuple[int, ...]
    window: Window | None


class Filed:
    """Rules filed by the rarest terms of which they need one, and whether they hold.

    What somebody has to write behind a library that finds many words in one pass. ``rarity``: in
    how many other articles a word stands.
    """

    def __init__(self, rules: Numbered, rarity: Mapping[str, int]) -> None:
        self.terms: dict[str, int] = {}
        self._rules: list[_Numbers] = []
        by_term: dict[int, list[int]] = {}
        costs = _Costs(rarity)
        for number, asked in rules:
            group = min(_needed(asked), key=lambda terms: sum(costs[term] for term in terms))
            for term in set(self._numbers(group)):
                by_term.setdefault(term, []).append(len(self._rules))
            self._rules.append(self._rule(number, asked))
        self._by_term = by_term
        self._filed = frozenset(by_term)

    def _numbers(self, terms: Sequence[str]) -> tuple[int, ...]:
        return tuple([self.terms.setdefault(term, len(self.terms)) for term in terms])

    def _rule(self, number: int, asked: Asked) -> _Numbers:
        window, some = asked.window, asked.at_least
        sides = () if window is None else (window.first, window.second)
        return _Numbers(
            number,
            tuple([self._numbers(group) for group in (*asked.groups, *sides)]),
            None if some is None else (some[0], self._numbers(some[1])),
            self._numbers(asked.none),
            window,
        )

    def matching(self, found: set[int], document: Document) -> list[int]:
        """The rules that hold where these terms (by number) were found."""
        tried = {at for term in self._filed & found for at in self._by_term[term]}
        return [rule.rule for at in tried if _holds(rule := self._rules[at], found, document)]


def _holds(rule: _Numbers, found: set[int], document: Document) -> bool:
    for group in rule.groups:
        if found.isdisjoint(group):
            return False
    if rule.at_least is not None and len(found.intersection(rule.at_least[1])) < rule.at_least[0]:
        return False
    if not found.isdisjoint(rule.none):
        return False
    return rule.window is None or document.near(rule.window)


def _needed(asked: Asked) -> Iterator[tuple[str, ...]]:
    """Groups of terms of each of which a rule needs one."""
    yield from asked.groups
    if asked.window is not None:
        yield from (asked.window.first, asked.window.second)
    if asked.at_least is not None:
        count, terms = asked.at_least
        yield terms[: len(terms) - count + 1]


class _Costs(dict[str, float]):
    """How many articles hold a term, as far as its rarest word tells; small is good."""

    def __init__(self, rarity: Mapping[str, int]) -> None:
        super().__init__()
        self._rarity = rarity

    def __missing__(self, term: str) -> float:
        if term.endswith("*"):
            with_it = (n for word, n in self._rarity.items() if word.startswith(term[:-1]))
            self[term] = sum(with_it) + 1.0  # there are few of these, so they are remembered
            return self[term]
        return min(self._rarity.get(word, 0) for word in term.split()) + 0.01


def literal(term: str) -> str:
    """What finds a term in a document's text, whole words only."""
    return f" {term[:-1]}" if term.endswith("*") else f" {term} "


def rarity(articles: Iterable[Article]) -> Mapping[str, int]:
    """In how many of the articles each word stands."""
    return Counter(word for told in articles for word in set(Document(told).words))
