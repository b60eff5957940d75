"""The keys of ``stories`` in config.yaml: how articles about one event are kept together. Pure."""

from typing import Annotated, Final

from pydantic import BeforeValidator, WithJsonSchema
from pydantic.dataclasses import dataclass

from monitor.config import durations
from monitor.config.fields import seconds_between
from monitor.config.sections import DAY, HOUR, STRICT, about

_OFF: Final = ("off", "no", "false", "never")


def _window(value: object) -> object:
    if isinstance(value, str):
        return None if value.strip().lower() in _OFF else durations.duration(value)
    return None if value is False else value


@dataclass(frozen=True, slots=True, config=STRICT)
class Stories:
    """How articles about one event are kept together. ``window`` None: every article alone."""

    window: Annotated[
        float | None,
        BeforeValidator(_window),
        seconds_between(HOUR, 30 * DAY),
        WithJsonSchema(
            {
                "anyOf": [
                    {"enum": ["off", False]},
                    {"type": "string", "pattern": durations.DURATION_PATTERN},
                ]
            }
        ),
        about(
            "How long a story stays open after its last report; off: every article is a story of "
            "its own, and each one that matches is alerted.",
            "5d",
            "12h",
            "off",
        ),
    ] = 5 * DAY
