"""``replay``: articles in the order of their times through matching, grouping, policy and routes.

Layer 5. Nothing is sent, nothing is stored, no store is read. The output depends on the articles,
the config and the rules only, byte for byte. The shapes are in docs/commands.md.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click

from monitor.alerts.rehearse import Arrival, Decided, Event, Office
from monitor.cli.beside import beside
from monitor.cli.lines import bytes_in
from monitor.cli.moments import read_moment
from monitor.cli.output import clean_line, complain, emit, say
from monitor.cli.progress import Progress
from monitor.cli.rehearsing import RulesById, policy_of, window_of
from monitor.cli.replay_copies import Originals, fingerprinted
from monitor.cli.replay_lines import Feeds, InOrder, Reported
from monitor.cli.replay_shown import Rows, Summary, article_json, is_further, message_json
from monitor.cli.user import json_option, rules_from, settings_of, tell, user_files
from monitor.config.settings import Settings
from monitor.errors import UsageError
from monitor.model import Match
from monitor.rules.book import RuleBook
from monitor.rules.conditions import refusal
from monitor.userfiles import RuleFiles

_FEW: Final = 500  # articles; more are worth a second process


@click.command("replay")
@click.option(
    "--rules", "rules", multiple=True, type=click.Path(path_type=Path),
    help="A rule file or folder instead of the config's; may be given several times.",
)  # fmt: skip
@click.option(
    "--config", type=click.Path(path_type=Path), help="The same as --config before the command."
)
@click.option("--at", metavar="TIME", help="When articles came that have no 'published'.")
@click.option("--messages", is_flag=True, help="Show digests and updates, too.")
@json_option
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.pass_context
def command(
    context: click.Context, rules: tuple[Path, ...], config: Path | None, at: str | None,
    messages: bool, as_json: bool, files: tuple[str, ...],
) -> int:  # fmt: skip
    """Say what would have been alerted of articles (JSON lines; - for standard input).

    They are taken in the order of 'published', as if each had come then. Nothing is sent or stored.
    """
    if config is not None:
        context.find_root().obj["config"] = config
    settings, loaded = _read(context, rules)
    wrong = tell(loaded.problems)
    policy, has_no_type = policy_of(settings)
    zone = ZoneInfo(settings.timezone)
    office = Office(policy, RulesById(loaded.book), window=window_of(settings))
    shown = _Shown(zone, as_json=as_json, messages=messages)
    told = _Told()
    with InOrder(Feeds(settings.feeds), _moment(at, zone), told.mistake, told.hint) as reports:
        with Progress("Reading", bytes_in(files)) as progress:
            for name in files:
                reports.take(name, progress.advance)
        with Progress("Replaying", len(reports)) as progress:
            prepared = _prepared(reports, loaded.book)
            if len(reports) > _FEW:
                prepared = beside(prepared)
            for step in _replayed(prepared, office):
                shown.show(step)
                progress.advance(step.read is not None)
    shown.end()
    return 2 if wrong or told.wrong or has_no_type else 0


def _read(context: click.Context, rules: tuple[Path, ...]) -> tuple[Settings, RuleFiles]:
    """Settings and rules. Raises FilesError, UsageError."""
    if rules:
        return settings_of(context, quiet=True)[0], rules_from(context, rules)
    files = user_files(context)
    return files.settings, replace(files.rules, problems=files.problems)


def _moment(text: str | None, zone: ZoneInfo) -> datetime | None:
    try:
        return None if text is None else read_moment(text, zone)
    except ValueError as error:
        raise UsageError(f"--at: {error}") from error


class _Told:
    """Tells mistakes; remembers whether there was one."""

    def __init__(self) -> None:
        self.wrong = False

    def mistake(self, text: str) -> None:
        self.wrong = True
        complain(clean_line(text))

    def hint(self, text: str) -> None:
        complain(clean_line(text))


@dataclass(frozen=True, slots=True)
class _Step:
    """An event of the office; of an article's decisions, the article and the matches to print."""

    event: Event
    read: Reported | None = None
    told: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A report with all that is known before the office sees it; ``told``: what is printed."""

    read: Reported
    matches: tuple[Match, ...]
    told: tuple[Match, ...]


def _prepared(reports: Iterable[Reported], book: RuleBook) -> Iterator[_Prepared]:
    """Copies and matches of the reports, which come in the order of time."""
    originals = Originals()
    for read in reports:
        article = fingerprinted(read.report.article)
        original = originals.original_of(article, read.at)
        report = replace(read.report, article=article, copy_of=original or "")
        matches = book.match(article)
        told = tuple(
            each for each in matches
            if (rule := book.rule(each.rule_id)) is not None
            and refusal(rule.source, article, report.feed_url, None) is None
        )  # fmt: skip
        yield _Prepared(replace(read, report=report), matches, told)


def _replayed(prepared: Iterable[_Prepared], office: Office) -> Iterator[_Step]:
    """All that happens, in the order of time, until nothing is due any more."""
    stories: dict[str, str] = {}  # of originals
    for each in prepared:
        report = each.read.report
        arrival = Arrival(each.read.at, report, each.matches, stories.get(report.copy_of))
        for event in office.arrive(arrival):
            if not isinstance(event, Decided):
                yield _Step(event)
                continue
            if not report.copy_of and event.story is not None:
                stories[report.article.id] = event.story
            yield _Step(event, each.read, each.told)
    for event in office.close():
        yield _Step(event)


class _Shown:
    """Prints steps as they come, and a summary for people at the end."""

    def __init__(self, zone: ZoneInfo, *, as_json: bool, messages: bool) -> None:
        self._zone = zone
        self._as_json = as_json
        self._messages = messages
        self._rows = Rows(zone)
        self._summary = Summary()

    def show(self, step: _Step) -> None:
        event = step.event
        if isinstance(event, Decided):
            assert step.read is not None
            self._summary.note(step.read, event)
            if self._as_json:
                emit(article_json(step.read, step.told, event))
            else:
                self._rows.decisions(step.read, event)
            return
        self._summary.note_message(event)
        if self._messages and is_further(event):
            if self._as_json:
                emit(message_json(event))
            else:
                self._rows.message(event)

    def end(self) -> None:
        if not self._as_json:
            if self._summary.decisions:
                say()
            for line in self._summary.lines(self._zone):
                say(clean_line(line))
