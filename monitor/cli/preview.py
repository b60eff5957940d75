"""``preview``: the exact payload of an alert for a notifier, without sending.

Layer 5.
"""

import asyncio
from datetime import UTC, datetime

import click
import httpx

from monitor.alerts.compose import for_rules
from monitor.cli.alerts import stored
from monitor.cli.output import say
from monitor.cli.send_test import channel_of, sample_alert
from monitor.cli.user import settings_of
from monitor.errors import UsageError
from monitor.model import Alert
from monitor.notifier import Context, Previews
from monitor.secret import redact


@click.command("preview")
@click.argument("alert_id", metavar="ALERT")
@click.option("--to", "name", required=True, help="The notifier of config.yaml.")
@click.pass_context
def command(context: click.Context, alert_id: str, name: str) -> int:
    """Show exactly what NAME would be sent for ALERT (an id, or "test"). Sends nothing."""
    settings, path = settings_of(context, quiet=True)
    channel, wrong = channel_of(settings, path, name)
    notifier = channel.notifier
    if not isinstance(notifier, Previews):
        raise UsageError(f"the notifier '{name}' cannot show what it would send")
    now = datetime.now(UTC)
    alert = sample_alert(now) if alert_id == "test" else _stored(context, alert_id, name)
    say(redact(asyncio.run(_payload(notifier, alert, name, now))))
    return 2 if wrong else 0


async def _payload(notifier: Previews, alert: Alert, name: str, now: datetime) -> str:
    async with httpx.AsyncClient() as unused:
        lent = Context(http=unused, now=now, key=f"{alert.id}-{name}")
        return notifier.preview(alert, lent)


def _stored(context: click.Context, alert_id: str, name: str) -> Alert:
    """The alert as this notifier is told of it: only the rules that name the notifier."""
    with stored(context) as store:
        history = store.get_alert(alert_id)
    if history is None:
        raise UsageError(f"no alert has the id '{alert_id}'. See: news-monitor alerts")
    for item in history.deliveries:
        if item.delivery.notifier == name and item.rules:
            return for_rules(history.alert, item.rules)
    return history.alert
