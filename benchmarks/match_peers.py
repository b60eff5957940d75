"""News Monitor's matching beside the ways that others would take, on the same rules and articles.

    make bench-match
    python benchmarks/match_peers.py [--quick] [--sizes 10,1000] [--rounds N] [--peers re,tantivy]
                                     [--budget SECONDS] [--json FILE]

Every engine has a process of its own and all take turns. Each article is new to all of them: it is
matched once, after others have warmed them up. Figures are processor time, the cutting of words
included. Every answer of every peer is compared with ours; one that differs ends the run with 1.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from statistics import mean
from typing import Final

if __package__ in (None, ""):
    sys.path[0] = str(Path(__file__).parents[1])  # run as a script: find the package and monitor

from benchmarks.match_engines import CANNOT, PEERS
from benchmarks.match_rules import IN_THE_NEWS, rules
from benchmarks.match_turns import Different, Load, Plan, Row, measure
from benchmarks.table import OURS, aligned

FULL: Final = Plan(
    (
        Load("few hits", IN_THE_NEWS, (10, 1_000, 10_000, 100_000), tuple(PEERS)),
        Load("many hits", 10 * IN_THE_NEWS, (10_000,), ("ahocorasick-rs", "hyperscan")),
    ),
    rounds=5, articles=100, warm=200, budget=8.0,
)  # fmt: skip
QUICK: Final = Plan((Load("few hits", 20, (10, 100), tuple(PEERS)),), 1, 6, 6, 2.0)


_HEAD: Final = (
    "",
    "rules",
    "engine",
    "ms CPU",
    "of ours",
    "hits",
    "articles",
    "ready, s",
    "MB",
    "",
)


def as_text(rows: Sequence[Row]) -> str:
    """The table for people, and what follows from it."""
    lines: list[tuple[str, ...]] = [_HEAD]
    block: tuple[str, int] | None = None
    for row in rows:
        new = (row.load_name, row.size) != block
        named = (row.load_name, f"{row.size:,}") if new else ("", "")
        block = (row.load_name, row.size)
        if row.ms is None or row.ratio is None or row.load is None:
            lines.append((*named, row.who, "-", "-", "-", "-", "-", "-", row.note))
            continue
        note = "" if row.cold is None else f"{row.cold:.2f} s from YAML"
        lines.append((
            *named, row.who, f"{row.ms:.3f}", f"{row.ratio:.2f}", f"{row.hits:.2f}",
            str(row.articles), f"{row.load:.2f}", f"{row.mb:.0f}", note,
        ))  # fmt: skip
    return "\n".join([aligned(lines, left=(0, 2, 9)), "", *_said(rows)])


def _said(rows: Sequence[Row]) -> Iterator[str]:
    answers = sum(row.articles for row in rows if row.who != OURS)
    yield f"Identical matches: {answers:,} answers of peers compared with ours, none differs."
    beyond = mean(rule.beyond is not None for rule in rules(2_000))
    yield (
        f"{100 * beyond:.0f} % of the rules have a condition that no peer here can say; "
        f"{OURS} answers these too."
    )
    for load in dict.fromkeys(row.load_name for row in rows):
        mine = [row for row in rows if row.who == OURS and row.load_name == load]
        mine = [row for row in mine if row.size >= 1_000 and row.ms is not None]
        if len(mine) > 1:
            first, last = mine[0], mine[-1]
            assert first.ms is not None
            assert last.ms is not None
            yield (
                f"{load}: an article costs {last.ms / first.ms:.2f} times as much at "
                f"{last.size:,} rules as at {first.size:,} ({first.hits:.2f} and {last.hits:.2f} "
                "hits)."
            )
    for who in dict.fromkeys(row.who for row in rows if row.who in CANNOT):
        yield f"{who} cannot say: {CANNOT[who]}."


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code (1: engines differ)."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a few seconds: shows that it runs")
    parser.add_argument("--sizes", type=_sizes, help="numbers of rules, for the first table alone")
    parser.add_argument("--rounds", type=_count, help="how often all take turns")
    parser.add_argument("--peers", type=_peers, help=f"some of {', '.join(PEERS)}; or none")
    parser.add_argument("--budget", type=float, help="CPU seconds for one peer at one size")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to FILE")
    options = parser.parse_args(arguments)
    try:
        rows = measure(_plan(options), _progress)
    except Different as error:
        _progress("")
        print(f"DIFFERENT ANSWERS: {error}", file=sys.stderr)
        return 1
    _progress("")
    print(as_text(rows))
    if options.json is not None:
        report = {"match": [asdict(row) for row in rows]}
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    return 0


def _plan(options: argparse.Namespace) -> Plan:
    plan = QUICK if options.quick else FULL
    loads = plan.loads
    if options.sizes is not None:
        loads = (replace(loads[0], sizes=options.sizes),)
    if options.peers is not None:
        loads = tuple(replace(load, peers=options.peers) for load in loads)
    rounds = plan.rounds if options.rounds is None else options.rounds
    budget = plan.budget if options.budget is None else options.budget
    return replace(plan, loads=loads, rounds=rounds, budget=budget)


def _count(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted({_count(each) for each in text.split(",")}))


def _peers(text: str) -> tuple[str, ...]:
    named = () if text == "none" else tuple(text.split(","))
    if unknown := [each for each in named if each not in PEERS]:
        raise argparse.ArgumentTypeError(f"no peer is named {unknown[0]}")
    return named


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
