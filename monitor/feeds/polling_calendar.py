"""The hours and days in which a feed asks for no poll (RSS 2.0, skipHours and skipDays; UTC).

Layer 1, pure.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

_HOUR = timedelta(hours=1)


def after_pause(
    at: datetime, skip_hours: Collection[int], skip_days: Collection[int], *, latest: datetime
) -> datetime:
    """``at``, or the first full hour behind it that the feed does not ask to be left out.

    ``skip_hours``: 0 to 23; ``skip_days``: Monday is 0; other numbers mean nothing. All 24 hours,
    or all 7 days, are no wish that anybody can follow, and are ignored. Never later than
    ``latest`` or ``at``, whichever is later.
    """
    hours = {hour for hour in skip_hours if 0 <= hour < 24}
    days = {day for day in skip_days if 0 <= day < 7}
    hours = set() if len(hours) == 24 else hours
    days = set() if len(days) == 7 else days
    moment = at.astimezone(UTC)
    if not hours and not days:
        return at
    while moment.hour in hours or moment.weekday() in days:
        moment = moment.replace(minute=0, second=0, microsecond=0) + _HOUR
        if moment >= latest:
            return max(latest, at)
    return moment
