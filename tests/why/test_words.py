"""The table of rare words: learned from stored articles, kept, and doubted when it is damaged."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.model import Article, Entry, Feed, FeedState
from monitor.rules.frequencies import ENOUGH, SHIPPED
from monitor.store import NewEntry, Result, open_store
from monitor.wordlearning import learn_words
from monitor.wordtable import NAME, word_table
from tests.flow.newsroom import Clock

FEED = "https://news.example/feed"
NOW = Clock()()


def store_with(folder: Path, number: int) -> Path:
    """A store with so many articles: "ferry" in each, "zeppelin" in every tenth."""
    store = open_store(folder, lock=True)
    store.sync_feeds([Feed(FEED)])
    entries = [NewEntry(Entry(str(n), f"https://news.example/{n}", "News")) for n in range(number)]
    store.record_poll(FeedState(FEED, last_polled_at=NOW), entries)
    for each in store.pending_entries(NOW, 10 * number):
        n = int(each.entry.id)
        text = f"A ferry {'and a zeppelin ' if n % 10 == 0 else ''}number{n}."
        article = Article(str(n), f"https://news.example/{n}", "News", text)
        store.record_article(each.id, Result(article, ()), NOW)
    store.close()
    return folder


def test_words_are_learned_once_a_week(tmp_path: Path) -> None:
    data = store_with(tmp_path / "data", ENOUGH)
    assert learn_words(data, NOW)
    assert word_table(data)["ferry"] == 1000
    assert word_table(data)["zeppelin"] == 100
    assert word_table(data)["number7"] == 5
    written = datetime.fromtimestamp((data / NAME).stat().st_mtime, NOW.tzinfo)
    assert not learn_words(data, written + timedelta(days=6))
    assert learn_words(data, written + timedelta(days=8))
    assert [path.name for path in data.glob("*.part")] == []


@pytest.mark.parametrize(
    "articles", [pytest.param(0, id="an empty store"), pytest.param(5, id="a young store")]
)
def test_few_articles_teach_nothing(tmp_path: Path, articles: int) -> None:
    data = store_with(tmp_path / "data", articles)
    assert not learn_words(data, NOW)
    assert word_table(data) is SHIPPED


def test_without_a_store_there_is_nothing_to_learn(tmp_path: Path) -> None:
    assert not learn_words(tmp_path, NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_cannot_be_read_teaches_nothing(tmp_path: Path) -> None:
    (tmp_path / "news-monitor.db").write_bytes(b"no database" * 1000)
    assert not learn_words(tmp_path, NOW)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[1]", id="no mapping"),
        pytest.param(b"{}", id="no words"),
        pytest.param(b'{"a": "x"}', id="a text where a number belongs"),
        pytest.param(b'{"a": true}', id="a yes where a number belongs"),
        pytest.param(b"\xff\x00", id="no text at all"),
        pytest.param(b'{"a": 1' + b" " * 5_000_000 + b"}", id="far too large"),
        pytest.param(b"[" * 100_000, id="nested too deep"),
    ],
)
def test_a_damaged_table_counts_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    assert word_table(tmp_path) is SHIPPED


def test_a_table_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    data = store_with(tmp_path / "data", ENOUGH)
    (data / f"{NAME}.{os.getpid()}.part").mkdir()
    assert not learn_words(data, NOW)
