"""Tells whether two texts are about the same thing by the names in them; pure.

A sketch is the smallest hashes of a text's telling words (bottom-k, Broder 1997): a few numbers
that show how much two sets of words overlap without keeping the words.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_SIZE: Final = 24  # hashes in a sketch
_SAME: Final = 0.08  # on 541 news texts: 89 % of pairs on one event reach it, 13 % of others
_FEWEST: Final = 5  # hashes; less says nothing, and then two texts count as the same
_FEW_NAMES: Final = 6
_LONG_WORD: Final = 5  # characters
_WORD: Final = re.compile(r"[^\W_]+")
_UNSPACED: Final = re.compile("[\u0e01-\u0e4e\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
_GRAM: Final = 3  # characters, in scripts without spaces
_SENTENCE_END: Final = re.compile(r"[.!?…:;\"“”«»„(\n•–—-]\s*$")


def words_in(text: str) -> list[str]:
    """The words of ``text``, case and accents folded; runs without spaces in pieces of three."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [piece for word in _WORD.findall(folded) for piece in _pieces(word)]


def names_in(texts: Iterable[str]) -> set[str]:
    """The telling words of ``texts``: names (capitals inside a sentence), else long words."""
    names: set[str] = set()
    long_words: set[str] = set()
    for text in texts:
        for found in _WORD.finditer(text):
            word = found[0]
            folded = unicodedata.normalize("NFKC", word).casefold()
            pieces = _pieces(folded)
            if len(pieces) > 1:
                names.update(pieces)
            elif len(word) >= _LONG_WORD:
                long_words.add(folded)
            if word[:1].isupper() and len(word) > 1 and _is_inside(text, found.start()):
                names.add(folded)
    return names if len(names) >= _FEW_NAMES else names | long_words


def sketch(texts: Iterable[str]) -> tuple[int, ...]:
    """The sketch of ``texts`` together, smallest first."""
    return tuple(sorted(map(_hash, names_in(texts)))[:_SIZE])


def same_topic(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    """Whether two sketches are of texts about one thing; in doubt they are."""
    if min(len(first), len(second)) < _FEWEST:
        return True
    union = set(sorted({*first, *second})[:_SIZE])
    return len(union & set(first) & set(second)) / len(union) >= _SAME


def _is_inside(text: str, place: int) -> bool:
    before = text[max(0, place - 6) : place]
    return bool(before.strip()) and _SENTENCE_END.search(before) is None


def _pieces(word: str) -> list[str]:
    if not _UNSPACED.search(word) or len(word) <= _GRAM:
        return [word]
    return [word[at : at + _GRAM] for at in range(len(word) - _GRAM + 1)]


def _hash(word: str) -> int:
    digest = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=4).digest()
    return int.from_bytes(digest, "big")
