"""Scripted outlets and services on loopback: each path answers as told, and every request is kept."""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

PATIENCE = 30.0  # seconds; only a broken test waits so long
HTML = "text/html; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came; header names are in lower case."""

    method: str
    path: str  # with the query
    headers: Mapping[str, str]
    body: bytes
    at: float  # time.monotonic()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path answers. ``before`` runs first; ``silent``: no answer until the site closes."""

    status: int = 200
    body: str | bytes = ""
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    conditional: bool = False  # 304 where the request names the ETag that ``headers`` holds
    before: Callable[[], object] | None = None
    silent: bool = False


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # at the usual 5 a burst of connections waits for a second


@dataclass(slots=True)
class Site:
    """A server on a port of its own; a path never scripted answers 404."""

    asked: list[Asked] = field(default_factory=list)
    _scripts: dict[str, list[Answer]] = field(default_factory=dict)
    _served: dict[str, int] = field(default_factory=dict)
    _news: threading.Condition = field(default_factory=threading.Condition)  # re-entrant
    _closing: threading.Event = field(default_factory=threading.Event)
    _server: ThreadingHTTPServer | None = None

    @property
    def base(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def serve(self, path: str, *answers: Answer) -> str:
        """From now on ``path`` gives these answers in turn, the last one for ever; its address."""
        with self._news:
            self._scripts[path] = list(answers)
            self._served[path] = 0
        return self.base + path

    def page(self, path: str, html: str) -> str:
        """Serve a page; its address."""
        return self.serve(path, Answer(body=html))

    def answers(self, path: str) -> list[Answer]:
        """The script of ``path``."""
        with self._news:
            return list(self._scripts[path])

    def to(self, path: str) -> list[Asked]:
        """The requests for ``path`` so far, whatever their query."""
        with self._news:
            return [one for one in self.asked if one.path.partition("?")[0] == path]

    def wait_for(self, path: str, count: int = 1, within: float = PATIENCE) -> list[Asked]:
        """The requests for ``path`` once there are ``count`` of them.

        Raises AssertionError if they do not come within ``within`` seconds.
        """
        with self._news:
            came = self._news.wait_for(lambda: len(self.to(path)) >= count, within)
            assert came, f"{len(self.to(path))} of {count} requests for {path} in {within:g} s"
            return self.to(path)

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        serve = self._server.serve_forever
        threading.Thread(target=serve, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: Asked) -> Answer | None:
        """The answer to a request that just came; None: say nothing and close."""
        path = request.path.partition("?")[0]
        with self._news:
            self.asked.append(request)
            script = self._scripts.get(path, [Answer(404, "<h1>Not found</h1>")])
            turn = self._served.get(path, 0)
            self._served[path] = turn + 1
            chosen = script[min(turn, len(script) - 1)]
            self._news.notify_all()
        if chosen.before is not None:
            chosen.before()
        if chosen.silent:
            self._closing.wait(PATIENCE)
            return None
        return chosen


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = PATIENCE

        def do_GET(self) -> None:
            self._talk()

        def do_POST(self) -> None:
            self._talk()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base's name
            pass

        def _talk(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            request = Asked(self.command, self.path, headers, body, time.monotonic())
            answer = site.answer(request)
            if answer is None:
                self.close_connection = True
                return
            tag = dict(answer.headers).get("ETag")
            known = answer.conditional and tag is not None and headers.get("if-none-match") == tag
            self.send_response(304 if known else answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            if known:
                self.end_headers()
                return
            content = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def handle(self) -> None:
            with suppress(OSError):  # the other side has gone, as killed programs do
                super().handle()

    return Handler


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of an RSS feed. ``guid`` None: the link; ``date`` as RFC 822 has it, or none."""

    title: str
    link: str
    summary: str = ""
    guid: str | None = None
    date: str = ""


def rss(*items: Item, title: str = "Sample Courier") -> str:
    """An RSS 2.0 document."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{escape(title)}</title><link>https://example.org/</link>"
        f"<description>News</description>{''.join(map(_item, items))}</channel></rss>"
    )


def _item(item: Item) -> str:
    guid = item.guid or item.link
    date = f"<pubDate>{item.date}</pubDate>" if item.date else ""
    return (
        f"<item><title>{escape(item.title)}</title><link>{escape(item.link)}</link>"
        f'<guid isPermaLink="false">{escape(guid)}</guid>'
        f"<description>{escape(item.summary)}</description>{date}</item>"
    )


def feed(*items: Item, tag: str = "") -> Answer:
    """A feed's answer; with ``tag`` it has that ETag and answers 304 to who knows it."""
    headers = (("ETag", f'"{tag}"'),) if tag else ()
    return Answer(200, rss(*items), RSS, headers, conditional=bool(tag))


def weblog(title: str, paragraphs: tuple[str, ...]) -> str:
    """A page as blog software writes it, with furniture that no rule may see."""
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}
</title></head><body class="single-post"><header class="site-header"><nav class="main-navigation">
<ul><li><a href="/m">Markets</a></li><li><a href="/p">Politics</a></li></ul></nav></header>
<main id="main"><article class="post hentry"><header class="entry-header">
<h1 class="entry-title">{escape(title)}</h1></header><div class="entry-content">
{_paragraphs(paragraphs)}</div></article><aside class="widget-area"><h2>Most read</h2><ul>
<li><a href="/x">Harbour counts ships again</a></li></ul></aside></main>
<footer>Imprint</footer></body></html>"""


def semantic(title: str, paragraphs: tuple[str, ...]) -> str:
    """A page of plain HTML5 elements."""
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>{escape(title)} - Example Herald</title></head><body><nav><a href="/">Home</a></nav>
<article><h1>{escape(title)}</h1><p class="byline">By our Brussels desk</p><section>
{_paragraphs(paragraphs)}</section></article><section class="comments"><h2>Comments</h2>
<p>First!</p></section></body></html>"""


def columns(title: str, paragraphs: tuple[str, ...]) -> str:
    """An old page of nested boxes."""
    return f"""<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head>
<body><div id="masthead"><b>City Wire</b></div><div id="left" class="sidebar"><ul class="menu">
<li><a href="/1">Companies</a></li><li><a href="/2">Weather</a></li></ul></div><div id="centre">
<h1 class="hd">{escape(title)}</h1><div class="storytext">{_paragraphs(paragraphs)}</div></div>
<div id="bottom" class="footer">Prices are made up.</div></body></html>"""


def paywall(title: str) -> str:
    """A page that shows an offer instead of the article."""
    return f"""<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head>
<body><div id="centre"><h1>{escape(title)}</h1><div class="paywall">
<h2>Subscribe to continue reading</h2><p>Already a subscriber? Log in.</p></div></div>
</body></html>"""


def _paragraphs(paragraphs: tuple[str, ...]) -> str:
    return "\n".join(f"<p>{escape(text)}</p>" for text in paragraphs)
