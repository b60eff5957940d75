"""A text as overlapping runs of words, and their MinHash: what tells copies from other texts.

Layer 1, pure. MinHash (Broder, "On the resemblance and containment of documents", 1997) keeps a
fixed number of the smallest hash values of a set of runs; the smallest values of two texts' union
that both hold estimate the share that they have in common. Its bottom-k form needs one hash per run
and compares texts of different length, which a table of permutations does not.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from monitor.text.characters import is_unspaced
from monitor.text.words import cut

RUN: Final = 4  # words
RUN_UNSPACED: Final = 8  # characters, in scripts without blanks
_MIX: Final = 0x9E3779B97F4A7C15  # odd, and without a pattern: 2**64 by the golden ratio
_MASK: Final = 2**64 - 1
KEPT: Final = 128  # smallest hash values of a text
MOST_WORDS: Final = 4_000  # of a text that are looked at
_MOST_CHARACTERS: Final = 40_000


def words_of(text: str) -> list[str]:
    """The folded words of the beginning of a text; characters in scripts without blanks."""
    return cut(text[:_MOST_CHARACTERS]).folds[:MOST_WORDS]


def shingles(words: Sequence[str]) -> dict[int, None]:
    """The hash values (64 bit) of all runs of words, each once, in the order of the text.

    A text shorter than a run is one run. The hash is the same in every process.
    """
    if not words:
        return {}
    unspaced = sum(1 for word in words if not word.isascii() and is_unspaced(word[0]))
    width = RUN_UNSPACED if 2 * unspaced > len(words) else RUN
    runs = max(1, len(words) - width + 1)
    values = [_hash(word) for word in words]
    if width == RUN and len(values) >= RUN:
        rows = zip(values, values[1:], values[2:], values[3:], strict=False)
        return dict.fromkeys(
            ((((one * _MIX + two) * _MIX + three) * _MIX + four) * _MIX) & _MASK
            for one, two, three, four in rows
        )
    return dict.fromkeys(_together(values[at : at + width]) for at in range(runs))


def smallest(values: dict[int, None], count: int = KEPT) -> tuple[int, ...]:
    """The bottom-k signature: the smallest ``count`` values, ascending."""
    return tuple(sorted(values)[:count])


def shared(one: Sequence[int], other: Sequence[int], sizes: tuple[int, int]) -> tuple[float, float]:
    """Estimates from two signatures: (resemblance, containment of the smaller text), 0 to 1.

    ``sizes``: how many different runs the two texts have. Resemblance is the share of the union
    that both have; containment the share of the smaller one that the larger one has.
    """
    if not one or not other:
        return 0.0, 0.0
    # What is known of both: up to the largest value of a signature that leaves runs out.
    cut_off = [row[-1] for row, size in zip((one, other), sizes, strict=True) if size > len(row)]
    bound = min(cut_off, default=max(one[-1], other[-1]))
    these, those = set(one), set(other)
    union = [value for value in these | those if value <= bound]
    alike = sum(value in these and value in those for value in union) / len(union)
    together = alike * (sizes[0] + sizes[1]) / (1 + alike)
    return alike, min(1.0, together / max(1, min(sizes)))


def _together(values: Sequence[int]) -> int:
    """The value of a run; it depends on the order of its words."""
    mixed = 0
    for value in values:
        mixed = (mixed + value) * _MIX & _MASK
    return mixed


@lru_cache(maxsize=65_536)  # a news language has fewer words in use
def _hash(word: str) -> int:
    digest = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
