"""Cut a text into words with their places, and normalise each word.

Layer 0. Words are cut in the text as it came, so that offsets are code points of the given field;
then each word is normalised, the same way for texts and for terms. docs/rules.md states the rules
("Words and positions"); the tables in tests/text/test_words.py are their examples.

What a word is stands in ``monitor.text.chunks``; here are the short cuts to the same words.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Final, cast, overload

from monitor.text.characters import is_unspaced
from monitor.text.chunks import LONGEST_KEPT, Part, chunk_pattern, exact_form, fold, parts

__all__ = ["Exacts", "Words", "cut", "fold"]

Line = tuple[str, bool]  # a line; whether every piece between blanks in it is exactly one word
_FEW_PLACES: Final = 6  # of one line; to find them one by one takes less than to find all


class Words:
    """The words of one text. Word ``i`` stands at ``text[starts[i]:ends[i]]``.

    ``folds[i]`` is for comparing (case and accents gone); ``exacts[i]`` keeps case and accents.
    Only ``folds`` is always made. The rest is worked out for the lines that are asked about: most
    texts are never asked for more than a few places.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.folds: list[str] = []
        self._until: list[int] = []  # how many words there are up to the end of each line
        self._lines: list[Line] = []
        self._asked: list[int] = []  # how often places in a line were asked for
        self._known: dict[int, tuple[list[int], list[int]]] = {}  # starts and ends, by line
        folds, until, lines = self.folds, self._until, self._lines
        for line, words in lines_of(text):
            folds += words
            until.append(len(folds))
            lines.append(line)

    def __len__(self) -> int:
        return len(self.folds)

    def place(self, word: int) -> tuple[int, int]:
        """Where word number ``word`` (0 or more) begins and ends, in code points of the text."""
        line = bisect_right(self._until, word)
        at = word - (self._until[line - 1] if line else 0)
        if line not in self._known and self._lines[line][1] and self._seldom(line):
            return self._place_in_even(line, at)
        starts, ends = self._places_in(line)
        return starts[at], ends[at]

    def _seldom(self, line: int) -> bool:
        """Whether few places in the line were asked for: then it is not worth finding them all."""
        if not self._asked:
            self._asked = [0] * len(self._lines)
        self._asked[line] += 1
        return self._asked[line] <= _FEW_PLACES

    def _place_in_even(self, line: int, at: int) -> tuple[int, int]:
        """The place of one word of a line in which every piece between blanks is one word."""
        shown, _ = self._lines[line]
        rest = shown.split(None, at)[-1]  # str.split leaves the rest as it stands
        start = self._line_starts[line] + len(shown) - len(rest)
        piece = rest.split(None, 1)[0]
        if piece.isalnum() and piece.isascii():
            return start, start + len(piece)
        ((first, last),) = _spans_of(piece)
        return start + first, start + last

    def before(self, offset: int) -> int:
        """How many words begin before this place of the text."""
        line = min(bisect_right(self._line_starts, offset), len(self._lines)) - 1
        if line < 0:
            return 0
        starts, _ = self._places_in(line)
        return (self._until[line - 1] if line else 0) + bisect_left(starts, offset)

    @cached_property
    def exacts(self) -> "Exacts":
        """The words with their case and accents."""
        return Exacts(self, self._text)

    def different_exacts(self) -> set[str]:
        """The exact forms of all words, each once, without working out which word has which."""
        found: set[str] = set()
        for words in map(_EXACTS.__getitem__, set(self._text.split())):
            if type(words) is str:
                found.add(words)
            else:
                found.update(words)
        return found

    @cached_property
    def starts(self) -> list[int]:
        """Where each word begins, in code points of the text."""
        return [at for line in range(len(self._lines)) for at in self._places_in(line)[0]]

    @cached_property
    def ends(self) -> list[int]:
        """Where each word ends (excluded)."""
        return [at for line in range(len(self._lines)) for at in self._places_in(line)[1]]

    @cached_property
    def _line_starts(self) -> list[int]:
        lengths = map(len, self._text.split("\n"))
        return list(accumulate(lengths, lambda at, length: at + length + 1, initial=0))

    def _places_in(self, line: int) -> tuple[list[int], list[int]]:
        known = self._known.get(line)
        if known is None:
            shown, _ = self._lines[line]
            known = self._known[line] = _places_of(shown, self._line_starts[line])
        return known


class Exacts(Sequence[str]):
    """Words with their case and accents, each made when it is asked for."""

    def __init__(self, words: Words, text: str) -> None:
        self._words = words
        self._text = text

    def __len__(self) -> int:
        return len(self._words)

    @overload
    def __getitem__(self, word: int) -> str: ...
    @overload
    def __getitem__(self, word: slice) -> list[str]: ...
    def __getitem__(self, word: int | slice) -> str | list[str]:
        if isinstance(word, slice):
            return self._all[word]
        if not 0 <= word < len(self):
            return self._all[word]
        start, end = self._words.place(word)
        piece = self._text[start:end]
        if piece.isascii() and piece.isalnum():
            return piece
        return self._all[word] if is_unspaced(piece[0]) else exact_form(piece)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all == list(other)

    __hash__ = None  # type: ignore[assignment]  # compared by content

    @cached_property
    def _all(self) -> list[str]:
        words: list[str] = []
        _add_words(words, self._text.split(), _EXACTS)
        return words


def cut(text: str) -> Words:
    """The words of ``text``, in order. Dropped ``'s`` and full stops are not part of a word."""
    return Words(text)


def _spans_of(piece: str) -> tuple[tuple[int, int], ...]:
    """Where the words of a piece of text stand in it."""
    return _short_spans(piece) if len(piece) <= LONGEST_KEPT else _find_spans(piece)


@lru_cache(maxsize=50_000)
def _short_spans(piece: str) -> tuple[tuple[int, int], ...]:
    return _find_spans(piece)


def _find_spans(piece: str) -> tuple[tuple[int, int], ...]:
    return tuple(
        (found.start() + part.start, found.start() + part.end)
        for found in chunk_pattern(piece).finditer(piece)
        for part in parts(found.group())
    )


def _parts_of(piece: str) -> list[Part]:
    """The words of a piece of text; their offsets are within their chunks."""
    return [part for chunk in chunk_pattern(piece).findall(piece) for part in parts(chunk)]


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
        if len(piece) > LONGEST_KEPT:
            return found
        if len(self) >= self._MOST:
            self.clear()
        self[piece] = kept = found[0] if len(found) == 1 else found
        return kept


_FOLDS: Final = _Remembered(2)
_EXACTS: Final = _Remembered(3)


def _add_words(words: list[str], pieces: Iterable[str], remembered: _Remembered) -> None:
    """Append the words of pieces of text. No word goes over a blank."""
    extend, append = words.extend, words.append
    for found in map(remembered.__getitem__, pieces):  # what stands there comes again and again
        if type(found) is str:
            append(found)
        else:
            extend(found)


# What lines_of makes of each byte: capitals small, signs that no word holds blank. Apostrophes and
# & + # . , may belong to a word, and bytes from 0x80 on are parts of other characters.
_SMALL: Final = bytes(
    byte
    if byte >= 0x80 or (low := chr(byte).lower()).isdigit() or low in "'`&+#.,\n"
    else ord(low)
    if low.isalpha()
    else 0x20
    for byte in range(256)
)
_PLAIN: Final = b" abcdefghijklmnopqrstuvwxyz0123456789"
# Signs that part words, as frequent as letters in printed texts: “ ” „ – — • … €
_SIGNS: Final = re.compile(rb"\xe2(?:\x80[\x93\x94\x9c-\x9e\xa2\xa6]|\x82\xac)")
_MOST_FOREIGN: Final = 1.25  # bytes for a character; above, little is gained by looking at bytes


def lines_of(text: str) -> Iterator[tuple[Line, list[str]]]:
    """Each line, made simple if that is quick (signs blank, capitals small), and its folded words.

    The simple line has its words where the line has them.
    """
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > _MOST_FOREIGN * len(text):
        for line in text.split("\n"):
            words: list[str] = []
            _add_words(words, line.split(), _FOLDS)
            yield (line, False), words
        return
    data = data.translate(_SMALL)
    if len(data) > len(text):
        data = _SIGNS.sub(b" ", data)
    data = data.replace(b". ", b"  ").replace(b", ", b"  ")  # a stop before a blank says nothing
    for row in data.split(b"\n"):
        row = row.rstrip(b".,")
        line = row.decode("utf-8", "surrogatepass")
        pieces = line.split()
        if row.translate(None, _PLAIN):
            yield _with_folds(line, pieces)
        else:
            yield (line, True), pieces


def _with_folds(line: str, pieces: list[str]) -> tuple[Line, list[str]]:
    """The words of pieces in small letters; most are words as they are."""
    if line.isascii():
        found = [piece if piece.isalnum() else _FOLDS[piece] for piece in pieces]
    else:
        found = [
            piece if piece.isalnum() and piece.isascii() else _FOLDS[piece] for piece in pieces
        ]
    if tuple not in map(type, found):
        return (line, True), cast(list[str], found)
    words: list[str] = []
    for each in found:
        if type(each) is str:
            words.append(each)
        else:
            words.extend(each)
    return (line, False), words


def _places_of(line: str, low: int) -> tuple[list[int], list[int]]:
    """Where the words of a line begin and end, the line itself beginning at ``low``."""
    starts: list[int] = []
    ends: list[int] = []
    end = 0
    for piece in line.split():
        at = line.index(piece, end)  # only blanks stand before it
        end = at + len(piece)
        if piece.isalnum() and piece.isascii():
            starts.append(low + at)
            ends.append(low + end)
        else:
            for first, last in _spans_of(piece):
                starts.append(low + at + first)
                ends.append(low + at + last)
    return starts, ends
