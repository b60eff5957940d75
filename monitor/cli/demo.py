"""``demo``: the real pipeline on a small made-up world, served on loopback. No internet needed.

Layer 5. Everything happens in an empty temporary folder; nothing of it stays.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from monitor import logs
from monitor.app import App
from monitor.cli.demostory import Story, tell
from monitor.cli.output import count, say
from monitor.cli.stories_shown import StoryView
from monitor.demo.server import WorldServer
from monitor.pipeline.article import ArticleReport
from monitor.pipeline.poll import PollReport
from monitor.store import Store
from monitor.userfiles import UserFiles, read_rules, read_settings, shipped

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_CONFIG = """\
# Written by news-monitor demo.
feeds:
{feeds}
polling: {{backfill: 24h, host_gap: 0s, per_host: 8, timeout: 10s, every: 1m}}
network: {{allow_private: [127.0.0.0/8]}}   # the sample world lives on this machine
notifiers:
  screen: {{type: console}}
  archive: {{type: file, path: alerts.jsonl}}
"""


@click.command("demo")
@click.option("--exit", "leave", is_flag=True, help="End when everything has been shown.")
def command(leave: bool) -> int:
    """Show the whole thing on a small made-up world, without internet."""
    logs.set_up("ERROR")
    with _folder() as folder, WorldServer() as world:
        files = _prepare(folder, world.feeds)
        rules = count(len(files.rules.book.rules), "rule")
        say(
            f"A small made-up world: {len(world.feeds)} feeds, served on this machine, and {rules}."
        )
        say("Alerts as they come:")
        say()
        return asyncio.run(_show(files, folder, leave=leave))


async def _show(files: UserFiles, folder: Path, *, leave: bool) -> int:
    polls: list[PollReport] = []
    articles: list[ArticleReport] = []
    began = time.monotonic()
    async with App(files, on_poll=polls.append, on_article=articles.append) as app:
        await app.once()
        took = time.monotonic() - began
        store = app.tools.store
        tell(
            Story(
                took, tuple(polls), tuple(articles), files.rules.book,
                tuple(store.list_alerts(1000)), tuple(store.list_articles(1000)), _stories(store),
            )
        )  # fmt: skip
        if leave:
            return 0 if any(article.alerted for article in articles) else 1
        say(f"The same alerts as JSON lines, until this ends: {folder / 'alerts.jsonl'}")
        say("It goes on watching; end it with Ctrl-C (or begin with --exit).")
        app.dispatcher.patient = True
        await app.forever()
    return 0


def _stories(store: Store) -> tuple[StoryView, ...]:
    """Every story with its articles and alerts, the largest first."""
    alerts = store.story_alerts(_LONG_AGO)
    found = [store.get_story(row.id) for row in store.list_stories(1000)]
    views = [
        StoryView(name, members, tuple(alert for story, alert in alerts if story == name))
        for name, members in (each for each in found if each is not None)
    ]
    return tuple(sorted(views, key=lambda view: -len(view.members)))


def _prepare(folder: Path, feeds: Sequence[tuple[str, str]]) -> UserFiles:
    shutil.copytree(shipped() / "rules", folder / "rules")
    lines = "\n".join(f"  - {{url: '{url}', name: '{name}'}}" for name, url in feeds)
    config = folder / "config.yaml"
    config.write_text(_CONFIG.format(feeds=lines), encoding="utf-8")
    settings, problems = read_settings(config, is_shipped=False)
    assert settings is not None, "\n".join(map(str, problems))
    return UserFiles(config, settings, read_rules(settings.rules), problems)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="news-monitor-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
