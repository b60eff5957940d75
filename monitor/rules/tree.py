"""Build the tree of a rule from its ``match`` as written, with every mistake and its place.

Layer 1, pure. docs/rules.md is the manual; what cannot be understood is a Problem with its mend.
"""

import difflib
import re
from collections.abc import Callable
from collections.abc import Mapping as MappingType
from typing import Final

from monitor.located import Items, Mapping, Place, Problem, Text
from monitor.located import Node as Located
from monitor.rules.fields import DEFAULT_SCOPE, FIELDS
from monitor.rules.limits import (
    LONGEST_TERM,
    MOST_IN_A_RULE,
    MOST_NESTED,
    MOST_PATTERNS,
    ListSizes,
    shown,
)
from monitor.rules.mistakes import Mistakes, nearest
from monitor.rules.nodes import (
    AllOf,
    AnyOf,
    AtLeast,
    MinMentions,
    Node,
    NoneOf,
    Regex,
    SameUnit,
    Term,
    UnlessNear,
    Window,
    has_occurrences,
    scopes_of,
)
from monitor.rules.oneline import is_one_line, read_one_line
from monitor.rules.patterns import PatternError, compile_pattern
from monitor.rules.terms import TermError, parse_term, term_warnings
from monitor.rules.windows import MOST_CHILDREN

NODE_KEYS: Final = ("all", "any", "none", "near", "then", "same", "at_least", "regex")
MODIFIERS: Final = ("in", "unless_near", "min_mentions")
_BESIDE: Final = {"of": "at_least"}  # keys that go with another
_MOST_WORDS_APART: Final = 1000

Scope = tuple[str, ...]


class TreeBuilder:
    """Turns located values into nodes; mistakes gather in ``problems``.

    ``entities`` are the named lists of all files; a list is built once per scope and shared.
    """

    def __init__(self, entities: MappingType[str, Items]) -> None:
        self.mistakes = Mistakes()
        self.used_entities: set[str] = set()
        self._entities = entities
        self._sizes = ListSizes(entities)
        self._listed = 0  # terms of the lists that the rule being built names
        self._patterns = 0  # of the file being read
        self._lists: dict[tuple[str, Scope], AnyOf | None] = {}
        self._open: list[str] = []  # lists being built, for cycles
        self._scopes: dict[
            int, tuple[Node, frozenset[Scope]]
        ] = {}  # of nodes that many windows share

    @property
    def problems(self) -> list[Problem]:
        """The mistakes and warnings that are told."""
        return self.mistakes.problems

    def begin_file(self) -> None:
        """What is counted for each file begins anew."""
        self.mistakes.begin_file()
        self._patterns = 0

    def build(self, match: Located) -> Node | None:
        """The tree of a whole ``match``; None if it has a mistake."""
        before = self.mistakes.errors
        self._listed = 0
        node = self._top(match)
        return node if self.mistakes.errors == before else None

    @property
    def lists(self) -> dict[tuple[str, Scope], AnyOf]:
        """The lists built so far, by name and scope."""
        return {key: built for key, built in self._lists.items() if built is not None}

    def build_list(self, name: str, scope: Scope, place: Place) -> None:
        """Build a list for rules that were built before and name it."""
        self._listed = 0
        self._list(name, scope, place)

    def check_entity(self, name: str, place: Place) -> None:
        """Report the mistakes of a list that no rule may use."""
        self._listed = 0
        self._list(name, DEFAULT_SCOPE, place)

    def _top(self, match: Located) -> Node | None:
        if isinstance(match, Text) and is_one_line(match.value):
            read = read_one_line(match)
            for problem in read.problems:
                self.mistakes.add(problem)
            if read.node is None:
                return None
            match = read.node
        if isinstance(match, Text):
            return self._term(match, DEFAULT_SCOPE)
        if isinstance(match, Items):
            return self._all(match, DEFAULT_SCOPE)
        return self._mapping(match, DEFAULT_SCOPE)

    def _child(self, node: Located, scope: Scope) -> Node | None:
        if isinstance(node, Text):
            return self._term(node, scope)
        if isinstance(node, Mapping):
            return self._mapping(node, scope)
        self._error(
            node.place, "a list inside a list. Write all: or any: before it to say which is meant"
        )
        return None

    def _mapping(self, mapping: Mapping, scope: Scope) -> Node | None:
        scope = self._scope(mapping, scope)
        parts: dict[str, Node | None] = {}
        for key, value in mapping.pairs:
            builder = self._builders().get(key.value)
            if key.value == "at_least":
                parts[key.value] = self._at_least(value, mapping, scope)
            elif builder is not None:
                parts[key.value] = builder(value, scope)
            elif key.value in _BESIDE and mapping.get(_BESIDE[key.value]) is None:
                self._error(key.place, f"{key.value}: goes with {_BESIDE[key.value]}:, as in "
                            "{at_least: 2, of: [a, b, c]}")  # fmt: skip
            elif key.value in _BESIDE:
                continue
            elif key.value not in MODIFIERS:
                self._unknown_key(key)
        if not any(name in NODE_KEYS for name in mapping.keys()):  # noqa: SIM118  # not a dict
            if not any(name not in MODIFIERS for name in mapping.keys()):  # noqa: SIM118
                self._error(
                    mapping.place, "nothing to look for here. Add any:, all:, near: or a list"
                )
            return None
        nodes = [node for node in (*self._modified(mapping, parts, scope), parts.get("none"))
                 if node is not None]  # fmt: skip
        if len(nodes) == 1:
            return nodes[0]
        return AllOf(tuple(nodes), written=False) if nodes else None

    def _builders(self) -> dict[str, Callable[[Located, Scope], Node | None]]:
        return {
            "all": self._all, "any": self._any, "none": self._none,
            "near": lambda node, scope: self._window("near", node, scope),
            "then": lambda node, scope: self._window("then", node, scope),
            "same": self._same, "regex": self._regex,
        }  # fmt: skip

    def _modified(
        self, mapping: Mapping, parts: dict[str, Node | None], scope: Scope
    ) -> list[Node | None]:
        """The mapping's own nodes (not ``none``), with ``unless_near`` and ``min_mentions``."""
        nodes = {name: node for name, node in parts.items() if name != "none"}
        masks = mapping.get("unless_near")
        count = mapping.get("min_mentions")
        if masks is None and count is None:
            return list(nodes.values())
        named = mapping.key("unless_near") or mapping.key("min_mentions")
        assert named is not None
        if len(nodes) != 1:
            stand = "nothing to modify stands" if not nodes else f"{' and '.join(nodes)} stand"
            self._error(
                named.place,
                f"{named.value} needs exactly one of any, near, then, same or regex beside it; "
                f"{stand} here. Put each into a mapping of its own below all:",
            )
            return list(nodes.values())
        name, node = next(iter(nodes.items()))
        if node is None:
            return [None]
        if not has_occurrences(node):
            self._error(
                named.place,
                f"{named.value} works on places, and {name}: as written here only answers yes or "
                "no. Use any: or near:",
            )
            return [node]
        if masks is not None:
            node = self._unless_near(node, masks, scope)
        if count is not None and node is not None:
            number = self._number(count, "min_mentions", 1, 10_000)
            node = None if number is None else MinMentions(node, number)
        return [node]

    def _all(self, node: Located, scope: Scope) -> Node | None:
        children = self._children("all", node, scope)
        return AllOf(tuple(children)) if children else None

    def _any(self, node: Located, scope: Scope) -> Node | None:
        children = self._children("any", node, scope)
        return AnyOf(tuple(children)) if children else None

    def _none(self, node: Located, scope: Scope) -> Node | None:
        children = self._children("none", node, scope)
        return NoneOf(tuple(children)) if children else None

    def _at_least(self, value: Located, mapping: Mapping, scope: Scope) -> Node | None:
        listed = mapping.get("of")
        if listed is None:
            self._error(value.place, "at_least: needs of: with a list, as in "
                        "{at_least: 2, of: [a, b, c]}")  # fmt: skip
            return None
        children = self._children("of", listed, scope)
        count = self._number(value, "at_least", 1, 10_000)
        length = len(listed) if isinstance(listed, Items) else 1
        if count is not None and count > length:
            self._error(value.place, f"at_least: {count} of {length} can never be. Lower it")
            return None
        if count is None or len(children) < length:
            return None
        return AtLeast(count, tuple(children))

    def _regex(self, node: Located, scope: Scope) -> Node | None:
        if not isinstance(node, Text):
            self._error(node.place, "regex: needs one pattern as a text; use any: for several")
            return None
        self._patterns += 1
        if self._patterns > MOST_PATTERNS:
            self._error(
                node.place, f"regex: more than {MOST_PATTERNS} patterns in this file. Use terms, "
                "or another file")  # fmt: skip
            return None
        try:
            return Regex(node.value, compile_pattern(node.value), scope)
        except PatternError as error:
            self._error(node.place, f"regex: {error}")
            return None

    def _children(self, key: str, node: Located, scope: Scope) -> list[Node]:
        """The children of a list; a single term or mapping counts as a list of one."""
        items = node.items if isinstance(node, Items) else (node,)
        if not items or (isinstance(node, Text) and not node.value.strip()):
            self._error(node.place, f"{key}: is empty. List at least one term")
            return []
        built = [self._child(item, scope) for item in items]
        self._warn_duplicates(items)
        return [child for child in built if child is not None]

    def _warn_duplicates(self, items: tuple[Located, ...]) -> None:
        seen: dict[str, Place] = {}
        for item in items:
            if isinstance(item, Text) and item.value.strip():
                first = seen.setdefault(item.value.strip(), item.place)
                if first is not item.place:
                    self._warn(item.place, "duplicate-term",
                               f"'{item.value}' stands twice in this list; remove one")  # fmt: skip

    def _window(self, kind: str, node: Located, scope: Scope) -> Node | None:
        if not isinstance(node, Mapping):
            self._error(
                node.place, f"{kind}: needs within: and all:, as in "
                f"{kind}: {{within: 20, all: [Microsoft, Mistral]}}")  # fmt: skip
            return None
        self._only(node, kind, ("within", "all", "in"))
        within = self._number(node.get("within"), "within", 0, _MOST_WORDS_APART, node.place, kind)
        children = self._places(kind, node, self._scope(node, scope))
        if within is None or children is None:
            return None
        return Window("near" if kind == "near" else "then", within, children)

    def _same(self, node: Located, scope: Scope) -> Node | None:
        if not isinstance(node, Mapping):
            self._error(
                node.place, "same: needs unit: and all:, as in "
                "same: {unit: sentence, all: [Microsoft, Mistral]}")  # fmt: skip
            return None
        self._only(node, "same", ("unit", "all", "in"))
        unit = node.get("unit")
        children = self._places("same", node, self._scope(node, scope))
        if not isinstance(unit, Text) or unit.value not in ("sentence", "paragraph"):
            found = f"'{unit.value}' is no unit" if isinstance(unit, Text) else "unit: is missing"
            place = unit.place if unit is not None else node.place
            self._error(place, f"same: {found}. Write unit: sentence or unit: paragraph")
            return None
        if children is None:
            return None
        return SameUnit("sentence" if unit.value == "sentence" else "paragraph", children)

    def _places(self, kind: str, node: Mapping, scope: Scope) -> tuple[Node, ...] | None:
        """The children of a window: each must have places, all in the same fields."""
        listed = node.get("all")
        if listed is None:
            self._error(node.place, f"{kind}: needs all: with the items to find together")
            return None
        if not isinstance(listed, Items) or len(listed) < 2:
            self._error(listed.place, f"{kind}: all: needs a list of at least two items")
            return None
        if len(listed) > MOST_CHILDREN:
            self._error(
                listed.place, f"{kind}: {len(listed)} items are too many for one window; "
                f"at most {MOST_CHILDREN}. Put alternatives into any:")  # fmt: skip
            return None
        built = [(item, self._child(item, scope)) for item in listed]
        if any(child is None for _, child in built):
            return None
        for item, child in built:
            if child is not None and not self._needs_places(kind, item, child):
                return None
        children = tuple(child for _, child in built if child is not None)
        scopes = set().union(*(scopes_of(child, self._scopes) for child in children))
        if len(scopes) > 1:
            shown = " and ".join("/".join(each) for each in sorted(scopes))
            self._error(
                node.place, f"{kind}: its items look in different fields ({shown}), and no window "
                "spans two fields. Put in: beside it, or use all:")  # fmt: skip
            return None
        return children

    def _needs_places(self, kind: str, item: Located, child: Node) -> bool:
        if has_occurrences(child):
            return True
        self._error(
            item.place,
            f"an item of {kind}: must be words with places; all:, none: and min_mentions: only "
            "answer yes or no. Use near: (or any:) here",
        )
        return False

    def _unless_near(self, inner: Node, node: Located, scope: Scope) -> Node | None:
        if not isinstance(node, Mapping):
            self._error(
                node.place, "unless_near: needs within: and any:, as in "
                "unless_near: {within: 0, any: [up]}")  # fmt: skip
            return None
        self._only(node, "unless_near", ("within", "any"))
        within = self._number(
            node.get("within"), "within", 0, _MOST_WORDS_APART, node.place, "unless_near"
        )
        listed = node.get("any")
        if listed is None:
            self._error(node.place, "unless_near: needs any: with the words to stay off")
            return None
        children = self._children("any", listed, scope)
        items = listed.items if isinstance(listed, Items) else (listed,)
        if len(children) == len(items):
            for item, child in zip(items, children, strict=True):
                if not self._needs_places("unless_near", item, child):
                    return None
        if within is None or not children:
            return None
        return UnlessNear(inner, within, tuple(children))

    def _term(self, text: Text, scope: Scope) -> Node | None:
        written = text.value.strip()
        if len(written) > LONGEST_TERM:
            self._error(
                text.place, f"a term is at most {LONGEST_TERM:,} characters long; this one begins "
                f"with '{shown(written)}'. Shorten it, or make several items of it")  # fmt: skip
            return None
        if re.fullmatch(r"@[^\s@]+", written):
            return self._list(written[1:], scope, text.place)
        parsed = parse_term(written)
        if isinstance(parsed, TermError):
            self._error(text.place, parsed.message)
            return None
        for code, message in term_warnings(written):
            self._warn(text.place, code, message)
        return Term(written, parsed, scope)

    def _list(self, name: str, scope: Scope, place: Place) -> AnyOf | None:
        self.used_entities.add(name)
        key = (name, scope)
        self._listed += self._sizes.terms(name) if not self._open else 0
        if self._listed > MOST_IN_A_RULE:
            self._error(
                place, f"the lists of this rule hold more than {MOST_IN_A_RULE:,} terms, each "
                "counted as often as it is named. Split the rule")  # fmt: skip
            return None
        if key in self._lists:
            built = self._lists[key]
            if built is None and name not in self._open:  # a rule never runs with half its words
                self._error(place, f"the list '{shown(name)}' has a mistake; mend it there")
            return built
        if name not in self._entities:
            known = None if self.mistakes.full else nearest(name, self._entities)
            mend = f"Did you mean '@{known}'?" if known else (
                "Add it under entities: in this file or another")  # fmt: skip
            self._error(place, f"no list is named '{shown(name)}'. {mend}")
            return None
        if refusal := self._sizes.refusal(name):
            self._error(place, refusal)
            return None
        if name in self._open:
            ring = " → ".join([*self._open[self._open.index(name) :], name])
            self._error(place, f"the lists name each other in a circle: {ring}")
            return None
        if len(self._open) > MOST_NESTED:  # lists in circles only; others are measured before
            self._error(place, f"the lists name each other more than {MOST_NESTED} deep here")
            return None
        self._open.append(name)
        before = self.mistakes.errors
        children = self._children(f"entities: {name}", self._entities[name], scope)
        self._open.pop()
        broken = self.mistakes.errors > before or not children
        self._lists[key] = None if broken else AnyOf(tuple(children))
        return self._lists[key]

    def _scope(self, mapping: Mapping, scope: Scope) -> Scope:
        node = mapping.get("in")
        if node is None:
            return scope
        items = node.items if isinstance(node, Items) else (node,)
        names: list[str] = []
        for item in items:
            if not isinstance(item, Text) or item.value not in FIELDS:
                found = item.value if isinstance(item, Text) else "a list"
                self._error(item.place, f"'{found}' is no field. {_field_mend(found)}")
            elif item.value not in names:
                names.append(item.value)
        if not items:
            self._error(node.place, f"in: is empty. {_field_mend('')}")
        return tuple(name for name in FIELDS if name in names) or scope

    def _number(
        self, node: Located | None, key: str, low: int, high: int,
        place: Place | None = None, owner: str = "",
    ) -> int | None:  # fmt: skip
        if node is None:
            assert place is not None
            self._error(place, f"{owner}: needs {key}: (a number of words)")
            return None
        if isinstance(node, Text) and re.fullmatch(r"[0-9]{1,9}", node.value):
            number = int(node.value)
            if low <= number <= high:
                return number
        found = node.value if isinstance(node, Text) else "a list or mapping"
        self._error(node.place, f"{key}: '{found}' is not a whole number from {low} to {high}")
        return None

    def _only(self, mapping: Mapping, owner: str, keys: tuple[str, ...]) -> None:
        for key, _ in mapping.pairs:
            if key.value not in keys:
                close = difflib.get_close_matches(key.value, keys, n=1)
                mend = f"Did you mean '{close[0]}'?" if close else f"Here go {', '.join(keys)}"
                if key.value in (*NODE_KEYS, *MODIFIERS):
                    mend = f"Here go {', '.join(keys)}; put {key.value}: beside {owner}:"
                self._error(key.place, f"'{key.value}' has no meaning inside {owner}:. {mend}")

    def _unknown_key(self, key: Text) -> None:
        known = (*NODE_KEYS, *MODIFIERS)
        close = None if self.mistakes.full else nearest(key.value.lower(), known)
        mend = f"Did you mean '{close}'?" if close else f"Known here: {', '.join(known)}"
        self._error(key.place, f"unknown key '{shown(key.value)}'. {mend}")

    def _error(self, place: Place, message: str) -> None:
        self.mistakes.error(place, message)

    def _warn(self, place: Place, code: str, message: str) -> None:
        self.mistakes.add(Problem(place, message, severity="warning", code=code))


def _field_mend(found: str) -> str:
    if found == "text":
        return "Did you mean 'body'?"
    close = difflib.get_close_matches(found, FIELDS, n=1)
    return f"Did you mean '{close[0]}'?" if close else f"The fields are {', '.join(FIELDS)}"
