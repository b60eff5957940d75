"""A run of words of a Boolean string as a rule's term, or as a pattern where it has wildcards.

Layer 1, pure.
"""

import re
from typing import Final

from monitor.rules.boolean.query import ANY_RUN, ONE, OPTIONAL, WILDCARDS, Words
from monitor.rules.limits import LONGEST_TERM
from monitor.rules.patterns import PatternError, compile_pattern
from monitor.rules.terms import TermError, parse_term

_LETTER: Final = r"[\pL\pN]"
_GAP: Final = r"[^\pL\pN]"
_PATTERNS: Final = {ANY_RUN: f"{_LETTER}*", ONE: _LETTER, OPTIONAL: f"{_LETTER}?"}

_EDGES: Final = re.compile(r"^[^\w\s\ue000-\ue002]+|[^\w\s+#\ue000-\ue002]+$")

Leaf = str | dict[str, object]


class NoTerm(Exception):  # noqa: N818  # an outcome of writing a term
    """The words cannot be looked for; the text says why."""


def leaf(words: Words) -> Leaf:
    """The term, or ``{"regex": …}``.

    Raises:
        NoTerm: there is nothing to look for.
    """
    text = _without_signs(words.text)
    if len(text) > LONGEST_TERM:
        raise NoTerm(f"a term is at most {LONGEST_TERM:,} characters long. Split it")
    text = _without_edges(text)
    plain = text.removesuffix(ANY_RUN)
    if not any(sign in plain for sign in WILDCARDS):
        sigil = words.sigil if plain == text or words.sigil == "=" else ""
        star = "*" if plain != text else ""
        for written in (f"{sigil}{plain}{star}", f'{sigil}"{plain}{star}"'):
            if not isinstance(parse_term(written), TermError):
                return written
        if not star:
            raise NoTerm("no letter or digit is in it, so it would never be found. Leave it out")
    return {"regex": _pattern(text, exact=words.sigil == "=")}


def _without_signs(text: str) -> str:
    """The text without what only means something in a rule's term."""
    plain = re.sub(r"[\"“”„‟«»*]", " ", text)
    plain = re.sub(r"(?<!\S)[=~@]+", " ", plain)
    plain = re.sub(r"(?<!\w)['‘’‚]+|(?<=[^\Ws])['‘’]+(?!\w)", " ", plain)  # banks' keeps its own
    return " ".join(plain.split())


def _without_edges(text: str) -> str:
    """The text without signs at its ends, where they mean nothing."""
    bare = _EDGES.sub("", text)
    same = not isinstance(parse_term(text), TermError) and parse_term(bare) == parse_term(text)
    return bare if same else text


def _pattern(text: str, *, exact: bool) -> str:
    words = [_word(word) for word in text.split()]
    if not any(char.isalnum() for char in text):
        raise NoTerm("a wildcard alone would find every word. Leave it out")
    pattern = rf"{'' if exact else '(?i)'}\b{f'{_GAP}+'.join(words)}\b"
    try:
        compile_pattern(pattern)
    except PatternError as error:
        raise NoTerm(f"it makes no usable pattern: {error}") from None
    return pattern


def _word(word: str) -> str:
    return "".join(_PATTERNS.get(char) or (char if char.isalnum() else f"{_GAP}*") for char in word)
