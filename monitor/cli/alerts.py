"""``alerts``: what was sent, what became of each message, and sending again.

Layer 5.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import click

from monitor.cli.history import (
    alert_history_json,
    delivery_line,
    show_alert,
    stored_alert_json,
)
from monitor.cli.output import clean_line, emit, iso, say
from monitor.cli.user import json_option, settings_of
from monitor.config.durations import duration
from monitor.errors import UsageError
from monitor.model import DeliveryState
from monitor.store import AlertHistory, Store, open_store

_RESENDABLE = (DeliveryState.FAILED, DeliveryState.HELD)


@click.group("alerts", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> int:
    """What was sent, what became of it; send again."""
    if context.invoked_subcommand is not None:
        return 0
    return int(context.invoke(list_alerts) or 0)


@command.command("list")
@click.option("--limit", default=20, show_default=True, help="At most so many, newest first.")
@click.option("--since", default=None, help="Only the last 6h, 2d, …")
@click.option("--rule", default=None, help="Only alerts of this rule.")
@click.option(
    "--state", type=click.Choice([state.value for state in DeliveryState]), default=None,
    help="Only alerts with a delivery in this state.",
)  # fmt: skip
@json_option
@click.pass_context
def list_alerts(
    context: click.Context,
    limit: int = 20,
    since: str | None = None,
    rule: str | None = None,
    state: str | None = None,
    as_json: bool = False,
) -> int:
    """The newest alerts with what became of their messages."""
    with _store(context) as store:
        found = store.list_alerts(
            limit, since=_since(since), rule=rule, state=DeliveryState(state) if state else None
        )
    if as_json:
        for stored in found:
            emit(stored_alert_json(stored))
        return 0
    if not found:
        say("no alerts")
    for stored in found:
        rules = ", ".join(hit.rule_id for hit in stored.alert.hits)
        say(clean_line(f"{stored.alert.id}  {iso(stored.alert.created_at)}  {rules}"))
        say(clean_line(f"  {stored.alert.title}  ({stored.alert.source})"))
        for delivery in stored.deliveries:
            say("  " + clean_line(delivery_line(delivery)))
    return 0


@command.command("show")
@click.argument("alert_id", metavar="ID")
@json_option
@click.pass_context
def show(context: click.Context, alert_id: str, as_json: bool) -> int:
    """Everything about one alert; the beginning of its id is enough."""
    with _store(context) as store:
        history = _history(store, alert_id)
    if as_json:
        emit(alert_history_json(history))
    else:
        show_alert(history)
    return 0


@command.command("resend")
@click.argument("alert_id", metavar="ID")
@click.option("--to", "notifier", default=None, help="Only to this notifier.")
@click.option("--sent-too", is_flag=True, help="Also where it was delivered already.")
@click.pass_context
def resend(context: click.Context, alert_id: str, notifier: str | None, sent_too: bool) -> int:
    """Send again what failed or is held. The running daemon sends it, or the next run."""
    with _store(context, write=True) as store:
        history = _history(store, alert_id)
        states = (*_RESENDABLE, DeliveryState.SENT) if sent_too else _RESENDABLE
        wanted = [
            item.delivery for item in history.deliveries
            if item.delivery.state in states and notifier in (None, item.delivery.notifier)
        ]  # fmt: skip
        names = [item.delivery.notifier for item in history.deliveries]
        if notifier is not None and notifier not in names:
            raise UsageError(f"this alert has no delivery to '{notifier}'; it has: "
                             f"{', '.join(names) or 'none'}")  # fmt: skip
        count = store.requeue([delivery.id for delivery in wanted], datetime.now(UTC))
    for delivery in wanted:
        say(clean_line(f"{delivery.notifier}: due again"))
    if not count:
        say("nothing failed or held; --sent-too sends again what was delivered")
    return 0


@contextmanager
def _store(context: click.Context, *, write: bool = False) -> Iterator[Store]:
    settings, _ = settings_of(context, quiet=True)
    store = open_store(settings.data, read_only=not write)
    try:
        yield store
    finally:
        store.close()


def _history(store: Store, alert_id: str) -> AlertHistory:
    history = store.get_alert(alert_id)
    if history is None:
        raise UsageError(f"no alert has the id '{alert_id}'. See: news-monitor alerts")
    return history


def _since(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.now(UTC) - timedelta(seconds=duration(text))
    except ValueError as error:
        raise UsageError(f"--since: {error}") from error
