"""The rule cache: the same answers as without it, whatever changes and whatever it holds."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config.rulefiles import find, read_rule_files
from monitor.rulecache import Read, RuleCache
from monitor.rulecachefile import KeptSource
from monitor.rules.book import RuleBook
from monitor.rules.load import load
from monitor.rules.packed import PackedRules
from tests.rules.build import article

FILES = {
    "a.yaml": "rules: [{id: one, match: [Microsoft, Mistral]}, {id: two, match: [gold, gold]}]",
    "b.yaml": "match: {near: {within: 4, all: ['@firms', deal]}}\nlabels: {desk: x}",
    "_lists.yaml": "entities: {firms: [Microsoft, Apple], unused: [x, x]}",
    "filters.yaml": "filters: [{id: f, labels: {desk: x}, none: {in: title, any: [sport]}}]",
}
TEXTS = ["Microsoft and Mistral", "an Apple deal for gold", "a Nokia deal", "nothing"]


class World:
    """A folder with rules and a cache beside it."""

    def __init__(self, root: Path) -> None:
        self.rules = root / "rules"
        self.rules.mkdir()
        self.kept = root / "data" / "rules.cache"
        self.seen: list[tuple[int, int]] = []
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str, age: float = 60) -> None:
        path = self.rules / name
        path.write_text(text)
        when = path.stat().st_mtime - age - len(text) / 1000
        os.utime(path, (when, when))

    def read(self) -> Read:
        return RuleCache(self.kept).read(
            find([self.rules]), self.rules, lambda done, total: self.seen.append((done, total))
        )

    def check(self) -> Read:
        """What the cache gives is what the files give."""
        sources, unreadable = read_rule_files(find([self.rules]), self.rules)
        plain, read = load(sources), self.read()
        assert read.unreadable == unreadable
        assert [source.shown for source in read.sources] == [source.shown for source in sources]
        assert tuple(read.loaded.rules) == tuple(plain.rules)
        assert [rule.place for rule in read.loaded.rules] == [rule.place for rule in plain.rules]
        assert read.loaded.problems == plain.problems
        small, large = RuleBook(read.loaded.rules), RuleBook(plain.rules)
        for text in TEXTS:
            assert small.match(article(text, "sport")) == large.match(article(text, "sport"))
            assert small.match(article(text)) == large.match(article(text))
        return read


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def _nothing(world: World) -> None:
    pass


def _touched(world: World) -> None:
    os.utime(world.rules / "a.yaml")


def _same_size(world: World) -> None:
    path = world.rules / "a.yaml"
    before = path.stat()
    path.write_text(FILES["a.yaml"].replace("Mistral", "Nothing"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))


@pytest.mark.parametrize(
    ("change", "reused"),
    [
        pytest.param(_nothing, 4, id="nothing changed: everything comes from the cache"),
        pytest.param(_touched, 4, id="a new time with the same content"),
        pytest.param(_same_size, 3, id="the same size with another content"),
        pytest.param(lambda w: w.write("a.yaml", "match: Nokia"), 3, id="one file changed"),
        pytest.param(lambda w: w.write("c.yaml", "match: Nokia"), 4, id="a file came"),
        pytest.param(lambda w: (w.rules / "a.yaml").unlink(), 3, id="a file went"),
        pytest.param(lambda w: w.write("_lists.yaml", "entities: {firms: [Nokia]}"), 2, id="a list changed: the rules that name it are read again"),
        pytest.param(lambda w: w.write("_lists.yaml", "entities: {firms: []}"), 2, id="a list broke"),
        pytest.param(lambda w: w.write("_lists.yaml", "entities: {firms: [{all: [x]}]}"), 2, id="a list lost its places"),
        pytest.param(lambda w: (w.rules / "_lists.yaml").unlink(), 2, id="the file with the list went"),
        pytest.param(lambda w: w.write("filters.yaml", "filters: [{id: f, none: {any: [gold]}}]"), 3, id="a filter changed: it lies over reused rules"),
        pytest.param(lambda w: w.write("c.yaml", "{id: one, match: x}"), 0, id="an id that a reused rule has: all is read again"),
        pytest.param(lambda w: w.write("0.yaml", "{id: one, match: {all: []}}"), 0, id="an id that a broken rule takes first"),
        pytest.param(lambda w: w.write("c.yaml", "match: {al: [x]}"), 4, id="a broken file costs only itself"),
        pytest.param(lambda w: w.write("c.yaml", "match: [unclosed"), 4, id="a file that is no YAML"),
        pytest.param(lambda w: w.write("a.yaml", ""), 3, id="a file was emptied"),
    ],
)  # fmt: skip
def test_answers_are_those_of_the_files(
    world: World, change: Callable[[World], object], reused: int
) -> None:
    assert world.check().reused == 0
    assert world.check().reused == 4
    change(world)
    assert world.check().reused == reused
    world.check()


def test_a_file_changed_just_now_is_compared_by_content(world: World) -> None:
    path = world.rules / "a.yaml"
    path.write_text("match: before")
    world.read()
    when = path.stat().st_mtime_ns
    path.write_text("match: after!")
    os.utime(path, ns=(when, when))
    assert world.check().reused == 3


def test_a_list_in_a_text_file_is_read_each_time(world: World) -> None:
    world.write("_lists.yaml", "entities: {firms: {file: firms.txt}}")
    world.write("firms.txt", "Microsoft\n")
    world.check()
    world.check()
    world.write("firms.txt", "Nokia\n")
    world.check()


def _flip(data: bytes) -> bytes:
    return data[:-5] + bytes([data[-5] ^ 1]) + data[-4:]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(_flip, id="a flipped bit"),
        pytest.param(lambda data: data[: len(data) // 2], id="cut in half"),
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: b"\x80\x04" + data, id="something else"),
        pytest.param(lambda data: data.replace(b"news-monitor rules", b"other program", 1), id="another program's"),
    ],
)  # fmt: skip
def test_a_broken_cache_counts_as_none(
    world: World, damage: Callable[[bytes], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    world.read()
    world.kept.write_bytes(damage(world.kept.read_bytes()))
    with caplog.at_level("DEBUG", "monitor.rulecache"):
        assert world.check().reused == 0
    assert [record.levelname for record in caplog.records] == ["DEBUG"]
    assert world.check().reused == 4


def test_other_frequencies_file_the_cached_rules_anew(world: World) -> None:
    world.read()
    other = RuleCache(world.kept, {"microsoft": 900})
    for _ in range(2):
        read = other.read(find([world.rules]), world.rules)
        assert read.reused == 4
        assert isinstance(read.loaded.rules, PackedRules)
        filed = next(read.loaded.rules.filings())
        assert filed.needs is not None
        assert filed.needs.words == {"mistral"}
    assert world.check().reused == 4


def test_a_cache_that_cannot_be_written_is_no_trouble(world: World) -> None:
    world.kept.parent.write_text("a file where the folder should be")
    world.check()


def test_only_the_user_may_read_the_cache(world: World) -> None:
    world.read()
    assert stat.S_IMODE(world.kept.stat().st_mode) == 0o600
    assert [path.name for path in world.kept.parent.iterdir()] == ["rules.cache"]


def test_progress_grows_to_all_bytes(world: World) -> None:
    world.read()
    assert world.seen[-1][0] == world.seen[-1][1] == sum(map(len, FILES.values()))
    assert world.seen == sorted(world.seen)


def test_the_last_version_of_a_file_outlives_it(world: World) -> None:
    before = {source.shown: source for source in world.read().sources}
    world.write("a.yaml", "match: [")
    kept = before["a.yaml"]
    assert isinstance(kept, KeptSource)
    assert [rule.id for rule in load([kept]).rules] == ["one", "two"]
