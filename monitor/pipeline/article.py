"""One pending entry: page, extraction, rules, decision, and one transaction with all of it.

Layer 4. A page that cannot be had never costs an alert: the feed's own text stands in for it, and
the alert says so.
"""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from monitor.alerts.desk import Verdict
from monitor.alerts.handling import HandlingKind
from monitor.articles.assemble import assemble
from monitor.model import (
    Article,
    Feed,
    Match,
    Outcome,
)
from monitor.pipeline.aside import aside
from monitor.pipeline.judging import judged, result_of
from monitor.pipeline.page import Page, page_of
from monitor.pipeline.tools import Tools
from monitor.store import Ended, PendingEntry, RecordedAs
from monitor.text.urls import canonical_url, host

log = logging.getLogger(__name__)

COPIES_WITHIN: Final = timedelta(days=14)  # the same words within this time are the same report
_LATER: Final = (HandlingKind.DIGEST, HandlingKind.HELD)
PAGE_RETRY: Final = timedelta(seconds=60)  # one more try for a page that may come back


@dataclass(frozen=True, slots=True)
class ArticleReport:
    """What came of an entry: ``alerted`` names the rules sent, ``silent`` those kept silent."""

    title: str
    url: str
    outcome: str  # new | copy | deferred
    alerted: tuple[str, ...] = ()
    silent: tuple[tuple[str, str], ...] = ()  # (rule, reason)
    notify: tuple[str, ...] = ()
    story: str = ""
    waits: int = 0  # messages that wait for a digest
    is_to_send: bool = False  # something stands in the outbox


async def handle_entry(
    tools: Tools, pending: PendingEntry, *, patient: bool = True
) -> ArticleReport:
    """Take one entry through all stages. ``patient``: a page may be tried again a minute later.

    Raises:
        StoreError: the result could not be stored; nothing of it was.
    """
    entry = pending.entry
    link = canonical_url(entry.link) if entry.link else None
    if link is not None:
        known = await tools.thread.call(tools.store.find_article_by_url, link)
        if known is not None:
            return await _copy(tools, pending, known, (link,))
    feed = tools.live.feeds().get(pending.feed_url)
    page = await page_of(tools, entry.link, feed)
    if page.retry and patient and pending.attempts == 0:
        until = tools.now() + PAGE_RETRY
        reason = page.why_not or "the page may come back"
        await tools.thread.call(tools.store.defer_entry, pending.id, until, reason)
        return ArticleReport(entry.title, entry.link or "", "deferred")
    article = await _article(tools, pending, feed, page)
    addresses = _addresses(article, link, page)
    return await _record(tools, pending, article, addresses)


async def _article(tools: Tools, pending: PendingEntry, feed: Feed | None, page: Page) -> Article:
    name = feed.name if feed is not None else None
    if name is None:
        title = await tools.thread.call(tools.store.feed_title, pending.feed_url)
        name = title or host(pending.feed_url)
    language = feed.language if feed else None
    size = len(page.read.text) if page.read is not None else 0
    article = await aside(size, assemble, pending.entry, name, language, page.read, page.why_not)
    if feed is not None and feed.tags:
        article = replace(article, tags=tuple(dict.fromkeys((*article.tags, *feed.tags))))
    return article


def _addresses(article: Article, link: str | None, page: Page) -> tuple[str, ...]:
    found = [link, canonical_url(article.url) if article.url else None,
             canonical_url(page.url) if page.url else None]  # fmt: skip
    return tuple(dict.fromkeys(address for address in found if address))


async def _record(
    tools: Tools, pending: PendingEntry, article: Article, addresses: tuple[str, ...]
) -> ArticleReport:
    now = tools.now()
    since = now - COPIES_WITHIN
    known = await tools.thread.call(_known, tools, article, addresses)
    if known is not None:
        return await _copy(tools, pending, known, addresses)
    read = article.text.split("\n\n") if article.text else []
    article = await _without_repeats(tools, article, read)
    feed = tools.live.feeds().get(pending.feed_url)
    copied = await tools.desk.copy_of(article, now)
    if copied is not None:
        tools.desk.note_copy(copied, article.source, article.url)
        return await _copy(tools, pending, copied, addresses)
    matches, verdict, now = await judged(tools, article, pending.feed_url, feed)
    result = result_of(article, addresses, matches, verdict, now, since)
    try:
        recorded = await tools.recorder.articles.record(Ended(pending.id, result, now))
    except BaseException:
        await tools.desk.not_stored(verdict, article.id, tools.live.book)
        raise
    if recorded.outcome is not RecordedAs.NEW:
        await tools.desk.not_stored(verdict, article.id, tools.live.book)
        return ArticleReport(article.title, article.url, "copy")
    await tools.sites.learn(article.url, read)
    report = _report(article, verdict)
    _tell(report, matches)
    return report


async def _without_repeats(tools: Tools, article: Article, read: list[str]) -> Article:
    """The article without what its site repeats under others; ``quality_reason`` says so."""
    stripped = await tools.sites.strip(article.url, read)
    if not stripped.dropped:
        return article
    number = len(stripped.dropped)
    what = "1 paragraph that the site repeats was" if number == 1 else (
        f"{number} paragraphs that the site repeats were")  # fmt: skip
    reason = f"{article.quality_reason}; {what} left out"
    return replace(article, text="\n\n".join(stripped.kept), quality_reason=reason)


def _known(tools: Tools, article: Article, addresses: tuple[str, ...]) -> str | None:
    for address in addresses:
        found = tools.store.find_article_by_url(address)
        if found is not None:
            return found
    return tools.store.find_article_by_fingerprint(article.fingerprint, tools.now() - COPIES_WITHIN)


async def _copy(
    tools: Tools, pending: PendingEntry, article_id: str, addresses: tuple[str, ...]
) -> ArticleReport:
    url = pending.entry.link or ""
    await tools.thread.call(
        tools.store.record_copy, pending.id, article_id, url, addresses, tools.now()
    )
    log.info(
        "copy of a known article",
        extra={"fields": {"title": pending.entry.title, "article": article_id}},
    )
    return ArticleReport(pending.entry.title, url, "copy")


def _report(article: Article, verdict: Verdict) -> ArticleReport:
    judgement = verdict.judgement
    sent = [each for each in judgement.decisions if each.outcome is Outcome.SENT]
    waits = [each for each in judgement.handlings if each.kind in _LATER]
    return ArticleReport(
        title=article.title,
        url=article.url,
        outcome="new",
        story=verdict.story,
        alerted=tuple(decision.rule_id for decision in sent),
        silent=tuple(
            (decision.rule_id, f"{decision.reason}: {decision.detail}")
            for decision in judgement.decisions
            if decision.outcome is Outcome.SILENT
        ),
        notify=tuple(dict.fromkeys(name for decision in sent for name in decision.notify)),
        waits=len(waits),
        is_to_send=len(waits) < len(judgement.handlings),
    )


def _tell(report: ArticleReport, matches: tuple[Match, ...]) -> None:
    fields = {"title": report.title, "url": report.url}
    if report.alerted:
        rules = {"rules": ",".join(report.alerted), "to": ",".join(report.notify)}
        log.info("alert", extra={"fields": {**rules, **fields}})
    for rule_id, reason in report.silent:
        log.info("no alert", extra={"fields": {"rule": rule_id, "because": reason, **fields}})
    if not matches:
        log.debug("no rule matches", extra={"fields": fields})
