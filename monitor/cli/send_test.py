"""``send-test``: a real test message through a notifier, at once.

Layer 5.
"""

import asyncio
import os
import sys
from contextlib import nullcontext, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from monitor.alerts.deliver import SEND_TIMEOUT, Channel, attempt
from monitor.app import make_outbound
from monitor.channels import build_channels
from monitor.cli.output import clean_line, complain, emit, say
from monitor.cli.user import guess, json_option, settings_of, tell
from monitor.config.settings import Settings
from monitor.errors import FilesError, UsageError
from monitor.model import Alert, Hit, Level, Snippet
from monitor.notifier import Context, Receipt
from monitor.secret import redact


@click.command("send-test")
@click.argument("name")
@json_option
@click.pass_context
def command(context: click.Context, name: str, as_json: bool) -> int:
    """Send a test message to the notifier NAME of config.yaml."""
    settings, path = settings_of(context)
    channel, wrong = channel_of(settings, path, name)
    with redirect_stdout(sys.stderr) if as_json else nullcontext():  # a console prints its message
        document = asyncio.run(_send(settings, name, channel))
    if as_json:
        emit(document)
    else:
        _show(document)
    if wrong:
        return 2
    return 0 if document["delivered"] and not document["refused"] else 1


def channel_of(settings: Settings, path: Path, name: str) -> tuple[Channel, bool]:
    """The notifier called ``name``, and whether others have mistakes (which are told).

    Raises:
        UsageError: there is none of this name.
        FilesError: it has mistakes itself.
    """
    channels, problems = build_channels(settings, path, os.environ)
    names = [notifier.name for notifier in settings.notifiers]
    if name not in names:
        raise UsageError(f"no notifier is named '{name}'. "
                         + guess(name, names, f"There are: {', '.join(names)}"))  # fmt: skip
    if name not in channels:
        raise FilesError(problems)
    return channels[name], tell(problems)


async def _send(settings: Settings, name: str, channel: Channel) -> dict[str, Any]:
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
    accepted = isinstance(result, Receipt)
    return {
        "notifier": name, "delivered": accepted,
        "note": result.note if isinstance(result, Receipt) else None,
        "refused": [{"recipient": refused.recipient, "message": refused.message}
                    for refused in result.refused] if isinstance(result, Receipt) else [],
        "error": None if accepted else redact(str(result) or type(result).__name__),
    }  # fmt: skip


def _show(document: dict[str, Any]) -> None:
    name = document["notifier"]
    if not document["delivered"]:
        complain(clean_line(f"{name}: not delivered: {document['error']}"))
        return
    for refused in document["refused"]:
        complain(clean_line(f"{name}: refused for {refused['recipient']}: {refused['message']}"))
    say(clean_line(f"{name}: accepted" + (f" ({document['note']})" if document["note"] else "")))


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
