"""A folder with a config.yaml, and a small site on loopback for commands run in this process."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from monitor.cli import run


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def documents(self) -> list[Any]:
        """Standard output as JSON lines; fails if anything else is there."""
        return [json.loads(line) for line in self.out.splitlines()]


Call = Callable[..., Said]


@pytest.fixture
def call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Call:
    """Runs a command line in ``tmp_path``."""
    monkeypatch.chdir(tmp_path)

    def called(*arguments: str) -> Said:
        capsys.readouterr()
        code = run(list(arguments))
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return called


@pytest.fixture
def config(tmp_path: Path) -> Callable[[str], Path]:
    """Writes config.yaml: ``feeds`` as given, loopback allowed, no pauses."""

    def written(feeds: str, more: str = "network: {allow_private: [127.0.0.0/8]}\n") -> Path:
        path = tmp_path / "config.yaml"
        path.write_text(
            f"{feeds}rules: []\npolling: {{host_gap: 0s, per_host: 4}}  # mine\n{more}",
            encoding="utf-8",
        )
        return path

    return written


@dataclass(slots=True)
class Site:
    """What a site answers (bytes; a text is where it moved; a number a status), and was asked."""

    answers: dict[str, bytes | str | int] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    base: str = ""


@contextmanager
def serving() -> Iterator[Site]:
    """A site on loopback until the block ends."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            found = site.answers.get(self.path, 404)
            body = found if isinstance(found, bytes) else b""
            moved = isinstance(found, str)
            self.send_response(found if isinstance(found, int) else 301 if moved else 200)
            if isinstance(found, str):
                self.send_header("Location", found)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name in the standard library
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.base = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    """A site on loopback."""
    with serving() as made:
        yield made
