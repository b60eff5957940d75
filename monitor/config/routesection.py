"""The keys of ``routes`` and ``operations`` in config.yaml: who is told what, and when.

Pure; see ``sections``. What a route means is decided in ``monitor.alerts``.
"""

from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic.dataclasses import dataclass

from monitor.alerts.plans import Plan, read_plan
from monitor.alerts.quiet import Window, always_quiet, read_window
from monitor.alerts.routes import ANY, Conditions, Route
from monitor.config import durations
from monitor.config.fields import (
    Duration,
    Flag,
    Line,
    Texts,
    Zone,
    between,
    found,
    seconds_between,
)
from monitor.config.matchsection import read_match, read_muted_by
from monitor.config.sections import DAY, HOUR, MINUTE, STRICT, about
from monitor.model import Level

OFF: Final = frozenset(("off", "no", "false", "none"))
_MOST: Final = 10_000  # messages in a day or an hour
_MATCH_SCHEMA: Final[dict[str, Any]] = {"type": "object", "description": "Conditions."}


def _plan(value: object) -> Plan:
    if isinstance(value, Plan):
        return value
    if not isinstance(value, str):
        raise found(value, "one plan: 08:00 Mon-Fri")
    return read_plan(str.__str__(value))


def _windows(value: object) -> tuple[Window, ...]:
    items = [value] if isinstance(value, (str, Window)) else value
    if not isinstance(items, (list, tuple)) or not items:
        raise found(value, "one window, or a list of them: 22:00-07:00")
    windows: list[Window] = []
    for item in items:
        if not isinstance(item, (str, Window)):
            raise found(item, "a window: 22:00-07:00")
        windows.append(item if isinstance(item, Window) else read_window(str.__str__(item)))
    if always_quiet(tuple(windows)):
        raise ValueError("no minute of the week is left to speak in. Write shorter quiet hours.")
    return tuple(windows)


PlanText = Annotated[Plan, PlainValidator(_plan), WithJsonSchema({"type": "string"})]
Windows = Annotated[
    tuple[Window, ...],
    PlainValidator(_windows),
    WithJsonSchema({"type": ["string", "array"], "items": {"type": "string"}}),
]


@dataclass(frozen=True, slots=True, config=STRICT)
class RouteSection:
    """One route. The first that fits is taken, and those after it only with ``continue: true``."""

    notify: Annotated[
        Texts, about("Who is told: names of notifiers. []: nobody.", ["newsroom", "desk"])
    ]
    name: Annotated[
        Line | None, about("What decisions call it. Default: route 1, route 2, …", "night desk")
    ] = None
    match: Annotated[
        Annotated[Conditions, PlainValidator(read_match), WithJsonSchema(_MATCH_SCHEMA)] | None,
        about(
            "What takes this route: level, rule, tags, source, tier, or any label of rules; each a "
            "value or a list, all must fit. Without it: everything.",
            {"level": "urgent"},
            {"desk": ["competition", "markets"], "tier": 1},
        ),
    ] = None
    continue_: Annotated[
        Flag,
        Field(
            alias="continue",
            description="true: the routes after this one are looked at, too.",
            examples=[True, False],
        ),
    ] = False
    digest: Annotated[
        PlanText | None,
        about("Gathered, and told at these times.", "08:00 Mon-Fri", "08:00,17:00", "every 2h"),
    ] = None
    timezone: Annotated[
        Zone | None,
        about("Whose clock this route goes by. Default: the timezone above.", "Europe/Brussels"),
    ] = None
    quiet: Annotated[
        Windows | None,
        about(
            "Quiet hours: held, and told in one message when they end.",
            "22:00-07:00",
            ["22:00-07:00", "00:00-24:00 Sat,Sun"],
        ),
    ] = None
    break_through: Annotated[
        Literal["info", "normal", "urgent"] | None,
        about("Alerts of this level or a louder one wait for nothing.", "urgent"),
    ] = None
    group: Annotated[
        Duration | None,
        seconds_between(MINUTE, DAY),
        about("What comes within this time of the first is one message.", "10m"),
    ] = None
    max_per_day: Annotated[
        int | None,
        between(1, _MOST),
        about("Messages a day to each notifier; the rest is one message at midnight.", 30),
    ] = None
    max_per_hour: Annotated[
        int | None,
        between(1, _MOST),
        about("Messages an hour to each notifier; the rest is one at the full hour.", 6),
    ] = None
    muted_by: Annotated[
        Annotated[Conditions, PlainValidator(read_muted_by), WithJsonSchema(_MATCH_SCHEMA)] | None,
        about(
            "In a story that a rule with this level, id or label has alerted, the other rules of "
            "this route are silent.",
            {"level": "urgent"},
        ),
    ] = None

    def __post_init__(self) -> None:
        if self.digest is not None:
            for key, value in (("group", self.group), ("max_per_day", self.max_per_day),
                               ("max_per_hour", self.max_per_hour)):  # fmt: skip
                if value is not None:
                    raise ValueError(f"{key}: it has no meaning beside digest. Remove one of them.")
        waits = self.digest or self.quiet or self.group or self.max_per_day or self.max_per_hour
        if self.break_through is not None and not waits:
            raise ValueError(
                "break_through: this route never waits, so there is nothing to break through. "
                "Remove it, or add quiet, digest or group."
            )


def route_of(section: RouteSection, number: int) -> Route:
    """The route that the ``number``-th item (from 1) stands for."""
    return Route(
        name=section.name or f"route {number}",
        match=section.match or ANY,
        notify=tuple(str.__str__(name) for name in section.notify),
        goes_on=section.continue_,
        digest=section.digest,
        zone=ZoneInfo(section.timezone) if section.timezone else None,
        quiet=section.quiet or (),
        break_through=Level(section.break_through) if section.break_through else None,
        group=section.group,
        max_per_day=section.max_per_day,
        max_per_hour=section.max_per_hour,
        muted_by=section.muted_by,
    )


def _silent(value: object) -> object:
    if isinstance(value, str):
        word = value.strip().lower()
        if word == "auto":
            return "auto"
        return None if word in OFF else durations.duration(value)
    if isinstance(value, (list, dict)):
        raise found(value, "auto, a duration or off")
    return value


def _canary(value: object) -> object:
    return "off" if isinstance(value, str) and value.strip().lower() in OFF else value


@dataclass(frozen=True, slots=True, config=STRICT)
class Operations:
    """What the program says about itself. ``notify`` None: to every notifier; empty: the log only.

    ``feed_silent``: ``auto`` judges a feed by its own rhythm, a number is seconds, None is off.
    """

    notify: Annotated[
        Texts | None,
        about("Who is told of trouble. Default: every notifier. []: only the log.", ["screen"]),
    ] = None
    feed_silent: Annotated[
        Literal["auto"] | Annotated[float, seconds_between(HOUR, 365 * DAY)] | None,
        BeforeValidator(_silent),
        WithJsonSchema(
            {
                "anyOf": [
                    {"enum": ["auto", "off", False]},
                    {"type": "string", "pattern": durations.DURATION_PATTERN},
                ]
            }
        ),
        about(
            "When a quiet feed is trouble: auto, by its own rhythm; after a duration; or off.",
            "auto",
            "3d",
            "off",
        ),
    ] = "auto"
    canary: Annotated[
        Literal["daily", "off"],
        BeforeValidator(_canary),
        WithJsonSchema({"enum": ["daily", "off", False]}),
        about("A made-up article that must pass from feed to channel once a day.", "daily", "off"),
    ] = "off"
