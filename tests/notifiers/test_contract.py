"""The contract that every notifier of this package keeps; a new file there needs a row here."""

import asyncio
import inspect
import io
import json
import logging
import quopri
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from monitor.alerts.render_atom import atom_read
from monitor.errors import (
    NotifyError,
    PermanentNotifyError,
    TemporaryNotifyError,
    UncertainNotifyError,
)
from monitor.model import Alert
from monitor.notifier import Notifier, Previews, Receipt
from monitor.plugins import find, load
from monitor.secret import Secret
from tests.notifiers.loopback import CLOSE, HANG, HttpServer, SmtpServer, answer
from tests.notifiers.samples import ALERT, HOSTILE, KINDS, URGENT, context, everywhere, lent

CANARY = "canary-7f3a9b"


@dataclass(frozen=True)
class Place:
    """A notifier set up against something real, and what arrived there as text."""

    notifier: Any
    arrived: Callable[[], list[str]]


@contextmanager
def slack(_folder: Path, *script: bytes | str) -> Iterator[Place]:
    with HttpServer(answers=list(script or [answer(200, "ok")])) as server:
        url = Secret(f"{server.url}/services/{CANARY}")
        made = load("slack", find())(webhook_url=url)
        yield Place(made, lambda: [request.body.decode() for request in server.requests])


@contextmanager
def slack_app(_folder: Path, *script: bytes | str) -> Iterator[Place]:
    """The same notifier with a token in place of a webhook."""
    ok = answer(200, '{"ok": true, "channel": "C0NEWS", "ts": "1.2"}')
    with HttpServer(answers=list(script or [ok])) as server:
        made = load("slack", find())(
            token=Secret(f"xoxb-{CANARY}"), channel="#news", api_url=f"{server.url}/api"
        )
        yield Place(made, lambda: [request.body.decode() for request in server.requests])


@contextmanager
def apprise(_folder: Path, *script: bytes | str) -> Iterator[Place]:
    with HttpServer(answers=list(script or [answer(200)])) as server:
        url = Secret(f"json://user:{CANARY}@127.0.0.1:{server.port}/{CANARY}?rto=2")
        made = load("apprise", find())(urls=(url,))
        yield Place(made, lambda: [request.body.decode() for request in server.requests])


@contextmanager
def feed(folder: Path, *_script: bytes | str) -> Iterator[Place]:
    path = folder / "new" / "feeds"
    made = load("feed", find())(path=path)
    yield Place(made, lambda: _entries(path))


def _entries(folder: Path) -> list[str]:
    """Each message once: those of rules, else those of no rule."""
    files = sorted(folder.glob("rules/*.xml")) or sorted(folder.glob("*.xml"))
    found = {entry.id: entry for file in files for entry in atom_read(file.read_bytes())[1]}
    return [entry.xml for entry in found.values()]


@contextmanager
def webhook(_folder: Path, *script: bytes | str) -> Iterator[Place]:
    with HttpServer(answers=list(script or [answer(200)])) as server:
        url, secret = Secret(f"{server.url}/{CANARY}"), Secret(f"{CANARY}-key")
        made = load("webhook", find())(url=url, secret=secret)
        yield Place(made, lambda: [request.body.decode() for request in server.requests])


@contextmanager
def email(_folder: Path, *script: bytes | str) -> Iterator[Place]:
    replies = {"CONNECT": str(script[0])} if script and isinstance(script[0], str) else {}
    replies |= {"MAIL": f"550 no {CANARY}"} if script and isinstance(script[0], bytes) else {}
    with SmtpServer(script=replies) as server:
        made = load("email", find())(
            host="localhost",
            port=server.port,
            security="none",
            from_="News Monitor <alerts@example.org>",
            to=("desk@example.org",),
        )
        yield Place(made, lambda: [mail.content.decode() for mail in server.mails])


@contextmanager
def file(folder: Path, *_script: bytes | str) -> Iterator[Place]:
    path = folder / "new" / "alerts.jsonl"
    made = load("file", find())(path=path)
    yield Place(made, lambda: path.read_text(encoding="utf-8").splitlines())


@contextmanager
def console(_folder: Path, *_script: bytes | str) -> Iterator[Place]:
    out = io.StringIO()
    with redirect_stdout(out):
        made = load("console", find())()
        yield Place(made, lambda: [part for part in out.getvalue().split("-" * 76) if part.strip()])


PLACES = {
    "slack": slack,
    "slack app": slack_app,
    "webhook": webhook,
    "email": email,
    "file": file,
    "feed": feed,
    "apprise": apprise,
    "console": console,
}
NAMES = sorted(PLACES)
REMOTE = ["apprise", "email", "slack", "slack app", "webhook"]


OUTCOMES: dict[str, tuple[type[NotifyError], ...]] = {
    # Apprise says of a failure only that it was one
    CLOSE: (UncertainNotifyError, TemporaryNotifyError),
    HANG: (UncertainNotifyError,),
    "answer": (TemporaryNotifyError, PermanentNotifyError),
}


def send(place: Place, alert: Alert, timeout: float = 5.0) -> Receipt:
    async def run() -> Receipt:
        async with lent(timeout=timeout) as context:
            receipt = await place.notifier.send(alert, context)
            assert isinstance(receipt, Receipt)
            return receipt

    return asyncio.run(run())


def preview(place: Place, alert: Alert) -> str:
    async def run() -> str:
        async with lent() as context:
            shown = place.notifier.preview(alert, context)
            assert isinstance(shown, str)
            return shown

    return asyncio.run(run())


def decoded(arrived: str) -> str:
    """What arrived, readable: JSON's escapes and the mail's are undone."""
    plain = quopri.decodestring(arrived.encode()).decode("utf-8", "replace")
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), arrived) + plain


def test_every_notifier_of_the_package_keeps_this_contract() -> None:
    assert {name.partition(" ")[0] for name in NAMES} == set(find())


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_frozen_dataclass_whose_fields_are_its_options(name: str, tmp_path: Path) -> None:
    with PLACES[name](tmp_path) as place:
        kind = type(place.notifier)
        assert is_dataclass(kind)
        assert kind.__name__ == "Notifier"
        assert kind.__doc__
        assert isinstance(place.notifier, Notifier)
        assert isinstance(place.notifier, Previews)
        for option in fields(kind):
            with pytest.raises((AttributeError, TypeError)):
                setattr(place.notifier, option.name, None)


@pytest.mark.parametrize("name", NAMES)
def test_it_delivers_and_says_so(name: str, tmp_path: Path) -> None:
    with PLACES[name](tmp_path) as place:
        send(place, ALERT)
        send(place, replace(URGENT, id="b"))
        arrived = place.arrived()
    assert len(arrived) == 2
    assert all("Sample Software" in one for one in arrived)


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("name", NAMES)
def test_it_delivers_every_kind_of_message(name: str, kind: str, tmp_path: Path) -> None:
    alert = KINDS[kind]
    with PLACES[name](tmp_path) as place:
        assert preview(place, alert)
        assert send(place, alert).note is None
        arrived = "".join(place.arrived())
    assert (alert.items or (alert,))[-1].title in decoded(arrived)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", NAMES)
def test_hostile_text_is_delivered_harmless(name: str, hostile: str, tmp_path: Path) -> None:
    with PLACES[name](tmp_path) as place:
        send(place, everywhere(HOSTILE[hostile]))
        arrived = place.arrived()
        assert len(arrived) == 1
        assert preview(place, everywhere(HOSTILE[hostile]))
    assert "\x1b" not in arrived[0]
    assert "\u202e" not in arrived[0]
    if name in {"slack", "slack app", "webhook", "file", "apprise"}:
        json.loads(arrived[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_preview_shows_the_message_and_sends_nothing(name: str, tmp_path: Path) -> None:
    with PLACES[name](tmp_path) as place:
        shown = preview(place, ALERT)
        assert "Sample Software puts money into Model Works" in shown
        assert CANARY not in shown
        if name != "file":  # there is none yet
            assert place.arrived() == []


@pytest.mark.parametrize("name", NAMES)
def test_it_is_made_of_options_only_and_its_repr_hides_secrets(name: str, tmp_path: Path) -> None:
    with PLACES[name](tmp_path) as place:
        assert CANARY not in repr(place.notifier)
        assert CANARY not in str(place.notifier)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(answer(500, f"no {CANARY}"), id="an error that echoes the secret"),
        pytest.param(answer(403, f"no {CANARY}"), id="a refusal that echoes the secret"),
        pytest.param(CLOSE, id="a connection that closes"),
        pytest.param(HANG, id="silence until the deadline"),
    ],
)
@pytest.mark.parametrize("name", REMOTE)
def test_no_secret_leaves_by_an_error_or_a_log(
    name: str, script: bytes | str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # the client's own loggers name addresses; the program silences them (monitor/logs.py)
    for noisy in ("httpx", "httpcore", "aiohttp"):
        caplog.set_level(logging.WARNING, logger=noisy)
    with PLACES[name](tmp_path, script) as place, pytest.raises(NotifyError) as caught:
        send(place, ALERT, timeout=0.4 if script == HANG else 5.0)
    if name != "email":
        assert type(caught.value) in OUTCOMES[script if isinstance(script, str) else "answer"]
    shown = "".join(traceback.format_exception(caught.value)) + str(caught.value.args)
    if not (name == "email" and isinstance(script, bytes)):
        assert CANARY not in shown  # a mail server's reply is shown; it was told no secret
    assert CANARY not in caplog.text
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


HTTP = ["slack", "slack app", "webhook"]


@pytest.mark.parametrize(
    ("status", "headers", "expected", "wait"),
    [
        pytest.param(429, {"Retry_After": "30"}, TemporaryNotifyError, 30.0, id="D-21: in seconds"),
        pytest.param(
            503,
            {"Retry_After": "Sun, 22 Nov 2026 14:08:30 GMT", "Date": "Sun, 22 Nov 2026 14:07:30 GMT"},
            TemporaryNotifyError,
            60.0,
            id="D-34: as a date",
        ),
        pytest.param(429, {"Retry_After": "-30"}, TemporaryNotifyError, None, id="D-34: negative"),
        pytest.param(
            429, {"Retry_After": "9" * 15}, TemporaryNotifyError, 86_400.0, id="D-34: huge"
        ),
        pytest.param(500, {}, TemporaryNotifyError, None, id="D-13: 500"),
        pytest.param(502, {}, TemporaryNotifyError, None, id="D-13: 502"),
        pytest.param(408, {}, TemporaryNotifyError, None, id="D-16: 408"),
        pytest.param(425, {}, TemporaryNotifyError, None, id="D-16: 425"),
        pytest.param(401, {}, PermanentNotifyError, None, id="D-16: 401"),
        pytest.param(422, {}, PermanentNotifyError, None, id="D-16: 422"),
        pytest.param(301, {"Location": "http://127.0.0.1:1/"}, PermanentNotifyError, None, id="D-36: 301"),
        pytest.param(307, {"Location": "http://127.0.0.1:1/"}, PermanentNotifyError, None, id="D-36: 307"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", HTTP)
def test_every_service_that_speaks_http_is_understood_alike(
    name: str,
    status: int,
    headers: dict[str, str],
    expected: type,
    wait: float | None,
    tmp_path: Path,
) -> None:
    script = answer(status, "", **headers)
    with PLACES[name](tmp_path, script) as place, pytest.raises(NotifyError) as caught:
        send(place, ALERT)
    assert type(caught.value) is expected
    assert len(place.arrived()) == 1
    assert getattr(caught.value, "retry_after", None) == wait


@pytest.mark.parametrize("name", HTTP)
def test_s01_every_service_that_speaks_http_goes_through_the_one_way_out(
    name: str, tmp_path: Path
) -> None:
    """Whatever address stands in the config, the lent client decides whether it is dialled."""
    asked = []

    def dial(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        raise PermanentNotifyError("169.254.169.254 is a metadata address")

    async def run(place: Place) -> None:
        transport = httpx.MockTransport(dial)  # httpx's own fake transport: a function
        async with httpx.AsyncClient(transport=transport) as http:
            await place.notifier.send(ALERT, context(http))

    with PLACES[name](tmp_path) as place, pytest.raises(PermanentNotifyError, match="metadata"):
        asyncio.run(run(place))
    assert len(asked) == 1


@pytest.mark.parametrize("name", NAMES)
def test_it_sees_the_program_only_through_its_package(name: str) -> None:
    module = inspect.getmodule(load(name.partition(" ")[0], find()))
    assert module is not None
    source = inspect.getsource(module)
    assert "import monitor" not in source
    assert "from monitor" not in source
