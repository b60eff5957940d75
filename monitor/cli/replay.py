"""``replay``: articles in the order of their times through matching, grouping, policy and routes.

Layer 5. Nothing is sent, nothing is stored, no store is read. The output depends on the articles,
the config and the rules only, byte for byte. The shapes are in docs/commands.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from monitor.alerts.rehearse import Arrival, Decided, Event, Office
from monitor.cli.lines import bytes_in
from monitor.cli.moments import read_moment
from monitor.cli.output import clean_line, complain, emit, say
from monitor.cli.progress import Progress
from monitor.cli.rehearsing import policy_of, window_of
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
    replaying = _Replaying(loaded.book, Office(
        policy, {rule.id: rule for rule in loaded.book.rules}, window=window_of(settings),
    ))  # fmt: skip
    shown = _Shown(zone, as_json=as_json, messages=messages)
    told = _Told()
    with InOrder(Feeds(settings.feeds), _moment(at, zone), told.mistake, told.hint) as reports:
        with Progress("Reading", bytes_in(files)) as progress:
            for name in files:
                reports.take(name, progress.advance)
        with Progress("Replaying", len(reports)) as progress:
            for read in reports:
                shown.show(replaying.take(read))
                progress.advance(1)
            shown.show(replaying.rest())
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
    """An event of the office; of an article's decisions, the article and its matches."""

    event: Event
    read: Reported | None = None
    matches: tuple[Match, ...] = ()


class _Replaying:
    """One article after the other through copies, rules and the office."""

    def __init__(self, book: RuleBook, office: Office) -> None:
        self._book = book
        self._office = office
        self._originals = Originals()

    def take(self, read: Reported) -> Iterator[_Step]:
        """What falls due before the article, its decisions, its messages."""
        article = fingerprinted(read.report.article)
        read = replace(read, report=replace(read.report, article=article))
        original = self._originals.original_of(article, read.at)
        story = None
        if original is not None:
            read = replace(read, report=replace(read.report, copy_of=original))
            story = self._originals.story_of(original)
        matches = self._book.match(article)
        for event in self._office.arrive(Arrival(read.at, read.report, matches, story)):
            if not isinstance(event, Decided):
                yield _Step(event)
                continue
            if original is None and event.story is not None:
                self._originals.file(article.id, event.story)
            yield _Step(event, read, self._told(read, matches))

    def rest(self) -> Iterator[_Step]:
        """What is due after the last article."""
        for event in self._office.close():
            yield _Step(event)

    def _told(self, read: Reported, matches: tuple[Match, ...]) -> tuple[Match, ...]:
        """The matches that ``match`` tells, too: those of rules whose ``source:`` fits."""
        return tuple(
            each for each in matches
            if (rule := self._book.rule(each.rule_id)) is not None
            and refusal(rule.source, read.report.article, read.report.feed_url, None) is None
        )  # fmt: skip


class _Shown:
    """Prints steps as they come, and a summary for people at the end."""

    def __init__(self, zone: ZoneInfo, *, as_json: bool, messages: bool) -> None:
        self._zone = zone
        self._as_json = as_json
        self._messages = messages
        self._rows = Rows(zone)
        self._summary = Summary()

    def show(self, steps: Iterator[_Step]) -> None:
        for step in steps:
            event = step.event
            if isinstance(event, Decided):
                assert step.read is not None
                self._summary.note(step.read, event)
                if self._as_json:
                    emit(article_json(step.read, step.matches, event))
                else:
                    self._rows.decisions(step.read, event)
                continue
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
