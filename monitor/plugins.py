"""Finds notifiers by name and imports only those that are configured.

Layer 3. Three places, all by name: files of the ``notifiers`` package, files of the user's plugin
folders, entry points of the group ``news_monitor.notifiers``. Listing imports nothing, so a broken
plugin that nobody uses harms nobody. ``monitor`` never names ``notifiers`` in an import statement.

The package index has another distribution that installs a top-level package ``notifiers``;
``check_own_package`` keeps the program from talking to that one.
"""

import dataclasses
import importlib
import importlib.util
import inspect
import pkgutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.machinery import ModuleSpec
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Final

import monitor
from monitor.errors import UsageError
from monitor.secret import redact

PACKAGE: Final = "notifiers"
GROUP: Final = "news_monitor.notifiers"
MARKER: Final = "NEWS_MONITOR_PLUGINS = True"  # stands in our package's __init__, read as text


class PluginError(UsageError):
    """A notifier cannot be found or loaded; the sentence says which of the two, and the mend."""


@dataclass(frozen=True, slots=True)
class PluginSource:
    """Where the notifier ``name`` comes from; nothing of it has been imported.

    ``shown`` is the place for people. One of the three others is set: the module of a built-in,
    the file of a plugin folder, or an entry point.
    """

    name: str
    shown: str
    module: str | None = None
    file: Path | None = None
    entry_point: EntryPoint | None = None


def check_own_package() -> None:
    """Make sure that the package ``notifiers`` is ours, without importing it.

    Raises:
        PluginError: it is missing, or belongs to another distribution.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise PluginError(
            "the package 'notifiers' of News Monitor is missing; install News Monitor again"
        )
    origin = Path(spec.origin)
    ours = Path(monitor.__file__).resolve().parent.parent
    if origin.resolve().parent.parent == ours or _is_marked(origin):
        return
    raise PluginError(
        f"another package called 'notifiers' stands in the way ({origin.parent}); it belongs to a"
        " different project. Install News Monitor in a virtual environment of its own, or run"
        " 'pip uninstall notifiers' here and install News Monitor again"
    )


def find(folders: Sequence[Path] = ()) -> dict[str, PluginSource]:
    """Every notifier by its name (its ``type:`` in config.yaml), sorted; imports nothing.

    Raises:
        PluginError: two places have the same name, or a plugin folder does not exist.
    """
    found: dict[str, PluginSource] = {}
    for source in _all(folders):
        other = found.get(source.name)
        if other is not None:
            raise PluginError(
                f"two notifiers are called '{source.name}': {other.shown} and {source.shown};"
                " rename one of them"
            )
        found[source.name] = source
    return dict(sorted(found.items()))


def load(name: str, sources: Mapping[str, PluginSource]) -> type:
    """The class ``Notifier`` of the notifier ``name``; imports it.

    Raises:
        PluginError: there is no such notifier, it failed at import, or it holds no notifier.
    """
    source = sources.get(name)
    if source is None:
        raise PluginError(_unknown(name, sources))
    try:
        found = _import(source)
    except (Exception, SystemExit) as error:  # a plugin may raise anything at import
        reason = redact(f"{type(error).__name__}: {error}")
        raise PluginError(f"the notifier '{name}' ({source.shown}) failed: {reason}") from error
    wrong = _what_is_wrong(found)
    if wrong:
        raise PluginError(f"the notifier '{name}' ({source.shown}) {wrong}")
    assert isinstance(found, type)
    return found


def _all(folders: Sequence[Path]) -> Iterator[PluginSource]:
    spec = importlib.util.find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec is not None else None
    for module in pkgutil.iter_modules(places or []):
        if not module.name.startswith("_"):
            yield PluginSource(module.name, "built in", module=f"{PACKAGE}.{module.name}")
    # a plugin folder may be the package's own folder, in a checkout
    seen = {file.resolve() for place in places or [] for file in Path(place).glob("*.py")}
    for folder in folders:
        yield from _in_folder(folder, seen)
    for point in entry_points(group=GROUP):
        home = point.dist.name if point.dist is not None else point.value
        yield PluginSource(point.name, f"installed by {home}", entry_point=point)


def _in_folder(folder: Path, seen: set[Path]) -> Iterator[PluginSource]:
    if not folder.is_dir():
        raise PluginError(f"the plugin folder {folder} does not exist")
    for file in sorted(folder.glob("*.py")):
        real = file.resolve()
        if file.name.startswith(("_", ".")) or real in seen:
            continue  # the same file through two spellings of a folder is one notifier
        seen.add(real)
        yield PluginSource(file.stem, str(file), file=file)


def _import(source: PluginSource) -> object:
    if source.entry_point is not None:
        found: object = source.entry_point.load()
        return getattr(found, "Notifier", None) if isinstance(found, ModuleType) else found
    if source.module is not None:
        return getattr(importlib.import_module(source.module), "Notifier", None)
    assert source.file is not None
    name = f"news_monitor_plugin_{source.name}"
    spec = importlib.util.spec_from_file_location(name, source.file)
    assert spec is not None
    return getattr(_executed(spec), "Notifier", None)


def _executed(spec: ModuleSpec) -> ModuleType:
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(spec.name)
    sys.modules[spec.name] = module  # dataclasses look up their module there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(spec.name, None)
        if before is not None:
            sys.modules[spec.name] = before
        raise
    return module


def _what_is_wrong(found: object) -> str | None:
    if not inspect.isclass(found):
        return "holds no class called Notifier"
    if not dataclasses.is_dataclass(found):
        return "has a class Notifier that is no dataclass, so it cannot have options"
    if not inspect.iscoroutinefunction(getattr(found, "send", None)):
        return "has a class Notifier without 'async def send(self, alert, context)'"
    return None


def _unknown(name: str, sources: Mapping[str, PluginSource]) -> str:
    near = get_close_matches(name, sources, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return f"no notifier type is called '{name}'.{hint} There are: {', '.join(sources)}"


def _is_marked(origin: Path) -> bool:
    try:
        return MARKER in origin.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
