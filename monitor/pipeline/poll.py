"""One poll of one feed: fetch, parse, and store what it taught in one transaction.

Layer 4. A body that did not change is not parsed; entries known already are not handled again.
"""

import logging
from dataclasses import dataclass, replace

from monitor.feeds import delta
from monitor.feeds.baseline import first_poll
from monitor.feeds.fetch import fetch_feed
from monitor.feeds.identity import REWRITTEN, Judged, entry_key
from monitor.feeds.parse import NotAFeed
from monitor.feeds.polling import Policy, Shown, after_parse_failure, after_poll
from monitor.feeds.polling_failures import after_host_rest
from monitor.feeds.polling_validators import asked_address
from monitor.model import (
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    FetchResult,
    NotModified,
    Validators,
)
from monitor.net.hosts import HostRests
from monitor.pipeline.asking import PATIENCE, respect
from monitor.pipeline.reading import Brought, read_feed
from monitor.pipeline.tools import Tools
from monitor.store import EntryStatus, NewEntry, Poll
from monitor.workers import WorkerFailed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PollReport:
    """How a poll went, for people: ``error`` is None where it went well."""

    url: str
    name: str
    outcome: str
    new: int = 0  # entries never seen before
    pending: int = 0  # of these, to be handled; the rest are the baseline
    error: str | None = None
    notices: tuple[str, ...] = ()  # what the operator is told this once


async def poll_feed(tools: Tools, feed: Feed, state: FeedState) -> PollReport:
    """Poll ``feed`` when its host's turn comes; never raises for anything the network does.

    Raises:
        StoreError: the result could not be stored; nothing of it was.
    """
    polling = tools.live.settings.polling
    address = asked_address(feed, state)
    try:
        async with tools.gate.turn(address, patience=PATIENCE), tools.slots:
            result = await fetch_feed(
                tools.outbound.client, feed, state,
                max_bytes=polling.max_bytes, timeout=polling.timeout,
            )  # fmt: skip
    except HostRests as rest:
        after, why, _ = after_host_rest(state, rest.seconds, tools.now())
        await tools.recorder.record(Poll(after))
        return PollReport(feed.url, _name(feed, state), why)
    respect(tools, address, result)
    tools.reach.note(address, result, tools.live.settings.feeds, tools.now())
    report = await _settle(tools, feed, state, result)
    _tell(report)
    return report


async def _settle(tools: Tools, feed: Feed, state: FeedState, result: FetchResult) -> PollReport:
    policy = _policy(tools)
    if not isinstance(result, Fetched):
        return await _without_body(tools, feed, state, result, policy)
    digest = delta.digest(result.body)
    if delta.is_same(state.body_sha256, digest):
        return await _store(tools, feed, state, result, None, "same content", policy)
    try:
        brought = await read_feed(tools, feed, state, result)
    except (NotAFeed, WorkerFailed) as error:
        after, why, notices = after_parse_failure(
            feed, state, result, str(error), policy=policy, now=tools.now(), jitter=tools.jitter()
        )
        await tools.recorder.record(Poll(after))
        return PollReport(feed.url, _name(feed, state), why, error=str(error), notices=notices)
    marks: str | None = delta.marks_of(digest, brought.split)
    if not brought.settled:  # the same bytes, or a 304, would hide what is new
        marks, result = None, replace(result, validators=Validators())
    read = replace(state, body_sha256=marks, title=brought.feed.title or state.title)
    return await _store(tools, feed, read, result, brought, "read", policy)


async def _without_body(
    tools: Tools,
    feed: Feed,
    state: FeedState,
    result: NotModified | FetchFailed,
    policy: Policy,
) -> PollReport:
    if isinstance(result, NotModified):
        return await _store(tools, feed, state, result, None, "not modified", policy)
    after, why, notices = after_poll(
        feed, state, result, policy=policy, now=tools.now(), jitter=tools.jitter(),
        online=tools.reach.online,
    )  # fmt: skip
    await tools.recorder.record(Poll(after))
    return PollReport(feed.url, _name(feed, state), why, error=result.message, notices=notices)


async def _store(
    tools: Tools,
    feed: Feed,
    state: FeedState,
    result: Fetched | NotModified,
    brought: Brought | None,
    outcome: str,
    policy: Policy,
) -> PollReport:
    """Work out the new entries and the next time, and store both at once."""
    now = tools.now()
    parsed = brought.feed if brought is not None else None
    new = _new_entries(tools, state, brought.judged) if brought is not None else []
    after, why, notices = after_poll(
        feed, state, result, shown=_shown(brought), policy=policy, now=now, jitter=tools.jitter()
    )
    if parsed is not None and after.baseline_at is None:
        after = replace(after, baseline_at=now)
    also = {name for each in brought.judged.renamed for name in each.names.all} if brought else ()
    stored = await tools.recorder.record(Poll(after, new, also))
    if brought is not None and brought.judged.notice is not None:
        fields = {"feed": _name(feed, after), "url": feed.url}
        log.warning("%s", brought.judged.notice, extra={"fields": fields})
    for warning in parsed.warnings if parsed else ():
        log.debug("feed warning", extra={"fields": {"feed": feed.url, "warning": warning}})
    pending = sum(item.status is EntryStatus.PENDING for item in new)
    return PollReport(
        feed.url, _name(feed, after), f"{outcome}; {why}", new=stored, pending=min(pending, stored),
        notices=notices,
    )  # fmt: skip


def _shown(brought: Brought | None) -> Shown:
    """What the polling rule learns from a document; a rewritten feed's entries are no news."""
    if brought is None:
        return Shown()
    judged = brought.judged
    return Shown(
        parsed=brought.feed,
        entries=brought.shown,
        new=tuple(each.entry.published for each in judged.new),
        shares=brought.shown > len(judged.new) + len(judged.old),
    )


def _new_entries(tools: Tools, state: FeedState, judged: Judged) -> list[NewEntry]:
    """What is to become of each new entry; those of a rewritten feed are known from now on."""
    known = [
        NewEntry(each.entry, EntryStatus.BASELINE, REWRITTEN, each.names.all) for each in judged.old
    ]
    if state.baseline_at is not None:
        return [*(NewEntry(each.entry, names=each.names.all) for each in judged.new), *known]
    names = {each.names.id: each.names.all for each in judged.new}
    backfill = tools.live.settings.polling.backfill
    choices = first_poll(
        [each.entry for each in judged.new], count=backfill.count, age=backfill.age,
        now=tools.now(),
    )  # fmt: skip
    return [
        NewEntry(
            choice.entry,
            EntryStatus.PENDING if choice.handled else EntryStatus.BASELINE,
            choice.reason,
            names[entry_key(choice.entry.id)],
        )
        for choice in choices
    ]


def _policy(tools: Tools) -> Policy:
    polling = tools.live.settings.polling
    return Policy(min=polling.min, max=polling.max, every=polling.every)


def _name(feed: Feed, state: FeedState) -> str:
    return feed.name or state.title or feed.url.partition("?")[0]


def _tell(report: PollReport) -> None:
    for notice in report.notices:
        log.warning("feed: %s", notice, extra={"fields": {"feed": report.name}})
    if report.error is not None:
        log.warning(
            "feed failed: %s", report.error,
            extra={"fields": {"feed": report.name, "next": report.outcome}},
        )  # fmt: skip
    elif report.new:
        log.info(
            "feed polled",
            extra={"fields": {"feed": report.name, "new": report.new, "handled": report.pending}},
        )
    else:
        log.debug("feed polled", extra={"fields": {"feed": report.name, "was": report.outcome}})
