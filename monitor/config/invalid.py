"""Turns what pydantic refuses into Problems: place, plain words, mend.

Pure. pydantic's own messages speak of inputs and dictionaries, and may quote a secret; only the
type of its error, the place and our own validators' sentences are used.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from pydantic_core import ErrorDetails

from monitor.config.suggest import did_you_mean, short
from monitor.config.words import Word, shown
from monitor.located import Items, Mapping, Node, Place, Problem, place_of

KeyPath = tuple[str | int, ...]
_UNKNOWN: Final = frozenset({"unexpected_keyword_argument", "extra_forbidden"})
_NAMED: Final = re.compile(r"([a-z_]+): (.+)", re.DOTALL)  # "field: message"
_LIST_TYPES: Final = frozenset({"tuple_type", "list_type", "set_type"})
_MAPPING_TYPES: Final = frozenset({"dict_type", "dataclass_type", "model_type"})


def to_problems(
    errors: Iterable[ErrorDetails],
    node: Node,
    known: Callable[[KeyPath], Sequence[str] | None],
    later: Callable[[KeyPath], Sequence[str]],
) -> list[Problem]:
    """One Problem for each error, "missing" ones last.

    ``known(path)`` lists the keys of the section at ``path`` (None: any key goes), ``later(path)``
    those that a later version will know.
    """
    problems: list[Problem] = []
    missing: list[tuple[KeyPath, Problem]] = []
    of_later: set[KeyPath] = set()  # sections of a later kind: there nothing is missing
    for error in errors:
        path = tuple(step for step in error["loc"] if step != "[key]")
        if error["type"] in _UNKNOWN:
            names = later(path[:-1])
            problems.append(unknown_key(node, path, known(path[:-1]) or (), names))
            if path[-1] in names:
                of_later.add(path[:-1])
        elif error["type"] == "missing":
            message = f"'{path[-1]}' is missing. Add it."
            missing.append((path[:-1], Problem(place_of(node, path[:-1]), message)))
        else:
            problems.append(_refused(error, node, path))
    return problems + [problem for section, problem in missing if section not in of_later]


def unknown_key(
    node: Node, path: KeyPath, known: Iterable[str], later: Iterable[str] = ()
) -> Problem:
    """The Problem for a key that stands at ``path`` and means nothing there."""
    name = str(path[-1])
    place = key_place(node, path)
    if name in later:
        return Problem(place, f"'{name}' is not supported yet in this version. Remove it.")
    return Problem(place, f"'{short(name)}' is not a known key here.{did_you_mean(name, known)}")


def key_place(node: Node, path: KeyPath) -> Place:
    """The place of the key that ``path`` ends in; of its value where it is an item of a list."""
    parent = follow(node, path[:-1])
    key = parent.key(str(path[-1])) if isinstance(parent, Mapping) else None
    return place_of(node, path) if key is None else key.place


def follow(node: Node, path: KeyPath) -> Node | None:
    """The node at ``path``, or None."""
    here: Node | None = node
    for step in path:
        if isinstance(here, Mapping):
            here = here.get(str(step))
        elif isinstance(here, Items) and isinstance(step, int):
            here = here.items[step] if step < len(here) else None
        else:
            return None
    return here


def _refused(error: ErrorDetails, node: Node, path: KeyPath) -> Problem:
    place = key_place(node, path) if error["loc"][-1:] == ("[key]",) else place_of(node, path)
    value = error["input"]
    if isinstance(value, Word) and str.__str__(value) != value.shown:
        message = f"what '{short(value.shown)}' stands for does not fit here. Check its value."
        return Problem(place, message)
    message = sentence(error)
    named = _NAMED.fullmatch(message)
    if named and error["type"] == "value_error":
        field = follow(node, (*path, named[1]))
        if isinstance(follow(node, path), Mapping):
            place = place if field is None else field.place
            message = named[2]
    return Problem(place, message)


def sentence(error: ErrorDetails) -> str:
    """What is wrong, and the mend, in plain words."""
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    name = f"'{short(shown(value))}'" if isinstance(value, str) else "this"
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    if kind.startswith("int_"):
        return f"{name} is not a whole number. Write digits only."
    if kind.startswith(("float_", "finite_")):
        return f"{name} is not a number. Write digits, with a point if needed."
    if kind.startswith("bool_"):
        return f"{name} is neither true nor false. Write one of them."
    if kind == "literal_error":
        expected = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return f"{name} is not one of {', '.join(expected)}.{_near(value, expected)}"
    if kind in _LIST_TYPES:
        return "a list belongs here. Write [a, b], or one item a line after '- '."
    if kind in _MAPPING_TYPES:
        return "keys with values belong here, as in {key: value}."
    if kind.startswith("string_"):
        return "one text belongs here. Write a single value."
    return str(error["msg"]).replace("Input should be", f"{name} should be") + "."


def _near(value: object, expected: Sequence[str]) -> str:
    hint = did_you_mean(str(value), expected) if isinstance(value, str) else ""
    return hint if hint.startswith(" Did you") else ""
