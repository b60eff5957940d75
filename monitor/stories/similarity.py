"""How alike an article and a story are, and how alike they must be. All constants stand here.

Layer 1, pure. docs/stories.md says in words what these functions compute and how the constants
were found.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from operator import mul
from typing import Final

NEAREST_SHARE: Final = 0.5  # of the nearest report in the score; the rest is the story as a whole
MISSING: Final = 0.4  # of the score is lost where all names and numbers of the story are missing
STRANGE: Final = 0.3  # is lost where all of the article's leading names are new to the story
CONTRADICTION: Final = 0.3  # is lost where neither has the other's names, in texts of any length
# Where this share of the story's own names and numbers is missing in a text that names others,
# so much of the score is left: it is another event of the same kind.
ALL_MISSING: Final = 0.9
OTHER_NAMES: Final = 0.3
# Texts that share fewer rare names and numbers than these need more: what they have in common may
# be the words of a trade (mergers, weather, courts).
ENOUGH_NAMES: Final = 3
NEEDED_NAMELESS: Final = 0.25
CORE: Final = 0.5  # of the reports must have a name for it to be one of the story's own
NEEDED: Final = 0.12  # between headlines
NEEDED_LONG: Final = 0.04  # on top, between texts of LONG different words or more
LONG: Final = 60
HALF_LIFE: Final = 24 * 3600.0  # seconds after which a story has lost half of what it can lose
NEVER_LOST: Final = 0.6  # of a score, however old the story is
NEEDED_FOREIGN: Final = 0.30  # between two languages, where only names and numbers are compared
SHARED_FOREIGN: Final = 2  # names or numbers that must be shared there
FOLLOWS: Final = 0.7  # of what is needed to join: a follow-up, with a story of its own
FOLLOWS_NAMES: Final = 3  # rare names and numbers that a follow-up shares
WORTH_TELLING: Final = 0.02  # a lower score is nothing in common
RARE_ENOUGH: Final = 1.0  # below this rareness a word says nothing about what a story is about
PRIOR_STORIES: Final = 50  # stories' worth of trust in the frequencies known before any article


def rareness(stories: int, holding: int, common: int) -> float:
    """How telling a word is: 0 for one in every story. ``common``: of 1,000, expected before."""
    return max(0.01, _log_all(stories) - _log_expected(holding, common))


@lru_cache(maxsize=256)
def _log_all(stories: int) -> float:
    return math.log(1 + stories + PRIOR_STORIES)


@lru_cache(maxsize=65_536)  # asked for with every word of every article
def _log_expected(holding: int, common: int) -> float:
    return math.log(1 + holding + PRIOR_STORIES * common / 1000)


def fading(seconds: float) -> float:
    """What is left of a score when the story's last report is this old: 1 to ``NEVER_LOST``."""
    return NEVER_LOST + (1 - NEVER_LOST) * math.pow(0.5, max(0.0, seconds) / HALF_LIFE)


def needed(words: float, seconds: float) -> float:
    """The score needed to join: more between long texts, more the longer the story was quiet.

    ``words``: different words of the shorter side; ``seconds``: since the story's last report.
    """
    return (NEEDED + NEEDED_LONG * _fullness(words)) / fading(seconds)


def joined_score(
    nearest: float, whole: float, missing: float, strange: float, words: float
) -> float:
    """The score, 0 to 1.

    ``nearest``: cosine with the most alike report; ``whole``: with the story's middle;
    ``missing``: the share of the story's own names and numbers that the article does not have;
    ``strange``: the share of those in the article's headline and lead that the story does not have.
    A headline cannot have them all, so there both count little.
    """
    alike = NEAREST_SHARE * nearest + (1 - NEAREST_SHARE) * whole
    full = _fullness(words)
    alike *= (1 - MISSING * full * missing) * (1 - STRANGE * full * strange)
    both = missing * strange
    return alike * (1 - CONTRADICTION * both * both)


def dot(vector: Mapping[int, float], ids: Sequence[int], weights: Sequence[float]) -> float:
    """The scalar product of a sparse vector and one kept as two rows."""
    values = map(vector.get, ids, repeat(0.0))
    return float(sum(map(mul, values, weights)))


def _fullness(words: float) -> float:
    return min(1.0, words / LONG)
