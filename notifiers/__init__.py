"""What a plugin author imports; one file beside this one is one notifier (docs/notifiers.md).

The only door between the two packages: files in here import from ``notifiers``, never from
``monitor``. Besides the types, the errors and the rendered forms of a message there are three
things for services that speak HTTP: ``post`` does a whole bounded request, ``http_errors`` tells
"never sent" from "answer lost", ``check_response`` turns a status into an error. ``filled`` puts a
message into the user's own words (an option ``template``).

Sources: RFC 9110, 10.2.3 (Retry-After) and 15 (status codes).
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NoReturn
from urllib.parse import urlsplit

import aiohttp
import httpx

from monitor.alerts.escape import Run, clean, cut, inert
from monitor.alerts.message import Message, compose
from monitor.alerts.render import (
    html,
    payload,
    reply_subject,
    slack_escape,
    slack_payload,
    slack_plain_payload,
    slack_text_payload,
    subject,
    text,
)
from monitor.alerts.render_atom import AtomEntry, atom_entry, atom_feed, atom_id, atom_read
from monitor.alerts.retry import DeferredNotifyError
from monitor.errors import (
    NotifyError,
    PauseNotifyError,
    PermanentNotifyError,
    TemporaryNotifyError,
    UncertainNotifyError,
)
from monitor.model import Alert, Level, MessageKind, Quality
from monitor.notifier import Context, Receipt, Refusal
from monitor.secret import Secret, redact

__all__ = [
    "Alert",
    "AtomEntry",
    "Context",
    "DeferredNotifyError",
    "Level",
    "Message",
    "MessageKind",
    "NotifyError",
    "PauseNotifyError",
    "PermanentNotifyError",
    "Quality",
    "Receipt",
    "Refusal",
    "Run",
    "Secret",
    "TemporaryNotifyError",
    "UncertainNotifyError",
    "atom_entry",
    "atom_feed",
    "atom_id",
    "atom_read",
    "check_response",
    "check_template",
    "clean",
    "compose",
    "cut",
    "filled",
    "html",
    "http_errors",
    "http_url",
    "inert",
    "payload",
    "post",
    "public_url",
    "redact",
    "reply_subject",
    "retry_after",
    "slack_escape",
    "slack_payload",
    "slack_plain_payload",
    "slack_text_payload",
    "subject",
    "text",
]

NEWS_MONITOR_PLUGINS = True  # tells this package from another one of the same name, as text

_LONGEST_WISH: Final = 86_400.0  # seconds; a Retry-After beyond a day is taken as a day
_ANSWER_LIMIT: Final = 16_384  # bytes of an answer that are read
_TRY_LATER: Final = frozenset({408, 425, 429})
_NEVER_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
)
_MISTAKES: Final = (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError)


def check_response(response: httpx.Response, now: datetime | None = None) -> None:
    """Return for 2xx; raise what the status means otherwise.

    408, 425, 429 and 5xx are temporary, with the server's Retry-After (seconds, or a date relative
    to the answer's own Date, else to ``now``) up to a day; nonsense in it is ignored. Redirects
    are not followed, since a changed target of secrets must be the operator's decision. 410 says
    that the address is gone for good (RFC 9110, 15.5.11), for every message.

    Raises:
        TemporaryNotifyError: trying again can help.
        PauseNotifyError: the address is gone.
        PermanentNotifyError: trying again cannot help.
    """
    status = response.status_code
    if 200 <= status < 300:
        return
    if status in _TRY_LATER or status >= 500:
        raise TemporaryNotifyError(f"the service answered {status}", retry_after(response, now))
    if 300 <= status < 400:
        raise PermanentNotifyError(
            f"answered with a redirect ({status}); put the final address into the config"
        )
    if status == 410:
        raise PauseNotifyError("the service answered 410: this address is gone; put a new one in")
    raise PermanentNotifyError(f"the service answered {status}")


@contextmanager
def http_errors() -> Iterator[None]:
    """Turns failures of a request into the errors of this package, without the address in them.

    What fails before the request is written (name, connection, certificate) is temporary; where
    the request may have been read and only its answer is missing, it is uncertain.

    Raises:
        TemporaryNotifyError: nothing was sent.
        UncertainNotifyError: it may have been delivered.
        PermanentNotifyError: the address cannot be used.
    """
    try:
        yield
    except _MISTAKES:
        raise PermanentNotifyError("the address cannot be used; see the config") from None
    except (httpx.HTTPError, aiohttp.ClientError, TimeoutError) as error:
        _sort(error)


async def post(
    context: Context,
    url: Secret,
    content: bytes,
    headers: Mapping[str, str],
) -> tuple[httpx.Response, str | None]:
    """POST ``content`` within ``context.timeout``; the answer, and its body as text.

    At most 16 kB of the answer are read; the text is None where the body was lost after its
    headers had come. Each request has a connection of its own: a kept one that the server has
    closed meanwhile could not be told from a lost answer.

    Raises:
        TemporaryNotifyError, UncertainNotifyError, PermanentNotifyError: as ``http_errors``.
    """
    sent = {"Accept-Encoding": "identity", "Connection": "close", **headers}
    response: httpx.Response | None = None
    body = bytearray()
    try:
        with http_errors():
            async with (
                asyncio.timeout(context.timeout),
                context.http.stream(
                    "POST",
                    url.reveal(),
                    content=content,
                    headers=sent,
                    timeout=context.timeout,
                    follow_redirects=False,
                ) as response,
            ):
                async for chunk in response.aiter_raw():
                    body += chunk
                    if len(body) > _ANSWER_LIMIT:
                        break
    except UncertainNotifyError:
        if response is None:
            raise
        return response, None
    assert response is not None
    return response, bytes(body[:_ANSWER_LIMIT]).decode("utf-8", "replace")


def http_url(name: str, url: Secret) -> None:
    """Check an option that holds an address.

    Raises:
        ValueError: ``name: …`` when it is not an http or https address; never shows it.
    """
    try:
        parts = httpx.URL(url.reveal())
        _ = urlsplit(url.reveal()).port  # refuses what httpx.URL lets pass
    except (httpx.InvalidURL, ValueError):
        raise ValueError(f"{name}: is not an address") from None
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise ValueError(f"{name}: must be an address that begins with https:// (or http://)")


def public_url(context: Context) -> str | None:
    """Where our own page is served, for links in messages; None: commands stand for links."""
    # Contexts made before the page existed have no such field.
    found = getattr(context, "public_url", None)
    return found if isinstance(found, str) and found else None


def check_template(option: str, template: str | None) -> None:
    """Check an option that holds a template; imports Jinja only where there is one.

    Raises:
        ValueError: ``option: …`` where the template cannot be used.
    """
    if template is None:
        return
    from monitor.alerts.templates import TemplateError, check

    try:
        check(template)
    except TemplateError as error:
        raise ValueError(f"{option}: {error}") from None


def filled(
    option: str, template: str | None, alert: Alert, context: Context, kind: str = "text"
) -> tuple[str | None, str | None]:
    """The message in the words of ``template``, and a note for the receipt where that failed.

    ``(None, None)`` without a template, ``(None, note)`` where it failed or gave nothing: the plain
    form is sent then, for a mistake in a template must not cost an alert. ``kind`` is ``text``,
    ``html``, ``slack`` or ``json`` and says how values are escaped.
    """
    if template is None:
        return None, None
    from monitor.alerts.templates import TemplateError, render

    try:
        words = render(template, alert, kind, public_url(context))
    except TemplateError as error:
        return None, f"the {option} failed ({error}); sent in the plain form"
    if not words.strip():
        return None, f"the {option} gave no text; sent in the plain form"
    return words, None


def _sort(error: Exception) -> NoReturn:
    """Raise what ``error`` means; says its kind only, since its text may hold the address.

    httpx on aiohttp reports a connection lost in the middle as a failed connect, so the error
    that caused it is looked at too.
    """
    kinds = [error, error.__cause__]
    refused = next(
        (kind for kind in _causes(error) if isinstance(kind, PermanentNotifyError)), None
    )
    if refused is not None:
        raise refused from None
    if any(isinstance(kind, aiohttp.ClientConnectorCertificateError) for kind in kinds):
        raise TemporaryNotifyError("the service's certificate is not valid") from None
    before = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
    lost = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, aiohttp.ClientPayloadError)
    if not any(isinstance(kind, before) for kind in kinds) and (
        any(isinstance(kind, lost) for kind in kinds) or not isinstance(error, _NEVER_SENT)
    ):
        raise UncertainNotifyError(
            f"the request was sent, but no answer came ({type(error).__name__})"
        ) from None
    raise TemporaryNotifyError(f"no connection to the service ({type(error).__name__})") from None


def _causes(error: BaseException) -> Iterator[BaseException]:
    here: BaseException | None = error
    for _ in range(10):
        if here is None:
            return
        yield here
        here = here.__cause__ or here.__context__


def retry_after(response: httpx.Response, now: datetime | None) -> float | None:
    """Seconds from Retry-After (whole seconds or an HTTP date), up to a day; None if absent,
    past or nonsense.
    """
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit() and len(value) < 20:
        seconds = float(value)
    else:
        moment = _date(value)
        if moment is None:
            return None
        base = _date(response.headers.get("Date", "")) or now or datetime.now(UTC)
        seconds = (moment - base).total_seconds()
    return min(seconds, _LONGEST_WISH) if seconds > 0 else None


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
