"""The user's own wording of a message: Jinja2 templates that can neither reach out nor hang.

Layer 1, pure. A template is the operator's; the values in it are strangers' words, which are
cleaned before and are never read as a template themselves. Three walls:

- Jinja's immutable sandbox: no private attributes, no changes (escapes were mended up to 3.1.6).
- Only the parts of the language that a message needs (``_ALLOWED``): values, their fields, filters
  of ours, tests, ``if`` and ``for``. No calls, macros, includes, assignments or arithmetic, so that
  nothing can grow from what is given.
- Budgets: the size of the template, the work of all loops and filters together, the size of the
  result.

Sources: jinja.palletsprojects.com, "Sandbox" (it says itself that it limits neither time nor
memory); CVE-2024-56326, CVE-2024-56201 and CVE-2025-27516.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

import jinja2
from jinja2 import meta, nodes
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitor.alerts.escape import clean, cut
from monitor.alerts.render_slack import slack_escape
from monitor.alerts.template_values import NAMES, values
from monitor.model import Alert

TEMPLATE_LIMIT: Final = 20_000  # characters
ROUNDS_LIMIT: Final = 5_000  # of all loops of one rendering; fewer in a long template
WORK_LIMIT: Final = 5_000_000  # characters that go through filters in one rendering
RESULT_LIMIT: Final = 200_000  # characters

_ALLOWED: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Name,
    nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
)  # fmt: skip
_TESTS: Final = frozenset({"defined", "undefined", "none", "string", "number"})


class TemplateError(ValueError):
    """A template cannot be used, or failed; the text names the line and holds no value."""


def check(template: str) -> None:
    """Return if ``template`` can be rendered at all.

    Raises:
        TemplateError: it is too long, no Jinja, or asks for what is not there.
    """
    _compiled(template, "text")


def render(template: str, alert: Alert, kind: str = "text", public_url: str | None = None) -> str:
    """``template`` with the values of ``alert`` (docs/notifiers.md, "Templates").

    ``kind`` says how values are escaped: ``text`` (they are clean already), ``html``, ``slack``
    (for mrkdwn), ``json`` (nothing: use the filter ``tojson``).

    Raises:
        TemplateError: it cannot be used, or went over a budget.
    """
    compiled, size = _compiled(template, kind)
    budget = _Budget(rounds=min(ROUNDS_LIMIT, _NODE_ROUNDS // size))
    given = {**values(alert, public_url), _METER: budget.meter, _BUDGET: budget}
    try:
        return _joined(compiled.generate(given))
    except TemplateError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever a template does must not stop a message
        raise TemplateError(_told(error)) from None


_METER: Final = "_metered"
_BUDGET: Final = "_budget"
_NODE_ROUNDS: Final = 2_000_000  # rounds, times the nodes of the template's tree


class _Budget:
    """Counts what one rendering does."""

    def __init__(self, rounds: int) -> None:
        self._rounds = rounds
        self._work = WORK_LIMIT

    def meter(self, items: Iterable[Any]) -> Iterator[Any]:
        """``items``, each of them one round."""
        for item in items:
            self._rounds -= 1
            if self._rounds < 0:
                raise TemplateError("its loops run too many rounds")
            yield item

    def charge(self, value: object) -> None:
        """A filter has made ``value``, or was given it."""
        self._work -= len(value) if isinstance(value, str) else 100
        if self._work < 0:
            raise TemplateError("its filters have too much to do")


def _joined(pieces: Iterable[str]) -> str:
    kept: list[str] = []
    left = RESULT_LIMIT
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise TemplateError(f"its result is longer than {RESULT_LIMIT} characters")
        kept.append(piece)
    return "".join(kept)


@lru_cache(maxsize=64)
def _compiled(template: str, kind: str) -> tuple[jinja2.Template, int]:
    """The template made ready, and how many nodes its tree has."""
    if len(template) > TEMPLATE_LIMIT:
        raise TemplateError(f"it is longer than {TEMPLATE_LIMIT} characters")
    environment = _environment(kind)
    try:
        tree = environment.parse(template)
        size = _inspect(tree)
        _know_names(tree)
        code = environment.compile(_with_meters(tree, environment))
    except TemplateError:
        raise
    except jinja2.TemplateError as error:
        raise TemplateError(_told(error)) from None
    except RecursionError:
        raise TemplateError("it is nested too deeply") from None
    except ValueError:  # Python reads no number of thousands of digits
        raise TemplateError("it holds a number that is too long") from None
    return jinja2.Template.from_code(environment, code, {}), size


@lru_cache(maxsize=8)
def _environment(kind: str) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        autoescape=kind == "html",
        finalize=_for_slack if kind == "slack" else None,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()  # range, lipsum, cycler, …: nothing that a message needs
    environment.filters.clear()
    environment.filters.update({name: _charged(made) for name, made in _FILTERS.items()})
    return environment


def _charged(made: Callable[..., Any]) -> Callable[..., Any]:
    """The filter ``made``, on the budget of the rendering."""

    @jinja2.pass_context
    def filtered(context: Context, value: object, *given: object) -> object:
        budget = context[_BUDGET]
        budget.charge(value)
        result = made(value, *given)
        budget.charge(result)
        return result

    return filtered


def _inspect(tree: nodes.Template) -> int:
    """How many nodes the tree has; all of them are allowed.

    Raises:
        TemplateError: one is not.
    """
    size = 0
    for node in _all(tree):
        size += 1
        line = f"line {node.lineno}: " if node.lineno else ""
        if not isinstance(node, _ALLOWED):
            raise TemplateError(f"{line}{_named(node)} cannot be used in a template")
        if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
            known = ", ".join(_FILTERS)
            raise TemplateError(f"{line}there is no filter '{node.name}'. There are: {known}")
        if isinstance(node, nodes.Test) and node.name not in _TESTS:
            known = ", ".join(sorted(_TESTS))
            raise TemplateError(f"{line}there is no test '{node.name}'. There are: {known}")
        name = node.attr if isinstance(node, nodes.Getattr) else getattr(node, "name", None)
        if isinstance(name, str) and (name.startswith("_") or name == "self"):
            raise TemplateError(f"{line}'{cut(name, 40)}' is not for templates")
        if isinstance(node, nodes.For) and node.recursive:
            raise TemplateError(f"{line}a recursive loop cannot be used in a template")
    return size


def _know_names(tree: nodes.Template) -> None:
    unknown = sorted(meta.find_undeclared_variables(tree) - NAMES)
    if unknown:
        known = ", ".join(sorted(NAMES))
        raise TemplateError(f"there is no value '{cut(unknown[0], 40)}'. There are: {known}")


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _all(child)


def _named(node: nodes.Node) -> str:
    name = type(node).__name__
    if isinstance(node, nodes.BinExpr):
        return f"arithmetic ({name})"
    return _WORDS.get(name, f"'{name.lower()}'")


_WORDS: Final = {
    "Call": "a call",
    "Assign": "'set'",
    "AssignBlock": "'set'",
    "FromImport": "'import'",
    "List": "a list",
    "Dict": "a mapping",
    "Tuple": "a list",
    "Slice": "a slice",
    "Concat": "'~'",
}


def _with_meters(
    tree: nodes.Template, environment: ImmutableSandboxedEnvironment
) -> nodes.Template:
    """The tree with every loop counted: its iterable goes through the budget of the rendering."""
    for loop in list(tree.find_all(nodes.For)):
        meter = nodes.Name(_METER, "load", lineno=loop.lineno)
        loop.iter = nodes.Call(meter, [loop.iter], [], None, None, lineno=loop.lineno)
    tree.set_environment(environment)
    return tree


def _told(error: Exception) -> str:
    """What went wrong, in one line; an unforeseen error by its kind only, for it may hold text."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"line {error.lineno}: {cut(clean(error.message or 'no Jinja'), 200)}"
    if isinstance(error, jinja2.UndefinedError):
        return cut(clean(error.message or "an unknown name"), 200)
    return f"it failed ({type(error).__name__})"


def _for_slack(value: object) -> object:
    return slack_escape(str(value))


def _text(value: object) -> str:
    if isinstance(value, Undefined):
        return str(value)  # raises: an unknown name
    return value if isinstance(value, str) else str(value)


def _default(value: object, other: str = "") -> object:
    """``other`` where there is nothing."""
    return other if isinstance(value, Undefined) or not value else value


def _join(value: object, separator: str = ", ") -> str:
    """A list as one text. A text is no list: joining its letters again and again would grow."""
    if not isinstance(value, tuple):
        raise TemplateError("join needs a list")
    return separator.join(map(_text, value))


def _truncate(value: object, length: int = 255) -> str:
    return cut(_text(value), max(1, length))


def _replace(value: object, old: str, new: str = "") -> str:
    text = _text(value)
    size = len(text) + text.count(old) * len(new)
    if not old or size > RESULT_LIMIT:
        raise TemplateError("replace needs something to look for, and a result of some length")
    return text.replace(old, new)


def _length(value: object) -> int:
    return len(value) if isinstance(value, str | tuple) else len(_text(value))


def _first(value: object) -> object:
    if not isinstance(value, tuple):
        raise TemplateError("first needs a list")
    return value[0] if value else ""


def _json(value: object) -> str:
    return json.dumps(None if isinstance(value, Undefined) else value, ensure_ascii=False)


_FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "upper": lambda value: _text(value).upper(),
    "lower": lambda value: _text(value).lower(),
    "capitalize": lambda value: _text(value)[:1].upper() + _text(value)[1:],
    "trim": lambda value: _text(value).strip(),
    "truncate": _truncate,
    "replace": _replace,
    "join": _join,
    "length": _length,
    "first": _first,
    "default": _default,
    "tojson": _json,
}
