"""``check``: config and rules, all mistakes at once with places; runs the rules' tests.

Layer 5. Exit 0: nothing found; 1: a test fails; 2: a file has mistakes.
"""

import os

import click

from monitor.channels import build_channels
from monitor.cli.output import clean_line, emit, problem_lines, say
from monitor.cli.user import given, json_option, settings_of
from monitor.errors import FilesError, MonitorError
from monitor.located import Problem
from monitor.rules.examples import ExampleResult, run_examples
from monitor.userfiles import RuleFiles, find_config, read_rules


@click.command("check")
@json_option
@click.pass_context
def command(context: click.Context, as_json: bool) -> int:
    """Check config and rules: all mistakes at once; run the rules' tests."""
    problems, rules, feeds = _gather(context)
    results = run_examples(rules.book.rules)
    failed = [result for result in results if not result.passed]
    errors = [problem for problem in problems if problem.severity == "error"]
    if as_json:
        emit(_document(problems, rules, results))
    else:
        problem_lines(problems)
        for result in failed:
            click.echo(_failure(result), err=True)
        warnings = len(problems) - len(errors)
        say(
            f"{_count(feeds, 'feed')}, {_count(len(rules.book.rules), 'rule')}: "
            f"{_count(len(errors), 'error')}, {_count(warnings, 'warning')}; "
            f"{len(results) - len(failed)} of {_count(len(results), 'test')} pass"
        )
    if errors:
        return 2
    return 1 if failed else 0


def _gather(context: click.Context) -> tuple[tuple[Problem, ...], RuleFiles, int]:
    """Problems of config, notifiers and rules, in this order; the rules; the number of feeds."""
    try:
        settings, path = settings_of(context)
    except FilesError as error:
        folder = find_config(given(context).config)[0].parent / "rules"
        rules = read_rules((folder,) if folder.exists() else ())
        return (*error.problems, *rules.problems), rules, 0
    from monitor.config.settings import load_settings

    _, warnings = load_settings(path, os.environ)
    try:
        _, told = build_channels(settings, path, os.environ)
    except MonitorError as error:
        raise FilesError([*warnings, _at_plugins(path, error)]) from error
    names = tuple(notifier.name for notifier in settings.notifiers)
    rules = read_rules(settings.rules, notifiers=names)
    return (*warnings, *told, *rules.problems), rules, len(settings.feeds)


def _at_plugins(path: object, error: MonitorError) -> Problem:
    from monitor.located import Place

    return Problem(Place(str(path), 1, 1), str(error))


def _failure(result: ExampleResult) -> str:
    return clean_line(f"{result.test.place}: test of {result.rule_id} {result.message}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


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
