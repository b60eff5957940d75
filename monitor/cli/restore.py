"""``restore``: put a copy of the database in place.

Layer 5. It works while the daemon runs: that one ends its work, takes the copy and goes on from
there.
"""

import time
from pathlib import Path
from typing import Final

import click

from monitor.cli.output import clean_line, count, emit, say
from monitor.cli.user import json_option, settings_of
from monitor.errors import AlreadyRunning, MonitorError
from monitor.store.restoring import Restored, ask_daemon, put_in_place

_PATIENCE: Final = 60.0  # seconds for a running daemon to end its work and take the copy


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--hold", is_flag=True,
    help="Hold what the copy says is unsent, instead of sending it again.",
)  # fmt: skip
@json_option
@click.pass_context
def command(context: click.Context, file: Path, hold: bool, as_json: bool) -> int:
    """Put the copy FILE in place of the database; the present one is kept beside it.

    Articles that came after the copy was made are found again and may be alerted again.
    """
    settings, _ = settings_of(context, quiet=True)
    try:
        done: Restored | None = put_in_place(settings.data, file, resend=not hold)
    except AlreadyRunning:
        done = None
        _wait(ask_daemon(settings.data, file, resend=not hold))
    if as_json:
        emit({
            "file": str(file), "by": "daemon" if done is None else "command",
            "articles": done.articles if done else None, "unsent": done.unsent if done else None,
            "before": str(done.before) if done and done.before else None,
        })  # fmt: skip
        return 0
    if done is None:
        say(clean_line(f"{file} is in place: the running daemon has taken it and goes on"))
        return 0
    say(clean_line(f"{file} is in place: {count(done.articles, 'article')}"))
    if done.unsent:
        what = "held: see news-monitor alerts" if hold else "sent again, marked as possible copies"
        say(f"{count(done.unsent, 'message')} not sent when the copy was made: {what}")
    if done.before is not None:
        say(f"the database as it was: {done.before}")
    return 0


def _wait(waiting: Path) -> None:
    ends = time.monotonic() + _PATIENCE
    while waiting.exists():
        if time.monotonic() > ends:
            waiting.unlink(missing_ok=True)
            raise MonitorError(
                f"the running daemon did not take the copy within {_PATIENCE:.0f} seconds; nothing "
                "was changed. Stop it and try again"
            )
        time.sleep(0.1)
