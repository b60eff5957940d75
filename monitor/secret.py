"""A text that must not be shown: passwords, tokens, webhook URLs.

Layer 0. Hides in ``repr``, ``str`` and f-strings; ``reveal()`` is the only way to the text and is
easy to search for. ``registry()`` lets the log filter mask the same texts wherever they turn up.
"""

from typing import Final

MASK: Final = "***"
_SHORTEST_MASKED: Final = 4  # characters; masking "a" everywhere would make a log unreadable
_known: set[str] = set()


class Secret:
    """A text that prints as ``***``. Equal to another secret with the same text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text
        if len(text) >= _SHORTEST_MASKED:
            _known.add(text)

    def reveal(self) -> str:
        """The text itself; call it only where the text leaves the program."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


def redact(text: str) -> str:
    """``text`` with every secret known to this process replaced by ``***``."""
    for known in sorted(_known, key=len, reverse=True):
        if known in text:
            text = text.replace(known, MASK)
    return text
