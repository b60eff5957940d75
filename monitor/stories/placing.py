"""What became of an article, in words: the story it joined, or why it begins one.

Layer 1, pure.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_NAMED: Final = 4  # shared words told
_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Placing:
    """Which story an article belongs to; ``story_id`` None: it begins one.

    ``score``: how alike it is to the nearest story, 0 to 1. ``reason``: one sentence for people.
    ``nearest``: (story id, score) of the nearest stories, the best first, joined or not.
    ``follows``: a story that this one, beginning a story of its own, is a follow-up of; None where
    it joins, or where nothing is near.
    """

    story_id: str | None
    score: float
    reason: str
    nearest: tuple[tuple[str, float], ...]
    follows: str | None = None


def story_id(first_article_id: str) -> str:
    """The id of the story that begins with this article: 12 hex digits."""
    return hashlib.sha256(f"story {first_article_id}".encode("utf-8", "replace")).hexdigest()[:12]


def because(
    story: str,
    shared: Sequence[str],
    score: float,
    needed: float,
    seconds: float,
    *,
    joins: bool,
    follows: bool,
) -> str:
    """The reason of a placing: what is shared, how far apart in time, score and threshold."""
    told = ", ".join(shared[:_NAMED]) or "no word"
    facts = f"shares {told}; {_apart(seconds)}; score {score:.2f} of {needed:.2f} needed"
    if joins:
        return facts
    if follows:
        return f"begins a story that follows {story}: {facts} to join it"
    return f"begins a story: the nearest one ({story}) {facts}"


def _apart(seconds: float) -> str:
    if seconds < _DAY / 2:
        return "within hours"
    if seconds < 1.5 * _DAY:
        return "a day later"
    return f"{round(seconds / _DAY)} days later"
