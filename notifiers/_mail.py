"""A message as mail: headers that cannot be broken out of, text and HTML.

Headers hold web text only in the subject. ``email`` of CPython before 3.11.10 and 3.12.5 writes
line breaks that stand inside encoded words (CVE-2024-6923), so nothing that looks like an encoded
word reaches it, and the written header block is compared with what was meant.

Sources: RFC 5322 (message), RFC 2047 (encoded words), RFC 3834 (Auto-Submitted), RFC 2919
(List-Id), RFC 2046, 5.1.4 (alternative: the best form last), RFC 5322, 3.6.4 (References).
"""

import hashlib
import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

from notifiers import (
    Alert,
    Context,
    Level,
    MessageKind,
    clean,
    cut,
    filled,
    html,
    public_url,
    reply_subject,
    subject,
    text,
)

_HEADERS: Final = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "List-Id",
    "X-News-Monitor-Alert",
)
_OURS: Final = frozenset(
    name.lower()
    for name in (
        *_HEADERS,
        "Importance",
        "In-Reply-To",
        "References",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    )
)
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_ADDRESS_LIMIT: Final = 254  # characters (RFC 5321, 4.5.3.1.3, less the brackets)
_MESSAGE_ID: Final = re.compile(rf"<{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9.-]{{1,253}}>")
_SUBJECT_LIMIT: Final = 150  # characters; mailboxes show about half of it


def is_address(text: str) -> bool:
    """Whether ``text`` is one plain mail address in ASCII (RFC 5321 "Mailbox" without quotes)."""
    return len(text) <= _ADDRESS_LIMIT and _ADDRESS.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Wording:
    """The user's templates; None: our own form. A text of theirs without an HTML form of theirs
    goes alone, since most mailboxes would show ours instead.
    """

    subject: str | None = None
    text: str | None = None
    html: str | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What the mail says; ``html`` None: text only. ``note``: a template failed."""

    subject: str
    text: str
    html: str | None
    note: str | None = None


def message_id(context: Context, sender: str) -> str:
    """The same in every attempt at one delivery, so that a resend is recognised as a copy."""
    return _id_of(context.key, sender)


def parts(alert: Alert, context: Context, wording: Wording) -> Parts:
    """Subject and bodies, in the user's words where they work and in ours otherwise."""
    page = public_url(context)
    title, note_subject = filled("subject_template", wording.subject, alert, context)
    body, note_text = filled("template", wording.text, alert, context)
    rich, note_html = filled("html_template", wording.html, alert, context, "html")
    if rich is None and (wording.text is None or body is None):
        rich = html(alert, page)
    update = alert.kind is MessageKind.UPDATE
    notes = [note for note in (note_subject, note_text, note_html) if note]
    return Parts(
        title or (reply_subject(alert) if update else subject(alert)),
        body if body is not None else text(alert, page),
        rich,
        "; ".join(notes) or None,
    )


def build(
    alert: Alert,
    context: Context,
    sender: str,
    to: tuple[str, ...],
    said: Parts,
    *,
    readable: bool = False,
) -> bytes:
    """The whole message with CRLF line ends; ``readable`` leaves bodies undecoded for people."""
    message = _headers(alert, context, sender, to, safe_header(said.subject))
    encoding = "8bit" if readable else "quoted-printable"
    message.set_content(said.text, cte=encoding)
    if said.html is not None:
        message.add_alternative(said.html, subtype="html", cte=encoding)
    # A subject that just misses a line is folded before its first word: legal, and ugly.
    written = message.as_bytes().replace(b"\r\nSubject:\r\n ", b"\r\nSubject: ", 1)
    if not _is_as_meant(written):
        plain = "News Monitor alert " + re.sub(r"[^A-Za-z0-9.-]", "", alert.id)[:40]
        message.replace_header("Subject", plain)
        return message.as_bytes()
    return written


def safe_header(line: str) -> str:
    """``line`` for a header: one clean line in which no encoded word can begin."""
    return cut(clean(line).replace("=?", "= ?"), _SUBJECT_LIMIT)


def _headers(
    alert: Alert, context: Context, sender: str, to: tuple[str, ...], title: str
) -> EmailMessage:
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    values = (
        Address(display_name=safe_header(name) or "News Monitor", addr_spec=address),
        [Address(addr_spec=one) for one in to],
        title,
        format_datetime(context.now),
        message_id(context, sender),
        "auto-generated",
        f"News Monitor <news-monitor.{_domain(sender)}>",
        re.sub(r"[^A-Za-z0-9._-]", "", alert.id)[:64] or "unnamed",
    )
    for header, value in zip(_HEADERS, values, strict=True):
        message[header] = value
    if alert.level is Level.URGENT:
        message["Importance"] = "high"
    first = _first_mail(alert, context, sender)
    if first is not None:
        message["In-Reply-To"] = first
        message["References"] = first
    return message


def _first_mail(alert: Alert, context: Context, sender: str) -> str | None:
    """The Message-ID of the mail that an update follows; None where there is none.

    It is what that mail's receipt said. Where that was not kept, it is computed as it was then:
    keys of deliveries begin with the id of their alert.
    """
    if alert.kind is not MessageKind.UPDATE:
        return None
    known = context.remote_id or ""
    if len(known) <= _ADDRESS_LIMIT and _MESSAGE_ID.fullmatch(known):
        return known
    if not alert.follows or not context.key.startswith(alert.id):
        return None
    return _id_of(alert.follows + context.key.removeprefix(alert.id), sender)


def _id_of(key: str, sender: str) -> str:
    digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
    return f"<{digest[:32]}@{_domain(sender)}>"


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2].lower()


def _is_as_meant(written: bytes) -> bool:
    """Whether the header block holds each of our headers once and no other one."""
    block = written.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
    lines = re.split(r"\r\n|\r|\n", block)
    names = [line.partition(":")[0].lower() for line in lines if not line.startswith((" ", "\t"))]
    return len(names) == len(set(names)) and set(names) <= _OURS
