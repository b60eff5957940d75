"""Read a rule's ``alert:``: whom it tells, for what it tells again, how often in a day.

Layer 1, pure: located values in, values and reports of mistakes out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from monitor.located import Items, Mapping, Place, Text
from monitor.located import Node as Located
from monitor.rules.limits import shown
from monitor.rules.mistakes import nearest

ALERT_KEYS: Final = ("notify", "again", "max_per_day")
AGAIN_WORDS: Final = ("new_figures", "tier", "corrections")
AGAIN_KEYS: Final = ("sources", "after")
MOST_PER_DAY: Final = 10_000
_AGAIN: Final = "again: needs reasons, as in again: [new_figures, tier, sources: 5, after: 12h]"
_UNITS: Final = {"m": 60.0, "h": 3600.0, "d": 86400.0}

Report = Callable[[Place, str], None]


@dataclass(frozen=True, slots=True)
class Again:
    """For what a story that a rule alerted is told again; nothing: never. One reason is enough.

    ``sources``: so many outlets have it now. ``after``: seconds since the rule's last alert of it.
    """

    new_figures: bool = False
    tier: bool = False  # an outlet of a better tier than any before
    sources: int | None = None
    after: float | None = None
    corrections: bool = False  # an article that was alerted is changed by its outlet

    def __bool__(self) -> bool:
        return self != NEVER_AGAIN


NEVER_AGAIN: Final = Again()


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """``alert:`` of a rule. ``notify`` None: the routes decide, or everyone is told."""

    notify: tuple[str, ...] | None = None
    notify_places: tuple[Place, ...] = field(default=(), compare=False)
    again: Again = NEVER_AGAIN
    max_per_day: int | None = None


def read_alert(node: Located | None, report: Report) -> AlertSettings:
    """``alert:`` of a rule; what is wrong is reported and left out."""
    if node is None:
        return AlertSettings()
    if not isinstance(node, Mapping):
        report(node.place, "alert: needs keys, as in alert: {notify: [newsroom]}")
        return AlertSettings()
    for key, _ in node.pairs:
        if key.value not in ALERT_KEYS:
            report(key.place, f"unknown key '{shown(key.value)}'. {_mend(key.value, ALERT_KEYS)}")
    notify, places = _notify(node.get("notify"), report)
    return AlertSettings(
        notify, places, _again(node.get("again"), report), _limit(node.get("max_per_day"), report)
    )


def _notify(
    listed: Located | None, report: Report
) -> tuple[tuple[str, ...] | None, tuple[Place, ...]]:
    if listed is None:
        return None, ()
    items = listed.items if isinstance(listed, Items) else (listed,)
    names = [item for item in items if isinstance(item, Text) and item.value.strip()]
    if len(names) != len(items) or not items:
        report(listed.place, "notify: needs names of notifiers of config.yaml")
    return tuple(item.value for item in names), tuple(item.place for item in names)


def _again(node: Located | None, report: Report) -> Again:
    """Words and ``key: value`` pairs, in a list or alone; a mapping of the pairs goes, too."""
    if node is None:
        return NEVER_AGAIN
    items = node.items if isinstance(node, Items) else (node,)
    if not items:
        report(node.place, _AGAIN)
    words: set[str] = set()
    sources: int | None = None
    after: float | None = None
    for item in items:
        if isinstance(item, Text):
            if item.value not in AGAIN_WORDS:
                report(item.place, _unknown_reason(item.value))
            words.add(item.value)
        elif isinstance(item, Mapping):
            for key, value in item.pairs:
                if key.value == "sources":
                    sources = _sources(value, report)
                elif key.value == "after":
                    after = _after(value, report)
                else:
                    report(key.place, _unknown_reason(key.value))
        else:
            report(item.place, _AGAIN)
    return Again("new_figures" in words, "tier" in words, sources, after, "corrections" in words)


def _unknown_reason(word: str) -> str:
    if word in AGAIN_KEYS:
        example = "sources: 5" if word == "sources" else "after: 12h"
        return f"again: '{word}' needs a value. Write {example}"
    if word in AGAIN_WORDS:
        return f"again: '{word}' takes no value. Write [{word}]"
    known = (*AGAIN_WORDS, *AGAIN_KEYS)
    return f"again: '{shown(word)}' is no reason. {_mend(word, known)}"


def _mend(word: str, known: tuple[str, ...]) -> str:
    close = nearest(word.lower(), known)
    return f"Did you mean '{close}'?" if close else f"Known here: {', '.join(known)}"


def _sources(node: Located, report: Report) -> int | None:
    number = _number(node)
    if number is not None and 2 <= number <= MOST_PER_DAY:
        return number
    report(node.place, f"sources: '{_written(node)}' is no number of outlets. Write 2 or more")
    return None


def _after(node: Located, report: Report) -> float | None:
    if isinstance(node, Text) and (read := re.fullmatch(r"([0-9]{1,5})\s*([mhd])", node.value)):
        seconds = float(read[1]) * _UNITS[read[2]]
        if seconds:
            return seconds
    report(node.place, f"after: '{_written(node)}' is not a duration. Write 12h, 90m or 2d")
    return None


def _limit(node: Located | None, report: Report) -> int | None:
    if node is None:
        return None
    number = _number(node)
    if number is not None and 1 <= number <= MOST_PER_DAY:
        return number
    report(node.place, f"max_per_day: '{_written(node)}' is no limit. Write a number from 1 to "
           f"{MOST_PER_DAY}, or leave the key out")  # fmt: skip
    return None


def _number(node: Located) -> int | None:
    if isinstance(node, Text) and re.fullmatch(r"[0-9]{1,6}", node.value):
        return int(node.value)
    return None


def _written(node: Located) -> str:
    return shown(node.value) if isinstance(node, Text) else "a list or mapping"
