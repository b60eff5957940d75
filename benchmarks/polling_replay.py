"""Delay from publication to discovery: the learned rhythm beside a fixed interval, at equal polls.

    make bench
    python benchmarks/polling_replay.py [--data FOLDER] [--json FILE] [--quick]

Publication times are replayed; a feed shows its newest 25, and a post is found at the next poll.
The rhythm knows only what its own polls showed it. It learns on the first half of the time and is
measured on the second, where it goes on learning. Its budget is the fixed interval's number of
polls; the fixed interval then gets exactly as many polls as the rhythm spent, and the mean of
several phases. FOLDER holds ``*.jsonl.gz`` or ``*.jsonl`` files of lines
``{"feed": name, "posts": [Unix seconds, …]}``; made-up feeds are always replayed.
"""

import argparse
import bisect
import gzip
import heapq
import json
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any, Final

if __package__ in (None, ""):
    sys.path[0] = str(Path(__file__).parents[1])  # run as a script: find the package and monitor

from benchmarks.polling_feeds import made_up_feeds
from monitor.feeds.rhythm import Bounds, next_poll
from monitor.feeds.rhythm_history import NOTHING_KNOWN
from monitor.feeds.rhythm_learn import learn
from monitor.feeds.rhythm_price import Spending, spend, start

SHOWN: Final = 25  # entries that a feed shows
PER_DAY: Final = (24, 48, 96)  # polls per feed and day
DAY: Final = 86_400.0
WIDE: Final = Bounds(shortest=300.0, longest=DAY)
AS_SHIPPED: Final = Bounds(shortest=300.0, longest=1800.0)

Posts = Sequence[float]  # Unix seconds of one feed, ascending


@dataclass(frozen=True, slots=True)
class Span:
    """Unix seconds: from ``begin`` the policies run, from ``middle`` to ``end`` they are judged."""

    begin: float
    middle: float
    end: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy came to within the judged time; delays in minutes."""

    polls: float  # per feed and day
    mean: float
    median: float
    p95: float
    lost: float  # posts never seen
    found: int = 0
    by_feed: tuple[tuple[float, float], ...] = ()  # per feed: polls a day, mean delay


def span_of(feeds: Sequence[Posts]) -> Span:
    """All the days of the posts, and their middle."""
    begin = min(posts[0] for posts in feeds if posts) // DAY * DAY
    end = max(posts[-1] for posts in feeds if posts) // DAY * DAY
    return Span(begin, begin + (end - begin) // DAY // 2 * DAY, end)


def rhythm(
    feeds: Sequence[Posts], span: Span, per_day: float, bounds: Bounds, seed: int = 1
) -> Outcome:
    """The learned rhythm with a budget of ``per_day`` polls for each feed."""
    chance = random.Random(seed)
    budget = per_day * len(feeds)
    spending: Spending = start(_time(span.begin), budget, len(feeds))
    histories = [NOTHING_KNOWN] * len(feeds)
    known = [0] * len(feeds)  # posts up to here were seen, or lost
    due = [(span.begin + chance.random() * DAY / per_day, n) for n in range(len(feeds))]
    heapq.heapify(due)
    tally = _Tally(span, len(feeds))
    while due:
        at, feed = heapq.heappop(due)
        now, posts = _time(at), feeds[feed]
        upto = bisect.bisect_right(posts, at)
        first = max(known[feed], upto - SHOWN)
        tally.poll(feed, at, posts[known[feed] : first], posts[first:upto])
        known[feed] = upto
        spending = spend(spending, now, budget=budget)
        histories[feed] = learn(
            histories[feed],
            now=now,
            published=[_time(post) for post in posts[first:upto]],
            shown=min(upto, SHOWN),
        )
        if at < span.end:
            choice = next_poll(
                histories[feed],
                now=now,
                price=spending.price,
                bounds=bounds,
                jitter=chance.random(),
            )
            heapq.heappush(due, (choice.at.timestamp(), feed))
    return tally.outcome(1)


def fixed(feeds: Sequence[Posts], span: Span, per_day: float, phases: int = 8) -> Outcome:
    """Every feed at one interval; the phase of a feed is drawn anew ``phases`` times."""
    chance = random.Random(1)
    interval = DAY / per_day
    tally = _Tally(span, len(feeds))
    for _ in range(phases):
        for feed, posts in enumerate(feeds):
            at = span.middle - interval * chance.random()
            known = bisect.bisect_right(posts, at)
            while at < span.end:
                at += interval
                upto = bisect.bisect_right(posts, at)
                first = max(known, upto - SHOWN)
                tally.poll(feed, at, posts[known:first], posts[first:upto])
                known = upto
    return tally.outcome(phases)


class _Tally:
    """Counts what happens within the judged time."""

    def __init__(self, span: Span, feeds: int) -> None:
        self._span = span
        self._polls = [0] * feeds
        self._lost = 0
        self._delays: list[list[float]] = [[] for _ in range(feeds)]

    def poll(self, feed: int, at: float, lost: Iterable[float], found: Iterable[float]) -> None:
        begin, end = self._span.middle, self._span.end
        self._polls[feed] += begin <= at < end
        self._lost += sum(begin <= post < end for post in lost)
        self._delays[feed] += [(at - post) / 60.0 for post in found if begin <= post < end]

    def outcome(self, runs: int) -> Outcome:
        days = (self._span.end - self._span.middle) / DAY * runs
        delays = sorted(delay for feed in self._delays for delay in feed)
        return Outcome(
            polls=sum(self._polls) / len(self._polls) / days,
            mean=fmean(delays),
            median=delays[len(delays) // 2],
            p95=delays[int(0.95 * len(delays))],
            lost=self._lost / runs,
            found=len(delays) // runs,
            by_feed=tuple(
                (polls / days, fmean(delays) if delays else 0.0)
                for polls, delays in zip(self._polls, self._delays, strict=True)
            ),
        )


def compare(
    feeds: Sequence[Posts], span: Span, per_day: float, bounds: Bounds
) -> tuple[Outcome, Outcome]:
    """(rhythm, fixed): the fixed interval gets exactly the polls that the rhythm spent."""
    ours = rhythm(feeds, span, per_day, bounds)
    return ours, fixed(feeds, span, ours.polls)


def read(folder: Path | None) -> list[list[float]]:
    """The feeds of a folder's ``*.jsonl`` and ``*.jsonl.gz``; none if there are no such files."""
    feeds = []
    for path in sorted(folder.glob("*.jsonl*")) if folder else []:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8") as lines:
            feeds += [sorted(map(float, json.loads(line)["posts"])) for line in lines]
    return [posts for posts in feeds if posts]


def table(rows: Sequence[tuple[str, Outcome, Outcome]]) -> str:
    """One line per comparison: figures of the rhythm, and the ratio to the fixed interval."""
    lines = [
        f"{'':34}{'polls':>7}{'mean':>14}{'median':>14}{'p95':>14}{'lost':>13}",
        f"{'':34}{'a day':>7}" + f"{'min (ratio)':>14}" * 3 + f"{'(fixed)':>13}",
    ]
    for name, ours, even in rows:
        cells = "".join(
            f"{a:7.1f} ({a / b:4.2f})"
            for a, b in ((ours.mean, even.mean), (ours.median, even.median), (ours.p95, even.p95))
        )
        lost = f"{ours.lost:.0f} ({even.lost:.0f})"
        lines.append(f"{name:34}{ours.polls:7.1f}{cells}{lost:>13}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="publication times to replay")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to FILE")
    parser.add_argument("--quick", action="store_true", help="few made-up feeds, one budget")
    options = parser.parse_args(arguments)
    print("polling: minutes from publication to discovery, learned rhythm (of a fixed interval)")
    report: dict[str, Any] = {}
    recorded = read(options.data)
    if not recorded:
        print("recorded feeds: not run: no data (--data FOLDER)")
    made_up = made_up_feeds(1 if options.quick else 4, days=6 if options.quick else 28)
    for name, feeds in (("recorded", recorded), ("made up", made_up)):
        if not feeds:
            continue
        span = span_of(feeds)
        plan = [(per_day, WIDE, "5 min to 24 h") for per_day in PER_DAY]
        plan += [(96, AS_SHIPPED, "5 to 30 min")]
        rows = []
        for per_day, bounds, words in plan[1:2] if options.quick else plan:
            ours, even = compare(feeds, span, per_day, bounds)
            rows.append((f"{len(feeds)} {name}, {per_day} a day, {words}", ours, even))
        print(table(rows))
        report[name] = [_figures(*row) for row in rows]
    if options.json is not None:
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    return 0


def _figures(name: str, ours: Outcome, even: Outcome) -> dict[str, Any]:
    def plain(outcome: Outcome) -> dict[str, float]:
        return {key: getattr(outcome, key) for key in ("polls", "mean", "median", "p95", "lost")}

    return {"case": name, "rhythm": plain(ours), "fixed": plain(even)}


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


if __name__ == "__main__":
    sys.exit(main())
