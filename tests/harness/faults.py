"""The faults: what can go wrong at which step, chosen by a seed, and a plan made smaller.

A step is counted where the world is touched: ``ask`` (a request is about to be written), ``answer``
(the other side has done its part), ``disk`` (a write, sync, cut or removal), ``statement`` (SQL),
``second`` (virtual seconds since the start). A plan says what happens at the n-th of a kind;
``poison`` is no step: one report that a channel refuses all the time.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

ASK: Final = (
    "dns", "refused", "crash", "power", "status 500", "status 503", "status 429", "status 429",
    "status 404", "status 403", "status 403", "delay", "hang", "stale",
)  # fmt: skip
ANSWER: Final = ("lost", "hang", "delay", "cut", "crash", "power")
DISK: Final = ("crash", "power", "full", "broken")
STATEMENT: Final = ("busy", "stop")
SECOND: Final = (
    "back 3600", "back 90", "ahead 90", "ahead 3600", "ahead 31536000", "stall 5", "stall 90",
    "stop", "reload", "kill", "down hook", "down slack", "down mail", "offline",
)  # fmt: skip
POISON: Final = ("hook", "slack")  # the channel that refuses one report; ``at`` is its number


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """``what`` happens at the ``at``-th step of its kind (seconds for ``second``)."""

    step: str
    at: int
    what: str

    def __str__(self) -> str:
        return f"{self.step} {self.at}: {self.what}"


Plan = tuple[Fault, ...]


def plan_for(seed: int) -> Plan:
    """Up to eight faults, early steps more often; one seed in ten has none."""
    chance = random.Random(f"faults {seed}")
    if chance.random() < 0.1:
        return ()
    return tuple(sorted({_fault(chance) for _ in range(chance.choice((1, 1, 2, 2, 3, 4, 6, 8)))}))


def _fault(chance: random.Random) -> Fault:
    step = chance.choices(
        ("ask", "answer", "disk", "statement", "second", "poison"), weights=(10, 8, 6, 3, 6, 1)
    )[0]
    match step:
        case "ask":
            return Fault(step, chance.randrange(1, 34), chance.choice(ASK))
        case "answer":
            return Fault(step, chance.randrange(1, 32), chance.choice(ANSWER))
        case "disk":
            return Fault(step, int(chance.triangular(1, 700, 60)), chance.choice(DISK))
        case "statement":
            return Fault(step, chance.randrange(1, 130), chance.choice(STATEMENT))
        case "poison":
            return Fault(step, chance.randrange(101, 105), chance.choice(POISON))
        case _:
            return Fault(step, chance.randrange(1, 145), chance.choice(SECOND))


def shrunk(plan: Plan, still_fails: Callable[[Plan], bool]) -> Plan:
    """The smallest plan, leaving out single faults, with which it still fails."""
    found = plan
    smaller = True
    while smaller:
        smaller = False
        for candidate in _without_one(found):
            if still_fails(candidate):
                found, smaller = candidate, True
                break
    return found


def _without_one(plan: Plan) -> Iterator[Plan]:
    for at in range(len(plan)):
        yield (*plan[:at], *plan[at + 1 :])
