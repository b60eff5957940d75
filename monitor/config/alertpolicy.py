"""The alert policy that a user's settings stand for. Pure."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from monitor.alerts.known import AlertPolicy
from monitor.config.settings import Settings


def alert_policy(settings: Settings, updates: Iterable[str] = ()) -> AlertPolicy:
    """Who is told what and when. ``updates``: the notifiers that can change a message."""
    return AlertPolicy(
        tuple(notifier.name for notifier in settings.notifiers),
        settings.articles.max_age,
        ZoneInfo(settings.timezone),
        settings.routes,
        {each.name: each.fuse for each in settings.notifiers if each.fuse is not None},
        frozenset(updates),
    )
