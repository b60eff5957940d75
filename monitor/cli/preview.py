"""``preview``: the exact payload of an alert for a notifier, without sending.

Layer 5.
"""

import os
from datetime import UTC, datetime

import click
import httpx

from monitor.channels import build_channels
from monitor.cli.output import say
from monitor.cli.send_test import sample_alert
from monitor.cli.user import settings_of
from monitor.errors import FilesError, UsageError
from monitor.model import Alert
from monitor.notifier import Context, Previews
from monitor.secret import redact
from monitor.store import open_store


@click.command("preview")
@click.argument("alert_id", metavar="ALERT")
@click.option("--to", "name", required=True, help="The notifier of config.yaml.")
@click.pass_context
def command(context: click.Context, alert_id: str, name: str) -> int:
    """Show exactly what NAME would be sent for ALERT (an id, or "test")."""
    settings, path = settings_of(context, quiet=True)
    channels, problems = build_channels(settings, path, os.environ)
    if any(problem.severity == "error" for problem in problems):
        raise FilesError(problems)
    if name not in channels:
        raise UsageError(f"no notifier is named '{name}'; there are: {', '.join(channels)}")
    notifier = channels[name].notifier
    if not isinstance(notifier, Previews):
        raise UsageError(f"the notifier '{name}' cannot show what it would send")
    now = datetime.now(UTC)
    alert = sample_alert(now) if alert_id == "test" else _stored(settings.data, alert_id)
    lent = Context(http=httpx.AsyncClient(), now=now, key=f"{alert.id}-{name}")
    say(redact(notifier.preview(alert, lent)))
    return 0


def _stored(data: object, alert_id: str) -> Alert:
    from pathlib import Path

    store = open_store(Path(str(data)), read_only=True)
    try:
        history = store.get_alert(alert_id)
    finally:
        store.close()
    if history is None:
        raise UsageError(f"no alert has the id '{alert_id}'. See: news-monitor alerts")
    return history.alert
