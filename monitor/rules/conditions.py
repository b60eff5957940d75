"""What a rule asks of an article beside its words: ``source:`` and ``expires``.

Layer 1, pure: ``now`` is given. Every "no" comes with its reason. A condition on something that is
not known of an article (no language declared, no time of publication) holds: an alert is not lost
for what a publisher left out.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Final

from monitor.model import Article
from monitor.rules.stems import language_of
from monitor.text.words import cut, fold


@dataclass(frozen=True, slots=True)
class SourceConditions:
    """``source:`` of a rule; empty tuples and None ask for nothing. ``max_age`` in seconds."""

    languages: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    max_age: float | None = None
    min_words: int | None = None


NO_CONDITIONS: Final = SourceConditions()


def refusal(
    conditions: SourceConditions, article: Article, feed_url: str | None, now: datetime | None
) -> str | None:
    """Why the article's source does not fit, in plain words; None if it fits.

    ``feed_url``: None where the article came from no feed. ``now``: None where age has no meaning
    (a test, a file of articles).
    """
    return (
        _language(conditions, article)
        or _feed(conditions, article, feed_url)
        or _tags(conditions, article)
        or _age(conditions, article, now)
        or _length(conditions, article)
    )


def expired(expires: date | None, today: date) -> str | None:
    """Why the rule rests, or None: it rests after its last day."""
    if expires is None or today <= expires:
        return None
    return f"the rule expired on {expires.isoformat()}"


def _language(conditions: SourceConditions, article: Article) -> str | None:
    if not conditions.languages or not article.language:
        return None
    found = language_of(article.language)
    if found in {language_of(language) for language in conditions.languages}:
        return None
    return f"its language is {found}, the rule asks for {', '.join(conditions.languages)}"


def _feed(conditions: SourceConditions, article: Article, feed_url: str | None) -> str | None:
    if not conditions.feeds or (not article.source and feed_url is None):
        return None
    names = [fold(name) for name in (article.source, feed_url or "") if name]
    for wanted in conditions.feeds:
        if any(fnmatchcase(name, fold(wanted)) for name in names):
            return None
    return f"it came from {article.source or feed_url}, the rule asks for other feeds"


def _tags(conditions: SourceConditions, article: Article) -> str | None:
    if not conditions.tags or not article.tags:
        return None
    if {fold(tag) for tag in conditions.tags} & {fold(tag) for tag in article.tags}:
        return None
    return f"it has none of the tags {', '.join(conditions.tags)}"


def _age(conditions: SourceConditions, article: Article, now: datetime | None) -> str | None:
    if conditions.max_age is None or article.published is None or now is None:
        return None
    if now - article.published <= timedelta(seconds=conditions.max_age):
        return None
    return f"published {article.published:%Y-%m-%d %H:%M} UTC, older than the rule's max_age"


def _length(conditions: SourceConditions, article: Article) -> str | None:
    if conditions.min_words is None or not article.text:
        return None
    words = len(cut(article.text))
    if words >= conditions.min_words:
        return None
    return f"its text has {words} words, the rule asks for {conditions.min_words}"
