"""Slack's Web API: one call, and where its message then stands.

Sources: docs.slack.dev, chat.postMessage, chat.update, "Using the Slack Web API" (read November
2026): JSON bodies with the token in the Authorization header; 200 with ``ok: false`` and a word.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from notifiers import (
    Context,
    PermanentNotifyError,
    Secret,
    UncertainNotifyError,
    check_response,
    post,
    retry_after,
)

_CHANNEL: Final = r"[A-Z0-9]{2,40}"
_TS: Final = r"\d{1,16}\.\d{1,10}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a method answered: ``error`` is empty when it did what was asked.

    ``place`` is ``channel:ts`` of the message; None if Slack did not name it. ``wait`` is its
    Retry-After in seconds.
    """

    error: str
    place: str | None = None
    wait: float | None = None


def place_of(remote_id: str | None) -> tuple[str, str] | None:
    """Channel and ts of a message that this notifier posted; None where that is not known."""
    found = re.fullmatch(rf"({_CHANNEL}):({_TS})", remote_id or "")
    return (found[1], found[2]) if found else None


async def call(
    context: Context, api_url: str, method: str, token: Secret, body: dict[str, object]
) -> Answer:
    """Call ``method`` (``chat.postMessage``, ``chat.update``).

    Raises:
        TemporaryNotifyError, PermanentNotifyError: by the status, as for any service.
        UncertainNotifyError: the answer was lost.
    """
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Authorization": f"Bearer {token.reveal()}",
    }
    url = Secret(f"{api_url.rstrip('/')}/{method}")
    response, written = await post(context, url, json.dumps(body).encode(), headers)
    check_response(response, context.now)
    if written is None:
        raise UncertainNotifyError("the message was sent, but Slack's answer was lost")
    found = _read(written)
    if found is None:
        raise PermanentNotifyError("the service answered 200, but not as Slack does; see api_url")
    if found.get("ok") is True:
        return Answer("", _place(found))
    return Answer(str(found.get("error") or "no_reason"), None, retry_after(response, context.now))


def _read(written: str) -> dict[str, Any] | None:
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        # a long answer is cut off; whether it says ok stands at its beginning
        if re.match(r'\s*\{\s*"ok"\s*:\s*true\b', written):
            channel = re.search(rf'"channel"\s*:\s*"({_CHANNEL})"', written)
            ts = re.search(rf'"ts"\s*:\s*"({_TS})"', written)
            return {"ok": True, "channel": channel and channel[1], "ts": ts and ts[1]}
        return None
    return found if isinstance(found, dict) and isinstance(found.get("ok"), bool) else None


def _place(found: dict[str, Any]) -> str | None:
    place = f"{found.get('channel')}:{found.get('ts')}"
    return place if place_of(place) is not None else None
