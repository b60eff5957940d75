"""Cut the one-line form of a rule into tokens, each with its offset.

Layer 1, pure, linear in the text. docs/rules.md, "The one-line form". Mistakes that a token shows
by itself (a lower-case operator, NEAR without a number, an unclosed quote) are found here.
"""

import difflib
import re
from dataclasses import dataclass
from typing import Final, Literal

from monitor.rules.fields import FIELDS

MOST_DEPTH: Final = 40  # parentheses in each other
_MOST_MISTAKES: Final = 20  # of one text; more help nobody

Kind = Literal["open", "close", "field", "count", "operator", "term"]

_OPENING: Final = '"“„‟″＂«»”'
_CLOSING: Final = '"”“‟″＂»«'
_STRAIGHT: Final = frozenset('"')
_TOKEN: Final = re.compile(
    rf"(?P<space>[\s\u200b\ufeff]+)"
    rf"|(?P<open>\()|(?P<close>\))"
    rf"|(?P<quoted>[=~]?[{_OPENING}](?P<inner>[^{_CLOSING}]*)(?P<end>[{_CLOSING}]|$)\*?)"
    rf"|(?P<field>[A-Za-z_,]+:(?=[({_OPENING}]))"
    rf"|(?P<word>[^\s\u200b\ufeff(){_OPENING}]+)"
)
_NUMBERED: Final = {"NEAR": "5", "THEN": "5", "UNLESS": "3", "ATLEAST": "3"}
_PLAIN: Final = ("AND", "OR", "NOT")
_UNITS: Final = ("sentence", "paragraph")
_OPERATOR: Final = re.compile(
    r"(?P<plain>AND|OR|NOT)|(?P<same>SAME)(?:/(?P<unit>.*))?"
    r"|(?P<numbered>NEAR|THEN|UNLESS|ATLEAST)(?:/(?P<number>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_FOREIGN: Final = re.compile(
    r"(?P<name>w|pre|onear|adj|within|/)/?(?P<number>\d+)|&&?|\|\|?|w/[sp]|/[sp]", re.IGNORECASE
)
_MENDS: Final = {
    "&": "AND", "&&": "AND", "|": "OR", "||": "OR", "w/s": "SAME/sentence", "/s": "SAME/sentence",
    "w/p": "SAME/paragraph", "/p": "SAME/paragraph",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One token. ``value``: the term as the tree writes it, the operator's name, or the fields.

    ``argument`` is the number or unit of an operator. ``start`` and ``end`` are offsets.
    """

    kind: Kind
    value: str
    argument: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Flaw:
    """A mistake (or warning, where ``code`` is set) at an offset."""

    at: int
    message: str
    code: str = ""


def tokens_of(text: str) -> tuple[list[Token], list[Flaw]]:
    """The tokens of ``text`` and what is wrong with them. Stops at a hopeless mistake."""
    tokens: list[Token] = []
    flaws: list[Flaw] = []
    depth = 0
    for found in _TOKEN.finditer(text):
        kind, start, end = found.lastgroup, found.start(), found.end()
        if sum(not flaw.code for flaw in flaws) >= _MOST_MISTAKES:
            break
        if kind == "open":
            depth += 1
            if depth > MOST_DEPTH:
                flaws.append(
                    Flaw(start, f"parentheses nest deeper than {MOST_DEPTH} levels. Split the rule")
                )
                break
            tokens.append(Token("open", "(", "", start, end))
        elif kind == "close":
            depth = max(0, depth - 1)
            tokens.append(Token("close", ")", "", start, end))
        elif kind == "field":
            tokens.append(_field(found.group(), start, end, flaws))
        elif kind == "word":
            tokens.append(_word(found.group(), start, end, text[end : end + 1], flaws))
        elif kind is not None and kind != "space":
            tokens.append(_quoted(found, flaws))
    return tokens, flaws


def _quoted(found: re.Match[str], flaws: list[Flaw]) -> Token:
    written, inner, end = found.group(), found.group("inner"), found.group("end")
    start = found.start()
    sigil = written[0] if written[0] in "=~" else ""
    opening = written[len(sigil)]
    if not end:
        shown = _short(inner.strip())
        flaws.append(Flaw(start + len(sigil), f'this quote is not closed. Write "{shown}"'))
    elif not {opening, end} <= _STRAIGHT and not any(flaw.code for flaw in flaws):  # once
        flaws.append(
            Flaw(start, f"typographic quotes are read as straight ones: \"{_short(inner)}\"",
                 "smart-quotes")
        )  # fmt: skip
    if written.endswith("*"):
        flaws.append(Flaw(found.end() - 1, f'* goes inside the quotes: "{_short(inner)}*"'))
    return Token("term", sigil + _unquoted(inner, sigil), "", start, found.end())


def _unquoted(inner: str, sigil: str) -> str:
    """The phrase as a tree would write it: in quotes only where they keep it a phrase."""
    plain = inner.strip()
    if not plain or (not sigil and plain[0] in "=~@") or needs_quotes(plain):
        return f'"{plain}"'
    return plain


def needs_quotes(plain: str) -> bool:
    """Whether an operator's word stands in it, so that only quotes make it a phrase."""
    return any(
        (found := _OPERATOR.fullmatch(word)) and word == word.upper() and _capital_operator(found)
        for word in plain.split()
    )


def _capital_operator(found: re.Match[str]) -> bool:
    return bool(found.group("plain") or found.group("numbered") or found.group("same"))


def _field(written: str, start: int, end: int, flaws: list[Flaw]) -> Token:
    names = [name for name in written[:-1].split(",") if name]
    flaws.extend(
        Flaw(start, f"'{name}' is no field. {_field_mend(name)}")
        for name in names or [""]
        if name not in FIELDS
    )
    return Token("field", ",".join(names), "", start, end)


def _field_mend(name: str) -> str:
    if name.lower() in ("text", "content"):
        return "Did you mean body:( )?"
    if name.lower() in ("headline", "hd", "intitle"):
        return "Did you mean title:( )?"
    close = difflib.get_close_matches(name.lower(), FIELDS, n=1)
    if close:
        return f"Did you mean {close[0]}:( )?"
    return f"The fields are {', '.join(FIELDS)}"


def _word(word: str, start: int, end: int, after: str, flaws: list[Flaw]) -> Token:
    found = _OPERATOR.fullmatch(word)
    if found and (found.group("plain") or "/" in word or word.isupper()):
        return _operator(found, word, start, end, flaws)
    if foreign := _FOREIGN.fullmatch(word):
        flaws.append(Flaw(start, f"'{word}' is no operator here. Write {_foreign_mend(foreign)}"))
        return Token("operator", "AND", "", start, end)
    name, colon, rest = word.partition(":")
    if colon and rest and name.isalpha() and (
        name in FIELDS or difflib.get_close_matches(name.lower(), FIELDS, n=1, cutoff=0.8)
    ):  # fmt: skip
        right = name if name in FIELDS else difflib.get_close_matches(name.lower(), FIELDS, n=1)[0]
        flaws.append(Flaw(start, f"a field takes parentheses: {right}:({_short(rest)})"))
    if word[0] in "+-" and len(word) > 1 and word[1].isalpha():
        mend = f"NOT {word[1:]}" if word[0] == "-" else word[1:]
        flaws.append(Flaw(start, f"'{word[0]}' before a word is no operator here. Write {mend}"))
    if word in ("=", "~") and after and after in _OPENING + "(":
        flaws.append(Flaw(start, f"{word} goes directly before a word or a quoted phrase"))
    return Token("term", word, "", start, end)


def _foreign_mend(found: re.Match[str]) -> str:
    if found.group("number") is None:
        return _MENDS[found.group().lower()]
    name, number = found.group("name").lower(), int(found.group("number"))
    if name == "onear":
        return f"THEN/{number}"
    kind = "THEN" if name in ("pre", "adj") else "NEAR"
    return f"{kind}/{max(0, number - 1)} ({kind}/n counts the words between)"


def _operator(found: re.Match[str], word: str, start: int, end: int, flaws: list[Flaw]) -> Token:
    name = (found.group("plain") or found.group("same") or found.group("numbered")).upper()
    argument = found.group("unit") or found.group("number") or ""
    if word[: len(name)] != name:
        right = name + word[len(name) :]
        flaws.append(
            Flaw(start, f"write the operator in capitals: {right}. If the word itself is meant, "
                 f'quote it: "{word}"')
        )  # fmt: skip
    elif name == "SAME" and argument not in _UNITS:
        close = difflib.get_close_matches(argument.lower(), _UNITS, n=1)
        shown = f"'{argument}' is no unit" if argument else "the unit is missing"
        flaws.append(
            Flaw(start, f"SAME: {shown}. Write SAME/{close[0] if close else 'sentence'}"
                 f"{'' if close else ' or SAME/paragraph'}")
        )  # fmt: skip
    elif name in _NUMBERED and not re.fullmatch(r"[0-9]{1,9}", argument):
        what = "mentions" if name == "ATLEAST" else "words"
        shown = (
            f"'{_short(argument)}' is no number" if argument else f"the number of {what} is missing"
        )
        example = f"{name}/{_NUMBERED[name]}" + ("(…)" if name == "ATLEAST" else "")
        flaws.append(Flaw(start, f"{name}: {shown}. Write {example}"))
        argument = _NUMBERED[name]
    kind: Kind = "count" if name == "ATLEAST" else "operator"
    return Token(kind, name, argument, start, end)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
