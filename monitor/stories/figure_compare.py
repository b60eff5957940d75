"""Decides whether two figures are the same number, and writes a number for people; pure.

Rounding: 2.07 and 2.1 billion are one figure where the second is rounded; 2 and 2.1 are not, unless
the outlet says "about" or the like. Currencies are never converted.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from functools import lru_cache
from typing import Final

from monitor.model import Figure, FigureKind

_NEAR_DAYS: Final = 7
_ROUNDED: Final = Decimal("0.03")  # of the larger: a difference that rounding explains
_HEDGED: Final = Decimal("0.15")  # the same, where "about" or "more than" is said
_COMPARABLE: Final = 3  # times: figures farther apart are about different things…
_SLIP: Final = 1000  # … unless million and billion were mixed up
# Currencies whose units are worth about as much: their numbers may be set against each other.
_LIKE: Final = frozenset("USD EUR GBP CHF CAD AUD".split())
_HEDGES: Final = re.compile(
    r"\b(?:about|around|some|roughly|nearly|almost|approximately|more than|over|under|less than|up"
    r" to|at least|rund|etwa|fast|knapp|mehr als|über|environ|près de|plus de|quelque|casi|unos|más"
    r" de|cerca de|circa|quasi|più di|ongeveer|bijna|meer dan|około|prawie|ponad|niemal)\W+$",
    re.IGNORECASE,
)
_ONE: Final = Decimal(1)
_SIGNS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩"}
_MONTHS: Final = (  # strftime would ask the machine's locale
    "January February March April May June July August September October November December"
).split()
_SINGULARS: Final = {"people": "person", "jobs": "job", "employees": "employee"}
_SCALES: Final = ((12, "trillion"), (9, "billion"), (6, "million"))


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """A figure's value, to compare. ``date`` is empty for numbers, else ``unit`` is."""

    unit: str  # ISO 4217, "%", "percentage points", or a noun
    number: Decimal
    date: str = ""
    hedged: bool = False  # "about", "more than", …


def quantity(figure: Figure) -> Quantity:
    """What ``figure`` says, to compare."""
    if figure.kind is FigureKind.DATE:
        return Quantity("", Decimal(0), figure.value)
    if figure.kind is FigureKind.MONEY:
        unit, _, number = figure.value.partition(" ")
    else:
        number, _, unit = figure.value.partition(" ")
    at = figure.sentence.find(figure.text)
    hedged = at > 0 and _HEDGES.search(figure.sentence[max(0, at - 20) : at]) is not None
    return Quantity(unit, Decimal(number), hedged=hedged)


def same(one: Quantity, other: Quantity) -> bool:
    """Whether both may be one number, the coarser being the finer one rounded.

    A date without a year is the same as that day of any year.
    """
    if one.unit != other.unit:
        return False
    if one.date or other.date:
        return one.date == other.date or _same_day(one.date, other.date)
    if one.number == other.number:
        return True
    fine, coarse = sorted((one, other), key=lambda each: _step(each.number))
    allowed = _HEDGED if coarse.hedged else _ROUNDED
    largest = max(abs(fine.number), abs(coarse.number))
    if abs(fine.number - coarse.number) > allowed * largest:
        return False
    if _step(fine.number) == _step(coarse.number):
        return False
    return coarse.number in _roundings(fine.number, hedged=coarse.hedged)


class Numbers:
    """Quantities, and a quick answer whether one is there within rounding."""

    def __init__(self) -> None:
        self._exact: dict[tuple[str, Decimal | str], Quantity] = {}
        self._coarse: dict[tuple[str, Decimal], Quantity] = {}

    def add(self, what: Quantity) -> None:
        """Remember ``what``."""
        if what.date:
            for key in {what.date, what.date[-6:].rjust(7, "-")}:
                self._exact.setdefault(("", key), what)
            return
        self._exact.setdefault((what.unit, what.number), what)
        for rounded in _roundings(what.number, hedged=True):
            self._coarse.setdefault((what.unit, rounded), what)

    def find(self, what: Quantity) -> Quantity | None:
        """One that may be the same as ``what``, the equal one first; None if there is none."""
        if what.date:
            keys = (what.date, what.date[-6:].rjust(7, "-"))
            found = [self._exact.get(("", key)) for key in keys]
            return next((each for each in found if each and same(each, what)), None)
        equal = self._exact.get((what.unit, what.number))
        if equal is not None:
            return equal
        near = [
            self._exact.get((what.unit, rounded))
            for rounded in sorted(_roundings(what.number, hedged=True), reverse=True)
        ]
        near.append(self._coarse.get((what.unit, what.number)))
        return next((each for each in near if each is not None and same(each, what)), None)

    def __contains__(self, what: Quantity) -> bool:
        return self.find(what) is not None


@lru_cache(maxsize=10_000)
def _roundings(number: Decimal, *, hedged: bool) -> frozenset[Decimal]:
    """What ``number`` may be rounded to, digit by digit; cut off or filled up if ``hedged``."""
    ways = (ROUND_HALF_UP, ROUND_HALF_EVEN, *((ROUND_DOWN, ROUND_UP) if hedged else ()))
    plain = number.normalize()
    found: set[Decimal] = set()
    for places in range(1, len(plain.as_tuple().digits)):
        step = _step(number).scaleb(places)
        found.update((number / step).quantize(_ONE, way) * step for way in ways)
    return frozenset(found)


def comparable(one: Quantity, other: Quantity) -> bool:
    """Whether two different numbers may be told of one thing, so that one of them is wrong.

    Numbers within a factor of three of each other, or a thousand times (million for billion);
    days within a week.
    """
    if one.date or other.date:
        return abs(_ordinal(one.date) - _ordinal(other.date)) <= _NEAR_DAYS
    if one.unit != other.unit and not {one.unit, other.unit} <= _LIKE:
        return False
    low, high = sorted((abs(one.number), abs(other.number)))
    if low == 0:
        return False
    return high <= low * _COMPARABLE or abs(high / low - _SLIP) < _SLIP // 20


def shown(one: Quantity) -> str:
    """The number for people: "$2.1 billion", "12.5 %", "3,200 jobs", "22 November 2026"."""
    if one.date:
        return _shown_date(one.date)
    if one.unit == "%":
        return f"{_digits(one.number)} %"
    if len(one.unit) == 3 and one.unit.isupper() and one.unit.isascii():
        scaled = _scaled(one.number)
        sign = _SIGNS.get(one.unit)
        return f"{sign}{scaled}" if sign else f"{one.unit} {scaled}"
    unit = _SINGULARS.get(one.unit, one.unit) if one.number == 1 else one.unit
    return f"{_scaled(one.number, from_power=9)} {unit}"


def _ordinal(value: str) -> int:
    """The day as a number; a day without a year is one of the year 2000, which had 29 February."""
    return date.fromisoformat("2000" + value[1:] if value.startswith("--") else value).toordinal()


def _same_day(one: str, other: str) -> bool:
    short, full = sorted((one, other))  # "-" sorts before digits
    return short.startswith("--") and full.endswith(short[1:])


@lru_cache(maxsize=10_000)
def _step(number: Decimal) -> Decimal:
    """How coarse a number is: the worth of its last digit that is not nought."""
    exponent = number.normalize().as_tuple().exponent
    return Decimal(10) ** exponent if isinstance(exponent, int) else Decimal(1)


def _scaled(number: Decimal, from_power: int = 6) -> str:
    for power, word in _SCALES:
        if power >= from_power and number >= Decimal(10) ** power:
            return f"{_digits(number / Decimal(10) ** power)} {word}"
    return _digits(number)


def _digits(number: Decimal) -> str:
    return format(number.normalize() + 0, ",f")


def _shown_date(value: str) -> str:
    if value.startswith("--"):
        day = date.fromisoformat("2000" + value[1:])
        return f"{day.day} {_MONTHS[day.month - 1]}"
    day = date.fromisoformat(value)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
