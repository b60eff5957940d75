"""What an HTTP answer, or its absence, means for a delivery."""

import asyncio
import json
import socket
from datetime import timedelta

import httpx
import pytest

from monitor.errors import (
    NotifyError,
    PauseNotifyError,
    PermanentNotifyError,
    TemporaryNotifyError,
    UncertainNotifyError,
)
from monitor.secret import Secret
from notifiers import Receipt, check_response, http_errors
from notifiers.webhook import Notifier as Webhook
from tests.notifiers.loopback import CLOSE, HANG, RESET, HttpServer, answer
from tests.notifiers.samples import ALERT, NOW, context, lent


def send(webhook: Webhook, timeout: float = 5.0) -> Receipt:
    async def run() -> Receipt:
        async with lent(timeout=timeout) as borrowed:
            return await webhook.send(ALERT, borrowed)

    return asyncio.run(run())


def outcome(status: int, headers: dict[str, str] | None = None) -> NotifyError | None:
    try:
        check_response(httpx.Response(status, headers=headers), NOW)
    except NotifyError as error:
        return error
    return None


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_2xx_is_a_delivery(status: int) -> None:
    assert outcome(status) is None


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_d16_a_busy_or_broken_service_is_tried_again(status: int) -> None:
    assert type(outcome(status)) is TemporaryNotifyError


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 422, 451])
def test_d16_a_refusal_is_final(status: int) -> None:
    assert type(outcome(status)) is PermanentNotifyError


def test_d16_an_address_that_is_gone_pauses_the_channel() -> None:
    assert type(outcome(410)) is PauseNotifyError


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
def test_d36_a_redirect_is_final_and_names_the_mend(status: int) -> None:
    error = outcome(status, {"Location": "http://127.0.0.1/elsewhere"})
    assert type(error) is PermanentNotifyError
    assert "put the final address into the config" in str(error)


LATER = (NOW + timedelta(seconds=90)).strftime("%a, %d %b %Y %H:%M:%S GMT")
SERVER_AHEAD = (NOW + timedelta(hours=3)).strftime("%a, %d %b %Y %H:%M:%S GMT")
AHEAD_LATER = (NOW + timedelta(hours=3, seconds=90)).strftime("%a, %d %b %Y %H:%M:%S GMT")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({"Retry-After": "30"}, 30.0, id="seconds are taken as they are"),
        pytest.param({"Retry-After": LATER}, 90.0, id="a date is relative to now"),
        pytest.param(
            {"Retry-After": AHEAD_LATER, "Date": SERVER_AHEAD},
            90.0,
            id="a date is relative to the server's own clock where it tells it",
        ),
        pytest.param({"Retry-After": "99999999999"}, 86_400.0, id="more than a day is a day"),
        pytest.param({}, None, id="no header is no wish"),
        pytest.param({"Retry-After": "-5"}, None, id="a negative wish is ignored"),
        pytest.param({"Retry-After": "0"}, None, id="a wish for at once is ignored"),
        pytest.param({"Retry-After": "soon"}, None, id="words are ignored"),
        pytest.param({"Retry-After": "٣٠"}, None, id="digits of other scripts are ignored"),
        pytest.param({"Retry-After": "1" * 400}, None, id="a number beyond reason is ignored"),
        pytest.param(
            {"Retry-After": "Mon, 99 Foo 2026 99:99:99 GMT"}, None, id="a broken date is ignored"
        ),
        pytest.param(
            {"Retry-After": "Sun, 01 Jan 1995 00:00:00 GMT"}, None, id="a past date is ignored"
        ),
    ],
)
def test_d34_retry_after_is_read(headers: dict[str, str], expected: float | None) -> None:
    raw = [(name.encode(), value.encode("utf-8")) for name, value in headers.items()]
    with pytest.raises(TemporaryNotifyError) as caught:
        check_response(httpx.Response(429, headers=raw), NOW)
    assert caught.value.retry_after == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param(answer(200), Receipt, id="an answer of 200 is a delivery"),
        pytest.param(
            CLOSE, UncertainNotifyError, id="D-14: closing instead of answering is uncertain"
        ),
        pytest.param(
            RESET, UncertainNotifyError, id="D-14: a reset instead of an answer is uncertain"
        ),
        pytest.param(
            HANG, UncertainNotifyError, id="D-06: silence until the deadline is uncertain"
        ),
        pytest.param(
            b"nonsense\r\n\r\n", UncertainNotifyError, id="an answer not HTTP is uncertain"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf",
            Receipt,
            id="a status of 200 counts though its body broke off",
        ),
        pytest.param(
            b"HTTP/1.1 500 No\r\nContent-Length: 50\r\n\r\nhalf",
            TemporaryNotifyError,
            id="a status of 500 counts though its body broke off",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nhalf",
            Receipt,
            id="a body that cannot be decoded does not matter",
        ),
        pytest.param(
            answer(302, Location="http://127.0.0.1:9/"),
            PermanentNotifyError,
            id="a redirect is not followed",
        ),
    ],
)
def test_an_answer_or_its_loss_is_told_apart(script: bytes | str, expected: type) -> None:
    with HttpServer(answers=[script]) as server:
        webhook = Webhook(Secret(f"{server.url}/hook"), Secret("shared-secret"))
        patience = 0.4 if script == HANG else 5.0
        if expected is Receipt:
            assert send(webhook, patience) == Receipt()
        else:
            with pytest.raises(NotifyError) as caught:
                send(webhook, patience)
            assert type(caught.value) is expected
    assert len(server.requests) == 1


@pytest.mark.parametrize("action", [CLOSE, RESET])
def test_d15_a_drop_before_the_request_was_read_is_not_taken_for_a_delivery(action: str) -> None:
    with HttpServer(before_reading=action) as server:
        webhook = Webhook(Secret(f"{server.url}/hook"), Secret("shared-secret"))
        with pytest.raises((TemporaryNotifyError, UncertainNotifyError)):
            send(webhook)
    assert server.requests == []


def test_d13_a_refused_connection_is_a_plain_retry() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    webhook = Webhook(Secret(f"http://127.0.0.1:{port}/hook"), Secret("shared-secret"))
    with pytest.raises(TemporaryNotifyError) as caught:
        send(webhook)
    assert "no connection" in str(caught.value)


def test_d13_a_name_that_does_not_exist_is_a_plain_retry() -> None:
    webhook = Webhook(Secret("http://nowhere.invalid/hook"), Secret("shared-secret"))
    with pytest.raises(TemporaryNotifyError):
        send(webhook)


def test_a_server_that_speaks_no_tls_is_a_plain_retry() -> None:
    with HttpServer(answers=[answer(200)]) as server:
        webhook = Webhook(Secret(f"https://127.0.0.1:{server.port}/hook"), Secret("shared-secret"))
        with pytest.raises(TemporaryNotifyError):
            send(webhook)


def test_an_endless_answer_is_cut_off() -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n" + b"x" * 5_000_000
    with HttpServer(answers=[endless]) as server:
        webhook = Webhook(Secret(f"{server.url}/hook"), Secret("shared-secret"))
        assert send(webhook) == Receipt()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(httpx.ConnectError("x"), TemporaryNotifyError, id="no connection"),
        pytest.param(
            httpx.ConnectTimeout("x"), TemporaryNotifyError, id="connecting took too long"
        ),
        pytest.param(httpx.PoolTimeout("x"), TemporaryNotifyError, id="no free connection"),
        pytest.param(httpx.ProxyError("x"), TemporaryNotifyError, id="the proxy refused"),
        pytest.param(httpx.ReadTimeout("x"), UncertainNotifyError, id="the answer took too long"),
        pytest.param(httpx.ReadError("x"), UncertainNotifyError, id="the answer broke off"),
        pytest.param(httpx.WriteError("x"), UncertainNotifyError, id="the request broke off"),
        pytest.param(httpx.RemoteProtocolError("x"), UncertainNotifyError, id="not HTTP"),
        pytest.param(httpx.UnsupportedProtocol("x"), PermanentNotifyError, id="not http or https"),
        pytest.param(httpx.InvalidURL("x"), PermanentNotifyError, id="no address"),
        pytest.param(httpx.LocalProtocolError("x"), PermanentNotifyError, id="a bad request"),
    ],
)
def test_each_error_of_the_client_is_mapped(error: Exception, expected: type) -> None:
    with pytest.raises(NotifyError) as caught, http_errors():
        raise error
    assert type(caught.value) is expected


def test_every_error_of_httpx_is_mapped_to_one_of_ours() -> None:
    kinds = [
        kind
        for kind in vars(httpx).values()
        if isinstance(kind, type) and issubclass(kind, httpx.HTTPError)
    ]
    assert len(kinds) > 15
    for kind in kinds:
        if kind is httpx.HTTPStatusError:
            continue  # raised by raise_for_status only, which no notifier may call
        with pytest.raises(NotifyError), http_errors():
            raise kind("https://hooks.example/secret")


def test_an_address_refused_when_dialled_stays_a_final_refusal() -> None:
    refused = PermanentNotifyError("169.254.169.254 is a metadata address")

    def dial(request: httpx.Request) -> httpx.Response:
        raise refused

    async def run() -> None:
        transport = httpx.MockTransport(dial)  # httpx's own fake transport: a function
        async with httpx.AsyncClient(transport=transport) as http:
            webhook = Webhook(Secret("http://169.254.169.254/"), Secret("shared-secret"))
            await webhook.send(ALERT, context(http))

    with pytest.raises(PermanentNotifyError, match="metadata"):
        asyncio.run(run())


def test_the_documents_of_two_attempts_carry_the_same_key() -> None:
    with HttpServer(answers=[answer(500), answer(200)]) as server:
        webhook = Webhook(Secret(f"{server.url}/hook"), Secret("shared-secret"))
        with pytest.raises(TemporaryNotifyError):
            send(webhook)
        send(webhook)
    first, second = server.requests
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == "delivery-7"
    assert json.loads(first.body) == json.loads(second.body)
