"""A rule's tree written as one line, for people who think in Boolean strings.

Layer 1, pure. The counterpart of monitor.rules.oneline: what is written here reads back as a tree
with the same meaning.
"""

from typing import Final

from monitor.rules.fields import DEFAULT_SCOPE
from monitor.rules.nodes import (
    AllOf,
    AnyOf,
    MinMentions,
    Node,
    NoneOf,
    SameUnit,
    Term,
    UnlessNear,
    Window,
    scopes_of,
)

Scope = tuple[str, ...]


class _NoSuchForm(Exception):  # noqa: N818  # no error: the tree has a part that the form lacks
    """The tree holds what only the YAML form can say."""


def as_one_line(node: Node) -> str | None:
    """The tree as one line; None if it holds a pattern or ``at_least``, which this form lacks."""
    try:
        return _write(node, DEFAULT_SCOPE, top=True)
    except _NoSuchForm:
        return None


def _write(node: Node, scope: Scope, *, top: bool = False) -> str:
    """One operand: a term, or a group in parentheses (none at the ``top``)."""
    scopes = scopes_of(node)
    if len(scopes) == 1 and (own := next(iter(scopes))) != scope:
        return f"{','.join(own)}:({_write(node, own, top=True)})"
    match node:
        case Term(written=written):
            return _term(written)
        case MinMentions(node=inner, count=count):
            return f"ATLEAST/{count}({_write(inner, scope, top=True)})"
        case AnyOf(children=(only,)):
            return _write(only, scope, top=top)
        case AllOf(children=(only,)):
            return _write(only, scope, top=top)
        case _:
            line = _operators(node, scope)
            return line if top else f"({line})"


def _operators(node: Node, scope: Scope) -> str:
    match node:
        case AnyOf(children=children):
            return _joined("OR", children, scope)
        case AllOf(children=children):
            return _joined("AND", children, scope)
        case NoneOf(children=children):
            return f"NOT {_group(children, scope)}"
        case Window(kind=kind, within=within, children=children):
            return _joined(f"{kind.upper()}/{within}", children, scope)
        case SameUnit(unit=unit, children=children):
            return _joined(f"SAME/{unit}", children, scope)
        case UnlessNear(node=inner, within=within, exclusions=exclusions):
            return f"{_write(inner, scope)} UNLESS/{within} {_group(exclusions, scope)}"
        case _:
            raise _NoSuchForm


def _joined(operator: str, children: tuple[Node, ...], scope: Scope) -> str:
    return f" {operator} ".join(_write(child, scope) for child in children)


def _group(children: tuple[Node, ...], scope: Scope) -> str:
    return _write(children[0] if len(children) == 1 else AnyOf(children), scope)


def _term(written: str) -> str:
    """A term, in quotes unless it is one plain word."""
    text = written.strip()
    sigil = text[0] if text[0] in "=~" else ""
    text = text[len(sigil) :].strip()
    if len(text) > 1 and text[0] in '"“' and text[-1] in '"”':
        return f'{sigil}"{text[1:-1]}"'
    if text.removesuffix("*").isalnum() and text.upper() not in _RESERVED:
        return sigil + text
    # A quote inside a term separates words, as a blank does.
    return f'{sigil}"{" ".join("".join(" " if c in _QUOTES else c for c in text).split())}"'


_RESERVED: Final = frozenset({"AND", "OR", "NOT", "NEAR", "THEN", "UNLESS", "SAME", "ATLEAST"})
_QUOTES: Final = frozenset('"“„‟″＂«»”')
