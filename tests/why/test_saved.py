"""What the running program says of saved rules, and which version of a file runs."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model import Article, Entry, Feed, FeedState
from monitor.rulecache import RuleCache
from monitor.rules.backtest import Comparison, Report
from monitor.rules.book import RuleBook
from monitor.store import NewEntry, Result, open_store
from monitor.userfiles import RuleFiles, read_rules
from monitor.why.past import would_have_done
from monitor.why.saved import Archive, SavedRules, counted
from tests.flow.newsroom import Clock
from tests.rules.build import book

FEED = "https://news.example/feed"
GOOD = 'id: ferries\nmatch: [ferry]\ntests:\n  - fires: "A ferry."\n'
WORSE = 'id: ferries\nmatch: [zeppelin]\ntests:\n  - fires: "A ferry."\n'
BROKEN = "id: ferries\nmatch: {anny: [ferry]}\n"
UNTESTED = "id: ferries\nmatch: [zeppelin]\n"


def archive(folder: Path, *texts: str) -> Archive:
    """A store with these articles, the first of them stored last, all within a day."""
    clock = Clock()
    store = open_store(folder, lock=True)
    store.sync_feeds([Feed(FEED)])
    entries = [
        NewEntry(Entry(str(n), f"https://news.example/{n}", "News")) for n in range(len(texts))
    ]
    store.record_poll(FeedState(FEED, last_polled_at=clock()), entries)
    for each in store.pending_entries(clock(), 1000):
        number = int(each.entry.id)
        article = Article(str(number), f"https://news.example/{number}", "News", texts[number])
        store.record_article(each.id, Result(article, ()), clock() - timedelta(minutes=number))
    store.close()
    return Archive(folder, 72 * 3600, clock())


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged, with its fields."""
    return [
        " ".join(
            [record.getMessage(), *(f"{k}={v}" for k, v in getattr(record, "fields", {}).items())]
        )
        for record in caplog.records
    ]


def tell(before: RuleBook, after: RuleBook, where: Archive) -> None:
    async def told() -> None:
        news = SavedRules()
        news.tell(before, after, where)
        await asyncio.gather(*news._telling)
        await news.close()

    asyncio.run(told())


EMPTY = RuleBook([])
PASSING = "tests:\n  - fires: A ferry.\n  - silent: A bus.\n"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            "", f"id: r\nmatch: [ferry]\n{PASSING}",
            ["rule loaded rule=r tests=2 tests pass would_have_fired=2 times in 30 days"],
            id="a new rule, its tests and its past",
        ),
        pytest.param(
            "id: r\nmatch: [ferry]\n", "id: r\nmatch: [train]\n",
            ["rule changed rule=r tests=none would_have_fired=1 time in 30 days (+1 -2)"],
            id="an edited rule, against the version before",
        ),
        pytest.param("id: r\nmatch: [ferry]\n", "", ["rule removed rule=r"], id="a rule that went"),
        pytest.param("id: r\nmatch: [ferry]\n", "id: r\nmatch: [ferry]\n", [], id="nothing changed"),
        pytest.param(
            "", "id: r\nmatch: [ferry]\ntests:\n  - fires: A bus.\n",
            ["rule loaded rule=r tests=1 of 1 tests fail would_have_fired=2 times in 30 days",
             "a.yaml:4:5: the test fails: r should fire and is silent"],
            id="a failing test, with its place",
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_saved_rules(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, before: str, after: str, expected: list[str]
) -> None:
    where = archive(tmp_path / "data", "A ferry.", "A train.", "A ferry.", "A bus.")
    caplog.set_level(logging.INFO, "monitor.why.saved")
    tell(book(before) if before else EMPTY, book(after) if after else EMPTY, where)
    assert lines(caplog) == expected


def test_without_a_store_the_line_comes_without_the_past(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "monitor.why.saved")
    where = Archive(tmp_path / "none", 3600.0, Clock()())
    tell(EMPTY, book("id: r\nmatch: [ferry]\n"), where)
    assert lines(caplog) == ["rule loaded rule=r tests=none"]


def test_a_database_that_cannot_be_read_costs_only_the_count(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "monitor.why.saved")
    (tmp_path / "news-monitor.db").write_bytes(b"no database" * 1000)
    tell(EMPTY, book("id: r\nmatch: [ferry]\n"), Archive(tmp_path, 3600.0, Clock()()))
    assert [line.split(":")[0] for line in lines(caplog)] == [
        "cannot say what the rule would have done", "rule loaded rule=r tests=none",
    ]  # fmt: skip


def test_counting_is_bounded_and_gives_up_when_told(tmp_path: Path) -> None:
    where = archive(tmp_path / "data", *["A ferry."] * 9)
    pair = Comparison(book("id: r\nmatch: [ferry]\n").rules[0], "nothing")
    report = would_have_done(where.data, [pair], where.max_age, where.now, most=4, turn=0.0)
    assert report is not None
    assert (report.articles, report.outcomes[0].hits) == (4, 4)
    asked: list[int] = []

    def go_on() -> bool:
        asked.append(1)
        return len(asked) < 2

    assert would_have_done(where.data, [pair], where.max_age, where.now, go_on, turn=0.0) is None
    assert len(asked) == 2


def test_a_slow_count_comes_later_and_holds_nothing_up(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The rule is told at once; the loop goes on; the figure follows in a line of its own."""
    where = archive(tmp_path / "data", "A ferry.")
    caplog.set_level(logging.INFO, "monitor.why.saved")
    gate = threading.Event()

    def slow(
        where: Archive, pairs: Sequence[Comparison], go_on: Callable[[], bool]
    ) -> Report | None:
        assert threading.current_thread().name.startswith("backtest")
        assert gate.wait(10)
        return counted(where, pairs, go_on)

    async def told() -> None:
        news = SavedRules(patience=0.01, count=slow)
        news.tell(EMPTY, book("id: r\nmatch: [ferry]\n"), where)
        while not lines(caplog):
            await asyncio.sleep(0.005)  # the loop is free while the thread waits
        assert lines(caplog) == ["rule loaded rule=r tests=none"]
        gate.set()
        await asyncio.gather(*news._telling)
        await news.close()

    asyncio.run(asyncio.wait_for(told(), 10))
    assert lines(caplog)[1:] == ["rule tried on the past rule=r would_have_fired=1 time in 30 days"]


WITHOUT_CACHE: dict[int, RuleFiles] = {}  # by the id of what the cache gave


def read(folder: Path, before: RuleFiles | None = None, **files: str | None) -> RuleFiles:
    """Write (None: delete) rule files by their stem, and read the folder; the cache changes
    nothing."""
    folder.mkdir(exist_ok=True)
    for stem, text in files.items():
        path = folder / f"{stem}.yaml"
        if text is None:
            path.unlink()
        else:
            path.write_text(text)
    cached = read_rules([folder], before, cache=RuleCache(folder.parent / "rules.cache"))
    plain = read_rules([folder], None if before is None else WITHOUT_CACHE[id(before)])
    WITHOUT_CACHE[id(cached)] = plain
    assert tuple(cached.book.rules) == tuple(plain.book.rules)
    assert (cached.problems, cached.kept) == (plain.problems, plain.kept)
    return cached


def words(files: RuleFiles) -> list[str]:
    """Which of three articles fire anything."""
    texts = ("A ferry.", "A zeppelin.", "A barge.")
    return [text for text in texts if files.book.match(Article("a", "", "", text))]


@pytest.mark.parametrize(
    ("first", "then", "fires", "kept"),
    [
        pytest.param(GOOD, WORSE, "A ferry.", True, id="a file whose test fails keeps its last good version"),
        pytest.param(GOOD, BROKEN, "A ferry.", True, id="and so does a file with a mistake"),
        pytest.param(GOOD, UNTESTED, "A zeppelin.", False, id="a file without tests is taken"),
        pytest.param(WORSE, WORSE + "title: New\n", "A zeppelin.", False, id="where the version before failed too, nothing is better"),
        pytest.param(UNTESTED, WORSE, "A zeppelin.", True, id="a version without tests is better than one that fails"),
    ],
)  # fmt: skip
def test_which_version_runs(tmp_path: Path, first: str, then: str, fires: str, kept: bool) -> None:
    before = read(tmp_path / "rules", ferries=first)
    after = read(tmp_path / "rules", before, ferries=then)
    assert words(after) == [fires]
    assert bool(after.kept) == kept
    assert bool(after.errors) == kept


def test_the_failing_test_is_named_with_its_place(tmp_path: Path) -> None:
    before = read(tmp_path / "rules", ferries=GOOD)
    after = read(tmp_path / "rules", before, ferries=WORSE)
    (problem,) = after.errors
    assert str(problem).endswith(
        "ferries.yaml:4:5: the test fails: ferries should fire and is silent"
    )
    mended = read(tmp_path / "rules", after, ferries=GOOD + "title: Mended\n")
    assert (mended.kept, mended.errors, words(mended)) == ((), (), ["A ferry."])
    gone = read(tmp_path / "rules", after, ferries=None)
    assert words(gone) == [], "a deleted file is no broken one"


def test_a_new_file_whose_tests_fail_runs_since_nothing_is_better(tmp_path: Path) -> None:
    before = read(tmp_path / "rules", other="id: other\nmatch: [barge]\n")
    after = read(tmp_path / "rules", before, ferries=WORSE)
    assert (after.kept, words(after)) == ((), ["A zeppelin.", "A barge."])


def test_a_list_that_breaks_the_tests_of_another_file_is_kept(tmp_path: Path) -> None:
    using = 'id: boats\nmatch: ["@boats"]\ntests:\n  - fires: "A ferry."\n'
    before = read(tmp_path / "rules", _lists="entities: {boats: [ferry]}\n", using=using)
    after = read(tmp_path / "rules", before, _lists="entities: {boats: [barge]}\n", other=UNTESTED)
    assert [Path(name).name for name in after.kept] == ["_lists.yaml"]
    assert words(after) == ["A ferry.", "A zeppelin."]


def test_one_bad_file_holds_up_no_other(tmp_path: Path) -> None:
    before = read(tmp_path / "rules", ferries=GOOD, other="id: other\nmatch: [bus]\n")
    after = read(tmp_path / "rules", before, ferries=WORSE, other="id: other\nmatch: [barge]\n")
    assert words(after) == ["A ferry.", "A barge."]
