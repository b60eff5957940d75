"""Proposes the name that was probably meant. Pure."""

import difflib
from collections.abc import Iterable


def short(text: str) -> str:
    """``text`` cut to what fits in a message, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`` Did you mean 'x'?``, with its leading space, or, if nothing is near, the known names."""
    names = sorted(known)
    folded = {name.lower().replace("-", "_"): name for name in names}
    wanted = word[:100].lower().replace("-", "_")
    near = difflib.get_close_matches(wanted, folded, n=1, cutoff=0.6)
    if near:
        return f" Did you mean '{folded[near[0]]}'?"
    if not names:
        return " Remove it."
    if len(names) > 12:
        return ""
    return f" Known here: {', '.join(names)}."
