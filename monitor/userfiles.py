"""The user's files together: config.yaml and the rule files, first read and read again.

Layer 4. A file with a mistake never stops the others: at a reload the last good version of that
file keeps running; at the first reading its good rules run.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monitor.config.rulefiles import find, read_rule_files
from monitor.located import Problem
from monitor.rulecache import NAME as RULE_CACHE
from monitor.rulecache import NOTHING, Progress, Read, RuleCache, no_collecting
from monitor.rules.book import RuleBook
from monitor.rules.changes import changes, with_tests
from monitor.rules.examples import run_examples
from monitor.rules.frequencies import SHIPPED
from monitor.rules.load import Source, load
from monitor.rules.packed import PackedRules
from monitor.rules.rule import Rule
from monitor.wordtable import word_table

if TYPE_CHECKING:
    from monitor.config.settings import Settings

CONFIG_NAME: Final = "config.yaml"


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """Rules as they run, the sources they came from, and what is wrong with the files now."""

    book: RuleBook
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    kept: tuple[str, ...] = ()  # files whose last good version runs on

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that are no mere warnings."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


@dataclass(frozen=True, slots=True)
class UserFiles:
    """Everything the user wrote. ``settings_problems`` are those of config.yaml."""

    config_path: Path
    settings: "Settings"
    rules: RuleFiles
    settings_problems: tuple[Problem, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems of all files, in file order."""
        return (*self.settings_problems, *self.rules.problems)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that are no mere warnings."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def shipped() -> Path:
    """The folder with the shipped config.yaml and rules/: the package's, or the checkout's."""
    packaged = Path(__file__).parent / "shipped"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent


def find_config(given: Path | None) -> tuple[Path, bool]:
    """The config file to use, and whether it is the shipped one for want of the user's own."""
    if given is not None:
        return given, False
    own = Path(CONFIG_NAME)
    return (own, False) if own.exists() else (shipped() / CONFIG_NAME, True)


def read_settings(
    path: Path, *, is_shipped: bool, environ: Mapping[str, str] | None = None
) -> tuple["Settings | None", tuple[Problem, ...]]:
    """Settings of a config file. The shipped one keeps its data in the current folder, and takes
    the rules there if there are any."""
    from monitor.config.settings import load_settings  # slow to import, and ``match`` needs none

    settings, problems = load_settings(path, os.environ if environ is None else environ)
    if settings is not None and is_shipped:
        own = Path.cwd() / "rules"
        rules = (own,) if own.is_dir() else settings.rules
        settings = replace(settings, data=Path.cwd() / "data", rules=rules)
    return settings, problems


def rule_cache(data: Path) -> RuleCache | None:
    """The cache of a data folder; None where that folder does not exist yet."""
    return RuleCache(data / RULE_CACHE, word_table(data)) if data.is_dir() else None


def read_rules(
    paths: Sequence[Path],
    before: RuleFiles | None = None,
    notifiers: Sequence[str] | None = None,
    *,
    cache: RuleCache | None = None,
    progress: Progress | None = None,
) -> RuleFiles:
    """Read all rule files below ``paths``.

    ``before``: what runs now; a file that has mistakes, or whose tests fail, keeps the version that
    runs, if that is better. ``notifiers``: the names that ``alert: {notify: …}`` may use; None: not
    judged. ``cache``: where files that did not change are taken from. ``progress`` is told how many
    bytes of rule files are done, and how many there are.
    """
    with no_collecting():
        return _read_rules(find(paths), before, notifiers, cache, progress)


def _read_rules(
    files: Sequence[Path],
    before: RuleFiles | None,
    notifiers: Sequence[str] | None,
    cache: RuleCache | None,
    progress: Progress | None,
) -> RuleFiles:
    read = _read(files, cache, progress)
    problems = [*read.unreadable, *read.loaded.problems]
    kept: dict[str, Source] = {}
    if before is not None:
        good = {source.shown: source for source in before.sources}
        broken = {problem.place.path for problem in problems if problem.severity == "error"}
        kept = {name: good[name] for name in sorted(broken & good.keys())}
        if kept:
            read = _read(files, cache, None, kept)
        worse, failures = _worse(read, before)
        if worse:
            problems += failures
            kept.update((name, good[name]) for name in sorted(worse))
            read = _read(files, cache, None, kept)
    rules = read.loaded.rules
    if notifiers is not None:
        problems.extend(_unknown_notifiers(rules, notifiers))
    frequencies = SHIPPED if cache is None else cache.frequencies
    book = RuleBook(rules, frequencies)
    return RuleFiles(book, tuple(read.sources), tuple(problems), tuple(sorted(kept)))


def _read(
    files: Sequence[Path],
    cache: RuleCache | None,
    progress: Progress | None,
    instead: Mapping[str, Source] = NOTHING,
) -> Read:
    """The rules of the files; ``instead`` takes the place of some, by their shown path."""
    if cache is not None:
        return cache.read(files, Path.cwd(), progress, instead)
    read, unreadable = read_rule_files(files, Path.cwd())
    by_name: dict[str, Source] = {source.shown: source for source in read}
    by_name.update(instead)
    sources = tuple(by_name[name] for name in sorted(by_name)) if instead else read
    return Read(sources, unreadable, load(sources))


def _worse(read: Read, before: RuleFiles) -> tuple[set[str], list[Problem]]:
    """The files whose running version is to be kept, because tests fail that passed, and where.

    Where the file with the failing test did not change, a list or filter of another did: then all
    changed files with lists or filters are kept.
    """
    found = changes(before.book.rules, read.loaded.rules).changed
    failed = [result for result in run_examples(each.rule for each in found) if not result.passed]
    if not failed:
        return set(), []
    good = {source.shown: source for source in before.sources}
    new = [source for source in read.sources if good.get(source.shown) != source]
    changed = {source.shown for source in new}
    shared = {source.shown for source in new if source.shared.pairs}
    bad_before = {
        result.test.place.path
        for result in run_examples(with_tests(before.book.rules))
        if not result.passed
    }
    worse: set[str] = set()
    problems: list[Problem] = []
    for result in failed:
        path = result.test.place.path
        guilty = {path} if path in changed else shared
        if path in bad_before or not guilty & good.keys():
            continue  # nothing better to go on with
        worse |= guilty & good.keys()
        problems.append(
            Problem(result.test.place, f"the test fails: {result.rule_id} {result.message}")
        )
    return worse, problems


def _unknown_notifiers(rules: Sequence[Rule], notifiers: Sequence[str]) -> list[Problem]:
    found: list[Problem] = []
    naming = rules.having("notify") if isinstance(rules, PackedRules) else rules
    for rule in naming:
        for name, place in zip(rule.notify or (), rule.notify_places, strict=False):
            if name not in notifiers:
                close = get_close_matches(name, notifiers, n=1)
                mend = f"Did you mean '{close[0]}'?" if close else (
                    f"Known in config.yaml: {', '.join(notifiers) or 'none'}")  # fmt: skip
                found.append(Problem(place, f"no notifier is named '{name}'. {mend}"))
    return found
