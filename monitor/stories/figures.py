"""Reads the figures of an article: amounts, percentages, dates and counts; pure.

Each with its sentence, its place and what it is said to be. docs/figures.md tells what counts as a
figure and what does not. The work is linear in the length of the text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import Final

from monitor.model import Article, Figure, FigureKind
from monitor.stories.amounts import Amount, amount, scale_after
from monitor.stories.figure_counts import counted, percentage
from monitor.stories.figure_dates import dated
from monitor.stories.figure_nouns import PEOPLE
from monitor.stories.figure_numbers import Number, number_words, numbers
from monitor.stories.figure_says import meaning, restates
from monitor.stories.figure_scales import CODES
from monitor.text.sentences import paragraphs, sentences_within

MOST: Final = 500  # figures of one article; a longer table is not news
LONGEST_SENTENCE: Final = 600  # characters shown of a sentence
_LONGEST_BODY: Final = 1_000_000  # characters looked at
_MOST_NUMBERS: Final = 10_000  # looked at; a text with more is a table or an attack
_START: Final = attrgetter("start")
_BETWEEN: Final = re.compile(r"\b(?:between|zwischen|entre|tra|fra|tussen|między)\W", re.IGNORECASE)
_RANGE: Final = re.compile(
    r"[ \u00a0]?(?:[-–—~～至到]|to|bis|à|a|al|tot|até|do)[ \u00a0]?"
    r"|(?P<pair> (?:and|und|et|y|e|en|i) )"
)
_LONGEST_RANGE: Final = 8  # characters between its two numbers
_JOBS: Final = frozenset({"jobs cut", "jobs created"})
_HARMED: Final = frozenset({"dead", "injured", "missing"})


@dataclass(frozen=True, slots=True)
class _Found:
    """A figure without its sentence. ``unit``: currency, ``%``, ``percentage points`` or noun."""

    kind: FigureKind
    value: Decimal
    unit: str
    start: int
    end: int
    factor: Decimal = Decimal(1)
    date: str = ""


@dataclass(frozen=True, slots=True)
class _Reader:
    """One field of an article, and what is known of its language and day."""

    text: str
    language: str | None
    published: datetime | None

    def found(self) -> Iterator[_Found]:
        """The figures in the order of the text; none overlaps another."""
        done = 0  # up to here the text is taken
        last: Number | None = None  # a number before this one that came to nothing by itself
        before: _Found | None = None
        words = sorted(number_words(self.text, self.language), key=_START)
        every = merge(numbers(self.text, self.language), words, key=_START)
        for number in islice(every, _MOST_NUMBERS):
            if number.start < done:
                continue
            read = self._read(number, done) or self._second_of_range(before, number)
            if read is None or read.start < done:  # "5 Nov 22": the month is taken
                last = number
                continue
            first = self._first_of_range(last, before, read)
            if first is not None:
                if last is not None and before is not None:
                    yield before
                before = first
            if before is not None:
                yield before
            before, last, done = read, None, read.end
        if before is not None:
            yield before

    def _read(self, number: Number, done: int) -> _Found | None:
        text = self.text
        if not number.word and not self._stands_alone(number):
            return None
        day = dated(text, number, self.language, self.published)
        if day is not None:
            return _Found(FigureKind.DATE, Decimal(0), "", day.start, day.end, date=day.value)
        if number.odd:
            return None
        share = percentage(text, number)
        if share is not None:
            return _Found(FigureKind.PERCENT, share.value, share.unit, number.start, share.end)
        money = amount(text, number, self.language, done)
        if money.currency:
            return _Found(
                FigureKind.MONEY, money.value, money.currency, money.start, money.end, money.factor
            )
        return self._count(number, money)

    def _stands_alone(self, number: Number) -> bool:
        """Whether no letter or sign makes the number part of a name: G20, GPT-4, v2, 555-0123."""
        before = self.text[max(0, number.start - 2) : number.start]
        if not before or before[-1] >= "\u2e80":
            return True
        if before[-1] in "-–" and len(before) == 2:
            return not before[0].isalpha() or before[0] >= "\u2e80"
        return (
            not before[-1].isalpha() or self.text[max(0, number.start - 3) : number.start] in CODES
        )

    def _count(self, number: Number, scaled: Amount) -> _Found | None:
        if not _upright(self.text, number):
            return None
        noun = counted(self.text, number, scaled.value, scaled.end, self.language)
        if noun is None:
            return None
        return _Found(FigureKind.COUNT, noun.value, noun.unit, number.start, noun.end)

    def _second_of_range(self, before: _Found | None, number: Number) -> _Found | None:
        """The upper end of "$2-3 billion", which has its currency from the lower end."""
        if before is None or before.kind is not FigureKind.MONEY or before.factor != 1:
            return None
        between = self.text[before.end : number.start]
        if number.odd or len(between) > _LONGEST_RANGE or not _RANGE.fullmatch(between):
            return None
        factor, end = scale_after(self.text, number, self.language)
        value = number.value * factor
        if factor == 1 or value <= before.value:
            return None
        return _Found(FigureKind.MONEY, value, before.unit, number.start, end, factor)

    def _first_of_range(
        self, last: Number | None, before: _Found | None, read: _Found
    ) -> _Found | None:
        """The lower end of "2.1 to 2.3 billion dollars", which has its unit from the upper end."""
        if read.kind is FigureKind.DATE:
            return None
        if last is not None:
            low, high, value = last.start, last.end, last.value
        elif before is not None and before.unit == read.unit and before.factor == 1:
            low, high, value = before.start, before.end, before.value
        else:
            return None
        if last is not None and (last.odd or not self._stands_alone(last)):
            return None
        between = self.text[high : read.start]
        if len(between) > _LONGEST_RANGE:
            return None
        joined = _RANGE.fullmatch(between)
        if joined is None or value * read.factor >= read.value:
            return None
        if joined["pair"] and not _BETWEEN.search(self.text[max(0, low - 20) : low]):
            return None
        return replace(read, value=value * read.factor, start=low, end=high)


def _upright(text: str, number: Number) -> bool:
    """Whether nothing before a number makes it part of a score, a fraction or a time."""
    return text[number.start - 1 : number.start] not in "-–/:." or number.start == 0


def figures(article: Article) -> tuple[Figure, ...]:
    """The figures of title and body, in the order of the text, at most ``MOST``.

    A figure told twice is there twice. ``sentence`` is at most ``LONGEST_SENTENCE`` characters,
    cut around the figure where the text has no full stops.
    """
    language = (article.language or "")[:2].lower() or None
    found = [
        *_of_field(article.title, "title", language, article.published),
        *islice(_of_field(article.text[:_LONGEST_BODY], "body", language, article.published), MOST),
    ]
    return tuple(found[:MOST])


def _of_field(
    text: str, field: str, language: str | None, published: datetime | None
) -> Iterator[Figure]:
    places = _Sentences(text, whole=field == "title")
    before: Figure | None = None
    for found in _Reader(text, language, published).found():
        start, end = places.around(found.start)
        end = max(end, found.end)
        said = ""
        if before is not None and restates(text[before.end : found.start]):
            said = before.says
        said = said or meaning(text, (start, end), (found.start, found.end), found.kind, language)
        before = Figure(
            kind=found.kind,
            value=_value(found, said),
            text=text[found.start : found.end],
            says=_said(found, said),
            sentence=_shown(text, start, end, found),
            field=field,
            start=found.start,
            end=found.end,
        )
        yield before


class _Sentences:
    """Where the sentences stand; worked out only for paragraphs that are asked about, in order."""

    def __init__(self, text: str, *, whole: bool) -> None:
        self._text = text
        self._paragraphs = [(0, len(text))] if whole else paragraphs(text)
        self._starts = [start for start, _ in self._paragraphs]
        self._whole = whole
        self._at = -1
        self._ends: list[int] = []
        self._begins: list[int] = []

    def around(self, place: int) -> tuple[int, int]:
        """The sentence that ``place`` stands in."""
        at = max(bisect_right(self._starts, place) - 1, 0)
        if self._whole:
            return self._paragraphs[0]
        if at != self._at:
            self._at = at
            low, high = self._paragraphs[at]
            ranges = list(sentences_within(self._text, low, high))
            self._begins = [start for start, _ in ranges]
            self._ends = [end for _, end in ranges]
        index = max(bisect_right(self._begins, place) - 1, 0)
        return self._begins[index], self._ends[index]


def _value(found: _Found, said: str) -> str:
    """``Figure.value``: "USD 2100000000", "12.5 %", "3200 jobs" or an ISO 8601 date."""
    if found.kind is FigureKind.DATE:
        return found.date
    number = format(found.value.normalize(), "f")
    if found.kind is FigureKind.MONEY:
        return f"{found.unit} {number}"
    unit = found.unit
    if said in _JOBS and unit in {"employees", "people"}:
        unit = "jobs"  # 300 employees are laid off where 300 jobs are cut
    elif unit in _HARMED:
        unit = "people"  # "12 dead" and "12 people killed" are one figure
    return f"{number} {unit}"


def _said(found: _Found, said: str) -> str:
    if found.unit in _HARMED:
        return found.unit
    if found.kind is FigureKind.COUNT:
        if said in _JOBS:
            return said if found.unit in {"jobs", "employees", "people"} else ""
        return said if found.unit in PEOPLE else ""
    return said


def _shown(text: str, start: int, end: int, found: _Found) -> str:
    """The sentence, or the part of it around the figure where it is too long to show."""
    if end - start <= LONGEST_SENTENCE:
        return text[start:end]
    half = max(0, LONGEST_SENTENCE - (found.end - found.start)) // 2
    return text[max(start, found.start - half) : min(end, found.end + half)]
