"""``rules new``: a first rule that runs at once; and ``check`` beside stored articles."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model import Article, Entry, Feed, FeedState
from monitor.store import NewEntry, Result, open_store
from tests.flow.newsroom import Clock

from .conftest import Call, Write

FEEDS = "feeds: [https://example.org/f]\n"


@pytest.mark.parametrize(
    ("things", "name", "fires", "silent"),
    [
        pytest.param(["Microsoft, MSFT", "Mistral AI"], "microsoft-mistral-ai",
                     "MSFT pays for Mistral AI", "Microsoft alone", id="two things, one with two names"),
        pytest.param(["zeppelin*"], "zeppelin", "Two zeppelins", "A ferry", id="one thing"),
        pytest.param(["=Apple", "EU"], "apple-eu", "Apple and the EU", "apple and the EU",
                     id="terms with signs"),
        pytest.param(["Société Générale: fine"], "societe-generale-fine",
                     "Societe Generale: fine", "Generale", id="accents, a colon and quotes"),
        pytest.param(["欧盟", "人工智能"], "欧-盟-人-工", "欧盟 发布 人工智能 法案", "欧盟", id="Chinese"),
    ],
)  # fmt: skip
def test_a_new_rule_runs_and_its_tests_pass(
    call: Call, write: Write, tmp_path: Path, things: list[str], name: str, fires: str, silent: str
) -> None:
    write("config.yaml", FEEDS)
    (tmp_path / "rules").mkdir()
    said = call("rules", "new", *things)
    assert said.code == 0, said.err
    assert [path.stem for path in (tmp_path / "rules").iterdir()] == [name]
    assert call("rules", "test").code == 0
    lines = [{"title": "News", "text": text} for text in (fires, silent)]
    articles = write("a.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    found = call("match", str(articles)).documents
    assert [[match["rule"] for match in each["matches"]] for each in found] == [[name], []]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param([], 'rules new "Microsoft, MSFT"', id="nothing, with nobody to ask"),
        pytest.param([","], "without a word", id="a comma only"),
        pytest.param(["..."], "rules/draft.yaml:6:9:", id="signs that are no words"),
        pytest.param(["@nobody"], "no list is named 'nobody'", id="a list that is not there"),
        pytest.param(["x", "--id", "a/b"], "is no id", id="an id that is no file name"),
        pytest.param(["x", "--id", "taken"], "runs already", id="an id that a rule has"),
        pytest.param(["x", "--id", "file"], "exists already", id="a file that exists"),
    ],
)
def test_what_makes_no_rule_is_refused_and_nothing_is_written(
    call: Call, write: Write, tmp_path: Path, arguments: list[str], told: str
) -> None:
    write("config.yaml", FEEDS)
    write("rules/other.yaml", "id: taken\nmatch: [ferry]\n")
    write("rules/file.yaml", "id: within\nmatch: [ferry]\n")
    said = call("rules", "new", *arguments)
    assert said.code == 2
    assert told in said.err
    assert sorted(path.name for path in (tmp_path / "rules").iterdir()) == [
        "file.yaml",
        "other.yaml",
    ]


def test_printing_writes_nothing(call: Call, write: Write, tmp_path: Path) -> None:
    write("config.yaml", FEEDS)
    (tmp_path / "rules").mkdir()
    said = call("rules", "new", "ferry", "--print", "--title", "Ships")
    assert (said.code, "title: Ships" in said.out) == (0, True)
    assert not list((tmp_path / "rules").iterdir())


def stored(folder: Path, texts: list[str]) -> None:
    """A store that holds articles with these texts."""
    clock = Clock()
    feed = "https://news.example/feed"
    store = open_store(folder, lock=True)
    store.sync_feeds([Feed(feed)])
    entries = [
        NewEntry(Entry(str(n), f"https://news.example/{n}", "News")) for n in range(len(texts))
    ]
    store.record_poll(FeedState(feed, last_polled_at=clock()), entries)
    for each in store.pending_entries(clock(), 1000):
        n = int(each.entry.id)
        article = Article(str(n), f"https://news.example/{n}", "News", texts[n])
        store.record_article(each.id, Result(article, ()), clock() - timedelta(minutes=n))
    store.close()


@pytest.mark.parametrize(
    ("sport", "warned"),
    [
        pytest.param(5, True, id="a none that takes a third of the hits"),
        pytest.param(1, False, id="a none that takes one of many"),
    ],
)
def test_check_says_what_an_exclusion_costs_on_the_stored_articles(
    call: Call, write: Write, tmp_path: Path, sport: int, warned: bool
) -> None:
    write("config.yaml", FEEDS)
    write("rules/r.yaml", "id: r\ntitle: R\nmatch: {all: [ferry], none: [sport]}\n"
          "tests:\n  - fires: A ferry.\n  - {silent: Ferry sport., because: none}\n")  # fmt: skip
    stored(tmp_path / "data", ["A ferry."] * 10 + ["A ferry and sport."] * sport)
    said = call("check")
    assert said.code == 0
    assert ("[none-removes-much]" in said.err) == warned, said.err


def test_check_beside_a_store_that_cannot_be_read(call: Call, write: Write) -> None:
    write("config.yaml", FEEDS)
    write("rules/r.yaml", "id: r\ntitle: R\nmatch: [ferry]\n")
    write("data/news-monitor.db", "no database" * 1000)
    said = call("check")
    assert said.code == 0
    assert "what rules did to stored articles is not checked" in said.err


def test_show_tells_source_last_day_and_filters(call: Call, write: Write) -> None:
    write("rules/r.yaml", "id: r\nmatch: [ferry]\nexpires: 2099-01-31\n"
          "source: {languages: [en, de], max_age: 6h, min_words: 50}\n")  # fmt: skip
    write("rules/f.yaml", "filters: [{id: no-sport, none: [sport]}]\n")
    said = call("rules", "show", "r")
    for line in ("only in these languages: en, de", "only articles published in the last 6 hours",
                 "only texts of at least 50 words", "rests after 2099-01-31",
                 "filter no-sport (rules/f.yaml:1:11)"):  # fmt: skip
        assert line in said.out.splitlines(), said.out
    (shown,) = call("rules", "show", "r", "--json").documents
    assert shown["source"] == {"languages": ["en", "de"], "max_age": 21600.0, "min_words": 50}
    assert (shown["expires"], shown["filters"]) == (
        "2099-01-31", [{"id": "no-sport", "none": ["sport"]}],
    )  # fmt: skip
