"""How far a draft may be trusted: drafted without one example in turn, does it find that one?

Layer 1, pure.
"""

from collections.abc import Sequence
from typing import Final

from monitor.rules.draft.built import Builder, Example
from monitor.rules.draft.outcome import Refusal
from monitor.rules.draft.separate import draft

FEWEST: Final = 3  # yes; with two, what is left is a single example
_MOST: Final = 8


def found_unseen(yes: Sequence[Example], no: Sequence[Example]) -> tuple[int, int] | None:
    """(found, tried) of the first yes, each left out in turn; None for fewer than three."""
    if len(yes) < FEWEST:
        return None
    tried = min(len(yes), _MOST)
    found = 0
    for number in range(tried):
        rest = [one for n, one in enumerate(yes) if n != number]
        made = draft(rest, no, ())
        if isinstance(made, Refusal):
            continue
        fires = Builder().verdict({"match": made.match})
        found += fires is not None and fires(yes[number])
    return found, tried
