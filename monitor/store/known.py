"""Which article is known already: by its id, its addresses, its words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select

from monitor.store.columns import clean_text, to_micros
from monitor.store.prepared import Prepared
from monitor.store.schema import article_urls, articles

_IS_KNOWN: Final = Prepared(
    select(articles.c.id).where(articles.c.id == bindparam("b_id")), ("b_id",)
)
_SAME_WORDS: Final = Prepared(
    select(articles.c.id)
    .where(
        articles.c.fingerprint == bindparam("b_words"), articles.c.stored_at >= bindparam("b_since")
    )
    .order_by(articles.c.stored_at),
    ("b_words", "b_since"),
)
_OWNER: Final = Prepared(
    select(article_urls.c.article_id).where(article_urls.c.url == bindparam("b_url")), ("b_url",)
)


def is_known(connection: Connection, article_id: str) -> bool:
    """Whether there is an article with this id."""
    return _IS_KNOWN.first(connection, (clean_text(article_id),)) is not None


def by_url(connection: Connection, canonical: Sequence[str]) -> str | None:
    """The id of the article with one of these canonical URLs, the first that has one; or None."""
    for url in canonical:
        found = _OWNER.first(connection, (clean_text(url),))
        if found is not None:
            owner: str = found[0]
            return owner
    return None


def by_fingerprint(connection: Connection, fingerprint: str, since: datetime) -> str | None:
    """The id of the first article with these words stored at or after ``since``, or None.

    An empty fingerprint is no one's.
    """
    if not fingerprint:
        return None
    found = _SAME_WORDS.first(connection, (clean_text(fingerprint), to_micros(since)))
    return None if found is None else str(found[0])
