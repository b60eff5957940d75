"""An entry's page: fetched politely, read in a worker, and where it is a stub, its other forms.

Layer 4. Why there is no page is a sentence for people; the alert does not depend on it.
"""

from dataclasses import dataclass, replace
from typing import Final

from monitor.articles.reading import ReadPage
from monitor.articles.site_rules import SiteRules
from monitor.articles.ways_on import better, next_try
from monitor.model import Feed, FetchFailed, FetchProblem
from monitor.pipeline.asking import ask_page
from monitor.pipeline.tools import Tools
from monitor.workers import WorkerFailed

_MAY_COME_BACK: Final = (
    FetchProblem.TIMEOUT,
    FetchProblem.CONNECT,
    FetchProblem.DNS,
    FetchProblem.RATE_LIMITED,
)


@dataclass(frozen=True, slots=True)
class Page:
    """The page of an entry, or why there is none; ``url`` is where redirects ended.

    ``retry``: it may come back within a minute.
    """

    read: ReadPage | None
    why_not: str | None
    url: str | None = None
    retry: bool = False


async def page_of(tools: Tools, link: str | None, feed: Feed | None) -> Page:
    """The page at ``link``; ``feed`` says how its site is to be read."""
    if link is None:
        return Page(None, "the feed names no page")
    rules = SiteRules(feed.include, feed.remove) if feed is not None else SiteRules()
    page = await _one(tools, link, rules)
    tried = [link]
    while page.read is not None and (more := next_try(page.read, page.url or link, tried)):
        tried.append(more.url)
        other = await _one(tools, more.url, rules)
        if other.read is None:
            continue
        best = better(page.read, other.read)
        if best is other.read:
            # the address stays the page's own: the other form is where its words stand
            reason = f"{best.reason}; {more.reason}"
            page = replace(page, read=replace(best, reason=reason))
    return page


async def _one(tools: Tools, link: str, rules: SiteRules) -> Page:
    fetched = await ask_page(tools, link)
    if isinstance(fetched, FetchFailed):
        server_error = fetched.status is not None and fetched.status >= 500
        retry = fetched.problem in _MAY_COME_BACK or server_error
        return Page(None, fetched.message, retry=retry)
    try:
        read = await tools.workers.extract(
            fetched.body, fetched.final_url, fetched.content_type, rules
        )
    except WorkerFailed as error:
        return Page(None, f"reading the page {error}", fetched.final_url)
    return Page(read, None, fetched.final_url)
