"""``demo``: the real pipeline on a small made-up world, served on loopback. No internet needed.

Layer 5. Everything happens in an empty temporary folder; nothing of it stays.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from monitor import logs
from monitor.app import App
from monitor.cli.output import clean_line, say
from monitor.demo.server import WorldServer
from monitor.pipeline.article import ArticleReport
from monitor.pipeline.poll import PollReport
from monitor.store import Store
from monitor.userfiles import UserFiles, read_rules, read_settings, shipped

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
        say(
            f"A small made-up world: {len(world.feeds)} feeds on this machine. Alerts as they come:"
        )
        say()
        return asyncio.run(_show(files, folder, leave=leave))


async def _show(files: UserFiles, folder: Path, *, leave: bool) -> int:
    polls: list[PollReport] = []
    articles: list[ArticleReport] = []
    began = time.monotonic()
    async with App(files, on_poll=polls.append, on_article=articles.append) as app:
        await app.once()
        took = time.monotonic() - began
        _tell(polls, articles, files, app.tools.store, folder, took)
        if leave:
            return 0 if any(article.alerted for article in articles) else 1
        say("It goes on watching; end it with Ctrl-C (or begin with --exit).")
        app.dispatcher.patient = True
        await app.forever()
    return 0


def _tell(
    polls: Sequence[PollReport],
    articles: Sequence[ArticleReport],
    files: UserFiles,
    store: Store,
    folder: Path,
    took: float,
) -> None:
    """What fired and why, and what did not."""
    say()
    say(f"What happened, in {took:.1f} s")
    say()
    broken = [poll for poll in polls if poll.error is not None]
    say(f"{len(polls)} feeds polled, {len(articles)} entries handled. Not readable:")
    for poll in broken:
        say(clean_line(f"  {poll.name}: {poll.error}"))
    say()
    titles = {rule.id: rule.title for rule in files.rules.book.rules}
    for rule_id, title in titles.items():
        say(clean_line(f"{rule_id}: {title}"))
        for line in _fired(store, rule_id):
            say(clean_line(f"  {line}"))
    copies = [article.title for article in articles if article.outcome == "copy"]
    quiet = sum(article.outcome == "new" and not article.alerted for article in articles)
    say()
    for copy in copies:
        say(clean_line(f"no second alert for a copy: {copy}"))
    say(f"{quiet} other articles matched no rule, teasers and side bars included.")
    say()
    say("The same alerts stand as JSON lines in a file of the demo's folder:")
    say(f"  {folder / 'alerts.jsonl'}")
    say()


def _fired(store: Store, rule_id: str) -> Iterator[str]:
    for stored in reversed(store.list_alerts(100, rule=rule_id)):
        for hit in stored.alert.hits:
            if hit.rule_id == rule_id:
                yield f"fired on “{stored.alert.title}” ({stored.alert.source})"
                yield f"    found {hit.why}"


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
