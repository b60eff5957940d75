"""The user's files together: config.yaml and the rule files, first read and read again.

Layer 4. A file with a mistake never stops the others: at a reload the last good version of that
file keeps running; at the first reading its good rules run.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from monitor.config.rulefiles import RuleSource, find, read_rule_files
from monitor.config.settings import Settings, load_settings
from monitor.located import Problem
from monitor.rules.book import RuleBook
from monitor.rules.load import load
from monitor.rules.rule import Rule

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
    settings: Settings
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
) -> tuple[Settings | None, tuple[Problem, ...]]:
    """Settings of a config file. The shipped one keeps its data in the current folder."""
    settings, problems = load_settings(path, os.environ if environ is None else environ)
    if settings is not None and is_shipped:
        settings = replace(settings, data=Path.cwd() / "data")
    return settings, problems


def read_rules(
    paths: Sequence[Path],
    before: RuleFiles | None = None,
    notifiers: Sequence[str] | None = None,
) -> RuleFiles:
    """Read all rule files below ``paths``.

    ``before``: what runs now; a file that is worse than the version running keeps that version.
    ``notifiers``: the names that ``alert: {notify: …}`` may use; None: not judged.
    """
    files = find(paths)
    sources, unreadable = read_rule_files(files, Path.cwd())
    loaded = load(sources)
    problems = [*unreadable, *loaded.problems]
    kept: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = loaded.rules
    broken = {problem.place.path for problem in problems if problem.severity == "error"}
    if before is not None and broken:
        good = {source.shown: source for source in before.sources}
        present = {_shown(path) for path in files}
        kept = tuple(sorted(broken & good.keys() & (present | broken)))
        by_name = {source.shown: source for source in sources}
        merged = [good[name] if name in kept else by_name[name]
                  for name in sorted({*by_name, *kept})]  # fmt: skip
        sources = tuple(merged)
        rules = load(sources).rules
    if notifiers is not None:
        problems.extend(_unknown_notifiers(rules, notifiers))
    return RuleFiles(RuleBook(rules), tuple(sources), tuple(problems), kept)


def _shown(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


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
