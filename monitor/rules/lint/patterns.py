"""Checks of ``regex:``: patterns that a term says better, and patterns open at both ends.

Layer 1, pure.
"""

import re
from collections.abc import Callable
from typing import Final

from monitor.located import Text
from monitor.rules.lint.reading import Finding, Reading, Told
from monitor.rules.lint.walk import Listed
from monitor.text.characters import is_unspaced

_PLAIN: Final = re.compile(r"(?:\(\?i\))?(?:\\b)?[^\W_][\w' -]*(?:\\b)?")
_CHOICE: Final = re.compile(
    r"(?:\(\?i\))?(?:\\b)?\((?:\?:)?[^\W_][\w' -]*(?:\|[^\W_][\w' -]*)+\)(?:\\b)?"
    r"|(?:\(\?i\))?[^\W_][\w' -]*(?:\|[^\W_][\w' -]*)+"
)
_OPEN_START: Final = re.compile(r"^(?:\(\?\w+\))?(?:\((?:\?:)?)*(?:[^\W_]|\\[wd]|\[[a-zA-Z0-9])")
_OPEN_END: Final = re.compile(r"(?:[^\W_\\]|\\[wd]|[^\W_]\]|\\w\]|[+*?}])\)*$")
_CLOSED_END: Final = re.compile(r"\\[bsWn]\)*$")

ListCheck = Callable[[Listed, Reading], Told]


def plain_regex(listed: Listed, _: Reading) -> Told:
    """A pattern of plain words."""
    pattern = _pattern(listed)
    if pattern is None or any(is_unspaced(char) for char in pattern):
        return
    bare = pattern.removeprefix("(?i)").replace("\\b", "")
    if _PLAIN.fullmatch(pattern):
        yield Finding(
            listed.items[0].place,
            f"the pattern '{pattern}' is plain words. Write the term '{bare}': it needs no pattern "
            "and is found fast",
        )
    elif _CHOICE.fullmatch(pattern):
        words = bare.strip("()").removeprefix("?:").split("|")
        yield Finding(
            listed.items[0].place,
            f"the pattern '{pattern}' is a choice of plain words. Write any: [{', '.join(words)}]",
        )


def open_regex(listed: Listed, _: Reading) -> Told:
    """A pattern that also matches inside longer words."""
    pattern = _pattern(listed)
    if pattern is None or _PLAIN.fullmatch(pattern) or _CHOICE.fullmatch(pattern):
        return
    if any(is_unspaced(char) or "\uac00" <= char <= "\ud7a3" for char in pattern):
        return
    start = _OPEN_START.match(pattern) is not None
    end = _OPEN_END.search(pattern) is not None and _CLOSED_END.search(pattern) is None
    if start and end and "\\b" not in pattern:
        yield Finding(
            listed.items[0].place,
            (f"the pattern '{pattern}' matches inside longer words too. Put \\b at both ends"),
        )


def _pattern(listed: Listed) -> str | None:
    item = listed.items[0] if listed.key == "regex" and listed.items else None
    return item.value if isinstance(item, Text) and item.value.strip() else None


CHECKS: Final[dict[str, ListCheck]] = {"plain-regex": plain_regex, "open-regex": open_regex}
