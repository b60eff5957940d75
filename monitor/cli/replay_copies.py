"""Which articles of a replay are copies of earlier ones.

Layer 5; asks no clock. An article is a copy if an earlier one has its id or its address, or within
two weeks its words, or nearly all of them.
"""

from dataclasses import replace
from datetime import datetime

from monitor.articles.fingerprint import fingerprint
from monitor.model import Article
from monitor.stories.copies import WINDOW, CopyIndex
from monitor.text.urls import canonical_url


def fingerprinted(article: Article) -> Article:
    """The article with the fingerprint of its words; one without any has none."""
    if not (article.title.strip() or article.text.strip()):
        return article
    return replace(article, fingerprint=fingerprint(article.title, article.text))


class Originals:
    """The articles that came first. Memory: some 200 bytes for each article, beside its words."""

    def __init__(self) -> None:
        self._index = CopyIndex()
        self._ids: dict[str, str] = {}  # the original of every id
        self._addresses: dict[str, str] = {}
        self._came: dict[str, datetime] = {}  # when each original came

    def original_of(self, article: Article, at: datetime) -> str | None:
        """The id of the earlier article that this one repeats; None: it is an original.

        Either way it is remembered.
        """
        address = canonical_url(article.url) if article.url else None
        found = self._ids.get(article.id)
        if found is None and address:
            found = self._addresses.get(address)
        if found is None:
            copy = self._index.find(article, at)
            if copy is not None and at - self._came[copy.article_id] <= WINDOW:
                found = copy.article_id
        if found is None:
            self._index.add(article, at)
            self._came[article.id] = at
        original = found or article.id
        self._ids.setdefault(article.id, original)
        if address:
            self._addresses.setdefault(address, original)
        return found
