"""Which of many patterns may match a text, found in one pass over it.

Layer 1, pure. All patterns together are one RE2 set; word boundaries are dropped in it, so that it
works on the text as it came and says "perhaps" too often, never too seldom. Should the engine run
out of the memory it may use, every pattern is "perhaps".
"""

from collections.abc import Iterable, Sequence
from typing import Final

import re2

from monitor.rules.patterns import MARK, boundless

MOST_MEMORY: Final = 64 << 20
_ALWAYS: Final = "(?s:.)|^$"  # matches any text: its absence tells of an engine that gave up


class PatternSet:
    """Patterns by number. ``memory``: bytes that the set's automaton may take."""

    def __init__(self, sources: Sequence[str], memory: int = MOST_MEMORY) -> None:
        self._count = len(sources)
        options = re2.Options()
        options.log_errors = False
        options.max_mem = memory
        self._set = re2.Set.SearchSet(options)
        try:
            for source in (*sources, _ALWAYS):
                self._set.Add(boundless(source))
            self._set.Compile()
        except re2.error:  # each is fine by itself; together they may be too large
            self._set = None

    def perhaps(self, texts: Iterable[str]) -> Iterable[int]:
        """The numbers of the patterns that may match one of the texts."""
        everything = range(self._count)
        if self._set is None:
            return everything
        found: set[int] = set()
        for text in texts:
            numbers = self._set.Match(text.replace(MARK, "\ufffd"))
            if self._count not in numbers:
                return everything
            found.update(numbers)
        found.discard(self._count)
        return found
