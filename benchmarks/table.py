"""Cases, rounds, medians, and the table that comes of them."""

import gc
from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from benchmarks.cpu import tree_seconds

OURS: Final = "news-monitor"


async def _nothing() -> None:
    """No preparation."""


@dataclass(frozen=True, slots=True)
class Case:
    """One way to do one stage's work. ``run`` does it once for all ``items`` and is measured.

    ``prepare`` comes before each run and is not measured (open connections, warm processes).
    """

    stage: str
    who: str  # ``OURS``, or the peer's name
    items: int
    run: Callable[[], Awaitable[None]]
    prepare: Callable[[], Awaitable[None]] = _nothing
    peers_of: str = ""  # another stage, whose peers stand beside this one


@dataclass(frozen=True, slots=True)
class Row:
    """One stage: milliseconds of CPU per item, medians over the rounds.

    A ratio is the median of the rounds' ratios: what slows one round slows both sides of it.
    """

    stage: str
    items: int
    ms: float
    peers: tuple[tuple[str, float, float], ...]  # (name, ms, ratio to ours)
    rounds: tuple[tuple[str, tuple[float, ...]], ...]  # (who, ms of each round)


async def measure(
    cases: Sequence[Case],
    rounds: int,
    *,
    without: Container[int] = (),
    tell: Callable[[str], None],
) -> list[Row]:
    """Run every case once a round, so that a machine that slows down slows all of them."""
    spent: dict[tuple[str, str], list[float]] = {}
    gc.collect()
    gc.freeze()  # nobody pays for looking through the feeds, pages and rules of all the others
    try:
        for number in range(1, rounds + 1):
            for case in cases:
                tell(f"round {number} of {rounds}: {case.stage}: {case.who}")
                await case.prepare()
                gc.collect()
                before = tree_seconds(without)
                await case.run()
                taken = tree_seconds(without) - before
                spent.setdefault((case.stage, case.who), []).append(1000 * taken / case.items)
    finally:
        gc.unfreeze()
    return _rows(cases, spent)


def _rows(cases: Sequence[Case], spent: Mapping[tuple[str, str], list[float]]) -> list[Row]:
    rows: list[Row] = []
    for case in cases:
        if case.who != OURS:
            continue
        beside = [c for c in cases if c.stage == (case.peers_of or case.stage) and c.who != OURS]
        ours = spent[case.stage, OURS]
        peers = [(peer.who, spent[peer.stage, peer.who]) for peer in beside]
        rows.append(
            Row(
                case.stage,
                case.items,
                median(ours),
                tuple((who, median(theirs), _ratio(theirs, ours)) for who, theirs in peers),
                tuple((who, tuple(values)) for who, values in [(OURS, ours), *peers]),
            )
        )
    return rows


def _ratio(theirs: Sequence[float], ours: Sequence[float]) -> float:
    return median(one / other for one, other in zip(theirs, ours, strict=True))


def as_text(rows: Sequence[Row]) -> str:
    """The table for people. ``ratio``: how many times our CPU the peer needs."""
    lines = [("stage", "items", "ms CPU", "beside", "ms CPU", "ratio")]
    for row in rows:
        first = (row.stage, str(row.items), f"{row.ms:.3f}")
        if not row.peers:
            lines.append((*first, "(no peer does this)", "", ""))
        for name, ms, ratio in row.peers:
            lines.append((*first, name, f"{ms:.3f}", f"{ratio:.2f}"))
            first = ("", "", "")
    return aligned(lines, left=(0, 3))


def aligned(lines: Sequence[Sequence[str]], left: Container[int]) -> str:
    """Lines of as many cells each, in columns; those in ``left`` begin at the left."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            text.ljust(width) if at in left else text.rjust(width)
            for at, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The same, with every round."""
    return [
        {
            "stage": row.stage,
            "items": row.items,
            "ms": row.ms,
            "peers": [{"name": name, "ms": ms, "ratio": ratio} for name, ms, ratio in row.peers],
            "rounds": {who: list(values) for who, values in row.rounds},
        }
        for row in rows
    ]
