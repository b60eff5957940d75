"""Changes of a rule, as values: what is put where. Applied here to plain values; edit.py does text.

Layer 1, pure. A path leads from the rule's mapping down: ("match", "near", "within").
"""

from copy import deepcopy
from dataclasses import dataclass
from typing import TypeAlias

from monitor.rules.draft.built import Plain

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Put:
    """A key for the mapping at ``path``. A text or list there becomes a mapping first."""

    path: Path
    key: str
    value: Plain


@dataclass(frozen=True, slots=True)
class Add:
    """Items for the end of the list at ``path``."""

    path: Path
    items: tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class Replace:
    """Another value at ``path``."""

    path: Path
    value: Plain


Change: TypeAlias = Put | Add | Replace


def at(root: Plain, path: Path) -> Plain:
    """The value that ``path`` leads to. Raises KeyError or IndexError where it leads nowhere."""
    for step in path:
        root = root[step]
    return root


def wrapped(value: Plain, key: str, added: Plain) -> Plain:
    """``value`` as a mapping that also holds ``key``."""
    if isinstance(value, dict):
        return {**value, key: added}
    if isinstance(value, list):
        return {"all": value, key: added}
    return {"any": [value], key: added}


def applied(root: Plain, change: Change) -> Plain:
    """``root`` after the change; ``root`` itself stays as it is."""
    match change:
        case Put(path=path, key=key, value=value):
            return _with(root, path, wrapped(at(root, path), key, deepcopy(value)))
        case Add(path=path, items=items):
            return _with(root, path, [*at(root, path), *deepcopy(list(items))])
        case Replace(path=path, value=value):
            return _with(root, path, deepcopy(value))


def _with(root: Plain, path: Path, value: Plain) -> Plain:
    if not path:
        return value
    step, *rest = path
    if isinstance(root, dict):
        return {**root, step: _with(root[step], tuple(rest), value)}
    assert isinstance(step, int)
    return [*root[:step], _with(root[step], tuple(rest), value), *root[step + 1 :]]
