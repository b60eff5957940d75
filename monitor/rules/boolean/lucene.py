"""Lucene, Elasticsearch and web-search (Google-style) strings.

Layer 1, pure. Two readings, by what a blank between words means. ``and``: as web searches do, OR
binds tighter than AND. ``or``: the classic Lucene query parser, where operators only mark clauses
as required, optional or forbidden (lucene.apache.org, "Query Parser Syntax", and the rules of
addClause in its classic QueryParser): optional ones beside a required one change nothing.
"""

import re
from typing import Final, Literal

from monitor.rules.boolean.grammar import (
    ONE_CLAUSE,
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
from monitor.rules.boolean.lucene_classic import Clauses
from monitor.rules.boolean.query import (
    ANY_RUN,
    ONE,
    And,
    In,
    Missing,
    Near,
    Not,
    Note,
    Query,
    Unreadable,
    Words,
)
from monitor.rules.boolean.translation import Translation, translated

Implied = Literal["and", "or"]

_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "title": ("title",), "headline": ("title",), "intitle": ("title",), "allintitle": ("title",),
    "body": ("body",), "intext": ("body",), "allintext": ("body",),
    "text": ("title", "body"), "content": ("title", "body"),
    "summary": ("summary",), "description": ("summary",), "lead": ("lead",),
    "author": ("author",), "inauthor": ("author",), "byline": ("author",),
    "url": ("url",), "inurl": ("url",), "allinurl": ("url",), "site": ("url",),
    "source": ("source",), "publisher": ("source",), "publication": ("source",),
}  # fmt: skip
_MENDS: Final = {
    "lang": "Write source: {languages: [en]} beside match:",
    "language": "Write source: {languages: [en]} beside match:",
    "date": "Write source: {max_age: 48h} beside match:",
    "before": "Write source: {max_age: 48h} beside match:",
    "after": "Write source: {max_age: 48h} beside match:",
}
_SUFFIX: Final = r"(?P<suffix>(?:[~^]\d*(?:\.\d+)?)*)"
_TOKEN: Final = re.compile(
    r"(?P<space>[\s,;]+)|(?P<open>\()|(?P<close>\)(?P<closesuffix>\^\d*(?:\.\d+)?)?)"
    r"|[\"“”„](?P<quoted>(?:\\.|[^\"“”„\\])*)(?P<end>[\"“”„]|$)(?P<quotesuffix>(?:[~^]\d*(?:\.\d+)?)*)"
    r"|(?P<range>[\[{]\s{0,9}[^\s\[\]{}]{1,60}\s{1,9}TO\s{1,9}[^\s\[\]{}]{1,60}\s{0,9}[\]}]"
    r"(?:\^\d+(?:\.\d+)?)?|[<>]=?[^\s()]+)"
    r"|(?P<regex>/(?:\\.|[^/\\\s])+/(?=[\s()]|$))"
    r"|(?P<around>AROUND\s*\(\s*(?P<n>\d{1,4})\s*\))"
    r"|(?P<operator>(?:AND|OR|NOT)(?=[\s()]|$)|&&|\|\|?)"
    r"|(?P<sign>[+!-](?=[^\s)]))"
    r"|(?P<field>all(?:intitle|intext|inurl):\s*(?=\S)|(?:[A-Za-z_]|\\.)(?:[\w.]|\\.)*:(?!//)(?=\S))"
    r"|(?P<numbers>[$€£]?\d[\d.,]*\.\.[$€£]?\d[\d.,]*(?=[\s()]|$))"
    r"|(?P<word>(?:\\.|[^\s()\"“”„\\~^|])+)" + _SUFFIX + r"|(?P<stray>\S)",
)
_VALUE: Final = re.compile(
    r"\"(?:\\.|[^\"\\])*\"|[\[{][^\[\]{}]{0,200}[\]}]|/(?:\\.|[^/\\\s])+/|[^\s()]+"
)
_AND, _OR = Infix(700, all_of), Infix(900, any_of)
_AND_NOT: Final = Infix(700, all_but)
_LONGEST_SLOPPY: Final = 8  # words; more have no place in one window


def translate(text: str, implied: Implied = "and") -> Translation:
    """The rule of a string; ``implied`` says what a blank between words means."""

    def read(clean: str, notes: list[Note]) -> Query:
        tokens = _tokens(clean, notes)
        if implied == "or":
            return Clauses(tokens, None, len(clean), notes).whole()
        _note_mixed(tokens, notes)
        return Parser(tokens, _AND, len(clean)).whole()

    return translated(text, read)


def _note_mixed(tokens: list[Token], notes: list[Note]) -> None:
    """AND and OR at one level: the reading is told, for Lucene reads it otherwise."""
    seen: list[set[str]] = [set()]
    for token in tokens:
        if token.kind == "open":
            seen.append(set())
        elif token.kind == "close" and len(seen) > 1:
            seen.pop()
        elif token.name in ("AND", "OR"):
            seen[-1].add(token.name)
            if len(seen[-1]) == 2:
                why = "beside AND: OR is read first here. Put parentheses to be sure"
                notes.append(Note(token.at, token.text, why))
                return


def _tokens(text: str, notes: list[Note]) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while (found := _TOKEN.match(text, at)) is not None:
        at = found.end()
        if found.group("field") and _field_name(found.group()) not in _FIELDS:
            at = _value_end(text, at)
            name = found.group().strip()[:-1]
            tokens.append(_unknown_field(name, text[found.start() : at], found.start()))
        elif not found.group("space"):
            tokens += _token(found, text, notes)
    return _fielded(tokens)


def _token(found: re.Match[str], text: str, notes: list[Note]) -> list[Token]:
    shown, at = found.group(), found.start()
    if found.group("open"):
        return [Token("open", at, shown)]
    if found.group("close"):
        _note_suffix(found.group("closesuffix") or "", found.end(), notes)
        return [Token("close", at, shown)]
    if found.group("quoted") is not None:
        return [Token("operand", at, shown, _quoted(found, at, notes))]
    if found.group("range") or found.group("regex") or found.group("numbers"):
        kind = "a Lucene pattern" if found.group("regex") else "a range"
        why = f"{kind} is not translated. Write it by hand, with regex: or source:"
        return [Token("operand", at, shown, Missing(shown, why, at))]
    if found.group("around"):
        return [Token("operator", at, shown, infix=Infix(950, near(int(found.group("n")))))]
    if found.group("operator"):
        return [_operator(shown, at)]
    if found.group("sign"):
        joined = at > 0 and not text[at - 1].isspace() and text[at - 1] not in "(+-!:"
        return [] if joined else [_sign(shown, at)]
    if found.group("field"):
        return [_field(shown, at, notes)]
    if found.group("word"):
        _note_suffix(found.group("suffix") or "", found.end("word"), notes)
        return [Token("operand", at, shown, Words(_wild(found.group("word")), at))]
    return []  # a stray sign, as searches drop it


def _operator(shown: str, at: int) -> Token:
    name = {"&&": "AND", "||": "OR", "|": "OR"}.get(shown, shown)
    if name == "NOT":
        return _sign("!", at, shown)
    return Token("operator", at, shown, infix=_AND if name == "AND" else _OR, name=name)


def _sign(sign: str, at: int, shown: str = "") -> Token:
    if sign == "+":
        return Token(
            "operator", at, sign, prefix=Prefix(ONE_CLAUSE, lambda item, _: item), name="+"
        )
    infix = _AND_NOT if shown else None
    return Token(
        "operator", at, shown or sign, infix=infix, prefix=Prefix(ONE_CLAUSE, Not), name="-"
    )


def _field(shown: str, at: int, notes: list[Note]) -> Token:
    name = _field_name(shown)
    fields = _FIELDS[name]
    if name == "site":
        notes.append(Note(at, name, "looked for anywhere in the address"))
    scope = Prefix(ONE_CLAUSE, lambda item, place: In(item, fields, place))
    return Token("operator", at, shown, prefix=scope, name=name)


def _field_name(shown: str) -> str:
    return shown.strip()[:-1].lower()


def _unknown_field(name: str, shown: str, at: int) -> Token:
    """A field that no rule has, with its value."""
    mend = _MENDS.get(name.lower(), "Name what it stands for as words, or leave it out")
    missing = Missing(shown, f"a rule knows no field '{name}'. {mend}", at)
    return Token("operand", at, shown, missing)


def _value_end(text: str, at: int) -> int:
    """The offset after the value of a field: a group, a phrase, a range, a pattern, or a word."""
    if text[at : at + 1] == "(":
        return closing(text, at)
    found = _VALUE.match(text, at)
    return at if found is None else found.end()


def _fielded(tokens: list[Token]) -> list[Token]:
    """``allintitle:`` and its like hold for all words up to an operator."""
    found: list[Token] = []
    everything: Token | None = None
    for token in tokens:
        if token.name.startswith("allin") and token.prefix is not None:
            everything = token
        elif everything is not None and token.kind == "operand":
            found += [everything, token]
        else:
            everything = None
            found.append(token)
    return found


def _quoted(found: re.Match[str], at: int, notes: list[Note]) -> Query:
    if not found.group("end"):
        raise Unreadable(at, found.group()[:20], "this quote is not closed. Add the other quote")
    suffix = found.group("quotesuffix") or ""
    text = _wild(found.group("quoted"), stars=False)
    slop = re.search(r"~(\d+)", suffix)
    _note_suffix(re.sub(r"~\d*", "", suffix), found.start("quotesuffix"), notes)
    words = text.split()
    if "*" in words:
        return _gapped(text, at, notes)
    if slop is None or not int(slop.group(1)) or len(words) < 2:
        return Words(text, at)
    if len(words) > _LONGEST_SLOPPY:
        notes.append(Note(at, suffix, "so many words have no place in one window; read as AND"))
        return And(tuple(Words(word, at) for word in words), at)
    notes.append(
        Note(at, suffix, "Lucene counts moves of words, a rule the words between; the other order "
             "costs nothing")
    )  # fmt: skip
    return _sloppy(words, int(slop.group(1)), at)


def _sloppy(words: list[str], slop: int, at: int) -> Query:
    """Windows of windows; one move lets one word in between."""
    found: Query = Words(words[0], at)
    for word in words[1:]:
        found = Near(found, Words(word, at), slop, slop < 2, at)  # another order costs two moves
    return found


def _gapped(text: str, at: int, notes: list[Note]) -> Query:
    """``"a * b"``: some words stand between."""
    parts = [part.strip() for part in re.split(r"(?:^|\s)\*(?=\s|$)", text) if part.strip()]
    if not parts:
        return Missing("*", "a wildcard alone would find every word. Leave it out", at)
    notes.append(Note(at, "*", "any words between; read as at most 5"))
    found: Query = Words(parts[0], at)
    for part in parts[1:]:
        found = Near(found, Words(part, at), 5, ordered=True, at=at)
    return found


def _note_suffix(suffix: str, at: int, notes: list[Note]) -> None:
    for found in re.finditer(r"[~^][\d.]*", suffix):
        why = "a rule has no ranks; nothing else changes"
        if found.group()[0] == "~":
            why = "misspellings are not found. Add them as alternatives"
        notes.append(Note(at + found.start(), found.group(), why))


def _wild(text: str, *, stars: bool = True) -> str:
    """``*`` any letters, ``?`` one; a backslash takes a sign's meaning."""
    found: list[str] = []
    escaped = False
    for place, char in enumerate(text):
        beside = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
        inside = stars or any(c.isalnum() for c in beside)
        if escaped:
            found.append(char if char.isalnum() else " ")
        elif char in "*?" and inside and any(c.isalnum() for c in text):
            found.append(ANY_RUN if char == "*" else ONE)
        elif char != "\\":
            found.append(char)
        escaped = char == "\\" and not escaped
    return "".join(found)
