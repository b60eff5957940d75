"""Reads what stands around a number as money: scale and currency; pure.

``$2.1 billion``, ``US$2.1bn``, ``2,1 milliards d'euros``, ``15 Mio. Euro``, ``10亿美元``. A scale
without a currency is no money; it is returned all the same, for counts and for ranges.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from monitor.stories.figure_numbers import Number, worth
from monitor.stories.figure_scales import (
    CODES,
    CURRENCY_WORDS,
    DOUBTFUL_CODES,
    DOUBTFUL_WORDS,
    EAST_CURRENCIES,
    EAST_SCALES,
    LONG_SCALE,
    QUALIFIED,
    SCALED_WORDS,
    SCALES,
    SHORT_SCALES,
    SIGNS,
)

_LONGEST_SIGN: Final = 6  # characters before a number, blank included
_BEFORE: Final = re.compile(
    r"(?:^|(?<=[^A-Za-z]))(?P<sign>(?:U\.S\.|[A-Z]{1,3})?[$＄]|CN¥|Rs\.?|Fr\.|RM|zł|[A-Z]{3})"
    r"[ \u00a0\u202f]?$|(?P<mark>[€£￡¥￥₹₩₽₺₴₪₫₦฿₱₸])[ \u00a0\u202f]?$"
)
_WORD: Final = re.compile(r"[ \u00a0\u202f\u2009-]?([^\W\d_]+)\.?")
_SIGN_AFTER: Final = re.compile(r"[ \u00a0\u202f]?(US\$|[€$£¥₹₩₽₺₴₪₫₦฿₱]|zł|Kč)")
_LINK: Final = re.compile(r"[ \u00a0](?:(?:de|di|of|in|w)(?=[ \u00a0])|d['’])")
_QUALIFIER: Final = re.compile(r"[ -](?:U\.S\.|US)(?=[ -])")
_FOLLOWING: Final = re.compile(r"[ \u00a0-]([^\W\d_]+)[ -]([^\W\d_]+)")
_EAST_SCALE: Final = re.compile(f"[ ]?[多余餘]?([{''.join(EAST_SCALES)}]{{1,2}})[多余餘]?")
_EAST_REST: Final = re.compile(rf"[ ]?(\d[\d,]{{0,9}})(?=[{''.join(EAST_SCALES)}])")
_EAST_MONEY: Final = re.compile(
    r"[ ]?(" + "|".join(map(re.escape, sorted(EAST_CURRENCIES, key=len, reverse=True))) + ")"
)
# "swiss franc" by its first word, and every word that may follow an amount at once.
_QUALIFIED: Final = {
    first: [(known, code) for known, code in QUALIFIED.items() if known.split()[0] == first]
    for first in {known.split()[0] for known in QUALIFIED}
}
_BEGINNINGS: Final = (
    frozenset(SCALES)
    | frozenset(CURRENCY_WORDS)
    | frozenset(SCALED_WORDS)
    | (frozenset(_QUALIFIED) | frozenset("us u de d di of in w hong new kč zł".split()))
)
_ONE: Final = Decimal(1)
_SAFE_CODES: Final = CODES - {"UAH", "COP", "PEN", "TRY", "ALL"}
_MOST_SCALES: Final = 2  # "mil millones", "lakh crore"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its scale, and its currency if it is money.

    ``factor``: the scale. ``currency``: ISO 4217, empty if none is said. ``signed``: the currency
    stands before the number. ``start`` and ``end``: code points of the text, both included in it.
    """

    value: Decimal
    factor: Decimal
    currency: str
    signed: bool
    start: int
    end: int


def amount(text: str, number: Number, language: str | None, free: int = 0) -> Amount:
    """``number`` with the scale and the currency that stand at it in ``text``.

    ``free``: what stands before this place of the text belongs to another figure.
    """
    start, currency = _sign_before(text, number.start, free, language)
    signed = bool(currency)
    if _is_east(text[number.end : number.end + 2].strip()[:1]):
        return _east(text, number, start, currency)
    if not signed and not _may_go_on(text, number.end):
        return Amount(number.value, _ONE, "", False, number.start, number.end)
    factor, end, doubtful = _scale(text, number.end, language)
    if currency in DOUBTFUL_CODES and factor == _ONE and not number.grouped:
        return Amount(number.value, _ONE, "", False, number.start, number.end)
    if not signed:
        currency, after = _currency_after(text, end, scaled=factor > _ONE)
        if currency:
            end = after
        elif doubtful:
            factor, end = _ONE, number.end  # 300m
    else:
        _, after = _currency_after(text, end, scaled=False)
        end = max(end, after)  # US$2.1 billion dollars
    return Amount(number.value * factor, factor, currency, signed, start, end)


def _may_go_on(text: str, at: int) -> bool:
    """Whether a scale or a currency may follow at all; most numbers have neither."""
    word = _WORD.match(text, at)
    if word is None:
        return _SIGN_AFTER.match(text, at) is not None or _QUALIFIER.match(text, at) is not None
    return word[1] in CODES or word[1].casefold() in _BEGINNINGS


def scale_after(text: str, number: Number, language: str | None) -> tuple[Decimal, int]:
    """The scale of a number whose currency was said before ("$2-3bn"), and where it ends."""
    factor, end, _ = _scale(text, number.end, language)
    return factor, end


def _sign_before(text: str, start: int, free: int, language: str | None) -> tuple[int, str]:
    """Where the currency before a number begins, and which it is; else ``start`` and empty."""
    before = text[max(free, start - _LONGEST_SIGN) : start]
    last = before.rstrip(" \u00a0\u202f")[-1:]
    if not last or (last.islower() and last not in "srł") or last in ",;:)-":
        return start, ""
    found = _BEFORE.search(before)
    if found is None:
        return start, ""
    sign = found["sign"] or found["mark"]
    at = start - len(before) + found.start()
    if sign in "¥￥" and language == "zh":
        return at, "CNY"
    currency = SIGNS.get(sign) or (sign if sign in CODES else "")
    if not currency and sign.endswith(("$", "＄")):  # X$: some other dollar; take the sign alone
        return at, ""
    return (at, currency) if currency else (start, "")


def _scale(text: str, at: int, language: str | None) -> tuple[Decimal, int, bool]:
    """The scale after a number, where it ends, and whether it may be something else (300m)."""
    factor, doubtful = _ONE, False
    for _ in range(_MOST_SCALES):
        found = _WORD.match(text, at)
        if found is None:
            break
        word = found[1].casefold()
        power = LONG_SCALE.get((language or "", word)) or SCALES.get(word)
        if power is None or (word in SHORT_SCALES and factor > _ONE):
            break
        factor *= power
        doubtful = word in SHORT_SCALES
        # The full stop of an abbreviation, but not the one that ends the sentence: Mio. Euro
        stop = len(word) <= 4 and text[found.end(1) : found.end() + 1] in {". ", ".\u00a0"}
        at = found.end() if stop else found.end(1)
    return factor, at, doubtful


def _currency_after(text: str, at: int, *, scaled: bool) -> tuple[str, int]:
    """The currency that follows, and where it ends; empty and ``at`` if none does."""
    sign = _SIGN_AFTER.match(text, at)
    if sign is not None and not text[sign.end() : sign.end() + 1].isdecimal():
        mark = sign[1]
        return SIGNS.get(mark, "CZK"), sign.end()
    here = at
    link = _LINK.match(text, here)
    if link is not None:
        here = link.end()
    qualifier = _QUALIFIER.match(text, here)
    if qualifier is not None:
        here = qualifier.end()
    two = _FOLLOWING.match(text, here)
    if two is not None:
        first = two[1].casefold()
        for known, code in _QUALIFIED.get(first, ()):
            if f"{first} {two[2].casefold()}".startswith(known):
                return code, two.end()
    word = _WORD.match(text, here)
    if word is None:
        return "", at
    if word[1] in CODES:
        # "2015 UAH Spring Career Fair": a year beside another name
        return (word[1], word.end(1)) if scaled or word[1] in _SAFE_CODES else ("", at)
    name = word[1].casefold()
    code = CURRENCY_WORDS.get(name, "")
    if not code and scaled:
        code = SCALED_WORDS.get(name, "")
    if not code or (name in DOUBTFUL_WORDS and not scaled):
        return "", at
    return code, word.end(1)


def _is_east(character: str) -> bool:
    """Whether a character may begin a scale or currency of Chinese, Japanese or Korean."""
    return character >= "\u3000"


def _east(text: str, number: Number, start: int, currency: str) -> Amount:
    """21億5000万ドル: parts with their own scales add up."""
    total, factor, at = number.value, _ONE, number.end
    scale = _EAST_SCALE.match(text, at)
    if scale is not None:
        factor = _power(scale[1])
        total, at = total * factor, scale.end()
        rest = _EAST_REST.match(text, at)
        lower = rest and _EAST_SCALE.match(text, rest.end())
        if rest and lower and (part := worth(rest[1], True)):
            total, at = total + part[0] * _power(lower[1]), lower.end()
    money = _EAST_MONEY.match(text, at)
    if money is not None and not currency:
        return Amount(total, factor, EAST_CURRENCIES[money[1]], False, start, money.end())
    return Amount(total, factor, currency, bool(currency), start, money.end() if money else at)


def _power(scales: str) -> Decimal:
    product = _ONE
    for each in scales:
        product *= EAST_SCALES[each]
    return product
