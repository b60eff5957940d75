"""What was sent lately, and which limit of a rule or a route it has reached.

Layer 1, pure. Days begin at midnight and hours at the full hour of a zone; surplus is held for the
end of the day or hour, and then told in one message.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final

from monitor.alerts.localtime import day_end, hour_end
from monitor.alerts.routes import Route
from monitor.model import Reason
from monitor.rules.rule import Rule

Way = tuple[str, str]  # (route's name, notifier)


@dataclass(frozen=True, slots=True)
class Counts:
    """Counted before an article is judged; what is absent is 0 or None.

    ``rules``: alerts SENT today by rule, in the days of config.yaml's zone. ``today`` and ``hour``:
    messages sent at once by way, in the route's zone. ``recent``: messages sent at once to a
    notifier within its fuse's time. ``blown``: until when a notifier's flood is gathered.
    ``groups``: when the open group of a way goes out.
    """

    rules: Mapping[str, int] = field(default_factory=dict)
    today: Mapping[Way, int] = field(default_factory=dict)
    hour: Mapping[Way, int] = field(default_factory=dict)
    recent: Mapping[str, int] = field(default_factory=dict)
    blown: Mapping[str, datetime] = field(default_factory=dict)
    groups: Mapping[Way, datetime] = field(default_factory=dict)


NOTHING_SENT: Final = Counts()


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that is reached: until when surplus is held, and which one, in plain words."""

    until: datetime
    reason: Reason
    said: str


def of_rule(rule: Rule, counts: Counts, zone: tzinfo, now: datetime) -> Limit | None:
    """The rule's ``max_per_day``, if it is reached."""
    most = rule.max_per_day
    if most is None or counts.rules.get(rule.id, 0) < most:
        return None
    return Limit(day_end(now, zone), Reason.DAILY_LIMIT, f"the rule's {_alerts(most)} of today")


def of_route(
    route: Route, notifier: str, counts: Counts, zone: tzinfo, now: datetime
) -> Limit | None:
    """The route's ``max_per_day`` or ``max_per_hour`` for this channel; the day comes first."""
    way = (route.name, notifier)
    if route.max_per_day is not None and counts.today.get(way, 0) >= route.max_per_day:
        said = f"the {_alerts(route.max_per_day)} of today on {route.name}"
        return Limit(day_end(now, zone), Reason.DAILY_LIMIT, said)
    if route.max_per_hour is not None and counts.hour.get(way, 0) >= route.max_per_hour:
        said = f"the {_alerts(route.max_per_hour)} of this hour on {route.name}"
        return Limit(hour_end(now, zone), Reason.HOURLY_LIMIT, said)
    return None


def _alerts(number: int) -> str:
    return "1 alert" if number == 1 else f"{number} alerts"
