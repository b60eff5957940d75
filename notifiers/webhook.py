"""POSTs an alert as signed JSON to an address of yours; docs/notifiers.md holds the schema.

The receiver proves the sender: ``X-News-Monitor-Signature`` is ``v1=`` and the hex HMAC-SHA256
(RFC 2104) of ``timestamp.body``, keyed with the shared secret; a receiver should refuse timestamps
older than five minutes. ``Idempotency-Key`` is the same in every attempt at one delivery.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass

from notifiers import Alert, Context, Receipt, Secret, check_response, http_url, payload, post


@dataclass(frozen=True, slots=True)
class Notifier:
    """Options: where to, and the secret shared with the receiver."""

    url: Secret
    secret: Secret

    def __post_init__(self) -> None:
        http_url("url", self.url)
        if not self.secret:
            raise ValueError("secret: must not be empty; the signature is made with it")

    async def send(self, alert: Alert, context: Context) -> Receipt:
        """Post the alert; any 2xx is a delivery."""
        body = _body(alert)
        response, _ = await post(context, self.url, body, self._headers(body, context))
        check_response(response, context.now)
        return Receipt()

    def preview(self, alert: Alert, context: Context) -> str:
        """Headers and body as they would be sent; the address stays hidden."""
        body = _body(alert)
        headers = self._headers(body, context)
        shown = json.dumps(payload(alert), ensure_ascii=False, indent=2)
        return "".join(f"{name}: {value}\n" for name, value in headers.items()) + f"\n{shown}\n"

    def _headers(self, body: bytes, context: Context) -> dict[str, str]:
        timestamp = str(int(context.now.timestamp()))
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": _header_safe(context.key),
            "X-News-Monitor-Timestamp": timestamp,
            "X-News-Monitor-Signature": signature(self.secret, timestamp, body),
        }


def signature(secret: Secret, timestamp: str, body: bytes) -> str:
    """``v1=`` and the hex HMAC-SHA256 of ``timestamp.body``."""
    signed = f"{timestamp}.".encode() + body
    return "v1=" + hmac.new(secret.reveal().encode(), signed, hashlib.sha256).hexdigest()


def _body(alert: Alert) -> bytes:
    return json.dumps(payload(alert), ensure_ascii=False, separators=(",", ":")).encode()


def _header_safe(key: str) -> str:
    """``key`` if it is printable ASCII, else its hash: a header must not be able to break."""
    if key.isascii() and key.isprintable() and key == key.strip():
        return key
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
