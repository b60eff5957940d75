"""A route of config.yaml in words, and as JSON.

Layer 5, pure. The shapes are in docs/commands.md, "routes".
"""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any

from monitor.alerts.localtime import say_span
from monitor.alerts.routes import Conditions, Route
from monitor.model import Level


def takes(match: Conditions) -> str:
    """What fits: ``level urgent, desk competition or markets``; ``everything``."""
    named: list[tuple[str, Sequence[object]]] = [
        ("level", match.levels), ("rule", match.rules), *match.labels, ("tag", match.tags),
        ("source", match.sources), ("tier", match.tiers),
    ]  # fmt: skip
    told = [f"{name} {' or '.join(str(each) for each in values)}" for name, values in named
            if values]  # fmt: skip
    return ", ".join(told) or "everything"


def tells(route: Route) -> str:
    """Who is told."""
    return ", ".join(route.notify) or "nobody"


def when(route: Route, zone: tzinfo) -> str:
    """When, and what else holds; ``zone`` is that of config.yaml."""
    return "; ".join(_parts(route, zone))


def _parts(route: Route, zone: tzinfo) -> Iterator[str]:
    if route.digest is not None:
        yield f"in a digest, {route.digest}"
    elif route.group is not None:
        yield f"one message for all that comes within {say_span(route.group)}"
    else:
        yield "at once"
    if route.quiet:
        yield f"quiet hours {', '.join(map(str, route.quiet))}"
    for number, span in ((route.max_per_day, "day"), (route.max_per_hour, "hour")):
        if number is not None:
            yield f"at most {number} a{'n' if span == 'hour' else ''} {span} to each"
    if route.break_through is not None:
        loud = list(Level)[list(Level).index(route.break_through) :]
        yield f"{' and '.join(loud)} wait{'s' if len(loud) == 1 else ''} for nothing"
    if route.muted_by is not None:
        yield f"silent in a story that was told by {takes(route.muted_by)}"
    if route.zone is not None and route.zone != zone:
        yield f"by the clock of {route.zone}"
    if route.goes_on:
        yield "the routes below are tried, too"


def route_json(route: Route, zone: tzinfo) -> dict[str, Any]:
    """The route for programs; durations are seconds."""
    return {
        "name": route.name,
        "match": _match_json(route.match),
        "notify": list(route.notify),
        "continue": route.goes_on,
        "digest": None if route.digest is None else str(route.digest),
        "quiet": [str(window) for window in route.quiet],
        "break_through": None if route.break_through is None else route.break_through.value,
        "group": route.group,
        "max_per_day": route.max_per_day,
        "max_per_hour": route.max_per_hour,
        "muted_by": None if route.muted_by is None else _match_json(route.muted_by),
        "timezone": str(route.zone or zone),
        "when": when(route, zone),
    }


def _match_json(match: Conditions) -> dict[str, Any]:
    return {
        "levels": [each.value for each in match.levels],
        "rules": list(match.rules),
        "labels": {name: list(values) for name, values in match.labels},
        "tags": list(match.tags),
        "sources": list(match.sources),
        "tiers": list(match.tiers),
    }
