"""POSTs an alert as signed JSON to an address of yours; docs/notifiers.md holds the schema.

The receiver proves the sender: ``X-News-Monitor-Signature`` is ``v1=`` and the hex HMAC-SHA256
(RFC 2104) of ``timestamp.body``, keyed with the shared secret; a receiver should refuse timestamps
older than five minutes. ``Idempotency-Key`` is the same in every attempt at one delivery.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import Final

from notifiers import (
    Alert,
    Context,
    Receipt,
    Secret,
    check_response,
    check_template,
    filled,
    http_url,
    payload,
    post,
)

_JSON: Final = "application/json"
_TYPE: Final = r"[!-~]+/[ -~]{1,100}"


@dataclass(frozen=True, slots=True)
class Notifier:
    """Options: where to, and the secret shared with the receiver.

    ``template`` makes the body, of the kind ``content_type``.
    """

    url: Secret
    secret: Secret
    template: str | None = None
    content_type: str = _JSON

    def __post_init__(self) -> None:
        http_url("url", self.url)
        if not self.secret:
            raise ValueError("secret: must not be empty; the signature is made with it")
        if not re.fullmatch(_TYPE, self.content_type):
            raise ValueError("content_type: must be a media type, such as application/json")
        check_template("template", self.template)

    async def send(self, alert: Alert, context: Context) -> Receipt:
        """Post the message; any 2xx is a delivery."""
        body, kind, note = self._body(alert, context)
        response, _ = await post(context, self.url, body, self._headers(body, kind, context))
        check_response(response, context.now)
        return Receipt(note=note)

    def preview(self, alert: Alert, context: Context) -> str:
        """Headers and body as they would be sent; the address stays hidden."""
        body, kind, note = self._body(alert, context)
        headers = self._headers(body, kind, context)
        shown = body.decode()
        if self.template is None or note:
            shown = json.dumps(payload(alert), ensure_ascii=False, indent=2) + "\n"
        head = f"# {note}\n" if note else ""
        return (
            head + "".join(f"{name}: {value}\n" for name, value in headers.items()) + f"\n{shown}"
        )

    def _body(self, alert: Alert, context: Context) -> tuple[bytes, str, str | None]:
        """The body, its type, and a note where the template failed."""
        words, note = filled("template", self.template, alert, context, "json")
        if words is not None and self._is_json() and not _parses(words):
            words, note = None, "the template's result is no JSON; sent in the plain form"
        if words is not None:
            return words.encode(), self.content_type, None
        return _plain(alert), _JSON, note

    def _is_json(self) -> bool:
        kind = self.content_type.partition(";")[0].strip().lower()
        return kind == _JSON or kind.endswith("+json")

    def _headers(self, body: bytes, kind: str, context: Context) -> dict[str, str]:
        timestamp = str(int(context.now.timestamp()))
        return {
            "Content-Type": kind,
            "Idempotency-Key": _header_safe(context.key),
            "X-News-Monitor-Timestamp": timestamp,
            "X-News-Monitor-Signature": signature(self.secret, timestamp, body),
        }


def signature(secret: Secret, timestamp: str, body: bytes) -> str:
    """``v1=`` and the hex HMAC-SHA256 of ``timestamp.body``."""
    signed = f"{timestamp}.".encode() + body
    return "v1=" + hmac.new(secret.reveal().encode(), signed, hashlib.sha256).hexdigest()


def _plain(alert: Alert) -> bytes:
    return json.dumps(payload(alert), ensure_ascii=False, separators=(",", ":")).encode()


def _parses(words: str) -> bool:
    try:
        json.loads(words)
    except (ValueError, RecursionError):
        return False
    return True


def _header_safe(key: str) -> str:
    """``key`` if it is printable ASCII, else its hash: a header must not be able to break."""
    if key.isascii() and key.isprintable() and key == key.strip():
        return key
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
