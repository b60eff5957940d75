"""Corrections: when an alerted article is read again, what of its changes counts, who is told.

Layer 1, pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from monitor.model import Alert, Article, MessageKind
from monitor.rules.rule import Rule
from monitor.stories.changes import Changes, changes
from monitor.text.words import cut

# After the alert. Most corrections come within hours; an outlet is asked three times at most.
RECHECKS: Final = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
_LEAST_SHARE: Final = 0.5  # of the text that must be left, to be a change and not another page
_MOST_TOLD: Final = 2  # sentences


@dataclass(frozen=True, slots=True)
class Correction:
    """What an outlet changed. The sentences are those whose numbers came or went."""

    title_before: str
    title_after: str
    removed: tuple[str, ...]
    added: tuple[str, ...]

    def __str__(self) -> str:
        """One line: ``corrected: “…” became “…”``."""
        parts = []
        if self.title_before != self.title_after:
            parts.append(f"headline “{self.title_before}” became “{self.title_after}”")
        if self.removed:
            parts.append("gone: " + " ".join(f"“{each}”" for each in self.removed[:_MOST_TOLD]))
        if self.added:
            parts.append("new: " + " ".join(f"“{each}”" for each in self.added[:_MOST_TOLD]))
        return "corrected: " + "; ".join(parts)


def next_recheck(alerted_at: datetime, done: int) -> datetime | None:
    """When the page is read again after ``done`` times; None: no more."""
    return alerted_at + RECHECKS[done] if done < len(RECHECKS) else None


def corrected(before: Article, after: Article) -> Correction | None:
    """What was corrected, or None: other words in the headline, other numbers in the text.

    A live page that grows, a mended comma and a page that is another one now are no corrections.
    """
    renamed = bool(after.title) and cut(after.title).folds != cut(before.title).folds
    found = changes(before.text, after.text) if after.text and before.text else Changes((), ())
    if _is_other(before.text, found):
        return None
    told = found if found.figures and found.removed else Changes((), ())
    if not renamed and not told:
        return None
    return Correction(
        before.title,
        after.title if renamed else before.title,
        _with_numbers(told.removed),
        _with_numbers(told.added),
    )


def told_again(
    first: Alert, correction: Correction, rules: Mapping[str, Rule], now: datetime
) -> Alert | None:
    """The message for the rules of ``first`` that tell corrections; None if none of them does."""
    hits = tuple(
        hit for hit in first.hits
        if (rule := rules.get(hit.rule_id)) is not None and rule.again.corrections
    )  # fmt: skip
    if not hits:
        return None
    what = f"correction {first.id} {correction}"
    return replace(
        first,
        id=sha256(what.encode("utf-8", "replace")).hexdigest()[:12],
        title=correction.title_after,
        kind=MessageKind.UPDATE,
        follows=first.id,
        because=str(correction),
        hits=hits,
        created_at=now,
    )


def _is_other(text: str, found: Changes) -> bool:
    return sum(map(len, found.removed)) > len(text) * _LEAST_SHARE


def _with_numbers(sentences: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in sentences if any(sign.isdigit() for sign in each))
