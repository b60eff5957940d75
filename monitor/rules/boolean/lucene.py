"""Lucene, Elasticsearch and web-search (Google-style) strings.

Layer 1, pure. Two readings, by what a blank between words means. ``and``: as web searches do, OR
binds tighter than AND. ``or``: the classic Lucene query parser, where operators only mark clauses
as required, optional or forbidden (lucene.apache.org, "Query Parser Syntax", and the rules of
addClause in its classic QueryParser): optional ones beside a required one change nothing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from monitor.rules.boolean.grammar import (
    Infix,
    Parser,
    Prefix,
    Token,
    all_but,
    all_of,
    any_of,
    near,
)
from monitor.rules.boolean.query import (
    ANY_RUN,
    ONE,
    And,
    In,
    Missing,
    Near,
    Not,
    Note,
    Or,
    Query,
    Unreadable,
    Words,
)
from monitor.rules.boolean.translation import Translation, translated

Implied = Literal["and", "or"]

_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "title": ("title",), "headline": ("title",), "intitle": ("title",), "allintitle": ("title",),
    "body": ("body",), "text": ("title", "body"), "content": ("title", "body"), "intext": ("body",),
    "summary": ("summary",), "description": ("summary",), "lead": ("lead",), "author": ("author",),
    "inauthor": ("author",), "byline": ("author",), "url": ("url",), "inurl": ("url",),
    "site": ("url",), "source": ("source",), "publisher": ("source",), "publication": ("source",),
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
    r"|(?P<field>allintitle:\s*(?=\S)|[A-Za-z_][\w.]*:(?!//)(?=\S))"
    r"|(?P<word>(?:\\.|[^\s()\"“”„\\~^|])+)" + _SUFFIX + r"|(?P<stray>\S)",
)
_AND, _OR = Infix(700, all_of), Infix(900, any_of)
_AND_NOT: Final = Infix(700, all_but)
_ONE: Final = 2000  # the power of what takes one clause only
_LONGEST_SLOPPY: Final = 8  # words; more have no place in one window


def translate(text: str, implied: Implied = "and") -> Translation:
    """The rule of a string; ``implied`` says what a blank between words means."""

    def read(clean: str, notes: list[Note]) -> Query:
        tokens = _tokens(clean, notes)
        if implied == "or":
            return _Clauses(tokens, None, len(clean), notes).whole()
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
    for found in _TOKEN.finditer(text):
        if not found.group("space"):
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
    if found.group("range") or found.group("regex"):
        kind = "a range" if found.group("range") else "a Lucene pattern"
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
        return [_field(shown, at)]
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
        return Token("operator", at, sign, prefix=Prefix(_ONE, lambda item, _: item), name="+")
    infix = _AND_NOT if shown else None
    return Token("operator", at, shown or sign, infix=infix, prefix=Prefix(_ONE, Not), name="-")


def _field(shown: str, at: int) -> Token:
    name = shown.strip()[:-1].lower()
    fields = _FIELDS.get(name)
    join: Callable[[Query, int], Query]
    if fields is None:
        mend = _MENDS.get(name, "Name what it stands for as words, or leave it out")
        missing = Missing(shown, f"a rule knows no field '{name}'. {mend}", at)
        join = lambda _item, _at: missing  # noqa: E731  # the two meanings side by side
    else:
        known = fields
        join = lambda item, place: In(item, known, place)  # noqa: E731
    return Token("operator", at, shown, prefix=Prefix(_ONE, join), name=name)


def _fielded(tokens: list[Token]) -> list[Token]:
    """``allintitle:`` holds for all words up to an operator."""
    found: list[Token] = []
    everything: Token | None = None
    for token in tokens:
        if token.name == "allintitle":
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


def _nothing_before(token: Token) -> Unreadable:
    why = f"before {token.text} a term is missing. Add it"
    return Unreadable(token.at, token.text, why)


@dataclass(frozen=True, slots=True)
class _Clause:
    node: Query
    part: Literal["must", "may", "not"]


class _Clauses(Parser):
    """The classic Lucene parser with OR implied: operators mark clauses, from left to right."""

    def __init__(
        self, tokens: list[Token], implied: Infix | None, end: int, notes: list[Note]
    ) -> None:
        super().__init__(tokens, implied, end)
        self._notes = notes

    def expression(self, power: int) -> Query:
        """A list of clauses; for a prefix only the next one."""
        with self.level():
            if power >= _ONE:
                return self.operand()
            return self._meaning(self._clauses())

    def _clauses(self) -> list[_Clause]:
        clauses: list[_Clause] = []
        while (token := self.peek()) is not None and token.kind != "close":
            joined = ""
            if token.name in ("AND", "OR"):
                joined = token.name
                if not clauses:
                    raise _nothing_before(token)
                self.step()
                token = self.peek()
            if token is not None and token.infix is not None and token.prefix is None:
                if not clauses:
                    raise _nothing_before(token)
                clauses.append(self._window(clauses.pop(), token))
                continue
            required = joined == "AND" or (token is not None and token.name == "+")
            node = self.operand()
            if joined == "AND" and clauses[-1].part == "may":
                clauses[-1] = _Clause(clauses[-1].node, "must")
            if isinstance(node, Not):
                clauses.append(_Clause(node.item, "not"))
            else:
                clauses.append(_Clause(node, "must" if required else "may"))
        if not clauses:
            self.operand()  # tells what is missing
        return clauses

    def _window(self, before: _Clause, token: Token) -> _Clause:
        self.step()
        assert token.infix is not None
        return _Clause(token.infix.join([before.node, self.operand()], token.at), before.part)

    def _meaning(self, clauses: list[_Clause]) -> Query:
        must = [clause.node for clause in clauses if clause.part == "must"]
        may = [clause.node for clause in clauses if clause.part == "may"]
        bad = [Not(clause.node, clause.node.at) for clause in clauses if clause.part == "not"]
        if must:
            for node in may:
                why = "optional beside a required clause: it only raised the rank"
                shown = node.text if isinstance(node, Words) else "clause"
                self._notes.append(Note(node.at, shown, why))
            wanted = must
        else:
            wanted = [may[0] if len(may) == 1 else Or(tuple(may), may[0].at)] if may else []
        if len(wanted) == 1 and not bad:
            return wanted[0]
        return And((*wanted, *bad), (wanted or bad)[0].at)
