"""``feeds``: list the configured feeds with their health, parse a document, and more.

Layer 5.
"""

import asyncio
from datetime import UTC, datetime

import click

from monitor.cli.feeds_add import add
from monitor.cli.feeds_check import check
from monitor.cli.feeds_lists import export, import_feeds
from monitor.cli.output import clean_line, complain, count, emit, iso, say, table
from monitor.cli.reading import Reader, Unreadable, in_order, reader
from monitor.cli.user import ListsByDefault, json_option, settings_of
from monitor.feeds.parse import NotAFeed, as_json
from monitor.model import Feed, FeedState, ParsedFeed
from monitor.secret import redact
from monitor.store import FILE_NAME, open_store
from monitor.websub.course import is_active
from monitor.websub.subscription import Mode, Subscription
from monitor.workers import WorkerFailed


@click.group("feeds", cls=ListsByDefault)
def command() -> None:
    """List, find, check, import and export feeds, or parse one."""


for _each in (add, check, import_feeds, export):
    command.add_command(_each)


@command.command("list")
@json_option
@click.pass_context
def list_feeds(context: click.Context, as_json: bool) -> int:
    """List the feeds with their health, last poll and next poll."""
    settings, _ = settings_of(context)
    states: dict[str, FeedState] = {}
    hubs: dict[str, Subscription] = {}
    if (settings.data / FILE_NAME).exists():
        store = open_store(settings.data, read_only=True)
        states = {state.url: state for state in store.all_feed_states()}
        known = store.subscriptions()
        hubs = {one.feed_url: one for one in known if one.wanted is Mode.SUBSCRIBE}
        store.close()
    found = [(feed, states.get(feed.url, FeedState(feed.url))) for feed in settings.feeds]
    now = datetime.now(UTC)
    if as_json:
        for feed, state in found:
            emit({**_document(feed, state), "websub": _websub(hubs.get(feed.url), now)})
        return 0
    rows = [
        (feed.name or state.title or redact(feed.url),
         health(feed, state) + _pushed(hubs.get(feed.url), now), _ago(state.last_polled_at, now),
         _ahead(state.next_poll_at, now) if feed.enabled else "", state.last_error or "")
        for feed, state in found
    ]  # fmt: skip
    if rows:
        trouble = sum(feed.enabled and state.failures > 0 for feed, state in found)
        say(f"{count(len(rows), 'feed')}, {trouble} failing")
        table(("feed", "health", "polled", "next", "last error"), rows)
    else:
        say("no feeds in config.yaml")
    return 0


def health(feed: Feed, state: FeedState) -> str:
    """One word for a feed's health."""
    if not feed.enabled:
        return "disabled"
    if state.last_polled_at is None:
        return "new"
    if state.failures:
        return f"failing ({state.failures}×)"
    return "ok" if state.last_error is None else "waiting"


def _document(feed: Feed, state: FeedState) -> dict[str, object]:
    return {
        "url": redact(feed.url), "name": feed.name or state.title, "enabled": feed.enabled,
        "health": health(feed, state), "last_polled_at": iso(state.last_polled_at),
        "last_success_at": iso(state.last_success_at), "next_poll_at": iso(state.next_poll_at),
        "interval": state.interval, "failures": state.failures, "last_error": state.last_error,
        "tags": list(feed.tags), "language": feed.language, "tier": feed.tier,
    }  # fmt: skip


def _pushed(hub: Subscription | None, now: datetime) -> str:
    return ", pushed by hub" if hub is not None and is_active(hub, now) else ""


def _websub(hub: Subscription | None, now: datetime) -> dict[str, object] | None:
    """What was agreed with the feed's hub; None: nothing."""
    if hub is None:
        return None
    return {
        "hub": hub.hub, "active": is_active(hub, now), "lease_until": iso(hub.lease_until),
        "pinged_at": iso(hub.pinged_at), "last_error": hub.last_error,
    }  # fmt: skip


def _ago(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else f"{_span(now, moment)} ago"


def _ahead(moment: datetime | None, now: datetime) -> str:
    return "now" if moment is None or moment <= now else f"in {_span(moment, now)}"


def _span(later: datetime, earlier: datetime) -> str:
    seconds = max(0.0, (later - earlier).total_seconds())
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 172_800 else f"{seconds / 86_400:.0f} days"


@command.command("parse")
@json_option
@click.argument("sources", nargs=-1, required=True, metavar="FILE|URL…")
@click.pass_context
def parse(context: click.Context, as_json: bool, sources: tuple[str, ...]) -> int:
    """Print the entries of feed documents as the program reads them."""
    return asyncio.run(_parse_all(context, sources, as_json))


async def _parse_all(context: click.Context, sources: tuple[str, ...], json_wanted: bool) -> int:
    async with reader(context) as source_reader:
        worst = 2 if source_reader.wrong else 0
        each = in_order(sources, lambda source: _parse(source_reader, source))
        async for source, (code, feed) in each:
            worst = max(worst, code)
            if code:  # told here, so that it stands in the order of the sources
                complain(clean_line(f"{source}: {feed.warnings[0]}"))
            if json_wanted:
                emit(as_json(source, feed))
            elif not code:
                _show(source, feed)
    return worst


async def _parse(source_reader: Reader, source: str) -> tuple[int, ParsedFeed]:
    try:
        content = await source_reader.feed(source)
        parsed = await source_reader.workers.parse(content.body, content.url, content.content_type)
    except Unreadable as error:
        return (2 if error.is_file else 1), _nothing(str(error))
    except (NotAFeed, WorkerFailed) as error:
        return 1, _nothing(str(error))
    return 0, parsed


def _nothing(why: str) -> ParsedFeed:
    return ParsedFeed("unknown", "", None, (), warnings=(why,))


def _show(source: str, feed: ParsedFeed) -> None:
    entries = count(len(feed.entries), "entry", "entries")
    say(clean_line(f"{feed.title or source} ({feed.format}, {entries})"))
    for warning in feed.warnings:
        say(clean_line(f"  warning: {warning}"))
    for entry in feed.entries:
        moment = iso(entry.published or entry.updated) or "no time"
        say(f"  {moment:<20}  {clean_line(entry.title) or '(no title)'}")
        if entry.link:
            say(clean_line(f"{'':24}{entry.link}"))
