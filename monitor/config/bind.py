"""Builds a notifier from its options: each dataclass field is an option, converted by its type.

Layer 3 (secret files). Knows str, int, float, bool, Secret, Path, ``Literal[…]``, ``X | None``,
``tuple[X, …]`` (one text counts as a list of one) and ``dict[str, X]``; pydantic converts. A field
called ``from_`` is the option ``from``.
"""

import dataclasses
import keyword
import re
import types
from collections.abc import Mapping as AbstractMapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from monitor.config.fields import found, read_flag, read_secret, read_text
from monitor.config.invalid import KeyPath, sentence, unknown_key
from monitor.config.paths import from_file
from monitor.config.resolve import Resolver, is_blank
from monitor.config.suggest import short
from monitor.config.words import Word
from monitor.located import Mapping, Node, Place, Problem, place_of
from monitor.secret import Secret, redact

_CONFIG: Final = ConfigDict(arbitrary_types_allowed=True, allow_inf_nan=False)
_NAMED: Final = re.compile(r"([A-Za-z_]\w*): (.+)", re.DOTALL)  # "field: message"


def bind(
    cls: type, options: Mapping, base: Path, environ: AbstractMapping[str, str]
) -> tuple[object | None, tuple[Problem, ...]]:
    """An instance of the dataclass ``cls``, or None if there is an error; and every Problem.

    ``base`` is the folder that relative paths start at. The class may refuse the options as a
    whole: ``__post_init__`` raising ValueError, or ``check()`` returning a text; a text that begins
    with ``option: `` is placed there. Secrets are masked in it.
    """
    hints = get_type_hints(cls, include_extras=True)
    fields = {option_name(field.name): field for field in dataclasses.fields(cls) if field.init}
    written = options.keys()
    problems = [unknown_key(options, (name,), fields) for name in written if name not in fields]
    values: dict[str, Any] = {}
    for name, field in fields.items():
        node = options.get(name)
        if node is not None and not is_blank(node):
            value, told = _convert(name, node, hints[field.name], base, environ)
            problems += told
            values[field.name] = value
        elif _is_required(field):
            place = options.place if node is None else node.place
            problems.append(Problem(place, f"'{name}' is missing. Add it."))
    instance: object | None = None
    if not any(problem.severity == "error" for problem in problems):
        instance, told = _build(cls, values, options)
        problems += told
    return instance, tuple(sorted(problems, key=lambda problem: problem.place))


def option_name(field: str) -> str:
    """The key of a field: a trailing underscore that only avoids a Python keyword goes."""
    bare = field.removesuffix("_")
    return bare if keyword.iskeyword(bare) else field


def _is_required(field: "dataclasses.Field[Any]") -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def _convert(
    name: str, node: Node, hint: Any, base: Path, environ: AbstractMapping[str, str]
) -> tuple[object, list[Problem]]:
    """The value of one option as its type wants it."""
    resolver = Resolver(base, environ, lambda _: False)
    kind = _core(hint)
    if get_origin(kind) is dict and isinstance(node, Mapping):
        # {file: x} is an entry here, and no secret file.
        plain: object = {
            key.value: resolver.plain(item, (name, key.value)) for key, item in node.pairs
        }
    else:
        plain = resolver.plain(node, (name,))
    if any(problem.severity == "error" for problem in resolver.problems):
        return None, resolver.problems
    shape = _Shape(base)
    shaped = shape.fit(hint, plain, ())
    told = [_placed(node, path, plain, message) for path, message in shape.refused]
    if told:
        return None, resolver.problems + told
    try:
        return TypeAdapter(hint, config=_CONFIG).validate_python(shaped), resolver.problems
    except ValidationError as error:
        # Of a union each member complains; one complaint for each place is enough.
        first: dict[Place, Problem] = {}
        for detail in error.errors(include_url=False):
            problem = _placed(node, detail["loc"], plain, sentence(detail))
            first.setdefault(problem.place, problem)
        return None, resolver.problems + list(first.values())


def _placed(node: Node, path: KeyPath, plain: object, message: str) -> Problem:
    """A Problem at ``path``; a text from outside the file is never quoted."""
    value = plain
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
    if isinstance(value, Word) and str.__str__(value) != value.shown:
        message = f"what '{short(value.shown)}' stands for does not fit here. Check its value."
    return Problem(place_of(node, path), message)


def _core(hint: Any) -> Any:
    """``hint`` without Annotated and ``| None``; a union of several types stays."""
    if get_origin(hint) is Annotated:
        return _core(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        members = [member for member in get_args(hint) if member is not type(None)]
        return _core(members[0]) if len(members) == 1 else hint
    return hint


class _Shape:
    """Fits texts, lists and dicts to a type, as far as pydantic does not know our kinds."""

    def __init__(self, base: Path) -> None:
        self.refused: list[tuple[KeyPath, str]] = []
        self._base = base

    def fit(self, hint: Any, value: object, path: KeyPath) -> object:
        """``value`` for ``hint``; what cannot be is noted in ``refused``."""
        kind = _core(hint)
        origin, arguments = get_origin(kind), get_args(kind)
        if origin in (tuple, list, frozenset):
            items = [value] if isinstance(value, str) else value
            if not isinstance(items, list):
                return items
            item_kind = arguments[0] if arguments else str
            return [self.fit(item_kind, item, (*path, at)) for at, item in enumerate(items)]
        if origin is dict and isinstance(value, dict):
            item_kind = arguments[1]
            return {
                str.__str__(key): self.fit(item_kind, item, (*path, key))
                for key, item in value.items()
            }
        try:
            return self._scalar(kind, value)
        except ValueError as error:
            self.refused.append((path, str(error)))
            return None

    def _scalar(self, kind: Any, value: object) -> object:
        if kind is Secret:
            return read_secret(value)
        if kind is str:
            return read_text(value)
        if kind is bool:
            return read_flag(value)
        if kind is Path:
            if not isinstance(value, str):
                raise found(value, "one path")
            return from_file(self._base, value)
        if get_origin(kind) is Literal and not isinstance(value, str):
            raise found(value, f"one of {', '.join(map(str, get_args(kind)))}")
        return value


def _build(
    cls: type, values: dict[str, Any], options: Mapping
) -> tuple[object | None, list[Problem]]:
    try:
        instance: object = cls(**values)
    except ValueError as error:
        return None, [_complaint(str(error), options)]
    check = getattr(instance, "check", None)
    complaint = check() if callable(check) else None
    if isinstance(complaint, str) and complaint:
        return None, [_complaint(complaint, options)]
    return instance, []


def _complaint(message: str, options: Mapping) -> Problem:
    """The class's own refusal, at the option that it begins with."""
    named = _NAMED.fullmatch(message)
    if named:
        name = option_name(named[1])
        node = options.get(name)
        if node is not None:
            return Problem(node.place, redact(named[2]))
    return Problem(options.place, redact(message))
