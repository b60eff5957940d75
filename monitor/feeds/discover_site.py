"""Finds the feeds of a site by asking it, politely and not for long.

Layer 3. How to ask and how to parse are the caller's (the guarded way out, a killable worker), so
that every request takes the same way as all others. What is asked is decided in
``discover_plan``; nothing is reported that was not fetched and parsed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, TypeAlias

from monitor.errors import MonitorError
from monitor.feeds.discover_links import Lead, Way, links_in, same_site, sitemaps_in, sitemaps_of
from monitor.feeds.discover_plan import (
    MOST_REQUESTS,
    Plan,
    begin,
    listed,
    moved_to,
    next_lead,
    proven,
    untried,
    with_leads,
)
from monitor.feeds.discover_rhythm import Rhythm, rhythm
from monitor.feeds.parse import SitemapsListed
from monitor.feeds.sitemap import FORMATS
from monitor.model import Entry, Fetched, FetchFailed, FetchProblem, FetchResult, ParsedFeed
from monitor.net.urls import vet_url, without_query
from monitor.text.urls import canonical_url

DEADLINE: Final = 90.0  # seconds for a whole site
MOST_SAMPLES: Final = 3  # newest entries that are kept to be shown
_NEVER: Final = datetime.min.replace(tzinfo=UTC)

Ask: TypeAlias = Callable[[str], Awaitable[FetchResult]]
Parse: TypeAlias = Callable[[bytes, str, str | None], Awaitable[ParsedFeed]]

# where one address fails like this, all others of the host will
_HOPELESS: Final = frozenset(
    (FetchProblem.DNS, FetchProblem.CONNECT, FetchProblem.REFUSED_ADDRESS, FetchProblem.TLS,
     FetchProblem.BAD_URL, FetchProblem.RATE_LIMITED)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was fetched and parsed. ``url`` is what belongs into config.yaml."""

    url: str
    way: Way
    title: str
    format: str
    entries: int
    rhythm: Rhythm
    language: str | None  # the feed's, else the page's
    says_language: bool  # the feed says it itself
    samples: tuple[tuple[datetime | None, str], ...]  # the newest titles
    also: tuple[str, ...] = ()  # addresses with the same entries in another format
    reached: str = ""  # after redirects
    keys: frozenset[str] = frozenset()  # of the entries, to tell twins

    @property
    def is_sitemap(self) -> bool:
        """Whether config.yaml has it as ``sitemap:``."""
        return self.format in FORMATS


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a site gave. ``told``: sentences; ``untried``: feeds named and not asked."""

    site: str
    feeds: tuple[FoundFeed, ...]
    requests: int
    told: tuple[str, ...] = ()
    untried: tuple[str, ...] = ()


@dataclass(slots=True)
class _Hunt:
    """One site being asked."""

    plan: Plan
    ask: Ask
    parse: Parse
    now: datetime
    feeds: list[FoundFeed] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    language: str | None = None

    async def run(self) -> None:
        while (step := next_lead(self.plan, found=bool(self.feeds))) is not None:
            lead, self.plan = step
            result = await self.ask(lead.url)
            if isinstance(result, Fetched):
                await self._read(lead, result)
                if lead.way is Way.GIVEN and self.feeds:
                    return  # the address is a feed itself
            elif isinstance(result, FetchFailed) and self._ends(lead, result):
                return

    def _ends(self, lead: Lead, failed: FetchFailed) -> bool:
        """Whether a failure leaves nothing to hope for; what matters of it is told."""
        if lead.way in (Way.GIVEN, Way.LINK):
            self.told.append(f"{lead.url}: {failed.message}")
        hopeless = failed.problem in _HOPELESS or failed.problem is FetchProblem.TIMEOUT
        return hopeless and (lead.way is Way.GIVEN or same_site(lead.url, self.plan.site))

    async def _read(self, lead: Lead, result: Fetched) -> None:
        if lead.way is Way.GIVEN:
            self.plan = moved_to(self.plan, result.final_url)
        if lead.way is Way.ROBOTS:
            self.plan = with_leads(self.plan, sitemaps_in(result.body, result.final_url))
            return
        try:
            parsed = await self.parse(result.body, result.final_url, result.content_type)
        except SitemapsListed as found:
            if lead.index is None:  # an index of indexes goes too far
                sitemaps = sitemaps_of(lead, found.feeds)
                self.plan = listed(self.plan, lead, sitemaps)
            return
        except MonitorError as error:
            self._no_feed(lead, result, str(error))
            return
        if lead.index is not None:
            self.plan = proven(self.plan, lead.index)
        self._keep(_found(lead, result, parsed, self.language, self.now))

    def _no_feed(self, lead: Lead, result: Fetched, why: str) -> None:
        """A page: what it points at counts, if it is the site's own and stands where it should."""
        if lead.way is Way.LINK:
            self.told.append(f"{lead.url}: {why}")
        if lead.way in (Way.USUAL, Way.SITEMAP) or not same_site(result.final_url, self.plan.site):
            return
        page = links_in(result.body, result.final_url, result.content_type)
        if lead.way is Way.GIVEN:
            self.language = page.language
        self.plan = with_leads(self.plan, page.leads, from_list=lead.way is not Way.GIVEN)

    def _keep(self, new: FoundFeed) -> None:
        for at, known in enumerate(self.feeds):
            if canonical_url(known.reached) == canonical_url(new.reached):
                return
            if _twins(known, new):
                self.feeds[at] = replace(known, also=(*known.also, new.url))
                return
        self.feeds.append(new)


async def discover(
    site: str, ask: Ask, parse: Parse, *, now: datetime, deadline: float = DEADLINE
) -> Discovery:
    """The feeds of ``site``: an address, or a bare host name (https is tried first, then http).

    At most ``MOST_REQUESTS`` requests and ``deadline`` seconds; what was found until then counts.
    """
    schemes = ("",) if "://" in site else ("https://", "http://")
    spent = 0
    for scheme in schemes:
        address = f"{scheme}{site.strip()}"
        try:
            address = vet_url(address)
        except ValueError as error:
            shown = without_query(address)  # a name or password must not be repeated
            return Discovery(shown, (), spent, (f"{shown}: {error}",))
        hunt = _Hunt(begin(address, MOST_REQUESTS - spent), ask, parse, now)
        try:
            async with asyncio.timeout(deadline):
                await hunt.run()
        except TimeoutError:
            hunt.told.append(f"{site}: stopped after {deadline:g} seconds")
        spent += len(hunt.plan.done)
        if hunt.feeds or len(hunt.plan.done) > 1:
            break  # the server speaks this scheme
    rest = tuple(lead.url for lead in untried(hunt.plan)) if hunt.feeds else ()
    return Discovery(hunt.plan.site, tuple(hunt.feeds), spent, tuple(hunt.told), rest)


def _found(
    lead: Lead, result: Fetched, parsed: ParsedFeed, page_language: str | None, now: datetime
) -> FoundFeed:
    newest = sorted(parsed.entries, key=lambda entry: _moment(entry) or _NEVER, reverse=True)
    return FoundFeed(
        url=lead.index.url if lead.index else result.moved_permanently_to or result.url,
        way=(lead.index or lead).way,
        title=parsed.title or lead.title,
        format=parsed.format,
        entries=len(parsed.entries),
        rhythm=rhythm(parsed.entries, now),
        language=parsed.language or page_language,
        says_language=parsed.language is not None,
        samples=tuple((_moment(each), each.title) for each in newest[:MOST_SAMPLES]),
        reached=result.final_url,
        keys=frozenset(canonical_url(e.link or "") or e.id for e in parsed.entries),
    )


def _moment(entry: Entry) -> datetime | None:
    return entry.published or entry.updated


def _twins(one: FoundFeed, other: FoundFeed) -> bool:
    """Whether two feeds hold the same entries, but for the length of their lists."""
    fewer = min(len(one.keys), len(other.keys))
    return (
        fewer >= 2
        and len(one.keys & other.keys) >= 0.9 * fewer
        and (max(len(one.keys), len(other.keys)) <= 2 * fewer)
    )
