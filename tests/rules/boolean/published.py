"""One Boolean string as vendors' help pages build them, and what must come of it."""

from dataclasses import dataclass

Text = str | tuple[str, str] | dict[str, str]  # the body; title and body; fields by name


@dataclass(frozen=True)
class Published:
    """``rule``: the tree as YAML, "" where the string cannot be read. ``lost``: place and reason."""

    string: str
    rule: str
    fires: tuple[Text, ...] = ()
    silent: tuple[Text, ...] = ()
    lost: tuple[str, ...] = ()
