"""Posts messages to a Slack channel: through an incoming webhook, or as an app with a token.

A webhook needs only its address, which is a secret: who knows it can post. It answers without an
id, so its messages can be neither edited nor threaded. An app with a bot token (scope chat:write)
edits the story's first message ("also: …") and tells what is new as replies in its thread.
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from notifiers import (
    Alert,
    Context,
    MessageKind,
    PermanentNotifyError,
    Receipt,
    Secret,
    UncertainNotifyError,
    check_response,
    check_template,
    filled,
    http_url,
    post,
    public_url,
    slack_payload,
    slack_plain_payload,
    slack_text_payload,
)
from notifiers._slack_api import Answer, call, place_of
from notifiers._slack_words import TRY_OUTSIDE_THE_THREAD, TRY_PLAIN, refusal, shown

_API: Final = "https://slack.com/api"
_CHANNEL: Final = r"#?[\w.-]{1,80}"
_TOKEN: Final = r"[\x21-\x7e]{1,512}"  # noqa: S105  # the shape of one
_OUTSIDE: Final = "the story's thread is gone; sent as a message of its own"

Payload = dict[str, object]


@dataclass(frozen=True, slots=True)
class Notifier:
    """Options: ``webhook_url``, or ``token`` and ``channel``.

    ``template`` words the message in Slack's mrkdwn. ``api_url`` is for Slack's other clouds.
    """

    webhook_url: Secret | None = None
    token: Secret | None = None
    channel: str | None = None
    template: str | None = None
    api_url: str = _API

    def __post_init__(self) -> None:
        if (self.webhook_url is None) == (self.token is None):
            raise ValueError("give webhook_url, or token and channel")
        if self.webhook_url is not None:
            http_url("webhook_url", self.webhook_url)
        if (self.token is None) != (self.channel is None):
            raise ValueError("channel: give token and channel together")
        if self.token is not None and not re.fullmatch(_TOKEN, self.token.reveal()):
            raise ValueError("token: is none; it looks like xoxb-…")
        if self.channel is not None and not re.fullmatch(_CHANNEL, self.channel):
            raise ValueError("channel: must be a channel's id (C0123456789) or name (#news)")
        http_url("api_url", Secret(self.api_url))
        if not re.match(r"https://|http://(127\.0\.0\.1|\[::1\]|localhost)[:/]", self.api_url):
            raise ValueError(
                "api_url: must begin with https://, for a token is never sent in clear"
            )
        check_template("template", self.template)

    async def send(self, alert: Alert, context: Context) -> Receipt:
        """Post the message; where Slack refuses its blocks, once more as plain text.

        An update goes into the thread of ``context.remote_id`` where that is known.
        """
        payload, note = self._payload(alert, context)
        plain = slack_plain_payload(alert, public_url(context))
        if self.token is None or self.channel is None:
            return await self._by_webhook(payload, plain, note, context)
        place = place_of(context.remote_id) if alert.kind is MessageKind.UPDATE else None
        target: Payload = {"channel": self.channel}
        if place is not None:
            target = {"channel": place[0], "thread_ts": place[1]}
        answer, told = await self._by_api("chat.postMessage", target, payload, plain, context)
        if place is not None and answer.error in TRY_OUTSIDE_THE_THREAD:
            target = {"channel": self.channel}
            answer, told = await self._by_api("chat.postMessage", target, payload, plain, context)
            told = _OUTSIDE
        if answer.error:
            raise refusal(200, answer.error, answer.wait)
        return Receipt(remote_id=answer.place, note=told or note)

    async def update(self, alert: Alert, context: Context) -> Receipt:
        """Write the story's first message anew: the other outlets, the figures.

        Raises:
            PermanentNotifyError: through a webhook nothing can be edited, or the message is gone.
        """
        place = place_of(context.remote_id)
        if self.token is None or place is None:
            raise PermanentNotifyError("only messages posted with a token can be edited")
        payload, note = self._payload(alert, context)
        plain = slack_plain_payload(alert, public_url(context))
        target: Payload = {"channel": place[0], "ts": place[1]}
        # blocks of before stay where none are given
        forms = [{"blocks": [], **form} for form in (payload, plain)]
        for form in forms:
            for key in ("unfurl_links", "unfurl_media", "mrkdwn"):  # arguments of posting only
                form.pop(key, None)
        answer, told = await self._by_api("chat.update", target, forms[0], forms[1], context)
        if answer.error:
            raise refusal(200, answer.error, answer.wait)
        return Receipt(remote_id=context.remote_id, note=told or note)

    def preview(self, alert: Alert, context: Context) -> str:
        """The JSON body; address and token stay hidden."""
        payload, note = self._payload(alert, context)
        if self.channel is not None:
            payload = {"channel": self.channel, **payload}
        head = f"# {note}\n" if note else ""
        return head + json.dumps(payload, ensure_ascii=False, indent=2) + "\n"

    def _payload(self, alert: Alert, context: Context) -> tuple[Payload, str | None]:
        words, note = filled("template", self.template, alert, context, "slack")
        if words is not None:
            return slack_text_payload(words, mrkdwn=True), None
        return slack_payload(alert, public_url(context)), note

    async def _by_webhook(
        self, payload: Payload, plain: Payload, note: str | None, context: Context
    ) -> Receipt:
        status, reason = await self._post(payload, context)
        if status == 200:
            return Receipt(note=note)
        if not reason.startswith(TRY_PLAIN):
            raise refusal(status, reason)
        status, second = await self._post(plain, context)
        if status != 200:
            raise refusal(status, second)
        return Receipt(note=_plain_note(reason))

    async def _by_api(
        self, method: str, target: Payload, payload: Payload, plain: Payload, context: Context
    ) -> tuple[Answer, str | None]:
        assert self.token is not None
        answer = await call(context, self.api_url, method, self.token, {**payload, **target})
        if not answer.error.startswith(TRY_PLAIN):
            return answer, None
        note = _plain_note(answer.error)
        return await call(context, self.api_url, method, self.token, {**plain, **target}), note

    async def _post(self, body: Payload, context: Context) -> tuple[int, str]:
        """Status and reason of a 400, 403, 404 or 410, or (200, "ok"); the rest is raised."""
        assert self.webhook_url is not None
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
            raise PermanentNotifyError(f"Slack answered 200, but not ok: {shown(answer)}")
        return 200, "ok"


def _plain_note(reason: str) -> str:
    return f"Slack refused the formatted message ({shown(reason)}); sent plain"


def _says_ok(answer: str) -> bool:
    try:
        found = json.loads(answer)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("ok") is True
