"""``silence``: what a person wants to hear nothing of for a while.

Layer 5. The running daemon asks for the silences with every article that a rule matches.
"""

import getpass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from monitor.alerts.localtime import say_date, say_span
from monitor.alerts.silences import Matcher, Silence, in_force, silence_id
from monitor.cli.alerts import opened
from monitor.cli.output import clean_line, complain, count, emit, iso, say
from monitor.cli.silence_wish import Known, doubts, end_of, matcher_of
from monitor.cli.stories import story_of
from monitor.cli.user import ListsByDefault, guess, json_option, tell, user_files
from monitor.config.settings import Settings
from monitor.errors import UsageError
from monitor.store import Store
from monitor.userfiles import RuleFiles


@click.group("silence", cls=ListsByDefault)
def command() -> None:
    """Hear nothing of a rule, source, story or title for a while. Without a command: the list."""


@command.command("add")
@click.option("--rule", default=None, metavar="ID", help="The rule's id; * stands for anything.")
@click.option("--label", "labels", multiple=True, metavar="K=V", help="A label of the rule.")
@click.option("--source", default=None, help="An outlet, a host or a feed's address; * as well.")
@click.option("--story", default=None, metavar="ID", help="A story; its id's beginning will do.")
@click.option("--title", default=None, metavar="WORDS", help="These words in a row in the title.")
@click.option("--for", "span", default=None, metavar="1d", help="For so long: 90m, 6h, 1d.")
@click.option(
    "--until", default=None, metavar="TIME",
    help="18:00, 2026-11-30 (that day included), 2026-11-30T08:00, or ended: until you end it.",
)  # fmt: skip
@click.option("--comment", default="", help="Why; told with what it keeps back.")
@click.option("--who", default=None, metavar="NAME", help="Who asks. Default: your user name.")
@json_option
@click.pass_context
def add(
    context: click.Context, rule: str | None, labels: tuple[str, ...], source: str | None,
    story: str | None, title: str | None, span: str | None, until: str | None, comment: str,
    who: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Silence what fits all that is named, from now on."""
    now = datetime.now(UTC)
    files = user_files(context)
    wrong = tell(files.rules.problems)
    zone = ZoneInfo(files.settings.timezone)
    ends = end_of(span, until, now, zone)
    known = _known(files.rules, files.settings, certain=not wrong)
    matcher = matcher_of(rule, labels, source, story, title, known)
    for doubt in doubts(matcher, known):
        complain(clean_line(doubt))
    with opened(context, write=True) as (store, _):
        if matcher.story:
            name = story_of(store, matcher.story)[0]
            matcher = Matcher(matcher.rule, matcher.labels, matcher.source, name, matcher.words)
        name = _user() if who is None else who
        silence = Silence(silence_id(matcher, now, name), matcher, now, ends, comment, name)
        store.add_silence(silence, now)
    if as_json:
        emit(silence_json(silence, now))
    else:
        say(f"{silence.id}  {clean_line(str(matcher))}")
        say(f"  {_until(silence, zone)}; before: news-monitor silence end {silence.id}")
    return 2 if wrong else 0


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that have ended, too.")
@json_option
@click.pass_context
def list_silences(context: click.Context, everything: bool, as_json: bool) -> int:
    """The silences, newest first."""
    now = datetime.now(UTC)
    with opened(context) as (store, settings):
        found = store.list_silences(None if everything else now)
        zone = ZoneInfo(settings.timezone)
    if as_json:
        for silence in found:
            emit(silence_json(silence, now))
        return 0
    if not found:
        say("no silences yet" if everything else "no silence is in force")
    for silence in found:
        say(f"{silence.id}  {clean_line(str(silence.matcher))}")
        rest = "" if in_force(silence, now) else " (over)"
        who = f", by {silence.who}" if silence.who else ""
        said = f": {silence.comment}" if silence.comment else ""
        say(clean_line(f"  {_until(silence, zone)}{rest}{who}{said}"))
    return 0


@command.command("end")
@click.argument("silence_id", metavar="ID")
@json_option
@click.pass_context
def end(context: click.Context, silence_id: str, as_json: bool) -> int:
    """End a silence now; the beginning of its id is enough."""
    now = datetime.now(UTC)
    with opened(context, write=True) as (store, settings):
        ended = store.end_silence(silence_id, now)
        if ended is None:
            raise UsageError(_unknown(store, silence_id, now, ZoneInfo(settings.timezone)))
    if as_json:
        emit(silence_json(ended, now))
    else:
        say(f"{ended.id}  {clean_line(str(ended.matcher))}")
        say(f"  over, after {_lasted(now - ended.starts)}")
        say("  What it kept back is told to nobody. To send it: news-monitor rules apply --since … "
            "--send")  # fmt: skip
    return 0


def silence_json(silence: Silence, now: datetime) -> dict[str, Any]:
    """A silence for programs."""
    matcher = silence.matcher
    return {
        "id": silence.id, "rule": matcher.rule or None, "labels": dict(matcher.labels),
        "source": matcher.source or None, "story": matcher.story or None,
        "title": matcher.words or None, "starts": iso(silence.starts), "ends": iso(silence.ends),
        "comment": silence.comment or None, "who": silence.who or None,
        "active": in_force(silence, now),
    }  # fmt: skip


def _known(rules: RuleFiles, settings: Settings, *, certain: bool) -> Known:
    return Known(
        tuple(rule.id for rule in rules.book.rules),
        tuple(dict.fromkeys(label for rule in rules.book.rules for label in rule.labels)),
        tuple(feed.url for feed in settings.feeds),
        tuple(feed.name for feed in settings.feeds if feed.name),
        certain,
    )


def _unknown(store: Store, given: str, now: datetime, zone: ZoneInfo) -> str:
    """Why there is nothing to end."""
    for silence in store.list_silences():
        if given and silence.id.startswith(given) and silence.ends is not None:
            return f"silence {silence.id} is over since {say_date(silence.ends, zone)}"
    known = [silence.id for silence in store.list_silences(now)]
    return f"no silence has the id '{given}'. {guess(given, known, 'See: news-monitor silence')}"


def _until(silence: Silence, zone: ZoneInfo) -> str:
    if silence.ends is None:
        return "until it is ended"
    return f"until {say_date(silence.ends, zone)} ({silence.ends.astimezone(zone):%Z})"


def _lasted(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return say_span(60 * minutes) if minutes and minutes % 60 == 0 else (
        f"{minutes // 60}h {minutes % 60}m" if minutes >= 60 else count(minutes, "minute")
    )  # fmt: skip


def _user() -> str:
    """Whoever is logged in; empty where the machine knows no name (a bare container)."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # KeyError until Python 3.12
        return ""
