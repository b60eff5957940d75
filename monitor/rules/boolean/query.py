"""The common tree of all dialects: what a Boolean string asks, before it becomes a rule.

Layer 1, frozen. ``at`` is the offset in the string, for messages. Wildcards in words are the
private characters below, so that each dialect's signs are read in one place only.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

ANY_RUN: Final = "\ue000"  # any number of letters or digits, none included
ONE: Final = "\ue001"  # exactly one
OPTIONAL: Final = "\ue002"  # one or none
WILDCARDS: Final = ANY_RUN + ONE + OPTIONAL


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a row. ``sigil`` as in a rule's term: "" any form, "=" exact, "~" stem."""

    text: str
    at: int
    sigil: Literal["", "=", "~"] = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """What no rule can say: how it was written, and why (a sentence with the mend)."""

    what: str
    why: str
    at: int


@dataclass(frozen=True, slots=True)
class And:
    """All of them; a Not among them excludes."""

    items: tuple["Query", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    items: tuple["Query", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Not:
    """It must not occur."""

    item: "Query"
    at: int


@dataclass(frozen=True, slots=True)
class Near:
    """At most ``within`` words between the two."""

    left: "Query"
    right: "Query"
    within: int
    ordered: bool
    at: int


@dataclass(frozen=True, slots=True)
class Same:
    """Both in one sentence or paragraph."""

    left: "Query"
    right: "Query"
    unit: Literal["sentence", "paragraph"]
    at: int


@dataclass(frozen=True, slots=True)
class Except:
    """Occurrences of ``item`` that have no ``exclusion`` within so many words."""

    item: "Query"
    exclusion: "Query"
    within: int
    at: int


@dataclass(frozen=True, slots=True)
class Count:
    """At least ``least`` occurrences."""

    item: "Query"
    least: int
    at: int


@dataclass(frozen=True, slots=True)
class In:
    """Only in these fields of the article."""

    item: "Query"
    fields: tuple[str, ...]
    at: int


Query: TypeAlias = Words | Missing | And | Or | Not | Near | Same | Except | Count | In


@dataclass(frozen=True, slots=True)
class Note:
    """Something that means less or more in the rule than in the string, at an offset."""

    at: int
    what: str
    why: str


class Unreadable(Exception):  # noqa: N818  # an outcome of reading, not a failure of the program
    """The string breaks its own dialect's grammar, so that nothing can be said for sure."""

    def __init__(self, at: int, what: str, why: str) -> None:
        super().__init__(why)
        self.note = Note(at, what, why)


def has_places(query: Query) -> bool:
    """Whether it has occurrences, so that it may stand in a window or be counted."""
    match query:
        case Or(items=items):
            return all(has_places(item) for item in items)
        case In(item=item):
            return has_places(item)
        case And() | Not() | Count():
            return False
        case _:
            return True


def map_words(query: Query, change: Callable[[Words], Query]) -> Query:
    """The same tree with ``change`` applied to each run of words."""
    match query:
        case Words():
            return change(query)
        case Missing():
            return query
        case And(items=items) | Or(items=items):
            return replace(query, items=tuple(map_words(item, change) for item in items))
        case Near(left=left, right=right) | Same(left=left, right=right):
            return replace(query, left=map_words(left, change), right=map_words(right, change))
        case Except(item=item, exclusion=exclusion):
            changed = map_words(exclusion, change)
            return replace(query, item=map_words(item, change), exclusion=changed)
        case Not(item=item) | Count(item=item) | In(item=item):
            return replace(query, item=map_words(item, change))


def scopes_of(query: Query, scope: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """The scopes in which its words are looked for, ``scope`` being the one around it."""
    match query:
        case Words():
            return frozenset({scope})
        case Missing():
            return frozenset()
        case And(items=items) | Or(items=items):
            return frozenset().union(*(scopes_of(item, scope) for item in items))
        case Near(left=left, right=right) | Same(left=left, right=right):
            return scopes_of(left, scope) | scopes_of(right, scope)
        case In(item=item, fields=fields):
            return scopes_of(item, fields)
        case Except(item=item) | Not(item=item) | Count(item=item):
            return scopes_of(item, scope)
