"""A hub on loopback, in the test's own event loop: it keeps what it was asked and can call back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import aiohttp
from aiohttp import web

from monitor.secret import Secret
from monitor.websub.signature import sign

PATIENCE = 10.0  # seconds; only a broken test waits so long


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered the hub."""

    status: int
    text: str


@dataclass(slots=True)
class Hub:
    """Answers every request with ``status`` and ``headers``; knows where the callbacks listen.

    ``before`` runs before the answer: some hubs verify first.
    """

    session: aiohttp.ClientSession
    base: str = ""
    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    before: Callable[[dict[str, str]], object] | None = None
    listener: tuple[str, int] | None = None
    forms: list[dict[str, str]] = field(default_factory=list)
    requests: list[web.BaseRequest] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        return f"{self.base}/hub"

    async def wait(self, count: int = 1) -> dict[str, str]:
        """The form number ``count``, when it has come."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: len(self.forms) >= count)
        return self.forms[count - 1]

    async def verify(self, form: dict[str, str], **changed: str | None) -> Answer:
        """Ask the callback whether it meant that; ``changed`` lays other ``hub.`` values over."""
        said: dict[str, str | None] = {
            "mode": form["hub.mode"],
            "topic": form["hub.topic"],
            "challenge": "a challenge & more",
            "lease_seconds": form.get("hub.lease_seconds"),
            **changed,
        }
        query = urlencode({f"hub.{name}": value for name, value in said.items() if value})
        return await self.call("GET", form["hub.callback"] + "?" + query)

    async def ping(
        self, form: dict[str, str], body: bytes = b"<rss/>", *, signature: str | None = "right"
    ) -> Answer:
        """Distribute ``body``; ``signature`` "right" is made with the secret, None is left out."""
        if signature == "right":
            signature = sign(body, Secret(form["hub.secret"]))
        headers = {} if signature is None else {"X-Hub-Signature": signature}
        return await self.call("POST", form["hub.callback"], body, headers)

    async def call(
        self, method: str, callback: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        """A request as a web server before the listener passes it on: same path, same Host."""
        assert self.listener is not None
        parts = urlsplit(callback)
        host, port = self.listener
        url = f"http://{host}:{port}{parts.path}{'?' + parts.query if parts.query else ''}"
        sent = {"Host": parts.netloc, **(headers or {})}
        async with self.session.request(method, url, data=body, headers=sent) as response:
            return Answer(response.status, await response.text())

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """What a request to the hub gets."""
        if request.path == "/old":
            return web.Response(status=307, headers={"Location": "/hub"})
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.requests.append(request)
        if self.before is not None:
            outcome = self.before(form)
            if asyncio.iscoroutine(outcome):
                await outcome
        async with self._news:
            self.forms.append(form)
            self._news.notify_all()
        return web.Response(status=self.status, headers=self.headers)


@asynccontextmanager
async def running_hub() -> AsyncIterator[Hub]:
    """A hub on a port of its own."""
    async with aiohttp.ClientSession() as session:
        hub = Hub(session)
        runner = web.ServerRunner(web.Server(hub.answer, access_log=None), shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            hub.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield hub
        finally:
            await runner.cleanup()
