"""Decides the moment that a feed's date means; pure.

feedparser reads the many ways in which feeds write dates and gives a UTC tuple; this turns it into
an aware datetime and refuses the impossible. ISO 8601 dates of JSON Feeds are read here.
"""

import calendar
import re
from datetime import UTC, datetime
from time import struct_time
from typing import Final

_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:[Tt ][\d:.,]{2,20}(?:[Zz]|[+-][\d:]{2,6})?)?")
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
_EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)  # earlier ones stand for "no date"


def from_tuple(parsed: struct_time | None) -> datetime | None:
    """feedparser's ``*_parsed`` (UTC) as an aware datetime; None if absent or impossible."""
    if not parsed:
        return None
    try:
        moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return moment if _EARLIEST <= moment < _LATEST else None


def from_text(text: object) -> datetime | None:
    """A date of a JSON Feed (RFC 3339); None if absent or impossible."""
    if not isinstance(text, str) or not _ISO.fullmatch(text.strip()):
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _EARLIEST <= moment < _LATEST else None


def as_text(moment: datetime | None) -> str | None:
    """``2024-02-27T09:30:00Z``, or None."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
