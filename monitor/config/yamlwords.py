"""Says a YAML syntax error in plain words, with its place and its mend.

Pure. The texts it looks for are those of libyaml 0.2 (src/scanner.c, src/parser.c).
"""

import re
from typing import Any, Final

import yaml

from monitor.located import Place, Problem

# YAML 1.1 (4.1.4) breaks lines at these; libyaml counts lines so.
LINE_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")

_QUOTE: Final = "Put quotes around the whole value."
_MEANINGS: Final[tuple[tuple[str, str], ...]] = (
    (
        "mapping values are not allowed",
        "a ': ' that YAML does not expect here. If it belongs to the text, put quotes around the "
        "text; else check the indentation of this line and the one before.",
    ),
    (
        "did not find expected '-'",
        "this line does not fit the list above it. Check its indentation; text after a closing "
        "quote needs the quotes around all of it.",
    ),
    (
        "did not find expected key",
        "this does not fit the keys above it. Check its indentation; text after a closing quote "
        "needs the quotes around all of it.",
    ),
    (
        "found unexpected ':'",
        "a ':' inside [...] or {...} needs a space after it, or quotes around the text.",
    ),
    ("could not find expected ':'", "a key without its ':'. Write 'key: value'."),
    (
        "found unknown escape",
        "a backslash in double quotes begins an escape, and this one is unknown. "
        "Use single quotes, or write the backslash twice.",
    ),
    ("did not find expected alphabetic", f"'*' and '&' mean something in YAML. {_QUOTE}"),
    ("tag", f"a value that begins with '!' is a YAML tag, which is not supported. {_QUOTE}"),
    (
        "block sequence entries are not allowed",
        "a list item cannot stand here. Put it on its own line, indented under its key.",
    ),
    (
        "expected node content",
        "a value should stand here. Write it, or close what is open before with ] or }.",
    ),
    ("directive", "a line that begins with '%' is a YAML directive, which is not supported."),
    ("document start", "more text after the end of the value. Check the indentation."),
    ("hexdecimal", "an escape in double quotes is cut short. Use single quotes."),
    ("indentation", "the indentation of this block does not fit. Indent each line the same."),
)


def explain(error: yaml.YAMLError, text: str, shown: str) -> tuple[Problem, int | None]:
    """The Problem, and the index of the single character that stopped the parser, if one did.

    With that character replaced, the rest of the file can be looked at.
    """
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return Problem(Place(shown, 1, 1), "this is not YAML text."), None
    said = str(getattr(error, "problem", "") or "")
    context: Any = getattr(error, "context_mark", None)
    index = mark.index if mark.index < len(text) else None
    place = Place(shown, mark.line + 1, mark.column + 1)
    if "cannot start any token" in said and index is not None:
        return Problem(place, _cannot_start(text[index])), index
    if "end of stream" in said and context is not None:
        opened = Place(shown, context.line + 1, context.column + 1)
        return Problem(opened, "the quotes that open here never close. Add the closing one."), None
    if said.startswith("did not find expected ',' or") and context is not None:
        return _unclosed(said, place, context, text), None
    for words, meaning in _MEANINGS:
        if words in said:
            return Problem(place, meaning), None
    return Problem(place, f"YAML cannot be read on from here ({said or 'syntax error'})."), None


def _cannot_start(character: str) -> str:
    if character == "\t":
        return "a tab in the indentation. Use spaces."
    return f"'{character}' cannot begin a value without quotes. {_QUOTE}"


def _unclosed(said: str, place: Place, context: Any, text: str) -> Problem:
    """A flow list or mapping that met something else than a comma or its end."""
    what, end = ("list", "]") if "]" in said else ("mapping", "}")
    lines = LINE_BREAK.split(text)
    inside = lines[context.line : place.line]
    hint = f"Add the missing comma or '{end}'"
    if any(" #" in line for line in inside):
        hint += "; a ' #' begins a comment and hides what follows, unless it is quoted"
    message = f"the {what} that opens in line {context.line + 1}, column {context.column + 1} does "
    return Problem(place, f"{message}not close here. {hint}.")
