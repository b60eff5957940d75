"""A term as written in a rule: what it means, and where it stands in a field's words.

Layer 1, pure. docs/rules.md, "Terms". A term is one word or several in a row. Each word compares in
one of four ways: folded (any case, accents gone), in capitals, exactly as written, or by stem.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from monitor.rules.fields import FieldText
from monitor.text.characters import is_hangul, is_unspaced
from monitor.text.words import cut

_SHORTEST_PREFIX: Final = 3  # characters before *, but none needed where one character is a word
_OPERATORS: Final = re.compile(
    r"(?<![^\s(])(?:AND|OR|NOT|(?:NEAR|THEN|UNLESS|SAME|ATLEAST)(?:/\w+)?)(?=[\s(]|$)"
    r"|^(?:title|lead|body|summary|author|url|source):(?=\()"
)
_QUOTED: Final = re.compile(r'["“”][^"“”]*["“”]')
_EDGE: Final = re.compile(r"^[^\w\s]+|[^\w\s]+$")
_SUM: Final = re.compile(r"[$€£¥]\s?\d|\d\s?[$€£¥]")


class Compare(StrEnum):
    """How a term's word is compared with a text's word."""

    FOLDED = "folded"
    CAPITALS = "capitals"  # folded forms equal, and the text's word stands in capitals
    EXACT = "exact"
    STEM = "stem"  # the same stem in the article's language


@dataclass(frozen=True, slots=True)
class TermWord:
    """One word of a term."""

    fold: str
    exact: str
    compare: Compare
    prefix: bool = False  # euro*


@dataclass(frozen=True, slots=True)
class TermError:
    """Why a text is no term, with the mend."""

    message: str


_FOLDED: Final = Compare.FOLDED
_PREFIXES: Final = {"=": Compare.EXACT, "~": Compare.STEM}


def parse_term(written: str) -> tuple[TermWord, ...] | TermError:
    """The words of a term, or what is wrong with it."""
    text = written.strip()
    if not text:
        return TermError("an empty term. Write a word, or remove the line")
    quoted = _QUOTED.fullmatch(text) is not None
    if not quoted and (operator := _OPERATORS.search(text)):
        return TermError(
            f"{operator.group()} inside a list item is read as a word here. Write all:, any:, "
            "none: or near: instead, or put the words in double quotes inside single ones to "
            f"search for them: '\"{text}\"'. Did you mean the one-line form? "
            "It stands alone: match: '…'"
        )
    compare = _PREFIXES.get(text[0])
    if compare is not None:
        text = text[1:].strip()
        quoted = _QUOTED.fullmatch(text) is not None
    if quoted:
        text = text[1:-1]
    if compare is not None and text[:1] in _PREFIXES:
        return TermError(f"'{written}': = and ~ contradict each other. Keep one of them")
    return _words_of(text, written, compare)


def _words_of(text: str, written: str, compare: Compare | None) -> tuple[TermWord, ...] | TermError:
    prefix = text.endswith("*")
    if prefix and compare is Compare.STEM:
        return TermError(f"'{written}': ~ and * contradict each other. Keep one of them")
    if prefix:
        text = text[:-1]
    if "*" in text:
        return TermError(f"'{written}': * may stand only at the end of the last word")
    if text.startswith("@"):
        return TermError(f"'{written}': a list (@name) stands alone, not inside a phrase")
    if text.count('"') > 1:
        return TermError(
            f"'{written}': quotes inside a term. Write each phrase as an item of its own"
        )
    if inner := re.search(r"\s([=~])\w", text):
        return TermError(
            f"'{written}': {inner[1]} stands before a whole term and goes for every word of it; "
            "write it first, or make two items"
        )
    if re.search(r"\s@\w", text):
        return TermError(
            f"'{written}': a list (@name) cannot be part of a phrase. Use near: or then: with "
            "the list as an item of its own"
        )
    if prefix and (not text or text[-1].isspace()):
        return TermError(f"'{written}': * needs a word directly before it")
    cuts = cut(text)
    if not len(cuts):
        return TermError(f"'{written}' holds no word: it would never be found")
    if prefix and cuts.ends[-1] != len(text.rstrip("\u200b\u00ad")):
        return TermError(f"'{written}': * needs a word directly before it")
    words = [
        _term_word(fold, exact_text, compare)
        for fold, exact_text in zip(cuts.folds, cuts.exacts, strict=True)
    ]
    if prefix:
        last = words[-1]
        if _too_short(last):
            return TermError(
                f"'{written}': at least {_SHORTEST_PREFIX} characters must stand before *; "
                "a shorter beginning fits too many words"
            )
        words[-1] = TermWord(last.fold, last.exact, last.compare, prefix=True)
    return tuple(words)


def _term_word(fold: str, exact_text: str, compare: Compare | None) -> TermWord:
    if compare is not None:
        return TermWord(fold, exact_text, compare)
    capitals = 2 <= len(exact_text) <= 5 and exact_text.isalpha() and exact_text.isupper()
    return TermWord(fold, exact_text, Compare.CAPITALS if capitals else Compare.FOLDED)


def _too_short(word: TermWord) -> bool:
    if word.compare is Compare.CAPITALS:  # EU* is narrow enough
        return False
    return len(word.fold) < _SHORTEST_PREFIX and not (
        is_unspaced(word.fold[0]) or is_hangul(word.fold[0])
    )


def term_warnings(written: str) -> list[tuple[str, str]]:
    """What a term probably does not mean: (code, sentence with the mend)."""
    text = written.strip().lstrip("=~").strip('"“”')
    found: list[tuple[str, str]] = []
    if _SUM.search(text):
        found.append(
            ("sum", f"'{written}' is read as the words of the number: the currency sign is no "
                    "word, so other currencies match too")
        )  # fmt: skip
    elif (
        edge := _EDGE.search(text.rstrip("*")[:20] + "a" + text.rstrip("*")[-20:])
    ) and edge.group() not in ("+", "++", "#"):
        found.append(
                ("edge-punctuation",
                 f"'{written}': punctuation at a term's edge means nothing; leave it out")
            )  # fmt: skip
    return found


def find_term(words: tuple[TermWord, ...], field: FieldText) -> list[tuple[int, int]]:
    """Where the term stands: (first word, last word), in order of the field's words."""
    length = len(words)
    if length > 1 and all(word.compare is _FOLDED and not word.prefix for word in words):
        return _find_folded([word.fold for word in words], field)
    return [
        (at, at + length - 1)
        for at in _places_of(words[0], field)
        if length == 1 or _follows(words, field, at)
    ]


def _find_folded(wanted: list[str], field: FieldText) -> list[tuple[int, int]]:
    """Where these folded words stand in a row."""
    if not field.vocabulary.issuperset(wanted):
        return []
    folds, length = field.words.folds, len(wanted)
    last = field.end - length
    return [
        (at, at + length - 1)
        for at in field.places(wanted[0])
        if at <= last and folds[at : at + length] == wanted
    ]


def _follows(words: tuple[TermWord, ...], field: FieldText, at: int) -> bool:
    folds = field.words.folds
    if at + len(words) > field.end:
        return False
    for offset in range(1, len(words)):
        word = words[offset]
        place = at + offset
        if word.prefix:
            if not _begins(word, field, place):
                return False
        elif word.compare is Compare.STEM:
            if field.stem_at(place) != field.stem_of(word.exact):
                return False
        elif folds[place] != word.fold or not _case_fits(word, field, place):
            return False
    return True


def _places_of(word: TermWord, field: FieldText) -> list[int]:
    if word.prefix:
        return [at for at in field.beginning_with(word.fold) if _begins(word, field, at)]
    if word.compare is Compare.STEM:
        return field.stem_places(field.stem_of(word.exact))
    places = field.places(word.fold)
    if word.compare is Compare.FOLDED:
        return places
    return [at for at in places if _case_fits(word, field, at)]


def _case_fits(word: TermWord, field: FieldText, at: int) -> bool:
    if word.compare is Compare.FOLDED:
        return True
    if word.compare is Compare.EXACT:
        return field.words.exacts[at] == word.exact
    return field.words.exacts[at].isupper()


def _begins(word: TermWord, field: FieldText, at: int) -> bool:
    if not field.words.folds[at].startswith(word.fold):
        return False
    if word.compare is Compare.FOLDED:
        return True
    exact = field.words.exacts[at]
    if word.compare is Compare.EXACT:
        return exact.startswith(word.exact)
    return exact[: len(word.exact)].isupper()
