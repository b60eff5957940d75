"""Polling thousands of feeds: News Monitor beside newsboat, reader and rss2email.

    make bench-poll
    python benchmarks/poll_peers.py [--quick | --short] [--feeds N] [--small N] [--rounds N]
                                    [--budget SECONDS] [--peers reader,newsboat]
                                    [--only polls,hang,memory,delay] [--json FILE]

Every program is started as its users start it, polls every feed once and ends; processor time of
the whole process tree counts, start-up included. All ask one server on loopback, in the same run.
"""

import argparse
import json
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

if __package__ in (None, ""):
    sys.path[0] = str(Path(__file__).parents[1])  # run as a script: find the package and monitor

from benchmarks import poll_peers_delay, poll_peers_feeds, poll_peers_hang, poll_peers_scale
from benchmarks.poll_peers_rounds import (
    BUILT,
    FIRST_POLL,
    NEW,
    SAME,
    UNCHANGED,
    Cost,
    poll,
    start_cost,
)
from benchmarks.poll_peers_server import Served, serving
from benchmarks.poll_peers_tools import RULES, TOOLS
from benchmarks.table import OURS, aligned

PEERS: Final = tuple(name for name in TOOLS if name != OURS)
PARTS: Final = ("polls", "hang", "memory", "delay")
BARS: Final = {UNCHANGED: 1.0, NEW: 5.0, SAME: 1.5, BUILT: 2.5, FIRST_POLL: 6.0}  # ms CPU a feed
_HEAD: Final = ("", "feeds", "program", "ms CPU", "of ours", "feeds/s", "peak MB", "")


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. ``small``: the number of feeds that the growth is judged from."""

    feeds: int
    small: int
    rounds: int
    budget: float  # seconds that one poll of a peer may take
    paged: int
    healthy: int
    hanging: int
    resting: int
    many: tuple[int, ...]
    alerts: int
    rules: int
    peers: tuple[str, ...] = PEERS
    parts: tuple[str, ...] = PARTS


FULL: Final = Plan(
    feeds=2_000, small=100, rounds=1, budget=600.0, paged=100, healthy=100, hanging=16,
    resting=100_000, many=(2_000, 20_000), alerts=100, rules=10_000,
)  # fmt: skip
SMALL: Final = replace(
    FULL, feeds=200, small=50, budget=60.0, paged=20, resting=5_000, many=(400, 2_000), alerts=20,
    rules=1_000,
)  # fmt: skip
QUICK: Final = Plan(
    feeds=6, small=3, rounds=1, budget=30.0, paged=2, healthy=4, hanging=2, resting=10,
    many=(6, 12), alerts=2, rules=20,
)  # fmt: skip


def run(plan: Plan, tell: Callable[[str], None]) -> Iterator[tuple[str, Any]]:
    """Measure; yields what was measured and what came of it, part by part."""
    with tempfile.TemporaryDirectory(prefix="news-monitor-bench-") as name:
        folder = Path(name)
        files, homes = folder / "www", folder / "homes"
        files.mkdir()
        homes.mkdir()
        tell("writing feeds")
        poll_peers_feeds.write(files, plan.feeds)
        with serving(files, poll_peers_feeds.FIRST) as served:
            pages = max(plan.paged, plan.alerts + 5)
            poll_peers_feeds.write_paged(files, pages, served.base())
            who = [name for name in (OURS, *plan.peers) if TOOLS[name].version() is not None]
            yield "server", served.name
            yield "yardstick", yardstick()
            yield from _parts(plan, served, homes, who, tell)


def _parts(
    plan: Plan, served: Served, homes: Path, who: Sequence[str], tell: Callable[[str], None]
) -> Iterator[tuple[str, Any]]:
    if "polls" in plan.parts:
        for count, paged in ((plan.small, 0), (plan.feeds, plan.paged)):
            yield "polls", poll(
                served, homes, who, count,
                rounds=plan.rounds, budget=plan.budget, paged=paged, tell=tell,
            )  # fmt: skip
            yield "yardstick", yardstick()
        yield "start", start_cost(homes, served)
    if "hang" in plan.parts:
        yield "hang", poll_peers_hang.hang(
            served, homes, who, healthy=min(plan.healthy, plan.feeds), hanging=plan.hanging,
            tell=tell,
        )  # fmt: skip
    if "memory" in plan.parts:
        tell(f"{plan.resting} feeds at rest")
        yield "resting", poll_peers_scale.resting(homes, plan.resting)
        yield "many", poll_peers_scale.many(served, homes, plan.many, plan.feeds, tell)
    if "delay" in plan.parts:
        yield "delay", poll_peers_delay.delays(served, homes, plan.alerts, plan.rules, tell)


def yardstick() -> float:
    """Milliseconds of CPU that zlib takes for one feed: how fast the machine is at this moment."""
    packed = zlib.compress(poll_peers_feeds.feed(0, poll_peers_feeds.FIRST), 6)
    took = []
    for _ in range(300):
        began = time.process_time()
        zlib.decompress(packed)
        took.append(1000 * (time.process_time() - began))
    return median(took)


def said(plan: Plan, found: Sequence[tuple[str, Any]]) -> Iterator[str]:
    """The last of ``found``, for people; the others came before it."""
    what, value = found[-1]
    tables = [costs for name, costs in found if name == "polls"]
    if what == "server":
        yield f"Served by {value}. {OURS} has {RULES} rules."
        for name in plan.peers:
            version = TOOLS[name].version()
            missing = f"not run: not installed ({TOOLS[name].needs})"
            yield f"{name}: {version if version is not None else missing}"
    elif what == "polls":
        yield ""
        yield _table(value)
    elif what == "yardstick":
        yield f"Yardstick: zlib unpacks one feed in {value:.2f} ms of CPU at this moment."
    elif what == "start":
        yield ""
        yield from _growth(tables[0], tables[-1], value)
    else:
        yield from _SAID[what](plan, value)


def _table(costs: Sequence[Cost]) -> str:
    lines: list[tuple[str, ...]] = [_HEAD]
    ours = {cost.what: cost.ms for cost in costs if cost.who == OURS}
    for cost in costs:
        mine = cost.who == OURS
        named = (cost.what, f"{cost.feeds:,}") if mine else ("", "")
        if cost.ms is None:
            lines.append((*named, cost.who, "-", "-", "-", "-", cost.note))
            continue
        own = ours.get(cost.what)
        bar = BARS.get(cost.what)
        note = f"bar {bar:.1f}" if mine and bar is not None else ""
        lines.append((
            *named, cost.who, f"{cost.ms:.2f}", f"{cost.ms / own:.1f}" if own else "",
            f"{cost.per_second:,.0f}", f"{cost.mb:.0f}", note,
        ))  # fmt: skip
    return aligned(lines, left=(0, 2, 7))


def _growth(small: Sequence[Cost], large: Sequence[Cost], start: float) -> Iterator[str]:
    """CPU per feed at the large number over that at the small one, start-up taken off both."""
    yield f"A start of {OURS} costs {start:.2f} s of CPU. Without it, ms a feed:"
    for one, other in ((one, other) for one in small for other in large):
        if (one.what, one.who) != (other.what, OURS) or one.ms is None or other.ms is None:
            continue
        few, many = one.ms - 1000 * start / one.feeds, other.ms - 1000 * start / other.feeds
        grown = f", {many / few:.2f} times that of {one.feeds:,}" if few > 0.1 else ""
        yield f"  {one.what}: {many:.2f} with {other.feeds:,} feeds{grown}"


def _hang_said(_plan: Plan, delays: Sequence[poll_peers_hang.Delay]) -> Iterator[str]:
    yield ""
    for one in delays:
        end = f"the last after {one.seconds:.1f} s" if one.seconds is not None else "then stopped"
        yield (
            f"{one.healthy} healthy and {one.hanging} hanging servers: {one.who} asked "
            f"{one.polled} healthy ones, {end}"
        )


def _resting_said(plan: Plan, mb: float) -> Iterator[str]:
    yield ""
    yield f"{plan.resting:,} feeds in the open program: {mb:.0f} MB more than one feed"


def _many_said(_plan: Plan, sizes: Sequence[tuple[int, Any]]) -> Iterator[str]:
    for size, spent in sizes:
        yield (
            f"first poll of {size:,} feeds in one process: {1000 * spent.cpu / size:.2f} ms CPU a "
            f"feed, peak {spent.mb:.0f} MB"
        )


def _delay_said(plan: Plan, took: Sequence[float]) -> Iterator[str]:
    high = quantiles(took, n=100, method="inclusive")[98]
    yield ""
    yield (
        f"From a new entry to the alert accepted, with page, {plan.rules:,} rules, {len(took)} "
        f"alerts: p50 {median(took):.0f} ms, p99 {high:.0f} ms"
    )


_SAID: Final[dict[str, Callable[[Plan, Any], Iterator[str]]]] = {
    "hang": _hang_said, "resting": _resting_said, "many": _many_said, "delay": _delay_said,
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="shows that it runs, proves nothing")
    parser.add_argument("--short", action="store_true", help="200 feeds; some minutes")
    parser.add_argument("--feeds", type=int, help="feeds of each poll")
    parser.add_argument("--small", type=int, help="feeds of the small polls, for the growth")
    parser.add_argument("--rounds", type=int, help="how often all take turns")
    parser.add_argument("--budget", type=float, help="seconds that a peer's poll may take")
    parser.add_argument("--peers", type=_peers, help=f"some of {', '.join(PEERS)}; or none")
    parser.add_argument("--only", dest="parts", type=_parts_asked, help=f"of {','.join(PARTS)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to FILE")
    options = parser.parse_args(arguments)
    plan = QUICK if options.quick else SMALL if options.short else FULL
    given = {
        name: value
        for name in ("feeds", "small", "rounds", "budget", "peers", "parts")
        if (value := getattr(options, name)) is not None
    }
    plan = replace(plan, **given)
    found: list[tuple[str, Any]] = []
    for part in run(plan, _progress):
        found.append(part)
        _progress("")
        print("\n".join(said(plan, found)), flush=True)
    if options.json is not None:
        report = [{what: _plain(value)} for what, value in found]
        options.json.write_text(json.dumps({"poll": report}, indent=2) + "\n")
    return 0


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value


def _peers(text: str) -> tuple[str, ...]:
    named = () if text == "none" else tuple(text.split(","))
    if unknown := [each for each in named if each not in PEERS]:
        raise argparse.ArgumentTypeError(f"no peer is named {unknown[0]}")
    return named


def _parts_asked(text: str) -> tuple[str, ...]:
    named = tuple(text.split(","))
    if unknown := [each for each in named if each not in PARTS]:
        raise argparse.ArgumentTypeError(f"nothing is named {unknown[0]}")
    return named


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
