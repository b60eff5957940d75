"""What a server says about when to come back.

Layer 1, pure. Sources: RFC 9111, 4.2 and 5.2 (Cache-Control, Age, Expires), RFC 9110, 5.6.7
(dates) and 10.2.3 (Retry-After). Dates are compared with the server's own ``Date``, so that a
server with a wrong clock is still understood.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from monitor.model import Freshness

LONGEST_RETRY_AFTER: Final = 7 * 86400.0  # seconds
LONGEST_MAX_AGE: Final = 24 * 3600.0  # seconds; more is a setting for pictures, not for news

_SECONDS: Final = re.compile(r"[0-9]{1,18}")
_DIRECTIVE: Final = re.compile(r'([a-z-]+)(?:\s*=\s*"?([^",]*)"?)?')


def freshness(headers: Mapping[str, str], now: datetime) -> Freshness:
    """Hints of an answer. ``headers`` has names in any case if it is case-insensitive, else lower.

    ``max_age``: what is left of Cache-Control's max-age, else of Expires; None if there is no wish
    (no-cache, no-store, max-age=0, Expires in the past, anything unreadable); at most 24 hours.
    ``retry_after``: at most 7 days; None if absent, negative, past or unreadable. ``now`` is used
    where the server sent no Date.
    """
    served_at = _date(headers.get("date")) or now
    return Freshness(
        max_age=_max_age(headers, served_at),
        retry_after=_retry_after(headers.get("retry-after"), served_at),
    )


def _max_age(headers: Mapping[str, str], served_at: datetime) -> float | None:
    directives = {
        name: value.strip()
        for name, value in _DIRECTIVE.findall(headers.get("cache-control", "").lower())
    }
    if "no-cache" in directives or "no-store" in directives:
        return None
    if "max-age" in directives:
        lifetime = _seconds(directives["max-age"])
        left = None if lifetime is None else lifetime - (_seconds(headers.get("age")) or 0.0)
    else:
        expires = _date(headers.get("expires"))
        left = None if expires is None else (expires - served_at).total_seconds()
    return min(left, LONGEST_MAX_AGE) if left is not None and left > 0 else None


def _retry_after(text: str | None, served_at: datetime) -> float | None:
    seconds = _seconds(text)
    if seconds is None:
        at = _date(text)
        seconds = None if at is None else (at - served_at).total_seconds()
    if seconds is None or seconds < 0:
        return None
    return min(seconds, LONGEST_RETRY_AFTER)


def _seconds(text: str | None) -> float | None:
    text = (text or "").strip()
    return float(text) if _SECONDS.fullmatch(text) else None


def _date(text: str | None) -> datetime | None:
    """An HTTP date in UTC; None if absent or unreadable."""
    if not text or len(text) > 60:
        return None
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
