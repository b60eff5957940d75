"""One SMTP conversation, verb by verb, and what each way of failing means.

The name is resolved and every address checked before any is dialled; the checked address itself
is dialled, while TLS goes on asking for the name. A conversation is cut off at its deadline by
closing its socket. Server texts of a failed login are never shown: a server may echo the password.

Sources: RFC 5321 (4.2.1 reply classes, 4.5.2 dot stuffing), RFC 3207, RFC 4954 (AUTH replies).
"""

import asyncio
import re
import smtplib
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from notifiers import (
    Context,
    DeferredNotifyError,
    PauseNotifyError,
    PermanentNotifyError,
    Refusal,
    Secret,
    TemporaryNotifyError,
    UncertainNotifyError,
    clean,
    cut,
)

_REPLY_LIMIT: Final = 200  # characters of a server's text that are shown
_LEAST_TIMEOUT: Final = 0.05  # seconds; a socket takes none or zero for other meanings


@dataclass(frozen=True, slots=True)
class Login:
    """Name and password for AUTH."""

    username: str
    password: Secret


@dataclass(frozen=True, slots=True)
class Server:
    """Where to and how; ``security`` is ``starttls``, ``tls`` or ``none``."""

    host: str
    port: int
    security: str
    login: Login | None
    ca_file: Path | None


@dataclass(slots=True)
class _Line:
    """The socket in use, so that the deadline can cut it; and whether the final dot was written."""

    sockets: list[socket.socket] = field(default_factory=list)
    cut: bool = False
    dotted: bool = False

    def hang_up(self) -> None:
        """Make every read and write of the conversation fail now."""
        self.cut = True
        for one in self.sockets:
            with suppress(OSError):  # it is closed already
                # not the method of a TLS socket, which would go on in the clear
                socket.socket.shutdown(one, socket.SHUT_RDWR)


class _Smtp(smtplib.SMTP):
    """An smtplib client on a connected socket; ``host`` stays the name that TLS checks."""

    def __init__(self, host: str, connected: socket.socket, timeout: float) -> None:
        own = connected.getsockname()[0]
        greeting = f"[IPv6:{own}]" if ":" in own else f"[{own}]"  # RFC 5321, 4.1.3
        super().__init__(local_hostname=greeting, timeout=timeout)
        self._host = host
        self.sock = connected


async def deliver(
    server: Server, *, sender: str, recipients: tuple[str, ...], content: bytes, context: Context
) -> tuple[Refusal, ...]:
    """Send ``content``; the recipients that were refused (all of them: nothing was sent).

    Raises:
        TemporaryNotifyError: not reached, or told to come later.
        PauseNotifyError: not safe (no STARTTLS, a wrong certificate), or no login: so it is for
            every message.
        PermanentNotifyError: refused.
        UncertainNotifyError: the answer to the whole message was lost.
    """
    line = _Line()
    work: asyncio.Task[tuple[Refusal, ...]] | None = None
    try:
        async with asyncio.timeout(context.timeout):
            addresses = await _resolve(server, context)
            work = asyncio.create_task(
                asyncio.to_thread(
                    _converse, server, addresses, sender, recipients, content, line, context.timeout
                )
            )
            return await asyncio.shield(work)
    except TimeoutError:
        if work is None:
            raise TemporaryNotifyError(f"the name {server.host} was not found in time") from None
        line.hang_up()
        return await work  # ends at once, with the error that fits how far it came
    except asyncio.CancelledError:
        line.hang_up()
        if work is not None:
            await asyncio.wait([work])
            work.exception()  # seen: nobody is left to be told
        raise


async def _resolve(server: Server, context: Context) -> list[str]:
    """The addresses of the server, all of them checked: one bad address spoils the name."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            server.host, server.port, type=socket.SOCK_STREAM
        )
    except OSError:
        raise TemporaryNotifyError(f"the name {server.host} was not found") from None
    addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
    for address in addresses:
        context.check_address(server.host, address)
    return addresses


def _converse(
    server: Server,
    addresses: list[str],
    sender: str,
    recipients: tuple[str, ...],
    content: bytes,
    line: _Line,
    timeout: float,
) -> tuple[Refusal, ...]:
    try:
        smtp = _connect(server, addresses, line, timeout)
        try:
            _expect(smtp.getreply(), "the connection")
            _secure(smtp, server, line)
            _login(smtp, server)
            return _transfer(smtp, sender, recipients, content, line)
        finally:
            smtp.close()  # the socket too, which smtplib also holds through a file
    except smtplib.SMTPNotSupportedError:
        raise PauseNotifyError(f"{server.host} offers no login that we can use") from None
    except ssl.SSLCertVerificationError as error:
        raise PauseNotifyError(
            f"the certificate of {server.host} is not valid ({error.verify_message});"
            " nothing was sent"
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        kind = (
            "no answer in time" if isinstance(error, TimeoutError) or line.cut else "it broke off"
        )
        if line.dotted:
            raise UncertainNotifyError(
                f"{server.host} had the whole message, but its answer was lost ({kind})"
            ) from None
        raise TemporaryNotifyError(f"no conversation with {server.host}: {kind}") from None


def _connect(server: Server, addresses: list[str], line: _Line, timeout: float) -> smtplib.SMTP:
    connected = _dial(server, addresses, timeout)
    line.sockets.append(connected)
    try:
        if server.security == "tls":
            wrapped = _tls(server).wrap_socket(
                connected, server_hostname=server.host, do_handshake_on_connect=False
            )
            connected = wrapped
            line.sockets.append(wrapped)
            wrapped.do_handshake()
    except BaseException:
        connected.close()
        raise
    return _Smtp(server.host, connected, timeout)


def _dial(server: Server, addresses: list[str], timeout: float) -> socket.socket:
    """A connection to the first address that answers; each gets its share of the time."""
    ends = time.monotonic() + timeout
    last: OSError = OSError("no address")
    for position, address in enumerate(addresses):
        share = (ends - time.monotonic()) / (len(addresses) - position)
        try:
            connected = socket.create_connection((address, server.port), max(share, _LEAST_TIMEOUT))
        except OSError as error:
            last = error
        else:
            connected.settimeout(max(timeout, _LEAST_TIMEOUT))
            return connected
    raise TemporaryNotifyError(
        f"{server.host} cannot be reached ({last.strerror or type(last).__name__})"
    )


def _secure(smtp: smtplib.SMTP, server: Server, line: _Line) -> None:
    _expect(smtp.ehlo(), "EHLO")
    if server.security != "starttls":
        return
    if not smtp.has_extn("starttls"):
        raise PauseNotifyError(f"{server.host} offers no STARTTLS; nothing is sent in the clear")
    try:
        smtp.starttls(context=_tls(server))
    except smtplib.SMTPResponseException as error:
        _expect((error.smtp_code, _bytes(error.smtp_error)), "STARTTLS")
        raise
    if smtp.sock is not None:
        line.sockets.append(smtp.sock)
    _expect(smtp.ehlo(), "EHLO")


def _tls(server: Server) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=server.ca_file)
    except OSError:
        raise PauseNotifyError(f"ca_file: {server.ca_file} cannot be read as PEM") from None


def _login(smtp: smtplib.SMTP, server: Server) -> None:
    if server.login is None:
        return
    try:
        smtp.login(server.login.username, server.login.password.reveal())
    except smtplib.SMTPAuthenticationError as error:
        if 400 <= error.smtp_code < 500:
            raise DeferredNotifyError(
                f"{server.host} cannot check the login now ({error.smtp_code})"
            ) from None
        raise PauseNotifyError(
            f"{server.host} refused the user name or password ({error.smtp_code})"
        ) from None
    except UnicodeError:
        raise PauseNotifyError("user name and password must be ASCII for this login") from None


def _transfer(
    smtp: smtplib.SMTP, sender: str, recipients: tuple[str, ...], content: bytes, line: _Line
) -> tuple[Refusal, ...]:
    _expect(smtp.mail(sender), "MAIL FROM")
    refused = []
    for recipient in recipients:
        code, text = smtp.rcpt(recipient)
        if code == 421:  # the server closes the connection; the others were not heard
            _expect((code, text), "RCPT TO")
        if not 200 <= code < 300:
            refused.append(Refusal(recipient, _said(code, text), temporary=code < 500))
    if len(refused) < len(recipients):
        code, text = smtp.docmd("DATA")
        if code != 354:
            _expect((code if code >= 400 else 554, text), "DATA")
        stuffed = re.sub(rb"(?m)^\.", b"..", content.rstrip(b"\r\n"))
        smtp.send(stuffed + b"\r\n")
        line.dotted = True
        smtp.send(b".\r\n")
        _expect(smtp.getreply(), "the message")
    with suppress(OSError, smtplib.SMTPException):  # the message is with the server already
        smtp.quit()
    return tuple(refused)


def _expect(reply: tuple[int, bytes], verb: str) -> None:
    """Return for 2yz; 4yz is for later, all else for good (RFC 5321, 4.2.1).

    A refused STARTTLS and a 530 (RFC 4954, 6: a login is needed) are not about this message alone.
    """
    code, text = reply
    if 200 <= code < 300:
        return
    sentence = f"the mail server answered {_said(code, text)} to {verb}"
    if 400 <= code < 500:
        raise DeferredNotifyError(sentence)
    if code < 0:  # smtplib's sign for a line that is no reply
        raise TemporaryNotifyError(f"the mail server's answer to {verb} was no SMTP")
    if verb == "STARTTLS" or code == 530:
        raise PauseNotifyError(sentence)
    raise PermanentNotifyError(sentence)


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _said(code: int, text: bytes) -> str:
    return cut(f"{code} {clean(text.decode('utf-8', 'replace'))}".strip(), _REPLY_LIMIT)
