"""Mend what can be mended without changing what a rule was meant to say.

Layer 1, pure: text in, text out. Edits go to the places of the problems, so that comments and
layout stay. PyYAML's scanner says where a value begins and ends; a value that is not found there
any more, runs over lines, or no longer has the trouble, is left alone. So a second time changes
nothing.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from monitor.located import Place, Problem
from monitor.rules.lint.spelling import CLEAN

_EDGE: Final = re.compile(r"^[^\w\s=~@\"'“”*]+|(?<=\w)[^\w\s+#*\"'“”]+$")
_AT_LEAST: Final = re.compile(r"at_least:[ ]*\d+(?P<gap>,[ ]*|[ ]*\n[ ]*)of:")
_CURLY: Final = "“”„‟«»"


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int  # characters of the text
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class _Scalar:
    start: int
    end: int
    value: str
    style: str | None


class _Page:
    """A file's text with the values that its scanner finds, by place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.scalars: dict[tuple[int, int], tuple[int, _Scalar]] = {}
        self.tokens: list[Any] = []  # PyYAML's tokens carry no types
        try:
            for _ in yaml.parse(text, Loader=yaml.SafeLoader):
                pass
            self.tokens = list(yaml.scan(text, Loader=yaml.SafeLoader))
        except yaml.YAMLError:
            return  # a broken file is not touched
        for number, token in enumerate(self.tokens):
            if isinstance(token, yaml.ScalarToken):
                mark, end = token.start_mark, token.end_mark
                if mark.line == end.line:
                    place = (mark.line + 1, mark.column + 1)
                    scalar = _Scalar(mark.index, end.index, token.value, token.style)
                    self.scalars[place] = (number, scalar)


def fix(text: str, problems: Sequence[Problem]) -> tuple[str, tuple[Problem, ...]]:
    """One file's new text, and the problems that are mended in it.

    ``problems`` are those of this file; others, and those that need a person, are left out of the
    answer. Two edits of one place: the first one counts, the next run finds the rest.
    """
    page = _Page(text)
    edits: list[tuple[_Edit, Problem]] = []
    for problem in problems:
        mend = _MENDS.get(problem.code)
        if mend is None or not problem.place.path.lower().endswith((".yaml", ".yml")):
            continue
        edit = mend(page, problem)
        if edit is not None and not any(_overlap(edit, other) for other, _ in edits):
            edits.append((edit, problem))
    for edit, _ in sorted(edits, key=lambda pair: pair[0].start, reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text, tuple(problem for _, problem in edits)


def _overlap(a: _Edit, b: _Edit) -> bool:
    return a.start < b.end and b.start < a.end


def _respell(change: Callable[[str], str]) -> Callable[[_Page, Problem], _Edit | None]:
    def mend(page: _Page, problem: Problem) -> _Edit | None:
        found = page.scalars.get(_at(problem.place))
        if found is None:
            return None
        scalar = found[1]
        new = change(scalar.value)
        if new == scalar.value or not new.strip():
            return None
        return _Edit(scalar.start, scalar.end, _written(new, scalar.style))

    return mend


def _written(value: str, style: str | None) -> str:
    """``value`` as a scalar in the style it had, or in single quotes where that is not enough."""
    if style == '"' and '"' not in value and "\\" not in value:
        return f'"{value}"'
    if style is None and _is_plain(value):
        return value
    return "'" + value.replace("'", "''") + "'"


def _is_plain(value: str) -> bool:
    """Whether YAML reads the value back as it is, without quotes, in a list on one line."""
    try:
        tokens: list[Any] = list(yaml.scan(f"[{value}]", Loader=yaml.SafeLoader))
    except yaml.YAMLError:
        return False
    scalars = [token for token in tokens if isinstance(token, yaml.ScalarToken)]
    return len(scalars) == 1 and len(tokens) == 5 and scalars[0].value == value


def _without_edges(value: str) -> str:
    if value[:1] in "\"“'" or value.endswith("*"):
        return value
    return _EDGE.sub("", value)


def _straight_quotes(page: _Page, problem: Problem) -> _Edit | None:
    """``“two words”`` as ``"two words"``."""
    found = page.scalars.get(_at(problem.place))
    if found is None or found[1].style is not None:
        return None
    scalar = found[1]
    value = scalar.value
    inner = value[1:-1]
    closed = len(value) > 2 and value[0] in _CURLY and value[-1] in _CURLY
    if not closed or any(char in inner for char in f'{_CURLY}"\\'):
        return None
    return _Edit(scalar.start, scalar.end, f'"{inner}"')


def _remove_item(page: _Page, problem: Problem) -> _Edit | None:
    """Take one item out of its list, with its comma or its line."""
    found = page.scalars.get(_at(problem.place))
    if found is None or not problem.message.startswith(f"'{found[1].value.strip()}' "):
        return None
    number, scalar = found
    before, after = page.tokens[number - 1], page.tokens[number + 1]
    if isinstance(after, yaml.FlowEntryToken):
        if isinstance(before, yaml.FlowEntryToken | yaml.FlowSequenceStartToken):
            end = page.tokens[number + 2].start_mark.index
            return _on_one_line(page, scalar.start, end)
        return None
    if isinstance(before, yaml.FlowEntryToken) and isinstance(after, yaml.FlowSequenceEndToken):
        return _on_one_line(page, before.start_mark.index, scalar.end)
    return _remove_line(page, before, after, scalar)


def _on_one_line(page: _Page, start: int, end: int) -> _Edit | None:
    """The edit, where no line break, and so no comment, lies in what goes."""
    return None if "\n" in page.text[start:end] else _Edit(start, end, "")


def _remove_line(page: _Page, before: Any, after: Any, scalar: _Scalar) -> _Edit | None:  # tokens
    if not isinstance(before, yaml.BlockEntryToken):
        return None
    if not isinstance(after, yaml.BlockEntryToken | yaml.BlockEndToken):
        return None
    start = page.text.rfind("\n", 0, scalar.start) + 1
    if page.text[start : scalar.start].strip() != "-":
        return None
    end = page.text.find("\n", scalar.end)
    return None if end < 0 else _Edit(start, end + 1, "")


def _list_key(new: str) -> Callable[[_Page, Problem], _Edit | None]:
    def mend(page: _Page, problem: Problem) -> _Edit | None:
        """``at_least: 1, of:`` as ``any:``; tests that name the branch would lose it."""
        found = page.scalars.get(_at(problem.place))
        if found is None or "because: at_least" in page.text:
            return None
        written = _AT_LEAST.match(page.text, found[1].start)
        if written is None:
            return None
        gap = written["gap"]
        if "\n" in gap and len(gap.split("\n")[1]) != problem.place.column - 1:
            return None
        return _Edit(written.start(), written.end(), f"{new}:")

    return mend


def _at(place: Place) -> tuple[int, int]:
    return place.line, place.column


_MENDS: Final[dict[str, Callable[[_Page, Problem], _Edit | None]]] = {
    **{code: _respell(change) for code, change in CLEAN.items()},
    "edge-punctuation": _respell(_without_edges),
    "smart-quotes": _straight_quotes,
    "covered-term": _remove_item,
    "duplicate-term": _remove_item,
    "notify-twice": _remove_item,
    "at-least-one": _list_key("any"),
    "at-least-all": _list_key("all"),
}
FIXABLE: Final = frozenset(_MENDS)
