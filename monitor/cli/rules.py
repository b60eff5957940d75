"""``rules``: list, show, test, write and try the rules.

Layer 5.
"""

from pathlib import Path
from xml.etree import ElementTree

import click

from monitor.alerts.localtime import say_span
from monitor.cli.apply import apply
from monitor.cli.backtest import backtest
from monitor.cli.check import test_json
from monitor.cli.draft import draft
from monitor.cli.import_rules import import_rules
from monitor.cli.new_rule import new_rule
from monitor.cli.output import clean_line, complain, count, emit, say, table
from monitor.cli.tune import tune
from monitor.cli.user import ListsByDefault, json_option, rule_of, rules_from, tell
from monitor.errors import UsageError
from monitor.rules.alertsettings import Again
from monitor.rules.examples import ExampleResult, run_examples
from monitor.rules.rule import Rule
from monitor.rules.show import (
    as_json_mapping,
    as_json_tree,
    as_lines,
    source_json,
    source_lines,
)

_EVERYONE = "every notifier, or where routes lead"
_paths = click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]…")


@click.group("rules", cls=ListsByDefault)
def command() -> None:
    """List, show, test, write and try rules."""


@command.command("list")
@_paths
@json_option
@click.pass_context
def list_rules(context: click.Context, paths: tuple[Path, ...], as_json: bool) -> int:
    """List the rules that can run."""
    loaded = rules_from(context, paths)
    wrong = tell(loaded.problems)
    if as_json:
        for rule in loaded.book.rules:
            emit(_summary(rule))
    elif not loaded.book.rules:
        say("no rules")
    else:
        rows = [
            (rule.id, rule.level.value, f"{len(rule.tests)}", str(rule.place), rule.title)
            for rule in loaded.book.rules
        ]
        table(("rule", "level", "tests", "place", "title"), rows)
    return 2 if wrong else 0


@command.command("show")
@click.argument("rule_id", metavar="ID")
@_paths
@json_option
@click.pass_context
def show(context: click.Context, rule_id: str, paths: tuple[Path, ...], as_json: bool) -> int:
    """Show the tree that a rule stands for, lists written out."""
    loaded = rules_from(context, paths)
    wrong = tell(loaded.problems)
    rule = rule_of(loaded, rule_id)
    if as_json:
        emit({
            **_summary(rule), "match": as_json_tree(rule.match),
            "source": source_json(rule.source),
            "again": _again_json(rule.again), "max_per_day": rule.max_per_day,
            "expires": rule.expires.isoformat() if rule.expires else None,
            "filters": [{"id": f.id, **as_json_mapping(f.none)} for f in rule.filters],
        })  # fmt: skip
        return 2 if wrong else 0
    say(clean_line(f"{rule.id}: {rule.title}"))
    say(clean_line(f"{rule.place}, {rule.level.value}, {count(len(rule.tests), 'test')}"))
    if rule.labels:
        say(clean_line(", ".join(f"{name}: {value}" for name, value in rule.labels)))
    say("alerts go to " + (clean_line(", ".join(rule.notify)) if rule.notify else _EVERYONE))
    if rule.again:
        say(f"a story is told again for {_again_words(rule.again)}")
    if rule.max_per_day is not None:
        say(f"at most {count(rule.max_per_day, 'alert')} a day; the rest in one message at its end")
    for line in source_lines(rule.source):
        say(clean_line(line))
    if rule.expires is not None:
        say(f"rests after {rule.expires.isoformat()}")
    say()
    for line in as_lines(rule.match):
        say(clean_line(line))
    for each in rule.filters:
        say(clean_line(f"filter {each.id} ({each.place})"))
        for line in as_lines(each.none, 1):
            say(clean_line(line))
    return 2 if wrong else 0


@command.command("test")
@_paths
@click.option("--junit", type=click.Path(path_type=Path), help="Write a JUnit report to a file.")
@json_option
@click.pass_context
def test(context: click.Context, paths: tuple[Path, ...], junit: Path | None, as_json: bool) -> int:
    """Run the tests that stand in rule files. Exit 1 if one fails."""
    loaded = rules_from(context, paths)
    wrong = tell(loaded.problems)
    results = run_examples(loaded.book.rules)
    failed = [result for result in results if not result.passed]
    if junit is not None:
        _write_junit(junit, results)
    if as_json:
        for result in results:
            emit(test_json(result))
    else:
        for result in failed:
            say(clean_line(f"{result.test.place}: {result.rule_id} {result.message}"))
        say(f"{len(results) - len(failed)} of {count(len(results), 'test')} pass")
    without = [rule.id for rule in loaded.book.rules if not rule.tests]
    if without:
        complain(clean_line(f"without tests: {', '.join(without)}"))
    if wrong:
        return 2
    return 1 if failed else 0


def _again_words(again: Again) -> str:
    """``a new figure, or 5 outlets``: one of them is enough."""
    words = {
        "a new figure": again.new_figures,
        "an outlet of a better tier": again.tier,
        f"{again.sources} outlets": again.sources is not None,
        f"{say_span(again.after or 0)} since the last alert": again.after is not None,
    }
    return ", or ".join(word for word, wanted in words.items() if wanted)


def _again_json(again: Again) -> dict[str, object]:
    """``after`` in seconds."""
    return {
        "new_figures": again.new_figures, "tier": again.tier, "sources": again.sources,
        "after": again.after,
    }  # fmt: skip


def _summary(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id, "title": rule.title, "level": rule.level.value, "owner": rule.owner,
        "labels": dict(rule.labels), "place": str(rule.place), "tests": len(rule.tests),
        "notify": list(rule.notify) if rule.notify is not None else None,
    }  # fmt: skip


def _write_junit(path: Path, results: list[ExampleResult]) -> None:
    """The report in the form that CI systems read (testsuite/testcase/failure)."""
    suite = ElementTree.Element(
        "testsuite", name="news-monitor rules", tests=str(len(results)),
        failures=str(sum(not result.passed for result in results)),
    )  # fmt: skip
    for result in results:
        name = f"{result.test.expects} at {result.test.place}"
        case = ElementTree.SubElement(suite, "testcase", classname=result.rule_id, name=name)
        if not result.passed:
            ElementTree.SubElement(case, "failure", message=result.message)
    try:
        ElementTree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


command.add_command(backtest)
command.add_command(apply)
command.add_command(import_rules)
command.add_command(draft)
command.add_command(tune)
command.add_command(new_rule)
