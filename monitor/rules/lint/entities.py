"""Checks of named lists (``entities``) and of filters: what nobody uses, and what was meant.

Layer 1, pure.
"""

from collections.abc import Callable, Iterator
from typing import Final

from monitor.located import Items, Mapping, Place, Text
from monitor.located import Node as Located
from monitor.rules.lint.reading import Finding, Reading, Told
from monitor.rules.lint.walk import lists_in, terms_in
from monitor.rules.settings import read_filters

BookCheck = Callable[[Reading], Told]


def unused_list(reading: Reading) -> Told:
    """A list that no rule and no filter comes to."""
    reached = set(_names(_roots(reading)))
    waiting = list(reached)
    while waiting:
        entity = reading.entities.get(waiting.pop())
        for name in _names([entity[1]] if entity else []):
            if name not in reached:
                reached.add(name)
                waiting.append(name)
    for name, (text, _) in reading.entities.items():
        if name not in reached:
            yield Finding(
                text.place, f"no rule uses the list '{name}'. Write '@{name}' where it is meant"
            )


def forgotten_at(reading: Reading) -> Told:
    """A term that is the name of a list."""
    for rule in reading.rules:
        if rule.match is None:
            continue
        for term in terms_in(lists_in(rule.match), frozenset()):
            entity = reading.entities.get(term.value)
            if entity is None or term.value in _texts(entity[1]):
                continue
            yield Finding(
                term.text.place,
                f"'{term.value}' is searched for as a word. Write '@{term.value}' if the list of "
                "that name is meant",
            )


def equal_lists(reading: Reading) -> Told:
    """Two lists of the same terms."""
    seen: dict[frozenset[str], str] = {}
    for name, (text, items) in reading.entities.items():
        terms = _texts(items)
        if len(terms) < 2 or len(terms) < len(items):
            continue
        first = seen.setdefault(terms, name)
        if first != name:
            yield Finding(
                text.place,
                f"the lists '{first}' and '{name}' hold the same terms. Keep one, so that a "
                "correction reaches both",
            )


def idle_filter(reading: Reading) -> Told:
    """A filter that is laid over no rule."""
    if not reading.loaded.rules:
        return
    for source in reading.sources:
        node = source.node.get("filters")
        for each in read_filters(node, reading.builder, _drop):
            if not any(each.covers(rule.id, rule.labels) for rule in reading.loaded.rules):
                yield Finding(
                    each.place,
                    f"the filter '{each.id}' covers no rule. Mend its rules: or labels:, or "
                    "remove it",
                )


def _drop(_place: Place, _message: str) -> None:
    """Mistakes are the loader's to tell."""


def _roots(reading: Reading) -> Iterator[Located]:
    for rule in reading.rules:
        if rule.match is not None:
            yield rule.match
    for source in reading.sources:
        filters = source.node.get("filters")
        if filters is not None:
            yield filters


def _names(nodes: Iterator[Located] | list[Located]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Text(value=value):
                yield from (part.strip("@\"'(),") for part in value.split() if "@" in part)
            case Items(items=items):
                yield from _names(list(items))
            case Mapping(pairs=pairs):
                yield from _names([value for _, value in pairs])


def _texts(items: Items) -> frozenset[str]:
    return frozenset(item.value.strip() for item in items if isinstance(item, Text))


CHECKS: Final[dict[str, BookCheck]] = {
    "unused-list": unused_list,
    "forgotten-at": forgotten_at,
    "equal-lists": equal_lists,
    "idle-filter": idle_filter,
}
