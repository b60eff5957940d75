"""Reads any feed with feedparser: slow, and hard to break.

feedparser must only ever see a stream: it would open bytes or text that look like a path or an
address. What is known to be wrong in its answers (6.0.14) is put right here.
"""

import io
import re
from typing import Any, Final

import feedparser

from monitor.feeds.dates import from_tuple
from monitor.feeds.entries import (
    Found,
    Kind,
    Loss,
    Said,
    When,
    about_links,
    dropped_link,
    entry_of,
    language_of,
    title_of,
    ttl_of,
)
from monitor.feeds.hints import hints_in
from monitor.feeds.source import Source
from monitor.model import Entry, ParsedFeed
from monitor.text.markup import one_line
from monitor.text.urls import absolute_link

_REST_OF_DOMAIN: Final = re.compile(r"[a-z]{1,20}(?:\s*\((?P<name>[^()]+))?")
_CUT_DOMAIN: Final = re.compile(r"\.[a-zA-Z]{4}$")
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
_BY_ROOT: Final = {
    "rss": "rss",
    "feed": "atom",
    "entry": "atom",
    "rdf": "rss 1.0",
    "channel": "cdf",
}


def read(source: Source, url: str) -> ParsedFeed | None:
    """The feed in ``source``, which came from ``url``; None if there is nothing of a feed in it.

    An entry that cannot be read is left out with a warning.
    """
    try:
        # Nothing is ever shown as HTML, so neither of the two costly steps is wanted.
        document = feedparser.parse(
            io.BytesIO(source.body),
            # No content-location: it would make addresses out of guids that are none.
            response_headers={"content-type": source.kind + "; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except ValueError:  # out of expat: the name of a namespace with an odd blank in it
        return None
    version = str(document.get("version", ""))
    head = document.feed
    if not document.entries and not version and not head.get("title"):
        return None
    atom = version.startswith("atom") or (not version and source.root in ("feed", "entry"))
    entries, warnings = _entries(document, url, atom=atom)
    hints = hints_in(source.body, url)
    return ParsedFeed(
        format=_FORMATS.get(version) or _BY_ROOT.get(source.root, "unknown"),
        title=title_of(_title(head, atom=atom)),
        link=absolute_link(url, one_line(str(head.get("link") or ""))) or None,
        entries=entries,
        language=language_of(head.get("language")),
        ttl=ttl_of(*(str(head.get(key) or "") for key in _TIMES)),
        skip_hours=hints.skip_hours,
        skip_days=hints.skip_days,
        hub=hints.hub,
        topic=hints.topic,
        warnings=(*_damage(document), *warnings),
    )


_TIMES: Final = ("ttl", "sy_updateperiod", "sy_updatefrequency")


def _entries(
    document: Any, url: str, *, atom: bool
) -> tuple[tuple[Entry, ...], list[str]]:  # feedparser publishes no types
    language = language_of(document.feed.get("language"))
    entries: list[Entry] = []
    warnings: list[str] = []
    dropped: list[str] = []
    for number, raw in enumerate(document.entries, start=1):
        try:
            found = _found(raw, atom=atom)
            entry = entry_of(found, url, language)
            entries.append(entry)
            if dropped_link(found, entry):
                dropped.append(found.links[0])
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as problem:
            said = f"entry {number} could not be read ({type(problem).__name__})"
            warnings.append(Loss(said))
    return tuple(entries), [*warnings, *about_links(len(dropped), "".join(dropped[:1]))]


def _found(raw: Any, *, atom: bool) -> Found:
    summary, content = _texts(raw, atom=atom)
    return Found(
        id=str(raw.get("id") or ""),
        links=_links(raw),
        title=_title(raw, atom=atom),
        summary=summary,
        content=content,
        authors=tuple(_author(one, atom=atom) for one in raw.get("authors") or () if one),
        published=_when(raw, "published"),
        updated=_when(raw, "updated"),
        created=_when(raw, "created"),
        tags=tuple(
            str(tag.get("label") or tag.get("term") or "") for tag in raw.get("tags") or () if tag
        ),
        language=str(raw.get("language") or (raw.get("title_detail") or {}).get("language") or ""),
    )


def _when(raw: Any, key: str) -> When:
    """The date as the feed gave it; feedparser's ``get`` would fall back to another date."""
    text = dict.get(raw, key) or ""
    return When(str(text), from_tuple(dict.get(raw, f"{key}_parsed")))


def _links(raw: Any) -> tuple[str, ...]:
    """The link, then the alternate ones; what feedparser made of a guid alone is none."""
    given = str(raw.get("link") or "")
    if raw.get("guidislink") and given == raw.get("id"):
        given = ""
    links = raw.get("links") or ()
    others = [one.get("href") for one in links if one.get("rel", "alternate") == "alternate"]
    return tuple(str(one) for one in (given, *others) if one)


def _title(raw: Any, *, atom: bool) -> Said:
    """feedparser's guess about the titles of RSS is not asked for: it decodes only some."""
    kind = (raw.get("title_detail") or {}).get("type", "text/plain")
    if atom:
        said = Kind.PLAIN if kind == "text/plain" else Kind.MARKUP
    else:
        said = Kind.MARKUP if kind == "application/xhtml+xml" else Kind.UNSAID
    return Said(str(raw.get("title") or ""), said)


def _texts(raw: Any, *, atom: bool) -> tuple[Said, Said]:
    """(summary, content) as given; feedparser's copy of the content is no summary."""
    detail = raw.get("summary_detail")
    summary = Said()
    if "summary_detail" in raw:
        text = dict.get(raw, "summary") or ""
        summary = Said(str(text), _kind_of(detail, atom=atom))
    contents = [
        Said(str(one.get("value") or ""), _kind_of(one, atom=atom))
        for one in raw.get("content") or ()
    ]
    return summary, max(contents, key=lambda one: len(one.text), default=Said())


def _kind_of(detail: Any, *, atom: bool) -> Kind:
    plain = atom and (detail or {}).get("type") == "text/plain"
    return Kind.PLAIN if plain else Kind.MARKUP


def _author(one: Any, *, atom: bool) -> str:
    """The name, else the e-mail address.

    feedparser knows no top-level domain of more than four letters and takes the rest of a longer
    one for the beginning of the name; that is mended here.
    """
    name, email = str(one.get("name") or ""), str(one.get("email") or "")
    if atom or not _CUT_DOMAIN.search(email):
        return name or email
    rest = _REST_OF_DOMAIN.fullmatch(name)
    if rest:
        return rest["name"] or email + name
    return name or email


def _damage(document: Any) -> list[str]:
    if not document.get("bozo"):
        return []
    problem = document.get("bozo_exception")
    line = getattr(problem, "getLineNumber", lambda: None)()
    where = f" (line {line})" if line else ""
    return [Loss(f"not well-formed{where}: {one_line(str(problem))[:200]}")]
