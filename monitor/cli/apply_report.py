"""What ``rules apply`` found, as people and programs read it.

Layer 5. The JSON shape is in docs/commands.md, "rules".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from monitor.alerts.compose import rules_by_notifier
from monitor.alerts.later import Later
from monitor.cli.output import clean_line, count, iso, say
from monitor.model import Decision, Outcome
from monitor.store import ArticleHistory

_SHOWN: Final = 50  # alerts, and as many silences, listed for people
_MOST_SILENT: Final = 1000  # silences kept; the rest are counted


@dataclass(frozen=True, slots=True)
class Would:
    """An article to be alerted, the rules that its alert names, and to whom it goes."""

    article_id: str
    title: str
    url: str
    source: str
    stored_at: datetime
    rules: tuple[str, ...]
    notify: tuple[str, ...]
    alert_id: str


@dataclass(frozen=True, slots=True)
class Silent:
    """A rule that matches an article and stays silent."""

    title: str
    url: str
    source: str
    stored_at: datetime
    decision: Decision


@dataclass(slots=True)
class Found:
    """What the first pass found. ``before``: article × rule pairs that were alerted earlier."""

    articles: int = 0
    before: int = 0
    silences: int = 0
    would: list[Would] = field(default_factory=list)
    silent: list[Silent] = field(default_factory=list)  # the first of ``silences``

    def note(self, history: ArticleHistory, later: Later, fired: int) -> None:
        """Take up what ``fired`` matching rules come to on an article."""
        self.before += fired - len(later.decisions)
        if later.alert is not None:
            self.would.append(would(history, later))
        article = history.article
        for decision in later.decisions:
            if decision.outcome is not Outcome.SILENT:
                continue
            self.silences += 1
            if len(self.silent) < _MOST_SILENT:
                self.silent.append(
                    Silent(article.title, article.url, article.source, history.stored_at, decision)
                )

    def newest_first(self) -> None:
        """Turn the lists, which were made in the order of time."""
        self.would.reverse()
        self.silent.reverse()


def would(history: ArticleHistory, later: Later) -> Would:
    """An alert that is to be sent, or was stored."""
    assert later.alert is not None
    article = history.article
    return Would(
        article.id, article.title, article.url, article.source, history.stored_at,
        tuple(hit.rule_id for hit in later.alert.hits),
        tuple(rules_by_notifier(later.decisions)), later.alert.id,
    )  # fmt: skip


def as_json_document(found: Found, sent: Sequence[Would] | None, since: datetime) -> dict[str, Any]:
    """One document. ``sent``: what was stored; None: nothing was asked for, or agreed to."""
    return {
        "since": iso(since), "articles": found.articles,
        "sent": len(sent) if sent is not None else None,
        "alerts": [
            {
                "id": each.alert_id if sent is not None else None, "article_id": each.article_id,
                "title": each.title, "url": each.url, "source": each.source,
                "stored_at": iso(each.stored_at), "rules": list(each.rules),
                "notify": list(each.notify),
            }
            for each in (found.would if sent is None else sent)
        ],
        "silent": [
            {
                "article_id": each.decision.article_id, "title": each.title, "url": each.url,
                "source": each.source, "stored_at": iso(each.stored_at),
                "rule": each.decision.rule_id, "reason": each.decision.reason.value,
                "detail": each.decision.detail,
            }
            for each in found.silent
        ],
        "silences": found.silences, "alerted_before": found.before,
    }  # fmt: skip


def show(found: Found, since: datetime) -> None:
    """What the rules come to, for people; before anything is sent."""
    say(f"{count(found.articles, 'article')} stored since {iso(since)}")
    for each in found.would[:_SHOWN]:
        say(clean_line(f"+ {each.stored_at:%Y-%m-%d} {each.title} ({each.source})"))
        say(clean_line(f"    {', '.join(each.rules)}, to {', '.join(each.notify)}"))
    if len(found.would) > _SHOWN:
        say(f"+ {len(found.would) - _SHOWN:,} more")
    for one in found.silent[:_SHOWN]:
        decision = one.decision
        say(clean_line(f"- {one.stored_at:%Y-%m-%d} {one.title} ({one.source})"))
        say(clean_line(f"    {decision.rule_id}: {decision.reason.value}, {decision.detail}"))
    if found.silences > _SHOWN:
        say(f"- {found.silences - min(_SHOWN, len(found.silent)):,} more")
    if found.before:
        say(f"{count(found.before, 'hit')} alerted before")


def show_end(found: Found, sent: Sequence[Would] | None, *, asked: bool) -> None:
    """What was sent, or how to send; ``asked``: with ``--send``."""
    if sent:
        say(f"{count(len(sent), 'alert')} to send. The running daemon sends within seconds; else "
            "the next news-monitor run does.")  # fmt: skip
    elif not found.would or sent is not None:
        say("Nothing to send.")
    elif asked:
        say("Nothing was sent.")
    else:
        say(f"Nothing was sent. --send sends {count(len(found.would), 'alert')}.")
