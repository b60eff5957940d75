"""The command line, called as a user would, and one small world that several tests look at."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from monitor.cli import run
from monitor.demo.server import WorldServer

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def documents(self) -> list[Any]:
        """Standard output as JSON lines; fails if anything else is there."""
        return [json.loads(line, parse_constant=_refuse) for line in self.out.splitlines()]


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


Call = Callable[..., Said]
Write = Callable[[str, str], Path]


@pytest.fixture
def call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Call]:
    """Runs a command line in ``tmp_path``."""
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    before = root.handlers[:], root.level

    def called(*arguments: str) -> Said:
        capsys.readouterr()
        code = run(list(arguments))
        out, err = capsys.readouterr()
        return Said(code, out, err)

    yield called
    root.handlers[:], root.level = before


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file below ``tmp_path``; folders are made."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written


@dataclass(frozen=True, slots=True)
class Lived:
    """A folder in which ``run --once`` has been."""

    config: Path
    first: Said
    second: Said


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """The sample world polled twice, with one channel that works and one that nobody answers."""
    from contextlib import redirect_stderr, redirect_stdout
    from io import StringIO

    folder = tmp_path_factory.mktemp("lived")
    config = folder / "config.yaml"

    def once() -> Said:
        out, err = StringIO(), StringIO()
        root = logging.getLogger()
        before = root.handlers[:], root.level
        with redirect_stdout(out), redirect_stderr(err):
            code = run(["--config", str(config), "run", "--once", "--json"])
        root.handlers[:], root.level = before
        return Said(code, out.getvalue(), err.getvalue())

    with WorldServer() as world:
        feeds = "\n".join(f"  - {{url: '{url}', name: '{name}'}}" for name, url in world.feeds)
        config.write_text(
            f"feeds:\n{feeds}\nrules: ['{ROOT / 'rules'}']\n"
            "polling: {backfill: 24h, host_gap: 0s, per_host: 8}\n"
            "network: {allow_private: [127.0.0.0/8]}\n"
            "stories: {window: off}\n"  # each alone: what joins what depends on who answers first
            "notifiers:\n"
            "  screen: {type: console}\n"
            "  archive: {type: file, path: alerts.jsonl}\n"
            "  hook: {type: webhook, url: 'http://127.0.0.1:9/x', secret: "
            f"{'0123456789abcdef' * 2}}}\n",
            encoding="utf-8",
        )
        return Lived(config, once(), once())
