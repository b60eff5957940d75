"""A report: an article as it reaches the decision, with what is known of where it came from.

Layer 1, frozen values.
"""

from dataclasses import dataclass

from monitor.model import Article, Figure
from monitor.text.urls import host
from monitor.text.words import fold


@dataclass(frozen=True, slots=True)
class Report:
    """An article and its feed. ``feed_url`` None: it came from no feed (a file, a test).

    ``copy_of``: the known article whose words it has, empty if none. ``baseline``: it was there at
    its feed's first poll. Both are never alerted.
    """

    article: Article
    feed_url: str | None = None
    tier: int | None = None  # of its feed, 1 is the best; None: not said
    figures: tuple[Figure, ...] = ()
    copy_of: str = ""
    baseline: bool = False

    @property
    def outlet(self) -> str:
        """Whose report it is: the outlet's name, or else its host."""
        return self.article.source or host(self.article.url) or self.feed_url or "unknown outlet"

    @property
    def names(self) -> tuple[str, ...]:
        """What its source can be called by, folded: outlet, host, feed."""
        site = host(self.article.url)
        found = (self.article.source, site, site.removeprefix("www."), self.feed_url or "")
        return tuple(fold(name) for name in dict.fromkeys(found) if name)
