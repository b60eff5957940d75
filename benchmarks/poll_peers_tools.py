"""Who polls in the comparison: how each program is set up, started, and asked what it has.

Each has a folder of its own as home, and is told the feeds in its own way. All check every feed
once and end. Peers are found where the user's machine has them: newsboat and rss2email as programs,
reader as a package of the environment ``.venv/peers`` (or of this one).
"""

import compileall
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from benchmarks import made_up
from benchmarks.table import OURS

ROOT: Final = Path(__file__).parents[1]
THREADS: Final = 8  # newsboat's and reader's
IN_FLIGHT: Final = 64  # ours, as polling.concurrency is shipped
RULES: Final = 100
_PEERS_PYTHON: Final = ROOT / ".venv/peers/bin/python"

_DEVELOPERS: Final = frozenset(("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"))

_READER: Final = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
if sys.argv[2] == "add":
    for url in open(sys.argv[3]).read().split():
        reader.add_feed(url)
else:
    reader.update_feeds(workers=int(sys.argv[2]), scheduled=False)
"""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program. ``version`` None: it is not installed, and ``needs`` says what is missing.

    ``set_up(folder, urls)`` writes its files; ``command(folder)`` polls every feed once and ends;
    ``entries(folder)`` counts the entries that it knows.
    """

    name: str
    needs: str
    version: Callable[[], str | None]
    set_up: Callable[[Path, Sequence[str]], None]
    command: Callable[[Path], list[str]]
    entries: Callable[[Path], int]


def environment(folder: Path) -> Mapping[str, str]:
    """The environment of every program: at home in ``folder``, its modules compiled once.

    A developer's Python may be told to keep no compiled modules; a user's is not.
    """
    home = str(folder)
    ours = {name: value for name, value in os.environ.items() if name not in _DEVELOPERS}
    return {
        **ours, "HOME": home, "XDG_CONFIG_HOME": f"{home}/config",
        "XDG_DATA_HOME": f"{home}/share", "XDG_CACHE_HOME": f"{home}/cache",
        "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore",
    }  # fmt: skip


def set_up_ours(
    folder: Path, urls: Sequence[str], *, rules: int = RULES, more: str = "", timeout: str = "30s"
) -> None:
    """Our config.yaml for feeds on loopback, with made-up rules. ``more``: further lines of it."""
    for package in ("monitor", "notifiers"):  # as an installation does
        compileall.compile_dir(ROOT / package, quiet=2)
    (folder / "rules").mkdir(parents=True)
    articles = [made_up.article(number) for number in range(30)]
    (folder / "rules/made-up.yaml").write_text(made_up.rules(rules, articles))
    (folder / "config.yaml").write_text(
        "data: ./data\nrules: [./rules]\n"
        f"polling: {{concurrency: {IN_FLIGHT}, per_host: 16, host_gap: 0s, timeout: {timeout}}}\n"
        "network: {allow_private: [127.0.0.0/8]}\n"
        "notifiers: {archive: {type: file, path: alerts.jsonl}}\n"
        f"{more}"
        "feeds:\n" + "".join(f"  - {url}\n" for url in urls)
    )


def _our_command(folder: Path) -> list[str]:
    config = str(folder / "config.yaml")
    return [sys.executable, "-m", "monitor", "--config", config, "run", "--once"]


def _our_entries(folder: Path) -> int:
    return _count(folder / "data/news-monitor.db", "SELECT count(*) FROM entries")


def _newsboat_files(folder: Path, urls: Sequence[str]) -> None:
    (folder / "urls").write_text("\n".join(urls) + "\n")
    (folder / "settings").write_text(
        f"reload-threads {THREADS}\nmax-items 0\ncleanup-on-quit no\nsuppress-first-reload yes\n"
    )


def _newsboat_command(folder: Path) -> list[str]:
    options = ["-u", folder / "urls", "-c", folder / "cache.db", "-C", folder / "settings"]
    return ["newsboat", "-q", *map(str, options), "-x", "reload"]


def _newsboat_entries(folder: Path) -> int:
    return _count(folder / "cache.db", "SELECT count(*) FROM rss_item")


def _reader_files(folder: Path, urls: Sequence[str]) -> None:
    (folder / "urls").write_text("\n".join(urls) + "\n")
    (folder / "poll.py").write_text(_READER)
    added = [_python_with_reader(), folder / "poll.py", folder / "db", "add", folder / "urls"]
    subprocess.run(list(map(str, added)), check=True, env=dict(environment(folder)))


def _reader_command(folder: Path) -> list[str]:
    return [_python_with_reader(), str(folder / "poll.py"), str(folder / "db"), str(THREADS)]


def _reader_entries(folder: Path) -> int:
    return _count(folder / "db", "SELECT count(*) FROM entries")


def _rss2email_files(folder: Path, urls: Sequence[str]) -> None:
    lines = ["[DEFAULT]", "to = desk@news.example", "from = bot@news.example", ""]
    for number, url in enumerate(urls):
        lines += [f"[feed.f{number}]", f"url = {url}", ""]
    (folder / "rss2email.cfg").write_text("\n".join(lines))


def _rss2email_command(folder: Path) -> list[str]:
    files = ["-c", str(folder / "rss2email.cfg"), "-d", str(folder / "rss2email.json")]
    return ["r2e", *files, "run", "--no-send"]


def _rss2email_entries(folder: Path) -> int:
    kept = json.loads((folder / "rss2email.json").read_text())
    return sum(len(feed.get("seen", {})) for feed in kept["feeds"])


def _count(database: Path, query: str) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        (count,) = connection.execute(query).fetchone()
    return int(count)


@cache
def _python_with_reader() -> str:
    for python in (str(_PEERS_PYTHON), sys.executable):
        if shutil.which(python) and _said([python, "-c", "import reader"]) is not None:
            return python
    return ""


def _reader_version() -> str | None:
    python = _python_with_reader()
    return _said([python, "-c", "import reader; print(reader.__version__)"]) if python else None


def _our_version() -> str | None:
    return _said([sys.executable, "-m", "monitor", "--version"])


def _program_version(command: str) -> Callable[[], str | None]:
    return lambda: _said([command, "--version"]) if shutil.which(command) else None


def _said(command: Sequence[str]) -> str | None:
    """The last word of the first line of what a command prints; None if it fails."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if ended.returncode:
        return None
    numbers = [word for word in ended.stdout.partition("\n")[0].split() if word[:1].isdigit()]
    return numbers[-1] if numbers else ""


TOOLS: Final[Mapping[str, Tool]] = {
    tool.name: tool
    for tool in (
        Tool(OURS, "", _our_version, set_up_ours, _our_command, _our_entries),
        Tool(
            "newsboat", "the package newsboat", _program_version("newsboat"),
            _newsboat_files, _newsboat_command, _newsboat_entries,
        ),
        Tool(
            "reader", "reader in .venv/peers", _reader_version,
            _reader_files, _reader_command, _reader_entries,
        ),
        Tool(
            "rss2email", "the package rss2email", _program_version("r2e"),
            _rss2email_files, _rss2email_command, _rss2email_entries,
        ),
    )
}  # fmt: skip
