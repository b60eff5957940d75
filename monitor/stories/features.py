"""What is compared of an article: its words with weights, and which of them are names or numbers.

Layer 1, pure. A headline's words weigh most, then those of the lead; names and numbers weigh
double, since two reports of one event share them though they share few other words. Only the
beginning of a long text is read: news says what happened at once, and a text of a megabyte costs
what a page costs.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.model import Article
from monitor.rules.stems import language_of, stems_in
from monitor.stories.everyday_words import how_common
from monitor.text.characters import is_unspaced
from monitor.text.words import cut

WORDS_READ: Final = 400  # of the text
CHARACTERS_READ: Final = 6_000
LEAD_WORDS: Final = 60
TITLE_WEIGHT: Final = 3.0
LEAD_WEIGHT: Final = 2.5
TELLING_WEIGHT: Final = 2.0  # names and numbers
_LONGEST: Final = 40  # characters of a word that count; nobody writes longer ones twice alike
_HAN: Final = 0x3000  # from here on two characters say as much as a word; Thai and the like need 4

# A word that a sentence begins with: its capital says nothing.
_FIRST: Final = re.compile(r"(?:^|[.!?…:]|\n)[\s\W]*(\w+)")

_MONEY: Final = "$€£¥₹₩₽₺₴¢"
_AMOUNT: Final = re.compile(
    rf"[{_MONEY}]?\d[\d.,]*(?:\s?(?:%|percent\b|per cent\b|(?:million|billion|trillion|bn|mn|m|"
    r"Millionen|Milliarden|Mio\.|Mrd\.|millions|milliards|millones|mil millones|miliardi|"
    rf"milioni)\b))?(?:\s?[{_MONEY}])?"
)


@dataclass(frozen=True, slots=True)
class Feature:
    """One word (or run of characters) of an article."""

    key: str  # the stem: what is compared
    weight: float  # how often and where it stands; not yet how rare it is
    telling: bool  # a name or a number
    common: int  # of a thousand articles, expected before any was seen
    shown: str  # as the article writes it
    leading: bool = False  # it stands in the headline or the lead
    opening: bool = False  # its only capital may be that of the headline's first word


@dataclass(frozen=True, slots=True)
class Features:
    """What is compared of one article; telling ones first, else in the order of the text."""

    words: tuple[Feature, ...]
    language: str  # two letters; empty if it is not known
    is_headline: bool = False  # there is no text beside the title


def features(article: Article) -> Features:
    """The features of an article. None for one without a word."""
    language = language_of(article.language) if article.language else ""
    stems = stems_in(language or "en")
    found: dict[str, _Word] = {}
    _read(found, article.title, TITLE_WEIGHT, TITLE_WEIGHT, stems, body=False)
    text = article.text or article.summary
    _read(found, text[:CHARACTERS_READ], LEAD_WEIGHT, 1.0, stems, body=True)
    for fold in cut(article.source).folds:  # an outlet that names itself says nothing of the event
        found.pop(stems[fold[:_LONGEST]], None)
    words = [_feature(key, word) for key, word in found.items()]
    telling = [word for word in words if word.telling]
    others = (word for word in words if not word.telling)
    return Features((*telling, *others), language, is_headline=not text)


class _Word:
    """What is gathered about one feature while reading."""

    __slots__ = ("capital", "common", "leading", "number", "opening", "shown", "small", "weight")

    def __init__(self, shown: str) -> None:
        self.weight = 0.0
        self.common = 1
        self.capital = False  # it stands somewhere with a capital
        self.small = False  # it stands somewhere without
        self.number = False
        self.leading = False
        self.opening = False
        self.shown = shown


def _read(
    found: dict[str, _Word],
    text: str,
    lead: float,
    rest: float,
    stems: dict[str, str],
    *,
    body: bool,
) -> None:
    """Add the words of a text; the first ``LEAD_WORDS`` weigh ``lead``, those after it ``rest``."""
    words = cut(text)
    folds = words.folds[:WORDS_READ]
    exacts = words.exacts[:WORDS_READ] if folds else []
    firsts = Counter(_FIRST.findall(text)) if body else Counter()
    amounts = _amounts(text) if any(fold[0].isdigit() for fold in folds) else {}
    for at, (key, fold, exact) in enumerate(_units(folds, exacts, stems)):
        word = found.get(key)
        if word is None:
            word = found[key] = _Word(exact)
        word.weight += lead if at < LEAD_WORDS else rest
        word.leading = word.leading or at < LEAD_WORDS
        word.common = max(word.common, how_common(fold))
        first = exact[0]
        if first.isdigit():
            word.number = True
            word.shown = amounts.get(exact, exact)
        elif first.islower():
            word.small = True
        elif first.isupper():
            if firsts[exact] > 0:
                firsts[exact] -= 1
            else:
                word.opening = not body and at == 0
                word.capital = True


def _units(
    folds: Sequence[str], exacts: Sequence[str], stems: dict[str, str]
) -> Iterator[tuple[str, str, str]]:
    """(what is compared, folded, as written). Scripts without blanks give runs of characters."""
    run: list[str] = []
    for fold, exact in zip(folds, exacts, strict=True):
        if not fold.isascii() and is_unspaced(fold[0]):
            run.append(exact)
            continue
        yield from _grams(run)
        run = []
        short = fold[:_LONGEST]
        yield stems[short], short, exact[:_LONGEST]
    yield from _grams(run)


def _grams(run: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    if not run:
        return
    width = 2 if ord(run[0][0]) >= _HAN else 4
    text = list(run)
    for at in range(max(1, len(text) - width + 1)):
        gram = "".join(text[at : at + width])
        yield gram, gram, gram


def _feature(key: str, word: _Word) -> Feature:
    name = word.capital and not word.small and word.common < 60
    telling = name or word.number
    weight = 1.0 + math.log(word.weight) if word.weight > 1 else word.weight
    return Feature(
        key,
        weight * (TELLING_WEIGHT if telling else 1.0),
        telling,
        word.common,
        word.shown,
        word.leading,
        word.opening,
    )


def _amounts(text: str) -> dict[str, str]:
    """The numbers of a text with their sign and scale: ``2.1`` is shown as ``$2.1 billion``."""
    shown: dict[str, str] = {}
    for match in _AMOUNT.finditer(text):
        whole = " ".join(match.group().split()).rstrip(".,")
        for fold in cut(whole).folds[:1]:
            shown.setdefault(fold, whole)
    return shown
