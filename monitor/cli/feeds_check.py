"""``feeds check``: fetches each feed now and says in plain words what state it is in.

Layer 5. Stores nothing. A server that asked to be left alone is left alone.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from monitor.cli.feeds_add import rounded
from monitor.cli.feeds_asking import Asking, address_of, asking, written_feeds
from monitor.cli.feeds_write import read, save, with_addresses
from monitor.cli.output import clean_line, complain, count, emit, iso, say
from monitor.cli.reading import in_order
from monitor.cli.user import config_path, guess, json_option, settings_of
from monitor.config.settings import Settings
from monitor.errors import MonitorError, UsageError
from monitor.feeds.discover_links import Way, links_in
from monitor.feeds.discover_verdict import Earlier, State, Verdict, of_feed, of_no_feed, of_result
from monitor.feeds.opml import escaped, refers
from monitor.feeds.parse import SitemapsListed
from monitor.feeds.sitemap_index import follow
from monitor.model import Feed, FeedState, Fetched, ParsedFeed
from monitor.store import FILE_NAME, open_store
from monitor.text.urls import canonical_url, origin

_NAMED: Final = (Way.LINK, Way.ANCHOR)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of asking one feed: a verdict, or a feed still to be compared with the others."""

    verdict: Verdict | None
    fetched: Fetched | None = None
    parsed: ParsedFeed | None = None


@click.command("check")
@click.argument("names", nargs=-1, metavar="[NAME|URL]…")
@click.option("--fix", "mend", is_flag=True, help="Write the new address of feeds that moved.")
@json_option
@click.pass_context
def check(context: click.Context, names: tuple[str, ...], mend: bool, as_json: bool) -> int:
    """Fetch each feed now (or those named) and say what state it is in.

    Exit 1 if a feed needs a person.
    """
    _, is_shipped = config_path(context)
    settings, path = settings_of(context)
    if mend and is_shipped:
        raise UsageError("there is no config.yaml here to mend. Name yours with --config")
    states = _states(settings)
    feeds = _named(settings.feeds, names, states)
    verdicts = asyncio.run(_check(settings, feeds, states, as_json=as_json, by_name=bool(names)))
    trouble = sum(not verdict.fine for _, verdict in verdicts)
    if mend:
        trouble -= _mend(path, verdicts)
    if not as_json:
        say(f"{count(len(feeds), 'feed')}, {trouble} with something to look at")
    return 1 if trouble else 0


def _states(settings: Settings) -> dict[str, FeedState]:
    if not (settings.data / FILE_NAME).exists():
        return {}
    store = open_store(settings.data, read_only=True)
    try:
        return {state.url: state for state in store.all_feed_states()}
    finally:
        store.close()


def _named(
    feeds: Sequence[Feed], names: Sequence[str], states: dict[str, FeedState]
) -> Sequence[Feed]:
    """The feeds of these names or addresses; all where none are given. Raises UsageError."""
    if not names:
        return feeds
    chosen: list[Feed] = []
    for name in names:
        found = [feed for feed in feeds if _answers_to(feed, name, states)]
        if not found:
            known = [_name(feed, states) for feed in feeds]
            hint = guess(name, known, "See: news-monitor feeds list")
            raise UsageError(f"no feed in config.yaml is called '{name}'. {hint}")
        chosen.extend(feed for feed in found if feed not in chosen)
    return chosen


def _answers_to(feed: Feed, name: str, states: dict[str, FeedState]) -> bool:
    if name in (feed.url, feed.name) or name.casefold() == _name(feed, states).casefold():
        return True
    return bool(canonical_url(name)) and canonical_url(name) == canonical_url(feed.url)


def _name(feed: Feed, states: dict[str, FeedState]) -> str:
    state = states.get(feed.url)
    return feed.name or (state.title if state else None) or feed.url


async def _check(
    settings: Settings,
    feeds: Sequence[Feed],
    states: dict[str, FeedState],
    *,
    as_json: bool,
    by_name: bool,
) -> list[tuple[Feed, Verdict]]:
    now = datetime.now(UTC)
    by_url = {feed.url: feed for feed in feeds}
    verdicts: list[tuple[Feed, Verdict]] = []
    earlier: list[Earlier] = []
    async with asking(settings, processes=min(2, len(feeds)) or 1) as ask:

        async def one(url: str) -> _Answer:
            feed, state = by_url[url], states.get(url)
            if not feed.enabled and not by_name:
                return _Answer(Verdict(State.DISABLED, "disabled, not asked"))
            if state is not None and state.not_before is not None and state.not_before > now:
                until = f"{state.not_before:%Y-%m-%d %H:%M} UTC"
                message = f"not asked: the server wants to be left alone until {until}"
                return _Answer(Verdict(State.WAITING, message))
            return await _ask(ask, feed, now)

        async for url, answer in in_order(list(by_url), one):
            feed, verdict = by_url[url], answer.verdict
            if verdict is None and answer.fetched is not None and answer.parsed is not None:
                verdict = of_feed(answer.fetched, answer.parsed, earlier, now)
                earlier.append(Earlier(_name(feed, states), answer.fetched.final_url, verdict.keys))
            assert verdict is not None
            verdicts.append((feed, verdict))
            _tell(feed, _name(feed, states), verdict, answer.parsed, as_json=as_json)
    return verdicts


async def _ask(ask: Asking, feed: Feed, now: datetime) -> _Answer:
    result = await ask.feed(feed)
    verdict = of_result(result)
    if verdict is not None or not isinstance(result, Fetched):
        return _Answer(verdict)
    try:
        parsed = await _parsed(ask, feed, result, now)
    except MonitorError as error:
        page = links_in(result.body, result.final_url, result.content_type)
        leads = [lead.url for lead in page.leads if lead.way in _NAMED]
        return _Answer(of_no_feed(result, str(error), leads))
    return _Answer(None, result, parsed)


async def _parsed(ask: Asking, feed: Feed, result: Fetched, now: datetime) -> ParsedFeed:
    """The feed, an index of sitemaps followed where that is wanted. Raises MonitorError."""
    try:
        return await ask.parse(result.body, result.final_url, result.content_type)
    except SitemapsListed as found:
        if not feed.sitemap:
            raise
        followed = await follow(feed, found.index, ask.sitemap, last_success_at=None, now=now)
        return followed.feed


def _tell(
    feed: Feed, name: str, verdict: Verdict, parsed: ParsedFeed | None, *, as_json: bool
) -> None:
    if not as_json:
        mark = "  " if verdict.fine else "! "
        say(clean_line(f"{mark}{name}: {verdict.state.value}: {verdict.message}"))
        return
    emit(
        {
            "url": feed.url, "name": feed.name, "state": verdict.state.value,
            "fine": verdict.fine, "message": verdict.message, "suggestion": verdict.suggestion,
            "entries": verdict.entries, "newest": iso(verdict.rhythm.newest),
            "per_day": rounded(verdict.rhythm.per_day),
            "warnings": list(parsed.warnings) if parsed else [],
        }
    )  # fmt: skip


def _mend(path: Path, verdicts: Sequence[tuple[Feed, Verdict]]) -> int:
    """Write new addresses into config.yaml; how many were written.

    Not for a feed with headers or a password that moved to another origin: who is there now must
    not get them unseen.
    """
    written = {address_of(item) for item in written_feeds(path).items}
    changes: dict[str, str] = {}
    for feed, verdict in verdicts:
        new = verdict.suggestion
        if verdict.state is not State.MOVED or new is None or not verdict.entries:
            continue
        if (feed.headers or feed.username) and origin(new) != origin(feed.url):
            complain(clean_line(f"{feed.url}: not mended: it has credentials and moved to {new}"))
        elif feed.url not in written or refers(feed.url):
            complain(clean_line(f"{feed.url}: not mended: its address is made of variables"))
        elif canonical_url(new) in {canonical_url(url) for url in written if url != feed.url}:
            complain(clean_line(f"{feed.url}: not mended: {new} is in config.yaml already"))
        else:
            changes[feed.url] = escaped(new)
    if changes:
        before, text = read(path)
        backup = save(path, before, with_addresses(text, changes))
        complain(f"{path}: {len(changes)} mended; the file as it was: {backup.name}")
    return len(changes)
