"""Read a rule's settings beside its tree: ``source``, ``expires``, ``filters``.

Layer 1, pure: located values in, values and Problems out.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from monitor.located import Items, Mapping, Place, Text
from monitor.located import Node as Located
from monitor.rules.conditions import SourceConditions
from monitor.rules.limits import MOST_FILTERS, shown
from monitor.rules.mistakes import nearest
from monitor.rules.nodes import NoneOf
from monitor.rules.rule import Filter
from monitor.rules.tree import TreeBuilder

SOURCE_KEYS: Final = ("languages", "feeds", "tags", "max_age", "min_words")
FILTER_KEYS: Final = ("id", "rules", "labels", "none")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}

Report = Callable[[Place, str], None]


def read_source(node: Located | None, report: Report) -> SourceConditions:
    """``source:`` of a rule."""
    if node is None:
        return SourceConditions()
    if not isinstance(node, Mapping):
        report(node.place, "source: needs keys, as in source: {languages: [en], max_age: 48h}")
        return SourceConditions()
    only_known(node, SOURCE_KEYS, "source:", report)
    age, words = node.get("max_age"), node.get("min_words")
    return SourceConditions(
        languages=texts(node.get("languages"), "languages", report),
        feeds=texts(node.get("feeds"), "feeds", report),
        tags=texts(node.get("tags"), "tags", report),
        max_age=None if age is None else _duration(age, report),
        min_words=None if words is None else _count(words, report),
    )


def read_expires(node: Located | None, report: Report) -> date | None:
    """``expires:``, the rule's last day."""
    if node is None:
        return None
    if isinstance(node, Text):
        try:
            if _DAY.fullmatch(node.value.strip()):  # fromisoformat takes other forms too
                return date.fromisoformat(node.value.strip())
        except ValueError:
            pass
    found = shown(node.value) if isinstance(node, Text) else "a list or mapping"
    report(node.place, f"expires: '{found}' is no day. Write it as 2027-06-30")
    return None


def read_filters(node: Located | None, builder: TreeBuilder, report: Report) -> list[Filter]:
    """``filters:`` of a file."""
    if node is None:
        return []
    if not isinstance(node, Items):
        report(node.place, "filters: needs a list, each item with id: and none:")
        return []
    if len(node) > MOST_FILTERS:
        report(node.items[MOST_FILTERS].place, f"filters: more than {MOST_FILTERS} in this file. "
               "Put exclusions together, or beside the rules that need them")  # fmt: skip
        return []
    filters = (_filter(item, number, builder, report) for number, item in enumerate(node.items, 1))
    return [each for each in filters if each is not None]


def _filter(node: Located, number: int, builder: TreeBuilder, report: Report) -> Filter | None:
    if not isinstance(node, Mapping):
        report(node.place, "a filter needs id: and none:, as in "
               "{id: no-sport, rules: [\"*\"], none: {in: title, any: [football]}}")  # fmt: skip
        return None
    only_known(node, FILTER_KEYS, "a filter", report)
    excluded = node.get("none")
    if excluded is None:
        report(node.place, "a filter needs none: with what it excludes")
        return None
    key = node.key("none")
    assert key is not None
    tree = builder.build(Mapping(((key, excluded),), node.place))
    if not isinstance(tree, NoneOf):
        return None
    labels = node.get("labels")
    if labels is not None and not isinstance(labels, Mapping):
        report(labels.place, "labels: needs names with values, as in labels: {desk: markets}")
        labels = None
    name = node.get("id")
    return Filter(
        id=name.value if isinstance(name, Text) and name.value else f"filter-{number}",
        rules=texts(node.get("rules"), "rules", report) or ("*",),
        labels=tuple(
            (label.value, value.value)
            for label, value in (labels.pairs if labels is not None else ())
            if isinstance(value, Text)
        ),
        none=tree,
        place=node.place,
    )


def texts(node: Located | None, key: str, report: Report) -> tuple[str, ...]:
    """A list of texts; a single text counts as a list of one."""
    if node is None:
        return ()
    items = node.items if isinstance(node, Items) else (node,)
    found = [item.value.strip() for item in items if isinstance(item, Text) and item.value.strip()]
    if len(found) != len(items) or not items:
        report(node.place, f"{key}: needs a list of texts")
    return tuple(found)


def only_known(node: Mapping, known: tuple[str, ...], owner: str, report: Report) -> None:
    """Report keys that mean nothing here."""
    for key, _ in node.pairs:
        if key.value not in known:
            close = nearest(key.value.lower(), known)
            mend = f"Did you mean '{close}'?" if close else f"Known here: {', '.join(known)}"
            report(key.place, f"'{shown(key.value)}' has no meaning in {owner} {mend}")


def _duration(node: Located, report: Report) -> float | None:
    if isinstance(node, Text) and (read := re.fullmatch(r"([0-9]{1,6})\s*([smhd])", node.value)):
        return float(read[1]) * _UNITS[read[2]]
    found = shown(node.value) if isinstance(node, Text) else "a list or mapping"
    report(node.place, f"max_age: '{found}' is not a duration. Write 48h, 90m or 2d")
    return None


def _count(node: Located, report: Report) -> int | None:
    if isinstance(node, Text) and re.fullmatch(r"[0-9]{1,6}", node.value):
        return int(node.value)
    found = shown(node.value) if isinstance(node, Text) else "a list or mapping"
    report(node.place, f"min_words: '{found}' is not a whole number")
    return None
