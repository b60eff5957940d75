"""Reads what stands behind a number as a percentage or as a count of something; pure.

``12.5 %``, ``12.5 percentage points``, ``3,200 jobs``, ``5.8-magnitude``. A count needs its noun:
a bare number is no figure, so versions, scores, times, telephone numbers and addresses are none.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from monitor.stories.figure_nouns import (
    LABELS,
    MEASURES,
    NO_NOUNS,
    NOUNS,
    PLURALS,
    TIMES,
    UNITS,
)
from monitor.stories.figure_numbers import Number

_PERCENT: Final = re.compile(
    r"[ \u00a0\u202f-]?(?:"
    r"(?P<points>(?:percentage|per cent) points?|%[- ]?points?|Prozentpunkten?|%-Punkte|pp\b"
    r"|points? de pourcentage|puntos? porcentual(?:es)?|punt[oi] percentual[ei]"
    r"|pontos? percentua(?:l|is)|procentpunt(?:en)?|punkt(?:y|ów)? procentow(?:y|e|ych)|个?百分点"
    r"|個?百分點|ポイント)"
    r"|(?P<basis>basis points?|bps?\b|Basispunkten?|points? de base)"
    r"|(?P<percent>[%％٪]|(?:percent|per cent|pct|Prozent|pour cent|por ciento|per cento"
    r"|por cento|procent[a-z]{0,2}|proc)(?![^\W\d_])|パーセント|퍼센트))",
    re.IGNORECASE,
)
_FIRST_LETTERS: Final = frozenset("%％٪pPbB个個百ポパ퍼")
_EAST_PERCENT: Final = ("百分之", "百分之约")
_WORDS: Final = re.compile(r"[ \u00a0\u202f-]([^\W\d_]+(?:['’-][^\W\d_]+)*)")
_EAST_PEOPLE: Final = re.compile(r"[ ]?(?:人|名|명)")
_FARTHEST: Final = 3  # words between a number and its noun: "3,200 full-time factory jobs"
_LOOK_BACK: Final = 30  # characters before a number
_HUNDREDTH: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted (a unit of ``Figure.value``), the value, and where it ends."""

    unit: str
    value: Decimal
    end: int


def percentage(text: str, number: Number) -> Counted | None:
    """``number`` as a percentage, or as percentage points; None if it is neither."""
    after = text[number.end : number.end + 2].lstrip(" \u00a0\u202f-")[:1]
    if after not in _FIRST_LETTERS or not after:
        if text.startswith(_EAST_PERCENT[0], max(0, number.start - 3)):
            return Counted("%", number.value, number.end)
        return None
    found = _PERCENT.match(text, number.end)
    if found is None:
        return None
    if found["points"]:
        return Counted("percentage points", number.value, found.end())
    if found["basis"]:
        return Counted("percentage points", number.value * _HUNDREDTH, found.end())
    return Counted("%", number.value, found.end())


def counted(
    text: str, number: Number, value: Decimal, at: int, language: str | None
) -> Counted | None:
    """What ``value`` counts: the noun that follows ``at``, the end of number and scale.

    None for years, durations, names ("Windows 11 users") and numbers without a noun.
    """
    people = _EAST_PEOPLE.match(text, at)
    if people is not None:
        return Counted("people", value, people.end())
    if at < len(text) and text[at] not in " \u00a0\u202f-":
        return None
    if not number.grouped and at == number.end and 1900 <= value < 2100:
        return None
    if number.word and number.value <= 1 and text[number.start : number.end].casefold() != "one":
        return None  # a million different things
    noun = _nearest_noun(text, at, value, language)
    if noun is None or _is_name(text, number):
        return None
    if noun.unit not in UNITS and (value == 1 or _after_capital(text, number)):
        return None
    return noun


def _nearest_noun(text: str, at: int, value: Decimal, language: str | None) -> Counted | None:
    """The noun of the table within a few words; else the first word that looks like a plural."""
    plural: Counted | None = None
    word = _WORDS.match(text, at)
    for _ in range(_FARTHEST):
        noun = _noun(word[1], language) if word is not None else ""
        if word is None or noun == "":
            break
        if noun in UNITS:
            return Counted(noun, value, word.end())
        if noun is not None and plural is None:
            plural = Counted(noun, value, word.end())
        word = _WORDS.match(text, word.end())
    return plural


def _is_name(text: str, number: Number) -> bool:
    """Whether the number belongs to what stands before it: Article 5, § 3, GPT-4, 10:30."""
    before = text[max(0, number.start - _LOOK_BACK) : number.start].rstrip(" \u00a0")
    if before.endswith(tuple("§№#+")) or text[max(0, number.start - 1)] in "-–/:.+#":
        return True
    if number.grouped or number.word or not before:
        return False
    return before.rstrip(".").rpartition(" ")[2].casefold() in LABELS


def _after_capital(text: str, number: Number) -> bool:
    """Whether the number follows a name, or what may be one: Windows 11, LC 500."""
    if number.grouped or number.word:
        return False
    before = text[max(0, number.start - _LOOK_BACK) : number.start].rstrip(" \u00a0")
    rest, blank, word = before.rpartition(" ")
    begins = not rest.rstrip(" \u00a0\"'“”‘’«»(")[-1:].isalnum() and (bool(blank) or not rest)
    return word[:1].isupper() and not begins


@lru_cache(maxsize=20_000)
def _noun(word: str, language: str | None) -> str | None:
    """The unit that a word stands for; None for another word, empty where looking must end."""
    folded = word.casefold()
    if folded in NOUNS:
        return NOUNS[folded]
    if folded in MEASURES:
        return MEASURES[folded]
    if folded in NO_NOUNS or folded in TIMES or folded.split("-")[-1] in TIMES:
        return ""
    if len(folded) < 4:
        return None
    if language == "de":
        return folded if word[0].isupper() else None
    ends = PLURALS.get(language or "en")
    if ends is None or not folded.endswith(ends) or folded.endswith(("ss", "ous", "'s", "’s")):
        return None
    if language in {None, "en"} and word[0].isupper():
        return None  # 221 Baker Streets: a name; nouns of the table are known in capitals too
    return folded
