"""What a feed's body brought: parsed as little as will do, and told apart from what is known.

Layer 4. A plain feed is scanned here, in well under a millisecond, and only entries with an unknown
id are read; everything else goes to a worker that can be killed. What looks like a known entry
under another name is judged on the whole document.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial

from monitor.feeds import delta, quick
from monitor.feeds.hints import Links, with_links
from monitor.feeds.identity import Judged, entry_key, judge, name_entries
from monitor.feeds.parse import SitemapsListed
from monitor.feeds.sitemap_follow import without_old
from monitor.feeds.sitemap_index import Followed, follow
from monitor.model import Entry, Feed, FeedState, Fetched, ParsedFeed
from monitor.pipeline.sitemaps import read_sitemap
from monitor.pipeline.tools import Tools


@dataclass(frozen=True, slots=True)
class Brought:
    """``feed``: the document, perhaps without the entries known by their id; ``shown``: how many
    entries it has with them; ``judged``: which are new. ``settled``: the same bytes again will
    bring nothing new. ``split``: its items, all of them known from now on; None where that is not
    sure."""

    feed: ParsedFeed
    shown: int
    judged: Judged
    settled: bool = True
    split: delta.Split | None = None


async def read_feed(tools: Tools, feed: Feed, state: FeedState, result: Fetched) -> Brought:
    """Parse a body that is not the one parsed last, and judge its entries.

    Raises:
        NotAFeed: it is something else.
        WorkerFailed: it took too long, needed too much memory, or its process died.
        StoreError: what is known could not be read.
    """
    split = delta.split(result.body, result.final_url)
    scanned = _scanned(tools, state, result, split)
    if isinstance(scanned, quick.Scan):
        quickly = await _read_new(tools, feed, state, scanned, result.links)
        if quickly is not None and not quickly.judged.renamed:
            sure = split is not None and delta.is_sure(split, scanned)
            return replace(quickly, split=split) if sure else quickly
    followed = await _parsed(tools, feed, state, result)
    parsed = without_old(with_links(followed.feed, result.links), state.last_success_at)
    shown = len(followed.feed.entries)
    judged = await _judged(tools, feed, state, parsed.entries, shown)
    return Brought(parsed, shown, judged, followed.settled)


def _scanned(
    tools: Tools, state: FeedState, result: Fetched, split: delta.Split | None
) -> quick.Scan | quick.Doubt:
    """The document told apart, without what stood in the one read last where that is sure."""
    scan = partial(tools.workers.scan, url=result.final_url, content_type=result.content_type)
    rest = None
    if split is not None and state.baseline_at is not None:
        rest = delta.rest_of(result.body, split, state.body_sha256)
    if rest is not None:
        scanned = scan(rest.body)
        if isinstance(scanned, quick.Scan) and delta.is_whole(rest, scanned):
            return scanned
    whole = scan(result.body)
    if isinstance(whole, quick.Scan) and whole.left_out:
        return quick.Doubt("a marker of ours")
    return whole


async def _parsed(tools: Tools, feed: Feed, state: FeedState, result: Fetched) -> Followed:
    """The document as a worker reads it; of an index, the sitemaps, where that is wanted."""
    try:
        parsed = await tools.workers.parse(result.body, result.final_url, result.content_type)
    except SitemapsListed as listed:
        if not feed.sitemap:
            raise
        return await follow(
            feed, listed.index, partial(read_sitemap, tools),
            last_success_at=state.last_success_at, now=tools.now(),
        )  # fmt: skip
    return Followed(parsed, settled=True)


async def _read_new(
    tools: Tools, feed: Feed, state: FeedState, scanned: quick.Scan, links: Links
) -> Brought | None:
    """The entries with unknown ids, read; None where that is doubtful."""
    by_name = {entry_key(key): key for key in scanned.keys}
    names = await _known(tools, feed, state, by_name)
    known = {by_name[name] for name in names}
    backfill = tools.live.settings.polling.backfill
    # what stands in a feed at its first poll is only to be known again, unless the user wants some
    bare = state.baseline_at is None and not backfill.count and backfill.age is None
    read = scanned.read(now=tools.now(), known=known.__contains__, bare=bare)
    if isinstance(read, quick.Doubt):
        return None
    shown = scanned.left_out + len(scanned.keys)
    judged = await _judged(tools, feed, state, read.entries, shown)
    return Brought(with_links(read, links), shown, judged)


async def _judged(
    tools: Tools, feed: Feed, state: FeedState, entries: tuple[Entry, ...], shown: int
) -> Judged:
    named = name_entries(entries)
    names = {name for each in named for name in each.names.all}
    known = await _known(tools, feed, state, names)
    return judge(named, known, state.last_success_at, tools.now(), shown)


async def _known(tools: Tools, feed: Feed, state: FeedState, names: Collection[int]) -> set[int]:
    """Which of ``names`` the feed had; a feed without a baseline has had none."""
    if state.baseline_at is None or not names:
        return set()
    return await tools.thread.call(tools.store.known_names, feed.url, names)
