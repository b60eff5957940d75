"""Builds located values from YAML events and tells what is not allowed or surely a mistake.

Pure. One frame per open collection; nothing recurses.
"""

import re
from collections.abc import Callable
from typing import Any, Final

import yaml

from monitor.located import Items, Mapping, Node, Place, Problem, Text

MAX_DEPTH: Final = 40  # collections in each other
MAX_NODES: Final = 250_000
MAX_PROBLEMS: Final = 50  # told per file; a file with more needs another look first

_GLUED_COMMENT: Final = re.compile(r"[ \t]+#(?=[^\s#])")
_GLUED: Final = re.compile(r"[ \t]#[^\s#]")  # anywhere in a file; linear over long blanks
_MARKER_INSIDE: Final = re.compile(r"[\n\r][ \t]*- ")
_OPENING, _CLOSING = "“”„«»‘‚‹「", "”“»«’‘›」"


class Broken(Exception):  # noqa: N818  # a signal inside this package, not an error for callers
    """Reading cannot go on; carries the Problem that says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


class _List:
    """An open list."""

    __slots__ = ("items", "place")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.items: list[Node] = []

    def add(self, node: Node) -> None:
        self.items.append(node)

    def close(self) -> Node:
        return Items(tuple(self.items), self.place)


class _Map:
    """An open mapping: ``key`` is set while its value is awaited; ``drop``: the value is lost."""

    __slots__ = ("drop", "first", "key", "pairs", "place")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.pairs: list[tuple[Text, Node]] = []
        self.first: dict[str, Place] = {}
        self.key: Text | None = None
        self.drop = False

    def add(self, node: Node) -> None:
        if self.key is None:  # a list or mapping where a key is due; already told
            self.key, self.drop = Text("", node.place), True
            return
        if not self.drop:
            self.pairs.append((self.key, node))
        self.key, self.drop = None, False

    def close(self) -> Node:
        return Mapping(tuple(self.pairs), self.place)


class Builder:
    """Takes events in order; ``root`` is the tree, ``problems`` what was found so far."""

    def __init__(self, text: str, shown: str) -> None:
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._text = text
        self._shown = shown
        self._open: list[_List | _Map] = []
        self._nodes = 0
        self._documents = 0
        self._may_swallow = _GLUED.search(text) is not None
        self._handlers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceEndEvent: self._end,
            yaml.MappingEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def take(self, event: Any) -> None:
        """Go on with one event. Raises Broken where the rest of the file cannot be trusted."""
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            message = "a second document begins here ('---'). Put it into a file of its own."
            raise Broken(Problem(self._place(event.start_mark), message))

    def _start(self, event: Any) -> None:
        place = self._place(event.start_mark)
        self._count(event)
        self._refuse_marks(event, place)
        if len(self._open) >= MAX_DEPTH:
            message = f"values nest deeper than {MAX_DEPTH} levels here. Make the file flatter."
            raise Broken(Problem(place, message))
        if self._awaits_key():
            self._tell(
                place,
                "a list or mapping stands where a key should be. A key is plain text; "
                "put quotes around it if it begins with [ or {.",
            )
        is_list = isinstance(event, yaml.SequenceStartEvent)
        self._open.append(_List(place) if is_list else _Map(place))

    def _end(self, event: Any) -> None:  # noqa: ARG002  # the event says only "end"
        self._add(self._open.pop().close())

    def _alias(self, event: Any) -> None:
        place = self._place(event.start_mark)
        self._count(event)
        self._tell(
            place,
            "a value that begins with '*' is a YAML alias, which is not supported. "
            "Write the value out, or put quotes around it if it is text.",
        )
        self._add(Text("", place))

    def _scalar(self, event: Any) -> None:
        mark = event.start_mark
        place = Place(self._shown, mark.line + 1, mark.column + 1)
        self._count(event)
        if event.anchor is not None or event.tag is not None:
            self._refuse_marks(event, place)
        plain = not event.style
        node = Text(event.value, place, not plain)
        top = self._open[-1] if self._open else None
        if isinstance(top, _Map) and top.key is None:
            self._key(top, node)
            return
        if plain:
            self._check_plain(event, node, in_list=isinstance(top, _List))
        self._add(node)

    def _key(self, top: _Map, key: Text) -> None:
        top.key = key
        first = top.first.get(key.value)
        if key.value == "<<" and not key.quoted:
            top.drop = True
            self._tell(key.place, "the merge key '<<' is not supported. Write the keys out.")
        elif first is not None:
            top.drop = True
            self._tell(
                key.place,
                f"the key '{_short(key.value)}' is here twice; the first is in line {first.line}, "
                f"column {first.column}. Keep one of them.",
            )
        else:
            top.first[key.value] = key.place

    def _check_plain(self, event: Any, node: Text, *, in_list: bool) -> None:
        mark = event.end_mark
        end = mark.index
        if self._may_swallow and (comment := _GLUED_COMMENT.match(self._text, end)) is not None:
            self._swallowed(event, comment, in_list=in_list, empty=not node.value)
        if mark.line != event.start_mark.line and _MARKER_INSIDE.search(
            self._text, event.start_mark.index, end
        ):
            self._tell(
                node.place,
                "a line below that begins with '- ' is read as more of this text. "
                "Give list items the same indentation, or put quotes around the text.",
            )
        if node.value[:1] in _OPENING and _in_typographic_quotes(node.value):
            self._tell(
                node.place,
                "these are typographic quotes, which YAML takes as part of the text. "
                'Use straight ones (").',
                severity="warning",
                code="smart-quotes",
            )

    def _swallowed(self, event: Any, found: re.Match[str], *, in_list: bool, empty: bool) -> None:
        """A '#' glued to text: in lists and instead of a value a mistake, else worth a warning.

        The text is not shown: it may be a part of a password.
        """
        mark = event.end_mark
        place = Place(self._shown, mark.line + 1, mark.column + found.end() - found.start())
        surely = in_list or empty
        self._tell(
            place,
            "' #' begins a comment, so the rest of this line is lost. If it belongs to the text, "
            'quote it all ("C #sharp"); if it is a comment, put a space after the #.',
            severity="error" if surely else "warning",
            code="" if surely else "glued-comment",
        )

    def _refuse_marks(self, event: Any, place: Place) -> None:
        if event.anchor is not None:
            self._tell(
                place,
                "a value that begins with '&' is a YAML anchor, which is not supported. "
                "Remove it, or put quotes around the value if it is text.",
            )
        if event.tag is not None:
            self._tell(
                place,
                "a value that begins with '!' is a YAML tag, which is not supported. "
                "Remove it, or put quotes around the value if it is text.",
            )

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].add(node)
        else:
            self.root = node

    def _awaits_key(self) -> bool:
        top = self._open[-1] if self._open else None
        return isinstance(top, _Map) and top.key is None

    def refuse_too_many(self, event: Any) -> None:
        """Raises Broken: with this event there are more values than ``MAX_NODES``."""
        message = f"more than {MAX_NODES:,} values. Split the file into several."
        raise Broken(Problem(self._place(event.start_mark), message))

    def _count(self, event: Any) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self.refuse_too_many(event)

    def _place(self, mark: Any) -> Place:
        return Place(self._shown, mark.line + 1, mark.column + 1)

    def _tell(self, place: Place, message: str, severity: str = "error", code: str = "") -> None:
        if len(self.problems) >= MAX_PROBLEMS:
            message = f"more than {MAX_PROBLEMS} problems in this file. Mend those above first."
            raise Broken(Problem(place, message))
        self.problems.append(Problem(place, message, severity, code))


def _in_typographic_quotes(value: str) -> bool:
    """Whether typographic quotes hold the whole value, or one opens it and never closes."""
    if len(value) < 2 or value[0] not in _OPENING:
        return False
    inside = value[1:]
    return inside[-1] in _CLOSING or not any(mark in _CLOSING for mark in inside)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
