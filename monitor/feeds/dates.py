"""Decides the moment that a feed's date means; pure.

First the two forms that the formats ask for (RFC 822, section 5; RFC 3339), then dates written out
in the outlet's language. What is left to feedparser's readers comes in as a UTC tuple.
"""

import calendar
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from monitor.feeds.localdates import LONGEST, local_date
from monitor.feeds.zones import offset_minutes

_ISO: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt]|\s{1,3})(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?"
    r"\s?([Zz]|[+-]\d{2}:?(?:\d{2})?|[A-Za-z]{2,4})?)?",
    re.ASCII,
)
_MAIL: Final = re.compile(
    r"(?:[A-Za-z]{2,9}\.?,?\s{1,3})?(\d{1,2})[\s-]([A-Za-z]{3,9})\.?[\s-](\d{4}|\d{2})"
    r"(?:,?\s{1,3}(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?"
    r"(?:\s{0,3}([A-Za-z]{1,4}(?:/[A-Za-z]{3})?\s?[+-]\d{1,2}:?(?:\d{2})?|[+-]\d{1,2}:?(?:\d{2})?"
    r"|[A-Za-z]{1,4}(?:/[A-Za-z]{3})?))?(?:\s\([A-Za-z ]{1,40}\))?)?",
    re.ASCII,
)
_USUAL: Final = re.compile(  # as most feeds write it; the same as _MAIL would read, faster
    r"[A-Z][a-z]{2}, (\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (GMT|[+-]\d{4})",
    re.ASCII,
)
_RFC3339: Final = re.compile(  # the same as _ISO would read, faster
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-](?:0\d|1[0-2]):[0-5]\d)", re.ASCII
)
_ENGLISH: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june",
            "jul july", "aug august", "sep sept september", "oct october", "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
_EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)  # earlier ones stand for "no date"
_CENTURY: Final = 70  # a year of two digits from here on is one of the twentieth century


def read_date(text: str, language: str | None = None) -> datetime | None:
    """The moment in UTC that ``text`` states; None if it is unreadable, unclear or impossible.

    ``language`` is the feed's, as two letters. Without a zone UTC is meant, without a time
    midnight.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        return None
    return _sensible(_iso(text) or _mail(text) or local_date(text, language))


def is_iso(text: str) -> bool:
    """Whether ``text`` has the form of RFC 3339, possible or not: nobody else need read it."""
    return _ISO.fullmatch(text.strip()) is not None


def from_tuple(parsed: tuple[int, ...] | None) -> datetime | None:
    """feedparser's ``*_parsed`` (UTC) as an aware datetime; None if absent or impossible."""
    if not parsed:
        return None
    try:
        return _sensible(datetime.fromtimestamp(calendar.timegm(parsed), UTC))
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def as_text(moment: datetime | None) -> str | None:
    """``2024-02-27T09:30:00Z``, or None."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _iso(text: str) -> datetime | None:
    if _RFC3339.fullmatch(text):
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            pass  # a leap second, or an impossible day
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    return _at((int(year), int(month), int(day)), (hour, minute, second), zone)


def _mail(text: str) -> datetime | None:
    found = _USUAL.fullmatch(text) or _MAIL.fullmatch(text)
    if found is None or (month := _ENGLISH.get(found[2].lower())) is None:
        return None
    year = int(found[3])
    if len(found[3]) == 2:
        year += 1900 if year >= _CENTURY else 2000
    return _at((year, month, int(found[1])), (found[4], found[5], found[6]), found[7])


def _at(
    day: tuple[int, int, int], clock: tuple[str | None, str | None, str | None], zone: str | None
) -> datetime | None:
    minutes = 0
    if zone and zone not in ("GMT", "+0000", "Z"):
        known = offset_minutes(zone.lower().replace(" ", ""))
        if known is None:
            return None
        minutes = known
    hour, minute, second = (int(part or 0) for part in clock)
    try:
        moment = datetime(*day, hour, minute, min(second, 59), tzinfo=UTC)  # 60 is a leap second
        return moment - timedelta(minutes=minutes) if minutes else moment
    except (ValueError, OverflowError):
        return None


def _sensible(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and _EARLIEST <= moment < _LATEST else None
