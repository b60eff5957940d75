"""A big story mutes small ones: what a louder rule has alerted, other rules do not tell again.

Layer 1, pure.
"""

from monitor.alerts.routes import Route
from monitor.alerts.standing import StoryStanding
from monitor.rules.rule import Rule


def muted(rule: Rule, route: Route, standing: StoryStanding | None) -> str | None:
    """Why ``rule`` is silent on this route, naming the alert that mutes it; None if it is not.

    Only earlier alerts of the same story mute, and a rule that fits ``muted_by`` itself is never
    muted: an urgent rule is not silenced by an urgent one.
    """
    by = route.muted_by
    if by is None or standing is None or by.fits_rule(rule.id, rule.level, rule.labels):
        return None
    for told in sorted(standing.alerts, key=lambda each: (each.at, each.rule_id)):
        if told.rule_id != rule.id and by.fits_rule(told.rule_id, told.level, told.labels):
            return (
                f"{told.rule_id} has alerted story {standing.id} (alert {told.alert_id}), "
                f"which mutes other rules of {route.name}"
            )
    return None
