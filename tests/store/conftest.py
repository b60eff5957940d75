"""What the store's tests build with: made-up feeds, entries, articles and alerts."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

import monitor
from monitor.model import (
    Alert,
    Article,
    Decision,
    Entry,
    Feed,
    FeedState,
    Hit,
    Level,
    Match,
    Outcome,
    Reason,
    Snippet,
    Span,
    Validators,
)
from monitor.store import FILE_NAME, NewDelivery, NewEntry, Result, Store, open_store

FEED = "https://news.example/feed"
SNIPPETS = (Snippet("A deal.", ((2, 6),)),)
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


class Making:
    """Values with as few arguments as a test needs."""

    feed = FEED
    now = NOW

    @staticmethod
    def at(seconds: float) -> datetime:
        return NOW + timedelta(seconds=seconds)

    @staticmethod
    def state(url: str = FEED, **changes: object) -> FeedState:
        known = {"last_polled_at": NOW, "next_poll_at": NOW, "validators": Validators('W/"1"')}
        return FeedState(url, **(known | changes))  # type: ignore[arg-type]  # a test's shorthand

    @staticmethod
    def entry(name: str = "1", **changes: object) -> Entry:
        known = {"link": f"https://news.example/{name}", "title": f"Report {name}"}
        return Entry(id=name, **(known | changes))  # type: ignore[arg-type]  # as above

    @staticmethod
    def alert(name: str = "1", rules: tuple[str, ...] = ("deal",)) -> Alert:
        hits = tuple(Hit(rule, rule, Level.NORMAL, "a word", SNIPPETS) for rule in rules)
        url = f"https://news.example/{name}"
        return Alert(f"alert-{name}", f"article-{name}", "Report", url, "Example", NOW, NOW, hits)

    @classmethod
    def result(
        cls,
        name: str = "1",
        *,
        rules: tuple[str, ...] = ("deal",),
        to: tuple[str, ...] = ("screen", "mail"),
        **changes: object,
    ) -> Result:
        article = Article(
            f"article-{name}",
            f"https://news.example/{name}?from=feed",
            f"Report {name}",
            "A deal.\n\nMore of it.",
            published=NOW,
            tags=("eu",),
            fingerprint=f"words-{name}",
        )
        known = {
            "article": article,
            "canonical": (f"https://news.example/{name}",),
            "matches": tuple(Match(r, (Span("body", 2, 6, "deal"),), SNIPPETS) for r in rules),
            "decisions": tuple(
                Decision(article.id, r, Outcome.SENT, Reason.FIRST_REPORT, "first", to)
                for r in rules
            ),
            "alert": cls.alert(name, rules),
            "deliveries": tuple(NewDelivery(notifier, rules) for notifier in to),
        }
        return Result(**(known | changes))  # type: ignore[arg-type]  # as above

    @classmethod
    def pending(cls, store: Store, *names: str, feed: str = FEED) -> list[int]:
        """Stores entries of these names as pending; returns their ids in the same order."""
        store.sync_feeds([Feed(url) for url in {*store.states(), feed}])
        store.record_poll(cls.state(feed), [NewEntry(cls.entry(name)) for name in names])
        ids = {item.entry.id: item.id for item in store.pending_entries(NOW, 1000)}
        return [ids[name] for name in names]

    @classmethod
    def outbox(cls, store: Store, *names: str, to: tuple[str, ...] = ("screen",)) -> None:
        """Stores one alert per name with a delivery to each of ``to``."""
        for name, entry_id in zip(names, cls.pending(store, *names), strict=True):
            store.record_article(entry_id, cls.result(name, to=to), NOW)


@pytest.fixture
def make() -> Making:
    """The values above."""
    return Making()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty data folder."""
    return tmp_path / "data"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty store, made once."""
    folder = tmp_path_factory.mktemp("template")
    open_store(folder, lock=True).close()
    return folder / FILE_NAME


@pytest.fixture
def fresh(template: Path) -> Callable[[Path], Store]:
    """``fresh(folder)`` opens a new store there, as the daemon does."""

    def opened(folder: Path) -> Store:
        folder.mkdir()
        shutil.copyfile(template, folder / FILE_NAME)
        return open_store(folder, lock=True)

    return opened


@pytest.fixture
def store(data: Path, fresh: Callable[[Path], Store]) -> Iterator[Store]:
    """A new store."""
    opened = fresh(data)
    yield opened
    opened.close()


class Crash(BaseException):
    """The program ends here (no handler of Exception may catch it)."""


@pytest.fixture
def crash_at() -> Iterator[Callable[[int], Callable[[], bool]]]:
    """``crash_at(k)`` raises Crash instead of the k-th statement or commit from now on.

    Returns a function that says whether that happened, and stops it.
    """
    active: list[list[int]] = []

    def step(*_: object) -> None:
        for left in active:
            left[0] -= 1
            if left[0] == 0:
                raise Crash

    def arm(k: int) -> Callable[[], bool]:
        left = [k]
        active.append(left)

        def disarm() -> bool:
            active.remove(left)
            return left[0] <= 0

        return disarm

    event.listen(Engine, "before_cursor_execute", step)
    event.listen(Engine, "commit", step)
    yield arm
    event.remove(Engine, "before_cursor_execute", step)
    event.remove(Engine, "commit", step)


@pytest.fixture
def crash() -> type[Crash]:
    """The exception that ``crash_at`` raises."""
    return Crash


class Child:
    """Another process that runs a piece of Python and talks by lines."""

    def __init__(self, code: str, *arguments: object) -> None:
        root = Path(monitor.__file__).parent.parent
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(root)},
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def say(self, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(text + "\n")
        self._process.stdin.flush()

    def kill(self) -> list[str]:
        """SIGKILL; returns the whole lines it had printed and nobody had read."""
        self._process.send_signal(signal.SIGKILL)
        rest, _ = self._process.communicate(timeout=10)
        return [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]


@pytest.fixture
def child() -> Iterator[Callable[..., Child]]:
    """``child(code, *arguments)`` starts one; all are killed at the end."""
    started: list[Child] = []

    def start(code: str, *arguments: object) -> Child:
        started.append(Child(code, *arguments))
        return started[-1]

    yield start
    for each in started:
        if each._process.poll() is None:
            each.kill()
