"""What was changed between two versions of an article: sentences added and taken away.

Layer 1, pure. For telling a correction (a figure changed in an otherwise equal text) from a copy.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from monitor.text.sentences import sentences
from monitor.text.words import cut

_MOST_CHARACTERS: Final = 200_000  # of each text that are compared


@dataclass(frozen=True, slots=True)
class Changes:
    """Sentences that only the new text has, and those that only the old one had, in order."""

    added: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything was changed."""
        return bool(self.added or self.removed)

    @property
    def figures(self) -> bool:
        """Whether a number came or went: what makes an edit a correction worth a look."""
        return _numbers(self.added) != _numbers(self.removed)


def changes(old_text: str, new_text: str) -> Changes:
    """The sentences of the two texts that differ in their words; case and spacing do not count.

    A sentence that stands twice in one text and once in the other was added or removed once. Of
    texts longer than 200,000 characters the beginning is compared.
    """
    old, new = _sentences(old_text), _sentences(new_text)
    return Changes(added=_beyond(new, old), removed=_beyond(old, new))


def _sentences(text: str) -> list[tuple[tuple[str, ...], str]]:
    text = text[:_MOST_CHARACTERS]
    found = [" ".join(text[start:end].split()) for start, end in sentences(text)]
    return [(tuple(cut(sentence).folds), sentence) for sentence in found if sentence]


def _beyond(
    these: list[tuple[tuple[str, ...], str]], those: list[tuple[tuple[str, ...], str]]
) -> tuple[str, ...]:
    left = Counter(words for words, _ in those)
    beyond = []
    for words, sentence in these:
        if left[words] > 0:
            left[words] -= 1
        elif words:
            beyond.append(sentence)
    return tuple(beyond)


def _numbers(sentences_: tuple[str, ...]) -> Counter[str]:
    return Counter(
        word for sentence in sentences_ for word in cut(sentence).folds if word[0].isdigit()
    )
