"""Reads config.yaml into ``Settings``, or says everything that is wrong with it.

Layer 3. All mistakes are told in one run, in the order of the file.
"""

from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from monitor.alerts.routes import Route
from monitor.config import yamlfile
from monitor.config.checks import (
    duplicate_feeds,
    impossible_data,
    missing_folders,
    no_feeds,
    short_intervals,
)
from monitor.config.configfile import ConfigFile
from monitor.config.feedsection import FeedSection
from monitor.config.invalid import KeyPath, to_problems
from monitor.config.keys import known_keys, later_keys
from monitor.config.notifiersection import NotifierSettings, read_notifiers
from monitor.config.paths import from_file
from monitor.config.resolve import Resolver
from monitor.config.routechecks import (
    notifier_names,
    routes_of,
    silent_routes,
    unknown_names,
)
from monitor.config.routesection import Operations
from monitor.config.sections import Articles, Backfill, Network, Polling, Retention
from monitor.config.storysection import Stories
from monitor.config.websection import Web
from monitor.config.zone import machine_zone
from monitor.located import Mapping, Place, Problem
from monitor.model import Feed

__all__ = [
    "Articles",
    "Backfill",
    "Network",
    "NotifierSettings",
    "Operations",
    "Polling",
    "Retention",
    "Settings",
    "Web",
    "load_settings",
]

_FILE: Final = TypeAdapter(ConfigFile)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user wrote, checked, with every default filled in. Paths are absolute."""

    data: Path
    rules: tuple[Path, ...]
    plugins: tuple[Path, ...]
    timezone: str  # an IANA name
    feeds: tuple[Feed, ...]
    polling: Polling
    articles: Articles
    network: Network
    notifiers: tuple[NotifierSettings, ...]
    retention: Retention
    web: Web
    routes: tuple[Route, ...] = ()  # in the order in which they are tried; none: all to everyone
    operations: Operations = field(default_factory=Operations)
    stories: Stories = field(default_factory=Stories)


def load_settings(
    path: Path, environ: AbstractMapping[str, str]
) -> tuple[Settings | None, tuple[Problem, ...]]:
    """The settings in the file at ``path`` (None if there is an error) and every Problem.

    An empty file means the defaults. Options of notifiers stay located and unresolved; ``bind``
    reads them once the notifier's class is known.
    """
    shown = str(path)
    node, problems = yamlfile.read(path, shown)
    if node is None:
        if problems:
            return None, problems
        node = Mapping((), Place(shown, 1, 1))
    if not isinstance(node, Mapping):
        message = "settings are keys with values, such as 'feeds: [...]'. Begin with a key."
        return None, (*problems, Problem(node.place, message))
    base = path.parent.absolute()
    config, found = _read_sections(node, base, environ)
    notifiers, more = read_notifiers(node)
    told = _once([*problems, *found, *more])
    if config is None or any(problem.severity == "error" for problem in told):
        return None, told
    return _settings(config, notifiers, base), told


def _read_sections(
    node: Mapping, base: Path, environ: AbstractMapping[str, str]
) -> tuple[ConfigFile | None, list[Problem]]:
    """All but the notifiers, checked."""
    others = Mapping(
        tuple((key, value) for key, value in node.pairs if key.value != "notifiers"), node.place
    )
    resolver = Resolver(base, environ, _known)
    plain = resolver.plain(others)
    config: ConfigFile | None = None
    problems = resolver.problems
    try:
        config = _FILE.validate_python(plain)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        problems += to_problems(errors, others, known_keys, later_keys)
    problems += duplicate_feeds(plain, others)
    problems += short_intervals(plain, others)
    problems += no_feeds(plain, others)
    problems += missing_folders(plain, others, base)
    problems += impossible_data(plain, others, base)
    problems += unknown_names(plain, others, notifier_names(node))
    if config is not None:
        problems += silent_routes(config, others)
    return config, problems


def _known(path: KeyPath) -> bool:
    keys = known_keys(path[:-1])
    return keys is not None and path[-1] in keys


def _settings(config: ConfigFile, notifiers: tuple[NotifierSettings, ...], base: Path) -> Settings:
    return Settings(
        data=from_file(base, config.data),
        rules=tuple(from_file(base, item) for item in config.rules),
        plugins=tuple(from_file(base, item) for item in config.plugins),
        timezone=config.timezone or machine_zone(),
        feeds=tuple(_feed(section) for section in config.feeds),
        polling=config.polling,
        articles=config.articles,
        network=config.network,
        notifiers=notifiers,
        retention=config.retention,
        web=config.web,
        routes=routes_of(config),
        operations=config.operations,
        stories=config.stories,
    )


def _feed(section: FeedSection) -> Feed:
    return Feed(
        url=section.address,
        name=section.name,
        every=section.every,
        enabled=section.enabled,
        headers=tuple(section.headers.items()),
        username=section.auth.username if section.auth else None,
        password=section.auth.password if section.auth else None,
        tags=section.tags,
        language=section.language,
        tier=section.tier,
        include=section.extract.include if section.extract else None,
        remove=section.extract.remove if section.extract else None,
        sitemap=section.sitemap is not None,
    )


def _once(problems: list[Problem]) -> tuple[Problem, ...]:
    """In the order of the file; of several errors at one place the first, which caused the rest.

    Missing keys share the place of their section, and each is told.
    """
    told: list[Problem] = []
    seen: set[Place] = set()
    for problem in problems:
        repeats = problem.place in seen and "is missing" not in problem.message
        if problem.severity != "error" or not repeats:
            told.append(problem)
        if problem.severity == "error":
            seen.add(problem.place)
    return tuple(sorted(told, key=_order))


def _order(problem: Problem) -> tuple[Place, str]:
    return problem.place, problem.severity
