"""A user's folder and the program on it, in this process: real HTTP, real SQLite, real notifiers."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from json import loads
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from monitor.app import App
from monitor.articles.extract import extract_page
from monitor.articles.reading import ReadPage
from monitor.articles.site_rules import NO_RULES, SiteRules
from monitor.feeds import quick
from monitor.feeds.parse import parse_feed
from monitor.model import Decision, Delivery, ParsedFeed
from monitor.pipeline.article import ArticleReport
from monitor.pipeline.poll import PollReport
from monitor.store import FILE_NAME, ArticleHistory, KnownEntry, open_store
from monitor.userfiles import UserFiles, read_rules, read_settings, rule_cache
from monitor.workers import Workers

SHIPPED_RULES = Path(__file__).parents[2] / "rules"
FERRY_RULE = "id: ferries\nmatch: [ferry]\n"


@dataclass(slots=True)
class Clock:
    """A clock that tests move by hand."""

    moment: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Parsers(Workers):
    """The parsers in this process: starting two more for every test would take a minute."""

    def __init__(self) -> None:
        super().__init__()
        self.parsed: list[str] = []  # addresses of the feeds that were read, in either way

    def scan(self, body: bytes, url: str, content_type: str | None) -> quick.Scan | quick.Doubt:
        self.parsed.append(url)
        return super().scan(body, url, content_type)

    async def parse(self, body: bytes, url: str, content_type: str | None) -> ParsedFeed:
        self.parsed.append(url)
        return parse_feed(body, url, content_type, now=datetime.now(UTC))

    async def extract(
        self, body: bytes, url: str, content_type: str | None, rules: SiteRules = NO_RULES
    ) -> ReadPage:
        return await asyncio.to_thread(extract_page, body, url, content_type, rules)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run did and what the store holds after it."""

    polls: tuple[PollReport, ...]
    articles: tuple[ArticleReport, ...]
    parsed: tuple[str, ...]
    stored: tuple[ArticleHistory, ...]

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """All decisions that are recorded, of all runs."""
        return tuple(decision for article in self.stored for decision in article.decisions)

    @property
    def deliveries(self) -> dict[str, Delivery]:
        """The last delivery of each notifier."""
        return {
            delivery.notifier: delivery
            for article in self.stored
            for alert in article.alerts
            for delivery in alert.deliveries
        }

    @property
    def errors(self) -> list[str]:
        """What went wrong in polls."""
        return [poll.error for poll in self.polls if poll.error is not None]


class Newsroom:
    """A folder with config.yaml and rules/."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.config: dict[str, Any] = {
            "data": "./data",
            "rules": ["./rules"],
            "timezone": "UTC",
            "network": {"allow_private": ["127.0.0.1"]},
            "polling": {"host_gap": "0s", "per_host": 8, "backfill": 10, "timeout": "5s"},
            "stories": {"window": "off"},  # reports here are alike: most tests are of each alone
            "feeds": [],
            "notifiers": {"archive": {"type": "file", "path": "alerts.jsonl", "fuse": "off"}},
        }
        (folder / "rules").mkdir(parents=True)

    def with_shipped_rules(self) -> "Newsroom":
        """The rules as they are shipped."""
        shutil.rmtree(self.folder / "rules")
        shutil.copytree(SHIPPED_RULES, self.folder / "rules")
        return self

    def rule(self, name: str, text: str) -> "Newsroom":
        """Write a rule file."""
        (self.folder / "rules" / name).write_text(text, encoding="utf-8")
        return self

    def watching(self, *feeds: str | Mapping[str, Any], **sections: Any) -> "Newsroom":
        """The feeds; other sections are laid over the ones that are there."""
        self.config["feeds"] = list(feeds)
        for name, section in sections.items():
            merge = isinstance(section, dict) and name != "notifiers"
            self.config[name] = {**self.config.get(name, {}), **section} if merge else section
        return self

    def files(self) -> UserFiles:
        """config.yaml written and read, rules read."""
        path = self.folder / "config.yaml"
        path.write_text(yaml.safe_dump(self.config, sort_keys=False), encoding="utf-8")
        settings, problems = read_settings(path, is_shipped=False, environ={})
        assert settings is not None, problems
        names = tuple(notifier.name for notifier in settings.notifiers)
        return UserFiles(
            path,
            settings,
            read_rules(settings.rules, notifiers=names, cache=rule_cache(settings.data)),
            problems,
        )

    @asynccontextmanager
    async def open(
        self,
        on_poll: Callable[[PollReport], None] = lambda _: None,
        on_article: Callable[[ArticleReport], None] = lambda _: None,
    ) -> AsyncIterator[App]:
        """The program, running on this folder's data."""
        _lay_empty_database(self.folder / "data")
        app = App(
            self.files(),
            on_poll=on_poll,
            on_article=on_article,
            now=self.clock,
            workers=Parsers,
        )
        async with app:
            yield app

    def run(self, work: Callable[[App], Awaitable[None]] = App.once) -> Run:
        """``run --once``, or other ``work``, from start to end."""
        return asyncio.run(self._run(work))

    async def _run(self, work: Callable[[App], Awaitable[None]]) -> Run:
        polls: list[PollReport] = []
        articles: list[ArticleReport] = []
        async with self.open(on_poll=polls.append, on_article=articles.append) as app:
            await work(app)
            assert isinstance(app.tools.workers, Parsers)
            parsed = tuple(app.tools.workers.parsed)
        return Run(tuple(polls), tuple(articles), parsed, self.stored())

    def stored(self) -> tuple[ArticleHistory, ...]:
        """Everything that is known of each article, oldest first."""
        store = open_store(self.folder / "data", read_only=True)
        try:
            found = [store.get_article(one.article.id) for one in store.list_articles(100)]
        finally:
            store.close()
        return tuple(article for article in reversed(found) if article is not None)

    def entries(self, link: str) -> list[KnownEntry]:
        """What is kept of the entries that link to ``link``."""
        store = open_store(self.folder / "data", read_only=True)
        try:
            return store.entries_by_link(link)
        finally:
            store.close()

    def archive(self) -> list[dict[str, Any]]:
        """What the file notifier wrote."""
        path = self.folder / "alerts.jsonl"
        if not path.exists():
            return []
        return [loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def as_it_is_now(self, folder: Path) -> "Newsroom":
        """Another newsroom with what a crash at this moment would leave on the disk."""
        after = Newsroom(folder)
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        after.config, after.clock = self.config, replace(self.clock)
        return after


@cache
def _empty_database() -> bytes:
    """A database as the program makes it; making one takes longer than most tests."""
    with TemporaryDirectory() as folder:
        open_store(Path(folder), lock=True).close()
        return (Path(folder) / FILE_NAME).read_bytes()


def _lay_empty_database(data: Path) -> None:
    if not data.exists():
        data.mkdir()
        (data / FILE_NAME).write_bytes(_empty_database())


def mail_of(content: bytes) -> EmailMessage:
    """A mail as its reader's program understands it."""
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message
