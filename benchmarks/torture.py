"""Delivery under SIGKILL: real daemons, killed at random moments, and what their receivers got.

::

    python -m benchmarks.torture --kills 1000 --seeds 20000     (make torture; an hour on two cores)

Each lane has a folder, a feed and a receiver of its own. A daemon is started, and killed with
SIGKILL at a random moment after it asked for its feed: one in three while it reads, the others
while they send, with some fifty matching articles between feed and receiver. At the end one daemon
may finish and is stopped with SIGTERM. Then the receiver's log is held beside what was published,
and the database beside both. After that, runs of tests/harness: faults at every step, in virtual
time. Results: docs/reliability-figures.md.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from hashlib import blake2b
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "reliability-figures.md"
IN_FLIGHT: Final = 50  # articles published and not yet accepted
IN_FEED: Final = 200  # the newest
PATIENCE: Final = 60.0  # seconds for a daemon to ask for its feed
DRAIN: Final = 300.0  # seconds for the last daemon to deliver everything
KILL_WITHIN: Final = 0.9  # seconds after the request for the feed, or …
KILL_AFTER: Final = 25  # … after so many acceptances at most, and a moment more
LONGEST_LIFE: Final = 10.0  # seconds
TAKES: Final = 0.03  # seconds at most that the receiver takes to answer
_SYLLABLES: Final = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()


@dataclass(slots=True)
class Lane:
    """One folder with its daemon, its feed and its receiver's log."""

    folder: Path
    chance: random.Random
    published: int = 0
    got: list[tuple[int, bool]] = field(default_factory=list)  # number, marked as a duplicate
    seen: set[int] = field(default_factory=set)
    polled: threading.Event = field(default_factory=threading.Event)
    news: threading.Condition = field(default_factory=threading.Condition)
    port: int = 0

    def feed(self) -> bytes:
        """The newest reports; with every request there are as many in flight as wanted."""
        with self.news:
            self.published = max(self.published, len(self.seen) + IN_FLIGHT)
            newest = range(max(1, self.published - IN_FEED + 1), self.published + 1)
        self.polled.set()
        items = "".join(
            f"<item><title>{escape(_title(n))}</title><link>http://127.0.0.1:{self.port}/p/{n}</link>"
            f"<guid>{n}</guid><description>{_words(n, 30)} ferry {n}.</description></item>"
            for n in newest
        )
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>Sample Courier</title><link>http://127.0.0.1/</link>{items}</channel></rss>"
        ).encode()

    def accept(self, body: bytes) -> None:
        """Keep what the receiver got, before it answers."""
        message = json.loads(body)
        number = int(message["title"].rpartition(" ")[2])
        with self.news:
            self.got.append((number, bool(message["possible_duplicate"])))
            self.seen.add(number)
            self.news.notify_all()
        time.sleep(self.chance.random() * TAKES)


@dataclass(slots=True)
class Figures:
    """What was seen; figures of several lanes can be added."""

    kills: int = 0
    published: int = 0
    accepted: int = 0
    lost: int = 0  # published, and never accepted
    recorded_twice: int = 0
    repeated: int = 0  # acceptances beyond the first
    outside: int = 0  # of these, without a mark, or without an unknown outcome on record
    left: int = 0  # deliveries that are neither sent nor failed at the end
    bad_ends: int = 0  # the last daemon did not end well, or the database is damaged

    def add(self, other: "Figures") -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def holds(self) -> bool:
        """Whether the promise was kept."""
        return not (self.lost or self.recorded_twice or self.outside or self.left or self.bad_ends)


def _words(number: int, count: int) -> str:
    """Words that no other report has: each is a story of its own."""
    drawn = random.Random(blake2b(str(number).encode(), digest_size=8).digest())
    made = ("".join(drawn.choice(_SYLLABLES) for _ in range(4)) for _ in range(count))
    return " ".join(made)


def _title(number: int) -> str:
    return f"{_words(number, 5).capitalize()} {number}"


def _handler(lane: Lane) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/feed":
                self._answer(200, lane.feed(), "application/rss+xml")
            else:
                self._answer(404, b"", "text/plain")  # the feed's own text stands in

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            lane.accept(body)
            self._answer(204, b"", "text/plain")

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base's name
            pass

        def handle(self) -> None:
            with suppress(OSError):  # the other side was killed
                super().handle()

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def _write_files(lane: Lane) -> None:
    base = f"http://127.0.0.1:{lane.port}"
    (lane.folder / "rules").mkdir(parents=True)
    (lane.folder / "rules" / "ferries.yaml").write_text("id: ferries\nmatch: [ferry]\n")
    (lane.folder / "config.yaml").write_text(
        f"data: ./data\nrules: [./rules]\nfeeds: ['{base}/feed']\n"
        "network: {allow_private: ['127.0.0.1']}\n"
        "polling: {host_gap: 0s, per_host: 16, backfill: 1000, timeout: 5s}\n"
        "articles: {robots: ignore}\n"
        "notifiers:\n"
        f"  hook: {{type: webhook, url: '{base}/hook', secret: made-up-secret, fuse: 'off'}}\n"
    )


def _start(lane: Lane) -> "subprocess.Popen[bytes]":
    """A daemon whose feed is due, up to its first request for it."""
    path = lane.folder / "data" / "news-monitor.db"
    if path.exists():
        with sqlite3.connect(path, timeout=30) as database:
            database.execute("UPDATE feeds SET next_poll_at = NULL, not_before = NULL")
        database.close()
    lane.polled.clear()
    with open(lane.folder / "log.txt", "ab") as log:
        daemon = subprocess.Popen(
            [sys.executable, "-m", "monitor", "--config", str(lane.folder / "config.yaml"), "run"],
            cwd=lane.folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    if not lane.polled.wait(PATIENCE):
        daemon.kill()
        daemon.wait()
        tail = (lane.folder / "log.txt").read_text(errors="replace")[-2000:]
        raise RuntimeError(f"a daemon never asked for its feed:\n{tail}")
    return daemon


def torment(lane: Lane, kills: int, ends: float) -> Figures:
    """Kill ``kills`` daemons one after another, or as many as fit before ``ends``; then look."""
    figures = Figures()
    while figures.kills < kills and time.monotonic() < ends:
        daemon = _start(lane)
        _await_the_moment(lane)
        daemon.send_signal(signal.SIGKILL)
        daemon.wait()
        figures.kills += 1
        if figures.kills % 50 == 0:
            print(f"{figures.kills} kills in one lane", flush=True)
    _let_finish(lane, figures)
    _look(lane, figures)
    return figures


def _await_the_moment(lane: Lane) -> None:
    """One in three is killed while it reads, the others while they send."""
    if lane.chance.random() < 1 / 3:
        time.sleep(lane.chance.random() * KILL_WITHIN)
        return
    wanted = len(lane.got) + lane.chance.randrange(KILL_AFTER)
    until = time.monotonic() + LONGEST_LIFE
    with lane.news:
        lane.news.wait_for(lambda: len(lane.got) >= wanted, until - time.monotonic())
    time.sleep(lane.chance.random() * 2 * TAKES)


def _let_finish(lane: Lane, figures: Figures) -> None:
    daemon = _start(lane)
    until = time.monotonic() + DRAIN
    while len(lane.seen) < lane.published and time.monotonic() < until:
        time.sleep(0.2)
    time.sleep(1.0)  # the last answers are recorded
    daemon.send_signal(signal.SIGTERM)
    try:
        figures.bad_ends += daemon.wait(30) != 0
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()
        figures.bad_ends += 1


def _look(lane: Lane, figures: Figures) -> None:
    """Hold the receiver's log, what was published, and the database beside each other."""
    took = Counter(number for number, _ in lane.got)
    database = sqlite3.connect(lane.folder / "data" / "news-monitor.db")
    (verdict,) = database.execute("PRAGMA integrity_check").fetchone()
    recorded = Counter(
        int(title.rpartition(" ")[2]) for (title,) in database.execute("SELECT title FROM articles")
    )
    rows = database.execute(
        "SELECT a.payload, d.state, d.uncertain "
        "FROM deliveries d JOIN alerts a ON a.id = d.alert_id"
    ).fetchall()
    database.close()
    unsure = {int(json.loads(payload)["title"].rpartition(" ")[2]) for payload, _, u in rows if u}
    figures.bad_ends += verdict != "ok"
    figures.published += lane.published
    figures.accepted += len(took)
    figures.lost += sum(n not in took for n in range(1, lane.published + 1))
    figures.recorded_twice += sum(count - 1 for count in recorded.values())
    figures.left += sum(state not in ("sent", "failed") for _, state, _ in rows)
    seen: set[int] = set()
    for number, marked in lane.got:
        if number in seen:
            figures.repeated += 1
            figures.outside += not (marked and number in unsure)
        seen.add(number)


def kill_daemons(kills: int, lanes: int, seed: int, minutes: float) -> Figures:
    """All lanes side by side; each has its share of the kills."""
    total, failures = Figures(), []
    ends = time.monotonic() + minutes * 60

    def one(number: int) -> None:
        try:
            share = kills // lanes + (number < kills % lanes)
            with TemporaryDirectory() as folder:
                lane = Lane(Path(folder) / "home", random.Random(f"{seed} {number}"))
                server = _Server(("127.0.0.1", 0), _handler(lane))
                lane.port = server.server_address[1]
                threading.Thread(
                    target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
                ).start()
                try:
                    _write_files(lane)
                    total.add(torment(lane, share, ends))
                finally:
                    server.shutdown()
                    server.server_close()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(lanes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return total


def _some_seeds(span: tuple[int, int]) -> tuple[int, int, int, list[str]]:
    """Runs, crashes survived, repetitions, and what broke, in order."""
    from tests.harness.run import safe

    crashes, repeated, broken = 0, 0, []
    for seed in range(*span):
        found = safe(seed)
        crashes += found.lives - 1
        repeated += found.repeated
        if found.broken:
            broken.append(str(found))
    return span[1] - span[0], crashes, repeated, broken


@dataclass(slots=True)
class Rehearsed:
    """What the harness came to."""

    runs: int = 0
    crashes: int = 0
    repeated: int = 0
    broken: list[str] = field(default_factory=list)


def rehearse(seeds: int, first: int, ends: float, processes: int = 2) -> Rehearsed:
    """Runs of tests/harness from seed ``first`` on; none is begun after ``ends``."""
    total = Rehearsed()
    step = max(1, min(100, seeds // processes or 1))
    spans = [(at, min(at + step, first + seeds)) for at in range(first, first + seeds, step)]
    with ProcessPoolExecutor(processes) as pool:
        for at in range(0, len(spans), processes):
            if time.monotonic() > ends:
                break
            for runs, crashes, repeated, broken in pool.map(
                _some_seeds, spans[at : at + processes]
            ):
                total.runs += runs
                total.crashes += crashes
                total.repeated += repeated
                total.broken += broken
                for line in broken:
                    print(line, flush=True)
    return total


def _rows(figures: Figures, rehearsed: Rehearsed) -> list[tuple[str, int]]:
    return [
        ("daemons killed with SIGKILL", figures.kills),
        ("matching articles published", figures.published),
        ("accepted by the receiver", figures.accepted),
        ("lost", figures.lost),
        ("recorded twice", figures.recorded_twice),
        ("accepted again", figures.repeated),
        (
            "of these outside the promise (no mark, or no unknown outcome on record)",
            figures.outside,
        ),
        ("deliveries left without an end", figures.left),
        ("damaged databases, bad ends", figures.bad_ends),
        ("runs with faults in virtual time", rehearsed.runs),
        ("crashes, power cuts and stops in them", rehearsed.crashes),
        ("acceptances repeated in them, all marked", rehearsed.repeated),
        ("invariants broken", len(rehearsed.broken)),
    ]


def _write_page(figures: Figures, rehearsed: Rehearsed) -> None:
    rows = "".join(f"| {name} | {count:,} |\n" for name, count in _rows(figures, rehearsed))
    PAGE.write_text(
        "# Delivery under torture: figures\n\n"
        "Written by `make torture`; what is done, and what is promised, stands in "
        "[reliability.md](reliability.md).\n\n"
        f"Last run: {datetime.now(UTC).date().isoformat()}.\n\n"
        f"| what | count |\n|---|---|\n{rows}",
        encoding="utf-8",
    )


def main(arguments: list[str] | None = None) -> int:
    """1 where the promise was broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed of the harness")
    parser.add_argument("--lanes", type=int, default=2, help="daemons side by side")
    parser.add_argument("--minutes", type=float, default=120.0, help="at most, for each part")
    parser.add_argument("--page", action="store_true", help=f"write {PAGE.name}")
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    figures = kill_daemons(chosen.kills, max(1, min(chosen.lanes, chosen.kills)), chosen.first,
                           chosen.minutes) if chosen.kills else Figures()  # fmt: skip
    if figures.kills:
        each = (time.monotonic() - began) / figures.kills
        print(f"{figures.kills} kills, {each:.2f} s each", flush=True)
    rehearsed = Rehearsed()
    if chosen.seeds:
        ends = time.monotonic() + chosen.minutes * 60
        rehearsed = rehearse(chosen.seeds, chosen.first, ends)
    for name, count in _rows(figures, rehearsed):
        print(f"{count:>9,}  {name}")
    if chosen.page:
        _write_page(figures, rehearsed)
    return 0 if figures.holds and not rehearsed.broken else 1


if __name__ == "__main__":
    sys.exit(main())
