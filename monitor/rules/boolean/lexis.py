"""Lexis and Nexis terms-and-connectors strings.

Layer 1, pure. Order of precedence, tightest first: parentheses, OR, windows of words from the
smallest number, sentence, paragraph, AND, AND NOT (help.lexisnexis.com, "Connector Order and
Priority"; support.lexis-nexis.com, GS_Connectors). W/n counts so that neighbours are W/1. Bare
words find all their forms, quoted ones only themselves (support.lexisnexis.com, SS4128).
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal

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
    paired,
    same,
)
from monitor.rules.boolean.query import (
    ANY_RUN,
    ONE,
    OPTIONAL,
    Count,
    Except,
    In,
    Missing,
    Not,
    Note,
    Or,
    Query,
    Unreadable,
    Words,
    map_words,
)
from monitor.rules.boolean.runs import Cutter
from monitor.rules.boolean.translation import Translation, translated

_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "headline": ("title",), "title": ("title",), "hlead": ("title", "lead"), "lead": ("lead",),
    "lead-para": ("lead",), "leadpara": ("lead",), "body": ("body",), "text": ("body",),
    "byline": ("author",), "author": ("author",), "publication": ("source",), "source": ("source",),
    "pub": ("source",),
}  # fmt: skip
_CASES: Final = ("caps", "allcaps", "nocaps", "singular", "plural")
_UNIT: Final = r"(?:seg|sent(?:ence)?|para(?:graph)?|s|p)"
_COMPARED: Final = (
    r"(?:>=?|<=?|=|\b(?:geq|leq|gtr|lss|aft|bef|is|after|before)\b)\s*(?:\([^()]*\)|[^\s()]+)"
)
_TOKEN: Final = re.compile(
    r"(?P<space>\s+)|(?P<open>\()|(?P<close>\))"
    r"|[\"“”„](?P<quoted>[^\"“”„]*)(?P<end>[\"“”„]|$)"
    r"|(?P<atleast>atleast\s*(?P<least>\d{1,4})\s*(?=\())"
    rf"|(?P<range>(?:length|date|pub-date|load-date)\s*{_COMPARED}(?:\s+and\s+{_COMPARED})?)"
    rf"|(?P<call>(?:{'|'.join((*_FIELDS, *_CASES))})\s*(?=\()|[a-z][a-z-]*(?=\())"
    rf"|(?P<notnear>not(?:\s+(?:w|near|pre|onear)|\s*)/\s*(?:(?P<notn>\d{{1,4}})|(?P<notunit>{_UNIT}))(?!\w))"
    r"|(?P<andnot>(?:and|but)\s*not(?![\w-])|%(?=\s))"
    r"|(?P<word>[^\s()\"“”„]+)",
    re.IGNORECASE,
)
_WINDOW: Final = re.compile(
    rf"(?:(?P<any>w|near|within)?/|(?P<ordered>pre/|onear/|\+))(?:(?P<n>\d{{1,4}})|(?P<unit>{_UNIT}))",
    re.IGNORECASE,
)
_OR, _AND, _AND_NOT = Infix(1000, any_of), Infix(200, all_of), Infix(100, all_but)
_SENTENCE, _PARAGRAPH, _SEGMENT = (
    Infix(500, same("sentence")), Infix(450, same("paragraph")), Infix(400, all_of),
)  # fmt: skip
_GROUP: Final = 10_000  # the power of what takes only its own parentheses
_LIKE_A_SENTENCE: Final = {"s": 15, "p": 50}  # words, where a unit cannot be said


def translate(text: str) -> Translation:
    """The rule of a Lexis string; see ``Translation``."""
    return translated(text, _read)


def _read(text: str, notes: list[Note]) -> Query:
    cutter = Cutter(_TOKEN, _bare_word, _phrase, lambda found: _token(found, text, notes))
    tokens = cutter.cut(text)
    if (star := re.search(r"\w\*+(?!\w)", text)) is not None:
        notes.append(Note(star.start() + 1, "*", "at the end of a word read as one letter or none, "
                          "as Nexis does; Lexis+ takes any ending. Write ! for that"))  # fmt: skip
    return Parser(tokens, None, len(text)).whole()


def _bare_word(found: re.Match[str]) -> str | None:
    """A word that is no connector: it joins the run."""
    word: str | None = found.group("word")
    return word if word and _connector(word, 0) is None else None


def _token(found: re.Match[str], text: str, notes: list[Note]) -> tuple[Token, int]:
    shown, at, end = found.group(), found.start(), found.end()
    if found.group("open"):
        return Token("open", at, shown), end
    if found.group("close"):
        return Token("close", at, shown), end
    if found.group("quoted") is not None:
        if not found.group("end"):
            raise Unreadable(at, shown[:20], "this quote is not closed. Add the other quote")
        return Token("operand", at, shown, Words(_wild(found.group("quoted")), at)), end
    if least := found.group("least"):
        count = Prefix(_GROUP, lambda item, place: Count(item, int(least), place))
        return Token("operator", at, shown, prefix=count), end
    if found.group("range"):
        return Token("operand", at, shown, _range(shown, at)), end
    if found.group("call"):
        return _call(shown, at, end, text, notes)
    if found.group("notnear"):
        return Token("operator", at, shown, infix=_not_near(found, at, notes)), end
    if found.group("andnot"):
        return Token("operator", at, shown, infix=_AND_NOT), end
    token = _connector(shown, at)
    assert token is not None  # the caller gathers other words
    if "seg" in shown.lower():
        notes.append(Note(at, shown, "one document section; read as AND"))
    elif (window := _WINDOW.fullmatch(shown)) and window.group("ordered") and window.group("unit"):
        notes.append(Note(at, shown, "a sentence or paragraph keeps no order here; found in any"))
    return token, end


def _connector(word: str, at: int) -> Token | None:
    """The connector that a word is, or None."""
    small = word.lower()
    if small in ("and", "&", "or", "not"):
        infix = {"or": _OR, "not": _AND_NOT}.get(small, _AND)
        prefix = Prefix(150, Not) if small == "not" else None
        return Token("operator", at, word, infix=infix, prefix=prefix)
    found = _WINDOW.fullmatch(word)
    if found is None:
        return None
    if found.group("n"):
        number = int(found.group("n"))
        power = 900 - min(number, 300)  # the smaller number binds tighter
        infix = Infix(power, near(max(0, number - 1), ordered=bool(found.group("ordered"))))
    else:
        infix = {"s": _SENTENCE, "p": _PARAGRAPH}.get(_unit(found.group("unit")), _SEGMENT)
    return Token("operator", at, word, infix=infix)


def _unit(written: str) -> Literal["s", "p", "seg"]:
    small = written.lower()
    return "seg" if small == "seg" else "p" if small[0] == "p" else "s"


def _not_near(found: re.Match[str], at: int, notes: list[Note]) -> Infix:
    if found.group("notn"):
        number = int(found.group("notn"))
        within, power = max(0, number - 1), 900 - min(number, 300)
    else:
        unit = _unit(found.group("notunit"))
        if unit == "seg":
            notes.append(Note(at, found.group(), "one document section; read as AND NOT"))
            return _AND_NOT
        within, power = _LIKE_A_SENTENCE[unit], 500 if unit == "s" else 450
        notes.append(
            Note(at, found.group(), f"an exclusion reaches so many words, not a sentence or "
                 f"paragraph; read as {within} words")
        )  # fmt: skip
    return Infix(power, paired(lambda item, bad, place: Except(item, bad, within, place)))


def _call(shown: str, at: int, end: int, text: str, notes: list[Note]) -> tuple[Token, int]:
    """A segment or a command with its parentheses."""
    name = shown.strip().lower()
    if name in _FIELDS:
        fields = _FIELDS[name]
        scope = Prefix(_GROUP, lambda item, place: In(item, fields, place))
        return Token("operator", at, shown, prefix=scope), end
    if name in ("and", "or", "not"):
        token = _connector(name, at)
        assert token is not None
        return token, end
    if name in _CASES:
        if name == "plural":
            notes.append(Note(at, name, "a rule has no plural only; all forms are found"))
        change = _CHANGES[name]
        return Token(
            "operator", at, shown, prefix=Prefix(_GROUP, lambda item, _: map_words(item, change))
        ), end
    end = closing(text, end)
    if name in ("length", "date", "pub-date", "load-date"):
        return Token("operand", at, shown, _range(text[at:end], at)), end
    why = "this segment has no counterpart in a rule. Use source: or labels of feeds"
    return Token("operand", at, shown, Missing(text[at:end], why, at)), end


def _range(shown: str, at: int) -> Missing:
    if shown.lower().startswith("length"):
        why = "a length is not part of match:. Write source: {min_words: …} beside it"
    else:
        why = "a date is not part of match:. Write source: {max_age: …} beside it"
    return Missing(shown, why, at)


def _phrase(at: int, text: str) -> Token:
    forms = text == text.lower() and any(char.isalpha() for char in text)
    plain = not any(sign in text for sign in "!*?") and not any(char.isdigit() for char in text)
    return Token("operand", at, text, Words(_wild(text), at, "~" if forms and plain else ""))


def _wild(text: str) -> str:
    """``!`` is any ending; ``*`` and ``?`` one letter, at the end of a word perhaps none."""
    text = re.sub(r"(?<=\w)!(?!\w)", ANY_RUN, text)
    text = re.sub(r"(?<=\w)\*+(?!\w)", lambda found: OPTIONAL * len(found.group()), text)
    return re.sub(r"(?<=\w)[*?]+|[*?]+(?=\w)", lambda found: ONE * len(found.group()), text)


def _capitalised(words: Words) -> Query:
    text = " ".join(word[0].upper() + word[1:] for word in words.text.split())
    forms = dict.fromkeys((text, text.upper()))
    return Or(tuple(Words(form, words.at, "=") for form in forms), words.at)


def _all_capitals(words: Words) -> Query:
    return replace(words, text=words.text.upper(), sigil="=")


def _small(words: Words) -> Query:
    return replace(words, text=words.text.lower(), sigil="=")


_CHANGES: Final[dict[str, Callable[[Words], Query]]] = {
    "caps": _capitalised, "allcaps": _all_capitals, "nocaps": _small,
    "singular": lambda words: replace(words, sigil=""),
    "plural": lambda words: replace(words, sigil="~"),
}  # fmt: skip
