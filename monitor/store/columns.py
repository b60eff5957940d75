"""Column types: what goes into the database and what comes out of it.

Times go in and out as aware datetimes and rest as whole microseconds since 1970 in UTC: exact, in
order, the same on every database. Texts come from the web: what a database or an encoder cannot
hold (NUL, lone surrogates) is replaced by U+FFFD on the way in.
"""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_FIRST: Final = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LAST: Final = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")

# A growing key: SQLite numbers rows by itself only in a column whose type is INTEGER.
RowId: Final = BigInteger().with_variant(Integer, "sqlite")


def clean_text(text: str) -> str:
    """``text`` with every NUL and lone surrogate replaced by U+FFFD; never longer or shorter."""
    return _UNSTORABLE.sub("\ufffd", text)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970. Raises ValueError for a naive ``moment``.

    An offset can carry a moment out of the years 1 to 9999 ("0001-01-01T00:00+05:00"): it is moved
    to the nearest moment that can be read back.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"a naive datetime cannot be stored: {moment!r}")
    return min(max((moment - _EPOCH) // _MICROSECOND, _FIRST), _LAST)


def from_micros(micros: int) -> datetime:
    """The aware datetime in UTC that ``to_micros`` was given."""
    return _EPOCH + micros * _MICROSECOND


# TypeDecorator is generic over the Python type; Any where SQLAlchemy itself says Any.
class UtcTime(TypeDecorator[datetime]):
    """An aware datetime; a naive one is refused with ValueError."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        """To microseconds since 1970."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> datetime | None:
        """To an aware datetime in UTC."""
        return None if value is None else from_micros(value)


class WebText(TypeDecorator[str]):
    """A text from anywhere, cleaned by ``clean_text`` on the way in and in comparisons."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """To a text that every database and encoder can hold."""
        return None if value is None else clean_text(value)


class Names(TypeDecorator[tuple[str, ...]]):
    """A tuple of texts, resting as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, _dialect: Dialect) -> str | None:
        """To JSON."""
        if value is None:
            return None
        return json.dumps([clean_text(name) for name in value], ensure_ascii=False)

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> tuple[str, ...] | None:
        """To a tuple."""
        return None if value is None else tuple(json.loads(value))
