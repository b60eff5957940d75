"""Which articles of a replay are copies of earlier ones, and of which story these are.

Layer 5; asks no clock. An article is a copy if an earlier one has its id or its address, or within
two weeks its words, or nearly all of them.
"""

from dataclasses import replace
from datetime import datetime

from monitor.articles.fingerprint import fingerprint
from monitor.model import Article
from monitor.stories.copies import CopyIndex
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
        self._stories: dict[str, str] = {}  # of originals

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
            found = None if copy is None else copy.article_id
        if found is None:
            self._index.add(article, at)
        original = found or article.id
        self._ids.setdefault(article.id, original)
        if address:
            self._addresses.setdefault(address, original)
        return found

    def file(self, article_id: str, story: str) -> None:
        """Know the story of an original."""
        self._stories[article_id] = story

    def story_of(self, original: str) -> str | None:
        """The story of an original; None if it has none yet."""
        return self._stories.get(original)
