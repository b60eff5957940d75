"""Decides what an entry is from what a parser found: id, link, title, times, texts; pure.

Every way of reading (feedparser, the quick one, sitemaps) ends here, so that the same words in
two formats come to the same entry. Nothing in a feed is trusted: lengths and links are bounded.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum
from html.entities import html5
from typing import Final, NamedTuple

from monitor.feeds.dates import is_iso, read_date
from monitor.model import Entry, ParsedFeed
from monitor.text.markup import has_markup, line_of, one_line, tidy, unescape
from monitor.text.urls import absolute_link, safe_link

MOST_ENTRIES: Final = 1000
MOST_ID: Final = 2000  # characters, as all below; an UTF-8 character has one to four bytes
MOST_TITLE: Final = 1000
MOST_SUMMARY: Final = 64_000
MOST_CONTENT: Final = 1_000_000
MOST_NAMES: Final = 20
MOST_NAME: Final = 200
_LONGEST_TITLE: Final = 20_000  # read at all
_REFERENCE: Final = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|([a-zA-Z][a-zA-Z0-9]{1,31}));"
)
_SIGNS: Final = re.compile("[&<>]")
_SHORTEST_TTL: Final = 60.0
_LONGEST_TTL: Final = 31 * 86_400.0
_PERIODS: Final = {
    "hourly": 3600.0,
    "daily": 86_400.0,
    "weekly": 604_800.0,
    "monthly": 2_592_000.0,
    "yearly": 31_536_000.0,
}
_PLAIN_LINK: Final = re.compile(  # nothing to join, nothing to make safe
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[\w/.~!$()*+,;=:@%&?-]*[\w/=%-]", re.ASCII
)
_AWKWARD: Final = bytes(code for code in range(32) if code not in b"\t\n") + b"\x7f"
_C1: Final = re.compile(b"\xc2[\x80-\x9f]")  # in UTF-8
_LANGUAGE: Final = re.compile(r"[a-zA-Z]{2,3}(?![a-zA-Z])")


class Loss(str):
    """A warning that means lost news; the others are worth a look only."""

    __slots__ = ()


class Kind(Enum):
    """What a text of a feed is."""

    PLAIN = "plain"  # Atom's type="text"
    MARKUP = "markup"  # HTML or XHTML
    UNSAID = "unsaid"  # RSS: nobody knows


# Tuples, because thousands of them are made a second, and making a dataclass costs several times
# as much.
class Said(NamedTuple):
    """A text and what it is."""

    text: str = ""
    kind: Kind = Kind.UNSAID


class When(NamedTuple):
    """A date as the feed wrote it; ``guess`` is how another parser read it."""

    text: str = ""
    guess: datetime | None = None

    def moment(self, language: str | None) -> datetime | None:
        """The moment in UTC, or None."""
        own = read_date(self.text, language)
        return own or (None if self.guess is None or is_iso(self.text) else self.guess)


class Found(NamedTuple):
    """One entry as a parser found it. ``links``: candidates, the best first."""

    id: str = ""
    links: tuple[str, ...] = ()
    title: Said = Said()
    summary: Said = Said()
    content: Said = Said()
    authors: tuple[str, ...] = ()
    published: When = When()
    updated: When = When()
    created: When = When()
    tags: tuple[str, ...] = ()
    language: str = ""


def entry_of(found: Found, url: str, language: str | None, *, bare: bool = False) -> Entry:
    """The entry that ``found`` in the document at ``url`` (``language``: the document's) is.

    ``bare``: without summary, content, authors and tags, for an entry that is only to be known
    again; the rest is the same.
    """
    link = link_of(found, url)
    title = title_of(found.title)
    summary = content = ""
    if not bare or not (link or _line(found.id)):
        summary = html_of(found.summary)[:MOST_SUMMARY]
        content = html_of(found.content)[:MOST_CONTENT]
    own = language_of(found.language)
    published = found.published.moment(own or language)
    updated = found.updated.moment(own or language)
    # dc:date and the dates of RSS 1.0 are no update of anything: they are when it appeared.
    published = published or found.created.moment(own or language) or updated
    return Entry(
        id=identity(found, link, title, summary or content),
        link=link,
        title=title,
        summary="" if bare else summary,
        content="" if bare else content,
        authors=() if bare else names(found.authors),
        published=published,
        updated=updated,
        tags=() if bare else names(found.tags),
        language=own,
    )


def key_of(found: Found, url: str) -> str | None:
    """The id that ``entry_of`` would give, if ``found`` has an id or a link; else None."""
    key = _line(found.id) or link_of(found, url)
    return shortened(key) if key else None


def identity(found: Found, link: str | None, title: str, text: str) -> str:
    """The id as given, else the link, else a hash of title and date (or the text's beginning)."""
    return _line(found.id) or link or stable_id(title, found.published.text, text)


def stable_id(title: str, date: str, text: str) -> str:
    """An id for an entry that has neither id nor link: equal for the same title and date."""
    return _hashed(f"{title}\n{date or text[:200]}")[:39]


def shortened(identity: str) -> str:
    """``identity``, or its hash if it is longer than ``MOST_ID``."""
    return identity if len(identity) <= MOST_ID else _hashed(identity)


def _hashed(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def link_of(found: Found, url: str) -> str | None:
    """The page of the entry: the first candidate that leads somewhere, else an id that does.

    An id that is not an address by itself leads nowhere, whatever its ``isPermaLink`` says.
    """
    for value in found.links:
        link = value if _PLAIN_LINK.fullmatch(value) else absolute_link(url, one_line(value))
        if link:
            return link
    return safe_link(found.id) or None


def dropped_link(found: Found, entry: Entry) -> bool:
    """Whether the entry names a link that cannot be followed."""
    return entry.link is None and any(value.strip() for value in found.links)


def title_of(said: Said) -> str:
    """Plain text on one line. Where a feed does not say what its title is, it is looked at."""
    text = said.text[:_LONGEST_TITLE]
    if "<" not in text and "&" not in text:
        line = _line(text)
    elif said.kind is Kind.MARKUP or (said.kind is Kind.UNSAID and has_markup(text)):
        line = line_of(text)
    elif said.kind is Kind.UNSAID and _has_reference(text):
        line = one_line(unescape(text))
    else:
        line = one_line(text)
    return line[:MOST_TITLE].rstrip()


def _has_reference(text: str) -> bool:
    return "&" in text and any(
        found[1] is None or found[1] + ";" in html5 for found in _REFERENCE.finditer(text)
    )


def html_of(said: Said) -> str:
    """The text as HTML, which is what an entry holds: plain text is escaped.

    Feeds that call HTML plain are common; closed tags give them away.
    """
    text = said.text
    if said.kind is Kind.PLAIN and _SIGNS.search(text) and not has_markup(text):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text if _is_tidy(text) else tidy(text)


def _is_tidy(text: str) -> bool:
    """Whether there is surely nothing to tidy: the common case, and long."""
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw.translate(None, _AWKWARD)) < len(raw):
        return False
    if text.isascii():
        return True
    # surrogates, noncharacters and C1 controls begin with these bytes, as do other letters
    suspect = b"\xed" in raw or b"\xef" in raw or _C1.search(raw) is not None
    return not suspect and b"\xf4" not in raw and unicodedata.is_normalized("NFC", text)


def _line(text: str) -> str:
    """``one_line``, which has nothing to do for most titles and names."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return one_line(text)


def names(values: Iterable[str]) -> tuple[str, ...]:
    """People or tags: plain, each once, not too many."""
    lines = (_name(value[: 10 * MOST_NAME])[:MOST_NAME].rstrip() for value in values if value)
    return tuple(dict.fromkeys(line for line in lines if line))[:MOST_NAMES]


def _name(text: str) -> str:
    return _line(text) if "<" not in text and "&" not in text else line_of(text)


def language_of(value: object) -> str | None:
    """``en`` of ``en-GB`` or ``en_US``; None if it is no language tag."""
    found = _LANGUAGE.match(str(value or "").strip())
    return found[0].lower() if found else None


def bounded(feed: ParsedFeed, now: datetime | None = None, surplus: int = 0) -> ParsedFeed:
    """Each id once, at most ``MOST_ENTRIES``, and a word about everything that was left out.

    ``surplus``: entries that were cut off before. With ``now``, dates more than a day ahead of it
    get a warning.
    """
    said = list(feed.warnings)
    kept: dict[str, Entry] = {}
    doubles = 0
    for entry in feed.entries:
        key = shortened(entry.id)
        doubles += key in kept
        kept.setdefault(key, entry if key == entry.id else replace(entry, id=key))
    if doubles:
        said.append(Loss(f"{doubles} entries repeat the id of another and were left out"))
    entries = tuple(kept.values())
    surplus += max(0, len(entries) - MOST_ENTRIES)
    if surplus:
        said.append(Loss(f"{surplus:,} entries more than {MOST_ENTRIES:,} were left out"))
    ahead = now + timedelta(days=1) if now else None
    future = sum(1 for e in entries if ahead and e.published and e.published > ahead)
    if future:
        said.append(f"{future} entries are dated more than a day ahead")
    return replace(feed, entries=entries[:MOST_ENTRIES], warnings=tuple(said))


def about_links(dropped: int, example: str) -> tuple[str, ...]:
    """The warning about links that were left out because they lead nowhere."""
    if not dropped:
        return ()
    shown = one_line(example)[:100]
    said = f"{dropped} entries have a link that leads nowhere by itself ({shown}): left out"
    return (Loss(said),)


def about_type(content_type: str | None) -> tuple[str, ...]:
    """The warning about a Content-Type that names no feed."""
    kind = (content_type or "").split(";")[0].strip().lower()
    if not kind or any(word in kind for word in ("xml", "rss", "atom", "json")):
        return ()
    return (f"served as {one_line(kind)[:60]}, read as a feed",)


def ttl_of(minutes: str, period: str, frequency: str) -> float | None:
    """Seconds between visits that the feed asks for; None if it asks for nothing sensible.

    ``minutes`` is RSS ``<ttl>``; ``period`` and ``frequency`` are RSS 1.0 "syndication".
    """
    try:
        if minutes.strip():
            seconds = float(minutes.strip()) * 60
        elif period.strip():
            seconds = _PERIODS[period.strip().lower()] / float(frequency.strip() or "1")
        else:
            return None
    except (ValueError, KeyError, ZeroDivisionError, OverflowError):
        return None
    return seconds if _SHORTEST_TTL <= seconds <= _LONGEST_TTL else None
