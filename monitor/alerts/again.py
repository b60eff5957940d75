"""Whether a story that a rule has alerted is told again: only for a reason that the rule names.

Layer 1, pure: ``now`` is given.
"""

from datetime import datetime

from monitor.alerts.localtime import say_span
from monitor.alerts.report import Report
from monitor.alerts.standing import StoryStanding, Told, better
from monitor.rules.alertsettings import Again
from monitor.stories.figure_notes import new_figures

_MOST_NAMED = 3  # figures


def because(
    again: Again, told: Told, standing: StoryStanding, report: Report, now: datetime
) -> str | None:
    """Why ``report`` is told again, in one line: "a new figure: $2.1 billion"; None: it is not.

    ``standing`` is the story before the report. Reasons come in the order of ``Again``.
    """
    found: list[str] = []
    fresh = new_figures(standing.figures, report.figures) if again.new_figures else ()
    if fresh:
        named = list(dict.fromkeys(figure.text for figure in fresh))
        more = f" (+{len(named) - _MOST_NAMED})" if len(named) > _MOST_NAMED else ""
        word = "a new figure" if len(named) == 1 else "new figures"
        found.append(f"{word}: {', '.join(named[:_MOST_NAMED])}{more}")
    if again.tier and report.tier is not None and (told.tier is None or report.tier < told.tier):
        found.append(f"{report.outlet} (tier {report.tier}) has it now")
    count = len({*standing.outlets, report.outlet})
    if again.sources is not None and told.sources < again.sources <= count:
        found.append(f"{count} outlets have it now")
    if again.after is not None and (now - told.last_at).total_seconds() >= again.after:
        found.append(f"more than {say_span(again.after)} after the last alert")
    return "; ".join(found) or None


def why_not(again: Again, told: Told, standing: StoryStanding, report: Report) -> str:
    """What the rule waits for, for the record; empty where it waits for nothing."""
    waits: list[str] = []
    if again.new_figures:
        waits.append("no new figure")
    if again.tier:
        best = better(told.tier, standing.tier)
        waits.append("no outlet of a tier" if best is None else f"no better tier than {best}")
    if again.sources is not None:
        count = len({*standing.outlets, report.outlet})
        before = told.sources >= again.sources
        waits.append(f"{again.sources} outlets were reached before" if before else
                     f"{count} of {again.sources} outlets")  # fmt: skip
    if again.after is not None:
        waits.append(f"less than {say_span(again.after)} after the last alert")
    return ", ".join(waits)
