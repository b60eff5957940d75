"""Put changes into the text of a rule file, so that its comments and layout stay.

Layer 1, pure. The text is never trusted afterwards: whoever edits parses it again and asks the
engine.
"""

from collections.abc import Sequence
from typing import Any, Final

import yaml

from monitor.rules.draft.built import Plain
from monitor.rules.draft.change import Add, Change, Path, Put, Replace, wrapped
from monitor.rules.draft.write import block, inline, listed

_LINE: Final = 100  # characters


class CannotEdit(Exception):  # noqa: N818  # says what is the case
    """The file is laid out in a way that this module does not know; the text says which."""


def edited(text: str, base: Path, changes: Sequence[Change]) -> str:
    """``text`` after the changes of the rule at ``base``: () or ("rules", 0).

    Raises:
        CannotEdit: a place was not found in the text.
    """
    for change in changes:
        text = _one(text, base, change)
    return text


def _one(text: str, base: Path, change: Change) -> str:
    node = _node(yaml.compose(text, Loader=yaml.SafeLoader), (*base, *change.path))
    match change:
        case Put(key=key, value=value):
            if isinstance(node, yaml.MappingNode):
                return _put(text, node, key, value)
            whole = wrapped(_plain(node), key, value)
            if change.path == ("match",):
                return _as_block(text, node, whole)
            return _replaced(text, node, inline(whole))
        case Add(items=items):
            if not isinstance(node, yaml.SequenceNode):
                raise CannotEdit(f"line {_line(node)} holds no list")
            return _add(text, node, items)
        case Replace(value=value):
            if isinstance(value, dict) and change.path == ("match",):
                return _as_block(text, node, value)
            shown = value if isinstance(value, str) and value.isdecimal() else inline(value)
            return _replaced(text, node, shown)


def _node(node: Any, path: Path) -> yaml.Node:
    for step in path:
        if isinstance(node, yaml.MappingNode):
            below = [value for key, value in node.value if key.value == step]
            node = below[0] if below else None
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step] if step < len(node.value) else None
        else:
            node = None
    if not isinstance(node, yaml.Node):
        raise CannotEdit(f"{'.'.join(map(str, path))} was not found")
    return node


def _put(text: str, node: yaml.MappingNode, key: str, value: Plain) -> str:
    line = f"{key}: {inline(value)}"
    if node.flow_style:
        if not node.value:
            return _insert(text, node.start_mark.index + 1, line)
        return _insert(text, _end(node.value[-1][1]), f", {line}")
    column = node.start_mark.column
    if key == "tests":
        line = f"tests:\n{listed(value, _LINE - column, '  ')}".rstrip("\n")
    elif column + len(line) > _LINE:
        line = block({key: value}, _LINE - column).rstrip("\n")
    return _below(text, node.value[-1][1], line, column)


def _add(text: str, node: yaml.SequenceNode, items: Sequence[Plain]) -> str:
    if node.flow_style:
        shown = ", ".join(inline(item) for item in items)
        if not node.value:
            return _insert(text, node.start_mark.index + 1, shown)
        return _insert(text, _end(node.value[-1]), f", {shown}")
    column = node.start_mark.column
    return _below(text, node.value[-1], listed(items, _LINE - column).rstrip("\n"), column)


def _below(text: str, last: yaml.Node, lines: str, column: int) -> str:
    """``lines`` under the line in which ``last`` ends, indented to ``column``."""
    shown = "\n".join(" " * column + line if line else "" for line in lines.split("\n"))
    end = _end(last)
    if end and text[end - 1] == "\n":  # a block text ends with its last line
        return _insert(text, end, shown + "\n")
    newline = text.find("\n", end)
    return _insert(text, len(text) if newline < 0 else newline, "\n" + shown)


def _as_block(text: str, node: yaml.Node, value: Plain) -> str:
    """A mapping below its key in place of a text or list beside or below it."""
    line_start = text.rfind("\n", 0, node.start_mark.index) + 1
    before = text[line_start : node.start_mark.index]
    column = len(before) - len(before.lstrip(" -")) + 2
    lines = block(value, _LINE - column).rstrip("\n").split("\n")
    shown = "".join(f"\n{' ' * column}{line}" for line in lines)
    end = _end(node)
    tail = "\n" if text[end - 1] == "\n" else ""
    return text[: node.start_mark.index].rstrip() + shown + tail + text[end:]


def _replaced(text: str, node: yaml.Node, shown: str) -> str:
    end = _end(node)
    tail = "\n" if text[end - 1] == "\n" else ""
    return text[: node.start_mark.index] + shown + tail + text[end:]


def _end(node: yaml.Node) -> int:
    """Where the value itself ends, without the blank lines and comments behind it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.index)


def _plain(node: yaml.Node) -> Plain:
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    return node.value


def _insert(text: str, index: int, added: str) -> str:
    return text[:index] + added + text[index:]


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
