"""Checks on the routes of config.yaml: names that nobody has, routes that nothing can take.

Pure.
"""

from collections.abc import Iterator, Sequence

from monitor.alerts.routes import Route, unreachable
from monitor.config.configfile import ConfigFile
from monitor.config.invalid import KeyPath
from monitor.config.routesection import route_of
from monitor.config.suggest import did_you_mean, short
from monitor.config.words import shown
from monitor.located import Mapping, Problem, place_of

_DEFAULT_NAMES = ("screen",)  # the notifier that there is without the key


def routes_of(config: ConfigFile) -> tuple[Route, ...]:
    """The routes in their order."""
    return tuple(route_of(section, at) for at, section in enumerate(config.routes, 1))


def notifier_names(root: Mapping) -> tuple[str, ...]:
    """The names below ``notifiers``, also of those with mistakes."""
    written = root.get("notifiers")
    return written.keys() if isinstance(written, Mapping) else _DEFAULT_NAMES


def unknown_names(plain: object, node: Mapping, known: Sequence[str]) -> list[Problem]:
    """A name below ``notify`` that no notifier has, in routes and operations."""
    return [
        Problem(
            place_of(node, path),
            f"no notifier is called '{short(shown(name))}'.{did_you_mean(shown(name), known)}",
        )
        for path, name in _names(plain)
        if name and name not in known
    ]


def silent_routes(config: ConfigFile, node: Mapping) -> list[Problem]:
    """Routes that an earlier one leaves nothing to, and names that two routes share."""
    routes = routes_of(config)
    problems: list[Problem] = []
    for late, early in unreachable(routes):
        where = place_of(node, ("routes", early))
        takes = "everything" if routes[early].match.catch_all else "all that fits here"
        message = (
            f"nothing can take this route: {routes[early].name} (line {where.line}) takes {takes}. "
            "Move this route up, or give that one 'continue: true'."
        )
        problems.append(Problem(place_of(node, ("routes", late)), message))
    seen: dict[str, int] = {}
    for at, route in enumerate(routes):
        first = seen.setdefault(route.name, at)
        if first != at:
            path: KeyPath = ("routes", at, "name")
            message = f"'{short(route.name)}' is the name of route {first + 1}, too. Rename one."
            problems.append(Problem(place_of(node, path), message))
    return problems


def _names(plain: object) -> Iterator[tuple[KeyPath, str]]:
    """Every name below a ``notify``, with its path."""
    config = plain if isinstance(plain, dict) else {}
    routes = config.get("routes")
    owners: list[tuple[KeyPath, object]] = [
        (("routes", at), route)
        for at, route in enumerate(routes if isinstance(routes, list) else ())
    ]
    owners.append((("operations",), config.get("operations")))
    for path, owner in owners:
        listed = owner.get("notify") if isinstance(owner, dict) else None
        if isinstance(listed, str):
            yield (*path, "notify"), listed
        for at, name in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(name, str):
                yield (*path, "notify", at), name
