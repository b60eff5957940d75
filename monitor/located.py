"""Values of a user's YAML file that remember where they stand.

Layer 0, no I/O. Scalars are always text here: a typed field decides later whether ``no`` is a word
or a boolean (YAML 1.1 would have turned Norway into False). Lines and columns count from 1,
columns in characters.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """``path:line:column`` of something in a user's file."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar. ``quoted`` tells ``"no"`` from ``no`` where a field cares."""

    value: str
    place: Place
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple["Node", ...]
    place: Place

    def __iter__(self) -> Iterator["Node"]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping; keys keep their own places and their order in the file."""

    pairs: tuple[tuple[Text, "Node"], ...]
    place: Place

    def get(self, key: str) -> "Node | None":
        """The value of ``key``, or None."""
        for name, value in self.pairs:
            if name.value == key:
                return value
        return None

    def key(self, key: str) -> Text | None:
        """The key itself, for its place."""
        for name, _ in self.pairs:
            if name.value == key:
                return name
        return None

    def keys(self) -> tuple[str, ...]:
        """The keys in the order of the file."""
        return tuple(name.value for name, _ in self.pairs)


Node: TypeAlias = Text | Items | Mapping


def plain(node: Node) -> object:
    """``node`` as str, list and dict, places forgotten."""
    match node:
        case Text(value=value):
            return value
        case Items(items=items):
            return [plain(item) for item in items]
        case Mapping(pairs=pairs):
            return {key.value: plain(value) for key, value in pairs}


def place_of(node: Node, path: tuple[str | int, ...]) -> Place:
    """The place of the value that ``path`` leads to; as far as the path can be followed.

    A last step that names a key of a mapping gives the place of the value, or of the key where the
    value is missing.
    """
    here = node
    for step in path:
        match here:
            case Mapping():
                found = here.get(str(step))
                if found is None:
                    return here.place
                here = found
            case Items(items=items) if isinstance(step, int) and step < len(items):
                here = items[step]
            case _:
                return here.place
    return here.place


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake (or warning) in a user's file: where, what was found, how to mend it."""

    place: Place
    message: str
    severity: str = "error"  # error | warning
    code: str = field(default="", compare=False)  # stable name, for warnings

    def __str__(self) -> str:
        mark = "" if self.severity == "error" else f"{self.severity}: "
        name = f" [{self.code}]" if self.code else ""
        return f"{self.place}: {mark}{self.message}{name}"
