"""Decides which other form of a page to read when the page gave a stub; pure.

The caller fetches. Only links that the page itself gives are ever tried, on the site of the page,
and never to get round a page that says it is not free to read.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from monitor.articles.quality import count_words
from monitor.articles.reading import Alternate, ReadPage, Way
from monitor.model import Quality
from monitor.text.urls import canonical_url, host

_ORDER: Final = (Way.AMP, Way.PRINT)
_MOST_TRIES: Final = 2
_CLEARLY_MORE: Final = 1.3


@dataclass(frozen=True, slots=True)
class Try:
    """One more page to fetch and read, and why, in plain words."""

    url: str
    way: Way
    reason: str


def next_try(page: ReadPage, url: str, tried: Collection[str]) -> Try | None:
    """What to read next for the article at ``url``; None if ``page`` is enough or nothing is left.

    ``tried`` holds the addresses fetched so far, ``url`` included; at most two more are proposed.
    """
    if page.quality not in (Quality.STUB, Quality.FAILED) or not page.free:
        return None
    seen = {canonical_url(one) for one in (url, *tried)}
    if len(seen) > _MOST_TRIES:
        return None
    for way in _ORDER:
        for alternate in page.alternates:
            if alternate.way is way and _is_fair(alternate, url, seen):
                reason = f"the page links its {way.value} form, and gave {page.reason}"
                return Try(alternate.url, way, reason)
    return None


def better(first: ReadPage, second: ReadPage) -> ReadPage:
    """The page with more of the article: a full text before a stub, then clearly more words."""
    if (first.quality is Quality.OK) != (second.quality is Quality.OK):
        return first if first.quality is Quality.OK else second
    more = count_words(second.text) > _CLEARLY_MORE * count_words(first.text)
    return second if more else first


def _is_fair(alternate: Alternate, url: str, seen: set[str]) -> bool:
    return canonical_url(alternate.url) not in seen and _site(alternate.url) == _site(url)


def _site(url: str) -> str:
    """``amp.example.co.uk`` and ``www.example.co.uk`` are one site; a rough rule is enough here."""
    labels = host(url).split(".")
    short = len(labels) >= 3 and len(labels[-2]) <= 3 and len(labels[-1]) <= 3
    return ".".join(labels[-3:] if short else labels[-2:])
