"""Walk a rule's ``match`` as written: every list in it, every term, and what stands above them.

Layer 1, pure. The tree that the engine runs has no places; the file has them. Checks that speak of
a place look here, checks of meaning look at the tree. A file with mistakes is walked as far as its
shape is known; the mistakes themselves are the loader's to tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from monitor.located import Items, Mapping, Place, Text
from monitor.located import Node as Located
from monitor.rules.fields import DEFAULT_SCOPE, FIELDS
from monitor.rules.terms import TermError, TermWord, parse_term

LISTS: Final = ("all", "any", "none", "of")
WINDOWS: Final = ("near", "then", "same")
WHOLE: Final = "match"  # the key of the list that a whole match is
NAMED: Final = "list"  # the key of a list below entities:

Scope = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One list as written. ``holder`` is the mapping that holds its key; None for a whole match."""

    key: str  # all any none of near then same unless_near regex, or WHOLE, or NAMED
    place: Place  # of the key
    items: tuple[Located, ...]
    holder: Mapping | None
    scope: Scope
    above: tuple[str, ...] = ()  # the keys of the lists around it, outermost first

    @property
    def excluded(self) -> bool:
        """Whether what stands here is to be absent."""
        return any(key in ("none", "unless_near") for key in (*self.above, self.key))

    @property
    def in_window(self) -> bool:
        """Whether the places of what stands here matter, not only that it occurs."""
        return any(key in (*WINDOWS, "unless_near") for key in (*self.above, self.key))


@dataclass(frozen=True, slots=True)
class Written:
    """A term as written. ``deciding``: some rule fires on it alone."""

    text: Text
    listed: Listed
    words: tuple[TermWord, ...]
    deciding: bool = False

    @property
    def value(self) -> str:
        """The term without blanks around it."""
        return self.text.value.strip()

    @property
    def bare(self) -> str:
        """The term without ``=``, ``~`` and quotes around it."""
        return self.value.lstrip("=~").strip().strip('"“”')

    @property
    def single(self) -> TermWord | None:
        """Its word, if it is one."""
        return self.words[0] if len(self.words) == 1 else None


def lists_in(match: Located, scope: Scope = DEFAULT_SCOPE) -> Iterator[Listed]:
    """Every list of a whole ``match``, outermost first."""
    if isinstance(match, Mapping):
        yield from _below(match, scope, ())
        return
    items = match.items if isinstance(match, Items) else (match,)
    yield from _listed(Listed(WHOLE, match.place, items, None, scope))


def lists_of_entity(name: Text, value: Located) -> Iterator[Listed]:
    """Every list of one named list below ``entities``."""
    if isinstance(value, Items):
        yield from _listed(Listed(NAMED, name.place, value.items, None, DEFAULT_SCOPE))


def terms_in(lists: Iterator[Listed], deciding: frozenset[str]) -> Iterator[Written]:
    """Every term of the lists that is one; ``@names`` and terms with mistakes are left out."""
    for listed in lists:
        if listed.key == "regex":
            continue
        for item in listed.items:
            if not isinstance(item, Text) or item.value.strip().startswith("@"):
                continue
            words = parse_term(item.value)
            if not isinstance(words, TermError):
                decides = item.value.strip() in deciding and not listed.excluded
                yield Written(item, listed, words, decides)


def scope_of(mapping: Mapping, scope: Scope) -> Scope:
    """The fields of a mapping: its own ``in:``, or those around it."""
    node = mapping.get("in")
    items = node.items if isinstance(node, Items) else () if node is None else (node,)
    names = {item.value for item in items if isinstance(item, Text)}
    return tuple(name for name in FIELDS if name in names) or scope


def _listed(listed: Listed) -> Iterator[Listed]:
    yield listed
    for item in listed.items:
        if isinstance(item, Mapping):
            yield from _below(item, listed.scope, (*listed.above, listed.key))


def _below(mapping: Mapping, scope: Scope, above: tuple[str, ...]) -> Iterator[Listed]:
    scope = scope_of(mapping, scope)
    for key, value in mapping.pairs:
        if key.value in LISTS:
            items = value.items if isinstance(value, Items) else (value,)
            yield from _listed(Listed(key.value, key.place, items, mapping, scope, above))
        elif key.value == "regex":
            yield Listed("regex", key.place, (value,), mapping, scope, above)
        elif key.value in (*WINDOWS, "unless_near") and isinstance(value, Mapping):
            listed = value.get("any" if key.value == "unless_near" else "all")
            if isinstance(listed, Items):
                inner = scope_of(value, scope)
                yield from _listed(Listed(key.value, key.place, listed.items, value, inner, above))
            elif listed is not None and key.value == "unless_near":
                yield from _listed(Listed(key.value, key.place, (listed,), value, scope, above))
