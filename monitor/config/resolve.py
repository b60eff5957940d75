"""Turns a located tree into what pydantic reads, with ``${NAME}`` and ``{file: path}`` filled in.

Layer 3: through ``secrets`` it may read secret files. Texts become ``Word``s, so that messages can
name them as written.
"""

from collections.abc import Callable
from pathlib import Path

from monitor.config.secrets import (
    Environment,
    expand,
    filled_in,
    is_file_reference,
    read_secret_file,
)
from monitor.config.words import Word
from monitor.located import Items, Mapping, Node, Problem, Text
from monitor.secret import Secret

KeyPath = tuple[str | int, ...]


class Resolver:
    """Resolves trees of one file; ``problems`` gathers what went wrong.

    ``blank_is_absent(path)`` says whether a key without a value at ``path`` means its default.
    """

    def __init__(
        self, base: Path, environ: Environment, blank_is_absent: Callable[[KeyPath], bool]
    ) -> None:
        self.problems: list[Problem] = []
        self._base = base
        self._environ = environ
        self._blank_is_absent = blank_is_absent

    def plain(self, node: Node, path: KeyPath = ()) -> object:
        """``node`` as Word, list and dict. Unresolvable references stay as written."""
        match node:
            case Text():
                return self.word(node)
            case Items(items=items):
                return [self.plain(item, (*path, at)) for at, item in enumerate(items)]
            case Mapping():
                if is_file_reference(node) and path and path[-1] != "headers":
                    return self.secret_file(node)
                return {
                    key.value: self.plain(value, (*path, key.value))
                    for key, value in node.pairs
                    if not (is_blank(value) and self._blank_is_absent((*path, key.value)))
                }

    def word(self, node: Text) -> Word:
        """A text with its references filled in."""
        value, problems = expand(node, self._environ)
        self.problems += problems
        if "://" in value and value != node.value:
            self._remember(value, filled_in(node, self._environ))
        return Word(value, node.value)

    def _remember(self, address: str, parts: tuple[str, ...]) -> None:
        """Make an address with a token from outside known to the log's filter, whole and in part.

        A part that is (in) the host's name is no secret, and masking it would blind the log.
        """
        Secret(address)
        host = address.split("://", 1)[1].partition("/")[0].rpartition("@")[2]
        for part in parts:
            if part not in host and "://" not in part:
                Secret(part)

    def secret_file(self, node: Mapping) -> Word:
        """The content of a secret file, shown as ``{file: …}``."""
        value, problems = read_secret_file(node, self._base, self._environ)
        self.problems += problems
        return Word("{file: …}" if value is None else value, "{file: …}")


def is_blank(node: Node) -> bool:
    """Whether nothing was written (``key:``), which means: the default."""
    return isinstance(node, Text) and not node.value and not node.quoted
