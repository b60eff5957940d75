"""Checks of distances: windows that are phrases, or no windows at all, and masks that take all.

Layer 1, pure.
"""

from collections.abc import Callable, Iterator
from typing import Final

from monitor.located import Mapping, Text
from monitor.rules.lint.implies import term_implies
from monitor.rules.lint.reading import Finding, Reading, Told
from monitor.rules.lint.walk import WINDOWS, Listed, scope_of
from monitor.rules.nodes import AnyOf, Node, Regex, Term, UnlessNear

WIDE: Final = 100  # words: more than most paragraphs hold
_MOST_MASKS: Final = 200

ListCheck = Callable[[Listed, Reading], Told]


def phrase_as_window(listed: Listed, _: Reading) -> Told:
    """``then`` within 0 of plain terms: words in a row are a phrase."""
    if listed.key != "then" or _within(listed) != 0:
        return
    texts = [item.value.strip() for item in listed.items if isinstance(item, Text)]
    if len(texts) < len(listed.items) or any(t[:1] in "@=~" or t[-1:] == "*" for t in texts[:-1]):
        return
    if texts[-1][:1] in "@=~":
        return
    yield Finding(
        listed.place, f"then: within 0 of plain terms is a phrase. Write '{' '.join(texts)}'"
    )


def wide_window(listed: Listed, _: Reading) -> Told:
    """A window wider than a paragraph is hardly a relation."""
    within = _within(listed)
    if listed.key in ("near", "then") and within is not None and within > WIDE:
        yield Finding(
            listed.place,
            f"within {within} words is most of an article, hardly more than all:. Lower it, or "
            "write same: {unit: paragraph}",
        )


def masks_itself(listed: Listed, reading: Reading) -> Told:
    """An exclusion of ``unless_near`` that every place of the term holds."""
    if listed.holder is None or listed.key not in ("any", "regex"):
        return
    mask = listed.holder.get("unless_near")
    if not isinstance(mask, Mapping):
        return
    tree = reading.tree(listed.holder, scope_of(listed.holder, listed.scope))
    for node in _masked(tree):
        out = [term for each in node.exclusions for term in _terms(each)][:_MOST_MASKS]
        for term in _terms(node.node):
            cover = next((bad for bad in out if term_implies(term, bad)), None)
            if cover is not None:
                yield Finding(
                    mask.place,
                    f"unless_near takes every '{term.written}' away, since '{cover.written}' is "
                    f"part of it. Remove '{cover.written}' here or '{term.written}' there",
                )
        return


def repeated_in_window(listed: Listed, _: Reading) -> Told:
    """Two items of a window that are the same single term: a repetition, rarely meant."""
    if listed.key not in WINDOWS:
        return
    seen: set[str] = set()
    for item in listed.items:
        if isinstance(item, Text):
            written = item.value.strip()
            if written in seen:
                yield Finding(
                    item.place,
                    f"'{written}' stands twice in this window, so the text must say it twice. "
                    "Write min_mentions: 2 if that is meant, else remove one",
                )
            seen.add(written)


def _masked(tree: Node | None) -> Iterator[UnlessNear]:
    if isinstance(tree, UnlessNear):
        yield tree
    elif tree is not None and hasattr(tree, "node"):
        yield from _masked(tree.node)
    elif tree is not None and hasattr(tree, "children"):
        for child in tree.children:
            yield from _masked(child)


def _terms(node: Node) -> Iterator[Term]:
    match node:
        case Term():
            yield node
        case AnyOf(children=children):
            for child in children:
                yield from _terms(child)
        case Regex() | _:
            return


def _within(listed: Listed) -> int | None:
    value = listed.holder.get("within") if listed.holder is not None else None
    if isinstance(value, Text) and value.value.isascii() and value.value.isdigit():
        return int(value.value[:9])
    return None


CHECKS: Final[dict[str, ListCheck]] = {
    "phrase-as-window": phrase_as_window,
    "wide-window": wide_window,
    "masks-itself": masks_itself,
    "repeated-in-window": repeated_in_window,
}
