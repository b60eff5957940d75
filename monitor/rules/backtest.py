"""What rules would have done on past articles, against what others did, or what was recorded.

Layer 1, pure: articles are handed in one by one, in any order, and none is kept, so that memory
depends on the number of rules and days, not of articles.

A rule *fires* on a past article if it matches, its ``source:`` conditions hold, it had not expired,
and the article was no older than ``articles.max_age``: all judged at the moment when the article
was stored. How many messages come of it is for grouping and routes to say.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, Literal

from monitor.model import Article, Decision, Reason
from monitor.rules.book import RuleBook
from monitor.rules.conditions import expired, refusal
from monitor.rules.rule import Rule

Against = Literal["rule", "record", "nothing"]

_DID_NOT_FIRE: Final = frozenset({Reason.TOO_OLD, Reason.SOURCE, Reason.EXPIRED})
_BEFORE: Final = "before "  # the id of an older version; no id in a file can hold a blank
_HEADLINES: Final = 10
_BUDGET: Final = re.compile(r"([0-9]{1,6})/(day|week|month)")
_DAYS: Final = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True, slots=True)
class Past:
    """An article of the past. ``at``: when it was stored, None where nobody knows (a file).

    ``fired``: the rules that fired on it by the record.
    """

    article: Article
    at: datetime | None
    feed_url: str | None = None
    fired: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Comparison:
    """A rule and what it is held against: another rule, the recorded decisions, or nothing."""

    rule: Rule
    against: Against
    before: Rule | None = None  # with ``against`` "rule"


@dataclass(frozen=True, slots=True)
class Headline:
    """An article on which the two differ."""

    title: str
    url: str
    source: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What one rule would have done. ``hits`` and ``before`` count articles.

    ``days`` counts its hits per day (UTC); hits of articles without a time are ``undated``.
    """

    rule_id: str
    against: Against
    hits: int
    before: int
    added: int
    removed: int
    added_headlines: tuple[Headline, ...]
    removed_headlines: tuple[Headline, ...]
    days: tuple[tuple[date, int], ...]
    undated: int


@dataclass(frozen=True, slots=True)
class Report:
    """All outcomes, and the articles they come from. Times are None if no article has one."""

    articles: int
    oldest: datetime | None
    newest: datetime | None
    outcomes: tuple[RuleOutcome, ...]

    def per_week(self, outcome: RuleOutcome) -> float | None:
        """Hits per week on average; None where the articles cover less than a week."""
        if self.oldest is None or self.newest is None:
            return None
        weeks = (self.newest - self.oldest) / timedelta(days=7)
        return None if weeks < 1 else outcome.hits / weeks


@dataclass(frozen=True, slots=True)
class Budget:
    """A noise budget: at most ``count`` hits in any ``days`` days in a row."""

    count: int
    days: int


def parse_budget(text: str) -> Budget:
    """``10/week`` (or day, or month: 30 days). Raises ValueError with a sentence for people."""
    found = _BUDGET.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"'{text}' is no noise budget. Write 10/week, 2/day or 30/month.")
    return Budget(int(found[1]), _DAYS[found[2]])


def busiest(outcome: RuleOutcome, days: int) -> int:
    """The most hits in any ``days`` days in a row (UTC).

    Hits without a time could have come at any time, so all of them are added.
    """
    hits = dict(outcome.days)
    most = 0
    for first in hits:
        window = (first + timedelta(days=n) for n in range(min(days, (date.max - first).days + 1)))
        most = max(most, sum(hits.get(day, 0) for day in window))
    return most + outcome.undated


def fired_by_record(decisions: Sequence[Decision]) -> frozenset[str]:
    """The rules that fired on an article, by the decisions recorded about it."""
    return frozenset(each.rule_id for each in decisions if each.reason not in _DID_NOT_FIRE)


def comparisons(
    rules: Sequence[Rule], live: Mapping[str, Rule], *, recorded: bool
) -> tuple[Comparison, ...]:
    """What each rule is held against: the live rule of its id; where it is that very rule, the
    recorded decisions (``recorded`` False: there are none); a new rule against nothing.
    """
    return tuple(_comparison(rule, live.get(rule.id), recorded) for rule in rules)


def _comparison(rule: Rule, known: Rule | None, recorded: bool) -> Comparison:
    if known is None:
        return Comparison(rule, "nothing")
    if known != rule:
        return Comparison(rule, "rule", known)
    return Comparison(rule, "record" if recorded else "nothing")


class Backtest:
    """Takes past articles one by one and counts.

    ``max_age``: ``articles.max_age`` in seconds, None: not judged. ``headlines``: how many of each
    rule's differences are kept for people, the first that were taken. ``zone``: where the days of
    ``expires`` begin and end.
    """

    def __init__(
        self,
        pairs: Sequence[Comparison],
        max_age: float | None,
        headlines: int = _HEADLINES,
        zone: tzinfo = UTC,
    ) -> None:
        older = [replace(each.before, id=_BEFORE + each.before.id) for each in pairs if each.before]
        # One book for both: an article's words are cut once.
        self._book = RuleBook([*(each.rule for each in pairs), *older])
        self._max_age = max_age
        self._zone = zone
        self._counts = [_Count(each, headlines) for each in pairs]
        self._articles = 0
        self._oldest: datetime | None = None
        self._newest: datetime | None = None

    def take(self, past: Past) -> None:
        """Judge one article by every rule."""
        self._articles += 1
        if past.at is not None:
            self._oldest = past.at if self._oldest is None else min(self._oldest, past.at)
            self._newest = past.at if self._newest is None else max(self._newest, past.at)
        fired = self._fired(past)
        for count in self._counts:
            count.take(past, fired)

    def report(self) -> Report:
        """What was found so far."""
        outcomes = tuple(count.outcome() for count in self._counts)
        return Report(self._articles, self._oldest, self._newest, outcomes)

    def _fired(self, past: Past) -> frozenset[str]:
        if _too_old(past, self._max_age):
            return frozenset()
        rules = (self._book.rule(match.rule_id) for match in self._book.match(past.article))
        return frozenset(
            rule.id for rule in rules if rule is not None and _applies(rule, past, self._zone)
        )


def _applies(rule: Rule, past: Past, zone: tzinfo) -> bool:
    """Whether the rule was in force for the article, beside its words."""
    if past.at is not None and expired(rule.expires, past.at.astimezone(zone).date()) is not None:
        return False
    return refusal(rule.source, past.article, past.feed_url, past.at) is None


def _too_old(past: Past, max_age: float | None) -> bool:
    published = past.article.published
    if max_age is None or past.at is None or published is None:
        return False
    return past.at - published > timedelta(seconds=max_age)


class _Count:
    """The running figures of one rule."""

    def __init__(self, comparison: Comparison, headlines: int) -> None:
        self._comparison = comparison
        self._most = headlines
        self._hits = self._before = self._added = self._removed = self._undated = 0
        self._days: Counter[date] = Counter()
        self._added_headlines: list[Headline] = []
        self._removed_headlines: list[Headline] = []

    def take(self, past: Past, fired: frozenset[str]) -> None:
        rule_id = self._comparison.rule.id
        now = rule_id in fired
        match self._comparison.against:
            case "rule":
                before = _BEFORE + rule_id in fired
            case "record":
                before = rule_id in past.fired
            case "nothing":
                before = False
        self._hits += now
        self._before += before
        if now and past.at is not None:
            self._days[past.at.date()] += 1
        elif now:
            self._undated += 1
        if now and not before:
            self._added += 1
            self._keep(self._added_headlines, past)
        elif before and not now:
            self._removed += 1
            self._keep(self._removed_headlines, past)

    def _keep(self, headlines: list[Headline], past: Past) -> None:
        if len(headlines) < self._most:
            article = past.article
            headlines.append(Headline(article.title, article.url, article.source, past.at))

    def outcome(self) -> RuleOutcome:
        return RuleOutcome(
            rule_id=self._comparison.rule.id, against=self._comparison.against, hits=self._hits,
            before=self._before, added=self._added, removed=self._removed,
            added_headlines=tuple(self._added_headlines),
            removed_headlines=tuple(self._removed_headlines),
            days=tuple(sorted(self._days.items())), undated=self._undated,
        )  # fmt: skip
