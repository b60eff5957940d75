"""``run``: the daemon; ``run --once``: every feed once, then the end.

Layer 5.
"""

import asyncio
from contextlib import suppress

import click

from monitor import logs
from monitor.app import App, run_once
from monitor.cli.output import clean_line, complain, emit, problem_lines
from monitor.cli.user import given, json_option, user_files
from monitor.pipeline.article import ArticleReport
from monitor.pipeline.poll import PollReport
from monitor.userfiles import UserFiles, find_config


@click.command("run")
@click.option("--once", is_flag=True, help="Poll every feed now, process, deliver, and end.")
@json_option
@click.pass_context
def command(context: click.Context, once: bool, as_json: bool) -> int:
    """Watch the feeds and send alerts until stopped."""
    logs.set_up("DEBUG" if given(context).debug else "INFO")
    files = user_files(context)
    problem_lines(files.problems)
    is_shipped = find_config(given(context).config)[1]
    if not files.settings.feeds:
        complain("config.yaml names no feeds: nothing to watch yet")
    if once:
        return asyncio.run(_once(files, as_json))
    asyncio.run(_forever(files, is_shipped))
    return 0


async def _forever(files: UserFiles, is_shipped: bool) -> None:
    async with App(files, is_shipped=is_shipped) as app:
        with suppress(asyncio.CancelledError):
            await app.forever()


async def _once(files: UserFiles, as_json: bool) -> int:
    polls: list[PollReport] = []
    articles: list[ArticleReport] = []
    async with App(files, on_poll=polls.append, on_article=articles.append) as app:
        await run_once(app)
        counts = app.tools.store.delivery_counts()
    failed = [poll for poll in polls if poll.error is not None]
    unsent = {
        name: {state.value: number for state, number in states.items() if state.value != "sent"}
        for name, states in counts.items()
    }
    unsent = {name: states for name, states in unsent.items() if states}
    summary = {
        "feeds": len(polls), "failed": len(failed),
        "new_entries": sum(poll.new for poll in polls),
        "articles": sum(article.outcome == "new" for article in articles),
        "copies": sum(article.outcome == "copy" for article in articles),
        "alerts": sum(bool(article.alerted) for article in articles),
        "undelivered": unsent,
    }  # fmt: skip
    if as_json:
        emit(summary)
    else:
        complain(_sentence(summary, failed))
    if files.errors:
        return 2
    return 1 if polls and len(failed) == len(polls) else 0


def _sentence(summary: dict[str, object], failed: list[PollReport]) -> str:
    lines = [
        f"{summary['feeds']} feeds polled ({summary['failed']} failed), "
        f"{summary['new_entries']} new entries, {summary['articles']} articles read, "
        f"{summary['copies']} copies, {summary['alerts']} alerts"
    ]
    lines += [f"  {poll.name}: {poll.error}" for poll in failed]
    undelivered = summary["undelivered"]
    if isinstance(undelivered, dict):
        for name, states in undelivered.items():
            shown = ", ".join(f"{number} {state}" for state, number in states.items())
            lines.append(f"  not delivered to {name}: {shown} (see: news-monitor alerts)")
    return "\n".join(clean_line(line) if not line.startswith("  ") else line for line in lines)
