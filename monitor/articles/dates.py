"""Reads the date that a page states; pure, and never a guess.

ISO 8601 first (what schema.org, Open Graph and ``time`` ask for), then dateutil for written-out
dates, accepted only if they are complete and cannot be read in two ways.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from dateutil import parser

_LONGEST: Final = 60  # characters
_ISO: Final = re.compile(r"\d{4}-?\d{2}-?\d{2}(?:[T ]\d.*)?", re.DOTALL)
_TWO_WAYS: Final = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b")
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ZONES: Final = {
    "UTC": 0, "GMT": 0, "UT": 0, "Z": 0, "WET": 0, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip  # hours
# Two dates that share nothing: what comes out equal with both was in the text.
_DEFAULTS: Final = (datetime(2000, 1, 1), datetime(2004, 12, 29))  # noqa: DTZ001  # made aware below
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)  # before the web there were no web pages
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)


def read_date(text: str) -> datetime | None:
    """The moment in UTC that ``text`` states; None if it is incomplete, ambiguous or absurd.

    A date without a time is midnight UTC; a time without a zone is taken as UTC.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    moment = _iso(text) or _written_out(text)
    if moment is None:
        return None
    try:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment if _EARLIEST <= moment < _LATEST else None


def _iso(text: str) -> datetime | None:
    if not _ISO.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _written_out(text: str) -> datetime | None:
    found = _TWO_WAYS.match(text)
    if found and int(found[1]) <= 12 and int(found[2]) <= 12 and found[1] != found[2]:
        return None
    if not _YEAR.search(text):
        return None
    try:
        first, second = (
            parser.parse(text, default=default, tzinfos=_zone) for default in _DEFAULTS
        )
    except (LookupError, ValueError, OverflowError, TypeError, AttributeError):
        return None
    if first.date() != second.date():
        return None
    return first


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """For dateutil: an offset is taken as given; a name only if it means one thing (RFC 5322)."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if name is None:
        return None
    return timezone(timedelta(hours=_ZONES[name.upper()]))
