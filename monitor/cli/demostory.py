"""What the demo tells at its end: what fired and why, what did not, and what could not be read.

Layer 5.
"""

import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.cli.nearness import found_in_vain
from monitor.cli.output import clean_line, count, say
from monitor.cli.stories_shown import StoryView, figure_notes
from monitor.model import Hit, Level
from monitor.pipeline.article import ArticleReport
from monitor.pipeline.poll import PollReport
from monitor.rules.book import RuleBook
from monitor.rules.rule import Rule
from monitor.store import StoredAlert, StoredArticle

_WIDTH: Final = 88  # characters of a line
_NEAR_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that happened, in ``took`` seconds."""

    took: float
    polls: tuple[PollReport, ...]
    reports: tuple[ArticleReport, ...]
    book: RuleBook
    alerts: tuple[StoredAlert, ...]
    articles: tuple[StoredArticle, ...]
    stories: tuple[StoryView, ...] = ()  # all of them, the largest first


def tell(story: Story) -> None:
    """Print the story."""
    copies = [report.title for report in story.reports if report.outcome == "copy"]
    entries = count(len(story.reports), "entry", "entries")
    say()
    _heading(f"What happened, in {story.took:.1f} s")
    broken = [poll for poll in story.polls if poll.error is not None]
    say(f"{entries} of {count(len(story.polls) - len(broken), 'feed')} read, "
        f"{count(len(story.alerts), 'alert')} sent.")  # fmt: skip
    say()
    for rule in story.book.rules:
        _fired(rule, story.alerts)
    for view in story.stories:
        if view.alerts and len(view.outlets) > 1:
            _grouped(view)
    _silent(story, copies)
    if broken:
        _heading("What could not be read")
        for poll in broken:
            say(clean_line(f"  {poll.name}: {poll.error}"))
        say()


def _fired(rule: Rule, alerts: Sequence[StoredAlert]) -> None:
    """The articles on which a rule fired, with the sentence's words that made it so."""
    hits = [
        (stored.alert.title, stored.alert.source, hit)
        for stored in reversed(alerts)
        for hit in stored.alert.hits
        if hit.rule_id == rule.id
    ]
    urgent = ", urgent" if rule.level is Level.URGENT else ""
    _heading(f"{rule.title} ({rule.id}{urgent}): {count(len(hits), 'alert')}")
    for title, source, hit in hits:
        say(clean_line(f"  {title} ({source})"))
        _wrapped(f"because of: {', '.join(_words(hit))}")
    say()


def _grouped(view: StoryView) -> None:
    """One event that several outlets tell: what was alerted, what joined and why, the figures."""
    told = {alert.article_id for alert in view.alerts}
    first = next(member for member in view.members if member.article.id in told)
    _heading(f"One story: {first.article.title} ({first.article.source})")
    others = [outlet for outlet in view.outlets if outlet != first.article.source]
    say(clean_line(f"  {count(len(view.members), 'article')}, {count(len(view.alerts), 'alert')}; "
                   f"also: {', '.join(others)}"))  # fmt: skip
    for member in view.members:
        if member is not first:
            say(clean_line(f"  {member.article.title} ({member.article.source})"))
            _wrapped(f"joined: {member.membership.reason}")
    for note in figure_notes(view.members):
        if note.disputed:
            say(clean_line(f"  outlets differ: {note.text}"))
            for outlet, sentence in note.sentences:
                _wrapped(f"{outlet}: {sentence}")
    say()


def _words(hit: Hit) -> Iterator[str]:
    """The words of the article, each once, as its sentences have them."""
    said: set[str] = set()
    for snippet in hit.snippets:
        for start, end in snippet.marks:
            word = snippet.text[start:end]
            if word.casefold() not in said:
                said.add(word.casefold())
                yield word


def _silent(story: Story, copies: Sequence[str]) -> None:
    """What did not fire, the nearest first."""
    matched = {
        member.article.id for view in story.stories for member in view.members if member.decisions
    }
    quiet = [each.article for each in story.articles if each.article.id not in matched]
    near = [
        (words, rule, article)
        for article in quiet
        for rule in story.book.rules
        if (words := found_in_vain(rule, article))
    ]
    near.sort(key=lambda found: -len(found[0]))
    _heading("What did not fire")
    for title in copies:
        say(clean_line(f"  {title}"))
        _wrapped("a copy of an article above: no second alert")
    shown: set[str] = set()
    for words, rule, article in near:
        if article.id in shown or len(shown) == _NEAR_SHOWN:
            continue
        shown.add(article.id)
        say(clean_line(f"  {article.title} ({article.source})"))
        _wrapped(f"near {rule.id} with {', '.join(words)}; the rest of the rule does not hold")
    say(f"  and {count(len(quiet) - len(shown), 'article')} about other things, whose teasers and "
        "side bars count for nothing")  # fmt: skip
    say()


def _heading(text: str) -> None:
    """A line that stands out on a terminal, and is plain anywhere else."""
    line = clean_line(text)
    say(f"\x1b[1m{line}\x1b[0m" if sys.stdout.isatty() else line)


def _wrapped(text: str) -> None:
    for line in textwrap.wrap(
        clean_line(text), _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 8
    ):
        say(line)
