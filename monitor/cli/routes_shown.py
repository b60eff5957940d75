"""Shows a rehearsal: rows for people, one document for programs.

Layer 5. The shapes are in docs/commands.md, "routes".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.alerts.known import AlertPolicy
from monitor.alerts.localtime import say_date
from monitor.alerts.rehearse import Arrival, Decided, Event, Office, Received
from monitor.alerts.routes import routes_of
from monitor.cli.output import clean_line, iso, say, table
from monitor.model import Decision, MessageKind
from monitor.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Step:
    """An event; ``batch`` numbers the moments at which reports came. ``arrival`` of a Decided."""

    event: Event
    batch: int
    arrival: Arrival | None = None


def steps(office: Office, batches: Iterable[Sequence[Arrival]]) -> Iterator[Step]:
    """All that happens, in the order of time."""
    numbered = [(each.at, number, each) for number, batch in enumerate(batches) for each in batch]
    last = 0
    for _, last, arrival in sorted(numbered, key=lambda each: each[0]):
        for event in office.arrive(arrival):
            yield Step(event, last, arrival if isinstance(event, Decided) else None)
    for event in office.close():
        yield Step(event, last)


def routes_taken(
    decision: Decision, arrival: Arrival, rules: Mapping[str, Rule], policy: AlertPolicy
) -> list[str]:
    """The names of the routes that lead a rule's alert; none where the rule names its notifiers."""
    rule = rules[decision.rule_id]
    if rule.notify is not None:
        return []
    return [route.name for route in routes_of(rule, arrival.report, policy.routes)]


def document(
    done: Sequence[Step], rules: Mapping[str, Rule], policy: AlertPolicy
) -> dict[str, Any]:
    """The rehearsal for programs."""
    return {
        "timezone": str(policy.zone),
        "events": [each for step in done for each in _event_json(step, rules, policy)],
    }


def _event_json(
    step: Step, rules: Mapping[str, Rule], policy: AlertPolicy
) -> Iterator[dict[str, Any]]:
    event, arrival = step.event, step.arrival
    if isinstance(event, Received):
        alert = event.alert
        yield {
            "kind": "message", "at": iso(event.at), "due_at": iso(event.due_at),
            "to": event.notifier, "message": alert.kind.value, "title": alert.title,
            "because": alert.because,
            "articles": [each.article_id for each in alert.items or (alert,)],
            "rules": list(dict.fromkeys(
                hit.rule_id for each in alert.items or (alert,) for hit in each.hits
            )),
        }  # fmt: skip
        return
    assert arrival is not None
    article = arrival.report.article
    own = {"kind": "decision", "at": iso(event.at), "article": article.id, "title": article.title,
           "story": event.story, "new_story": event.new_story}  # fmt: skip
    for each in event.decisions:
        yield {
            **own, "rule": each.rule_id, "outcome": each.outcome.value,
            "reason": each.reason.value, "detail": each.detail, "notify": list(each.notify),
            "routes": routes_taken(each, arrival, rules, policy),
        }  # fmt: skip
    if not event.decisions:
        yield {**own, "rule": None, "outcome": None, "reason": None, "detail": "no rule matches",
               "notify": [], "routes": []}  # fmt: skip


@dataclass(slots=True)
class _Row:
    """Equal events of one batch: when the first and the last were, and how many."""

    first: datetime
    last: datetime
    who: str
    one: str  # what to say of one
    many: str  # what to say after the number of several
    number: int = 1


def show(
    done: Sequence[Step], rules: Mapping[str, Rule], policy: AlertPolicy, *, titles: bool
) -> None:
    """Print the rehearsal; equal events of one moment, or of one flood, are one row.

    ``titles``: the reports are told apart by their titles.
    """
    rows: dict[tuple[int, str, str], _Row] = {}
    for step in done:
        for row in _rows(step, rules, policy, titles=titles):
            known = rows.setdefault((step.batch, row.who, row.many), row)
            if known is not row:
                known.number += 1
                known.last = row.last
    moments = [at for row in rows.values() for at in (row.first, row.last)]
    offsets = {at.astimezone(policy.zone).utcoffset() for at in moments}

    def said(at: datetime) -> str:
        name = f" {at.astimezone(policy.zone):%Z}" if len(offsets) > 1 else ""
        return say_date(at, policy.zone) + name

    def cells(row: _Row) -> tuple[str, str, str]:
        what = row.one if row.number == 1 else f"{row.number:,} {row.many}"
        until = f"; the last at {said(row.last)}" if said(row.last) != said(row.first) else ""
        return said(row.first), row.who, what + until

    table(("when", "who", "what"), [cells(row) for row in rows.values()])
    say()
    say(clean_line(f"Times are those of {policy.zone}. Nothing was sent."))


def _rows(
    step: Step, rules: Mapping[str, Rule], policy: AlertPolicy, *, titles: bool
) -> Iterator[_Row]:
    event, arrival = step.event, step.arrival
    if isinstance(event, Received):
        yield _message_row(event)
        return
    assert arrival is not None
    about = f"{arrival.report.article.title}: " if titles else ""
    for each in event.decisions:
        by = ", ".join(routes_taken(each, arrival, rules, policy))
        said = f"{each.outcome.value}, {each.reason.value}" + (f" (by {by})" if by else "")
        told = f"{about}{said}: {each.detail}"
        yield _Row(event.at, event.at, each.rule_id, told, f"× {told}")
    if not event.decisions:
        told = f"{about}no rule matches"
        yield _Row(event.at, event.at, "", told, f"× {told}")


def _message_row(event: Received) -> _Row:
    alert = event.alert
    late = "" if event.at <= event.due_at else ", after the outage"
    who = f"→ {event.notifier}"
    if alert.kind is MessageKind.DIGEST:
        told = f"digest: {alert.title} ({alert.because}){late}"
        return _Row(event.at, event.at, who, told, f"× {told}")
    kind = alert.kind.value
    because = f" ({alert.because})" if alert.because else ""
    return _Row(event.at, event.at, who, f"{kind}: {alert.title}{because}{late}", f"{kind}s{late}")
