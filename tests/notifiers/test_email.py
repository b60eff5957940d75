"""The mail notifier against scripted servers: what is written, and what each refusal means."""

import asyncio
import email
import email.policy
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, Envelope, Session

from monitor.alerts.retry import DeferredNotifyError
from monitor.errors import (
    NotifyError,
    PauseNotifyError,
    PermanentNotifyError,
    TemporaryNotifyError,
    UncertainNotifyError,
)
from monitor.model import Alert
from monitor.notifier import Receipt
from monitor.secret import Secret
from notifiers.email import Notifier
from tests.notifiers.loopback import CLOSE, HANG, RESET, Mail, SmtpServer
from tests.notifiers.samples import (
    ALERT,
    DIGEST,
    HOSTILE,
    KINDS,
    NOW,
    TOLD,
    UPDATE,
    URGENT,
    everywhere,
    lent,
)

ONE, TWO, THREE = "one@example.org", "two@example.org", "three@example.org"


def mailer(server: SmtpServer, **changes: object) -> Notifier:
    options: dict[str, object] = {
        "host": "localhost",
        "port": server.port,
        "security": "none",
        "from_": "News Monitor <alerts@example.org>",
        "to": (ONE,),
    }
    return Notifier(**{**options, **changes})  # type: ignore[arg-type]  # the keys are options


def send(notifier: Notifier, alert: Alert = ALERT, **changes: object) -> Receipt:
    async def run() -> Receipt:
        async with lent(**changes) as context:
            return await notifier.send(alert, context)

    return asyncio.run(run())


def read(mail: Mail) -> EmailMessage:
    message = email.message_from_bytes(mail.content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Iterator[Path]:
    with authority.cert_pem.tempfile(str(tmp_path)) as path:
        yield Path(path)


def test_a_mail_holds_both_forms_and_the_headers_of_a_machine() -> None:
    with SmtpServer() as server:
        receipt = send(mailer(server, to=(ONE, TWO)), URGENT)
        send(mailer(server, to=(ONE, TWO)), URGENT, attempt=2)
    first, second = server.mails
    assert (first.sender, first.recipients) == ("alerts@example.org", (ONE, TWO))
    message = read(first)
    assert message["Subject"] == "[urgent] Sample Software puts money into Model Works"
    assert message["From"] == "News Monitor <alerts@example.org>"
    assert message["To"] == f"{ONE}, {TWO}"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "News Monitor <news-monitor.example.org>"
    assert message["Date"] == "Sun, 22 Nov 2026 14:07:30 +0000"
    assert message["Message-ID"] == receipt.remote_id == read(second)["Message-ID"]
    assert message.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert server.verbs[-1] == "QUIT"


@pytest.mark.parametrize("sender", ["alerts@example.org", "Nachrichten Büro <alerts@example.org>"])
@pytest.mark.parametrize("name", HOSTILE)
def test_no_header_and_no_message_can_be_smuggled_in(name: str, sender: str) -> None:
    with SmtpServer() as server:
        send(mailer(server, from_=sender), everywhere(HOSTILE[name]))
    (mail,) = server.mails
    assert mail.recipients == (ONE,)
    block = mail.content.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].lower() for line in block.split(b"\r\n") if line[:1] > b" "]
    assert len(names) == len(set(names))
    assert set(names) == {
        b"from", b"to", b"subject", b"date", b"message-id", b"auto-submitted", b"list-id",
        b"x-news-monitor-alert", b"mime-version", b"content-type",
    }  # fmt: skip
    assert b"\r" not in block.replace(b"\r\n", b"")
    assert b"\n" not in block.replace(b"\r\n", b"")
    assert mail.content.isascii()
    assert max(len(line) for line in mail.content.split(b"\r\n")) <= 998
    subject = str(read(mail)["Subject"])
    assert subject.replace("\u200d", "").isprintable()
    assert len(subject) <= 150
    assert "MAIL" not in server.verbs[server.verbs.index("DATA") :]


def test_a_line_that_begins_with_a_dot_arrives_as_it_was() -> None:
    with SmtpServer() as server:
        send(mailer(server), replace(ALERT, title=". dot first", source=".hidden"))
    body = read(server.mails[0]).get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines()[:2] == [
        ". dot first",
        ".hidden (example.org) · 22 Nov 2026, 14:05 UTC",
    ]


def test_d18_a_server_that_wants_a_login_pauses_the_channel() -> None:
    with (
        SmtpServer(script={"MAIL": "530 log in first"}) as server,
        pytest.raises(PauseNotifyError, match="530"),
    ):
        send(mailer(server))


def test_d32_a_greylisted_mail_arrives_at_the_next_attempt() -> None:
    with SmtpServer(script={"RCPT": "451 greylisted"}) as server:
        with pytest.raises(DeferredNotifyError):
            send(mailer(server))
        server.script.clear()
        send(mailer(server), attempt=2)
    assert len(server.mails) == 1


def test_an_update_follows_the_first_mail_by_what_its_receipt_said() -> None:
    with SmtpServer() as server:
        first = send(mailer(server), TOLD, key=f"{TOLD.id}-desk")
        send(mailer(server), UPDATE, key=f"{UPDATE.id}-desk", remote_id=first.remote_id)
    alert, update = map(read, server.mails)
    assert update["In-Reply-To"] == update["References"] == alert["Message-ID"]
    assert update["Subject"] == f"Re: {alert['Subject']}"
    assert update["Message-ID"] != alert["Message-ID"]


def test_an_update_follows_the_first_mail_though_its_receipt_is_gone() -> None:
    with SmtpServer() as server:
        send(mailer(server), TOLD, key=f"{TOLD.id}-desk")
        send(mailer(server), UPDATE, key=f"{UPDATE.id}-desk")
    alert, update = map(read, server.mails)
    assert update["References"] == alert["Message-ID"]


@pytest.mark.parametrize(
    "remote_id",
    [
        pytest.param("C1:1.2", id="what another channel said"),
        pytest.param("<a@b>\r\nBcc: evil@evil.example", id="a line break"),
        pytest.param("<a@b> <c@d>", id="two of them"),
        pytest.param("<" + "a" * 400 + "@b>", id="a very long one"),
        pytest.param("<a@b", id="half of one"),
    ],
)
def test_a_reference_that_is_none_is_left_out(remote_id: str) -> None:
    with SmtpServer() as server:
        send(mailer(server), UPDATE, key="other-key", remote_id=remote_id)
    message = read(server.mails[0])
    assert message["References"] is None
    assert message["Bcc"] is None


@pytest.mark.parametrize("kind", ["alert", "digest", "notice"])
def test_only_an_update_follows_a_mail(kind: str) -> None:
    with SmtpServer() as server:
        send(mailer(server), KINDS[kind], remote_id="<a@example.org>")
    assert read(server.mails[0])["References"] is None


def test_a_digest_is_one_mail_with_both_forms() -> None:
    with SmtpServer() as server:
        send(mailer(server), DIGEST)
    message = read(server.mails[0])
    assert message["Subject"] == "[urgent] 3 reports in 2 stories, Mon 23 Nov 2026, 08:00"
    plain, rich = (part.get_content() for part in message.iter_parts())
    for item in DIGEST.items:
        assert item.title in plain
        assert item.title in rich


@pytest.mark.parametrize(
    ("templates", "subject", "kinds"),
    [
        pytest.param(
            {"subject_template": "{{ outlet }}: {{ title }}"},
            "Example News: a\u2039b",
            ["text/plain", "text/html"],
            id="a subject alone",
        ),
        pytest.param({"template": "{{ title }}"}, "a\u2039b", ["text/plain"], id="a text alone"),
        pytest.param(
            {"template": "{{ title }}", "html_template": "<p>{{ title }}</p>"},
            "a\u2039b",
            ["text/plain", "text/html"],
            id="a text and its HTML",
        ),
        pytest.param(
            {"template": "{{ story.title }}"},
            "a\u2039b",
            ["text/plain", "text/html"],
            id="S-60: a text that fails",
        ),
    ],
)
def test_a_mail_can_be_worded_by_templates(
    templates: dict[str, str], subject: str, kinds: list[str]
) -> None:
    with SmtpServer() as server:
        receipt = send(mailer(server, **templates), replace(ALERT, title="a\u2039b"))
    message = read(server.mails[0])
    assert message["Subject"] == subject
    parts = list(message.iter_parts()) if message.is_multipart() else [message]
    assert [part.get_content_type() for part in parts] == kinds
    assert ("template failed" in (receipt.note or "")) == ("story" in str(templates))


def test_s66_a_template_for_the_subject_cannot_break_a_header() -> None:
    template = "{{ title }}\r\nBcc: evil@evil.example\n=?utf-8?q?x=0ABcc=3A_y=40z?="
    with SmtpServer() as server:
        send(mailer(server, subject_template=template))
    message = read(server.mails[0])
    assert message["Bcc"] is None
    assert server.mails[0].recipients == (ONE,)


def test_s68_values_in_an_html_template_are_escaped() -> None:
    template = '<a href="{{ link }}">{{ title }}</a>'
    hostile = replace(ALERT, title="<script>{{ 7*7 }}</script>", url='https://e.org/"><x>')
    with SmtpServer() as server:
        send(mailer(server, template="x", html_template=template), hostile)
    body = read(server.mails[0]).get_body(("html",))
    assert body is not None
    assert body.get_content().strip() == (
        '<a href="https://e.org/%22%3E%3Cx%3E">&lt;script&gt;{{ 7*7 }}&lt;/script&gt;</a>'
    )


VERBS = ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT"]


@pytest.mark.parametrize("code", ["421", "450", "451"])
@pytest.mark.parametrize("verb", VERBS)
def test_d17_4yz_at_any_verb_is_for_later(verb: str, code: str) -> None:
    with (
        SmtpServer(script={verb: f"{code} come back later"}) as server,
        pytest.raises(NotifyError) as caught,
    ):
        send(mailer(server))
    assert type(caught.value) is DeferredNotifyError
    assert code in str(caught.value)
    assert server.mails == []


@pytest.mark.parametrize("verb", VERBS)
def test_d18_5yz_at_any_verb_is_final(verb: str) -> None:
    with (
        SmtpServer(script={verb: "554 not here"}) as server,
        pytest.raises(NotifyError) as caught,
    ):
        send(mailer(server))
    assert type(caught.value) is PermanentNotifyError
    assert "554 not here" in str(caught.value)


@pytest.mark.parametrize("action", [CLOSE, RESET, HANG])
@pytest.mark.parametrize("verb", VERBS)
def test_d29_a_lost_connection_is_uncertain_after_the_final_dot_only(
    verb: str, action: str
) -> None:
    with (
        SmtpServer(script={verb: action}) as server,
        pytest.raises(NotifyError) as caught,
    ):
        send(mailer(server), timeout=0.3 if action == HANG else 5.0)
    expected = UncertainNotifyError if verb == "DOT" else TemporaryNotifyError
    assert type(caught.value) is expected


def test_an_answer_lost_after_quit_does_not_matter() -> None:
    with SmtpServer(script={"QUIT": RESET}) as server:
        assert send(mailer(server)).refused == ()


def test_d28_one_sent_one_for_later_one_never() -> None:
    script = {f"RCPT {TWO}": "450 busy", f"RCPT {THREE}": "550 no such user"}
    with SmtpServer(script=script) as server:
        receipt = send(mailer(server, to=(ONE, TWO, THREE)))
    assert [(r.recipient, r.message, r.temporary) for r in receipt.refused] == [
        (TWO, "450 busy", True),
        (THREE, "550 no such user", False),
    ]
    assert server.mails[0].recipients == (ONE,)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ({"RCPT": "550 no"}, PermanentNotifyError),
        ({"RCPT": "450 busy"}, DeferredNotifyError),
        ({f"RCPT {ONE}": "550 no", f"RCPT {TWO}": "450 busy"}, DeferredNotifyError),
        ({f"RCPT {ONE}": "250 ok", f"RCPT {TWO}": "421 bye"}, DeferredNotifyError),
    ],
)
def test_when_nobody_has_it_the_whole_send_failed(script: dict[str, str], expected: type) -> None:
    with (
        SmtpServer(script=script) as server,
        pytest.raises(NotifyError) as caught,
    ):
        send(mailer(server, to=(ONE, TWO)))
    assert type(caught.value) is expected
    assert server.mails == []


@pytest.mark.parametrize(
    ("missing", "answer", "told"),
    [
        pytest.param(None, "450 busy", "every recipient was refused for now: ", id="nobody has it"),
        pytest.param(None, "550 no", "every recipient was refused: ", id="nobody will"),
        pytest.param((TWO,), "450 busy", f"refused for now: {TWO}: 450 busy", id="some have it"),
        pytest.param(
            (TWO,), "550 no", f"refused: {TWO}: 550 no", id="some have it, one never will"
        ),
    ],
)
def test_a_refusal_of_the_missing_ones_is_not_told_as_one_of_all(
    missing: tuple[str, ...] | None, answer: str, told: str
) -> None:
    with SmtpServer(script={"RCPT": answer}) as server, pytest.raises(NotifyError) as caught:
        send(mailer(server, to=(ONE, TWO)), recipients=missing)
    assert str(caught.value).startswith(told)


def test_a_retry_goes_to_the_missing_recipients_only() -> None:
    with SmtpServer() as server:
        send(mailer(server, to=(ONE, TWO, THREE)), recipients=(TWO,))
        with pytest.raises(PermanentNotifyError, match="no longer in the config"):
            send(mailer(server, to=(ONE,)), recipients=(TWO,))
    assert [mail.recipients for mail in server.mails] == [(TWO,)]
    assert read(server.mails[0])["To"] == f"{ONE}, {TWO}, {THREE}"


def test_everything_after_starttls_is_over_tls(tls: ssl.SSLContext, ca_file: Path) -> None:
    extensions = ("STARTTLS", "AUTH PLAIN LOGIN")
    with SmtpServer(tls=tls, extensions=extensions) as server:
        secured = mailer(
            server, security="starttls", ca_file=ca_file, username="u", password=Secret("p4ssw0rd")
        )
        send(secured)
    spoken = dict(zip(server.verbs, server.secure, strict=True))
    assert not server.secure[0]
    assert spoken["AUTH"] and spoken["MAIL"] and spoken["DATA"]
    assert len(server.mails) == 1


def test_tls_from_the_first_byte(tls: ssl.SSLContext, ca_file: Path) -> None:
    with SmtpServer(tls=tls, tls_first=True) as server:
        send(mailer(server, security="tls", ca_file=ca_file))
    assert all(server.secure)
    assert len(server.mails) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_a_stranger_is_refused_before_anything_is_said(
    security: str, tls: ssl.SSLContext
) -> None:
    with (
        SmtpServer(tls=tls, tls_first=security == "tls", extensions=("STARTTLS",)) as server,
        pytest.raises(PauseNotifyError, match="certificate of localhost is not valid"),
    ):
        send(mailer(server, security=security, username="u", password=Secret("p4ssw0rd")))
    assert not {"AUTH", "MAIL"} & set(server.verbs)


def test_a_certificate_of_another_name_is_refused(authority: trustme.CA, ca_file: Path) -> None:
    other = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("mail.example.org").configure_cert(other)
    with (
        SmtpServer(tls=other, extensions=("STARTTLS",)) as server,
        pytest.raises(PauseNotifyError, match="not valid"),
    ):
        send(mailer(server, security="starttls", ca_file=ca_file))
    assert "MAIL" not in server.verbs


@pytest.mark.parametrize(
    ("extensions", "script"),
    [
        pytest.param(("AUTH PLAIN",), {}, id="STARTTLS is not offered"),
        pytest.param(("STARTTLS",), {"STARTTLS": "502 no"}, id="STARTTLS is refused"),
    ],
)
def test_d31_a_missing_starttls_never_leads_to_clear_text(
    extensions: tuple[str, ...], script: dict[str, str]
) -> None:
    with (
        SmtpServer(extensions=extensions, script=script) as server,
        pytest.raises(PauseNotifyError),
    ):
        send(mailer(server, security="starttls", username="u", password=Secret("p4ssw0rd")))
    assert not {"AUTH", "MAIL"} & set(server.verbs)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("535 p4ssw0rd is wrong", PauseNotifyError),
        ("530 say p4ssw0rd first", PauseNotifyError),
        ("454 cannot check p4ssw0rd", DeferredNotifyError),
    ],
)
def test_a_refused_login_never_shows_what_the_server_said(
    reply: str, expected: type, tls: ssl.SSLContext, ca_file: Path
) -> None:
    with (
        SmtpServer(
            tls=tls, extensions=("STARTTLS", "AUTH PLAIN"), script={"AUTH": reply}
        ) as server,
        pytest.raises(NotifyError) as caught,
    ):
        send(
            mailer(
                server,
                security="starttls",
                ca_file=ca_file,
                username="u",
                password=Secret("p4ssw0rd"),
            )
        )
    assert type(caught.value) is expected
    assert "p4ssw0rd" not in str(caught.value)
    assert reply[:3] in str(caught.value)


def test_a_refused_address_is_never_dialled() -> None:
    asked = []

    def check(host: str, ip: str) -> None:
        asked.append((host, ip))
        raise PermanentNotifyError(f"{ip} is a private address")

    with SmtpServer() as server, pytest.raises(PermanentNotifyError, match="private"):
        send(mailer(server), check_address=check)
    assert asked[0][0] == "localhost"
    assert server.verbs == []


def test_a_server_that_is_away_is_tried_again() -> None:
    with SmtpServer() as server:
        away = mailer(server)
    with pytest.raises(TemporaryNotifyError, match="cannot be reached"):
        send(away)
    with pytest.raises(TemporaryNotifyError, match="not found"):
        send(replace(away, host="mail.invalid"))


def test_a_send_that_is_cancelled_ends_at_once_and_leaves_no_thread_behind() -> None:
    async def run(server: SmtpServer) -> None:
        async with lent(timeout=30.0) as context:
            task = asyncio.create_task(mailer(server).send(ALERT, context))
            while not server.verbs:
                await asyncio.sleep(0)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            assert task.cancelled()

    with SmtpServer(script={"EHLO": HANG}) as server:
        asyncio.run(asyncio.wait_for(run(server), 5))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"to": ()}, "to: "),
        ({"to": ("no address",)}, "to: "),
        ({"to": ("a@example.org\r\nRCPT TO:<evil@evil.example>",)}, "to: "),
        ({"to": ("ä@example.org",)}, "to: "),
        ({"to": ("a..b@example.org",)}, "to: "),
        ({"from_": "nobody"}, "from: "),
        ({"host": "mail\r\n"}, "host: "),
        ({"port": 0}, "port: "),
        ({"security": "ssl"}, "security: "),
        ({"username": "u"}, "username: "),
        ({"username": "u", "password": Secret("p4ssw0rd")}, "security: a password is never"),
    ],
)
def test_options_that_cannot_work_are_refused(changes: dict[str, object], words: str) -> None:
    with SmtpServer() as server, pytest.raises(ValueError, match=f"^{words}"):
        mailer(server, **changes)


def test_a_ca_file_that_is_none_is_told(tls: ssl.SSLContext, tmp_path: Path) -> None:
    with (
        SmtpServer(tls=tls, extensions=("STARTTLS",)) as server,
        pytest.raises(PauseNotifyError, match="ca_file"),
    ):
        send(mailer(server, security="starttls", ca_file=tmp_path / "none.pem"))


class OneRefused(Sink):
    """A handler of aiosmtpd, which is an independent reader of what we write."""

    def __init__(self) -> None:
        super().__init__()
        self.envelopes: list[Envelope] = []

    async def handle_RCPT(
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address == TWO:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return "250 OK"


def test_a_server_of_another_make_understands_us() -> None:
    handler = OneRefused()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]  # the controller cannot choose one itself
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with SmtpServer() as unused:
            receipt = send(replace(mailer(unused, to=(ONE, TWO)), port=port, host="127.0.0.1"))
    finally:
        controller.stop()
    assert [refused.recipient for refused in receipt.refused] == [TWO]
    (envelope,) = handler.envelopes
    assert envelope.rcpt_tos == [ONE]
    assert NOW.strftime("%d %b %Y").encode() in (envelope.content or b"")
