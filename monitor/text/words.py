"""Cut a text into words with their places, and normalise each word.

Layer 0. Words are cut in the text as it came, so that offsets are code points of the given field;
then each word is normalised, the same way for texts and for terms. docs/rules.md states the rules
("Words and positions"); the tables in tests/text/test_words.py are their examples.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final
from unicodedata import category, normalize

from monitor.text.characters import APOSTROPHES, IGNORABLE, classes

_A: Final = re.escape(APOSTROPHES)
_I: Final = IGNORABLE

# Texts without letters past Latin Extended-B, nor anything astral, take the small fast tables.
_PAST_LATIN: Final = re.compile("[\u0250-\u1fff\u2070-\u209f\u2100-\U0010ffff]")
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")


@cache
def _chunks(limit: int) -> re.Pattern[str]:
    """What to cut out of a text whose letters lie below ``limit``.

    Three kinds of chunk, tried in this order: a character of a script without spaces; single
    letters joined by full stops (U.S.); a run of letters, marks and digits with what may stand
    inside one.
    """
    table = classes(limit)
    letter, digit, mark, unspaced = table.letters, table.digits, table.marks, table.unspaced
    word = letter + digit + mark
    return re.compile(
        f"(?P<unspaced>[{unspaced}](?:[{_I}]*[{mark}])*)"
        f"|(?P<dotted>[{letter}][{mark}]*(?:\\.[{letter}][{mark}]*)+(?![{word}])"
        f"(?:\\.(?=[{_A}][sS](?![{word}])))?(?:[{_A}][sS](?![{word}]))?)"
        f"|[{letter}{digit}][{word}]*"
        f"(?:(?:[{_I}]*[{_A}&＆][{_I}]*(?=[{letter}{digit}])|[{_I}]+(?=[{word}])"
        f"|(?<=[{digit}])[.,．，](?=[{digit}]))[{word}]+"
        f"|(?<=[{letter}{mark}])[+#＋＃]+[{word}]*)*"
    )


def _pattern(text: str) -> re.Pattern[str]:
    if not _PAST_LATIN.search(text):
        return _chunks(0x250)
    return _chunks(0x110000 if _ASTRAL.search(text) else 0x10000)


ELISIONS: Final = frozenset(
    "l d j m t s n c qu jusqu lorsqu puisqu quoiqu dell nell sull all dall coll un quest".split()
)
_APOSTROPHE_TABLE: Final = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_IGNORED: Final = re.compile(f"[{_I}]")
_LATIN_OR_GREEK: Final = (
    (0x41, 0x24F), (0x370, 0x3FF), (0x1E00, 0x1FFF), (0x2C60, 0x2C7F), (0xA720, 0xA7FF),
    (0xAB30, 0xAB6F),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text, as parallel lists. Word ``i`` stands at ``text[starts[i]:ends[i]]``.

    ``folds[i]`` is for comparing (case and accents gone); ``exacts[i]`` keeps case and accents.
    """

    folds: list[str]
    exacts: list[str]
    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.folds)


def cut(text: str) -> Words:
    """The words of ``text``, in order. Dropped ``'s`` and full stops are not part of a word."""
    folds: list[str] = []
    exacts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _pattern(text).finditer(text):
        chunk = found.group()
        start = found.start()
        if chunk.isascii() and chunk.isalnum():  # nearly every word of most texts
            folds.append(chunk.lower())
            exacts.append(chunk)
            starts.append(start)
            ends.append(found.end())
            continue
        for low, high, fold_, exact in _parts(chunk, found.lastgroup):
            folds.append(fold_)
            exacts.append(exact)
            starts.append(start + low)
            ends.append(start + high)
    return Words(folds, exacts, starts, ends)


def fold(text: str) -> str:
    """``text`` for comparing: NFKC, case folded, marks off Latin and Greek letters only."""
    return _fold_exact(normalize("NFKC", text))


@lru_cache(maxsize=50_000)
def _parts(chunk: str, kind: str | None) -> tuple[tuple[int, int, str, str], ...]:
    """The words of one chunk: (start, end, fold, exact), offsets within the chunk."""
    if kind == "unspaced":
        exact = normalize("NFKC", _IGNORED.sub("", chunk))
        return ((0, len(chunk), _fold_exact(exact), exact),)
    return tuple(
        (low, high, _fold_exact(exact), exact)
        for low, high in _pieces(chunk)
        if (exact := _exact(chunk[low:high], dotted=kind == "dotted"))
    )


def _pieces(chunk: str) -> Iterator[tuple[int, int]]:
    """Where the words of a chunk stand: a final ``'s`` dropped, a leading elision split off."""
    plain = chunk.translate(_APOSTROPHE_TABLE)
    kept = [place for place, char in enumerate(plain) if not _IGNORED.match(char)]
    letters = "".join(plain[place] for place in kept)
    if len(letters) > 2 and letters[-2:] in ("'s", "'S"):
        letters = letters[:-2]
        if letters.endswith(".") and "." in letters[:-1]:  # U.S.'s
            letters = letters[:-1]
    end = kept[len(letters) - 1] + 1
    head, mark, tail = letters.partition("'")
    if mark and tail and head.casefold() in ELISIONS:
        yield 0, kept[len(head) - 1] + 1
        yield kept[len(head) + 1], end
    else:
        yield 0, end


def _exact(piece: str, *, dotted: bool) -> str:
    """A word with its case and accents: joiners gone, compatibility forms resolved (NFKC)."""
    text = _IGNORED.sub("", piece).translate(_APOSTROPHE_TABLE).replace("'", "")
    text = normalize("NFKC", text).replace(",", "")
    return text.replace(".", "") if dotted else text


@lru_cache(maxsize=50_000)
def _fold_exact(exact: str) -> str:
    if exact.isascii():
        return exact.lower()
    return normalize("NFC", "".join(_without_marks(normalize("NFD", exact.casefold()))))


def _without_marks(decomposed: str) -> Iterator[str]:
    strip = False
    for char in decomposed:
        if category(char)[0] == "M":
            if strip:
                continue
        else:
            code = ord(char)
            strip = any(low <= code <= high for low, high in _LATIN_OR_GREEK)
        yield char
