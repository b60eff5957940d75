"""``rules backtest``: what rules would have done on past articles, against what runs now.

Layer 5. Streams: memory does not depend on the number of articles. The JSON shape is in
docs/why.md.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import click

from monitor.cli.articlelines import NotAnArticle, read_article
from monitor.cli.candidates import candidate_rules
from monitor.cli.lines import bytes_in, lines_of, opened
from monitor.cli.output import clean_line, complain, count, emit, iso, say
from monitor.cli.progress import Progress
from monitor.cli.user import json_option, tell, user_files
from monitor.errors import UsageError
from monitor.rules.backtest import (
    Backtest,
    Budget,
    Headline,
    Past,
    Report,
    RuleOutcome,
    busiest,
    comparisons,
    parse_budget,
)
from monitor.store import open_store
from monitor.userfiles import UserFiles
from monitor.why.past import DAYS, pasts

_AGAINST = {
    "rule": "against the live rule of this id",
    "record": "against what was recorded",
    "nothing": "not live, so nothing to hold it against",
}


@click.command("backtest")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]…")
@click.option(
    "--days", type=click.IntRange(1, 3650), default=DAYS, show_default=True,
    help="How far back in the stored articles.",
)  # fmt: skip
@click.option(
    "--articles", default=None, metavar="FILE",
    help="Articles as JSON lines (- for standard input) instead of the stored ones.",
)  # fmt: skip
@click.option(
    "--at-most", default=None, metavar="10/week",
    help="A noise budget for each rule; exit 1 if one is over it. Also /day and /month.",
)  # fmt: skip
@click.option("--junit", type=click.Path(path_type=Path), help="Write a JUnit report to a file.")
@json_option
@click.pass_context
def backtest(
    context: click.Context,
    paths: tuple[Path, ...],
    days: int,
    articles: str | None,
    at_most: str | None,
    junit: Path | None,
    as_json: bool,
) -> int:
    """Say what rules would have done on past articles, against what runs now.

    PATHs are rule files or folders; without one, the live rules against what they really did.
    """
    budget = _budget(at_most)
    files = user_files(context)
    live = {rule.id: rule for rule in files.rules.book.rules}
    rules, problems = files.rules.book.rules, files.problems
    if paths:
        rules, more = candidate_rules(paths, files.rules.sources)
        problems = (*problems, *more)
    wrong = tell(tuple(dict.fromkeys(problems)))
    pairs = comparisons(rules, live, recorded=articles is None)
    max_age = None if articles else files.settings.articles.max_age
    test = Backtest(pairs, max_age, zone=ZoneInfo(files.settings.timezone))
    spoilt = _from_file(test, articles) if articles else _from_store(test, files, days)
    report = test.report()
    over = {
        each.rule_id: most
        for each in report.outcomes
        if budget is not None and (most := busiest(each, budget.days)) > budget.count
    }
    if junit is not None:
        _write_junit(junit, report, over, at_most)
    if as_json:
        emit(_json(report, over, at_most))
    else:
        _show(report, over, at_most)
    if wrong or spoilt:
        return 2
    return 1 if over else 0


def _budget(text: str | None) -> Budget | None:
    try:
        return parse_budget(text) if text is not None else None
    except ValueError as error:
        raise UsageError(f"--at-most: {error}") from error


def _from_store(test: Backtest, files: UserFiles, days: int) -> bool:
    settings = files.settings
    if days * 86400 > settings.retention.decisions:
        complain("Older decisions are forgotten by then (retention.decisions): what was recorded "
                 "is not all there.")  # fmt: skip
    since = datetime.now(UTC) - timedelta(days=days)
    store = open_store(settings.data, read_only=True)
    try:
        with Progress("Going through the articles", store.count_articles(since)) as progress:
            for past in pasts(store, since):
                test.take(past)
                progress.advance(1)
    finally:
        store.close()
    return False


def _from_file(test: Backtest, name: str) -> bool:
    """Whether a line was no article; such a line is told and left out."""
    spoilt = False
    with Progress("Going through the articles", bytes_in((name,))) as progress:
        for place, size, found in _lines(name):
            progress.advance(size)
            if isinstance(found, Past):
                test.take(found)
            elif found is not None:
                spoilt = True
                complain(clean_line(f"{place}: {found}"))
    return spoilt


def _lines(name: str) -> Iterator[tuple[str, int, Past | str | None]]:
    """(place, bytes, the article, or what is wrong with the line).

    ``published`` is the only time that is known of such an article. Raises UsageError.
    """
    try:
        with opened(name) as stream:
            for line in lines_of(stream):
                place = f"{name}:{line.number}"
                try:
                    read = read_article(line.data, place)
                except NotAnArticle as error:
                    yield place, line.size, str(error)
                    continue
                past = None if read is None else Past(read.article, read.article.published)
                yield place, line.size, past
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{name}: cannot be read ({reason})") from error


def _json(report: Report, over: dict[str, int], at_most: str | None) -> dict[str, Any]:
    return {
        "articles": report.articles, "oldest": iso(report.oldest), "newest": iso(report.newest),
        "at_most": at_most, "over": list(over),
        "rules": [
            {
                "rule": each.rule_id, "against": each.against, "hits": each.hits,
                "per_week": _rounded(report.per_week(each)), "before": each.before,
                "added": each.added, "removed": each.removed,
                "busiest": over.get(each.rule_id),
                "added_headlines": [_headline_json(one) for one in each.added_headlines],
                "removed_headlines": [_headline_json(one) for one in each.removed_headlines],
            }
            for each in report.outcomes
        ],
    }  # fmt: skip


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 2)


def _headline_json(one: Headline) -> dict[str, Any]:
    return {"title": one.title, "url": one.url, "source": one.source, "at": iso(one.at)}


def _show(report: Report, over: dict[str, int], at_most: str | None) -> None:
    since = f" since {iso(report.oldest)}" if report.oldest is not None else ""
    say(f"{count(report.articles, 'article')}{since}")
    for each in report.outcomes:
        say()
        say(clean_line(f"{each.rule_id}: {_line(report, each)}"))
        for sign, headlines, many in (
            ("+", each.added_headlines, each.added), ("-", each.removed_headlines, each.removed),
        ):  # fmt: skip
            for one in headlines:
                say(clean_line(f"  {sign} {_day(one)}  {one.title} ({one.source})"))
            if many > len(headlines):
                say(f"  {sign} {many - len(headlines):,} more")
        if each.rule_id in over:
            most = over[each.rule_id]
            say(clean_line(f"  over the budget: {most} in its busiest time, {at_most} allowed"))


def _line(report: Report, each: RuleOutcome) -> str:
    week = report.per_week(each)
    rate = f", {week:.1f} a week" if week is not None else ""
    told = f"{count(each.hits, 'hit')}{rate}; {_AGAINST[each.against]}"
    return told if each.against == "nothing" else f"{told}: +{each.added} -{each.removed}"


def _day(one: Headline) -> str:
    return f"{one.at:%Y-%m-%d}" if one.at is not None else "no time   "


def _write_junit(path: Path, report: Report, over: dict[str, int], at_most: str | None) -> None:
    """The budget's verdicts in the form that CI systems read (testsuite/testcase/failure)."""
    suite = ElementTree.Element(
        "testsuite", name="news-monitor backtest", tests=str(len(report.outcomes)),
        failures=str(len(over)),
    )  # fmt: skip
    for each in report.outcomes:
        name = f"{_line(report, each)}" + (f", at most {at_most}" if at_most else "")
        case = ElementTree.SubElement(suite, "testcase", classname=each.rule_id, name=name)
        if each.rule_id in over:
            told = f"{over[each.rule_id]} in its busiest time, {at_most} allowed"
            ElementTree.SubElement(case, "failure", message=told)
    try:
        ElementTree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error
