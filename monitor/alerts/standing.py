"""What a story has come to: who reports it, what is known of it, which rules have told it.

Layer 1, frozen values. The judge reads a standing as it is before an article; ``joined`` and
``told`` say what it is afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.alerts.report import Report
from monitor.alerts.routes import Labels
from monitor.model import Figure, Level
from monitor.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Told:
    """One rule that has alerted the story, at once, in a digest, or held for later.

    ``alert_id`` and ``at`` are of its first alert; ``last_at``, ``sources`` (outlets so far) and
    ``tier`` (the best so far) of its last one. ``notifiers`` got one of them, or will.
    """

    rule_id: str
    level: Level
    labels: Labels
    alert_id: str
    at: datetime
    last_at: datetime
    sources: int
    tier: int | None
    notifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoryStanding:
    """A story. ``outlets`` are distinct, first report first; ``tier`` is the best so far."""

    id: str
    articles: int = 0
    outlets: tuple[str, ...] = ()
    tier: int | None = None
    figures: tuple[Figure, ...] = ()
    alerts: tuple[Told, ...] = ()

    def told_by(self, rule_id: str) -> Told | None:
        """What the rule has told of the story, or None."""
        for told in self.alerts:
            if told.rule_id == rule_id:
                return told
        return None

    @property
    def first(self) -> Told | None:
        """The first alert of the story by any rule, or None."""
        return min(self.alerts, key=lambda told: (told.at, told.alert_id), default=None)


def joined(standing: StoryStanding, report: Report) -> StoryStanding:
    """The standing with ``report`` in the story."""
    outlets, figures = standing.outlets, standing.figures
    if report.outlet not in outlets:
        outlets = (*outlets, report.outlet)
    known = {(figure.kind, figure.value) for figure in figures}
    new = [each for each in report.figures if (each.kind, each.value) not in known]
    return replace(
        standing,
        articles=standing.articles + 1,
        outlets=outlets,
        tier=better(standing.tier, report.tier),
        figures=(*figures, *new) if new else figures,
    )


def told(
    standing: StoryStanding,
    tellers: Sequence[tuple[Rule, tuple[str, ...]]],
    alert_id: str,
    now: datetime,
) -> StoryStanding:
    """The standing after an alert; ``tellers`` are its rules with the notifiers that each reaches.

    The article is in the standing already.
    """
    alerts = {each.rule_id: each for each in standing.alerts}
    for rule, notifiers in tellers:
        first = alerts.get(rule.id)
        reached = (*(first.notifiers if first else ()), *notifiers)
        alerts[rule.id] = Told(
            rule.id, rule.level, rule.labels,
            first.alert_id if first else alert_id, first.at if first else now,
            now, len(standing.outlets), standing.tier, tuple(dict.fromkeys(reached)),
        )  # fmt: skip
    return replace(standing, alerts=tuple(alerts.values()))


def better(one: int | None, other: int | None) -> int | None:
    """The better of two tiers: the smaller number; any is better than none."""
    return min((tier for tier in (one, other) if tier is not None), default=None)
