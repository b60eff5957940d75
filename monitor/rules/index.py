"""Which rules could match an article at all: found by words, not by a loop over all rules.

Layer 1, pure. Each rule is filed under the rarest set of words of which it needs at least one
(``monitor.rules.needs``); an article's words then give the few rules worth evaluating, and a second
necessary word leaves out most of these. Stems are filed once per language, patterns are searched
together in one pass. A rule that needs nothing (a pure negation) is a candidate always.

Rules filed under one long list (``@list``) are one group: the list's words are filed once, not once
for each rule.
"""

from collections.abc import Callable, Iterable
from typing import Final

from monitor.rules.needs import Filing, Needs, needs_of
from monitor.rules.patternset import PatternSet
from monitor.rules.stems import stem

__all__ = ["Index", "needs_of"]

_HEAD: Final = 2  # characters; beginnings (euro*) are filed under their first two
_GROUPED: Final = 8  # words; a longer list that several rules share is filed once

Numbers = int | list[int]  # one rule needs no list: most words are filed for one
Guard = str | tuple[str, ...]  # the rarest guard: one word, or several of which one is needed


class Index:
    """Numbers of rules by what they need. A number below zero is a group of rules."""

    def __init__(self, filings: Iterable[Filing]) -> None:
        self._words: dict[str, Numbers] = {}
        self._beginnings: dict[str, list[tuple[str, int]]] = {}
        self._single: list[tuple[str, int]] = []  # beginnings of one character
        self._stems: list[tuple[str, int]] = []
        self._stem_tables: dict[str, dict[str, list[int]]] = {}
        self._patterns: dict[str, list[int]] = {}
        self._pattern_set: PatternSet | None = None
        self._always: list[int] = []
        self._groups: list[list[int]] = []
        self._guards: list[Guard] = []
        self._more: dict[int, str] = {}  # further guards, as texts: few rules get so far
        grouped: dict[int, tuple[Needs, int]] = {}
        for number, filing in enumerate(filings):
            first = filing.guards[0] if filing.guards else ()
            self._guards.append(first[0] if len(first) == 1 else first)
            if len(filing.guards) > 1:
                self._more[number] = "|".join(" ".join(words) for words in filing.guards[1:])
            if filing.needs is None:
                self._always.append(number)
            elif len(filing.needs.words) < _GROUPED:
                self._file(number, filing.needs)
            else:
                known = grouped.get(id(filing.needs))
                if known is None:
                    self._groups.append([])
                    known = grouped[id(filing.needs)] = (filing.needs, len(self._groups))
                    self._file(-known[1], filing.needs)
                self._groups[known[1] - 1].append(number)

    @property
    def needs_stems(self) -> bool:
        """Whether an article's stems must be looked at."""
        return bool(self._stems)

    def candidates(
        self,
        vocabulary: frozenset[str],
        language: str = "",
        stems: Iterable[str] = (),
        texts: Callable[[], Iterable[str]] = tuple,
    ) -> list[int]:
        """The numbers of the rules that could match a text with these (folded) words, in order.

        ``stems`` are those of the text's words in its ``language``; ``texts`` gives the text itself
        and is asked for only where patterns are to be searched.
        """
        found = list(self._always)  # may hold a number more than once: most fall out soon
        words = self._words
        held = vocabulary if len(vocabulary) < len(words) else vocabulary.intersection(words)
        for numbers in map(words.get, held):
            if numbers is None:
                continue
            if type(numbers) is int:
                found.append(numbers)
            else:
                found += numbers  # type: ignore[arg-type]  # a list, as type() said
        if self._beginnings or self._single:
            self._add_beginnings(vocabulary, found)
        if self._stems:
            table = self._stem_table(language)
            for text_stem in stems:
                if text_stem in table:
                    found += table[text_stem]
        if self._patterns:
            self._add_patterns(texts(), found)
        if self._groups:
            groups = {number for number in found if number < 0}
            found = [number for number in found if number >= 0]
            for group in groups:
                found += self._groups[-group - 1]
        guards = self._guards
        passed = [
            number for number in found
            if not (guard := guards[number])
            or (guard in vocabulary if type(guard) is str else not vocabulary.isdisjoint(guard))
        ]  # fmt: skip
        return sorted({number for number in passed if self._passes(number, vocabulary)})

    def _passes(self, number: int, vocabulary: frozenset[str]) -> bool:
        more = self._more.get(number)
        return more is None or not any(
            vocabulary.isdisjoint(words.split(" ")) for words in more.split("|")
        )

    def _add_beginnings(self, vocabulary: frozenset[str], found: list[int]) -> None:
        beginnings = self._beginnings
        for word in vocabulary:
            if filed := beginnings.get(word[:_HEAD]):
                found += [number for start, number in filed if word.startswith(start)]
        for start, number in self._single:
            if any(word.startswith(start) for word in vocabulary):
                found.append(number)

    def _add_patterns(self, texts: Iterable[str], found: list[int]) -> None:
        if self._pattern_set is None:  # made when the first article comes
            self._pattern_set = PatternSet(tuple(self._patterns))
        filed = tuple(self._patterns.values())
        for number in self._pattern_set.perhaps(texts):
            found += filed[number]

    def _file(self, number: int, needs: Needs) -> None:
        words = self._words
        for word in needs.words:
            before = words.get(word)
            if before is None:
                words[word] = number
            elif isinstance(before, int):
                words[word] = [before, number]
            else:
                before.append(number)
        for start in needs.beginnings:
            if len(start) < _HEAD:
                self._single.append((start, number))
            else:
                self._beginnings.setdefault(start[:_HEAD], []).append((start, number))
        self._stems.extend((word, number) for word in needs.stems)
        for pattern in needs.patterns:
            self._patterns.setdefault(pattern, []).append(number)

    def _stem_table(self, language: str) -> dict[str, list[int]]:
        """Rules by stem in one language; made when the first article of that language comes."""
        table = self._stem_tables.get(language)
        if table is None:
            table = self._stem_tables[language] = {}
            for word, number in self._stems:
                table.setdefault(stem(word, language), []).append(number)
        return table
