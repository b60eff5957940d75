"""When one rule's alert reaches one channel by one route: now, in a digest, or held.

Layer 1, pure: ``now`` is given. The order: the digest's plan, quiet hours, the limits of rule and
route, the group. The fuse comes last and is judged for the whole message (``policy``).
"""

from datetime import datetime, timedelta, tzinfo

from monitor.alerts.fuse import Fuse, held_until
from monitor.alerts.handling import Handling, HandlingKind
from monitor.alerts.localtime import say_day, say_span, say_time
from monitor.alerts.plans import next_due
from monitor.alerts.quiet import quiet_until
from monitor.alerts.quota import Counts, Limit, of_route, of_rule
from monitor.alerts.routes import Route
from monitor.model import Reason
from monitor.rules.rule import Rule

QUIET = "quiet hours"
LIMIT = "limit"
GROUP = "group"
FLOOD = "flood"


def proposed(
    rule: Rule,
    notifier: str,
    route: Route | None,
    zone: tzinfo,
    counts: Counts,
    now: datetime,
    cause: Reason,
) -> Handling:
    """What would become of the alert, were ``rule`` its only one; ``cause``: first report, again.

    ``route`` None: the rule names its notifiers itself, or there are no routes.
    """
    here = zone if route is None or route.zone is None else route.zone
    waits = route is not None and not route.breaks_through(rule.level)
    ways = () if route is None else ((route.name, notifier),)

    def made(kind: HandlingKind, due: datetime, plan: str, why: Reason, reason: str) -> Handling:
        return Handling(notifier, (rule.id,), kind, due, plan, why, reason, ways)

    if route is not None and waits:
        if route.digest is not None:
            due = _awake(route, here, next_due(route.digest, here, now))
            said = f"in the digest of {say_day(due, here)}"
            return made(HandlingKind.DIGEST, due, str(route.digest), cause, said)
        until = quiet_until(route.quiet, here, now)
        if until is not None:
            said = f"held until {say_time(until, here, now)}; then in one message"
            return made(HandlingKind.HELD, until, QUIET, Reason.QUIET_HOURS, said)
    limit = of_rule(rule, counts, zone, now)
    if limit is None and route is not None and waits:
        limit = of_route(route, notifier, counts, here, now)
    if limit is not None:
        due = _awake(route, here, limit.until) if route is not None and waits else limit.until
        said = _beyond(limit, due, here, now)
        return made(HandlingKind.HELD, due, LIMIT, limit.reason, said)
    if route is not None and waits and route.group is not None:
        open_until = counts.groups.get((route.name, notifier))
        if open_until is None or open_until <= now:
            open_until = _awake(route, here, now + timedelta(seconds=route.group))
        said = f"in one message of {say_span(route.group)} at {say_time(open_until, here, now)}"
        return made(HandlingKind.DIGEST, open_until, GROUP, cause, said)
    return made(HandlingKind.NOW, now, "", cause, "")


def fused(
    one: Handling, fuse: Fuse | None, counts: Counts, zone: tzinfo, now: datetime
) -> Handling:
    """``one``, a message of this moment, or the same held where its channel's fuse has blown."""
    recent = counts.recent.get(one.notifier, 0)
    until = held_until(fuse, recent, counts.blown.get(one.notifier), now)
    if fuse is None or until is None:
        return one
    said = f"more than {fuse}; held until {say_time(until, zone, now)}, then in one message"
    return Handling(
        one.notifier, one.rules, HandlingKind.HELD, until, FLOOD, Reason.FLOOD_FUSE, said, one.ways
    )


def _awake(route: Route, zone: tzinfo, due: datetime) -> datetime:
    """``due``, or the end of the quiet hours in which it lies."""
    return quiet_until(route.quiet, zone, due) or due


def _beyond(limit: Limit, due: datetime, zone: tzinfo, now: datetime) -> str:
    return f"{limit.said} are sent; held until {say_time(due, zone, now)}, then in one message"
