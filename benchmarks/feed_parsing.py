"""CPU of reading one feed: the quick way, known ids first, and feedparser, on the same feeds.

    python -m benchmarks.feed_parsing [--feeds 60] [--rounds 5]

Three shapes in turn (RSS 2.0 with escaped texts, Atom 1.0, RSS 2.0 with content:encoded), 30
entries each. "One new" knows all ids but the newest; its scan is what every poll pays. The
comparison ends with exit code 1 if any entry differs.
"""

import argparse
import io
import statistics
import sys
import time
from collections.abc import Callable, Sequence

import feedparser

from benchmarks.made_up import feed
from monitor.feeds import quick
from monitor.feeds.parse import parse_tolerantly
from monitor.model import ParsedFeed

_URL = "https://ledger.example/"
_XML = "application/xml; charset=utf-8"


def scanned(body: bytes) -> quick.Scan:
    """The scan of a feed that leaves no doubt.

    Raises:
        SystemExit: it leaves one; then this would measure nothing.
    """
    found = quick.scan(body, _URL, _XML)
    if isinstance(found, quick.Doubt):
        raise SystemExit(f"doubt about a plain feed: {found.reason}")
    return found


def whole(body: bytes) -> object:
    """A first poll."""
    return scanned(body).read()


def one_new(body: bytes) -> object:
    """A poll that brings one entry."""
    scan = scanned(body)
    old = set(scan.keys[1:])
    return scan.read(known=old.__contains__)


def tolerant(body: bytes) -> ParsedFeed:
    """Our way round feedparser."""
    read = parse_tolerantly(body, _URL, _XML)
    assert isinstance(read, ParsedFeed)
    return read


def bare(body: bytes) -> object:
    """feedparser as it comes."""
    return feedparser.parse(io.BytesIO(body), response_headers={"content-type": _XML})


WAYS: dict[str, Callable[[bytes], object]] = {
    "scan: tree and ids": scanned,
    "quick, one new entry": one_new,
    "quick, every entry": whole,
    "ours with feedparser": tolerant,
    "feedparser, defaults": bare,
}


def measured(bodies: Sequence[bytes], rounds: int) -> dict[str, float]:
    """Milliseconds of CPU per feed, the median of interleaved rounds."""
    spent: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, way in WAYS.items():
            began = time.process_time()
            for body in bodies:
                way(body)
            spent[name].append((time.process_time() - began) * 1000 / len(bodies))
    return {name: statistics.median(each) for name, each in spent.items()}


def main() -> int:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--feeds", type=int, default=60)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    bodies = [feed(number) for number in range(given.feeds)]
    different = sum(whole(body) != tolerant(body) for body in bodies)
    size = statistics.mean(len(body) for body in bodies) / 1024
    print(f"{len(bodies)} feeds, mean {size:.1f} KiB; read differently: {different}")
    found = measured(bodies, given.rounds)
    slowest = found["feedparser, defaults"]
    for name, ms in found.items():
        print(f"{name:24}{ms:9.2f} ms{slowest / ms:8.1f}x")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
