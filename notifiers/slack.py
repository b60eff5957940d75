"""Posts an alert to a Slack channel through an incoming webhook.

Sources: docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and the list of its
errors of 2016-05-17 (read November 2026). The webhook's address is a secret: who knows it can post.
A webhook answers without an id, so messages can be neither edited nor threaded.
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from notifiers import (
    Alert,
    Context,
    PermanentNotifyError,
    Receipt,
    Secret,
    TemporaryNotifyError,
    UncertainNotifyError,
    check_response,
    http_url,
    post,
    slack_payload,
    slack_plain_payload,
)

_TRY_PLAIN: Final = (
    "invalid_blocks",
    "invalid_payload",
    "no_text",
    "msg_blocks_too_long",
    "msg_too_long",
)
_MENDS: Final = {
    "action_prohibited": "the workspace forbids this webhook to post; ask its administrator",
    "posting_to_general_channel_denied": "only administrators may post to that channel",
    "invalid_token": "the webhook address is wrong or was revoked; make a new one in Slack",
    "channel_not_found": "the channel was deleted; make a new webhook for another one",
    "no_active_hooks": "the webhook was removed or disabled; make a new one in Slack",
    "no_team": "the workspace is gone; make a new webhook in another one",
    "team_disabled": "the workspace is disabled",
    "channel_is_archived": "the channel is archived; unarchive it or make a new webhook",
    "user_not_found": "the user that the webhook posts to is gone; make a new webhook",
}
_REASON: Final = r"[a-z_]{1,60}"


@dataclass(frozen=True, slots=True)
class Notifier:
    """Options: the address of the incoming webhook, from the app's settings in Slack."""

    webhook_url: Secret

    def __post_init__(self) -> None:
        http_url("webhook_url", self.webhook_url)

    async def send(self, alert: Alert, context: Context) -> Receipt:
        """Post the alert; where Slack refuses its blocks, once more as plain text."""
        status, reason = await self._post(slack_payload(alert), context)
        if status == 200:
            return Receipt()
        if not reason.startswith(_TRY_PLAIN):
            raise _refusal(status, reason)
        status, second = await self._post(slack_plain_payload(alert), context)
        if status != 200:
            raise _refusal(status, second)
        return Receipt(note=f"Slack refused the formatted message ({_shown(reason)}); sent plain")

    def preview(self, alert: Alert, context: Context) -> str:  # noqa: ARG002  # the protocol
        """The JSON body; the address stays hidden."""
        return json.dumps(slack_payload(alert), ensure_ascii=False, indent=2) + "\n"

    async def _post(self, body: dict[str, object], context: Context) -> tuple[int, str]:
        """Status and reason of a 400, 403, 404 or 410, or (200, "ok"); the rest is raised."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        response, answer = await post(context, self.webhook_url, json.dumps(body).encode(), headers)
        status = response.status_code
        if status in {400, 403, 404, 410}:
            return status, (answer or "").strip()
        check_response(response, context.now)
        if answer is None:
            raise UncertainNotifyError("the message was sent, but Slack's answer was lost")
        if not answer.strip() or _says_ok(answer):  # Slack-like services answer so
            return 200, "ok"
        if answer.strip() != "ok":
            raise PermanentNotifyError(f"Slack answered 200, but not ok: {_shown(answer)}")
        return 200, "ok"


def _says_ok(answer: str) -> bool:
    try:
        found = json.loads(answer)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("ok") is True


def _refusal(status: int, reason: str) -> Exception:
    word = reason.split()[0] if reason.split() else ""
    if word == "no_service":  # comes under load too, then the same webhook works again
        return TemporaryNotifyError(
            "Slack answered no_service; if it stays, the webhook was disabled: make a new one"
        )
    if word in _MENDS:
        return PermanentNotifyError(f"Slack refused ({word}): {_MENDS[word]}")
    return PermanentNotifyError(f"Slack answered {status}: {_shown(reason)}")


def _shown(answer: str) -> str:
    """Slack's reason if it is a word of Slack's kind; anything else might echo the address."""
    if not answer.strip():
        return "without a reason"
    return answer if re.fullmatch(_REASON, answer) else "with something unknown"
