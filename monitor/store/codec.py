"""Values of the model as JSON texts and back.

Writing is ours (naive times refused, unstorable characters replaced); reading is pydantic's, which
checks every field. A key that this version does not know is ignored, a missing one takes the
model's default: so an older payload stays readable when the model grows.
"""

import json
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter

from monitor.alerts.silences import Silence
from monitor.model import Alert, Entry, FeedMemory, Figure, Snippet, Span
from monitor.store.columns import clean_text, from_micros, to_micros

_BARE: Final = (bool, int, float, type(None))


def encode(value: object) -> str:
    """``value`` (a dataclass of the model, or tuples of them) as one JSON text.

    Raises ValueError for a naive datetime, TypeError for a type that the model does not use.
    """
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def decode_alert(text: str) -> Alert:
    """The alert that ``encode`` was given, times in UTC."""
    alert: Alert = _reader(Alert).validate_json(text)
    return _alert_in_utc(alert)


def _alert_in_utc(alert: Alert) -> Alert:
    return replace(
        alert,
        published=_utc(alert.published),
        created_at=_utc(alert.created_at),
        items=tuple(_alert_in_utc(item) for item in alert.items),
    )


def decode_entry(text: str) -> Entry:
    """The entry that ``encode`` was given, times in UTC."""
    entry: Entry = _reader(Entry).validate_json(text)
    return replace(entry, published=_utc(entry.published), updated=_utc(entry.updated))


def decode_memory(text: str) -> FeedMemory:
    """The memory that ``encode`` was given, times in UTC."""
    kept: FeedMemory = _reader(FeedMemory).validate_json(text)
    return replace(kept, moved_since=_utc(kept.moved_since), gone_since=_utc(kept.gone_since))


def decode_spans(text: str) -> tuple[Span, ...]:
    """The spans that ``encode`` was given."""
    spans: tuple[Span, ...] = _reader(tuple[Span, ...]).validate_json(text)
    return spans


def decode_snippets(text: str) -> tuple[Snippet, ...]:
    """The snippets that ``encode`` was given."""
    snippets: tuple[Snippet, ...] = _reader(tuple[Snippet, ...]).validate_json(text)
    return snippets


def decode_figures(text: str) -> tuple[Figure, ...]:
    """The figures that ``encode`` was given."""
    found: tuple[Figure, ...] = _reader(tuple[Figure, ...]).validate_json(text)
    return found


def decode_silence(text: str) -> Silence:
    """The silence that ``encode`` was given, times in UTC."""
    silence: Silence = _reader(Silence).validate_json(text)
    return replace(silence, starts=_utc(silence.starts), ends=_utc(silence.ends))


@cache
def _reader(kind: Any) -> TypeAdapter[Any]:
    # Building a validator costs milliseconds: once per type, and only when first needed.
    return TypeAdapter(kind)


def _utc(moment: Any) -> Any:
    # pydantic brings its own zone of offset 0; the rest of the program compares with UTC itself.
    return None if moment is None else moment.astimezone(UTC)


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, _BARE):
        return value
    if isinstance(value, datetime):
        return from_micros(to_micros(value)).isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"cannot store a {type(value).__name__}")
