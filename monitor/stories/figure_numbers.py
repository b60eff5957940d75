"""Finds the numbers of a text and what they are worth; pure.

A number is digits of any script with its separators (``2,100.5``, ``2.100,5``, ``2 100``,
``2'100``, ``1,00,000``), or a small word (``three``, ``zwei``). What it counts is decided by
others. Which of full stop and comma parts the decimals is taken from the number itself where it
shows it, and from the language where it does not (``1.250``).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

LONGEST: Final = 26  # characters; longer runs of digits are account numbers or rubbish
_BLANKS: Final = " \u00a0\u2009\u202f"
_DIGITS: Final = re.compile(
    # It begins with one digit, so that re skips quickly what is none.
    rf"\d(?:\d{{0,2}}(?:[{_BLANKS}]\d{{3}}(?!\d))+(?:[.,]\d+)?|\d*(?:[.,'’．，٫٬]\d+)*)"
)
_MOST_WORDS: Final = 10_000
_BESIDE_WORDS: Final = '-–—"“„«('
_HALF: Final = Decimal("0.5")
_NOUGHT: Final = Decimal(0)
_PLAIN_MARKS: Final = str.maketrans("．，٫’", ".,\x00'")
# Languages that write 1,250 for a thousand and more; Unicode CLDR, number symbols. The rest of
# Europe and South America writes 1.250 or 1 250.
_DECIMAL_POINT: Final = frozenset("en zh ja ko th he hi bn ur ms tl ga cy mt sw ta te mr".split())

_SMALL_WORDS: Final = {
    "en": "one two three four five six seven eight nine ten eleven twelve",
    "de": "- zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "- deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "- dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "it": "- due tre quattro cinque sei sette otto nove dieci undici dodici",
    "nl": "- twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "pt": "- dois três quatro cinco seis sete oito nove dez onze doze",
    "pl": "- dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście",
}
# "A billion dollars": an article is a number before a scale only, and for money only.
_ONES: Final = {
    "en": "a million|a billion|a trillion|half a million|half a billion|half a trillion",
    "de": "eine Million|einer Million|eine Milliarde|einer Milliarde|eine Billion",
    "fr": "un million|un milliard",
    "es": "un millón|un billón",
    "it": "un milione|un miliardo",
    "nl": "een miljoen|een miljard|een biljoen",
    "pt": "um milhão|um bilhão|um bilião",
    "pl": "jeden milion|jeden miliard",
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number at ``start`` to ``end`` (code points of its text).

    ``grouped``: written with thousands separators, so no year, no version. ``word``: written as a
    word. ``odd``: digits and marks that make no one number (22.11.2026, 10.0.0.1); its value is 0.
    """

    start: int
    end: int
    value: Decimal
    grouped: bool = False
    word: bool = False
    odd: bool = False


def point_decides(language: str | None) -> bool:
    """Whether ``1.250`` is one and a quarter in that language (else: a thousand and more)."""
    return language is None or language in _DECIMAL_POINT


def numbers(text: str, language: str | None) -> Iterator[Number]:
    """The numbers of ``text`` in digits, in order, odd ones too. Offsets are code points.

    ``language``: two letters, or None where it is not known.
    """
    point = point_decides(language)
    for found in _DIGITS.finditer(text):
        written = found.group()
        if len(written) > LONGEST:
            continue
        read = worth(written, point)
        value, grouped = read or (_NOUGHT, False)
        yield Number(found.start(), found.end(), value, grouped=grouped, odd=read is None)


def number_words(text: str, language: str | None) -> list[Number]:
    """The numbers to twelve written as words, and "a" or "half a" in "a billion"; any order."""
    phrases = _phrases(language)
    found: list[Number] = []
    plain = text
    for mark in _BESIDE_WORDS:  # much quicker than a pattern that finds the words
        plain = plain.replace(mark, " ")
    for word in phrases.keys() & set(plain.split()):
        for phrase, length, value in phrases[word]:
            at = text.find(phrase)
            while at >= 0 and len(found) < _MOST_WORDS:
                end = at + len(phrase)
                if not text[max(0, at - 1) : at].isalnum() and not text[end : end + 1].isalnum():
                    found.append(Number(at, at + length, value, word=True))
                at = text.find(phrase, end)
    return found


@cache
def _phrases(language: str | None) -> dict[str, list[tuple[str, int, Decimal]]]:
    """By its last word: what to look for, how long the number in it is, what that is worth."""
    words = _SMALL_WORDS.get(language or "en", "").split()
    phrases = [
        (form, len(form), Decimal(value))
        for value, word in enumerate(words, start=1)
        if word != "-"
        for form in (word, word.capitalize())
    ]
    for phrase in filter(None, _ONES.get(language or "en", "").split("|")):
        value = _HALF if phrase.startswith("half") else Decimal(1)
        length = phrase.rindex(" ")
        phrases += [(form, length, value) for form in (phrase, phrase[0].upper() + phrase[1:])]
    known: dict[str, list[tuple[str, int, Decimal]]] = {}
    for each in phrases:
        known.setdefault(each[0].split()[-1], []).append(each)
    return known


def worth(written: str, point: bool) -> tuple[Decimal, bool] | None:
    """The value of a number as written, and whether it has thousands separators; else None.

    ``point``: a lone full stop before three digits parts decimals (and a comma thousands).
    """
    if written.isdecimal():
        return Decimal(written), False
    plain = written.translate(_PLAIN_MARKS)
    marks = [mark for mark in plain if not mark.isdecimal()]
    groups = re.split(r"\D", plain)
    decimals = _decimal_mark(marks, groups, point)
    tail = groups.pop() if decimals else ""
    if decimals and marks.pop() in marks:
        return None  # 1.2.3: a version, an address, a date
    if not _grouped(groups, marks):
        return None
    value = Decimal("".join(groups) + (f".{tail}" if tail else ""))
    return value, len(groups) > 1


def _decimal_mark(marks: list[str], groups: list[str], point: bool) -> bool:
    """Whether the last mark parts decimals from the rest."""
    last = marks[-1]
    if last == "\x00":  # the Arabic decimal separator
        return True
    if last not in ".,":
        return False
    if len(set(marks)) > 1:
        return True
    if len(marks) > 1:
        return False
    if len(groups[-1]) != 3 or len(groups[0]) > 3 or groups[0].startswith("0"):
        return True
    return (last == ".") == point


def _grouped(groups: list[str], marks: list[str]) -> bool:
    """Whether the groups before the decimals are thousands of one style (or a single group)."""
    if len(groups) == 1:
        return True
    if len(set(marks)) > 1 or not 1 <= len(groups[0]) <= 3 or len(groups[-1]) != 3:
        return False
    middle = {len(group) for group in groups[1:-1]}
    return middle <= {3} or (middle == {2} and marks[0] == "," and len(groups[0]) <= 2)
