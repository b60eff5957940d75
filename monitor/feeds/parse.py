"""Reads a feed: bytes in, ``ParsedFeed`` out; pure, run in a worker process.

RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, CDF through feedparser (which must only ever see a stream:
it would open bytes or text that look like a path or an address); JSON Feed in ``json_feed``.
Nothing in a feed is trusted: entries, lengths and links are bounded here.
"""

import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import feedparser

from monitor.errors import MonitorError
from monitor.feeds import json_feed
from monitor.feeds.dates import as_text, from_tuple
from monitor.feeds.source import Source, is_json, prepare
from monitor.model import Entry, ParsedFeed
from monitor.text.markup import has_markup, line_of, one_line, tidy
from monitor.text.urls import absolute_link, safe_link

MOST_ENTRIES: Final = 1000
MOST_ID: Final = 2000  # characters, as all below; an UTF-8 character has one to four bytes
MOST_TITLE: Final = 1000
MOST_SUMMARY: Final = 64_000
MOST_CONTENT: Final = 1_000_000
MOST_NAMES: Final = 20
MOST_NAME: Final = 200
_SHORTEST_TTL: Final = 60.0
_LONGEST_TTL: Final = 31 * 86_400.0
_PERIODS: Final = {
    "hourly": 3600.0,
    "daily": 86_400.0,
    "weekly": 604_800.0,
    "monthly": 2_592_000.0,
    "yearly": 31_536_000.0,
}
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_REST_OF_DOMAIN: Final = re.compile(r"[a-z]{1,20}(?:\s*\((?P<name>[^()]+))?")
_FORMATS: Final = {
    "rss": "rss",
    "rss090": "rss 0.90",
    "rss091n": "rss 0.91",
    "rss091u": "rss 0.91",
    "rss092": "rss 0.92",
    "rss093": "rss 0.93",
    "rss094": "rss 0.94",
    "rss10": "rss 1.0",
    "rss20": "rss 2.0",
    "atom": "atom",
    "atom01": "atom 0.1",
    "atom02": "atom 0.2",
    "atom03": "atom 0.3",
    "atom10": "atom 1.0",
    "cdf": "cdf",
}


class NotAFeed(MonitorError):  # noqa: N818  # says what is the case
    """The body is no feed: a web page, a login form, empty, or garbage."""


def parse_feed(
    body: bytes, url: str, content_type: str | None, *, now: datetime | None = None
) -> ParsedFeed:
    """The feed document ``body`` that came from ``url``.

    Works with a wrong or missing ``content_type``: what counts is the root element. One bad entry
    is left out with a warning. With ``now``, dates more than a day ahead of it get a warning.

    Raises:
        NotAFeed: no root element of a feed and no entries.
    """
    if not body.strip(b" \t\r\n\x00"):
        raise NotAFeed("the answer is empty")
    if is_json(body):
        parsed = json_feed.parse(body, url)
        if parsed is None:
            raise NotAFeed("JSON, but not a JSON Feed")
        return _bounded(parsed, (), now, 0)
    source = prepare(body, MOST_ENTRIES)
    if source is None:
        raise NotAFeed(_what_it_is(body))
    return _with_feedparser(source, url, content_type, now)


def as_json(source: str, feed: ParsedFeed) -> dict[str, Any]:
    """What ``feeds parse --json`` prints for ``feed`` read from ``source``."""
    return {
        "source": source,
        "format": feed.format,
        "title": feed.title,
        "link": feed.link,
        "language": feed.language,
        "ttl": feed.ttl,
        "entries": [
            {
                "id": entry.id,
                "link": entry.link,
                "title": entry.title,
                "summary": entry.summary,
                "content": entry.content,
                "authors": list(entry.authors),
                "published": as_text(entry.published),
                "updated": as_text(entry.updated),
                "tags": list(entry.tags),
                "language": entry.language,
            }
            for entry in feed.entries
        ],
        "warnings": list(feed.warnings),
    }


def _with_feedparser(
    source: Source, url: str, content_type: str | None, now: datetime | None
) -> ParsedFeed:
    found = _CHARSET.search(content_type or "")
    kind = source.kind + (f"; charset={found[1]}" if found else "")
    # Nothing is ever shown as HTML, so neither of the two costly steps is wanted.
    read = feedparser.parse(
        io.BytesIO(source.body),
        # No content-location: it would make addresses out of guids that are none.
        response_headers={"content-type": kind},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    warnings = _document_warnings(read, content_type)
    entries: list[Entry] = []
    atom = str(read.get("version", "")).startswith("atom")
    for number, raw in enumerate(read.entries, start=1):
        try:
            entries.append(_entry(raw, url, atom=atom))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as problem:
            warnings.append(f"entry {number} could not be read ({type(problem).__name__})")
    head = read.feed
    if not entries and not read.get("version") and not head.get("title"):
        raise NotAFeed(_what_it_is(source.body))
    parsed = ParsedFeed(
        format=_FORMATS.get(str(read.get("version", "")), "unknown"),
        title=_title(head, atom=atom),
        link=absolute_link(url, str(head.get("link") or "")) or None,
        entries=tuple(entries),
        language=_language(head.get("language")),
        ttl=_ttl(head),
    )
    return _bounded(parsed, warnings, now, source.surplus)


def _entry(raw: Any, url: str, *, atom: bool) -> Entry:  # feedparser publishes no types
    link = _link(raw, url)
    title = _title(raw, atom=atom)
    published = from_tuple(_own(raw, "published_parsed"))
    updated = from_tuple(_own(raw, "updated_parsed"))
    # dc:date and the dates of RSS 1.0 are no update of anything: they are when it appeared.
    published = published or from_tuple(_own(raw, "created_parsed")) or updated
    summary, content = _texts(raw)
    given = one_line(str(raw.get("id") or ""))
    return Entry(
        id=given or link or stable_id(title, _own(raw, "published") or "", summary),
        link=link,
        title=title,
        summary=summary,
        content=content,
        authors=_names(_author(one) for one in raw.get("authors") or () if one),
        published=published,
        updated=updated,
        tags=_names(tag.get("label") or tag.get("term") for tag in raw.get("tags") or () if tag),
        language=_language((raw.get("title_detail") or {}).get("language")),
    )


def stable_id(title: str, date: str, summary: str) -> str:
    """An id for an entry that has neither id nor link: equal for the same title and date."""
    words = f"{title}\n{date or summary[:200]}"
    return "sha256:" + hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32]


def _own(raw: Any, key: str) -> Any:
    """``raw[key]`` as the feed gave it; feedparser's ``get`` would fall back to another date."""
    return dict.get(raw, key)


def _link(raw: Any, url: str) -> str | None:
    """The page of the entry: its link, else an alternate link, else a guid that is an address.

    feedparser has resolved links against ``xml:base`` already; the feed's own address remains. A
    guid that is not an address by itself leads nowhere, whatever its ``isPermaLink`` says.
    """
    given = str(raw.get("link") or "")
    if raw.get("guidislink") and given == raw.get("id"):
        return safe_link(given) or None
    links = raw.get("links") or ()
    alternates = [one.get("href") for one in links if one.get("rel", "alternate") == "alternate"]
    for value in (given, *alternates):
        found = absolute_link(url, one_line(str(value or "")))
        if found:
            return found
    return safe_link(str(raw.get("id") or "")) or None if raw.get("guidislink") else None


def _title(raw: Any, *, atom: bool) -> str:
    """Plain text. Where a feed does not say what its title is, tags in it are markup."""
    value = str(raw.get("title") or "")
    kind = (raw.get("title_detail") or {}).get("type", "text/plain")
    is_markup = kind != "text/plain" or (not atom and has_markup(value))
    text = line_of(value) if is_markup else one_line(value)
    return text[:MOST_TITLE].rstrip()


def _texts(raw: Any) -> tuple[str, str]:
    """(summary, content): HTML as given; feedparser's copy of the content is no summary."""
    given = _own(raw, "summary") if "summary_detail" in raw else ""
    summary = tidy(str(given or ""))[:MOST_SUMMARY]
    values = [str(one.get("value") or "") for one in raw.get("content") or ()]
    content = tidy(max(values, key=len, default=""))[:MOST_CONTENT]
    return summary, content


def _author(one: Any) -> str:
    """The name, else the e-mail address.

    feedparser knows no top-level domain of more than four letters and takes the rest of a longer
    one for the beginning of the name; that is mended here.
    """
    name, email = str(one.get("name") or ""), str(one.get("email") or "")
    rest = _REST_OF_DOMAIN.fullmatch(name) if email else None
    if rest:
        return rest["name"] or email + name
    return name or email


def _names(values: Iterable[object]) -> tuple[str, ...]:
    names = (line_of(str(value))[:MOST_NAME] for value in values if value)
    return tuple(dict.fromkeys(name for name in names if name))[:MOST_NAMES]


def _language(value: object) -> str | None:
    found = re.match(r"[a-zA-Z]{2,3}(?![a-zA-Z])", str(value or "").strip())
    return found[0].lower() if found else None


def _ttl(head: Any) -> float | None:
    """Seconds between visits that the feed asks for; None if it asks for nothing sensible."""
    seconds = None
    try:
        if head.get("ttl"):
            seconds = float(str(head["ttl"]).strip()) * 60
        elif head.get("sy_updateperiod"):
            often = float(str(head.get("sy_updatefrequency") or "1").strip())
            seconds = _PERIODS[str(head["sy_updateperiod"]).strip().lower()] / often
    except (ValueError, KeyError, ZeroDivisionError, OverflowError):
        return None
    return seconds if seconds and _SHORTEST_TTL <= seconds <= _LONGEST_TTL else None


def _document_warnings(read: Any, content_type: str | None) -> list[str]:
    warnings = []
    if read.get("bozo"):
        problem = read.get("bozo_exception")
        line = getattr(problem, "getLineNumber", lambda: None)()
        where = f" (line {line})" if line else ""
        warnings.append(f"not well-formed{where}: {one_line(str(problem))[:200]}")
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind and "xml" not in kind and "rss" not in kind and "atom" not in kind:
        warnings.append(f"served as {one_line(kind)[:60]}, read as a feed")
    return warnings


def _bounded(
    feed: ParsedFeed, warnings: Iterable[str], now: datetime | None, surplus: int
) -> ParsedFeed:
    """Each id once, at most ``MOST_ENTRIES``, and a word about everything that was left out."""
    said = [*feed.warnings, *warnings]
    kept: dict[str, Entry] = {}
    doubles = 0
    for entry in feed.entries:
        key = _shortened(entry.id)
        doubles += key in kept
        kept.setdefault(key, entry if key == entry.id else replace(entry, id=key))
    if doubles:
        said.append(f"{doubles} entries repeat the id of another and were left out")
    entries = tuple(kept.values())
    surplus += max(0, len(entries) - MOST_ENTRIES)
    if surplus:
        said.append(f"{surplus:,} entries more than {MOST_ENTRIES:,} were left out")
    ahead = now + timedelta(days=1) if now else None
    future = sum(1 for e in entries if ahead and e.published and e.published > ahead)
    if future:
        said.append(f"{future} entries are dated more than a day ahead")
    return replace(feed, entries=entries[:MOST_ENTRIES], warnings=tuple(said))


def _shortened(identity: str) -> str:
    if len(identity) <= MOST_ID:
        return identity
    return "sha256:" + hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()


def _what_it_is(body: bytes) -> str:
    start = body[:2000].lstrip().lower()
    if b"<html" in start or b"<!doctype html" in start:
        if b"password" in body[:50_000].lower():
            return "a login page, not a feed"
        return "a web page, not a feed"
    return "not a feed: no rss, feed or rdf element"
