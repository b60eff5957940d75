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


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """The folded stem of a word (with its accents, any case) in a language of two letters."""
    stemmer = _stemmer(language)
    lower = word.casefold()
    return fold(stemmer.stemWord(lower) if stemmer is not None else lower)


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    name = _ALGORITHMS.get(language)
    return Stemmer.Stemmer(name) if name in Stemmer.algorithms() else None
