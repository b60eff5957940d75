"""Mails a message: plain text and HTML in one message, through your own SMTP server.

The conversation is in ``_smtp`` and the message in ``_mail``; this file holds the options and
decides what refusals mean. The standard library's smtplib speaks the protocol, in a thread: another
library would be one dependency more, and knowing exactly whether the final dot was written (the
one point after which a lost answer is uncertain) needs the single verbs anyway.

Sources: RFC 5321 (SMTP; 4.5.4.1 retry times), RFC 3207 (STARTTLS), RFC 8314 (TLS on 465).
"""

from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Literal

from notifiers import (
    Alert,
    Context,
    DeferredNotifyError,
    PermanentNotifyError,
    Receipt,
    Refusal,
    Secret,
    check_template,
)
from notifiers._mail import Wording, build, is_address, message_id, parts
from notifiers._smtp import Login, Server, deliver


@dataclass(frozen=True, slots=True)
class Notifier:
    """Options. ``security``: ``starttls`` (587), ``tls`` from the first byte (465), or ``none``.

    ``from_`` is ``from`` in the file: an address, or ``Name <address>``. ``ca_file`` names your own
    certificate authority (PEM) where the server's certificate comes from one. The three templates
    word the subject, the text and the HTML.
    """

    host: str
    from_: str
    to: tuple[str, ...]
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: Secret | None = None
    ca_file: Path | None = None
    subject_template: str | None = None
    template: str | None = None
    html_template: str | None = None

    def __post_init__(self) -> None:
        if not self.host.strip() or not self.host.isascii() or not self.host.isprintable():
            raise ValueError("host: must be the name of the mail server, in ASCII")
        if not 1 <= self.port <= 65535:
            raise ValueError("port: must be between 1 and 65535")
        if self.security not in {"starttls", "tls", "none"}:
            raise ValueError("security: must be starttls, tls or none")
        if not is_address(parseaddr(self.from_)[1]):
            raise ValueError("from: must be one address, such as alerts@example.org")
        if not self.to:
            raise ValueError("to: needs at least one address")
        for address in self.to:
            if not is_address(address):
                raise ValueError(f"to: {address!r} is not a plain address in ASCII")
        if (self.username is None) != (self.password is None):
            raise ValueError("username: give username and password together, or neither")
        if self.password is not None and self.security == "none":
            raise ValueError("security: a password is never sent without TLS")
        for option in ("subject_template", "template", "html_template"):
            check_template(option, getattr(self, option))

    async def send(self, alert: Alert, context: Context) -> Receipt:
        """Mail the message to everyone, or to ``context.recipients`` only.

        Some refused: they are in the receipt. All refused: temporary if any of them was.
        """
        recipients = self._recipients(context)
        said = parts(alert, context, self._wording())
        refused = await deliver(
            self._server(),
            sender=parseaddr(self.from_)[1],
            recipients=recipients,
            content=build(alert, context, self.from_, self.to, said),
            context=context,
        )
        if len(refused) == len(recipients):
            raise _all_refused(refused, everyone=context.recipients is None)
        return Receipt(message_id(context, self.from_), refused, said.note)

    def preview(self, alert: Alert, context: Context) -> str:
        """Envelope and message as they would be sent; bodies decoded for reading."""
        envelope = f"MAIL FROM: {parseaddr(self.from_)[1]}\n"
        envelope += "".join(f"RCPT TO: {one}\n" for one in self._recipients(context))
        said = parts(alert, context, self._wording())
        head = f"# {said.note}\n" if said.note else ""
        mail = build(alert, context, self.from_, self.to, said, readable=True).decode()
        return f"{head}{envelope}\n{mail}"

    def _wording(self) -> Wording:
        return Wording(self.subject_template, self.template, self.html_template)

    def _recipients(self, context: Context) -> tuple[str, ...]:
        """Those of ``context.recipients`` that are still configured; everyone where it is None.

        Raises:
            PermanentNotifyError: none of those still missing is configured any more.
        """
        if context.recipients is None:
            return self.to
        left = tuple(one for one in self.to if one in context.recipients)
        if not left:
            raise PermanentNotifyError("the recipients still missing are no longer in the config")
        return left

    def _server(self) -> Server:
        login = None
        if self.username is not None and self.password is not None:
            login = Login(self.username, self.password)
        return Server(self.host, self.port, self.security, login, self.ca_file)


def _all_refused(refused: tuple[Refusal, ...], *, everyone: bool) -> Exception:
    """``everyone``: nobody has the mail, for this send was not only for those still missing."""
    sentence = "; ".join(f"{one.recipient}: {one.message}" for one in refused)
    who = "every recipient was refused" if everyone else "refused"
    if any(one.temporary for one in refused):
        return DeferredNotifyError(f"{who} for now: {sentence}")
    return PermanentNotifyError(f"{who}: {sentence}")
