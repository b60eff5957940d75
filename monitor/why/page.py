"""A page fetched and read now, through the program's own way out and its killable workers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from monitor.config.settings import Articles, Polling
from monitor.feeds.fetch import fetch_page
from monitor.model import Extracted, FetchFailed, FetchProblem
from monitor.net.outbound import Outbound
from monitor.workers import WorkerFailed, Workers


@dataclass(frozen=True, slots=True)
class PageRead:
    """What a page gave. ``extracted`` None: nothing, for ``why_not``.

    ``problem`` and ``status`` say how the fetch failed; both None where the reader failed.
    """

    url: str  # where redirects ended
    extracted: Extracted | None
    why_not: str = ""
    problem: FetchProblem | None = None
    status: int | None = None


ReadPage = Callable[[str], Awaitable[PageRead]]


def page_reader(
    outbound: Outbound, workers: Workers, articles: Articles, polling: Polling
) -> ReadPage:
    """A function that fetches and reads one page; it never raises for anything the network does."""

    async def read(url: str) -> PageRead:
        fetched = await fetch_page(
            outbound.client, url, max_bytes=articles.max_bytes, timeout=polling.timeout
        )
        if isinstance(fetched, FetchFailed):
            return PageRead(url, None, fetched.message, fetched.problem, fetched.status)
        try:
            extracted = await workers.extract(fetched.body, fetched.final_url, fetched.content_type)
        except WorkerFailed as error:
            return PageRead(fetched.final_url, None, f"reading the page {error}")
        return PageRead(fetched.final_url, extracted)

    return read
