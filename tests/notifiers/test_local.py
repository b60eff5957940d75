"""The two notifiers that stay on the machine, and the webhook's signature."""

import asyncio
import hashlib
import hmac
import io
import json
import multiprocessing
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.errors import NotifyError, PermanentNotifyError, TemporaryNotifyError
from monitor.model import Alert
from monitor.notifier import Receipt
from monitor.secret import Secret
from notifiers.console import Notifier as Console
from notifiers.file import Notifier as File
from notifiers.webhook import Notifier as Webhook
from tests.notifiers.loopback import HttpServer, answer
from tests.notifiers.samples import (
    ALERT,
    DIGEST,
    HOSTILE,
    KINDS,
    NOW,
    POOR,
    URGENT,
    everywhere,
    lent,
)


class Terminal(io.StringIO):
    """Standard output that says it is a terminal of some encoding."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]  # StringIO has none of its own
        return self._encoding

    def isatty(self) -> bool:
        return True


def send(notifier: Console | File | Webhook, alert: Alert = ALERT, **changes: object) -> Receipt:
    async def run() -> Receipt:
        async with lent(**changes) as context:
            return await notifier.send(alert, context)

    return asyncio.run(run())


def test_a_terminal_gets_the_message_with_hits_in_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = Terminal()
    with redirect_stdout(out):
        send(Console(), replace(POOR, hits=URGENT.hits))
    shown = out.getvalue()
    assert "URGENT" in shown
    assert "\x1b[1;30;43mSample Software" in shown
    assert "news-monitor why 'https://www.example.org/tech/model-works?page=1'" in shown
    assert "possible duplicate" in shown


@pytest.mark.parametrize("name", HOSTILE)
def test_a_terminal_gets_no_control_sequence_of_a_stranger(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    out = Terminal()
    with redirect_stdout(out):
        send(Console(), everywhere(HOSTILE[name]))
    assert "\x1b" not in out.getvalue()
    if name == "rich markup":
        assert "[bold]x[/bold]" in out.getvalue()


def test_a_terminal_of_another_encoding_gets_question_marks() -> None:
    out = Terminal("ascii")
    with redirect_stdout(out):
        send(Console(), everywhere("Zürich 👍"))
    assert "Z?rich ?" in out.getvalue()


def test_a_closed_standard_output_is_tried_again() -> None:
    out = io.StringIO()
    out.close()
    with redirect_stdout(out), pytest.raises(TemporaryNotifyError):
        send(Console())


def test_lines_are_appended_and_an_unfinished_one_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_text('{"half": ')
    send(File(path))
    send(File(path), URGENT)
    half, first, second = path.read_text().splitlines()
    assert half == '{"half": '
    assert json.loads(first)["id"] == ALERT.id
    assert json.loads(second)["level"] == "urgent"


def test_a_new_file_is_not_for_everyone(tmp_path: Path) -> None:
    send(File(tmp_path / "new" / "alerts.jsonl"))
    assert (tmp_path / "new" / "alerts.jsonl").stat().st_mode & 0o007 == 0


def _write_many(path: Path) -> None:
    async def run() -> None:
        async with lent() as context:
            for _ in range(25):
                await File(path).send(everywhere("long words " * 200), context)

    asyncio.run(run())


def test_two_processes_write_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=_write_many, args=(path,)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(20)
        assert writer.exitcode == 0
    lines = path.read_text().splitlines()
    assert len(lines) == 50
    assert {json.loads(line)["id"] for line in lines} == {ALERT.id}


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        pytest.param(lambda folder: folder, PermanentNotifyError, id="a folder"),
        pytest.param(
            lambda folder: _touched(folder / "f") / "x", PermanentNotifyError, id="below a file"
        ),
        pytest.param(lambda folder: Path("/dev/full"), PermanentNotifyError, id="a device"),
        pytest.param(lambda folder: folder / ("x" * 300), PermanentNotifyError, id="a long name"),
    ],
)
def test_a_path_that_cannot_be_written_is_told(
    make: "object", expected: type, tmp_path: Path
) -> None:
    path = make(tmp_path)  # type: ignore[operator]  # a function of the folder
    with pytest.raises(NotifyError) as caught:
        send(File(path))
    assert type(caught.value) is expected
    assert str(path) in str(caught.value)


def _touched(path: Path) -> Path:
    path.touch()
    return path


def test_a_file_that_stays_locked_is_tried_again(tmp_path: Path) -> None:
    import fcntl

    path = tmp_path / "alerts.jsonl"
    with path.open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(TemporaryNotifyError, match="locked"):
            send(File(path), timeout=0.1)
    send(File(path))


def test_a_receiver_can_prove_the_signature_of_a_webhook() -> None:
    with HttpServer(answers=[answer(204)]) as server:
        send(Webhook(Secret(f"{server.url}/hook"), Secret("shared-secret")))
    (request,) = server.requests
    timestamp = request.headers["x-news-monitor-timestamp"]
    assert timestamp == str(int(NOW.timestamp()))
    signed = timestamp.encode() + b"." + request.body
    expected = hmac.new(b"shared-secret", signed, hashlib.sha256).hexdigest()
    assert request.headers["x-news-monitor-signature"] == f"v1={expected}"
    assert request.headers["content-type"] == "application/json"
    assert "cookie" not in request.headers
    assert request.line == "POST /hook HTTP/1.1"


def test_the_signature_is_that_of_the_manual() -> None:
    """RFC 2104 by hand, apart from the library: H(K ^ opad, H(K ^ ipad, text))."""
    with HttpServer(answers=[answer(204)]) as server:
        send(Webhook(Secret(f"{server.url}/hook"), Secret("k" * 100)), DIGEST)
    (request,) = server.requests
    key = hashlib.sha256(b"k" * 100).digest().ljust(64, b"\0")  # longer than a block: hashed
    text = request.headers["x-news-monitor-timestamp"].encode() + b"." + request.body
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + text).digest()
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).hexdigest()
    assert request.headers["x-news-monitor-signature"] == f"v1={outer}"


@pytest.mark.parametrize(
    ("options", "body", "kind", "failed"),
    [
        pytest.param(
            {"template": '{"text": {{ title|tojson }}}'},
            '{"text": "a \\"quoted\\" title"}',
            "application/json",
            False,
            id="JSON of one's own",
        ),
        pytest.param(
            {"template": "{{ title }}", "content_type": "text/plain; charset=utf-8"},
            'a "quoted" title',
            "text/plain; charset=utf-8",
            False,
            id="text of one's own",
        ),
        pytest.param(
            {"template": '{"text": "{{ title }}"}'},
            None,
            "application/json",
            True,
            id="JSON that a title breaks",
        ),
        pytest.param(
            {"template": "{{ story.title }}", "content_type": "text/plain"},
            None,
            "application/json",
            True,
            id="S-60: a template that fails",
        ),
    ],
)
def test_a_webhook_can_be_worded_by_a_template(
    options: dict[str, str], body: str | None, kind: str, failed: bool
) -> None:
    with HttpServer(answers=[answer(204)]) as server:
        webhook = Webhook(Secret(f"{server.url}/hook"), Secret("shared-secret"), **options)
        receipt = send(webhook, replace(ALERT, title='a "quoted" title'))
    (request,) = server.requests
    assert request.headers["content-type"] == kind
    assert (receipt.note is not None) is failed
    if body is None:
        assert json.loads(request.body)["title"] == 'a "quoted" title'
    else:
        assert request.body.decode() == body


@pytest.mark.parametrize("kind", ["", "text", "text/plain\r\nX: y", "/x", "text/ü"])
def test_a_content_type_that_is_none_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match=r"^content_type: "):
        Webhook(Secret("https://example.org/"), Secret("shared-secret"), "x", kind)


def test_a_console_can_be_worded_by_a_template() -> None:
    out = io.StringIO()
    with redirect_stdout(out):
        send(Console("{{ outlet }}: {{ title }}\n"))
        assert send(Console("{{ story.title }}")).note is not None
    first, _, rest = out.getvalue().partition("\n")
    assert first == "Example News: Sample Software puts money into Model Works"
    assert "8 words apart" in rest


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_terminal_gets_each_kind_of_message(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    out = Terminal()
    with redirect_stdout(out):
        send(Console(), KINDS[kind])
    shown = " ".join(out.getvalue().split())
    assert KINDS[kind].because in shown
    if kind == "alert":
        assert "disputed: $2.1 billion" in shown
        assert "also: Sample Herald, City Wire, Northern Wire" in shown
    if kind == "update":
        assert "Update: Model Works says" in shown


@pytest.mark.parametrize("key", ["a\r\nX-Evil: 1", "schlüssel", " padded ", "\x00"])
def test_no_key_can_break_a_header(key: str) -> None:
    with HttpServer(answers=[answer(204)]) as server:
        send(Webhook(Secret(f"{server.url}/hook"), Secret("shared-secret")), key=key)
    (request,) = server.requests
    assert "x-evil" not in request.headers
    assert len(request.headers["idempotency-key"]) == 64


def test_a_webhook_needs_an_address_and_a_secret() -> None:
    with pytest.raises(ValueError, match=r"^secret: "):
        Webhook(Secret("https://example.org/"), Secret(""))
    with pytest.raises(ValueError, match=r"^url: "):
        Webhook(Secret("example.org/canary"), Secret("shared-secret"))
