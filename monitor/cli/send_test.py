"""``send-test``: a real test message through a notifier, at once.

Layer 5.
"""

import asyncio
import os
from datetime import UTC, datetime

import click

from monitor.alerts.deliver import SEND_TIMEOUT, Channel, attempt
from monitor.app import make_outbound
from monitor.channels import build_channels
from monitor.cli.output import clean_line, complain, say
from monitor.cli.user import settings_of
from monitor.config.settings import Settings
from monitor.errors import FilesError, UsageError
from monitor.model import Alert, Hit, Level, Snippet
from monitor.notifier import Context, Receipt


@click.command("send-test")
@click.argument("name")
@click.pass_context
def command(context: click.Context, name: str) -> int:
    """Send a test message to the notifier NAME of config.yaml."""
    settings, path = settings_of(context)
    channels, problems = build_channels(settings, path, os.environ)
    if any(problem.severity == "error" for problem in problems):
        raise FilesError(problems)
    if name not in channels:
        raise UsageError(f"no notifier is named '{name}'; there are: {', '.join(channels)}")
    return asyncio.run(_send(settings, name, channels[name]))


async def _send(settings: Settings, name: str, channel: Channel) -> int:
    now = datetime.now(UTC)
    outbound = make_outbound(settings)
    try:
        result = await attempt(
            channel.notifier,
            sample_alert(now),
            Context(
                http=outbound.notifier_client, now=now, key=f"test-{now:%Y%m%d%H%M%S%f}",
                timeout=SEND_TIMEOUT, check_address=outbound.check_address,
            ),
        )  # fmt: skip
    finally:
        await outbound.aclose()
    if isinstance(result, Receipt):
        for refused in result.refused:
            complain(clean_line(f"{name}: refused for {refused.recipient}: {refused.message}"))
        say(clean_line(f"{name}: accepted{f' ({result.note})' if result.note else ''}"))
        return 1 if result.refused else 0
    complain(clean_line(f"{name}: not delivered: {result or type(result).__name__}"))
    return 1


def sample_alert(now: datetime) -> Alert:
    """The message of a test: looks like an alert and says that it is none."""
    text = "This is a test message: if you can read it, alerts will arrive here."
    mark = text.index("test message")
    hit = Hit(
        "test", "Test of this channel", Level.NORMAL, "“test message” (body)",
        (Snippet(text, ((mark, mark + len("test message")),)),),
    )  # fmt: skip
    return Alert(
        id=f"test{now:%H%M%S}", article_id="test", title="Test message from News Monitor", url="",
        source="News Monitor", published=now, created_at=now, hits=(hit,),
    )  # fmt: skip
