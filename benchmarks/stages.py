"""CPU per item of each stage, beside the bare libraries, in one run.

    make bench
    python benchmarks/stages.py [--quick] [--rounds N] [--json FILE] [--feeds DIR] [--pages DIR]

Milliseconds of processor time (user and system) of the whole process tree, without start-up and
without the feed server. Cases take turns in each round, and the median over the rounds counts:
figures move by some 20 % from run to run, ratios within one run much less.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

if __package__ in (None, ""):
    sys.path[0] = str(Path(__file__).parents[1])  # run as a script: find the package and monitor

from benchmarks.matching import matching
from benchmarks.polls import Load, bare_polls, our_polls
from benchmarks.reading import extracting, feeds, files, pages, parsing
from benchmarks.server import serving
from benchmarks.table import Row, as_json, as_text, measure

_LIBRARIES: Final = ("aiohttp", "feedparser", "httpx", "lxml", "sqlalchemy", "trafilatura")


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    rounds: int
    load: Load
    feeds: int
    pages: int
    articles: int


FULL: Final = Plan(rounds=5, load=Load(256, 128, 48), feeds=24, pages=24, articles=100)
QUICK: Final = Plan(rounds=1, load=Load(16, 6, 2), feeds=2, pages=2, articles=10)


async def run(plan: Plan, feed_folder: Path | None, page_folder: Path | None) -> list[Row]:
    """Measure everything once.

    Raises:
        ValueError: a folder holds nothing to read.
    """
    bodies = files(feed_folder, (".xml", ".rss", ".atom")) if feed_folder else feeds(plan.feeds)
    sites = files(page_folder, (".html", ".htm", ".xhtml")) if page_folder else pages(plan.pages)
    with (
        tempfile.TemporaryDirectory(prefix="news-monitor-bench-") as name,
        serving(editions=plan.rounds + 1) as (base, server),
    ):
        folder = Path(name)
        async with (
            our_polls(base, plan.load, folder / "user") as (ours, tools),
            bare_polls(base, plan.load) as bare,
        ):
            cases = [
                *ours,
                *bare,
                *parsing(bodies, tools.workers),
                *extracting(sites, tools.workers),
                *matching(folder, plan.articles),
            ]
            return await measure(cases, plan.rounds, without={server}, tell=_progress)


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code (2: a folder holds nothing to read)."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a few seconds: shows that it runs")
    parser.add_argument("--rounds", type=int, help="how often each case is run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to FILE")
    parser.add_argument("--feeds", type=Path, metavar="DIR", help="parse these feeds instead")
    parser.add_argument("--pages", type=Path, metavar="DIR", help="read these pages instead")
    options = parser.parse_args(arguments)
    plan = QUICK if options.quick else FULL
    if options.rounds is not None:
        if options.rounds < 1:
            parser.error("--rounds must be at least 1")
        plan = Plan(options.rounds, plan.load, plan.feeds, plan.pages, plan.articles)
    try:
        rows = asyncio.run(run(plan, options.feeds, options.pages))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    _progress("")
    print(as_text(rows))
    if options.json is not None:
        report = {"machine": machine(), "rounds": plan.rounds, "stages": as_json(rows)}
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    return 0


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
