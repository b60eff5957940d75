"""Everything that follows from one entry, all at once and once."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.model import DeliveryState
from monitor.store import Recorded, RecordedAs, Store


def test_everything_that_follows_from_an_entry_comes_back(store: Store, make: Any) -> None:
    (one,) = make.pending(store, "1")
    result = make.result("1", rules=("deal", "probe"))
    recorded = store.record_article(one, result, make.now)
    assert recorded == Recorded("article-1", RecordedAs.NEW)
    found = store.get_article("article-1")
    assert found is not None
    assert found.article == result.article
    assert found.urls == result.canonical
    assert found.matches == result.matches
    assert found.decisions == result.decisions
    assert [place.url for place in found.places] == [result.article.url]
    assert [(entry.id, entry.link) for entry in found.entries] == [(one, "https://news.example/1")]
    (alert,) = found.alerts
    assert alert.alert == result.alert
    states = [(row.notifier, row.state, row.next_attempt_at) for row in alert.deliveries]
    due = (DeliveryState.PENDING, make.now)
    assert states == [("screen", *due), ("mail", *due)]
    assert store.pending_entries(make.now, 9) == []


def test_an_article_without_alert_is_stored_as_well(store: Store, make: Any) -> None:
    (one,) = make.pending(store, "1")
    quiet = make.result("1", matches=(), decisions=(), alert=None, deliveries=())
    assert store.record_article(one, quiet, make.now).outcome is RecordedAs.NEW
    assert store.list_alerts(9) == []


def test_recording_an_entry_again_changes_nothing(store: Store, make: Any) -> None:
    (one,) = make.pending(store, "1")
    store.record_article(one, make.result("1"), make.now)
    before = store.get_article("article-1")
    again = store.record_article(one, make.result("other"), make.at(9))
    assert again == Recorded("article-1", RecordedAs.DONE)
    assert not store.record_copy(one, "article-1", "https://x.example/", (), make.at(9))
    assert store.get_article("article-1") == before
    assert store.get_article("article-other") is None


@pytest.mark.parametrize(
    ("second", "outcome"),
    [
        pytest.param({}, RecordedAs.NEW, id="another article is new"),
        pytest.param(
            {"canonical": ("https://news.example/2", "https://news.example/1")},
            RecordedAs.COPY,
            id="one known canonical address makes it a copy",
        ),
        pytest.param({"words": "words-1"}, RecordedAs.NEW, id="the same words long ago are news"),
        pytest.param(
            {"words": "words-1", "copies_since": 0},
            RecordedAs.COPY,
            id="the same words lately make it a copy",
        ),
        pytest.param(
            {"words": "words-1", "copies_since": 1},
            RecordedAs.NEW,
            id="the same words before the time asked for are news",
        ),
        pytest.param(
            {"words": "", "copies_since": 0}, RecordedAs.NEW, id="no words are no one's words"
        ),
        pytest.param({"id": "article-1"}, RecordedAs.COPY, id="the same article id is a copy"),
    ],
)
def test_an_article_that_became_known_meanwhile_alerts_once(
    store: Store, make: Any, second: dict[str, Any], outcome: RecordedAs
) -> None:
    one, two = make.pending(store, "1", "2")
    first, other = make.result("1"), make.result("2")
    if second.get("words") == "":
        first = replace(first, article=replace(first.article, fingerprint=""))
    store.record_article(one, first, make.now)
    article = replace(
        other.article,
        id=second.get("id", other.article.id),
        fingerprint=second.get("words", other.article.fingerprint),
    )
    since = second.get("copies_since")
    other = replace(
        other,
        article=article,
        canonical=second.get("canonical", other.canonical),
        copies_since=None if since is None else make.at(since),
    )
    recorded = store.record_article(two, other, make.at(5))
    assert recorded.outcome is outcome
    copied = outcome is RecordedAs.COPY
    assert recorded.article_id == ("article-1" if copied else "article-2")
    assert len(store.list_alerts(9)) == (1 if copied else 2)
    assert store.pending_entries(make.now, 9) == []
    found = store.get_article("article-1")
    assert found is not None
    assert [place.url for place in found.places] == [
        "https://news.example/1?from=feed",
        *(["https://news.example/2?from=feed"] if copied else []),
    ]


def test_a_copy_is_a_place_of_the_known_article(store: Store, make: Any) -> None:
    one, two = make.pending(store, "1", "2")
    store.record_article(one, make.result("1"), make.now)
    canonical = ("https://wire.example/2",)
    assert store.record_copy(two, "article-1", "https://wire.example/2#x", canonical, make.at(5))
    assert store.find_article_by_url("https://wire.example/2") == "article-1"
    found = store.get_article_by_url("https://wire.example/2#x")
    assert found is not None
    assert [place.seen_at for place in found.places] == [make.now, make.at(5)]
    assert [entry.id for entry in found.entries] == [one, two]


@pytest.mark.parametrize(
    ("words", "since", "found"),
    [
        pytest.param("words-1", 0, "article-1", id="the first with these words is found"),
        pytest.param("words-1", 3, "article-2", id="only those stored since the moment count"),
        pytest.param("words-1", 6, None, id="none since the moment"),
        pytest.param("other", 0, None, id="other words"),
        pytest.param("", 0, None, id="no words"),
    ],
)
def test_find_by_fingerprint(
    store: Store, make: Any, words: str, since: float, found: str | None
) -> None:
    for number, entry_id in enumerate(make.pending(store, "1", "2"), start=1):
        result = make.result(str(number))
        same = replace(result, article=replace(result.article, fingerprint="words-1"))
        store.record_article(entry_id, same, make.at(5 * (number - 1)))
    assert store.find_article_by_fingerprint(words, make.at(since)) == found


def test_find_by_url_knows_nothing_of_strangers(store: Store) -> None:
    assert store.find_article_by_url("https://news.example/1") is None
    assert store.get_article_by_url("https://news.example/1") is None


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"to": ("a", "a")}, StoreError, id="two deliveries to one notifier"),
        pytest.param({"rules": ("r", "r")}, StoreError, id="two decisions of one rule"),
        pytest.param({"naive": True}, ValueError, id="a naive datetime deep in the alert"),
    ],
)
def test_a_refused_result_leaves_nothing_behind(
    store: Store, make: Any, changes: dict[str, Any], error: type[Exception]
) -> None:
    (one,) = make.pending(store, "1")
    naive = changes.pop("naive", False)
    result = make.result("1", **changes)
    if naive:
        result = replace(result, alert=replace(result.alert, published=datetime(2026, 1, 1)))
    with pytest.raises(error) as caught:
        store.record_article(one, result, make.now)
    assert "Report" not in str(caught.value)
    assert store.get_article("article-1") is None
    assert [item.id for item in store.pending_entries(make.now, 9)] == [one]


def test_strangers_are_refused(store: Store, make: Any) -> None:
    (one,) = make.pending(store, "1")
    with pytest.raises(StoreError, match="entry 999"):
        store.record_article(999, make.result("1"), make.now)
    with pytest.raises(StoreError, match="article 'nobody'"):
        store.record_copy(one, "nobody", "https://x.example/", (), make.now)
    assert [item.id for item in store.pending_entries(make.now, 9)] == [one]


def test_broken_texts_of_an_article_never_raise(store: Store, make: Any) -> None:
    (one,) = make.pending(store, "1")
    result = make.result("1", canonical=("https://x.example/\ud800",))
    article = replace(result.article, text="a\x00b\ud800", author="\udfff", tags=("\x00",))
    store.record_article(one, replace(result, article=article), make.now)
    found = store.get_article("article-1")
    assert found is not None
    assert (found.article.text, found.article.author) == ("a\ufffdb\ufffd", "\ufffd")
    assert store.find_article_by_url("https://x.example/\ud800") == "article-1"
