"""Imports point downwards; what decides is pure. The table is docs/architecture.md, "Layers"."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# The first pattern that fits a module gives its layer; "group" tells siblings that may not import
# each other (edges) from those that may.
LAYERS: list[tuple[str, int, str]] = [
    (r"monitor", 0, "core"),
    (r"monitor\.(model|errors|secret|located)", 0, "core"),
    (r"monitor\.text(\..+)?", 0, "core"),
    (r"monitor\.feeds\.(polling(_(calendar|failures|interval|outage|policy|start|told|validators))?)", 1, "pure"),
    (r"monitor\.feeds\.(identity|freshness|baseline)", 1, "pure"),
    (r"monitor\.feeds\.(charset|dates|entries|hints|link_header|localdates|monthnames|sitemap(_follow)?|source|webpages|zones)", 1, "pure"),
    (r"monitor\.feeds\.rhythm(_(history|learn|pace|price|words))?", 1, "pure"),
    (r"monitor\.feeds\.(discover_(links|plan|rhythm|verdict)|opml(_read|_write)?)", 1, "pure"),
    (r"monitor\.rules(\..+)?", 1, "pure"),
    (r"monitor\.articles\.(assemble|fingerprint|blocks|quality|titles|dates|clean|decode|facts)", 1, "pure"),
    (r"monitor\.articles\.(asides|bodies|boilerplate|jsonld|language|prepare|reading|removal|robots|site_rules|topics|ways_on)", 1, "pure"),
    (r"monitor\.alerts\.(?!deliver).+", 1, "pure"),
    (r"monitor\.(health(\.(disk|feeds|lag|notices|parsers))?|watch_clock)", 1, "pure"),
    (r"monitor\.stories(\..+)?", 1, "pure"),
    (r"monitor\.(feeds|articles|alerts|net)", 1, "pure"),
    (r"monitor\.websub(\.(callback|course|hint|rate|signature|subscription|wishes))?", 1, "pure"),
    (r"monitor\.websub\.(ask|listener)", 3, "websub"),
    (r"monitor\.websub\..+", 4, "shell"),
    (r"monitor\.notifier", 2, "contract"),
    (r"monitor\.net\.(addresses|ports|urls)", 2, "contract"),
    (r"monitor\.net\..+", 2, "way out"),
    (r"monitor\.feeds\..+", 3, "feeds"),
    (r"monitor\.articles\..+", 3, "articles"),
    (r"monitor\.workers(_.+)?", 3, "workers"),
    (r"monitor\.config(\..+)?", 3, "config"),
    (r"monitor\.store(\..+)?", 3, "store"),
    (r"monitor\.(plugins|logs|sdnotify)", 3, "plugins"),
    (r"monitor\.versions", 3, "versions"),
    (r"notifiers(\..+)?", 3, "notifiers"),
    (r"monitor\.(pipeline(\..+)?|scheduler|channels|userfiles|rulecache|rulecachefile|wordtable|wordlearning|watch|watchdog|ticker|duties|childenv|health\..+|why(\..+)?|alerts\.deliver)", 4, "shell"),
    (r"monitor\.(app|cli(\..+)?|demo(\..+)?|__main__)", 5, "program"),
]  # fmt: skip

# The workers are where the parsers run, so they name them.
ALLOWED_SIDEWAYS = {("workers", "feeds"), ("workers", "articles")}

IMPURE = {
    "asyncio", "logging", "os", "random", "socket", "sqlite3", "subprocess", "threading", "time",
    "pathlib", "shutil", "tempfile", "httpx", "aiohttp", "sqlalchemy", "feedparser", "trafilatura",
    "multiprocessing", "urllib.request", "secrets",
}  # fmt: skip
PURE_LIBRARIES = {"markupsafe", "lxml", "dateutil", "idna", "charset_normalizer", "pydantic"}


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("monitor", "notifiers"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if "shipped" not in path.parts:
                parts = path.relative_to(ROOT).with_suffix("").parts
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


MODULES = dict(modules())


def layer(module: str) -> tuple[int, str]:
    for pattern, number, group in LAYERS:
        if re.fullmatch(pattern, module):
            return number, group
    raise AssertionError(f"{module} stands in no layer: add it to the table")


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def imports(module: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(
                name if (name := f"{node.module}.{alias.name}") in MODULES else node.module
                for alias in node.names
            )
    return found


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_downwards(module: str) -> None:
    number, group = layer(module)
    for other in imports(module) & MODULES.keys():
        other_number, other_group = layer(other)
        sideways = other_number == number and other_group != group and number >= 3
        allowed = (group, other_group) in ALLOWED_SIDEWAYS
        assert other_number <= number, f"{module} (layer {number}) imports {other}"
        assert allowed or not sideways, f"{module} imports its sibling {other}"


@pytest.mark.parametrize("module", [name for name in MODULES if layer(name)[0] <= 1])
def test_what_decides_is_pure(module: str) -> None:
    for other in imports(module):
        top = other.split(".")[0]
        assert other not in IMPURE, f"{module} imports {other}"
        assert top not in IMPURE, f"{module} imports {other}"
        if layer(module)[0] == 0:
            assert top not in PURE_LIBRARIES, f"{module} imports {other}"
    for node in ast.walk(tree(module)):
        assert not isinstance(node, ast.Await | ast.AsyncFunctionDef), f"{module} waits"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in {"now", "today", "utcnow"}, f"{module} asks the clock"


def test_nothing_of_monitor_names_the_notifiers_package() -> None:
    for module in MODULES:
        if module.startswith("monitor"):
            assert not {name for name in imports(module) if name.split(".")[0] == "notifiers"}


def test_notifiers_see_monitor_through_one_door() -> None:
    for module in MODULES:
        if module.startswith("notifiers."):
            assert not {name for name in imports(module) if name.split(".")[0] == "monitor"}


def test_no_sql_outside_the_store() -> None:
    for module in MODULES:
        if not module.startswith("monitor.store"):
            assert not {
                name for name in imports(module) if name.startswith(("sqlalchemy", "sqlite3"))
            }


def test_one_way_out() -> None:
    """Only monitor.net (and the mail notifier, checked by it) opens connections."""
    doors = {"aiohttp", "socket", "smtplib", "urllib.request", "requests", "http.client"}
    allowed = {
        "monitor.net",
        "notifiers._smtp",
        "notifiers",
        "monitor.demo.server",
        "monitor.websub.listener",
        "monitor.sdnotify",  # a datagram to the service manager, on this machine
    }
    for module in MODULES:
        if imports(module) & doors:
            assert module in allowed or module.startswith("monitor.net."), module


def test_no_import_circles() -> None:
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " → ".join([*path[path.index(module) :], module])
        if module in done:
            return
        for other in sorted(top_level_imports(module)):
            visit(other, (*path, module))
        done.add(module)

    for module in MODULES:
        visit(module, ())


def top_level_imports(module: str) -> set[str]:
    found: set[str] = set()
    for node in tree(module).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                found.add(name if name in MODULES else node.module)
    return (found & MODULES.keys()) - {module}


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_what_it_does(module: str) -> None:
    assert ast.get_docstring(tree(module)), f"{module} has no docstring"


def test_no_file_is_called_after_nothing() -> None:
    forbidden = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert not [name for name in MODULES if name.split(".")[-1] in forbidden]
