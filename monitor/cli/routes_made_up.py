"""Made-up reports and rules for ``routes test``: what is not said of them fits everything.

Layer 5, pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.alerts.rehearse import Arrival
from monitor.alerts.report import Report
from monitor.located import Place
from monitor.model import Article, Level, Match
from monitor.rules.nodes import AnyOf
from monitor.rules.rule import Rule

NAME: Final = "made-up"
_EARLIER: Final = timedelta(hours=1)  # so long before the first report a story was told


@dataclass(frozen=True, slots=True)
class Making:
    """What is said of the reports, and of their feed. ``rules`` match all of them.

    ``told``: the rule that told the story an hour before the first, None: none did. With it, or
    with ``one_story``, all are reports of one story; else each is a story of its own.
    """

    rules: tuple[Rule, ...]
    title: str = ""
    source: str = ""
    feed_url: str | None = None
    tags: tuple[str, ...] = ()
    tier: int | None = None
    told: Rule | None = None
    one_story: bool = False


def made_up_rule(level: Level, labels: tuple[tuple[str, str], ...] = (), name: str = NAME) -> Rule:
    """A rule of this level with these labels, which names no notifiers; it never looks at words."""
    return Rule(name, "A made-up rule", level, AnyOf(()), Place(name, 1, 1), labels)


def made_up(making: Making, moments: Sequence[Sequence[datetime]]) -> list[list[Arrival]]:
    """The reports, those of one moment (or of one flood) together."""
    story = NAME if making.one_story or making.told is not None else None
    batches: list[list[Arrival]] = []
    if making.told is not None:
        at = moments[0][0] - _EARLIER
        batches.append([_arrival(making, 0, at, (making.told,), story)])
    number = 0
    for batch in moments:
        made = []
        for at in batch:
            number += 1
            made.append(_arrival(making, number, at, making.rules, story))
        batches.append(made)
    return batches


def rules_of(making: Making) -> Mapping[str, Rule]:
    """All rules that take part, by id."""
    told = () if making.told is None else (making.told,)
    return {rule.id: rule for rule in (*told, *making.rules)}


def _arrival(
    making: Making, number: int, at: datetime, rules: Sequence[Rule], story: str | None
) -> Arrival:
    article = Article(
        id=f"{NAME}-{number}",
        url=f"https://example.org/{NAME}/{number}",
        title=making.title or f"Made-up report {number}",
        text="",
        source=making.source,
        published=at,
        tags=making.tags,
    )
    report = Report(article, making.feed_url, making.tier)
    return Arrival(at, report, tuple(Match(rule.id, (), ()) for rule in rules), story)
