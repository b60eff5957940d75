"""S-12: nothing opens a connection past the one factory, ``monitor/net``.

Read from the code itself. tests/test_architecture.py keeps the imports; here are the calls, and the
libraries that would fetch by themselves if they were asked to.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Modules that may import a way out, and why.
DOORS = {
    "socket", "ssl", "http.client", "urllib.request", "urllib3", "requests", "aiohttp", "smtplib",
    "ftplib", "imaplib", "poplib", "nntplib", "telnetlib", "xmlrpc", "asyncio.streams", "pycurl",
    "websockets", "paramiko", "httpcore", "apprise",
}  # fmt: skip
MAY_IMPORT = {
    "monitor.net": "the factory",
    "notifiers._smtp": "mail; every address is judged by context.check_address before it is dialled",
    "notifiers._dialling": "the same walls for senders that dial by themselves",
    "notifiers.apprise": "its own library; addresses are judged before it is handed one",
    "notifiers": "reads the types of aiohttp's failures",
    "monitor.demo.server": "listens on loopback",
    "monitor.websub.listener": "listens for hubs",
    "monitor.web": "listens for the page",
    "monitor.sdnotify": "tells the service manager, over a socket of this machine",
    "monitor.health": "tells whether a port of this machine is free",
}
# Calls that open, and who may make them.
CALLS = {
    "open_connection": (), "create_connection": ("notifiers._smtp", "notifiers._dialling"),
    "open_unix_connection": (), "create_datagram_endpoint": (), "sock_connect": (),
    "urlopen": (), "urlretrieve": (), "fetch_url": (), "fetch_response": (), "Popen": (),
    "check_output": (), "system": (), "popen": (), "create_subprocess_shell": (),
    "create_subprocess_exec": ("monitor.workers_process",),
    "AsyncClient": ("monitor.net.outbound", "monitor.cli.preview"),  # preview's is never used
    "ClientSession": ("monitor.net.outbound",), "TCPConnector": ("monitor.net.outbound",),
    "HTTPTransport": (), "AsyncHTTPTransport": (),
}  # fmt: skip
PARSERS = ("monitor.feeds.tolerant",)  # feedparser.parse opens whatever a text names


@cache
def modules() -> dict[str, ast.Module]:
    found = {}
    for package in ("monitor", "notifiers"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if "shipped" not in path.parts:
                parts = path.relative_to(ROOT).with_suffix("").parts
                name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
                found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            if name in ("__import__", "import_module") and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def called(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr
            elif isinstance(node.func, ast.Name):
                yield node.func.id


def may_import(module: str) -> bool:
    packages = (name for name in MAY_IMPORT if name != "notifiers")
    return module in MAY_IMPORT or any(module.startswith(f"{name}.") for name in packages)


def doors_of(tree: ast.Module) -> set[str]:
    return {
        name for name in imported(tree)
        if any(name == door or name.startswith(f"{door}.") for door in DOORS)
    }  # fmt: skip


def strangers(tree: ast.Module, module: str) -> list[str]:
    """Calls in ``tree`` that only others may make."""
    return [name for name in called(tree) if name in CALLS and module not in CALLS[name]]


def test_s12_only_the_factory_imports_a_way_out() -> None:
    found = {name: doors_of(tree) for name, tree in modules().items() if not may_import(name)}
    assert {name: doors for name, doors in found.items() if doors} == {}


def test_s12_only_the_factory_opens_connections() -> None:
    found = {name: strangers(tree, name) for name, tree in modules().items()}
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_s12_one_place_hands_bytes_to_feedparser_and_never_a_name() -> None:
    """feedparser opens files and addresses for a text that names them: it gets a stream."""
    seen = []
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == "feedparser":
                seen.append(name)
                assert isinstance(node.args[0], ast.Call)
                assert ast.unparse(node.args[0].func) == "io.BytesIO"
    assert seen == list(PARSERS)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import requests", id="an import"),
        pytest.param("from urllib.request import urlopen", id="an import of a name"),
        pytest.param("from urllib import request", id="an import of a module from its package"),
        pytest.param("import_module('smtplib')", id="an import by name"),
        pytest.param("httpx.AsyncClient()", id="a client past the factory"),
        pytest.param("asyncio.open_connection('x', 1)", id="a connection"),
        pytest.param("trafilatura.fetch_url(link)", id="a library that fetches by itself"),
        pytest.param("os.system('curl x')", id="a program that fetches"),
    ],
)
def test_the_lint_finds_what_it_is_there_for(code: str) -> None:
    tree = ast.parse(code)
    assert doors_of(tree) or strangers(tree, "monitor.pipeline.page")
