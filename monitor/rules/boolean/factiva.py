"""Factiva free-text strings.

Layer 1, pure. Order of precedence, tightest first: parentheses, then adj, near, w/, same and /F/,
then atleast and fields, then NOT, AND, OR; bare words in a row are a phrase; distances count from
1 for neighbours (Factiva Developer's Kit, "Search Statement Operators"; Dow Jones, "Legacy
Search"; Factiva help, "Using Connectors and Operators"). Field tags: ProQuest, "Custom Search
Fields in Factiva".
"""

import re
from typing import Final

from monitor.rules.boolean.grammar import (
    Infix,
    Parser,
    Prefix,
    Token,
    all_but,
    all_of,
    any_of,
    closing,
    near,
    same,
)
from monitor.rules.boolean.query import (
    ANY_RUN,
    ONE,
    OPTIONAL,
    Count,
    In,
    Missing,
    Not,
    Note,
    Query,
    Unreadable,
    Words,
)
from monitor.rules.boolean.runs import Cutter
from monitor.rules.boolean.translation import Translation, translated

_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "hd": ("title",), "hl": ("title",), "hlp": ("title", "lead"), "lp": ("lead",), "td": ("body",),
    "by": ("author",), "sn": ("source",), "pub": ("source",),
}  # fmt: skip
_MENDS: Final = {
    "la": "Write source: {languages: [en]} beside match:",
    "wc": "Write source: {min_words: 500} beside match:",
    "rst": "Give the feeds tags and write source: {tags: […]} beside match:",
    "sc": "Give the feeds tags and write source: {tags: […]} beside match:",
    "re": "Give the feeds tags, or name the places as words",
}
_CODES: Final = "la|rst|re|ns|in|co|fds|sc|an|se|clm|ct|cx|cr|de|ed|pg|rf|ric|vol|art|pd|ipc|ipd|dg"
_LEAD: Final = 60  # words; what a rule's lead is, where the first paragraph is not longer
_TOKEN: Final = re.compile(
    r"(?P<space>\s+)|(?P<open>[(\[])|(?P<close>[)\]])"
    r"|[\"“”„](?P<quoted>[^\"“”„]*)(?P<end>[\"“”„]|$)"
    r"|(?P<first>/f(?P<firstn>\d{1,4})/)|(?P<slash>/n(?P<slashn>\d{1,4})/)"
    r"|(?P<range>wc\s*[<>=]+\s*\d+|(?:date|upd)\s+(?:from\s+\S+\s+to\s+|after\s+|before\s+)?[-+]?\d[\d/]*(?=[\s()]|$))"
    rf"|(?P<code>(?:{_CODES})\s?=\s*)|(?P<field>(?:{'|'.join(_FIELDS)})=)"
    r"|(?P<operator>(?:(?:and|or|not|same|%)|(?:near|adj)(?P<n>\d{0,4})|w/(?P<w>\d{1,4})"
    r"|atleast(?P<least>\d{1,3}))(?=[\s()\[\]]|$))"
    r"|(?P<word>(?:(?!/[fn]\d+/)[^\s()\[\]\"“”„])+)",
    re.IGNORECASE,
)
_AND, _OR, _AND_NOT = Infix(700, all_of), Infix(600, any_of), Infix(800, all_but)
_SAME = Infix(900, same("paragraph"))
_CLOSE: Final = 900  # the power of windows
_FIELD: Final = 850


def translate(text: str) -> Translation:
    """The rule of a Factiva string; see ``Translation``."""
    return translated(text, _read)


def _read(text: str, notes: list[Note]) -> Query:
    cutter = Cutter(_TOKEN, _words, _phrase, lambda found: _token(found, text, notes))
    return Parser(cutter.cut(text), None, len(text)).whole()


def _words(found: re.Match[str]) -> str | None:
    """Bare or quoted words: both join the run."""
    if found.group("quoted") is not None and not found.group("end"):
        why = "this quote is not closed. Add the other"
        raise Unreadable(found.start(), found.group()[:20], why)
    word: str | None = found.group("word")
    return found.group("quoted") if word is None else word


def _phrase(at: int, text: str) -> Token:
    return Token("operand", at, text, Words(_wild(text), at))


def _wild(text: str) -> str:
    """``*`` any letters, ``?`` one, ``$3`` at most three at the end."""
    text = re.sub(r"(?<=[^\W\d])\$([1-9]?)(?!\w)",
                  lambda found: OPTIONAL * int(found.group(1) or 1), text)  # fmt: skip
    text = re.sub(r"(?<=\w)\?+|\?+(?=\w)", lambda found: ONE * len(found.group()), text)
    return re.sub(r"(?<=\w)\*|\*(?=\w)", ANY_RUN, text)


def _token(found: re.Match[str], text: str, notes: list[Note]) -> tuple[Token, int]:
    shown, at, end = found.group(), found.start(), found.end()
    if found.group("open"):
        return Token("open", at, shown), end
    if found.group("close"):
        return Token("close", at, shown), end
    if found.group("first"):
        return _first(shown, at, int(found.group("firstn")), notes), end
    if found.group("slash"):
        number = int(found.group("slashn"))
        return Token("operator", at, shown, infix=Infix(_CLOSE, near(max(0, number - 1)))), end
    if found.group("range"):
        mend = "Write source: {max_age: 48h} beside match:"
        if shown[:2].lower() == "wc":
            mend = _MENDS["wc"] if ">" in shown else "A rule has no greatest length"
        return Token("operand", at, shown, Missing(shown, f"no part of match:. {mend}", at)), end
    if found.group("code"):
        return _code(shown, at, end, text)
    if found.group("field"):
        fields = _FIELDS[shown[:-1].lower()]
        if shown[:-1].lower() == "td":
            notes.append(Note(at, shown, "the text without its lead; a rule's body holds the lead"))
        scope = Prefix(_FIELD, lambda item, place: In(item, fields, place))
        return Token("operator", at, shown, prefix=scope), end
    return _operator(found, shown, at, notes), end


def _operator(found: re.Match[str], shown: str, at: int, notes: list[Note]) -> Token:
    small = shown.lower()
    if least := found.group("least"):
        count = Prefix(_FIELD, lambda item, place: Count(item, int(least), place))
        return Token("operator", at, shown, prefix=count)
    if small == "not":
        return Token("operator", at, shown, infix=_AND_NOT, prefix=Prefix(800, Not))
    if small == "%":
        notes.append(Note(at, "%", "exactly one word; a rule says at most one"))
        return Token("operator", at, shown, infix=Infix(_CLOSE, near(1, ordered=True)))
    plain = {"and": _AND, "or": _OR, "same": _SAME}.get(small)
    if plain is not None:
        return Token("operator", at, shown, infix=plain)
    number = int(found.group("n") or found.group("w") or 1)
    ordered = not small.startswith("near")
    return Token(
        "operator", at, shown, infix=Infix(_CLOSE, near(max(0, number - 1), ordered=ordered))
    )


def _first(shown: str, at: int, number: int, notes: list[Note]) -> Token:
    """``/F50/`` after a term: within the first words of the article."""
    if number > 3 * _LEAD:
        notes.append(Note(at, shown, "a rule can ask for the lead, not for so many words. The rule "
                          "finds more without it"))  # fmt: skip
        return Token("postfix", at, shown, prefix=Prefix(_CLOSE, lambda item, _: item))
    notes.append(
        Note(at, shown, f"read as title and lead: the first paragraph, or the first {_LEAD} words")
    )
    scope = Prefix(_CLOSE, lambda item, place: In(item, ("title", "lead"), place))
    return Token("postfix", at, shown, prefix=scope)


def _code(shown: str, at: int, end: int, text: str) -> tuple[Token, int]:
    """A field of codes, with its value: they are Factiva's own index, which no article carries."""
    value = re.compile(r"[^\s()\[\]]+").match(text, end)
    if text[end : end + 1] in ("(", "["):
        end = closing(text, end)
    elif value is not None:
        end = value.end()
    tag = shown.rstrip("= ").lower()
    mend = _MENDS.get(tag, "Name what it stands for as words")
    why = f"{tag}= is the database's own index, which articles do not carry. {mend}"
    return Token("operand", at, shown, Missing(text[at:end], why, at)), end
