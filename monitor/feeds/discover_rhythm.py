"""How often a feed has something new, from the dates of its entries; pure (layer 1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.model import Entry

_DAY: Final = 86_400.0  # seconds
_KEPT: Final = 0.8  # share of the entries that count: a pinned or ancient one must not
_UNITS: Final = (("a day", 1.0), ("a week", 7.0), ("a month", 30.4), ("a year", 365.0))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """``per_day``: entries a day, None where the dates do not tell; ``newest``: the latest date."""

    per_day: float | None
    newest: datetime | None


def rhythm(entries: Sequence[Entry], now: datetime) -> Rhythm:
    """The rhythm of a feed's entries. Dates more than a day ahead of ``now`` are none."""
    given = (entry.published or entry.updated for entry in entries)
    times = sorted((at for at in given if at and at <= now + timedelta(days=1)), reverse=True)
    if not times:
        return Rhythm(None, None)
    recent = times[: max(2, round(len(times) * _KEPT))]
    span = (recent[0] - recent[-1]).total_seconds()
    per_day = (len(recent) - 1) * _DAY / span if span > 0 else None
    return Rhythm(per_day, times[0])


def words(found: Rhythm, now: datetime) -> str:
    """``about 12 a day, newest 20 min ago``."""
    if found.newest is None:
        return "no dates"
    newest = f"newest {ago(found.newest, now)}"
    return newest if found.per_day is None else f"{_often(found.per_day)}, {newest}"


def ago(moment: datetime, now: datetime) -> str:
    """``20 min ago``; a moment to come is ``just now``."""
    seconds = (now - moment).total_seconds()
    if seconds < 60:
        return "just now"
    for limit, unit, name in (
        (90 * 60, 60, "min"), (2 * _DAY, 3600, "h"), (60 * _DAY, _DAY, "days"),
        (730 * _DAY, 30.4 * _DAY, "months"), (float("inf"), 365.25 * _DAY, "years"),
    ):  # fmt: skip
        if seconds < limit:
            return f"{seconds / unit:.0f} {name} ago"
    raise AssertionError("unreachable: the last limit is infinite")


def _often(per_day: float) -> str:
    for unit, days in _UNITS:
        number = per_day * days
        if number >= 0.95:
            return f"about {number:,.0f} {unit}"
    return "less than one a year"
