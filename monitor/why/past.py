"""The stored articles as a backtest takes them, and what changed rules would have done."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final

from monitor.rules.backtest import Backtest, Comparison, Past, Report, fired_by_record
from monitor.store import FILE_NAME, Store, open_store

DAYS: Final = 30
MOST_ARTICLES: Final = 20_000  # the newest; a saved file must not keep the machine busy for long
_LONGEST_TURN: Final = 0.02  # seconds of work after which the event loop gets its turn


def pasts(store: Store, since: datetime | None, most: int | None = None) -> Iterator[Past]:
    """The articles stored since then, newest first; memory does not depend on their number."""
    for each in store.past_articles(since, most=most):
        fired = fired_by_record(each.decisions)
        yield Past(each.article, each.stored_at, each.feed_url, fired)


def would_have_done(
    data: Path,
    pairs: Sequence[Comparison],
    max_age: float,
    now: datetime,
    go_on: Callable[[], bool] = lambda: True,
    *,
    zone: tzinfo = UTC,
    most: int = MOST_ARTICLES,
    turn: float = _LONGEST_TURN,
) -> Report | None:
    """What rules would have done in the last ``DAYS`` days, on the ``most`` newest articles.

    For a thread of its own beside a running daemon: it opens the store for itself, to read, and
    rests as long as it works, every ``turn`` seconds, so that the daemon stays quick. None if
    ``go_on`` says no meanwhile, or there is no store.

    Raises:
        StoreError: the database cannot be read.
    """
    if not (data / FILE_NAME).exists():
        return None
    store = open_store(data, read_only=True)
    try:
        backtest = Backtest(pairs, max_age, 0, zone)
        began = time.monotonic()
        for past in pasts(store, now - timedelta(days=DAYS), most):
            backtest.take(past)
            worked = time.monotonic() - began
            if worked > turn:
                if not go_on():
                    return None
                time.sleep(worked)
                began = time.monotonic()
        return backtest.report()
    finally:
        store.close()
