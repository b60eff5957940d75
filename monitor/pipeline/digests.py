"""Digests whose time has come: each becomes one message in the outbox.

Layer 4.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from monitor.alerts.digest import DigestItem, digest
from monitor.model import Alert
from monitor.pipeline.tools import Tools
from monitor.store import WaitingAlert
from monitor.store.digests import DueDigest

log = logging.getLogger(__name__)


async def send_due_digests(tools: Tools, notifiers: Collection[str]) -> int:
    """Put every digest that is due into the outbox; returns how many. Raises StoreError."""
    now = tools.now()
    made = 0
    for due in await tools.thread.call(tools.store.due_digests, now, notifiers):
        alert = await tools.thread.call(
            tools.store.send_digest, due, partial(_composed, tools, due), now
        )
        if alert is not None:
            made += 1
            fields = {"to": due.notifier, "reports": len(alert.items), "alert": alert.id}
            log.info("digest", extra={"fields": fields})
    return made


def _composed(tools: Tools, due: DueDigest, items: Sequence[WaitingAlert]) -> Alert:
    zone = ZoneInfo(tools.live.settings.timezone)
    told = [DigestItem(_as_known(tools, each.alert), each.plan, each.created_at) for each in items]
    return digest(due.notifier, due.due_at, told, zone)


def _as_known(tools: Tools, alert: Alert) -> Alert:
    """The alert with its story as it is known by now."""
    if alert.story is None:
        return alert
    note = tools.desk.story_note(alert.story.id, alert.url)
    return alert if note is None else replace(alert, story=note)
