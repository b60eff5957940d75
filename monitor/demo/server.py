"""Serve the sample world on loopback: ``with WorldServer() as world: world.feeds``.

A threaded server of the standard library on 127.0.0.1, port 0 (the system picks one). Answers
conditional requests by ETag (RFC 9110, 13.1.2) and logs nothing.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Final, Self

from monitor.demo.feeds import feed
from monitor.demo.pages import page
from monitor.demo.world import Report, World, load_world

_HTML: Final = "text/html; charset=utf-8"
_JOIN_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent for a path: a status, a type and a body."""

    status: int
    content_type: str
    body: bytes

    @property
    def etag(self) -> str:
        """A strong validator of the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def answers(world: World, base: str, now: datetime) -> dict[str, Answer]:
    """Every answer of the world by path (with leading slash); what is absent answers 404.

    ``base`` is the server's origin without a slash at the end, ``now`` (UTC) the moment from which
    the reports count their minutes back. Pure.
    """
    made = {"/robots.txt": Answer(200, "text/plain", b"User-agent: *\nAllow: /\n")}
    for outlet in world.outlets:
        written = feed(outlet, base, now)
        if written is not None:
            made[f"/{outlet.feed_path}"] = Answer(200, written[0], written[1].encode())
        for report in outlet.reports:
            html = page(world, outlet, report, f"{base}/{report.path}", now)
            made[f"/{report.path}"] = _page_answer(report, html)
    return made


def _page_answer(report: Report, html: str) -> Answer:
    if report.page == "error":
        return Answer(500, _HTML, b"<html><body><h1>Internal error</h1></body></html>")
    return Answer(200, _HTML, html.encode())


class WorldServer:
    """The sample world at an address of its own, for as long as the ``with`` block lasts."""

    def __init__(
        self, world: World | None = None, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """``clock`` gives the moment (UTC) from which reports count their minutes back."""
        self.world = world if world is not None else load_world()
        self._clock = clock
        self._server: ThreadingHTTPServer | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        """Begin to serve.

        Raises:
            OSError: no port of the loopback address could be opened.
        """
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.RequestHandlerClass = _handler(answers(self.world, self.base, self._clock()))
        self._thread = Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving and free the port."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        if self._thread is not None:
            self._thread.join(_JOIN_SECONDS)

    @property
    def base(self) -> str:
        """The origin, such as ``http://127.0.0.1:40123``; only inside the ``with`` block."""
        assert self._server is not None, "used outside its with block"
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def feeds(self) -> list[tuple[str, str]]:
        """``(outlet's name, address of its feed)``, the broken ones included."""
        return [(outlet.name, f"{self.base}/{outlet.feed_path}") for outlet in self.world.outlets]


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from ``answers``; everything else is refused by the base class."""

    protocol_version = "HTTP/1.1"
    server_version = "DemoWorld"
    sys_version = ""
    timeout = 30.0  # seconds without a request until a kept connection is closed
    answers: dict[str, Answer] = {}  # noqa: RUF012  # a subclass per server sets its own

    def do_GET(self) -> None:  # the base class calls it so
        """Send the answer of the path, or 304 where the client has it already."""
        self._send(with_body=True)

    def do_HEAD(self) -> None:  # the base class calls it so
        """The same without its body."""
        self._send(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # name of the base class
        """Say nothing: the demo prints its own story."""

    def _send(self, *, with_body: bool) -> None:
        path = self.path.partition("?")[0]
        answer = self.answers.get(path, Answer(404, _HTML, b"<h1>Not found</h1>"))
        known = [tag.strip() for tag in self.headers.get("If-None-Match", "").split(",")]
        unchanged = answer.status == 200 and (answer.etag in known or known == ["*"])
        self.send_response(304 if unchanged else answer.status)
        if answer.status == 200:
            self.send_header("ETag", answer.etag)
        if not unchanged:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if with_body and not unchanged:
            self.wfile.write(answer.body)


def _handler(made: dict[str, Answer]) -> type[_Handler]:
    """A handler class that knows its answers; http.server makes one object per connection."""
    return type("Handler", (_Handler,), {"answers": made})
