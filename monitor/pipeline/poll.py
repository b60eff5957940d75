"""One poll of one feed: fetch, parse, and store what it taught in one transaction.

Layer 4. A body that did not change is not parsed; entries known already are not handled again.
"""

import logging
import time
from dataclasses import dataclass, replace
from hashlib import sha256

from monitor.feeds.baseline import first_poll
from monitor.feeds.fetch import fetch_feed
from monitor.feeds.parse import NotAFeed
from monitor.feeds.polling import Policy, after_parse_failure, after_poll
from monitor.model import (
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    FetchProblem,
    FetchResult,
    NotModified,
    ParsedFeed,
)
from monitor.pipeline.tools import Tools
from monitor.store import EntryStatus, NewEntry, Poll, entry_key
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
    unreachable: bool = False  # nothing answered: perhaps our own network


async def poll_feed(tools: Tools, feed: Feed, state: FeedState) -> PollReport:
    """Poll ``feed`` when its host's turn comes; never raises for anything the network does.

    Raises:
        StoreError: the result could not be stored; nothing of it was.
    """
    polling = tools.live.settings.polling
    async with tools.gate.turn(feed.url), tools.slots:
        result = await fetch_feed(
            tools.outbound.client, feed, state, max_bytes=polling.max_bytes, timeout=polling.timeout
        )
    _respect(tools, feed, result)
    report = await _settle(tools, feed, state, result)
    _tell(report)
    return report


async def _settle(tools: Tools, feed: Feed, state: FeedState, result: FetchResult) -> PollReport:
    policy = _policy(tools)
    if not isinstance(result, Fetched):
        return await _without_body(tools, feed, state, result, policy)
    digest = sha256(result.body).hexdigest()
    if digest == state.body_sha256:
        return await _store(tools, feed, state, result, None, "same content", policy)
    try:
        parsed = await tools.workers.parse(result.body, result.final_url, result.content_type)
    except (NotAFeed, WorkerFailed) as error:
        after, why = after_parse_failure(
            feed, state, result, str(error), policy=policy, now=tools.now(), jitter=tools.jitter()
        )
        await tools.recorder.record(Poll(after))
        return PollReport(feed.url, _name(feed, state), why, error=str(error))
    read = replace(state, body_sha256=digest, title=parsed.title or state.title)
    return await _store(tools, feed, read, result, parsed, "read", policy)


async def _without_body(
    tools: Tools,
    feed: Feed,
    state: FeedState,
    result: NotModified | FetchFailed,
    policy: Policy,
) -> PollReport:
    if isinstance(result, NotModified):
        return await _store(tools, feed, state, result, None, "not modified", policy)
    after, why = after_poll(
        feed, state, result, new_entries=0, ttl=None, policy=policy, now=tools.now(),
        jitter=tools.jitter(),
    )  # fmt: skip
    await tools.recorder.record(Poll(after))
    unreachable = result.problem in (FetchProblem.DNS, FetchProblem.CONNECT)
    return PollReport(
        feed.url, _name(feed, state), why, error=result.message, unreachable=unreachable
    )


async def _store(
    tools: Tools,
    feed: Feed,
    state: FeedState,
    result: Fetched | NotModified,
    parsed: ParsedFeed | None,
    outcome: str,
    policy: Policy,
) -> PollReport:
    """Work out the new entries and the next time, and store both at once."""
    now = tools.now()
    new = await _new_entries(tools, feed, state, parsed) if parsed is not None else []
    fresh = 0 if state.baseline_at is None else len(new)  # a baseline says nothing of the rhythm
    after, why = after_poll(
        feed, state, result, new_entries=fresh, ttl=parsed.ttl if parsed else None,
        policy=policy, now=now, jitter=tools.jitter(),
    )  # fmt: skip
    if parsed is not None and after.baseline_at is None:
        after = replace(after, baseline_at=now)
    stored = await tools.recorder.record(Poll(after, new))
    for warning in parsed.warnings if parsed else ():
        log.debug("feed warning", extra={"fields": {"feed": feed.url, "warning": warning}})
    pending = sum(item.status is EntryStatus.PENDING for item in new)
    return PollReport(
        feed.url, _name(feed, after), f"{outcome}; {why}", new=stored, pending=min(pending, stored)
    )


async def _new_entries(
    tools: Tools, feed: Feed, state: FeedState, parsed: ParsedFeed
) -> list[NewEntry]:
    keys = {entry_key(entry.id): entry for entry in parsed.entries}
    known = await tools.thread.call(tools.store.known_keys, feed.url, list(keys))
    entries = [entry for key, entry in keys.items() if key not in known]
    if state.baseline_at is not None:
        return [NewEntry(entry) for entry in entries]
    backfill = tools.live.settings.polling.backfill
    choices = first_poll(entries, count=backfill.count, age=backfill.age, now=tools.now())
    return [
        NewEntry(
            choice.entry,
            EntryStatus.PENDING if choice.handled else EntryStatus.BASELINE,
            choice.reason,
        )
        for choice in choices
    ]


def _respect(tools: Tools, feed: Feed, result: FetchResult) -> None:
    """A host that said "too often" is left alone by all its feeds and pages for that time."""
    if isinstance(result, FetchFailed) and result.problem is FetchProblem.RATE_LIMITED:
        wait = result.freshness.retry_after
        if wait is not None and result.status == 429:
            tools.gate.hold(feed.url, time.monotonic() + wait)  # the gate's own clock


def _policy(tools: Tools) -> Policy:
    polling = tools.live.settings.polling
    return Policy(min=polling.min, max=polling.max, every=polling.every)


def _name(feed: Feed, state: FeedState) -> str:
    return feed.name or state.title or feed.url.partition("?")[0]


def _tell(report: PollReport) -> None:
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
