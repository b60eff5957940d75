"""What a word is: chunks cut out of a text, opened into words, each normalised.

Layer 0. This is the one definition of a word, and it takes its time; ``monitor.text.words`` gives
the same answers faster. docs/rules.md states the rules ("Words and positions").
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple
from unicodedata import category, normalize

from monitor.text.characters import APOSTROPHES, IGNORABLE, classes, is_unspaced

_A: Final = re.escape(APOSTROPHES)
_I: Final = IGNORABLE

# Texts without letters past Latin Extended-B, nor anything astral, take the small fast tables.
_PAST_LATIN: Final = re.compile("[\u0250-\u1fff\u2070-\u209f\u2100-\U0010ffff]")
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")


ELISIONS: Final = frozenset(
    "l d j m t s n c qu jusqu lorsqu puisqu quoiqu dell nell sull all dall coll un quest".split()
)


@cache
def chunk_table(limit: int) -> re.Pattern[str]:
    """What to cut out of a text whose letters lie below ``limit``.

    Chunks are runs of letters, marks and digits with what may stand inside one; single letters
    joined by full stops (U.S.); characters of a script without spaces. Nearly all words have two
    letters to begin with, so that case is tried first.
    """
    table = classes(limit)
    letter, digit, mark, unspaced = table.letters, table.digits, table.marks, table.unspaced
    word = letter + digit + mark
    rest = (
        f"(?:(?:[{_I}]*[{_A}&＆][{_I}]*(?=[{letter}{digit}])|[{_I}]+(?=[{word}])"
        f"|(?<=[{digit}])[{_I}]*[.,．，][{_I}]*(?=[{digit}]))[{word}]+"
        f"|(?<=[{letter}{mark}])[{_I}]*[+#＋＃]+[{word}]*)*"
    )
    dotted = (
        f"[{letter}][{mark}]*(?:[{_I}]*\\.[{_I}]*[{letter}][{mark}]*)+(?![{word}])"
        f"(?:\\.(?=[{_A}][sS](?![{word}])))?(?:[{_A}][sS](?![{word}]))?"
    )
    elided = "|".join(sorted(ELISIONS, key=len, reverse=True))
    return re.compile(
        f"(?i:{elided})[{_I}]*[{_A}][{_I}]*{dotted}"  # l'O.N.U.
        f"|[{letter}{digit}][{letter}{digit}][{word}]*{rest}"
        f"|{dotted}"
        f"|[{letter}{digit}][{word}]*{rest}"
        f"|[{unspaced}](?:[{_I}]*[{mark}])*"
    )


def chunk_pattern(text: str) -> re.Pattern[str]:
    """What to cut out of this text: the smallest tables that hold its letters."""
    if not _PAST_LATIN.search(text):
        return chunk_table(0x250)
    return chunk_table(0x110000 if _ASTRAL.search(text) else 0x10000)


LONGEST_KEPT: Final = 64  # characters; what is longer does not come again, and is not remembered

_APOSTROPHE_TABLE: Final = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_IGNORED: Final = re.compile(f"[{_I}]")
_DOTTED: Final = re.compile(r"[^\W\d_][^\w.]*\.[^\W\d_]")  # a letter, its marks, a stop, a letter
_LATIN_OR_GREEK: Final = (
    (0x41, 0x2AF), (0x370, 0x3FF), (0x1E00, 0x1FFF), (0x2C60, 0x2C7F), (0xA720, 0xA7FF),
    (0xAB30, 0xAB6F),
)  # fmt: skip


def fold(text: str) -> str:
    """``text`` for comparing: NFKC, case folded, marks off Latin and Greek letters only."""
    return _fold_exact(normalize("NFKC", text))


class Part(NamedTuple):
    """One word of a chunk; offsets within the chunk."""

    start: int
    end: int
    fold: str
    exact: str


def parts(chunk: str) -> tuple[Part, ...]:
    """The words of one chunk: one, or two where an elision splits off."""
    return _short_parts(chunk) if len(chunk) <= LONGEST_KEPT else open_chunk(chunk)


@lru_cache(maxsize=50_000)
def _short_parts(chunk: str) -> tuple[Part, ...]:
    return open_chunk(chunk)


def open_chunk(chunk: str) -> tuple[Part, ...]:
    """The words of one chunk, worked out anew."""
    if chunk.isascii() and chunk.isalnum():  # nearly every word of most texts
        return (Part(0, len(chunk), chunk.lower(), chunk),)
    if is_unspaced(chunk[0]):
        exact = normalize("NFKC", _IGNORED.sub("", chunk))
        return (Part(0, len(chunk), _fold_exact(exact), exact),)
    return tuple(
        Part(low, high, _fold_exact(exact), exact)
        for low, high in _pieces(chunk)
        if (exact := exact_form(chunk[low:high]))
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


def exact_form(piece: str) -> str:
    """A word with its case and accents: joiners gone, compatibility forms resolved (NFKC)."""
    text = _IGNORED.sub("", piece).translate(_APOSTROPHE_TABLE).replace("'", "")
    dotted = _DOTTED.match(text) is not None
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
