"""The guest library: each target for itself, masked names, and no address that is refused."""

import asyncio
import json
import logging
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from monitor.errors import (
    NotifyError,
    PermanentNotifyError,
    TemporaryNotifyError,
    UncertainNotifyError,
)
from monitor.model import Alert
from monitor.net.addresses import NOTHING_ALLOWED
from monitor.net.outbound import Outbound
from monitor.notifier import Context, Receipt
from monitor.secret import Secret
from notifiers._dialling import guarded
from notifiers.apprise import Notifier
from tests.notifiers.loopback import CLOSE, HANG, HttpServer, answer
from tests.notifiers.samples import ALERT, HOSTILE, everywhere, lent

CANARY = "canary7f3a9b"


def target(server: HttpServer, scheme: str = "json", path: str = CANARY) -> Secret:
    return Secret(f"{scheme}://user:{CANARY}pw@127.0.0.1:{server.port}/{path}?cto=2&rto=2")


def send(urls: tuple[Secret, ...], alert: Alert = ALERT, **changes: object) -> Receipt:
    async def run() -> Receipt:
        async with lent(**changes) as context:
            receipt = await Notifier(urls).send(alert, context)
            assert isinstance(receipt, Receipt)
            return receipt

    return asyncio.run(run())


@contextmanager
def program_check() -> Iterator[Callable[[str, str], None]]:
    """The program's own ``check_address``."""
    outbound = Outbound(NOTHING_ALLOWED, "sample/1.0")
    try:
        yield outbound.check_address
    finally:
        asyncio.run(outbound.aclose())


def test_every_target_gets_the_message() -> None:
    with HttpServer(answers=[answer(200)]) as one, HttpServer(answers=[answer(200)]) as two:
        receipt = send((target(one), target(two, "form")))
    assert receipt == Receipt()
    body = json.loads(one.requests[0].body)
    assert body["title"] == ALERT.title
    assert "8 words apart" in body["message"]
    assert len(two.requests) == 1


def test_d19_a_target_that_fails_leaves_the_others_alone_and_is_named_masked() -> None:
    with (
        HttpServer(answers=[answer(200)]) as good,
        HttpServer(answers=[answer(500, CANARY)]) as bad,
    ):
        receipt = send((target(bad), target(good)))
    (refused,) = receipt.refused
    assert (refused.recipient, refused.temporary) == ("json (url 1)", True)
    assert CANARY not in repr(receipt)
    assert len(good.requests) == 1


def test_only_the_missing_targets_are_tried_again() -> None:
    with HttpServer(answers=[answer(200)]) as one, HttpServer(answers=[answer(200)]) as two:
        send((target(one), target(two)), recipients=("json (url 2)",))
        assert (len(one.requests), len(two.requests)) == (0, 1)
        with pytest.raises(PermanentNotifyError, match="no longer"):
            send((target(one),), recipients=("json (url 2)",))
        with pytest.raises(PermanentNotifyError, match="no longer"):
            send((target(one, "form"),), recipients=("json (url 1)",))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_d19_a_failure_of_unknown_kind_is_tried_five_times(status: int) -> None:
    with HttpServer(answers=[answer(status, CANARY)]) as server:
        with pytest.raises(TemporaryNotifyError):
            send((target(server),), attempt=4)
        with pytest.raises(NotifyError, match="given up after 5") as caught:
            send((target(server),), attempt=5)
    assert type(caught.value) is PermanentNotifyError
    assert len(server.requests) == 2


def test_d19_a_target_that_hangs_is_left_behind_at_the_deadline() -> None:
    with HttpServer(answers=[answer(200)]) as good, HttpServer(answers=[HANG]) as bad:
        receipt = send((target(bad), target(good)), timeout=1.0)
        with pytest.raises(UncertainNotifyError, match="may have arrived"):
            send((target(bad),), timeout=0.5)
    (refused,) = receipt.refused
    assert refused.recipient == "json (url 1)"
    assert "may have arrived" in refused.message


def test_a_connection_that_closes_is_tried_again() -> None:
    with HttpServer(answers=[CLOSE]) as server, pytest.raises(TemporaryNotifyError):
        send((target(server),))


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "0.0.0.0"]
)
def test_s01_the_programs_own_check_holds_at_every_dial(host: str) -> None:
    """The event is told as the socket module tells it; the tests may not dial such addresses."""
    with program_check() as check, guarded(check) as guard:
        with pytest.raises(PermissionError):
            sys.audit("socket.connect", None, (host, 80))
        sys.audit("socket.connect", None, ("127.0.0.1", 80))  # a server of one's own is allowed
        sys.audit("socket.connect", None, "/run/some.socket")
    assert len(guard.refused) == 1


@pytest.mark.parametrize("scheme", ["json", "xml", "form", "gotify", "ntfy"])
def test_s01_a_refused_address_is_never_dialled(scheme: str) -> None:
    def check(_host: str, ip: str) -> None:
        raise PermanentNotifyError(f"{ip} is not for you")

    with (
        HttpServer(answers=[answer(200)]) as server,
        pytest.raises(NotifyError, match=r"127\.0\.0\.1 is not for you") as caught,
    ):
        send((target(server, scheme),), check_address=check)
    assert type(caught.value) is PermanentNotifyError
    assert CANARY not in str(caught.value)
    assert server.requests == []


def test_s01_the_address_behind_a_name_counts() -> None:
    def check(_host: str, ip: str) -> None:
        raise PermanentNotifyError(f"{ip} is not for you")

    with HttpServer(answers=[answer(200)]) as server:
        url = Secret(f"json://localhost:{server.port}/{CANARY}")
        with pytest.raises(PermanentNotifyError, match="is not for you"):
            send((url,), check_address=check)
    assert server.requests == []


def test_s05_a_redirect_is_not_followed() -> None:
    with HttpServer(answers=[answer(200)]) as inside:
        elsewhere = answer(302, Location=f"{inside.url}/{CANARY}")
        with HttpServer(answers=[elsewhere]) as server, pytest.raises(TemporaryNotifyError):
            send((target(server),))
    assert inside.requests == []


def test_s04_a_redirect_that_is_followed_all_the_same_is_checked_when_dialled() -> None:
    dialled = []

    def check(_host: str, ip: str) -> None:
        dialled.append(ip)
        if ip == "127.0.0.2":
            raise PermanentNotifyError("that one is refused")

    with HttpServer(answers=[answer(307, Location=f"http://127.0.0.2:1/{CANARY}")]) as server:
        url = Secret(f"{target(server).reveal()}&redirect=yes")
        with pytest.raises(PermanentNotifyError, match="refused"):
            send((url,), check_address=check)
    assert dialled == ["127.0.0.1", "127.0.0.2"]


def test_the_guard_minds_only_what_runs_under_it() -> None:
    def refuse(_host: str, _ip: str) -> None:
        raise PermanentNotifyError("no")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = listening.getsockname()
        with guarded(refuse) as guard:
            with pytest.raises(PermissionError):
                socket.create_connection(address)
            outside = threading.Thread(target=lambda: socket.create_connection(address).close())
            outside.start()
            outside.join(5)
        socket.create_connection(address).close()
    assert guard.refused == ["no"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_inert_in_a_service_of_any_kind(name: str) -> None:
    with HttpServer(answers=[answer(200)]) as server:
        send((target(server),), everywhere(HOSTILE[name]))
    body = json.loads(server.requests[0].body)
    for text in (body["title"], body["message"]):
        assert "@" not in text
        assert "<!" not in text
        assert "<http" not in text
        assert "](" not in text
        assert "<script" not in text


def test_no_secret_leaves_by_a_repr_an_error_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with HttpServer(answers=[answer(403, CANARY)]) as server:
        urls = (target(server), target(server, "xml"))
        shown = repr(Notifier(urls)) + str(Notifier(urls))
        with pytest.raises(NotifyError) as caught:
            send(urls)
    shown += "".join(traceback.format_exception(caught.value)) + caplog.text
    assert CANARY not in shown
    assert "127.0.0.1" not in shown


def test_a_preview_shows_masked_targets_and_sends_nothing() -> None:
    async def run(urls: tuple[Secret, ...]) -> str:
        async with lent() as context:
            shown: str = Notifier(urls).preview(ALERT, context)
            return shown

    with HttpServer(answers=[answer(200)]) as server:
        shown = asyncio.run(run((target(server),)))
    assert server.requests == []
    assert "json (url 1)" in shown
    assert CANARY not in shown
    assert ALERT.title in shown


def test_a_message_too_long_for_a_service_is_cut() -> None:
    long = replace(ALERT, title="t" * 5000)
    with HttpServer(answers=[answer(200)]) as server:
        send((target(server),), long)
    assert len(json.loads(server.requests[0].body)["title"]) <= 250


@pytest.mark.parametrize(
    ("urls", "words"),
    [
        pytest.param((), "urls: needs", id="none"),
        pytest.param(("no address",), "urls: number 1", id="no address"),
        pytest.param((f"nonsense://{CANARY}",), "urls: Apprise", id="an unknown service"),
        pytest.param((f"discord://{CANARY}",), "urls: Apprise", id="half of an address"),
    ],
)
def test_addresses_that_cannot_work_are_refused_unseen(urls: tuple[str, ...], words: str) -> None:
    with pytest.raises(ValueError, match=f"^{words}") as caught:
        Notifier(tuple(map(Secret, urls)))
    assert CANARY not in str(caught.value)


def test_without_the_library_the_mend_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    library = sys.modules["notifiers.apprise"]._library
    library.cache_clear()
    monkeypatch.setitem(sys.modules, "apprise", None)
    try:
        with pytest.raises(ValueError, match=r"pip install 'news-monitor\[apprise\]'"):
            Notifier((Secret("json://example.org/"),))
    finally:
        library.cache_clear()


def test_a_context_is_all_that_it_needs() -> None:
    assert {"check_address", "attempt", "recipients", "timeout"} <= set(Context.__slots__)
