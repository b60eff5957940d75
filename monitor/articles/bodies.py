"""Decides which of a page's texts stands for the article; pure.

A page may hold its article twice: in its paragraphs and, for search engines, in JSON-LD
(``articleBody``). Measured on real pages, the paragraphs are the better text wherever they are
whole; the description helps where scripts, paywalls or odd markup leave little of them.
"""

from typing import Final

from monitor.articles.quality import count_words
from monitor.articles.reading import Origin

_WHOLE: Final = 150  # words from which the page's own paragraphs are trusted
_CLEARLY_MORE: Final = 1.5
_FAR_MORE: Final = 3.0
_LOOKED_AT: Final = 30  # paragraphs
_ALL: Final = 0.9
_ENOUGH: Final = 25  # words of a description that can stand for an article


def choose_body(page: str, described: str) -> tuple[str, Origin]:
    """The text to take, and where it came from; either may be empty.

    ``described`` is taken where it has clearly more words than a short ``page``, or far more than
    a long one whose beginning it contains: then the extractor lost the rest.
    """
    if not described:
        return page, Origin.PAGE
    shown, told = count_words(page), count_words(described)
    if told < _ENOUGH or told <= _CLEARLY_MORE * shown:
        return page, Origin.PAGE
    if shown < _WHOLE or (told >= _FAR_MORE * shown and _holds(described, page)):
        return described, Origin.JSON_LD
    return page, Origin.PAGE


def is_whole(text: str, described: str) -> bool:
    """Whether ``text`` has all that the page describes as its article, and that is no teaser.

    Some sites hide with a script what they have already sent.
    """
    told = count_words(described)
    return told >= _WHOLE and count_words(text) >= _ALL * told


def _holds(longer: str, shorter: str) -> bool:
    """Whether most of the first paragraphs of ``shorter`` stand in ``longer``."""
    folded = _folded(longer)
    parts = [part for part in map(_folded, shorter.split("\n\n")[:_LOOKED_AT]) if len(part) > 20]
    held = sum(part in folded for part in parts)
    return bool(parts) and 2 * held >= len(parts)


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
