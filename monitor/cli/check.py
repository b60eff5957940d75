"""``check``: config and rules, all mistakes at once with places; runs the rules' tests.

Layer 5. Exit 0: nothing found; 1: a test fails; 2: a file has mistakes.
"""

import os
import stat
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from monitor.channels import build_channels
from monitor.cli.output import clean_line, complain, count, emit, problem_lines, say
from monitor.cli.user import config_path, json_option, rules_beside, say_shipped
from monitor.config import yamlfile
from monitor.config.notifiersection import read_notifiers
from monitor.config.settings import NotifierSettings, Settings
from monitor.errors import MonitorError
from monitor.located import Mapping, Place, Problem
from monitor.model import Article
from monitor.rules.examples import ExampleResult, run_examples
from monitor.rules.lint import FIXABLE, fix, lint
from monitor.rules.load import Loaded
from monitor.store import FILE_NAME, open_store
from monitor.userfiles import CONFIG_NAME, RuleFiles, read_rules, read_settings, shipped

_MOST_ROUNDS = 5
MOST_ARTICLES = 2_000  # stored ones, the newest: enough to say what an exclusion costs


@dataclass(frozen=True, slots=True)
class _Looked:
    """What there is. ``feeds`` None: the config has mistakes, so nobody can count them."""

    problems: tuple[Problem, ...]
    rules: RuleFiles
    feeds: int | None


@click.command("check")
@click.option("--fix", "mend", is_flag=True, help="Mend in rule files what can be mended safely.")
@json_option
@click.pass_context
def command(context: click.Context, mend: bool, as_json: bool) -> int:
    """Check config and rules: all mistakes at once; run the rules' tests; warn of traps.

    What each warning means stands in docs/rules-lint.md, under the name in brackets.
    """
    path, is_shipped = config_path(context)
    if is_shipped:
        say_shipped(path)
    looked = _look(path, is_shipped=is_shipped)
    if mend:
        for _ in range(_MOST_ROUNDS):  # edits that overlap wait for the next round
            if not _mend(looked):
                break
            looked = _look(path, is_shipped=is_shipped)
    results = run_examples(looked.rules.book.rules)
    failed = [result for result in results if not result.passed]
    errors = [problem for problem in looked.problems if problem.severity == "error"]
    if as_json:
        emit(_document(looked.problems, looked.rules, results))
    else:
        problem_lines(looked.problems)
        for result in failed:
            complain(_failure(result))
        say(_summary(looked, errors, results))
    if errors:
        return 2
    return 1 if failed else 0


def _look(path: Path, *, is_shipped: bool) -> _Looked:
    """Config, notifiers and rules, in this order; each file's problems in its own order."""
    settings, told = read_settings(path, is_shipped=is_shipped)
    more = _notifier_problems(settings, path)
    of_config = sorted({*told, *more}, key=lambda problem: (problem.place, problem.message))
    articles: tuple[Article, ...] = ()
    if settings is None:
        rules = read_rules(rules_beside(path))
    else:
        names = tuple(notifier.name for notifier in settings.notifiers)
        rules = read_rules(settings.rules, notifiers=names)
        articles = _stored(settings.data)
    files = {problem.place.path: at for at, problem in reversed([*enumerate(rules.problems)])}
    loaded = Loaded(rules.book.rules, rules.problems)
    warned = lint(
        rules.sources, loaded, today=datetime.now(_zone(settings)).date(), articles=articles
    )
    for number, source in enumerate(rules.sources):
        files.setdefault(source.shown, number + len(rules.problems))
    of_rules = sorted(
        dict.fromkeys([*rules.problems, *warned]),
        key=lambda problem: (files.get(problem.place.path, len(files)), problem.place),
    )
    feeds = None if settings is None else len(settings.feeds)
    return _Looked((*of_config, *of_rules), rules, feeds)


def _zone(settings: Settings | None) -> tzinfo:
    return UTC if settings is None else ZoneInfo(settings.timezone)


def _stored(data: Path) -> tuple[Article, ...]:
    """The newest stored articles; none where there is no store, or it cannot be read."""
    if not (data / FILE_NAME).exists():
        return ()
    try:
        with closing(open_store(data, read_only=True)) as store:
            return tuple(past.article for past in store.past_articles(most=MOST_ARTICLES))
    except MonitorError as error:
        complain(clean_line(f"what rules did to stored articles is not checked: {error}"))
        return ()


def _mend(looked: _Looked) -> int:
    """Write rule files anew with what can be mended; how many mistakes that were."""
    mended = 0
    for source in looked.rules.sources:
        own = [p for p in looked.problems if p.place.path == source.shown and p.code in FIXABLE]
        if own:
            mended += _mend_file(Path(source.shown), own)
    return mended


def _mend_file(shown: Path, problems: list[Problem]) -> int:
    """Mend one file in one step: line ends, mode and a link to it stay as they are."""
    file = shown.resolve()
    part = file.with_name(f".{file.stem[:100]}.mended")
    try:
        before = file.read_bytes().decode("utf-8")
        after, mended = fix(before, problems)
        if after == before:
            return 0
        part.write_bytes(after.encode("utf-8"))
        part.chmod(stat.S_IMODE(file.stat().st_mode))
        part.replace(file)
    except (OSError, UnicodeError) as error:
        part.unlink(missing_ok=True)
        complain(f"{shown}: cannot be mended ({getattr(error, 'strerror', None) or error})")
        return 0
    for problem in mended:
        complain(clean_line(f"{problem.place}: mended [{problem.code}]"))
    return len(mended)


def _notifier_problems(settings: Settings | None, path: Path) -> tuple[Problem, ...]:
    """Wrong types and options of notifiers, also where something else is wrong with the file."""
    if settings is None:
        stand_in, _ = read_settings(shipped() / CONFIG_NAME, is_shipped=True)
        notifiers = _readable_notifiers(path)
        if stand_in is None or not notifiers:
            return ()
        settings = replace(stand_in, notifiers=notifiers)
    try:
        _, told = build_channels(settings, path, os.environ)
    except MonitorError as error:
        return (Problem(Place(str(path), 1, 1), str(error)),)
    return told


def _readable_notifiers(path: Path) -> tuple[NotifierSettings, ...]:
    """The notifiers of a config with mistakes that are whole themselves.

    None are judged where the file names plugin folders: their types may live there.
    """
    node, _ = yamlfile.read(path)
    if not isinstance(node, Mapping) or node.get("plugins") or not node.get("notifiers"):
        return ()
    return read_notifiers(node)[0]


def _summary(looked: _Looked, errors: list[Problem], results: list[ExampleResult]) -> str:
    feeds = "feeds unknown" if looked.feeds is None else count(looked.feeds, "feed")
    passed = sum(result.passed for result in results)
    warnings = len(looked.problems) - len(errors)
    return (
        f"{feeds}, {count(len(looked.rules.book.rules), 'rule')}: "
        f"{count(len(errors), 'error')}, {count(warnings, 'warning')}; "
        f"{passed} of {count(len(results), 'test')} pass"
    )


def _failure(result: ExampleResult) -> str:
    return clean_line(f"{result.test.place}: test of {result.rule_id} {result.message}")


def _document(
    problems: tuple[Problem, ...], rules: RuleFiles, results: list[ExampleResult]
) -> dict[str, object]:
    return {
        "problems": [
            {
                "path": problem.place.path, "line": problem.place.line,
                "column": problem.place.column, "severity": problem.severity,
                "code": problem.code or None, "message": problem.message,
            }
            for problem in problems
        ],
        "rules": [rule.id for rule in rules.book.rules],
        "tests": [test_json(result) for result in results],
    }  # fmt: skip


def test_json(result: ExampleResult) -> dict[str, object]:
    """One test's outcome."""
    return {
        "rule": result.rule_id, "place": str(result.test.place), "expects": result.test.expects,
        "passed": result.passed, "message": result.message,
    }  # fmt: skip
