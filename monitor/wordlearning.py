"""Learns from the stored articles which words are rare, once a week.

Layer 4, for a thread beside the running program.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from monitor.errors import MonitorError
from monitor.rules.fields import ArticleFields
from monitor.rules.frequencies import ENOUGH, MOST_READ, learned
from monitor.store import FILE_NAME, open_store
from monitor.store.history import PastArticle
from monitor.wordtable import is_old, write_table

_TURN: Final = 0.02  # seconds of work after which the event loop gets as long a rest

log = logging.getLogger(__name__)


def learn_words(data: Path, now: datetime) -> bool:
    """Learn the table from the newest stored articles if it is missing or old; whether it did.

    For a thread of its own: it opens the store to read, and rests as long as it works.
    """
    if not (data / FILE_NAME).exists() or not is_old(data, now):
        return False
    try:
        with closing(open_store(data, read_only=True)) as store:
            if store.count_articles() < ENOUGH:
                return False
            table = learned(
                _words(ArticleFields(past.article))
                for past in _rested(store.past_articles(most=MOST_READ))
            )
    except MonitorError as error:
        log.debug("words are not learned: %s", error)
        return False
    return write_table(data, table)


def _words(fields: ArticleFields) -> frozenset[str]:
    return frozenset().union(*(each.vocabulary for each in fields.segments(("title", "body"))))


def _rested(items: Iterable[PastArticle]) -> Iterator[PastArticle]:
    began = time.monotonic()
    for item in items:
        yield item
        worked = time.monotonic() - began
        if worked > _TURN:
            time.sleep(worked)
            began = time.monotonic()
