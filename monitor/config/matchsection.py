"""Reads the conditions of a route, ``match`` and ``muted_by``, in config.yaml.

Pure. Each raises ValueError with a sentence for people; one that begins with ``key: `` is placed at
that key.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from monitor.alerts.routes import Conditions
from monitor.config.fields import found
from monitor.config.suggest import did_you_mean, short
from monitor.config.words import shown
from monitor.model import Level
from monitor.text.words import fold

OWN_KEYS: Final = ("level", "rule", "tags", "source", "tier")
RULE_KEYS: Final = ("level", "rule")  # what an earlier alert is known by, beside its labels
_NEAR: Final = 0.8  # a label whose name is so like a key of ours is a slip


def read_match(value: object) -> Conditions:
    """``match`` of a route; an empty mapping fits everything."""
    return _conditions(value, OWN_KEYS)


def read_muted_by(value: object) -> Conditions:
    """``muted_by`` of a route: conditions on the rule that alerted the story."""
    read = _conditions(value, RULE_KEYS)
    if read.catch_all:
        raise ValueError("this needs a condition, as in {level: urgent}.")
    return read


def _conditions(value: object, known: Sequence[str]) -> Conditions:
    if isinstance(value, Conditions):
        return value
    if not isinstance(value, dict):
        raise found(value, "conditions, as in {level: urgent}")
    own: dict[str, tuple[str, ...]] = {}
    labels: dict[str, tuple[str, ...]] = {}
    for key, written in value.items():
        name = str.__str__(key)
        if name not in known:
            _refuse_slip(name, written, known)
        (own if name in known else labels)[name] = _values(name, written)
    return Conditions(
        levels=tuple(_level(text) for text in own.get("level", ())),
        rules=own.get("rule", ()),
        labels=tuple(labels.items()),
        tags=tuple(fold(text) for text in own.get("tags", ())),
        sources=tuple(fold(text) for text in own.get("source", ())),
        tiers=tuple(_tier(text) for text in own.get("tier", ())),
    )


def _values(name: str, value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    texts = [item for item in items if isinstance(item, str) and item.strip()]
    if not texts or len(texts) != len(items):
        raise ValueError(f"{_key(name)}a value belongs here, or a list of them. Write [a, b].")
    return tuple(str.__str__(text).strip() for text in texts)


def _refuse_slip(name: str, value: object, known: Sequence[str]) -> None:
    if name == "labels" and isinstance(value, dict):
        raise ValueError("labels: labels stand here by their names. Write {desk: competition}.")
    if name in OWN_KEYS:
        raise ValueError(
            f"{name}: only level, rule and labels can be asked for here: they are what is known "
            "of an earlier alert. Remove it."
        )
    close = get_close_matches(name.lower(), known, n=1, cutoff=_NEAR)
    if close:
        raise ValueError(f"{_key(name)}'{short(name)}' is no key here, and too like one to be a "
                         f"label. Did you mean '{close[0]}'?")  # fmt: skip


def _key(name: str) -> str:
    """The beginning of a message that is to be placed at a key; keys of other kinds have none."""
    plain = name.isascii() and name.replace("_", "").isalpha() and name.islower()
    return f"{name}: " if plain else ""


def _level(text: str) -> Level:
    try:
        return Level(text)
    except ValueError:
        hint = did_you_mean(text, list(Level))
        raise ValueError(f"level: '{short(shown(text))}' is no level.{hint}") from None


def _tier(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) == 1 and text != "0":
        return int(text)
    raise ValueError(f"tier: '{short(shown(text))}' is no tier. Write a number from 1 to 9.")
