"""Checks of how a term is spelled: what came along when it was copied, and its clean form.

Layer 1, pure. ``CLEAN`` gives the mended text of each, which the fixer writes into the file.
"""

import html
import re
from collections.abc import Callable
from typing import Final
from unicodedata import category, name

from monitor.rules.lint.reading import Reading
from monitor.rules.lint.vocabulary import LOOK_ALIKES
from monitor.rules.lint.walk import Written

_ENTITY: Final = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_ODD_BLANK: Final = re.compile("[\u00a0\u2000-\u200a\u202f\u205f]")
_INVISIBLE: Final = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_WORD: Final = re.compile(r"\w+")
_SIGN: Final = re.compile(
    r"^[+!-](?=[\w\"“])|(?<!\S)(?:&&|\|\|?)(?!\S)|\w\|\w"
    r"|(?i:^(?:site|intitle|inurl|title|url|source|lang|filetype):\S)"
    r"|(?<!\S)(?i:(?:w|pre|near|n|onear)/\d+)(?!\S)|~\d+$|\w\^\d+$"
)
_JOINERS: Final = "\u200c\u200d"  # they carry meaning in Persian and Indic words


def html_entity(term: Written, _: Reading) -> str | None:
    """``AT&amp;T``: copied from a page's source."""
    clean = without_entities(term.value)
    if clean == term.value:
        return None
    return f"'{term.value}' holds an HTML entity, which is searched for as letters. Write '{clean}'"


def without_entities(text: str) -> str:
    """``text`` with HTML entities as their characters."""
    return _ENTITY.sub(lambda found: html.unescape(found.group()), text)


def invisible_character(term: Written, _: Reading) -> str | None:
    """A character without width, or a blank that is none."""
    if without_invisible(term.value) == term.value:
        return None
    found = next(c for c in term.value if without_invisible(c) != c)
    called = name(found, "a control character").lower()
    return (
        f"'{without_invisible(term.value)}' is written with an invisible character "
        f"(U+{ord(found):04X}, {called}). Type the term anew"
    )


def without_invisible(text: str) -> str:
    """``text`` with plain blanks, and without characters that nobody can see."""
    indic = any(category(c) in ("Lo", "Mn", "Mc") for c in text)
    kept = _JOINERS if indic else ""
    text = _ODD_BLANK.sub(" ", text)
    return _INVISIBLE.sub(lambda found: found.group() if found.group() in kept else "", text)


def mixed_alphabets(term: Written, _: Reading) -> str | None:
    """A Latin word with a Cyrillic or Greek letter in it that looks the same."""
    clean = in_one_alphabet(term.value)
    if clean == term.value:
        return None
    at = next(i for i, (a, b) in enumerate(zip(term.value, clean, strict=True)) if a != b)
    return (
        f"'{term.value}' mixes alphabets: its character {at + 1} is "
        f"{name(term.value[at]).lower()}, so no text holds this word. Write '{clean}'"
    )


def in_one_alphabet(text: str) -> str:
    """``text`` with the look-alikes in words that are otherwise Latin as Latin letters."""
    return _WORD.sub(lambda found: _latin(found.group()), text)


def _latin(word: str) -> str:
    latin = sum(char.isascii() and char.isalpha() for char in word)
    strange = [char for char in word if char in LOOK_ALIKES]
    others = [c for c in word if c.isalpha() and not c.isascii() and c not in LOOK_ALIKES
              and not name(c, "").startswith("LATIN")]  # fmt: skip
    if not strange or others or latin < len(strange):
        return word
    return "".join(LOOK_ALIKES.get(char, char) for char in word)


def search_sign(term: Written, _: Reading) -> str | None:
    """``+Microsoft``, ``-podcast``, ``site:example.com``: signs of other search tools."""
    found = _SIGN.search(term.value.strip('"“”'))
    if found is None or term.value[:1] == "=":
        return None
    sign = found.group().strip()
    return (
        f"'{term.value}': '{sign}' means nothing here; only the words are searched for. Use "
        "all:, any:, none: or near: for how terms go together, and in: or source: for where"
    )


TermCheck = Callable[[Written, Reading], str | None]

CHECKS: Final[dict[str, TermCheck]] = {
    "html-entity": html_entity,
    "invisible-character": invisible_character,
    "mixed-alphabets": mixed_alphabets,
    "search-sign": search_sign,
}

CLEAN: Final[dict[str, Callable[[str], str]]] = {
    "html-entity": without_entities,
    "invisible-character": without_invisible,
    "mixed-alphabets": in_one_alphabet,
    "korean-particle": lambda text: text if text.rstrip().endswith("*") else f"{text.rstrip()}*",
}
