"""Word stems by the article's language: Snowball's algorithms.

Layer 1, pure. A stem is no dictionary form: *bought* is not ``~buy``. Stems are compared folded.
Languages without an algorithm keep their words as they are. PyStemmer is Snowball's own C code
(snowballstem.org); pure Python was some thirty times slower.
"""

from functools import cache, lru_cache
from typing import Final

import Stemmer

from monitor.text.words import fold

DEFAULT_LANGUAGE: Final = "en"  # where neither article nor feed says which
_ALGORITHMS: Final = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian",
    "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def language_of(language: str | None) -> str:
    """The two letters that stand for a language tag such as ``en-GB``; the default for none."""
    if not language:
        return DEFAULT_LANGUAGE
    return language.replace("_", "-").split("-")[0].lower()


def stem(word: str, language: str) -> str:
    """The folded stem of a word (with its accents, any case) in a language of two letters."""
    return stems_in(language)[word]


class Stems(dict[str, str]):
    """The folded stem of each word asked for, in one language; remembered up to a limit.

    Asking a dictionary for a word that is there costs no call: an article has hundreds.
    """

    _MOST = 100_000

    def __init__(self, language: str) -> None:
        super().__init__()
        self._stemmer = _stemmer(language)

    def __missing__(self, word: str) -> str:
        lower = word.casefold()
        found = fold(self._stemmer.stemWord(lower) if self._stemmer is not None else lower)
        if len(self) >= self._MOST:
            self.clear()
        self[word] = found
        return found


@lru_cache(maxsize=64)
def stems_in(language: str) -> Stems:
    """What was worked out of a language so far."""
    return Stems(language)


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    name = _ALGORITHMS.get(language)
    return Stemmer.Stemmer(name) if name in Stemmer.algorithms() else None
