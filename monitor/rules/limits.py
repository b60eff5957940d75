"""How large a rule file may be in each respect, so that no file can stop the program.

Layer 1, pure. docs/rules.md, "Limits", is the table for people. What a file as such may hold
(bytes, values, depth) is in ``monitor.config.yamltree``; a pattern's limits are in ``patterns``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from monitor.located import Items, Text
from monitor.located import Mapping as LocatedMapping
from monitor.located import Node as Located

LONGEST_TERM: Final = 1_000  # characters
LONGEST_LINE: Final = 400_000  # characters of a one-line form
MOST_LISTED: Final = 200_000  # terms of a list, those of the lists that it names included
MOST_NESTED: Final = 20  # lists that name lists
MOST_IN_A_RULE: Final = 500_000  # terms of a rule's lists, written out
MOST_PATTERNS: Final = 500  # of one file
MOST_FILTERS: Final = 100  # of one file


@dataclass(frozen=True, slots=True)
class _Size:
    terms: int = 0  # with the lists that it names written out
    depth: int = 0  # how many lists name each other in a row below it


class ListSizes:
    """How large each named list is, lists in it written out. Cycles count once."""

    def __init__(self, entities: Mapping[str, Items]) -> None:
        self._sizes = _measured(entities)

    def terms(self, name: str) -> int:
        """The number of terms; 0 for a name that no list has."""
        return self._sizes.get(name, _Size()).terms

    def refusal(self, name: str) -> str | None:
        """Why the list cannot be used, with the mend; None if it can."""
        size = self._sizes.get(name, _Size())
        if size.depth > MOST_NESTED:
            return (
                f"the lists below '{shown(name)}' name each other more than {MOST_NESTED} deep. "
                "Put the terms into fewer lists"
            )
        if size.terms > MOST_LISTED:
            return (
                f"the list '{shown(name)}' holds more than {MOST_LISTED:,} terms, with the lists "
                "that it names. Split it among several rules"
            )
        return None


def shown(text: str) -> str:
    """A user's text as a message shows it: on one line, cut where it is long."""
    line = " ".join(text[:200].split())
    return line if len(text) <= 60 else f"{line[:59]}…"


def _measured(entities: Mapping[str, Items]) -> dict[str, _Size]:
    """Every list's size, from the innermost outwards, without recursion."""
    own = {name: _own(items) for name, items in entities.items()}
    sizes: dict[str, _Size] = {}
    for first in own:
        waiting, open_now = [first], set[str]()
        while waiting:
            name = waiting[-1]
            terms, named = own[name]
            inner = () if name in open_now else [n for n in named if n in own and n not in sizes]
            open_now.add(name)
            waiting += (each for each in inner if each not in open_now)
            if waiting[-1] == name:
                waiting.pop()
                below = [sizes[each] for each in named if each in sizes]
                depth = max((size.depth + 1 for size in below), default=0)
                total = terms + sum(size.terms for size in below)
                sizes[name] = _Size(min(total, MOST_LISTED + 1), min(depth, MOST_NESTED + 1))
    return sizes


def _own(items: Items) -> tuple[int, list[str]]:
    """A list's own terms, and the lists that it names, as often as it does."""
    terms, named = 0, []
    for text in _texts(items):
        if text.value.lstrip().startswith("@"):
            named.append(text.value.strip()[1:])
        else:
            terms += 1
    return terms, named


def _texts(node: Located) -> Iterator[Text]:
    """All values of a tree; its depth is bounded by the reader of files."""
    if isinstance(node, Text):
        yield node
        return
    below = node.items if isinstance(node, Items) else [value for _, value in node.pairs]
    for each in below:
        if isinstance(each, Text):
            yield each
        elif isinstance(each, Items | LocatedMapping):
            yield from _texts(each)
