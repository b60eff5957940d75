"""What came of several entries, stored in one transaction."""

from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.store import Ended, RecordedAs


def test_results_of_one_transaction_know_each_other(store: Any, make: Any) -> None:
    """Two entries with one article, side by side: one alert."""
    one, two = make.pending(store, "1", "2")
    ended = [Ended(entry_id, make.result("1"), make.now) for entry_id in (one, two)]
    recorded = store.record_articles(ended)
    assert [each.outcome for each in recorded] == [RecordedAs.NEW, RecordedAs.COPY]
    assert len(store.list_alerts(9)) == 1
    assert [each.outcome for each in store.record_articles(ended)] == [RecordedAs.DONE] * 2


def test_one_that_cannot_be_stored_takes_all_back(store: Any, make: Any) -> None:
    (one,) = make.pending(store, "1")
    ended = [Ended(one, make.result("1"), make.now), Ended(999, make.result("2"), make.now)]
    with pytest.raises(StoreError, match="does not know the entry 999"):
        store.record_articles(ended)
    assert [waiting.id for waiting in store.pending_entries(make.now, 9)] == [one]
    assert store.list_alerts(9) == []
    assert [each.outcome for each in store.record_articles(ended[:1])] == [RecordedAs.NEW]
