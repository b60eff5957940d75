"""The real program in a process of its own: start it, wait for what it says, end it."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from json import dumps, loads
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import yaml

ROOT = Path(__file__).parents[2]
PATIENCE = 40.0  # seconds; a busy machine needs some, a broken program does not get more
FERRY_RULE = 'id: ferries\nmatch: [ferry]\ntests:\n  - fires: "A ferry."\n  - silent: "A train."\n'


@dataclass(slots=True)
class Folder:
    """A user's folder: config.yaml, rules/, data/."""

    path: Path
    config: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.path / "rules").mkdir(parents=True)
        self.config = {
            "network": {"allow_private": ["127.0.0.1"]},
            "polling": {"host_gap": "0s", "per_host": 8, "backfill": 10, "timeout": "2s"},
            "feeds": [],
            "notifiers": {"archive": {"type": "file", "path": "alerts.jsonl"}},
        }

    def rule(self, name: str, text: str) -> None:
        """Write a rule file at once, as an editor does: under another name, then in place."""
        self._replace(self.path / "rules" / name, text)

    def write(self, **sections: Any) -> None:
        """Write config.yaml with these sections replaced.

        Through JSON, so that a value that stands twice is written twice: no YAML anchors.
        """
        self.config.update(sections)
        self._replace(
            self.path / "config.yaml", yaml.safe_dump(loads(dumps(self.config)), sort_keys=False)
        )

    def write_config_text(self, text: str) -> None:
        """Write config.yaml as it is given."""
        self._replace(self.path / "config.yaml", text)

    def _replace(self, path: Path, text: str) -> None:
        part = path.with_name(f".{path.name}.part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)

    def archive(self) -> list[dict[str, Any]]:
        """What the file notifier wrote."""
        path = self.path / "alerts.jsonl"
        return [loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def make_due(self) -> None:
        """Let the time of every feed's next poll come now; the shortest interval is a minute."""
        with sqlite3.connect(self.path / "data" / "news-monitor.db", timeout=PATIENCE) as database:
            database.execute("UPDATE feeds SET next_poll_at = NULL")
        database.close()

    def states(self) -> dict[str, str]:
        """The state of each notifier's last delivery."""
        database = sqlite3.connect(self.path / "data" / "news-monitor.db", timeout=PATIENCE)
        rows = database.execute("SELECT notifier, state FROM deliveries ORDER BY id").fetchall()
        database.close()
        return dict(rows)


class Program:
    """``python -m monitor --config … run``; what it prints is read while it runs."""

    def __init__(self, folder: Folder, *before: str, **environ: str) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "monitor", "--config", str(folder.path / "config.yaml")]
        self._command = [*command, *before, "run"]
        self._environ = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
        self._lines: list[str] = []
        self._news = threading.Condition()
        self._readers: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            self._command, cwd=self.folder.path, env=self._environ, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        for stream in (self.process.stdout, self.process.stderr):
            reader = threading.Thread(target=self._read, args=(stream,), daemon=True)
            reader.start()
            self._readers.append(reader)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        if error is not None:
            print("".join(self._lines))  # pytest shows it beside the failure

    @property
    def output(self) -> str:
        """Everything printed so far, both streams."""
        with self._news:
            return "".join(self._lines)

    def wait_for(self, pattern: str, after: int = 0, within: float = PATIENCE) -> int:
        """The number of the line after the first that ``pattern`` is found in, from ``after`` on.

        Raises AssertionError if none comes within ``within`` seconds or the program ends without.
        """
        sought = re.compile(pattern)
        ends = time.monotonic() + within
        with self._news:
            while True:
                for number in range(after, len(self._lines)):
                    if sought.search(self._lines[number]):
                        return number + 1
                left = ends - time.monotonic()
                alive = any(reader.is_alive() for reader in self._readers)
                assert left > 0 and alive, f"{pattern!r} was never printed"
                self._news.wait(min(left, 0.5))

    def here(self) -> int:
        """The number of lines so far: what comes later is ``after`` this."""
        with self._news:
            return len(self._lines)

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        self.process.send_signal(number)

    def end(self, within: float = PATIENCE) -> int:
        """Wait for the end; the exit code. Raises TimeoutExpired after ``within`` seconds."""
        code = self.process.wait(within)
        for reader in self._readers:
            reader.join(PATIENCE)
        return code

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            with self._news:
                self._lines.append(line)
                self._news.notify_all()
        with self._news:
            self._news.notify_all()
        stream.close()
