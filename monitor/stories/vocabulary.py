"""Which stories hold which word: numbers for words, and how many stories hold each.

Layer 1, pure. Words are counted by story and not by article: the words of a story of three hundred
reports stay rare. A word that no story holds any more is forgotten.
"""

from array import array
from collections.abc import Container
from typing import Final

_SLACK: Final = 16  # dead entries of a row that are left standing


class Vocabulary:
    """Words by number, and for each the stories that hold it, oldest first.

    Rows are cleaned when more than half of a row is dead, so that letting a story go is cheap.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._words: list[str] = []
        self._free: list[int] = []
        self._rows: list[array[int]] = []
        self.holding: list[int] = []  # how many stories hold word number i

    def __len__(self) -> int:
        return len(self._numbers)

    def find(self, word: str) -> int | None:
        """The number of a word; None if no story holds it."""
        return self._numbers.get(word)

    def number(self, word: str) -> int:
        """The number of a word, given if it had none."""
        known = self._numbers.get(word)
        if known is not None:
            return known
        if self._free:
            number = self._free.pop()
            self._words[number] = word
        else:
            number = len(self._words)
            self._words.append(word)
            self._rows.append(array("Q"))
            self.holding.append(0)
        self._numbers[word] = number
        return number

    def hold(self, number: int, story: int) -> None:
        """Note that a story holds a word that it did not hold before."""
        self._rows[number].append(story)
        self.holding[number] += 1

    def row(self, number: int) -> "array[int]":
        """The stories that hold a word, oldest first; some may be gone."""
        return self._rows[number]

    def let_go(self, number: int, live: Container[int]) -> None:
        """Note that one story that held a word is gone. ``live``: the stories that are not."""
        self.holding[number] -= 1
        row = self._rows[number]
        if self.holding[number] <= 0:
            self.holding[number] = 0
            self._rows[number] = array("Q")
            del self._numbers[self._words[number]]
            self._words[number] = ""
            self._free.append(number)
        elif len(row) > 2 * self.holding[number] + _SLACK:
            self._rows[number] = array("Q", [story for story in row if story in live])
