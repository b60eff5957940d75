"""Makes the article that rules see, from a feed's entry and, where it could be had, its page; pure.

The page's own text comes first, then the feed's full content, then its summary, then the title
alone; the feed's content also stands in for a page of which it holds far more than was read.
``quality`` and ``quality_reason`` say which it was and why.
"""

import hashlib
from typing import Final

from monitor.articles.asides import without_asides
from monitor.articles.clean import is_furniture_name
from monitor.articles.fingerprint import fingerprint
from monitor.articles.quality import count_words
from monitor.model import Article, Entry, Extracted, Quality
from monitor.text.markup import plain_text
from monitor.text.urls import canonical_url, clean_link

_FULL_TEXT: Final = 100  # words from which a feed's content passes for the article
_CLEARLY_LONGER: Final = 1.5
_FAR_MORE: Final = 2.0
_MOSTLY: Final = 0.8  # of the page's different words
_MOST_MARKUP: Final = 300_000  # characters of a feed's HTML that are read


def assemble(
    entry: Entry,
    feed_name: str,
    feed_language: str | None,
    page: Extracted | None,
    why_no_page: str | None,
) -> Article:
    """The article of ``entry``. ``page`` is None where none was read, for ``why_no_page``.

    ``id`` is the same for every entry that leads to the same canonical address, and for an entry
    without a link for the same entry id. ``url`` is "" for an entry without a link.
    """
    title = entry.title or (page.title if page else "")
    summary = plain_text(entry.summary[:_MOST_MARKUP], is_furniture_name)
    content = _without_asides(plain_text(entry.content[:_MOST_MARKUP], is_furniture_name))
    text, quality, reason = _body(content, summary, page, why_no_page)
    url = clean_link((page.canonical_url if page else None) or entry.link or "")
    return Article(
        id=article_id(url, entry.id, feed_name),
        url=url,
        title=title,
        text=text,
        summary=summary,
        source=feed_name,
        author=", ".join(entry.authors) or (page.author if page else None) or "",
        language=(page.language if page else None) or entry.language or feed_language,
        published=entry.published or (page.published if page else None),
        tags=entry.tags,
        quality=quality,
        quality_reason=reason,
        fingerprint=fingerprint(title, text),
    )


def article_id(url: str, entry_id: str, feed_name: str) -> str:
    """16 hexadecimal digits, stable over runs: of the canonical address, else of the entry."""
    key = canonical_url(url) or f"{feed_name}\n{entry_id}"
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]


def _body(
    content: str, summary: str, page: Extracted | None, why_no_page: str | None
) -> tuple[str, Quality, str]:
    """(text, quality, reason). A stub of a page gives way to a feed that has clearly more."""
    if page is not None and page.quality is Quality.OK:
        return _whole(page, content)
    why = page.reason if page is not None else (why_no_page or "no page was read")
    words = {text: count_words(text) for text in (content, summary)}
    longest = content if words[content] >= words[summary] else summary
    shown = count_words(page.text) if page is not None else 0
    if words[longest] >= _FULL_TEXT and words[longest] > _CLEARLY_LONGER * shown:
        return longest, Quality.OK, f"from the feed ({words[longest]} words); page: {why}"
    if page is not None and page.text and words[longest] <= _CLEARLY_LONGER * shown:
        # What the stub does not show may stand in the feed, and a rule must see it.
        said = longest and " ".join(longest.split()) not in " ".join(page.text.split())
        return f"{longest}\n\n{page.text}" if said else page.text, page.quality, why
    if longest:
        return longest, Quality.SUMMARY, f"the feed's summary; page: {why}"
    return "", Quality.FAILED, f"the title alone; page: {why}"


def _without_asides(text: str) -> str:
    return "\n\n".join(without_asides(text.split("\n\n")))


def _whole(page: Extracted, content: str) -> tuple[str, Quality, str]:
    """The page's text, or the feed's where it has the page's words and far more."""
    told, shown = count_words(content), count_words(page.text)
    if told < _FULL_TEXT or told < _FAR_MORE * shown:
        return page.text, Quality.OK, page.reason
    words, fuller = set(page.text.casefold().split()), set(content.casefold().split())
    if len(words & fuller) < _MOSTLY * len(words):
        return page.text, Quality.OK, page.reason
    return content, Quality.OK, f"from the feed ({told} words); the page gave {shown}"
