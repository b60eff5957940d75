"""Meltwater strings.

Layer 1, pure. NOT binds tighter than AND, AND tighter than OR (meltwater.com, "The Boolean
Touch"); NEAR and ONEAR count the words between, 4 if no number is given, and operators need no
capitals (Meltwater help, "How to Master Boolean Search"). What stands without an operator is read
as AND: the documentation asks for quotes around phrases.
"""

import re
from itertools import pairwise
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
)
from monitor.rules.boolean.query import (
    ANY_RUN,
    ONE,
    In,
    Missing,
    Not,
    Note,
    Query,
    Unreadable,
    Words,
)
from monitor.rules.boolean.translation import Translation, translated

_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "title": ("title",), "headline": ("title",), "ingress": ("lead",), "lead": ("lead",),
    "body": ("body",), "text": ("body",), "author": ("author",), "byline": ("author",),
    "source": ("source",), "sourcename": ("source",), "publication": ("source",), "url": ("url",),
    "link": ("url",),
}  # fmt: skip
_MENDS: Final = {
    "language": "Write source: {languages: [en]} beside match:",
    "lang": "Write source: {languages: [en]} beside match:",
    "country": "Give the feeds tags and write source: {tags: […]} beside match:",
}
_TOKEN: Final = re.compile(
    r"(?P<space>\s+)|(?P<open>\()|(?P<close>\))|(?P<boost>\^\d+(?:\.\d+)?)"
    r"|[\"“”„](?P<quoted>[^\"“”„]*)(?P<end>[\"“”„]|$)"
    r"|(?P<operator>(?:and|or|not|(?P<window>o?near)(?:/(?P<n>\d{1,5}))?)(?=[\s()\"“”„]|$))"
    r"|(?P<field>[a-z][a-z._]*:(?!//)(?=\s*\S))|\{(?P<cased>[^{}]*)\}"
    r"|(?P<word>[^\s()\"“”„^{]+|\{)",
    re.IGNORECASE,
)
_AND, _OR, _AND_NOT = Infix(700, all_of), Infix(600, any_of), Infix(800, all_but)
_NEAR: Final = 900
_FIELD: Final = 2000
_DEFAULT_DISTANCE: Final = 4  # words between


def translate(text: str) -> Translation:
    """The rule of a Meltwater string; see ``Translation``."""
    return translated(text, _read)


def _read(text: str, notes: list[Note]) -> Query:
    tokens = list(_tokens(text, notes))
    _note_implied(tokens, notes)
    return Parser(tokens, _AND, len(text)).whole()


def _note_implied(tokens: list[Token], notes: list[Note]) -> None:
    """Say once that an operator was put in."""
    for before, token in pairwise(tokens):
        ends = before.kind in ("operand", "close")
        if ends and (token.kind in ("operand", "open") or (token.prefix and not token.infix)):
            why = "no operator stands before it; read as AND. Quote the words if a phrase is meant"
            notes.append(Note(token.at, token.text, why))
            return


def _tokens(text: str, notes: list[Note]) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise Unreadable(at, text[at : at + 5], "this means nothing here. Remove it")
        start, at = at, found.end()
        shown = found.group()
        if found.group("boost"):
            notes.append(Note(start, shown, "it only steers which sentence is shown"))
        elif not found.group("space"):
            token, at = _token(found, start, text)
            if shown[0] in "#@" and len(shown) > 1:
                kind = "hashtag" if shown[0] == "#" else "mention"
                notes.append(
                    Note(start, shown, f"a {kind} is read as the word, wherever it stands")
                )
            if found.group("cased") is not None:
                notes.append(Note(start, shown, "read as exactly these capitals and small letters"))
            tokens.append(token)
    return tokens


def _token(found: re.Match[str], at: int, text: str) -> tuple[Token, int]:
    shown, end = found.group(), found.end()
    if found.group("open"):
        return Token("open", at, shown), end
    if found.group("close"):
        return Token("close", at, shown), end
    if found.group("quoted") is not None:
        if not found.group("end"):
            raise Unreadable(at, shown[:20], "this quote is not closed. Add the other quote")
        return Token("operand", at, shown, Words(_wild(found.group("quoted")), at)), end
    if found.group("cased") is not None:
        words = found.group("cased").strip('"“”„ ')
        return Token("operand", at, shown, Words(_wild(words), at, "=")), end
    if found.group("operator"):
        return _operator(found, shown, at), end
    if found.group("field"):
        return _field(shown, at, end, text)
    return Token("operand", at, shown, Words(_wild(shown.lstrip("#@")), at)), end


def _operator(found: re.Match[str], shown: str, at: int) -> Token:
    if window := found.group("window"):
        number = found.group("n")
        within = int(number) if number else _DEFAULT_DISTANCE
        infix = Infix(_NEAR, near(within, ordered=window.lower() == "onear"))
        return Token("operator", at, shown, infix=infix)
    if shown.lower() == "not":
        return Token("operator", at, shown, infix=_AND_NOT, prefix=Prefix(800, Not))
    return Token("operator", at, shown, infix=_AND if shown.lower() == "and" else _OR)


def _field(shown: str, at: int, end: int, text: str) -> tuple[Token, int]:
    name = shown[:-1].lower()
    if name in _FIELDS:
        scope = Prefix(_FIELD, lambda item, place: In(item, _FIELDS[name], place))
        return Token("operator", at, shown, prefix=scope), end
    value = re.compile(r"\s*(?:(?P<group>\()|[\"“][^\"”]*[\"”]|[^\s()]+)").match(text, end)
    if value is None:
        raise Unreadable(at, shown, f"a value is missing after {shown}. Add it")
    end = closing(text, value.start("group")) if value.group("group") else value.end()
    mend = _MENDS.get(name, "Name what it stands for as words, or leave it out")
    why = f"a rule knows no field '{name}'. {mend}"
    return Token("operand", at, shown, Missing(text[at:end], why, at)), end


def _wild(text: str) -> str:
    """``*`` any letters, ``?`` one."""
    text = re.sub(r"(?<=\w)\?+|\?+(?=\w)", lambda found: ONE * len(found.group()), text)
    return re.sub(r"(?<=\w)\*|\*(?=\w)", ANY_RUN, text)
