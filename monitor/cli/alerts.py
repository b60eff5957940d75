"""``alerts``: what was sent, what became of each message, and sending again.

Layer 5.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click

from monitor.cli.history import (
    alert_history_json,
    delivery_line,
    item_line,
    items_of,
    show_alert,
    stored_alert_json,
    told_rules,
)
from monitor.cli.output import clean_line, emit, iso, say
from monitor.cli.user import ListsByDefault, json_option, settings_of
from monitor.config.durations import duration
from monitor.config.settings import Settings
from monitor.errors import UsageError
from monitor.model import DeliveryState, Level, MessageKind
from monitor.store import AlertHistory, Store, open_store

_RESENDABLE = (DeliveryState.FAILED, DeliveryState.HELD, DeliveryState.RETRY)


@click.group("alerts", cls=ListsByDefault)
def command() -> None:
    """What was sent, what became of it; send again. Without a command: the newest."""


@command.command("list")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="At most so many, newest first.",
)
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
    limit: int,
    since: str | None,
    rule: str | None,
    state: str | None,
    as_json: bool,
) -> int:
    """The newest alerts with what became of their messages."""
    moment = moment_of(since)
    with opened(context) as (store, settings):
        zone = ZoneInfo(settings.timezone)
        found = store.list_alerts(
            limit, since=moment, rule=rule, state=DeliveryState(state) if state else None
        )
        items = {each.alert.id: items_of(store, each.alert) for each in found}
    if as_json:
        for each in found:
            emit(stored_alert_json(each, items[each.alert.id]))
        return 0
    if not found:
        narrowed = since or rule or state
        say("no alerts that fit" if narrowed else "no alerts yet")
    for each in found:
        alert = each.alert
        kind = f"{alert.kind.value}: " if alert.kind is not MessageKind.ALERT else ""
        urgent = "  URGENT" if alert.level is Level.URGENT else ""
        rules = clean_line(", ".join(told_rules(alert)))
        say(f"{alert.id}  {iso(alert.created_at)}  {rules}{urgent}")
        say(clean_line(f"  {kind}{alert.title}" + (f" ({alert.source})" if alert.source else "")))
        for delivery in each.deliveries:
            say(clean_line(f"  {delivery_line(delivery)}"))
        for item in items[alert.id]:
            say(clean_line(f"  {item_line(item, zone)}"))
    return 0


@command.command("show")
@click.argument("alert_id", metavar="ID")
@json_option
@click.pass_context
def show(context: click.Context, alert_id: str, as_json: bool) -> int:
    """Everything about one alert; the beginning of its id is enough."""
    with opened(context) as (store, settings):
        history = _history(store, alert_id)
        items = items_of(store, history.alert)
        first = store.get_alert(history.alert.follows) if history.alert.follows else None
    if as_json:
        emit(alert_history_json(history, items))
    else:
        show_alert(history, items, first, ZoneInfo(settings.timezone))
    return 0


@command.command("resend")
@click.argument("alert_id", metavar="ID")
@click.option("--to", "notifier", default=None, help="Only to this notifier.")
@click.option("--sent-too", is_flag=True, help="Also where it was delivered already.")
@json_option
@click.pass_context
def resend(
    context: click.Context, alert_id: str, notifier: str | None, sent_too: bool, as_json: bool
) -> int:
    """Send again what failed, is held, or waits for a next try: it is due at once.

    The running daemon sends it, or the next run.
    """
    states = (*_RESENDABLE, DeliveryState.SENT) if sent_too else _RESENDABLE
    with stored(context, write=True) as store:
        history = _history(store, alert_id)
        names = [item.delivery.notifier for item in history.deliveries]
        if notifier is not None and notifier not in names:
            raise UsageError(f"this alert has no delivery to '{notifier}'; it has: "
                             f"{', '.join(names) or 'none'}")  # fmt: skip
        wanted = [
            item.delivery for item in history.deliveries
            if item.delivery.state in states and notifier in (None, item.delivery.notifier)
        ]  # fmt: skip
        requeued = store.requeue([delivery.id for delivery in wanted], datetime.now(UTC))
    if as_json:
        emit({"id": history.alert.id, "requeued": [each.notifier for each in wanted]})
        return 0
    for delivery in wanted:
        say(clean_line(f"{delivery.notifier}: due again"))
    if requeued:
        say("The running daemon sends it within seconds; else the next news-monitor run does.")
        return 0
    say("Nothing to send again:" if history.deliveries else "This alert had nobody to go to.")
    for item in history.deliveries:
        if notifier in (None, item.delivery.notifier):
            say(clean_line(f"  {delivery_line(item.delivery)}"))
    if not sent_too and any(item.delivery.sent_at for item in history.deliveries):
        say("--sent-too sends again what was delivered.")
    return 0


@contextmanager
def stored(context: click.Context, *, write: bool = False) -> Iterator[Store]:
    """The store that the config names, closed at the end.

    Raises:
        FilesError, UsageError: the config cannot be used.
        StoreError: there is no database, or it cannot be used.
    """
    with opened(context, write=write) as (store, _):
        yield store


@contextmanager
def opened(context: click.Context, *, write: bool = False) -> Iterator[tuple[Store, Settings]]:
    """As ``stored``, with the settings beside the store."""
    settings, _ = settings_of(context, quiet=True)
    store = open_store(settings.data, read_only=not write)
    try:
        yield store, settings
    finally:
        store.close()


def _history(store: Store, alert_id: str) -> AlertHistory:
    history = store.get_alert(alert_id)
    if history is None:
        raise UsageError(f"no alert has the id '{alert_id}'. See: news-monitor alerts")
    return history


def moment_of(text: str | None) -> datetime | None:
    """The time that ``--since 6h`` means; None stays None.

    Raises:
        UsageError: that is no duration, or one that leads before all calendars.
    """
    if text is None:
        return None
    try:
        return datetime.now(UTC) - timedelta(seconds=duration(text))
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--since: {error}") from error
