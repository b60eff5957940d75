"""``status``: health in one screen.

Layer 5. Exit 1 when something needs a person: every feed failing, or messages not delivered.
"""

from datetime import UTC, datetime
from typing import Final

import click

from monitor.cli.output import clean_line, count, emit, iso, say
from monitor.cli.user import json_option, settings_of
from monitor.health.feeds import SUBJECT as FEED
from monitor.health.notices import Notice
from monitor.model import DeliveryState
from monitor.store import Counts, open_store

SHOWN: Final = 10  # notices on the one screen


@click.command("status")
@json_option
@click.pass_context
def command(context: click.Context, as_json: bool) -> int:
    """Health in one screen: feeds, waiting entries, deliveries."""
    settings, _ = settings_of(context, quiet=True)
    store = open_store(settings.data, read_only=True)
    try:
        counts = store.counts(datetime.now(UTC))
        by_notifier = store.delivery_counts()
        notices = store.open_notices()
    finally:
        store.close()
    trouble = [*_trouble(counts), *_told(notices)]
    if as_json:
        emit({
            "ok": not trouble, "trouble": trouble,
            "feeds": {"ok": counts.feeds_ok, "failing": counts.feeds_failing,
                      "waiting": counts.feeds_waiting, "never_polled": counts.feeds_never},
            "entries_pending": counts.entries_pending, "articles": counts.articles,
            "last_alert_at": iso(counts.last_alert_at),
            "notices": [
                {"about": notice.subject, "title": notice.title, "text": notice.text,
                 "since": iso(notice.since)}
                for notice in notices
            ],
            "deliveries": {name: {state.value: number for state, number in states.items()}
                           for name, states in by_notifier.items()},
        })  # fmt: skip
    else:
        _show(counts, by_notifier, trouble, notices)
    return 1 if trouble else 0


def _trouble(counts: Counts) -> list[str]:
    found = []
    if (counts.feeds_failing or counts.feeds_waiting) and not counts.feeds_ok:
        found.append("no feed can be read")
    for state, words in ((DeliveryState.FAILED, "failed"), (DeliveryState.HELD, "are held")):
        if number := counts.deliveries.get(state, 0):
            found.append(f"{number} deliveries {words}: see news-monitor alerts list "
                         f"--state {state.value}")  # fmt: skip
    return found


def _told(notices: list[Notice]) -> list[str]:
    """Troubles of the whole program. One feed's trouble is told, and is no failure of ours."""
    return [notice.title for notice in notices if not notice.subject.startswith(FEED)]


def _show(
    counts: Counts,
    by_notifier: dict[str, dict[DeliveryState, int]],
    trouble: list[str],
    notices: list[Notice],
) -> None:
    waiting = count(counts.entries_pending, "entry waits", "entries wait")
    idle = f"{counts.feeds_waiting} waiting, " if counts.feeds_waiting else ""
    lines = [
        ("feeds", f"{counts.feeds_ok} ok, {counts.feeds_failing} failing, {idle}"
                  f"{counts.feeds_never} not polled yet"),
        ("articles", f"{counts.articles:,} stored, {waiting}"),
        ("last alert", iso(counts.last_alert_at) or "none yet"),
    ]  # fmt: skip
    for name, states in by_notifier.items():
        shown = ", ".join(f"{number} {state.value}" for state, number in states.items())
        lines.append((clean_line(f"to {name}"), shown or "nothing yet"))
    width = max(len(label) for label, _ in lines)
    for label, value in lines:
        say(f"{label:<{width}}  {value}")
    for line in trouble:
        say(clean_line(f"! {line}"))
    for notice in notices[:SHOWN]:
        say(clean_line(f"since {iso(notice.since)}: {notice.title}. {notice.text}"))
    if len(notices) > SHOWN:
        say(f"and {len(notices) - SHOWN} more troubles (--json names all)")
    if counts.feeds_failing or counts.feeds_waiting:
        say("why feeds fail: news-monitor feeds")
