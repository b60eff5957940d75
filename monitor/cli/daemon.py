"""``run``: the daemon; ``run --once``: every feed once, then the end.

Layer 5.
"""

import asyncio
import logging
import os
import signal
import sys
from contextlib import AbstractContextManager, nullcontext, redirect_stdout, suppress
from pathlib import Path
from typing import Any, Final

import click

from monitor import logs
from monitor.app import App, DataUnusable
from monitor.cli import INTERRUPTED
from monitor.cli.output import clean_line, complain, count, emit, problem_lines
from monitor.cli.progress import above
from monitor.cli.user import given, json_option, user_files
from monitor.errors import StoreError
from monitor.model import DeliveryState
from monitor.pipeline.article import ArticleReport
from monitor.pipeline.poll import PollReport
from monitor.sdnotify import ServiceManager
from monitor.store.backups import advice
from monitor.store.restoring import take_waiting
from monitor.userfiles import UserFiles, find_config

log = logging.getLogger(__name__)

UNUSABLE: Final = 78  # EX_CONFIG of sysexits.h: starting again cannot help
FAILED: Final = "failed"  # the outcome of an entry that could not be handled


@click.command("run")
@click.option("--once", is_flag=True, help="Poll every feed now, process, deliver, and end.")
@json_option
@click.pass_context
def command(context: click.Context, once: bool, as_json: bool) -> int:
    """Watch the feeds and send alerts until stopped.

    With --once, --json prints the summary as JSON; alerts of a console notifier then go to
    standard error.
    """
    level = "DEBUG" if given(context).debug else "INFO"
    logs.set_up(level)
    files = user_files(context)
    problem_lines(files.problems)
    is_shipped = find_config(given(context).config)[1]
    try:
        if once:
            return asyncio.run(_once(files, level, as_json=as_json))
        asyncio.run(_forever(files, is_shipped))
    except DataUnusable as error:
        complain(clean_line(str(error)))
        if _is_damaged(error):
            complain(clean_line(advice(files.settings.data)))
        return UNUSABLE
    return 0


def _is_damaged(error: DataUnusable) -> bool:
    """Whether a copy of the database is what helps."""
    return any(word in str(error) for word in ("damaged", "empty", "is missing but"))


async def _forever(files: UserFiles, is_shipped: bool) -> None:
    manager = ServiceManager.from_environment(os.environ, os.getpid())
    goes_on = True
    while goes_on:
        async with App(files, is_shipped=is_shipped, manager=manager) as app:
            with suppress(asyncio.CancelledError):
                await app.forever()
        goes_on = app.restores
        if goes_on:  # a copy of the database waits: it is put in place between two lives
            await asyncio.to_thread(_restore, files.settings.data)


def _restore(data: Path) -> None:
    try:
        taken = take_waiting(data)
    except StoreError as error:
        log.error("the copy was not put in place: %s", error)  # noqa: TRY400  # told in words
        return
    if taken is not None:
        fields = {"articles": taken.articles, "unsent": taken.unsent, "before": taken.before}
        log.info("a copy of the database is in place", extra={"fields": fields})


async def _once(files: UserFiles, level: str, *, as_json: bool) -> int:
    polls: list[PollReport] = []
    articles: list[ArticleReport] = []
    alerts_elsewhere: AbstractContextManager[object] = (
        redirect_stdout(sys.stderr) if as_json else nullcontext()
    )
    with alerts_elsewhere, above("Polling and reading") as counter:
        logs.set_up(level)  # now above the bar

        def polled(report: PollReport) -> None:
            polls.append(report)
            counter.add(done=1, total=report.pending)

        def read(report: ArticleReport) -> None:
            articles.append(report)
            counter.add(done=1)

        async with App(files, on_poll=polled, on_article=read) as app:
            counter.add(total=len(app.tools.live.feeds()))
            lost_before = _lost(app)
            ended = await _to_the_end(app)
            counts = app.tools.store.delivery_counts()
            lost = _lost(app) - lost_before
    logs.set_up(level)
    unsent = {
        name: {state.value: number for state, number in states.items() if state.value != "sent"}
        for name, states in counts.items()
    }
    summary = _summary(polls, articles, {name: states for name, states in unsent.items() if states})
    if as_json:
        emit(summary)
    else:
        _show(summary)
    if not ended:
        complain("interrupted; the next run goes on from here")
        return INTERRUPTED
    if files.errors:
        return 2
    stuck = summary["handled"] > 0 and summary["entries_failed"] == summary["handled"]
    nothing = bool(polls) and summary["failed"] == len(polls)
    return 1 if lost > 0 or nothing or stuck else 0


def _lost(app: App) -> int:
    """Deliveries that nothing will try again by itself."""
    ended = (DeliveryState.FAILED, DeliveryState.HELD)
    counts = app.tools.store.delivery_counts().values()
    return sum(states.get(state, 0) for states in counts for state in ended)


async def _to_the_end(app: App) -> bool:
    """Do it all once; False if a signal ended it before. What is stored goes on at the next run."""
    loop = asyncio.get_running_loop()
    work = asyncio.ensure_future(app.once())
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        return False
    return True


def _summary(
    polls: list[PollReport], articles: list[ArticleReport], unsent: dict[str, dict[str, int]]
) -> dict[str, Any]:
    failed = [poll for poll in polls if poll.error is not None]
    return {
        "feeds": len(polls), "failed": len(failed),
        "failures": [{"url": poll.url, "name": poll.name, "error": poll.error} for poll in failed],
        "new_entries": sum(poll.new for poll in polls),
        "handled": len(articles),
        "entries_failed": sum(article.outcome == FAILED for article in articles),
        "articles": sum(article.outcome == "new" for article in articles),
        "copies": sum(article.outcome == "copy" for article in articles),
        "alerts": sum(bool(article.alerted) for article in articles),
        "undelivered": unsent,
    }  # fmt: skip


def _show(summary: dict[str, Any]) -> None:
    complain(f"{count(summary['feeds'], 'feed')} polled, {summary['failed']} failed")
    for failure in summary["failures"]:
        complain(clean_line(f"  {failure['name']}: {failure['error']}"))
    baseline = summary["new_entries"] - summary["handled"]
    passed = f" ({baseline} from before the first poll, not read)" if baseline > 0 else ""
    complain(f"{count(summary['new_entries'], 'new entry', 'new entries')}{passed}, "
             f"{count(summary['articles'], 'article')} read, "
             f"{count(summary['copies'], 'copy', 'copies')}, "
             f"{count(summary['alerts'], 'alert')}")  # fmt: skip
    if summary["entries_failed"]:
        failed = count(summary["entries_failed"], "entry", "entries")
        complain(f"{failed} could not be handled, and will be tried again (see the log above)")
    for name, states in summary["undelivered"].items():
        shown = ", ".join(f"{number} {state}" for state, number in states.items())
        complain(clean_line(f"not delivered to {name}: {shown} (see: news-monitor alerts)"))
