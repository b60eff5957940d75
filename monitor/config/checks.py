"""Checks that look at several values of config.yaml, or past it: twins, haste, missing folders.

Layer 3: ``missing_folders`` looks at the disk; the others are pure. They work on the plain tree,
not on the validated sections, so that they speak even where something else is wrong.
"""

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from monitor.config import durations
from monitor.config.paths import from_file
from monitor.config.sections import POLITE_INTERVAL, SHORTEST_INTERVAL
from monitor.located import Mapping, Place, Problem, place_of

_PORTS: Final = {"http": 80, "https": 443}


def duplicate_feeds(plain: object, node: Mapping) -> list[Problem]:
    """An address that was written before is an error that names the first place."""
    problems: list[Problem] = []
    first: dict[str, Place] = {}
    for at, feed in enumerate(_feeds(plain)):
        key = "url" if _get(feed, "url") is not None else "sitemap"
        url = feed.get(key) if isinstance(feed, dict) else feed
        if not isinstance(url, str):
            continue
        path = ("feeds", at, key) if isinstance(feed, dict) else ("feeds", at)
        place = place_of(node, path)
        same = first.setdefault(_comparable(url), place)
        if same is not place:
            message = (
                f"this feed is here twice; the first is in line {same.line}, "
                f"column {same.column}. Keep one of them."
            )
            problems.append(Problem(place, message))
    return problems


def short_intervals(plain: object, node: Mapping) -> list[Problem]:
    """Polling more often than every five minutes: allowed, and seldom what sites want."""
    polling = _get(plain, "polling")
    values: list[tuple[tuple[str | int, ...], object]] = [
        (("polling", key), _get(polling, key)) for key in ("every", "min")
    ]
    values += [
        (("feeds", at, "every"), _get(feed, "every")) for at, feed in enumerate(_feeds(plain))
    ]
    problems: list[Problem] = []
    for path, value in values:
        if not isinstance(value, str):
            continue
        try:
            seconds = durations.duration(value)
        except ValueError:
            continue
        if SHORTEST_INTERVAL <= seconds < POLITE_INTERVAL:
            message = (
                "polling more often than every 5m may get you blocked. "
                "Keep it only where the site agrees."
            )
            problems.append(Problem(place_of(node, path), message, "warning", "short-interval"))
    return problems


def no_feeds(plain: object, node: Mapping) -> list[Problem]:
    """Nothing to watch is allowed, and told."""
    if isinstance(plain, dict) and not plain.get("feeds"):
        key = node.key("feeds")
        place = node.place if key is None else key.place
        message = "there are no feeds, so nothing is watched. Add some under feeds."
        return [Problem(place, message, "warning", "no-feeds")]
    return []


def missing_folders(plain: object, node: Mapping, base: Path) -> list[Problem]:
    """Rules and plugins that were named and do not exist are errors; a default one is a warning."""
    problems: list[Problem] = []
    for key, mend in (
        ("rules", "Create it, or correct the path."),
        ("plugins", "Correct the path."),
    ):
        written = _get(plain, key)
        items = [written] if isinstance(written, str) else written
        for at, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, str) and item.strip() and not _exists(base, item):
                message = f"there is nothing at this path. {mend}"
                problems.append(Problem(place_of(node, (key, at)), message))
    if _get(plain, "rules") is None and not _exists(base, "rules"):
        message = "there is no folder 'rules' beside this file. Create it, or set rules."
        problems.append(Problem(node.place, message, "warning", "no-rules"))
    return problems


def impossible_data(plain: object, node: Mapping, base: Path) -> list[Problem]:
    """The data folder is made when it is needed; only what cannot be a folder is told."""
    written = _get(plain, "data")
    if not isinstance(written, str) or not written.strip():
        return []
    try:
        if not from_file(base, written).is_file():
            return []
        message = "this is a file. Name a folder; it is made when needed."
    except (OSError, ValueError) as error:
        message = str(error) if isinstance(error, ValueError) else "this is no path. Write one."
    return [Problem(place_of(node, ("data",)), message)]


def _exists(base: Path, text: str) -> bool:
    try:
        return from_file(base, text).exists()
    except (OSError, ValueError):  # too long, or it cannot be a path
        return False


def _get(plain: object, key: str) -> Any:  # of whatever kind the file has there
    return plain.get(key) if isinstance(plain, dict) else None


def _feeds(plain: object) -> list[Any]:
    feeds = _get(plain, "feeds")
    return feeds if isinstance(feeds, list) else []


def _comparable(url: str) -> str:
    """Equal for addresses that differ only in ways that no server sees (RFC 3986, 6.2.2-6.2.3)."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return url
    return f"{parts.scheme}://{parts.hostname}:{port}{parts.path or '/'}?{parts.query}"
