"""A newsroom for the tests of decisions: rules, routes, reports, stories, short to write."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor.alerts.fuse import Fuse
from monitor.alerts.handling import Judgement
from monitor.alerts.known import AlertPolicy, Situation
from monitor.alerts.plans import read_plan
from monitor.alerts.policy import judge
from monitor.alerts.quiet import read_window
from monitor.alerts.quota import Counts
from monitor.alerts.report import Report
from monitor.alerts.routes import ANY, Conditions, Route
from monitor.alerts.silences import Silence
from monitor.alerts.standing import StoryStanding, Told
from monitor.model import Article, Figure, FigureKind, Level, Match, Span
from monitor.rules.rule import Rule
from tests.rules.build import book

BRUSSELS = ZoneInfo("Europe/Brussels")
NOON = datetime(2026, 11, 20, 12, tzinfo=BRUSSELS)  # a Friday
CHANNELS = ("desk", "screen", "slack")
RULES = {
    rule.id: rule
    for rule in book("""
rules:
  - {id: urgent, level: urgent, labels: {desk: deals}, match: [ferry]}
  - {id: normal, match: [ferry]}
  - {id: info, level: info, labels: {desk: sport}, match: [ferry]}
  - {id: named, match: [ferry], alert: {notify: [slack]}}
  - {id: few, match: [ferry], alert: {max_per_day: 2}}
  - {id: again, match: [ferry], alert: {again: [new_figures, tier, sources: 3, after: 12h]}}
""").rules
}


def at(text: str) -> datetime:
    """A moment of November 2026 in Brussels: ``20 23:30``; the 20th is a Friday."""
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=BRUSSELS)


def rule(rule_id: str = "normal", **fields: Any) -> Rule:
    """One of ``RULES``, changed."""
    return replace(RULES[rule_id], **fields)


def article(number: int = 1, **fields: Any) -> Article:
    """An article of its own, by its number."""
    own = {
        "id": f"a{number}", "url": f"https://www.news{number}.example/ferry", "title": "A ferry sails",
        "text": "A ferry sails.", "source": f"Outlet {number}",
    }  # fmt: skip
    return Article(**{**own, **fields})


def report(number: int = 1, **fields: Any) -> Report:
    """A report of an article; fields of either."""
    own = {name: fields.pop(name) for name in ("feed_url", "tier", "figures", "copy_of", "baseline")
           if name in fields}  # fmt: skip
    return Report(article(number, **fields), **own)


def matches(*rules: str) -> tuple[Match, ...]:
    """These rules fired on the word ferry in the title."""
    return tuple(Match(name, (Span("title", 2, 7, "ferry"),), ()) for name in rules)


def money(number: str) -> Figure:
    """A sum in dollars."""
    text = f"${number} billion"
    value = f"USD {number}000000000"
    return Figure(FigureKind.MONEY, value, text, "investment", f"It costs {text}.", "body", 9, 20)


def route(*notify: str, **fields: Any) -> Route:
    """A route; ``digest`` and ``quiet`` as people write them."""
    if "digest" in fields:
        fields["digest"] = read_plan(fields["digest"])
    if "quiet" in fields:
        quiet = fields["quiet"]
        texts = [quiet] if isinstance(quiet, str) else quiet
        fields["quiet"] = tuple(read_window(text) for text in texts)
    return Route(fields.pop("name", "route"), fields.pop("match", ANY), notify, **fields)


def level(*levels: str) -> Conditions:
    """Rules of these levels."""
    return Conditions(levels=tuple(Level(name) for name in levels))


def policy(*routes: Route, fuse: int | None = None, **fields: Any) -> AlertPolicy:
    """Three channels and these routes. ``fuse``: of every channel."""
    fuses = {} if fuse is None else dict.fromkeys(CHANNELS, Fuse(fuse))
    made = AlertPolicy(CHANNELS, 72 * 3600, BRUSSELS, routes, fuses)
    return replace(made, **fields)


def told(
    rule_id: str = "normal", hours_ago: float = 1, now: datetime = NOON, **fields: Any
) -> Told:
    """One of ``RULES`` that has alerted a story."""
    when = now - timedelta(hours=hours_ago)
    own: dict[str, Any] = {
        "alert_id": f"alert-{rule_id}", "at": when, "last_at": when, "sources": 1, "tier": None,
        "notifiers": CHANNELS,
    }  # fmt: skip
    one = RULES[rule_id]
    return Told(one.id, one.level, one.labels, **{**own, **fields})


def story(*alerts: Told, **fields: Any) -> StoryStanding:
    """A story of one article, told by these."""
    own: dict[str, Any] = {"articles": 1, "outlets": ("Outlet 0",)}
    return StoryStanding("s1", **{**own, **fields}, alerts=alerts)


def judged(
    *rule_ids: str,
    by: AlertPolicy | None = None,
    now: datetime = NOON,
    of: Report | None = None,
    standing: StoryStanding | None = None,
    counts: Counts | None = None,
    silences: Sequence[Silence] = (),
) -> Judgement:
    """What comes of one article that these rules match."""
    situation = Situation(standing, tuple(silences), counts or Counts())
    return judge(of or report(), matches(*rule_ids), RULES, by or policy(), situation, now)
