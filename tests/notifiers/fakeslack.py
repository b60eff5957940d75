"""A Slack of our own: the two methods that we call, with their rules, and what stands in channels.

Written from docs.slack.dev (chat.postMessage, chat.update), apart from the notifier.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.notifiers.blockkit import problems
from tests.notifiers.loopback import HttpServer, Request, answer

TOKEN = "xoxb-canary-7f3a9b"
CHANNEL = "C0NEWS0001"
_POSTED = {"channel", "text", "blocks", "thread_ts", "mrkdwn", "unfurl_links", "unfurl_media"}
_UPDATED = {"channel", "text", "blocks", "ts"}


@dataclass(slots=True)
class Posted:
    """One message as it stands in the channel."""

    ts: str
    thread_ts: str | None
    text: str
    blocks: list[Any]


@dataclass(slots=True)
class FakeSlack:
    """``refusals``: error words that are answered first, one for each call; "" is a pass."""

    refusals: list[str] = field(default_factory=list)
    retry_after: str = ""
    messages: list[Posted] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def server(self) -> HttpServer:
        """The server; its address, with ``/api``, is the option ``api_url``."""
        return HttpServer(respond=self.respond)

    def respond(self, request: Request) -> bytes:
        """Judge a request as Slack does, and remember what it did."""
        method = request.line.split()[1].removeprefix("/api/")
        body = json.loads(request.body)
        self.calls.append((method, body))
        refusal = self.refusals.pop(0) if self.refusals else ""
        error = refusal or self._error(request, method, body)
        if error:
            headers = {"Retry_After": self.retry_after} if self.retry_after else {}
            return answer(200, json.dumps({"ok": False, "error": error}), **headers)
        return answer(200, json.dumps(self._done(method, body)))

    def _error(self, request: Request, method: str, body: dict[str, Any]) -> str:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return "invalid_auth"
        if not request.headers["content-type"].startswith("application/json"):
            return "invalid_post_type"
        known = {"chat.postMessage": _POSTED, "chat.update": _UPDATED}.get(method)
        if known is None:
            return "unknown_method"
        if not set(body) <= known:
            return "invalid_arguments"
        if body.get("channel") not in {CHANNEL, "#news"}:
            return "channel_not_found"
        if problems(body):
            return "invalid_blocks"
        timestamps = {message.ts for message in self.messages}
        if method == "chat.update" and (body["channel"] != CHANNEL or body["ts"] not in timestamps):
            return "message_not_found"
        if "thread_ts" in body and body["thread_ts"] not in timestamps:
            return "thread_not_found"
        return ""

    def _done(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        if method == "chat.update":
            (message,) = (one for one in self.messages if one.ts == body["ts"])
            message.text, message.blocks = body["text"], body.get("blocks", message.blocks)
        else:
            ts = f"1763820450.{len(self.messages):06d}"
            message = Posted(ts, body.get("thread_ts"), body["text"], body.get("blocks", []))
            self.messages.append(message)
        return {"ok": True, "channel": CHANNEL, "ts": message.ts, "message": {"text": "…"}}
