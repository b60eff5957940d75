"""Is a ping the hub's? ``X-Hub-Signature`` over the bytes of the body (WebSub, 7.1).

Layer 1, pure. The body is hashed as it comes, piece by piece, so that nothing of it need be kept.
Comparison takes the same time for every wrong signature.
"""

import hmac
from collections.abc import Sequence
from typing import Final

from monitor.secret import Secret

ALGORITHMS: Final = frozenset(("sha1", "sha256", "sha384", "sha512"))
_LONGEST: Final = 200  # characters of a header: sha512 in hexadecimal is 135


class SignatureCheck:
    """Feed it the body, then ask ``holds``. It is wrong from the start without a usable header."""

    __slots__ = ("_expected", "_hash")

    def __init__(self, headers: Sequence[str], secret: Secret) -> None:
        """``headers``: every ``X-Hub-Signature`` of the request; more than one is none."""
        method, claimed = parse_signature(headers[0] if len(headers) == 1 else "")
        self._expected = claimed
        self._hash = hmac.new(secret.reveal().encode(), digestmod=method) if method else None

    def feed(self, piece: bytes) -> None:
        """The next bytes of the body."""
        if self._hash is not None:
            self._hash.update(piece)

    def holds(self) -> bool:
        """Whether the whole body was signed with the secret."""
        return self._hash is not None and hmac.compare_digest(
            self._hash.hexdigest().encode(), self._expected
        )


def parse_signature(header: str) -> tuple[str, bytes]:
    """Algorithm and claimed digest in lower case; two empty values if it is nothing of the kind."""
    method, equals, digest = header.strip().partition("=")
    method = method.lower()
    if not equals or method not in ALGORITHMS or len(header) > _LONGEST or not digest.isascii():
        return "", b""
    return method, digest.strip().lower().encode()


def sign(body: bytes, secret: Secret, algorithm: str = "sha256") -> str:
    """The header's value that a hub would send; what ``send`` in tests and demos uses."""
    digest = hmac.new(secret.reveal().encode(), body, algorithm).hexdigest()
    return f"{algorithm}={digest}"
