"""Regular expressions in rules: linear time on any text, word boundaries for every script.

Layer 1, pure. RE2 (github.com/google/re2) matches in time linear in the text, so it has no
look-around and no back-references; its ``\\b`` knows ASCII letters only. Boundaries of our own: the
text gets a mark (a private-use character) wherever a word begins or ends, ``\\b`` becomes that
mark, and everything else in the pattern steps over marks.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import re2

from monitor.text.words import Words

MARK: Final = "\uf8ff"  # the last private-use character of the BMP; taken out of texts
_SKIP: Final = f"{MARK}?"
LONGEST_PATTERN: Final = 1000  # characters
_MOST_MEMORY: Final = 8 << 20  # bytes for one compiled pattern: huge repeats are refused
_ATOM: Final = re.compile(
    r"(?P<boundary>\\b)|(?P<refused>\\[BAzZGQE]|\\C)"
    r"|(?P<set>\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\])"
    r"|(?P<open>\((?:\?(?:P?<\w+>|[imsU-]*[:)]))?)"
    r"|(?P<syntax>[)|^$]|[*+?]\??|\{\d+(?:,\d*)?\}\??)"
    r"|(?P<atom>\\[pP]\{[^}]*\}|\\[pP].|\\x\{[0-9a-fA-F]+\}|\\x..|\\.|.)",
    re.DOTALL,
)


_INVERSES: Final = re.compile(r"\\[DSW]|\\P(?:\{[^}]*\}|.)|\\p\{\^[^}]*\}")
_ESCAPED: Final = re.compile(r"\\.", re.DOTALL)


class PatternError(ValueError):
    """A pattern that cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. ``source`` is as written."""

    source: str
    compiled: "re2._Regexp"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and other.source == self.source

    def __hash__(self) -> int:
        return hash(self.source)


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text with marks at its word boundaries, and where its characters stood before."""

    text: str
    marks: tuple[int, ...]  # places of the marks in ``text``, in order

    def original(self, place: int) -> int:
        """The place in the text as given."""
        return place - bisect_left(self.marks, place)


def compile_pattern(source: str) -> Pattern:
    """The pattern, ready to search.

    Raises:
        PatternError: it uses what a linear-time engine cannot do, or is no pattern.
    """
    if not source:
        raise PatternError("an empty pattern matches everywhere. Write what to look for")
    if len(source) > LONGEST_PATTERN:
        raise PatternError(f"the pattern is longer than {LONGEST_PATTERN} characters. Split it")
    bare = _ESCAPED.sub("", source)
    if any(each in bare for each in ("(?=", "(?!", "(?<=", "(?<!")):
        raise PatternError(
            "look-around is not supported: it cannot be matched in linear time. Use near:, "
            "unless_near: or none: for what stands around"
        )
    if "(?P=" in bare or any(each[1] in "123456789" for each in _ESCAPED.findall(source)):
        raise PatternError(
            "back-references are not supported: they cannot be matched in linear time. Write the "
            "alternatives out"
        )
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MOST_MEMORY
    try:
        plain = re2.compile(source, options)
        compiled = re2.compile("".join(_stepping_over_marks(source)), options)
    except re2.error as error:
        raise PatternError(f"no usable pattern ({_plain(error)}). Mend it, or use terms") from None
    if plain.search("") is not None:
        raise PatternError("the pattern also matches nothing at all. Make it ask for something")
    return Pattern(source, compiled)


def mark(text: str, words: Words) -> MarkedText:
    """``text`` with a mark where each word begins and ends."""
    clean = text.replace(MARK, "\ufffd")
    places = sorted({*words.starts, *words.ends})
    pieces: list[str] = []
    before = 0
    for place in places:
        pieces += (clean[before:place], MARK)
        before = place
    pieces.append(clean[before:])
    return MarkedText("".join(pieces), tuple(place + n for n, place in enumerate(places)))


def find_pattern(pattern: Pattern, text: MarkedText, words: Words) -> list[tuple[int, int]]:
    """Where the pattern matches: (first word, last word). A match without a word has no place."""
    found: list[tuple[int, int]] = []
    for match in pattern.compiled.finditer(text.text):
        start, end = text.original(match.start()), text.original(match.end())
        first = bisect_right(words.ends, start)
        last = bisect_left(words.starts, end) - 1
        if first <= last:
            found.append((first, last))
    return list(dict.fromkeys(found))


def boundless(source: str) -> str:
    """The pattern with its word boundaries dropped, for texts without marks: it matches wherever
    the pattern matches, and perhaps in more places."""
    return "".join(
        "(?:)" if found.lastgroup == "boundary" else found.group()
        for found in _ATOM.finditer(source)
    )


def _stepping_over_marks(source: str) -> Iterator[str]:
    """The pattern for marked text: each atom may be preceded by a mark, none may match one."""
    for found in _ATOM.finditer(source):
        piece = found.group()
        match found.lastgroup:
            case "boundary":
                yield MARK
            case "refused":
                raise PatternError(f"{piece} is not supported. Use \\b, ^ or $")
            case "set":
                yield f"(?:{_SKIP}{_set(piece)})"
            case "open" | "syntax":
                yield f"{_SKIP}$" if piece == "$" else piece
            case _:
                yield f"(?:{_SKIP}{_atom(piece)})"


def _atom(piece: str) -> str:
    if piece == ".":
        return f"[^\\n{MARK}]"
    if piece in (r"\D", r"\S", r"\W") or piece.startswith((r"\P", r"\p{^")):
        return f"[^{MARK}{_inverse(piece)}]"
    return piece


def _inverse(piece: str) -> str:
    if piece.startswith(r"\p{^"):
        return rf"\p{{{piece[4:]}"
    return piece[0] + piece[1].lower() + piece[2:]


def _set(piece: str) -> str:
    """A set that matches no mark; inverse classes inside one become alternatives."""
    if piece.startswith("[^"):
        return f"[^{MARK}{piece[2:]}"
    inverses = _INVERSES.findall(piece)
    if not inverses:
        return piece
    rest = _INVERSES.sub("", piece)
    sets = [f"[^{MARK}{_inverse(each)}]" for each in inverses]
    return f"(?:{'|'.join(sets if rest == '[]' else [rest, *sets])})"


def _plain(error: Exception) -> str:
    text = error.args[0] if error.args else error
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
