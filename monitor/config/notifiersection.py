"""Reads the ``notifiers`` of config.yaml: name, type, what to do when uncertain; options later.

Pure. The options stay located, for only the notifier's class knows what they should be.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from monitor.alerts.fuse import DEFAULT_FUSE, Fuse
from monitor.config.durations import duration
from monitor.config.suggest import did_you_mean, short
from monitor.located import Mapping, Node, Place, Problem, Text

OnUncertain = Literal["resend", "hold"]
_NAME: Final = re.compile(r"[^\W_][\w.-]{0,63}\Z")
_CHOICES: Final[tuple[OnUncertain, ...]] = ("resend", "hold")
_OWN_KEYS: Final = ("type", "on_uncertain", "fuse")
MOST_FUSED: Final = 10_000  # messages
SHORTEST_FUSE: Final = 60.0  # seconds
LONGEST_FUSE: Final = 86_400.0
FUSE_PATTERN: Final = r"^([1-9][0-9]{0,4}( in [0-9]{1,4}[smhd])?|off|no|false|none)$"
_FUSE: Final = re.compile(r"([0-9]{1,5})(?:\s+in\s+(\S+))?")
_OFF: Final = frozenset(("off", "no", "false", "none"))
_FUSE_MEND: Final = "Write 20, '50 in 30m' or off."


@dataclass(frozen=True, slots=True)
class NotifierSettings:
    """One channel as the user wrote it. ``options`` lacks the keys that every channel has.

    ``fuse`` None: however many come, each is a message of its own.
    """

    name: str
    type: str
    options: Mapping
    on_uncertain: OnUncertain
    place: Place  # of its name
    fuse: Fuse | None = DEFAULT_FUSE


def read_notifiers(root: Mapping) -> tuple[tuple[NotifierSettings, ...], tuple[Problem, ...]]:
    """All notifiers below the key ``notifiers``; without that key, the terminal."""
    node = root.get("notifiers")
    key = root.key("notifiers")
    if node is None or key is None:
        return (_screen(root.place),), ()
    if not isinstance(node, Mapping) or not node.pairs:
        message = (
            "no notifier is named here, so no alert could be seen. Write "
            "'screen: {type: console}' below it, or remove the key: alerts then go to the terminal."
        )
        return (), (Problem(key.place, message),)
    read: list[NotifierSettings] = []
    problems: list[Problem] = []
    for name, value in node.pairs:
        settings, found = _notifier(name, value)
        problems += found
        if settings is not None:
            read.append(settings)
    return tuple(read), tuple(problems)


def _screen(place: Place) -> NotifierSettings:
    return NotifierSettings("screen", "console", Mapping((), place), "resend", place)


def _notifier(name: Text, value: Node) -> tuple[NotifierSettings | None, list[Problem]]:
    problems: list[Problem] = []
    if not _NAME.match(name.value):
        problems.append(
            Problem(
                name.place,
                f"'{short(name.value)}' cannot name a notifier. Use letters, digits, '-', '_' "
                "and '.', beginning with a letter or digit.",
            )
        )
    if not isinstance(value, Mapping):
        message = (
            f"a notifier is a mapping with a type. Write {name.value[:64]}: {{type: console}}."
        )
        return None, [*problems, Problem(value.place, message)]
    kind, found = _type(name, value)
    problems += found
    uncertain, found = _on_uncertain(value)
    problems += found
    fuse, found = _fuse(value)
    problems += found
    if problems:
        return None, problems
    options = Mapping(
        tuple((key, node) for key, node in value.pairs if key.value not in _OWN_KEYS), value.place
    )
    return NotifierSettings(name.value, kind, options, uncertain, name.place, fuse), []


def _type(name: Text, value: Mapping) -> tuple[str, list[Problem]]:
    node = value.get("type")
    if node is None:
        return "", [Problem(name.place, "'type' is missing. Add one, such as type: console.")]
    if not isinstance(node, Text) or not node.value.strip():
        return "", [Problem(node.place, "a type is one word. Write one, such as type: console.")]
    return node.value, []


def _on_uncertain(value: Mapping) -> tuple[OnUncertain, list[Problem]]:
    node = value.get("on_uncertain")
    if node is None or (isinstance(node, Text) and not node.value and not node.quoted):
        return "resend", []
    for choice in _CHOICES:
        if isinstance(node, Text) and node.value == choice:
            return choice, []
    written = short(node.value) if isinstance(node, Text) else "this"
    hint = did_you_mean(written, _CHOICES)
    return "resend", [Problem(node.place, f"'{written}' is not one of resend, hold.{hint}")]


def _fuse(value: Mapping) -> tuple[Fuse | None, list[Problem]]:
    """``20``, ``50 in 30m`` or ``off``; without the key the default."""
    node = value.get("fuse")
    if node is None or (isinstance(node, Text) and not node.value and not node.quoted):
        return DEFAULT_FUSE, []
    written = node.value.strip() if isinstance(node, Text) else ""
    if written.lower() in _OFF:
        return None, []
    read = _FUSE.fullmatch(written)
    if read is None or not 1 <= int(read[1]) <= MOST_FUSED:
        return None, [Problem(node.place, f"'{short(written)}' is no fuse. {_FUSE_MEND}")]
    try:
        within = duration(read[2]) if read[2] else DEFAULT_FUSE.within
    except ValueError as error:
        return None, [Problem(node.place, str(error))]
    if not SHORTEST_FUSE <= within <= LONGEST_FUSE:
        message = f"'{short(written)}' is out of range: the time is from 1m to 1d. {_FUSE_MEND}"
        return None, [Problem(node.place, message)]
    return Fuse(int(read[1]), within), []
