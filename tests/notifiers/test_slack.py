"""What Slack's answers mean, and the second, plain attempt."""

import asyncio
import json

import pytest

from monitor.errors import (
    NotifyError,
    PauseNotifyError,
    PermanentNotifyError,
    TemporaryNotifyError,
    UncertainNotifyError,
)
from monitor.notifier import Receipt
from monitor.secret import Secret
from notifiers.slack import Notifier
from tests.notifiers.blockkit import problems
from tests.notifiers.loopback import CLOSE, HttpServer, answer
from tests.notifiers.samples import ALERT, lent

OK = answer(200, "ok")


def send(server: HttpServer) -> Receipt:
    async def run() -> Receipt:
        async with lent() as context:
            return await Notifier(Secret(f"{server.url}/services/T0/B0/x")).send(ALERT, context)

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("script", "expected", "words"),
    [
        pytest.param(answer(200, "no"), PermanentNotifyError, "not ok", id="D-35: 200 without ok"),
        pytest.param(
            answer(403, "action_prohibited"),
            PauseNotifyError,
            "administrator",
            id="D-11: forbidden",
        ),
        pytest.param(answer(403, "invalid_token"), PauseNotifyError, "revoked", id="D-11: revoked"),
        pytest.param(
            answer(404, "channel_not_found"), PauseNotifyError, "deleted", id="D-11: no channel"
        ),
        pytest.param(
            answer(404, "no_active_hooks"), PauseNotifyError, "make a new one", id="D-11: no hook"
        ),
        pytest.param(
            answer(404, "no_service"), TemporaryNotifyError, "new one", id="D-12: no service"
        ),
        pytest.param(
            answer(410, "channel_is_archived"), PauseNotifyError, "unarchive", id="D-11: archived"
        ),
        pytest.param(answer(400, "user_not_found"), PauseNotifyError, "new webhook", id="no user"),
        pytest.param(
            answer(400, "odd\x1b[31m"), PermanentNotifyError, "unknown", id="unknown reason"
        ),
        pytest.param(answer(404, ""), PermanentNotifyError, "without a reason", id="no reason"),
        pytest.param(
            answer(500, "rollup_error"), TemporaryNotifyError, "500", id="D-13: Slack is broken"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\no",
            UncertainNotifyError,
            "lost",
            id="the ok is lost on the way",
        ),
        pytest.param(CLOSE, UncertainNotifyError, "no answer", id="D-14: the answer is lost"),
    ],
)
def test_each_answer_has_its_meaning_and_its_mend(
    script: bytes | str, expected: type, words: str
) -> None:
    with (
        HttpServer(answers=[script]) as server,
        pytest.raises(NotifyError) as caught,
    ):
        send(server)
    assert type(caught.value) is expected
    assert words in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("ok", id="as Slack says it"),
        pytest.param("", id="as services like Slack say it"),
        pytest.param('{"ok": true}', id="as Slack's other interface says it"),
    ],
)
def test_accepted_in_several_words(body: str) -> None:
    with HttpServer(answers=[answer(200, body)]) as server:
        send(server)
    assert len(server.requests) == 1


def test_too_many_requests_carries_the_wish_of_slack() -> None:
    with (
        HttpServer(answers=[answer(429, "", Retry_After="30")]) as server,
        pytest.raises(TemporaryNotifyError) as caught,
    ):
        send(server)
    assert caught.value.retry_after == 30.0


@pytest.mark.parametrize("reason", ["invalid_blocks", "invalid_payload", "no_text"])
def test_d10_refused_blocks_are_sent_once_more_as_plain_text(reason: str) -> None:
    with HttpServer(answers=[answer(400, reason), OK]) as server:
        receipt = send(server)
    assert reason in (receipt.note or "")
    first, second = (json.loads(request.body) for request in server.requests)
    assert "blocks" in first
    assert "blocks" not in second
    assert ALERT.title in second["text"]
    assert problems(second) == []


def test_d10_a_plain_text_that_is_refused_too_is_final() -> None:
    with (
        HttpServer(answers=[answer(400, "invalid_payload")]) as server,
        pytest.raises(PermanentNotifyError),
    ):
        send(server)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "url", ["hooks.example/x", "ftp://hooks.example/x", "", "https://", "http://[x/services"]
)
def test_an_address_that_is_none_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(ValueError, match=r"^webhook_url: ") as caught:
        Notifier(Secret(url))
    assert "services" not in str(caught.value)
