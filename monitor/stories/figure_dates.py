"""Reads dates out of running text: pure, and never a guess.

``22 November 2026``, ``Nov. 22``, ``2026-11-22``, ``le 1er mars``, ``2026年11月22日``. A day
without a year is the one nearest to the article's own date; without that it stays without
(``--11-22``).
Years alone, months alone and "next Tuesday" are left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from monitor.feeds.localdates import local_date
from monitor.feeds.monthnames import CROATIAN, MONTHS
from monitor.stories.figure_numbers import Number

_ISO: Final = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\d-])")
_NUMERIC: Final = re.compile(r"\d{1,2}([./])\d{1,2}\1(?:19|20)\d\d(?![\d/])")
_EAST: Final = re.compile(
    r"(?:((?:19|20)\d\d)\s?[年년]\s?)?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日号號일]"
)
_MONTH: Final = r"(?P<month>[^\W\d_]{3,12})(?![^\W\d_])\.?"
_YEAR: Final = r"(?:,? (?:de |del )?(?P<year>(?:19|20)\d\d)(?![\d.,]*\d))?"
_DAY_FIRST: Final = re.compile(
    rf"\d{{1,2}}(?:st|nd|rd|th|er|º|ª|\.)?[ \u00a0-](?:of |de |d['’])?{_MONTH}{_YEAR}"
)
_MONTH_FIRST: Final = re.compile(
    rf"{_MONTH}[ \u00a0](?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}(?!\w)"
)
_LONGEST_MONTH: Final = 14  # characters before a day, full stop and blank included
_LETTERS: Final = re.compile(r"[\W\d_]+")
_ENGLISH: Final = frozenset(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
# Short forms of other languages; the rest of CLDR's short forms are words of some other language.
_SHORT: Final = {
    "de": "jan feb mär mrz apr mai jun jul aug sep okt nov dez",
    "fr": "mai",
    "es": "ene feb mar abr may jun jul ago sep oct nov dic",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "pt": "jan fev mar abr mai jun jul ago set out nov dez",
    "pl": "maj",
}
_CAPITALS: Final = frozenset({"en", "de"})  # months have them


@dataclass(frozen=True, slots=True)
class Dated:
    """A date: ISO 8601, or ``--MM-DD`` without a year (RFC 6350, 4.3.1, in its long form)."""

    value: str
    start: int
    end: int


def dated(
    text: str, number: Number, language: str | None, published: datetime | None
) -> Dated | None:
    """The date that begins at ``number``, or with the month's name before it; None if none does."""
    if not _may_be_date(text, number):
        return None
    for read in (_whole, _east, _month_first, _day_first):
        found = read(text, number, language, published)
        if found is not None:
            return found
    return None


def _may_be_date(text: str, number: Number) -> bool:
    length = number.end - number.start
    return not number.word and length <= 10 and text[max(0, number.start - 1)] not in "$€£"


def _whole(
    text: str, number: Number, language: str | None, _published: datetime | None
) -> Dated | None:
    """Digits that hold day, month and year."""
    found = _ISO.match(text, number.start)
    if found is not None:
        return Dated(found.group(), number.start, found.end())
    found = _NUMERIC.match(text, number.start)
    if found is None:
        return None
    moment = local_date(found.group(), language)
    if moment is None:
        return None
    return Dated(moment.date().isoformat(), number.start, found.end())


def _east(
    text: str, number: Number, _language: str | None, published: datetime | None
) -> Dated | None:
    if text[number.end : number.end + 2].strip()[:1] not in {"年", "년", "月", "월"}:
        return None
    found = _EAST.match(text, number.start)
    if found is None:
        return None
    year = int(found[1]) if found[1] else None
    value = _value(year, int(found[2]), int(found[3]), published)
    return Dated(value, number.start, found.end()) if value else None


def _month_first(
    text: str, number: Number, language: str | None, published: datetime | None
) -> Dated | None:
    if number.end - number.start > 2:
        return None
    low = max(0, number.start - _LONGEST_MONTH)
    word = text[low : number.start].replace("\u00a0", " ")
    if not word.endswith(" ") or word.endswith("  "):
        return None
    name = _LETTERS.split(word[:-1].removesuffix("."))[-1]
    month = _month(name, language) if len(name) > 2 else None
    if not month:
        return None
    start = low + word.rindex(name)
    found = _MONTH_FIRST.match(text, start)
    if found is None:
        return None
    value = _value(_year(found), month, int(found["day"]), published)
    return Dated(value, start, found.end()) if value else None


def _day_first(
    text: str, number: Number, language: str | None, published: datetime | None
) -> Dated | None:
    if number.end - number.start > 2:
        return None
    found = _DAY_FIRST.match(text, number.start)
    month = found and _month(found["month"], language)
    if not found or not month:
        return None
    value = _value(_year(found), month, int(number.value), published)
    # The full stop after a month's short name belongs to it only where more follows.
    end = found.end() - (found.group().endswith(".") and not found["year"])
    return Dated(value, number.start, end) if value else None


def _year(found: re.Match[str]) -> int | None:
    return int(found["year"]) if found["year"] else None


@lru_cache(maxsize=5_000)
def _month(word: str, language: str | None) -> int | None:
    """The month that a word names in an article of that language; None if it is none."""
    folded = word.casefold()
    if language is None or language == "en":
        return MONTHS[folded] if folded in _ENGLISH and word[0].isupper() else None
    if language in _CAPITALS and not word[0].isupper():
        return None
    if len(folded) < 4 and folded not in _SHORT.get(language, "").split():
        return None
    return (CROATIAN.get(folded) if language == "hr" else None) or MONTHS.get(folded)


def _value(year: int | None, month: int, day: int, published: datetime | None) -> str | None:
    """ISO 8601; a missing year is that of the day nearest to ``published``. None: no such day."""
    if year is None and published is not None:
        days = list(_possible(published.year, month, day))
        if not days:
            return None
        return min(days, key=lambda each: abs(each - published.date())).isoformat()
    try:
        known = date(year or 2000, month, day)  # 2000 had a 29 February
    except ValueError:
        return None
    return known.isoformat() if year else f"--{month:02}-{day:02}"


def _possible(year: int, month: int, day: int) -> Iterator[date]:
    for each in (year - 1, year, year + 1):
        try:
            yield date(each, month, day)
        except ValueError:
            continue
