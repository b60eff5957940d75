"""Alerted articles read again: what their outlets corrected is recorded, and told where wanted.

Layer 4. Pages are asked for as politely as ever; one that cannot be had now is asked at the next
turn.
"""

import logging
from typing import Final

from monitor.alerts.correction import corrected, next_recheck, told_again
from monitor.articles.assemble import assemble
from monitor.model import Entry
from monitor.pipeline.page import page_of
from monitor.pipeline.tools import Tools
from monitor.store import NewDelivery, Recheck

log = logging.getLogger(__name__)

AT_ONCE: Final = 5  # articles read again in one go


async def recheck_articles(tools: Tools) -> int:
    """Read again what is due; returns how many corrections are to be sent. Raises StoreError."""
    found = await tools.thread.call(tools.store.due_rechecks, tools.now(), AT_ONCE)
    told = 0
    for one in found:
        told += await _recheck(tools, one)
    return told


async def _recheck(tools: Tools, one: Recheck) -> int:
    before, now = one.article, tools.now()
    later = next_recheck(one.alert.created_at, one.done + 1)
    page = await page_of(tools, before.url, None)
    correction = alert = None
    if page.read is not None:
        entry = Entry(id=before.id, link=before.url, title=before.title)
        after = assemble(entry, before.source, before.language, page.read, page.why_not)
        correction = corrected(before, after)
    wanted: tuple[NewDelivery, ...] = ()
    if correction is not None:
        rules = {
            hit.rule_id: rule
            for hit in one.alert.hits
            if (rule := tools.live.book.rule(hit.rule_id)) is not None
        }
        alert = told_again(one.alert, correction, rules, now)
        telling = {hit.rule_id for hit in alert.hits} if alert else set()
        wanted = tuple(
            each for each in one.told if not each.rules or telling.intersection(each.rules)
        )
        log.info("corrected", extra={"fields": {"title": before.title, "what": str(correction)}})
    await tools.thread.call(
        tools.store.record_recheck, before.id, later, now, correction, alert, wanted
    )
    return len(wanted) if alert is not None else 0
