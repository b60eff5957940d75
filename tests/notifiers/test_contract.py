"""The contract that every notifier of this package keeps; a new file there needs a row here."""

import asyncio
import inspect
import io
import json
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import NotifyError
from monitor.model import Alert
from monitor.notifier import Notifier, Previews, Receipt
from monitor.plugins import find, load
from monitor.secret import Secret
from tests.notifiers.loopback import CLOSE, HANG, HttpServer, SmtpServer, answer
from tests.notifiers.samples import ALERT, HOSTILE, URGENT, everywhere, lent

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


PLACES = {"slack": slack, "webhook": webhook, "email": email, "file": file, "console": console}
NAMES = sorted(PLACES)
REMOTE = ["email", "slack", "webhook"]


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


def test_every_notifier_of_the_package_keeps_this_contract() -> None:
    assert sorted(find()) == NAMES


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
        send(place, URGENT)
        arrived = place.arrived()
    assert len(arrived) == 2
    assert all("Sample Software" in one for one in arrived)


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
    if name in {"slack", "webhook", "file"}:
        json.loads(arrived[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_preview_shows_the_message_and_sends_nothing(name: str, tmp_path: Path) -> None:
    with PLACES[name](tmp_path) as place:
        shown = preview(place, ALERT)
        assert "Sample Software puts money into Model Works" in shown
        assert CANARY not in shown
        if name != "file":
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
    shown = "".join(traceback.format_exception(caught.value)) + str(caught.value.args)
    if not (name == "email" and isinstance(script, bytes)):
        assert CANARY not in shown  # a mail server's reply is shown; it was told no secret
    assert CANARY not in caplog.text
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("name", NAMES)
def test_it_sees_the_program_only_through_its_package(name: str) -> None:
    module = inspect.getmodule(load(name, find()))
    assert module is not None
    source = inspect.getsource(module)
    assert "import monitor" not in source
    assert "from monitor" not in source
