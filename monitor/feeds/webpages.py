"""Says what a body is that is no feed, and which feeds a web page announces; pure and linear."""

import re
from typing import Final

from monitor.feeds.discover_links import Way, links_in

_SEARCHED: Final = 200_000  # bytes
_MOST_FEEDS: Final = 10
_PAGE: Final = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|div|form)\b", re.IGNORECASE
)
_PASSWORD: Final = re.compile(rb"""type\s{0,3}=\s{0,3}["']?password""", re.IGNORECASE)
_CHALLENGE: Final = re.compile(
    rb"cf-chl|challenge-platform|captcha|just a moment\.\.\.|attention required", re.IGNORECASE
)


def what_it_is(body: bytes, url: str = "") -> tuple[str, tuple[str, ...]]:
    """A sentence for people about ``body`` from ``url``, and the feeds that it names, absolute."""
    start = body[:_SEARCHED].replace(b"\0", b"")  # UTF-16 becomes readable
    if start.startswith(b"%PDF"):
        return "a PDF, not a feed", ()
    if b"<opml" in start[:2000].lower():
        return "a list of feeds (OPML), not a feed", ()
    if not _PAGE.search(start[:20_000]):
        return "not a feed: no rss, feed or rdf element", ()
    leads = links_in(body[:_SEARCHED], url, None).leads
    feeds = tuple(lead.url for lead in leads if lead.way is Way.LINK)[:_MOST_FEEDS]
    if _PASSWORD.search(start):
        what = "a login page, not a feed"
    elif _CHALLENGE.search(start) and not feeds:
        what = "a page that asks for proof of a human visitor, not a feed"
    else:
        what = "a web page, not a feed"
    return (f"{what}; it names {_listed(feeds)}" if feeds else what), feeds


def _listed(feeds: tuple[str, ...]) -> str:
    more = len(feeds) - 3
    shown = ", ".join(feeds[:3]) + (f" and {more} more" if more > 0 else "")
    return f"this feed: {shown}" if len(feeds) == 1 else f"these feeds: {shown}"
