"""``rules apply``: what the live rules would alert of stored articles, and sending that on request.

Layer 5. Nothing stored is alerted afterwards by itself; this is the one way. Two passes: the first
reads and shows, with memory for what it found only; the second, with ``--send``, looks at each
article again and stores its alert, decisions and deliveries in one transaction. Sending is left to
the daemon, or the next run.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from monitor.alerts.compose import rules_by_notifier
from monitor.alerts.later import Known, Later, weigh
from monitor.cli.alerts import moment_of
from monitor.cli.apply_report import Found, Would, as_json_document, show, show_end, would
from monitor.cli.output import complain, emit
from monitor.cli.progress import Progress
from monitor.cli.stories_told import StoriesTold
from monitor.cli.user import json_option, rule_of, tell, user_files
from monitor.config.alertpolicy import alert_policy
from monitor.config.settings import Settings
from monitor.errors import UsageError
from monitor.model import Article, Outcome
from monitor.rules.book import RuleBook
from monitor.store import ArticleHistory, NewDelivery, Store, open_store
from monitor.userfiles import RuleFiles

ASKS_ABOVE: Final = 20  # alerts; so many go out without a question
_SINCE: Final = "7d"
_TRIES: Final = 3  # for an article that others change at the same moment


@click.command("apply")
@click.argument("chosen", nargs=-1, metavar="[PATH|ID]…")
@click.option(
    "--since", default=_SINCE, show_default=True, help="Articles stored in the last 7d, 12h, …"
)
@click.option("--send", is_flag=True, help="Send the alerts. Without it they are only shown.")
@click.option("--yes", is_flag=True, help=f"Send more than {ASKS_ABOVE} alerts without asking.")
@json_option
@click.pass_context
def apply(
    context: click.Context, chosen: tuple[str, ...], since: str, send: bool, yes: bool,
    as_json: bool,
) -> int:  # fmt: skip
    """Show what the live rules would alert of stored articles; --send sends it.

    Without an ID, or the PATH of a live rule file or folder, all live rules. A rule that was
    alerted for an article is never sent for it again.
    """
    moment = moment_of(since)
    assert moment is not None
    files = user_files(context)
    book = _book(files.rules, chosen)
    wrong = tell(tuple(dict.fromkeys(files.problems)))
    judge = _Judge(book, files.settings, datetime.now(UTC))
    found = _look(judge, files.settings.data, moment)
    if not as_json:
        show(found, moment)
    sent: list[Would] | None = None
    if send and (not found.would or yes or _agreed(len(found.would))):
        sent = _send(judge, files.settings.data, found.would)
    if as_json:
        emit(as_json_document(found, sent, moment))
    else:
        show_end(found, sent, asked=send)
    return 2 if wrong else 0


class _Judge:
    """Weighs a stored article against the rules. ``now`` is of this call of the command."""

    def __init__(self, book: RuleBook, settings: Settings, now: datetime) -> None:
        self._policy = alert_policy(settings).at_once()
        self._book = book
        self._stories = StoriesTold(book)
        self.now = now

    def fires(self, article: Article) -> frozenset[str]:
        """The rules that match."""
        return frozenset(match.rule_id for match in self._book.match(article))

    def weigh(self, store: Store, history: ArticleHistory) -> Later:
        """What the rules come to on the article, with all that came of it and its story before."""
        matches = self._book.match(history.article)
        rules = {m.rule_id: rule for m in matches if (rule := self._book.rule(m.rule_id))}
        story = self._stories.standing(store, history.article.id)
        known = Known(
            history.article, history.stored_at,
            history.places[0].feed_url if history.places else None,
            history.decisions, tuple(each.alert for each in history.alerts), story,
        )  # fmt: skip
        later = weigh(known, matches, rules, self._policy, self.now)
        if later.alert is not None and story is not None:
            told = {each.rule_id: each.notify for each in later.decisions if each.notify}
            at = history.stored_at
            self._stories.note(story.id, history.article.id, later.alert.id, told, at)
        return later


def _book(live: RuleFiles, chosen: Sequence[str]) -> RuleBook:
    """The live rules that are meant.

    Raises:
        UsageError: an id or path stands for no live rule.
    """
    if not chosen:
        return live.book
    named: dict[str, None] = {}
    for each in chosen:
        if live.book.rule(each) is not None:
            named[each] = None
        elif Path(each).exists():
            named.update(dict.fromkeys(_below(Path(each), live)))
        else:
            rule_of(live, each)
    rules = (live.book.rule(rule_id) for rule_id in named)
    return RuleBook([rule for rule in rules if rule is not None])


def _below(path: Path, live: RuleFiles) -> list[str]:
    """The ids of the live rules in a file, or below a folder."""
    here = path.resolve()
    shown = {
        source.shown for source in live.sources if Path(source.shown).resolve().is_relative_to(here)
    }
    found = [rule.id for rule in live.book.rules if rule.place.path in shown]
    if not found:
        raise UsageError(
            f"{path}: no live rule stands there, and only live rules send alerts. What other rules "
            "would have done: news-monitor rules backtest PATH"
        )
    return found


def _look(judge: _Judge, data: Path, since: datetime) -> Found:
    """The first pass: every stored article of the time; what fits is weighed in the order of time,
    for the first report of a story is the one that is told."""
    found = Found()
    fits: list[tuple[str, int]] = []
    store = open_store(data, read_only=True)
    try:
        with Progress("Going through the articles", store.count_articles(since)) as progress:
            for past in store.past_articles(since):
                found.articles += 1
                progress.advance(1)
                fired = judge.fires(past.article)
                sent = {d.rule_id for d in past.decisions if d.outcome is Outcome.SENT}
                if fired - sent:
                    fits.append((past.article.id, len(fired)))
                else:
                    found.before += len(fired)
        for article_id, fires in reversed(fits):
            history = store.get_article(article_id)
            if history is not None:  # else forgotten a moment ago
                found.note(history, judge.weigh(store, history), fires)
    finally:
        store.close()
    found.newest_first()
    return found


def _agreed(alerts: int) -> bool:
    """Whether so many alerts may go out.

    Raises:
        UsageError: there is nobody to ask.
    """
    if alerts <= ASKS_ABOVE:
        return True
    if not sys.stdin.isatty():
        raise UsageError(
            f"{alerts:,} alerts would go out at once; nothing was sent. --yes sends them"
        )
    return click.confirm(f"Send {alerts:,} alerts?", default=False, err=True)


def _send(judge: _Judge, data: Path, wanted: Sequence[Would]) -> list[Would]:
    """The second pass, oldest first, as they would have come; what was stored, newest first."""
    done: list[Would] = []
    if not wanted:
        return done
    store = open_store(data)
    try:
        with Progress("Storing the alerts", len(wanted)) as progress:
            for each in reversed(wanted):
                recorded = _record(store, judge, each.article_id)
                done += [recorded] if recorded is not None else []
                progress.advance(1)
    finally:
        store.close()
    return done[::-1]


def _record(store: Store, judge: _Judge, article_id: str) -> Would | None:
    """Store the alert of one article as it is now; None if nothing is left to be sent.

    Who sends at the same moment, a daemon that forgets it, another call of this command: each
    makes the decision void, and it is made again.
    """
    for _ in range(_TRIES):
        history = store.get_article(article_id)
        later = judge.weigh(store, history) if history is not None else None
        if history is None or later is None or later.alert is None:
            return None
        made = [each for each in later.decisions if each.outcome is Outcome.SENT]
        wanted = [NewDelivery(name, rules) for name, rules in rules_by_notifier(made).items()]
        if store.record_later(later.alert, later.matches, made, wanted, judge.now):
            return would(history, later)
    complain(f"left out, for others change it at this moment: the article {article_id}")
    return None
