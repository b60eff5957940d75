"""Decides what a figure is said to be, from the words around it; pure.

The nearest cue of the figure's clause wins: "invests $2 billion in a start-up valued at $6 billion"
holds an investment and a valuation. The words are data (``figure_cues``).
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

from monitor.model import FigureKind
from monitor.stories.figure_cues import (
    ARTICLES,
    COMPANIES,
    CUES,
    EAST_CUES,
    ENDS_AFTER,
    MEANINGS,
    NOUNS,
    TURNS,
    WEAK,
)

_WINDOW_BEFORE: Final = 140  # characters; a clause of news is shorter
_WINDOW_AFTER: Final = 90
_EAST_WINDOW: Final = 16
_TOKENS: Final = re.compile(r"[^\W\d_]+|\d[\d.,]*|[,;:()\[\]—–•]")
_BREAKS: Final = frozenset(";()[]—–•")
_FARTHEST: Final = 12.0  # words
_COMMA: Final = 2.0  # a comma parts as much as these many words
_TURN: Final = 4.0
_AFTER_HANDICAP: Final = 0.5  # a cue before the figure wins over one as near behind it
_NOUN_REACH: Final = 3  # words between "deal" and "worth"
_LONGEST_DESCRIPTION: Final = 7  # words between "the $2 billion" and "start-up"
# "2 billion euro ($2.1 billion)": the same said again, in another currency.
_RESTATES: Final = re.compile(
    r"[ \u00a0]?(?:[(（\[]|/|, ?or |, ?oder |, ?ou |, ?o | or )[ ]?"
    r"(?:about |around |some |roughly |nearly |approximately |rund |etwa |environ |unos |circa |约"
    r"|約|≈|~|=){0,2}[ ]?",
    re.IGNORECASE,
)
_JOINTS: Final = re.compile(r"[-),]")
_NEAR_A_DATE: Final = 5.0  # words; more stands between a date and what is told of it
_PUTS: Final = frozenset({"put", "puts", "putting"})
_Found = tuple[float, str]


def restates(between: str) -> bool:
    """Whether two figures with ``between`` in their middle are one amount in two currencies."""
    return len(between) <= 24 and _RESTATES.fullmatch(between) is not None


def meaning(
    text: str, sentence: tuple[int, int], figure: tuple[int, int], kind: FigureKind,
    language: str | None,
) -> str:  # fmt: skip
    """What the figure at ``figure`` is said to be: a key of ``MEANINGS``, or empty.

    ``sentence`` and ``figure`` are (start, end) in code points of ``text``; ``language`` two
    letters or None.
    """
    before = text[max(sentence[0], figure[0] - _WINDOW_BEFORE) : figure[0]]
    after = text[figure[1] : min(sentence[1], figure[1] + _WINDOW_AFTER)]
    if kind is FigureKind.MONEY and _is_description(before, after):
        return "valuation"
    found = [*_nearest_before(before, kind, language), *_nearest_after(after, kind, language)]
    if not found:
        return _east(before, after, kind)
    return min(found)[1]


def _nearest_before(before: str, kind: FigureKind, language: str | None) -> Iterator[_Found]:
    """The nearest cue before the figure, with its distance in words; none or one."""
    tokens = _TOKENS.findall(before)
    farthest = _NEAR_A_DATE if kind is FigureKind.DATE else _FARTHEST
    away = 0.0
    for index in range(len(tokens) - 1, -1, -1):
        word = tokens[index]
        if word in _BREAKS or away > farthest:
            return
        found = _cue_at(tokens, index, kind, language)
        if found and word.casefold() in _PUTS and "at" in tokens[index:]:
            return  # "puts the cost at $2 billion" invests nothing
        if found:
            if word.casefold() in WEAK:
                found = _noun_before(tokens[:index], kind, language) or found
            yield away, found
            return
        away += _step(word)


def _cue_at(tokens: list[str], index: int, kind: FigureKind, language: str | None) -> str:
    """The meaning of the word at ``index``, or of it and the next one together."""
    word = tokens[index]
    if index + 1 < len(tokens) and word.casefold() in _first_of_pairs():
        found = cue(f"{word}_{tokens[index + 1]}", kind, language)
        if found:
            return found
    return cue(word, kind, language)


@cache
def _first_of_pairs() -> frozenset[str]:
    """The first words of all cues of two words."""
    every = (words for cues in CUES.values() for words in cues.values())
    return frozenset(
        word.partition("_")[0].casefold()
        for words in every
        for word in words.split()
        if "_" in word
    )


def _step(word: str) -> float:
    if word == ",":
        return _COMMA
    return _TURN if word.casefold() in TURNS else 1.0


def _noun_before(tokens: list[str], kind: FigureKind, language: str | None) -> str:
    """The meaning of a noun just before "worth": a deal, a fine; empty if there is none."""
    for word in tokens[: -_NOUN_REACH - 1 : -1]:
        if word in _BREAKS or word == ",":
            return ""
        if word.casefold() in NOUNS:
            return cue(word, kind, language)
    return ""


def _nearest_after(after: str, kind: FigureKind, language: str | None) -> Iterator[_Found]:
    """The same behind the figure, where the clause ends sooner: "$3 billion on revenue of …"."""
    tokens = _TOKENS.findall(after)
    away = _AFTER_HANDICAP
    for index, word in enumerate(tokens):
        found = _cue_at(tokens, index, kind, language)
        of = word == "worth" and tokens[index + 1 : index + 2] == [
            "of"
        ]  # "$2 billion worth of aid"
        if found and not of:
            yield away, found
            return
        if word in _BREAKS or word == "," or word[0].isdecimal() or away > _FARTHEST:
            return
        if word.casefold() in ENDS_AFTER:
            return
        away += 1.0


def _is_description(before: str, after: str) -> bool:
    """Whether the figure describes a company: "the 2 billion euro ($2.1 billion) enterprise"."""
    words = _TOKENS.findall(before[-60:])
    while words and (words[-1] in "([" or words[-1][0].isdecimal() or _of_amount(words[-1])):
        words.pop()
    if not words or words[-1].casefold() not in ARTICLES:
        return False
    description = _JOINTS.sub(" ", after.replace("start-up", "startup")).split()
    for word in description[:_LONGEST_DESCRIPTION]:
        folded = word.casefold().rstrip(".;:")
        if folded in COMPANIES:
            return True
        ends = folded in ENDS_AFTER or folded in ARTICLES or folded in {"in", "of", "is", "was"}
        if ends or _any_cue(folded):
            return False
    return False


def _of_amount(word: str) -> bool:
    return word.casefold() in {
        "billion",
        "million",
        "bn",
        "m",
        "euro",
        "euros",
        "dollar",
        "dollars",
    }


def _any_cue(word: str) -> bool:
    return bool(cue(word, FigureKind.MONEY, "en"))


def _east(before: str, after: str, kind: FigureKind) -> str:
    """Scripts without blanks: the nearest cue as a part of the text. A full stop parts."""
    before, after = before[-_EAST_WINDOW:], after[:_EAST_WINDOW]
    if not any(character >= "\u3000" for character in before + after):
        return ""
    found: list[_Found] = []
    for said, words in EAST_CUES.items():
        if kind not in MEANINGS[said]:
            continue
        for word in words.split():
            at = before.rfind(word)
            if at >= 0:
                found.append((float(len(before) - at - len(word)), said))
            at = after.find(word)
            if at >= 0:
                found.append((at + _AFTER_HANDICAP, said))
    return min(found)[1] if found else ""


@lru_cache(maxsize=50_000)
def cue(word: str, kind: FigureKind, language: str | None) -> str:
    """The meaning that ``word`` gives to a figure of that kind; empty if none.

    A language without a table of its own, or None, is read with all tables, English first.
    """
    folded = word.casefold()
    exact, beginnings = _table(language if language in CUES else None)
    meanings = exact.get(folded, ())
    for said in meanings:
        if kind in MEANINGS[said]:
            return said
    for length in range(len(folded), 2, -1):
        for said in beginnings.get(folded[:length], ()):
            if kind in MEANINGS[said]:
                return said
    return ""


_Table = dict[str, tuple[str, ...]]


@cache
def _table(language: str | None) -> tuple[_Table, _Table]:
    """Whole words and beginnings of words with their meanings, in the order of the table."""
    exact: _Table = {}
    beginnings: _Table = {}
    for cues in [CUES[language]] if language else CUES.values():
        for said, words in cues.items():
            for word in words.casefold().split():
                table = beginnings if word.endswith("*") else exact
                key = word.rstrip("*")
                table[key] = (*table.get(key, ()), said)
    return exact, beginnings
