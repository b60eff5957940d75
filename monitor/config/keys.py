"""Which keys stand where in config.yaml, and which come in a later version. Pure."""

import dataclasses
from typing import Final

from monitor.config.bind import option_name
from monitor.config.configfile import ConfigFile
from monitor.config.feedsection import Auth, Extract, FeedSection
from monitor.config.invalid import KeyPath
from monitor.config.routesection import Operations, RouteSection
from monitor.config.sections import Articles, Network, Polling, Retention
from monitor.config.storysection import Stories
from monitor.config.websection import Web

SECTIONS: Final[dict[tuple[str, ...], type]] = {
    (): ConfigFile,
    ("polling",): Polling,
    ("articles",): Articles,
    ("network",): Network,
    ("retention",): Retention,
    ("web",): Web,
    ("routes",): RouteSection,
    ("stories",): Stories,
    ("operations",): Operations,
    ("feeds",): FeedSection,
    ("feeds", "auth"): Auth,
    ("feeds", "extract"): Extract,
}
_LATER: Final[dict[tuple[str, ...], tuple[str, ...]]] = {
    (): ("database",),
    ("feeds",): ("opml",),
}


def known_keys(path: KeyPath) -> tuple[str, ...] | None:
    """The keys of the section at ``path``, or None where the user chooses the names."""
    section = SECTIONS.get(_names(path))
    # ("feeds", 3) is a section, ("feeds",) a list of them.
    if section is None or path in (("feeds",), ("routes",)):
        return None
    return keys_of(section)


def keys_of(section: type) -> tuple[str, ...]:
    """The keys as the user writes them: ``continue`` is the field ``continue_``."""
    return tuple(option_name(field.name) for field in dataclasses.fields(section))


def later_keys(path: KeyPath) -> tuple[str, ...]:
    """Keys at ``path`` that are refused today and will mean something later."""
    return _LATER.get(_names(path), ())


def _names(path: KeyPath) -> tuple[str, ...]:
    return tuple(step for step in path if isinstance(step, str))
