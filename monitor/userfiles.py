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

from monitor.config.rulefiles import RuleSource, find, read_rule_files
from monitor.located import Problem
from monitor.rules.book import RuleBook
from monitor.rules.examples import run_examples
from monitor.rules.load import load
from monitor.rules.rule import Rule

if TYPE_CHECKING:
    from monitor.config.settings import Settings

CONFIG_NAME: Final = "config.yaml"


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """Rules as they run, the sources they came from, and what is wrong with the files now."""

    book: RuleBook
    sources: tuple[RuleSource, ...]
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


def read_rules(
    paths: Sequence[Path],
    before: RuleFiles | None = None,
    notifiers: Sequence[str] | None = None,
) -> RuleFiles:
    """Read all rule files below ``paths``.

    ``before``: what runs now; a file that has mistakes, or whose tests fail, keeps the version that
    runs, if that is better. ``notifiers``: the names that ``alert: {notify: …}`` may use; None: not
    judged.
    """
    files = find(paths)
    sources, unreadable = read_rule_files(files, Path.cwd())
    loaded = load(sources)
    problems = [*unreadable, *loaded.problems]
    kept: set[str] = set()
    rules: Sequence[Rule] = loaded.rules
    if before is not None:
        good = {source.shown: source for source in before.sources}
        broken = {problem.place.path for problem in problems if problem.severity == "error"}
        kept = broken & good.keys()
        if kept:
            sources = _merged(sources, good, kept)
            rules = load(sources).rules
        worse, failures = _worse(rules, sources, before)
        if worse:
            kept |= worse
            problems += failures
            sources = _merged(sources, good, worse)
            rules = load(sources).rules
    if notifiers is not None:
        problems.extend(_unknown_notifiers(rules, notifiers))
    return RuleFiles(RuleBook(rules), tuple(sources), tuple(problems), tuple(sorted(kept)))


def _merged(
    sources: Sequence[RuleSource], good: Mapping[str, RuleSource], kept: set[str]
) -> tuple[RuleSource, ...]:
    """The sources in the order of their names, those in ``kept`` as they were."""
    by_name = {source.shown: source for source in sources}
    by_name.update((name, good[name]) for name in kept)
    return tuple(by_name[name] for name in sorted(by_name))


def _worse(
    rules: Sequence[Rule], sources: Sequence[RuleSource], before: RuleFiles
) -> tuple[set[str], list[Problem]]:
    """The files whose running version is to be kept, because tests fail that passed, and where.

    Where the file with the failing test did not change, a list or filter of another did: then all
    changed files with lists or filters are kept.
    """
    known = {rule.id: rule for rule in before.book.rules}
    changed = [rule for rule in rules if known.get(rule.id) != rule]
    failed = [result for result in run_examples(changed) if not result.passed]
    if not failed:
        return set(), []
    good = {source.shown: source for source in before.sources}
    new = {source.shown for source in sources if good.get(source.shown) != source}
    shared = {
        source.shown for source in sources
        if source.node.get("entities") is not None or source.node.get("filters") is not None
    }  # fmt: skip
    bad_before = {
        result.test.place.path for result in run_examples(before.book.rules) if not result.passed
    }
    worse: set[str] = set()
    problems: list[Problem] = []
    for result in failed:
        path = result.test.place.path
        guilty = {path} if path in new else new & shared
        if path in bad_before or not guilty & good.keys():
            continue  # nothing better to go on with
        worse |= guilty & good.keys()
        problems.append(
            Problem(result.test.place, f"the test fails: {result.rule_id} {result.message}")
        )
    return worse, problems


def _unknown_notifiers(rules: Sequence[Rule], notifiers: Sequence[str]) -> list[Problem]:
    found: list[Problem] = []
    for rule in rules:
        for name, place in zip(rule.notify or (), rule.notify_places, strict=False):
            if name not in notifiers:
                close = get_close_matches(name, notifiers, n=1)
                mend = f"Did you mean '{close[0]}'?" if close else (
                    f"Known in config.yaml: {', '.join(notifiers) or 'none'}")  # fmt: skip
                found.append(Problem(place, f"no notifier is named '{name}'. {mend}"))
    return found
