"""Translate a file of Boolean strings into a rule file.

Layer 1, pure. A string ends at a blank line, and at a line's end where nothing is open: no
parenthesis, no quote, no operator before or after the break. Lines that begin with ``#`` are
comments; one directly above a string becomes the rule's title.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from monitor.rules.boolean import factiva, lexis, lucene, meltwater
from monitor.rules.boolean.translation import Lost, Translation
from monitor.rules.boolean.writing import scalar

DIALECTS: Final[dict[str, Callable[[str], Translation]]] = {
    "lexis": lexis.translate,
    "factiva": factiva.translate,
    "meltwater": meltwater.translate,
    "lucene": lucene.translate,
}
_OPERATOR: Final = (
    r"(?:and|or|not|&&|\|\|?|&|same|but|o?near(?:/?\d+)?|adj\d*|(?:w|pre|onear)?/\w+|w/\w+)"
)
_ENDS_OPEN: Final = re.compile(rf"(?:^|[\s)\]\"”]){_OPERATOR}\s*$", re.IGNORECASE)
_BEGINS_OPEN: Final = re.compile(rf"\s*(?:{_OPERATOR}(?=[\s(\[\"“]|$)|[)\]])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ImportedString:
    """One string of a file. ``line`` is where it begins; places in ``lost`` are the file's."""

    id: str
    title: str
    line: int
    text: str
    rule: str
    lost: tuple[Lost, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """All strings of a file. ``rules`` is the text of a rule file, empty if nothing could be kept.

    ``complete`` says whether every string gave a rule.
    """

    strings: tuple[ImportedString, ...]
    rules: str

    @property
    def complete(self) -> bool:
        return all(string.rule for string in self.strings)


def translate_file(text: str, dialect: str, *, name: str = "imported") -> Imported:
    """Translate each string of ``text``. Rules are called ``name``, or ``name``-1, -2, …

    Raises:
        KeyError: ``dialect`` is none of DIALECTS.
    """
    translate = DIALECTS[dialect]
    found = list(_strings(text))
    strings: list[ImportedString] = []
    for number, (line, title, string) in enumerate(found, 1):
        translation = translate(string)
        lost = tuple(replace(loss, line=loss.line + line - 1) for loss in translation.lost)
        own = name if len(found) == 1 else f"{name}-{number}"
        strings.append(ImportedString(own, title, line, string, translation.rule, lost))
    return Imported(tuple(strings), _rule_file(strings))


def _strings(text: str) -> Iterator[tuple[int, str, str]]:
    """(first line, title, text) of each string."""
    title, start, lines, inside = "", 0, list[str](), _Inside()
    for number, line in enumerate([*text.removeprefix("\ufeff").splitlines(), ""], 1):
        if lines and not (line.strip() and _goes_on(inside, lines[-1], line)):
            yield start, title, "\n".join(lines)
            title, lines, inside = "", [], _Inside()
        if not lines and line.lstrip().startswith("#"):
            title = line.strip().lstrip("# ").strip()
        elif line.strip():
            start = start if lines else number
            lines.append(line)
            inside = inside.after(line)
        else:
            title = ""


@dataclass(frozen=True, slots=True)
class _Inside:
    """What is open at the end of a line."""

    depth: int = 0
    quoted: bool = False

    def after(self, line: str) -> "_Inside":
        depth, quoted = self.depth, self.quoted
        for char in line:
            if char in '"“”„':
                quoted = not quoted
            elif not quoted:
                depth += (char in "([") - (char in ")]")
        return _Inside(max(0, depth), quoted)


def _goes_on(inside: _Inside, before: str, line: str) -> bool:
    """Whether a line belongs to the string whose last line is ``before``."""
    if inside.depth or inside.quoted:
        return True
    return bool(_ENDS_OPEN.search(before) or _BEGINS_OPEN.match(line))


def _rule_file(strings: list[ImportedString]) -> str:
    kept = [string for string in strings if string.rule]
    if not kept:
        return ""
    lines = ["rules:"]
    for string in kept:
        lines += [f"  # {line}" for line in string.text.splitlines()]
        lines += [f"  # not as written: {loss}" for loss in string.lost]
        lines.append(f"  - id: {scalar(string.id)}")
        if string.title:
            lines.append(f"    title: {scalar(_printable(string.title))}")
        lines += [f"    {line}" for line in string.rule.splitlines()]
    return "\n".join(line if line[:3] != "  #" else _printable(line) for line in lines) + "\n"


def _printable(text: str) -> str:
    """The text without what YAML may not hold, comments included."""
    return "".join(
        char if char.isprintable() and not 0xD800 <= ord(char) <= 0xF8FF else " " for char in text
    )
