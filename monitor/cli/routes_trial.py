"""``routes test``: who would get what and when, rehearsed with made-up or given articles.

Layer 5. Nothing is sent or stored.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click

from monitor.alerts.known import AlertPolicy
from monitor.alerts.rehearse import Arrival, Office
from monitor.alerts.report import Report
from monitor.cli.moments import read_start
from monitor.cli.output import clean_line, complain, emit
from monitor.cli.reading import is_url
from monitor.cli.rehearsing import RulesById, policy_of, window_of
from monitor.cli.replay_copies import Originals, fingerprinted
from monitor.cli.replay_lines import Feeds, InOrder, Reported
from monitor.cli.routes_made_up import Making, made_up, made_up_rule, rules_of
from monitor.cli.routes_shown import document, show, steps
from monitor.cli.routes_wishes import asked, channels, labels, moments, silences
from monitor.cli.user import guess, json_option, rule_of, settings_of, tell, user_files
from monitor.config.settings import Settings
from monitor.errors import UsageError
from monitor.model import Level
from monitor.rules.book import RuleBook
from monitor.rules.rule import Rule
from monitor.store import open_store
from monitor.text.urls import canonical_url
from monitor.userfiles import RuleFiles


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options as they were given."""

    at: str | None
    after: tuple[str, ...]
    rule: tuple[str, ...]
    level: str | None
    label: tuple[str, ...]
    title: str | None
    source: str | None
    tag: tuple[str, ...]
    tier: int | None
    told: str | None
    one_story: bool
    matches: int | None
    over: str | None
    article: tuple[str, ...]
    down: tuple[str, ...]
    silence: tuple[str, ...]

    @property
    def of_made_up(self) -> list[str]:
        """The options given that only made-up reports can follow."""
        given = {
            "--after": self.after, "--rule": self.rule, "--level": self.level,
            "--label": self.label, "--title": self.title, "--source": self.source,
            "--tag": self.tag, "--tier": self.tier, "--told": self.told,
            "--one-story": self.one_story, "--matches": self.matches, "--over": self.over,
        }  # fmt: skip
        return [name for name, value in given.items() if value]


@click.command("test")
@click.option("--at", metavar="TIME", help="When the first report comes. Default: now.")
@click.option("--after", multiple=True, metavar="TIME", help="Another: 90m, 07:00 or a time.")
@click.option("--rule", multiple=True, metavar="ID", help="A rule that matches; may be several.")
@click.option(
    "--level",
    type=click.Choice([each.value for each in Level]),
    help="Or a made-up rule of this level …",
)
@click.option("--label", multiple=True, metavar="NAME=VALUE", help="… with this label.")
@click.option("--title", help="The title of the reports.")
@click.option("--source", help="Their outlet: a feed of config.yaml, or any name.")
@click.option("--tag", multiple=True, help="A tag of their feed.")
@click.option("--tier", type=click.IntRange(1, 9), help="The tier of their feed.")
@click.option("--told", metavar="RULE|LEVEL", help="Who has told the story an hour before.")
@click.option("--one-story", is_flag=True, help="All are reports of one story.")
@click.option("--matches", type=click.IntRange(1, 10_000), help="So many at each time.")
@click.option("--over", metavar="DURATION", help="They come one by one over this time.")
@click.option(
    "--article", multiple=True, metavar="FILE|URL",
    help="Articles as JSON lines, or a stored article, instead of made-up ones.",
)  # fmt: skip
@click.option("--down", multiple=True, metavar="NAME=FROM..TO", help="A channel that is dead.")
@click.option("--silence", multiple=True, metavar="TEXT", help="'rule=eu-* until 14:00'.")
@json_option
@click.pass_context
def trial(context: click.Context, /, as_json: bool, **options: object) -> int:
    """Say who would get what and when. Nothing is sent or stored.

    Without --rule, --level, --label or --article: one report that a made-up rule of level normal
    matches, which comes now.
    """
    wishes = Wishes(**options)  # type: ignore[arg-type]  # click made them by the names above
    if wishes.article and wishes.of_made_up:
        raise UsageError(f"{wishes.of_made_up[0]} is for made-up reports; leave it or --article")
    if wishes.rule and (wishes.level or wishes.label):
        raise UsageError("--rule has its own level and labels; leave --level and --label")
    loaded: RuleFiles | None = None
    wrong = False
    if wishes.rule or wishes.article or (wishes.told and wishes.told not in [*Level]):
        files = user_files(context)
        wrong = tell(files.problems)
        settings, loaded = files.settings, files.rules
    else:
        settings, _ = settings_of(context)
    policy, has_no_type = policy_of(settings)
    rehearsal = _rehearsal(wishes, settings, policy, loaded)
    start = rehearsal.start
    office = Office(
        policy, rehearsal.rules,
        channels(wishes.down, policy.notifiers, start, policy.zone),
        silences(wishes.silence, start, policy.zone),
        window_of(settings) if wishes.article else None,
    )  # fmt: skip
    done = list(steps(office, rehearsal.batches))
    if as_json:
        emit(document(done, rehearsal.rules, policy))
    else:
        show(done, rehearsal.rules, policy, titles=bool(wishes.article))
    return 2 if wrong or has_no_type or rehearsal.wrong else 0


@dataclass(frozen=True, slots=True)
class _Rehearsal:
    """What is rehearsed; ``wrong``: a line was no article, which was told."""

    batches: Sequence[Sequence[Arrival]]
    rules: Mapping[str, Rule]
    start: datetime
    wrong: bool = False


def _rehearsal(
    wishes: Wishes, settings: Settings, policy: AlertPolicy, loaded: RuleFiles | None
) -> _Rehearsal:
    zone = ZoneInfo(settings.timezone)
    at = wishes.at
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    start = None if at is None else asked("--at", read_start, at, now, zone)
    if wishes.article:
        assert loaded is not None
        return _given(wishes.article, settings, loaded, start)
    start = start or now
    making = _making(wishes, settings, loaded)
    whens = moments(start, wishes.after, wishes.matches or 1, wishes.over, policy.zone)
    return _Rehearsal(made_up(making, whens), rules_of(making), start)


def _making(wishes: Wishes, settings: Settings, loaded: RuleFiles | None) -> Making:
    """Raises UsageError for a rule that does not exist."""
    if wishes.rule:
        assert loaded is not None
        rules = tuple(rule_of(loaded, name) for name in dict.fromkeys(wishes.rule))
    else:
        rules = (made_up_rule(Level(wishes.level or Level.NORMAL), labels(wishes.label)),)
    feed = Feeds(settings.feeds).find(wishes.source or "")
    tags = (*wishes.tag, *(feed.tags if feed is not None else ()))
    return Making(
        rules,
        title=wishes.title or "",
        source=wishes.source or "",
        feed_url=feed.url if feed is not None else None,
        tags=tuple(dict.fromkeys(tags)),
        tier=wishes.tier or (feed.tier if feed is not None else None),
        told=_teller(wishes.told, loaded),
        one_story=wishes.one_story,
    )


def _teller(name: str | None, loaded: RuleFiles | None) -> Rule | None:
    """The rule that told the story before: one of the user's, or a made-up one of a level."""
    if name is None:
        return None
    if loaded is not None and (own := loaded.book.rule(name)) is not None:
        return own
    if name in [*Level]:
        return made_up_rule(Level(name), name=f"made-up-{name}")
    known = [*Level, *(rule.id for rule in loaded.book.rules)] if loaded is not None else [*Level]
    mend = guess(name, known, "See: news-monitor rules list")
    raise UsageError(f"--told: no rule has the id '{name[:60]}'. {mend}")


def _given(
    sources: Sequence[str], settings: Settings, loaded: RuleFiles, start: datetime | None
) -> _Rehearsal:
    """The given articles; with ``start`` the first comes then, and the others as long after it."""
    wrong: list[str] = []

    def mistake(text: str) -> None:
        wrong.append(text)
        complain(clean_line(text))

    files = [name for name in sources if not is_url(name)]
    stored = [_stored(name, settings) for name in sources if is_url(name)]
    feeds = Feeds(settings.feeds)
    with InOrder(feeds, start, mistake, lambda text: complain(clean_line(text))) as reports:
        for name in files:
            reports.take(name, lambda _: None)
        read = sorted([*stored, *reports], key=lambda each: each.at)
    if not read:
        raise UsageError("--article: there is no article to rehearse")
    shift = timedelta() if start is None else start - read[0].at
    batches = [[each] for each in _arrivals(read, shift, loaded.book)]
    return _Rehearsal(batches, RulesById(loaded.book), batches[0][0].at, bool(wrong))


def _stored(url: str, settings: Settings) -> Reported:
    """A stored article. Raises UsageError, StoreError."""
    store = open_store(settings.data, read_only=True)
    try:
        found = store.get_article_by_url(canonical_url(url) or url)
    finally:
        store.close()
    if found is None:
        raise UsageError(f"--article: {url} is not among the stored articles")
    feed_url = found.places[0].feed_url if found.places else None
    feed = Feeds(settings.feeds).find(feed_url or "")
    tier = None if feed is None else feed.tier
    return Reported(found.stored_at, Report(found.article, feed_url, tier), found.article.id)


def _arrivals(read: Sequence[Reported], shift: timedelta, book: RuleBook) -> Iterator[Arrival]:
    originals = Originals()
    for each in read:
        at = each.at + shift
        article = fingerprinted(replace(each.report.article, published=at))
        original = originals.original_of(article, at)
        report = replace(each.report, article=article, copy_of=original or "")
        yield Arrival(at, report, book.match(article))
