"""Write a rule's tree as YAML that people read: short lists on one line, the rest as blocks.

Layer 1, pure. The tree is text, lists and dicts as in a rule file. A general YAML writer would
quote and fold by rules of its own; here every term stays on one line.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

Tree: TypeAlias = str | int | Sequence["Tree"] | Mapping[str, "Tree"]

_WIDTH: Final = 88  # characters of a line, where it can be helped
_PLAIN: Final = re.compile(r"[^\W\d_]\w*(?:[ &-]?\w+)*")  # no sign that YAML could take for its own


def as_yaml(match: Tree) -> str:
    """``match: …`` with the tree, lines ended."""
    return "\n".join(_entry("match", match, "")) + "\n"


def scalar(text: str) -> str:
    """A text as one YAML scalar on one line."""
    return text if _PLAIN.fullmatch(text) else "'" + text.replace("'", "''") + "'"


def _entry(key: str, value: Tree, indent: str) -> list[str]:
    line = f"{indent}{key}: {_flow(value)}"
    if len(line) <= _WIDTH or isinstance(value, str | int):
        return [line]
    return [f"{indent}{key}:", *_block(value, f"{indent}  ")]


def _block(value: Tree, indent: str) -> list[str]:
    if isinstance(value, Mapping):
        return [line for key, inner in value.items() for line in _entry(key, inner, indent)]
    if isinstance(value, str | int):
        return [f"{indent}{_flow(value)}"]
    lines: list[str] = []
    for item in value:
        inner = [f"{indent}  {_flow(item)}"]
        if len(inner[0]) > _WIDTH and not isinstance(item, str | int):
            inner = _block(item, f"{indent}  ")
        lines += [f"{indent}- {inner[0][len(indent) + 2 :]}", *inner[1:]]
    return lines


def _flow(value: Tree) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    return "[" + ", ".join(_flow(item) for item in value) + "]"
