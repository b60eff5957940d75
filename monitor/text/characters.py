"""Which characters make words, as pieces for regular expressions.

Layer 0. Classes come from this Python's Unicode tables (general category, Unicode Standard 4.5) and
are written as ranges, since ``re`` has no ``\\p{L}``. Rules: docs/rules.md, "Words and positions".
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final
from unicodedata import category

_PLANES: Final = (range(0x20000),)  # planes 2 and 3 are all Han: added by hand below
_BMP: Final = 0x10000
NOTHING: Final = "\\uffff"  # a non-character: the inside of a class that never matches

APOSTROPHES: Final = "'’‘‛ʼʻ＇´`′"

# Soft hyphen, joiners, directional marks, variation selectors: no width, no meaning for a word.
_IGNORABLE_RANGES: Final = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x180B, 0x180F), (0x200B, 0x200F),
    (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xE0000, 0xE0FFF),
)  # fmt: skip

# Scripts written without spaces: Han, Hiragana, Katakana, Thai, Lao, Khmer, Burmese.
_UNSPACED_RANGES: Final = (
    (0x0E01, 0x0E4E), (0x0E81, 0x0EDF), (0x1000, 0x109F), (0x1780, 0x17DD), (0x19E0, 0x19FF),
    (0x3005, 0x3007), (0x3021, 0x3029), (0x3031, 0x3035), (0x3038, 0x303C), (0x3041, 0x30FF),
    (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA9E0, 0xA9FE), (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF), (0xFF66, 0xFF9D), (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFD),
)  # fmt: skip
_SUBSCRIPT_DIGITS: Final = ((0x2080, 0x2089),)
_HALF_WIDTH_SOUND_MARKS: Final = (0xFF9E, 0xFF9F)  # letters by category, marks by what they do


@dataclass(frozen=True, slots=True)
class Classes:
    """The insides of ``[...]`` for the code points up to a limit; empty ones never match."""

    letters: str
    digits: str
    marks: str
    unspaced: str
    ignorable: str


@cache
def classes(limit: int) -> Classes:
    """The character classes for texts whose code points all lie below ``limit``.

    Smaller tables match several times faster, and most news needs the smallest only.
    """
    unspaced = _ranges(_is_unspaced, limit)
    return Classes(
        letters=_ranges(_is_letter, limit),
        digits=_ranges(_is_digit, limit),
        marks=_ranges(_is_mark, limit) or NOTHING,
        unspaced=unspaced + ("\U00020000-\U0003fffd" if limit > _BMP else "") or NOTHING,
        ignorable="".join(_range(low, high) for low, high in _IGNORABLE_RANGES if high < limit),
    )


def is_unspaced(char: str) -> bool:
    """Whether ``char`` belongs to a script written without spaces between words."""
    return _within(ord(char), _UNSPACED_RANGES)


def is_hangul(char: str) -> bool:
    """Whether ``char`` is a Korean syllable: one is as telling as several Latin letters."""
    return _within(ord(char), ((0xAC00, 0xD7A3),))


def _within(code: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(low <= code <= high for low, high in ranges)


def _ranges(belongs: Callable[[int, str], bool], limit: int) -> str:
    pieces: list[str] = []
    start = previous = -2
    for plane in _PLANES:
        for code in plane:
            if code >= limit:
                break
            if not belongs(code, category(chr(code))):
                continue
            if code != previous + 1:
                if start >= 0:
                    pieces.append(_range(start, previous))
                start = code
            previous = code
    if start >= 0:
        pieces.append(_range(start, previous))
    return "".join(pieces)


def _range(low: int, high: int) -> str:
    if low == high:
        return re.escape(chr(low))
    return f"{re.escape(chr(low))}-{re.escape(chr(high))}"


def _is_unspaced(code: int, kind: str) -> bool:
    return kind[0] in "LN" and kind != "Nd" and _within(code, _UNSPACED_RANGES)


def _is_letter(code: int, kind: str) -> bool:
    return (
        (kind[0] == "L" or kind == "Nl")
        and not _within(code, _UNSPACED_RANGES)
        and code not in _HALF_WIDTH_SOUND_MARKS
        and chr(code) not in APOSTROPHES
    )


def _is_digit(code: int, kind: str) -> bool:
    return kind == "Nd" or _within(code, _SUBSCRIPT_DIGITS)  # CO₂ is co2; superscripts separate


def _is_mark(code: int, kind: str) -> bool:
    if code in _HALF_WIDTH_SOUND_MARKS:
        return True
    return kind[0] == "M" and not _within(code, _IGNORABLE_RANGES)


IGNORABLE: Final = "".join(_range(low, high) for low, high in _IGNORABLE_RANGES)
