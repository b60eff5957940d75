"""Polls of many feeds by several programs: in which order, and what each poll cost.

Every program starts from nothing, on each server of its own: one with validators, one without.
Between its polls the server shows other editions of the feeds. Some programs learn the validators
only at the second poll, so that a poll that nobody counts lies between the first and the 304s.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.made_up import ENTRIES
from benchmarks.poll_peers_feeds import FIRST, NEWER, REBUILT
from benchmarks.poll_peers_run import Spent, run
from benchmarks.poll_peers_server import Served
from benchmarks.poll_peers_tools import TOOLS, Tool, environment, set_up_ours
from benchmarks.table import OURS

FIRST_POLL: Final = "first poll"
UNCHANGED: Final = "all 304"
NEW: Final = "one new entry each"
PAGED: Final = "one new entry each, with page"
SAME: Final = "200, same bytes"
BUILT: Final = "200, only the build date differs"
_AGAIN: Final = ""  # polled, not counted
_WITH: Final = ((FIRST_POLL, FIRST), (_AGAIN, FIRST), (UNCHANGED, FIRST), (NEW, NEWER))
_WITHOUT: Final = ((_AGAIN, FIRST), (SAME, FIRST), (BUILT, REBUILT))
_PAGED: Final = ((_AGAIN, FIRST), (PAGED, NEWER))
_NEW_ENTRIES: Final = {NEW: 1, PAGED: 1}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one kind of poll cost one program: medians over the rounds; None where it was not run.

    ``ms``: CPU per feed, start-up included. ``per_second``: feeds by the wall clock. ``start``: CPU
    seconds of a run that has one feed to poll, None where that was not measured.
    """

    what: str
    who: str
    feeds: int
    ms: float | None
    per_second: float = 0.0
    mb: float = 0.0
    note: str = ""
    rounds: tuple[float, ...] = ()


class Unfit(Exception):  # says what is the case
    """A program did not do what was to be measured."""


def poll(
    served: Served,
    folder: Path,
    who: Sequence[str],
    count: int,
    *,
    rounds: int,
    budget: float,
    paged: int,
    tell: Callable[[str], None],
) -> list[Cost]:
    """Have ``who`` poll ``count`` feeds; ours also ``paged`` feeds whose entries have pages.

    ``budget``: seconds that one poll of a peer may take; one that takes longer is stopped.
    """
    spent: dict[tuple[str, str], list[Spent]] = {}
    notes: dict[tuple[str, str], str] = {}
    for number in range(1, rounds + 1):
        for name in who:
            series = [(count, True, "", _WITH), (count, False, "", _WITHOUT)]
            if name == OURS and paged:
                series.append((paged, True, "paged/", _PAGED))
            for feeds, validators, below, steps in series:
                home = folder / f"{name}-{number}"
                shutil.rmtree(home, ignore_errors=True)
                home.mkdir()
                urls = served.urls(feeds, validators=validators, below=below)
                tell(f"round {number} of {rounds}: {name}: {feeds} feeds")
                served.show(FIRST)
                TOOLS[name].set_up(home, urls)
                for step, edition in steps:
                    served.show(edition)
                    tell(f"round {number} of {rounds}: {name}: {step or 'getting ready'}")
                    try:
                        one = _poll(served, TOOLS[name], home, feeds, step, budget)
                    except Unfit as error:
                        notes[step, name] = str(error)
                        break
                    if step:
                        spent.setdefault((step, name), []).append(one)
                shutil.rmtree(home)
    return [
        _cost(what, name, paged if what == PAGED else count, spent, notes)
        for what in (FIRST_POLL, UNCHANGED, SAME, BUILT, NEW, PAGED)
        for name in who
        if what != PAGED or (name == OURS and paged)
    ]


def start_cost(folder: Path, served: Served) -> float:
    """CPU seconds of our program with a single feed that answers 304."""
    home = folder / "start"
    home.mkdir()
    served.show(FIRST)
    set_up_ours(home, served.urls(1))
    tool = TOOLS[OURS]
    once = [_poll(served, tool, home, 1, "", 60.0).cpu for _ in range(4)]
    shutil.rmtree(home)
    return median(once[1:])


def _poll(served: Served, tool: Tool, home: Path, feeds: int, step: str, budget: float) -> Spent:
    before = tool.entries(home) if step in _NEW_ENTRIES else 0
    log, asked = home / "log", len(served.asked())
    one = run(tool.command(home), env=environment(home), log=log, within=budget)
    if one.code is None:
        raise Unfit(f"stopped after {budget:g} s")
    if one.code:
        last = log.read_text(errors="replace").strip().splitlines()[-1:]
        raise Unfit(f"ended with {one.code}: {' '.join(last)[:80]}")
    asked = len(served.asked()) - asked
    if asked < feeds:
        raise Unfit(f"asked for {asked:,} of {feeds:,} feeds")
    found = tool.entries(home)
    wanted = before + feeds * _NEW_ENTRIES[step] if step in _NEW_ENTRIES else feeds * ENTRIES
    if found < wanted:
        raise Unfit(f"knows {found:,} entries instead of {wanted:,}")
    return one


def _cost(
    what: str,
    name: str,
    feeds: int,
    spent: dict[tuple[str, str], list[Spent]],
    notes: dict[tuple[str, str], str],
) -> Cost:
    found = spent.get((what, name), [])
    if not found:
        why = notes.get((what, name)) or next(
            (note for (_, who), note in notes.items() if who == name), "not run"
        )
        return Cost(what, name, feeds, None, note=f"not run: {why}")
    ms = [1000 * one.cpu / feeds for one in found]
    return Cost(
        what, name, feeds, median(ms), feeds / median(one.wall for one in found),
        max(one.mb for one in found), rounds=tuple(ms),
    )  # fmt: skip
