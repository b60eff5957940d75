"""Cut a text into words with their places, and normalise each word.

Layer 0. Words are cut in the text as it came, so that offsets are code points of the given field;
then each word is normalised, the same way for texts and for terms. docs/rules.md states the rules
("Words and positions"); the tables in tests/text/test_words.py are their examples.
"""

import re
from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
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
def _chunks(limit: int) -> re.Pattern[str]:
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


def _pattern(text: str) -> re.Pattern[str]:
    if not _PAST_LATIN.search(text):
        return _chunks(0x250)
    return _chunks(0x110000 if _ASTRAL.search(text) else 0x10000)


_LONGEST_KEPT: Final = 64  # characters; what is longer does not come again, and is not remembered

_APOSTROPHE_TABLE: Final = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_IGNORED: Final = re.compile(f"[{_I}]")
_DOTTED: Final = re.compile(r"[^\W\d_][^\w.]*\.[^\W\d_]")  # a letter, its marks, a stop, a letter
_LATIN_OR_GREEK: Final = (
    (0x41, 0x2AF), (0x370, 0x3FF), (0x1E00, 0x1FFF), (0x2C60, 0x2C7F), (0xA720, 0xA7FF),
    (0xAB30, 0xAB6F),
)  # fmt: skip


class Words:
    """The words of one text, as parallel lists. Word ``i`` stands at ``text[starts[i]:ends[i]]``.

    ``folds[i]`` is for comparing (case and accents gone); ``exacts[i]`` keeps case and accents.
    Only ``folds`` is always made: most texts are never asked for more.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.folds: list[str] = _words_of(text, _FOLDS)

    def __len__(self) -> int:
        return len(self.folds)

    @cached_property
    def exacts(self) -> list[str]:
        """The words with their case and accents."""
        return _words_of(self._text, _EXACTS)

    @cached_property
    def starts(self) -> list[int]:
        """Where each word begins, in code points of the text."""
        return self._places[0]

    @cached_property
    def ends(self) -> list[int]:
        """Where each word ends (excluded)."""
        return self._places[1]

    @cached_property
    def _places(self) -> tuple[list[int], list[int]]:
        starts: list[int] = []
        ends: list[int] = []
        end = 0
        for piece in self._text.split():
            at = self._text.index(piece, end)  # only blanks stand before it
            end = at + len(piece)
            for low, high in _spans_of(piece):
                starts.append(at + low)
                ends.append(at + high)
        return starts, ends


def cut(text: str) -> Words:
    """The words of ``text``, in order. Dropped ``'s`` and full stops are not part of a word."""
    return Words(text)


def fold(text: str) -> str:
    """``text`` for comparing: NFKC, case folded, marks off Latin and Greek letters only."""
    return _fold_exact(normalize("NFKC", text))


class _Part(NamedTuple):
    """One word of a chunk; offsets within the chunk."""

    start: int
    end: int
    fold: str
    exact: str


def _parts(chunk: str) -> tuple[_Part, ...]:
    """The words of one chunk: one, or two where an elision splits off."""
    return _short_parts(chunk) if len(chunk) <= _LONGEST_KEPT else _open_chunk(chunk)


@lru_cache(maxsize=50_000)
def _short_parts(chunk: str) -> tuple[_Part, ...]:
    return _open_chunk(chunk)


def _open_chunk(chunk: str) -> tuple[_Part, ...]:
    if chunk.isascii() and chunk.isalnum():  # nearly every word of most texts
        return (_Part(0, len(chunk), chunk.lower(), chunk),)
    if is_unspaced(chunk[0]):
        exact = normalize("NFKC", _IGNORED.sub("", chunk))
        return (_Part(0, len(chunk), _fold_exact(exact), exact),)
    return tuple(
        _Part(low, high, _fold_exact(exact), exact)
        for low, high in _pieces(chunk)
        if (exact := _exact(chunk[low:high]))
    )


def _spans_of(piece: str) -> tuple[tuple[int, int], ...]:
    """Where the words of a piece of text stand in it."""
    return _short_spans(piece) if len(piece) <= _LONGEST_KEPT else _find_spans(piece)


@lru_cache(maxsize=50_000)
def _short_spans(piece: str) -> tuple[tuple[int, int], ...]:
    return _find_spans(piece)


def _find_spans(piece: str) -> tuple[tuple[int, int], ...]:
    return tuple(
        (found.start() + part.start, found.start() + part.end)
        for found in _pattern(piece).finditer(piece)
        for part in _parts(found.group())
    )


def _parts_of(piece: str) -> list[_Part]:
    """The words of a piece of text; their offsets are within their chunks."""
    return [part for chunk in _pattern(piece).findall(piece) for part in _parts(chunk)]


class _Remembered(dict[str, str | tuple[str, ...]]):
    """The words of what stands between two blanks: a text for one, a tuple otherwise.

    ``wanted`` picks what of a word: 2 its fold, 3 its exact form.
    """

    _MOST = 100_000

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self._wanted = wanted

    def __missing__(self, piece: str) -> str | tuple[str, ...]:
        found: tuple[str, ...] = tuple(str(part[self._wanted]) for part in _parts_of(piece))
        if len(piece) > _LONGEST_KEPT:
            return found
        if len(self) >= self._MOST:
            self.clear()
        self[piece] = kept = found[0] if len(found) == 1 else found
        return kept


_FOLDS: Final = _Remembered(2)
_EXACTS: Final = _Remembered(3)


def _words_of(text: str, remembered: _Remembered) -> list[str]:
    words: list[str] = []
    extend, append = words.extend, words.append
    # No word goes over a blank, and what stands between blanks comes again and again.
    for found in map(remembered.__getitem__, text.split()):
        if type(found) is str:
            append(found)
        else:
            extend(found)
    return words


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


def _exact(piece: str) -> str:
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
