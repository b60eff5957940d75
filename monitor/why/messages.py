"""The messages of a stored article: its own, those it brought up to date, digests that hold it.

Reads the store; raises StoreError.
"""

from collections.abc import Sequence

from monitor.model import Article
from monitor.store import ArticleHistory, Store
from monitor.why.answer import Later, Sent


def later_of(store: Store, article: Article) -> tuple[Later, ...]:
    """For whom the article waits, or waited, to be told with others."""
    return tuple(Later(*each) for each in store.digest_items_of(article.id))


def sent_of(
    store: Store | None, history: ArticleHistory, later: Sequence[Later]
) -> tuple[Sent, ...]:
    """Every message about the article, or that holds it, with every attempt."""
    digests = [each.digest for each in later if each.digest is not None]
    found: list[Sent] = []
    for name in dict.fromkeys((*(each.alert.id for each in history.alerts), *digests)):
        whole = store.get_alert(name) if store is not None else None
        if whole is not None:
            kind, follows = whole.alert.kind, whole.alert.follows
            found += [Sent(name, item, kind, follows) for item in whole.deliveries]
    return tuple(found)
