"""Decides which articles have the same words: one text under several addresses; pure."""

import hashlib
import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_ENOUGH_WORDS: Final = 30


def fingerprint(title: str, text: str) -> str:
    """SHA-256 (64 hex digits) of the folded words of ``text``.

    Case, accents, punctuation, spacing and paragraphs do not matter. A text of fewer than 30
    words could be anybody's ("Subscribe to read on"), so there the title counts as well.
    """
    words = _words(text)
    if len(words) < _ENOUGH_WORDS:
        words = [*_words(title), "\n", *words]
    return hashlib.sha256(" ".join(words).encode("utf-8", "replace")).hexdigest()


def _words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", decomposed)
        if not unicodedata.combining(character) and character not in "'’\u00ad\u200b\u200c\u200d"
    )
    return _WORD.findall(plain)
