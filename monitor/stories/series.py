"""Titles that differ in a number only: reports of a series, not of one event.

"Quake of magnitude 5.8 hits Exampleland" and the same with 6.1, "Report 31" and "Report 32": each
is news of its own. An outlet that repeats another's title repeats its numbers.

Layer 1, pure.
"""

from typing import Final

from monitor.text.words import cut

_LEAST_WORDS: Final = 2  # beside the numbers; "No. 5" alone says nothing


def pattern(title: str) -> tuple[str, str]:
    """The title's words with every number left open, and the numbers; both empty if it has none."""
    words = cut(title).folds
    numbers = [word for word in words if word[:1].isdigit()]
    if not numbers or len(words) - len(numbers) < _LEAST_WORDS:
        return "", ""
    return " ".join("#" if word[:1].isdigit() else word for word in words), " ".join(numbers)


def pattern_fits(one: str, other: str) -> bool:
    """Whether two titles may be of one report: not the same words with other numbers."""
    (words, numbers), (other_words, other_numbers) = pattern(one), pattern(other)
    return not words or words != other_words or numbers == other_numbers
