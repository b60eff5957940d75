"""Checks of one list: items that add nothing, and lists that say it the long way.

Layer 1, pure. Each check takes a list as written and yields places with a sentence.
"""

from collections.abc import Callable, Iterator
from typing import Final

from monitor.located import Items, Mapping, Place, Text, plain
from monitor.rules.lint.implies import TermIndex, same_places, term_implies
from monitor.rules.lint.reading import Finding, Reading, Told
from monitor.rules.lint.walk import NAMED, WHOLE, Listed
from monitor.rules.nodes import AnyOf, Term

_ALTERNATIVES: Final = ("any", "none", "unless_near", NAMED)
_MOST_TERMS: Final = 2000  # of one list compared with each other

ListCheck = Callable[[Listed, Reading], Told]


def covered_term(listed: Listed, reading: Reading) -> Told:
    """``[merger, merger*]``: one item finds all that the other finds, at the same places."""
    for text, term, other in _pairs(listed, reading):
        if same_places(term, other):
            yield Finding(
                text.place,
                f"'{text.value.strip()}' adds nothing: '{other.written}' in the same list finds "
                "it too. Remove it",
            )


def covered_phrase(listed: Listed, reading: Reading) -> Told:
    """``[Mistral, Mistral AI]``: where the longer one stands, the shorter one does too."""
    if listed.in_window or listed.key not in ("any", "none") or _counted(listed):
        return
    for text, term, other in _pairs(listed, reading):
        if len(term.words) > len(other.words) and term_implies(term, other):
            yield Finding(
                text.place,
                f"'{text.value.strip()}' decides nothing: wherever it stands, '{other.written}' "
                f"of the same list stands too. Remove one: '{other.written}' if only the longer "
                "is meant",
            )


def _counted(listed: Listed) -> bool:
    """Whether the list's places matter: something modifies them."""
    holder = listed.holder
    return holder is not None and any(
        holder.get(key) is not None for key in ("unless_near", "min_mentions")
    )


def _pairs(listed: Listed, reading: Reading) -> Iterator[tuple[Text, Term, Term]]:
    """Each term that is an item, with the first other term of the list that says no less."""
    if listed.key not in _ALTERNATIVES or len(listed.items) > _MOST_TERMS:
        return
    own = [
        (item, node)
        for item in listed.items
        if isinstance(item, Text) and isinstance(node := reading.tree(item, listed.scope), Term)
    ]
    if not own or len(listed.items) < 2:
        return
    places = {id(term): text for text, term in own}
    index = TermIndex(t for item in listed.items for t in _terms(reading.tree(item, listed.scope)))
    for text, term in own:
        for other in index.near(term):
            if other is term or not term_implies(term, other):
                continue
            beside = places.get(id(other))  # None: it comes with a list
            if beside is not None and other.written == term.written:
                continue  # a plain duplicate, which the loader tells
            if beside is not None and term_implies(other, term) and text.place < beside.place:
                continue  # they say the same: the later one goes
            yield text, term, other
            break


def _terms(node: object) -> Iterator[Term]:
    if isinstance(node, Term):
        yield node
    elif isinstance(node, AnyOf):
        for child in node.children:
            yield from _terms(child)


def duplicate_branch(listed: Listed, _: Reading) -> Told:
    """The same node twice in one list."""
    if listed.key in ("near", "then", "same", "regex"):
        return  # two places of one thing are a meaning of their own
    seen: list[object] = []
    for item in listed.items:
        if isinstance(item, Mapping):
            value = plain(item)
            if value in seen:
                yield Finding(item.place, "the same node stands twice in this list. Remove one")
            else:
                seen.append(value)


def one_item_list(listed: Listed, _: Reading) -> Told:
    """``{any: [x]}`` with nothing beside it."""
    if listed.key not in ("any", "all") or listed.holder is None or not listed.above:
        return
    if len(listed.items) == 1 and len(listed.holder.pairs) == 1:
        yield Finding(
            listed.place,
            (f"{listed.key}: with one item says no more than the item. Write the item alone"),
        )


def nested_list(listed: Listed, _: Reading) -> Told:
    """``all`` directly inside ``all``, ``any`` inside ``any``."""
    key = "all" if listed.key == WHOLE else listed.key
    if key not in ("all", "any") or len(listed.items) < 2:
        return
    for item in listed.items:
        if isinstance(item, Mapping) and item.keys() == (key,):
            inner = item.get(key)
            if isinstance(inner, Items) and len(inner) > 1:
                yield Finding(
                    item.place,
                    (f"{key}: inside {key}: means the same as one list. Move the items up"),
                )


def at_least_one(listed: Listed, _: Reading) -> Told:
    """``at_least: 1`` is ``any``."""
    if listed.key == "of" and listed.holder is not None and _number(listed, "at_least") == 1:
        yield Finding(_count_place(listed), "at_least: 1 is any. Write any: with this list")


def at_least_all(listed: Listed, _: Reading) -> Told:
    """``at_least`` as many as there are is ``all``."""
    count = _number(listed, "at_least")
    if listed.key == "of" and count is not None and count == len(listed.items) > 1:
        yield Finding(
            _count_place(listed),
            f"at_least: {count} of {count} is all. Write all: with this list",
        )


def _count_place(listed: Listed) -> Place:
    key = listed.holder.key("at_least") if listed.holder is not None else None
    return key.place if key is not None else listed.place


def needless_count(listed: Listed, _: Reading) -> Told:
    """``min_mentions: 1`` asks for nothing."""
    if (
        listed.key in ("any", "near", "then", "same", "regex")
        and _number(listed, "min_mentions") == 1
    ):
        key = listed.holder.key("min_mentions") if listed.holder is not None else None
        if key is not None:
            yield Finding(
                key.place, "min_mentions: 1 asks for nothing more. Remove it, or raise it"
            )


def many_mentions(listed: Listed, _: Reading) -> Told:
    """More mentions than a title has room for."""
    count = _number(listed, "min_mentions")
    if count is None or listed.scope != ("title",) or count < 3:
        return
    key = listed.holder.key("min_mentions") if listed.holder is not None else None
    if key is not None and listed.key != "none":
        yield Finding(
            key.place,
            f"a title rarely names a thing {count} times. Lower min_mentions, or leave in: title "
            "out to count the body too",
        )


def _number(listed: Listed, key: str) -> int | None:
    value = listed.holder.get(key) if listed.holder is not None else None
    if isinstance(value, Text) and value.value.isascii() and value.value.isdigit():
        return int(value.value[:9])
    return None


CHECKS: Final[dict[str, ListCheck]] = {
    "covered-term": covered_term,
    "covered-phrase": covered_phrase,
    "duplicate-branch": duplicate_branch,
    "one-item-list": one_item_list,
    "nested-list": nested_list,
    "at-least-one": at_least_one,
    "at-least-all": at_least_all,
    "needless-count": needless_count,
    "many-mentions": many_mentions,
}
