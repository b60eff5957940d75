"""Turn the common tree of a Boolean string into a rule's tree that loads without an error.

Layer 1, pure. What a rule cannot say is left out and noted, with its effect: without a condition
the rule finds more, without an alternative it finds less. What a rule says otherwise (a window of
an AND, for instance) is rewritten, and noted where that changes the meaning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from monitor.rules.boolean.capitals import note_capitals, unshouted
from monitor.rules.boolean.phrases import NoTerm, leaf
from monitor.rules.boolean.query import (
    And,
    Count,
    Except,
    In,
    Missing,
    Near,
    Not,
    Note,
    Or,
    Query,
    Same,
    Unreadable,
    Words,
    has_places,
    scopes_of,
)
from monitor.rules.boolean.writing import Tree
from monitor.rules.fields import DEFAULT_SCOPE, FIELDS
from monitor.rules.oneline import is_one_line

_WIDEST: Final = 1000  # words; what a rule's within: takes
_MOST_NODES: Final = 20_000
_MOST_LEVELS: Final = 34  # lists and mappings in each other; a rule file takes 40
_MODIFIABLE: Final = ("any", "near", "then", "same", "regex")

_EFFECTS: Final = {
    True: ". The rule finds more without it", False: ". The rule finds less without it",
}  # fmt: skip

Dict: TypeAlias = dict[str, Tree]
Scope: TypeAlias = tuple[str, ...]


@dataclass(slots=True)
class _Loss:
    """Something left out. ``more``: without it the rule finds more; None: not decided yet."""

    at: int
    what: str
    why: str
    more: bool | None = None


def lowered(query: Query, notes: list[Note]) -> Tree | None:
    """The tree of a rule, or None if nothing of the string could be kept. Adds to ``notes``.

    Raises:
        Unreadable: the tree would be too large or too deep for a rule file.
    """
    query = unshouted(query)
    lowering = _Lowering(notes)
    tree = lowering.node(query, DEFAULT_SCOPE)
    for loss in lowering.losses:
        effect = "" if loss.more is None else _EFFECTS[loss.more]
        notes.append(Note(loss.at, loss.what, loss.why + effect))
    note_capitals(query, notes)
    if tree is None:
        return None
    if isinstance(tree, str) and is_one_line(tree):
        tree = {"any": [tree]}  # alone, its words would be read as an operator's
    if isinstance(tree, dict) and tree.keys() == {"none"}:
        why = "the string only excludes: the rule fires for every other article. Add what to find"
        notes.append(Note(0, "the whole", why))
    if _levels(tree) > _MOST_LEVELS:
        raise Unreadable(0, "", "the rule would nest too deep for a file. Split the string in two")
    return tree


class _Lowering:
    def __init__(self, notes: list[Note]) -> None:
        self.losses: list[_Loss] = []
        self._notes = notes
        self._positive = True
        self._made = 0

    def node(self, query: Query, scope: Scope) -> Tree | None:
        """The tree of a query; None if nothing of it can be kept."""
        self._made += 1
        if self._made > _MOST_NODES:
            why = "the rule would be too large. Split the string in two"
            raise Unreadable(query.at, "", why)
        match query:
            case Words():
                return self._words(query)
            case Missing(what=what, why=why, at=at):
                self.losses.append(_Loss(at, what, why))
                return None
            case And():
                return self._and(query, scope)
            case Or(items=items):
                kept = self._kept(_flat(items, Or), scope, more=False)
                return kept[0] if len(kept) == 1 else {"any": kept} if kept else None
            case Not():
                return self._and(And((query,), query.at), scope)
            case Near():
                return self._near(query, scope)
            case Same():
                return self._same(query, scope)
            case Except():
                return self._except(query, scope)
            case Count():
                return self._count(query, scope)
            case In(item=item, fields=fields):
                fields = tuple(name for name in FIELDS if name in fields)
                return _scoped(self.node(item, fields), fields, scope)

    def _words(self, words: Words) -> Tree | None:
        try:
            found = leaf(words)
        except NoTerm as error:
            self.losses.append(_Loss(words.at, words.text, str(error).rstrip(".")))
            return None
        return found if isinstance(found, str) else {"regex": str(found["regex"])}

    def _kept(self, items: Sequence[Query], scope: Scope, *, more: bool) -> list[Tree]:
        """What can be kept of some items; the rest is lost with the effect of its place."""
        kept: list[Tree] = []
        undecided: list[_Loss] = []
        for item in items:
            start = len(self.losses)
            found = self.node(item, scope)
            if found is None:
                undecided += [loss for loss in self.losses[start:] if loss.more is None]
            else:
                kept.append(found)
        if kept:
            for loss in undecided:
                loss.more = more is self._positive
        return kept

    def _and(self, query: And, scope: Scope) -> Tree | None:
        items = _flat(query.items, And)
        start = len(self.losses)
        wanted = self._kept([i for i in items if not isinstance(i, Not)], scope, more=True)
        unsure = [loss for loss in self.losses[start:] if loss.more is None]
        excluded = [item.item for item in items if isinstance(item, Not)]
        self._positive = not self._positive
        start = len(self.losses)
        bad = self._kept([b for e in excluded for b in _flat((e,), Or)], scope, more=False)
        if wanted:  # an exclusion that is lost as a whole
            for loss in self.losses[start:]:
                loss.more = (not self._positive) if loss.more is None else loss.more
        self._positive = not self._positive
        if bad:
            for loss in unsure:
                loss.more = self._positive
        if not bad:
            return (wanted[0] if len(wanted) == 1 else {"all": wanted}) if wanted else None
        if not wanted:
            return {"none": bad}
        only = wanted[0]
        if len(wanted) == 1 and isinstance(only, dict) and not {"none", "in"} & only.keys():
            return {**only, "none": bad}
        return {"all": wanted, "none": bad}

    def _near(self, query: Near, scope: Scope) -> Tree | None:
        if query.within > _WIDEST:
            self._note(query, f"a window is at most {_WIDEST} words wide; read as AND")
            return self.node(And((query.left, query.right), query.at), scope)
        kind = "then" if query.ordered else "near"
        return self._pair(query, {"within": max(0, query.within)}, kind, scope)

    def _same(self, query: Same, scope: Scope) -> Tree | None:
        return self._pair(query, {"unit": query.unit}, "same", scope)

    def _pair(self, query: Near | Same, limit: Dict, kind: str, scope: Scope) -> Tree | None:
        """A window of two; rewritten where a side only answers yes or no."""
        if not has_places(query.left):
            return self._spread(query, query.left, lambda x: replace(query, left=x), scope)
        if not has_places(query.right):
            return self._spread(query, query.right, lambda x: replace(query, right=x), scope)
        if len(scopes_of(query, scope)) > 1:
            self._note(query, "no window spans two fields; read as AND")
            return self.node(And((query.left, query.right), query.at), scope)
        kept = self._kept((query.left, query.right), scope, more=True)
        if len(kept) < 2:
            return kept[0] if kept else None
        return {kind: {**limit, "all": kept}}

    def _spread(
        self, query: Query, side: Query, wrap: Callable[[Query], Query], scope: Scope
    ) -> Tree | None:
        """An operator on an AND or OR becomes an AND or OR of that operator on each part."""
        match side:
            case In(item=And() | Or() as group, fields=fields):
                parts = tuple[Query, ...](In(item, fields, item.at) for item in group.items)
                return self.node(wrap(replace(group, items=parts)), scope)
            case In(item=Not() | Count() | In() as inner, fields=fields):
                if isinstance(inner, In):
                    return self.node(wrap(inner), scope)  # the inner field replaces the outer
                moved = In(inner.item, fields, inner.at)
                return self.node(wrap(replace(inner, item=moved)), scope)
            case And(items=items):
                self._note(query, "each part of the AND may have its own place near the other side")
                parts = tuple(item if isinstance(item, Not) else wrap(item) for item in items)
                return self.node(And(parts, side.at), scope)
            case Or(items=items):
                return self.node(Or(tuple(wrap(item) for item in items), side.at), scope)
            case Count(item=item):
                self._note(side, "a count has no place in a window; the count is left out")
                return self.node(wrap(item), scope)
            case _:
                why = "a NOT has no place in a window. Use unless_near:"
                missing = Missing("NOT in a window", why.rstrip("."), side.at)
                return self.node(wrap(missing), scope)

    def _except(self, query: Except, scope: Scope) -> Tree | None:
        if not has_places(query.item):
            return self._spread(query, query.item, lambda x: replace(query, item=x), scope)
        found = self.node(query.item, scope)
        start = len(self.losses)
        if not has_places(query.exclusion):
            why = "only words and windows can stand in unless_near:. Write the exclusion by hand"
            self.losses.append(_Loss(query.at, "exclusion", why))
            bad: list[Tree] = []
        else:
            self._positive = not self._positive
            bad = self._kept(_flat((query.exclusion,), Or), scope, more=False)
            self._positive = not self._positive
        if found is not None:
            for loss in self.losses[start:]:
                loss.more = self._positive if loss.more is None else loss.more
        if found is None or not bad:
            return found
        return _modified(found, "unless_near", {"within": query.within, "any": bad})

    def _count(self, query: Count, scope: Scope) -> Tree | None:
        if not has_places(query.item):
            return self._spread(query, query.item, lambda x: replace(query, item=x), scope)
        found = self.node(query.item, scope)
        if found is None:
            return None
        return _modified(found, "min_mentions", min(max(1, query.least), 10_000))

    def _note(self, query: Query, why: str) -> None:
        if not any(note.at == query.at and note.why == why for note in self._notes):
            self._notes.append(Note(query.at, _NAMES.get(type(query), "window"), why))


_NAMES: Final[dict[type, str]] = {Count: "count", Except: "exclusion"}


def _flat(items: Sequence[Query], kind: type[And] | type[Or]) -> list[Query]:
    """Items of the same kind inside are items of the outer one."""
    flat: list[Query] = []
    for item in items:
        flat += _flat(item.items, kind) if isinstance(item, kind) else (item,)
    return flat


def _scoped(tree: Tree | None, fields: Scope, around: Scope) -> Tree | None:
    """The tree in these fields; a tree that names its own keeps them."""
    if tree is None or fields == around:
        return tree
    names: Tree = fields[0] if len(fields) == 1 else list(fields)
    if not isinstance(tree, dict):
        return {"any": [tree], "in": names}
    if "in" in tree:
        return tree
    return {**tree, "in": names}


def _modified(tree: Tree, key: str, value: Tree) -> Tree:
    """The tree with a modifier beside it."""
    if isinstance(tree, dict) and len(tree) == 1 and next(iter(tree)) in _MODIFIABLE:
        return {**tree, key: value}
    return {"any": [tree], key: value}


def _levels(tree: Tree) -> int:
    if isinstance(tree, str | int):
        return 0
    inner = tree.values() if isinstance(tree, dict) else tree
    return 1 + max((_levels(item) for item in inner if not isinstance(item, str | int)), default=0)
