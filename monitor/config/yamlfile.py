"""Reads a user's YAML file into values that know their places, and finds all its mistakes.

Layer 3 (``read`` touches the disk; ``parse`` is pure). Only the plain part of YAML is taken:
mappings, lists and text. Anchors, aliases, tags and merge keys are refused, for they are what
turns a small file into a large one, and none of our files needs them. The parser's events are
walked without recursion, so that depth is a number here and never a stack overflow.
Lines and columns count from 1, columns in characters.
"""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import yaml

from monitor.config import yamlwords
from monitor.config.yamltree import MAX_DEPTH, MAX_NODES, Broken, Builder
from monitor.located import Node, Place, Problem

MAX_BYTES: Final = 5_000_000
_BOM: Final = b"\xef\xbb\xbf"
# What libyaml's reader refuses (YAML 1.1, 5.1): said here, to name the place and not an offset.
_FORBIDDEN: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_SEPARATORS: Final = ",\n:[{-"  # no file has many more values than these
_RETRY_CHARACTERS: Final = 2_000_000  # how much text the search for further syntax errors may read
_RETRIES: Final = 50

Result = tuple[Node | None, tuple[Problem, ...]]


def read(path: Path, shown: str | None = None) -> Result:
    """What ``path`` holds; see ``parse``. A file that cannot be read is a Problem too.

    ``shown`` is how messages name the file; default: the path as given.
    """
    name = shown if shown is not None else str(path)
    data, problem = read_bytes(path, name)
    if data is None:
        return None, (problem,) if problem else ()
    return parse(data, name)


def parse(data: bytes, shown: str) -> Result:
    """The tree of one YAML document, and every Problem found on the way.

    The tree is None if the file is empty (then there is no Problem) or so broken that nothing can
    be said about the rest. Otherwise a tree is given even where there are errors, so that further
    checks can add theirs: a duplicate key keeps its first value, an alias becomes an empty text.
    An empty value (``key:``) is an unquoted ``Text("")``.
    """
    text, problem = decode(data, shown)
    if problem is not None:
        return None, (problem,)
    with _no_collecting():
        return _parse_text(text, shown)


def read_bytes(path: Path, shown: str) -> tuple[bytes | None, Problem | None]:
    """The content of a user's file, at most ``MAX_BYTES``, or why it cannot be had."""
    start = Place(shown, 1, 1)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None, Problem(start, "there is no such file. Check the path.")
    except IsADirectoryError:
        return None, Problem(start, "this is a folder. Name a file in it.")
    except PermissionError:
        return None, Problem(start, "this file may not be read. Check its permissions (ls -l).")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or "the path is not valid"
        return None, Problem(start, f"this file cannot be read: {reason}.")
    if len(data) > MAX_BYTES:
        return None, Problem(start, _too_large())
    return data, None


def decode(data: bytes, shown: str) -> tuple[str, Problem | None]:
    """UTF-8 text without a byte order mark, or the place of the first byte that is not text."""
    if len(data) > MAX_BYTES:
        return "", Problem(Place(shown, 1, 1), _too_large())
    body = data.removeprefix(_BOM)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        before = body[: error.start].decode("utf-8")
        message = "this is not UTF-8 text. Save the file with the encoding UTF-8."
        return "", Problem(place_at(before, len(before), shown), message)
    bad = _FORBIDDEN.search(text)
    if bad is not None:
        message = f"a control character (U+{ord(bad[0]):04X}) that no text needs. Remove it."
        return "", Problem(place_at(text, bad.start(), shown), message)
    return text, None


def place_at(text: str, index: int, shown: str) -> Place:
    """Line and column, from 1, of the character at ``index``."""
    lines = yamlwords.LINE_BREAK.split(text[:index])
    return Place(shown, len(lines), len(lines[-1]) + 1)


def _too_large() -> str:
    return f"this file is larger than {MAX_BYTES // 1_000_000} MB. Split it into several files."


def _parse_text(text: str, shown: str) -> Result:
    """Parse; where a single character stopped the parser, neutralise it and look further."""
    syntax: list[Problem] = []
    rest = text
    retries = min(_RETRIES, _RETRY_CHARACTERS // (len(text) + 1))
    while True:
        builder = Builder(rest, shown)
        try:
            node = _build(builder, rest)
        except Broken as stop:
            return None, _in_order([*syntax, *builder.problems, stop.problem])
        except yaml.YAMLError as error:
            problem, at = yamlwords.explain(error, rest, shown)
            if problem not in syntax:
                syntax.append(problem)
            if at is None or retries <= 0:
                return None, _in_order([*syntax, *builder.problems])
            retries -= 1
            rest = f"{rest[:at]}{' ' if rest[at].isspace() else '_'}{rest[at + 1 :]}"
        else:
            return None if syntax else node, _in_order([*syntax, *builder.problems])


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Many values are made and none is garbage: looking for some doubles the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _build(builder: Builder, text: str) -> Node | None:
    if sum(map(text.count, _SEPARATORS)) > 2 * MAX_NODES:
        _refuse_too_many(builder, text)
    # libyaml's parser through its event interface; "safe" is the name, no loading takes place.
    events: Any = yaml.parse(text, Loader=yaml.CSafeLoader)
    for event in events:
        builder.take(event)
    return builder.root


def _refuse_too_many(builder: Builder, text: str) -> None:
    """Count the values of a large file first: building them takes five times as long."""
    nodes = depth = 0
    events: Any = yaml.parse(text, Loader=yaml.CSafeLoader)
    for event in events:
        nodes += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return  # the builder tells; libyaml gets slower with every level
        if nodes > MAX_NODES:
            builder.refuse_too_many(event)


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.place))
