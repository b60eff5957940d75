"""Reads the ``Link`` header of an answer (RFC 8288, 3) as far as feeds use it: hub and self.

Layer 1, pure and linear. httpx reads it too, but splits quoted texts, and lets the last link of a
name win.
"""

import re
from collections.abc import Iterable
from typing import Final

from monitor.text.urls import absolute_link

_MOST_HEADER: Final = 8192  # characters, of all such headers of an answer together
_MOST_LINKS: Final = 50
_WANTED: Final = ("hub", "self")
_TARGET: Final = re.compile(r"[\s,]*<([^<>\s]{0,2000})>")
_PARAMETER: Final = re.compile(
    r"\s*;\s*(?P<name>[A-Za-z0-9!#$&+.^_`|~-]{1,60}\*?)"
    r"(?:\s*=\s*(?:\"(?P<quoted>(?:[^\"\\]|\\.)*)\"|(?P<token>[^\s\";,]*)))?"
)


def links_of(values: Iterable[str], url: str) -> tuple[tuple[str, str], ...]:
    """(rel, absolute address) of the links to a hub and to "self" that these headers name.

    ``url``: where the answer came from. Reading ends where the header breaks its own grammar.
    Links with an ``anchor`` are about something else (3.2) and left out.
    """
    text = ", ".join(values)[:_MOST_HEADER]
    found: list[tuple[str, str]] = []
    at = 0
    for _ in range(_MOST_LINKS):
        target = _TARGET.match(text, at)
        if target is None:
            break
        parameters: dict[str, str] = {}
        at = target.end()
        while (one := _PARAMETER.match(text, at)) is not None:
            at = one.end()
            value = one["quoted"] if one["quoted"] is not None else one["token"] or ""
            parameters.setdefault(one["name"].lower(), value)  # 3.3: the first rel counts
        link = "" if "anchor" in parameters else absolute_link(url, target[1])
        kinds = parameters.get("rel", "").lower().split()
        found += [(kind, link) for kind in _WANTED if kind in kinds and link]
    return tuple(dict.fromkeys(found))
