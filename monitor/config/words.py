"""The text of a value together with how it may be shown.

Pure. ``Word`` is what pydantic sees of a located text: the resolved text, and the text as written
in the file for messages, so that no message can hold what a ``${NAME}`` stood for.
"""


class Word(str):
    """A text that remembers how the user wrote it."""

    __slots__ = ("shown",)
    shown: str

    def __new__(cls, text: str, shown: str) -> "Word":
        """``text`` is the resolved text, ``shown`` the one in the file."""
        word = super().__new__(cls, text)
        word.shown = shown
        return word


def shown(value: object) -> str:
    """How a message names ``value``: as it stands in the file."""
    return value.shown if isinstance(value, Word) else str(value)
