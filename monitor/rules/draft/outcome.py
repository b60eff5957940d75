"""What drafting and tuning answer: a proposal, or a refusal with its reasons.

Layer 1, frozen values.
"""

from dataclasses import dataclass

from monitor.rules.draft.built import Plain


@dataclass(frozen=True, slots=True)
class Clash:
    """A yes and a no that were not told apart, and why, in words."""

    yes: str
    no: str
    why: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing safe separates the examples. ``reason`` is a sentence, ``mend`` what may help."""

    reason: str
    clashes: tuple[Clash, ...] = ()
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule that fires on every yes and on no no: ``match`` as YAML writes it.

    ``past_hits``: past articles among those looked at on which it fires. ``notes``: what a person
    should look at.
    """

    match: Plain
    terms: tuple[str, ...]
    past_hits: int
    notes: tuple[str, ...] = ()
