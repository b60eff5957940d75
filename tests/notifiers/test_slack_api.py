"""Slack with a token: posting, threads, edits, and what each of its error words means."""

import asyncio
import json
from dataclasses import replace

import pytest

from monitor.errors import (
    NotifyError,
    PauseNotifyError,
    PermanentNotifyError,
    TemporaryNotifyError,
    UncertainNotifyError,
)
from monitor.model import Alert, MessageKind
from monitor.notifier import Receipt, Updates
from monitor.secret import Secret
from notifiers.slack import Notifier
from tests.notifiers.blockkit import problems
from tests.notifiers.fakeslack import CHANNEL, TOKEN, FakeSlack
from tests.notifiers.loopback import CLOSE, HANG, HttpServer, answer
from tests.notifiers.samples import (
    ALERT,
    FULLEST,
    HOSTILE,
    KINDS,
    TOLD,
    UPDATE,
    everywhere,
    in_kind,
    lent,
)


def app(server: HttpServer, channel: str = "#news", template: str | None = None) -> Notifier:
    return Notifier(
        token=Secret(TOKEN), channel=channel, template=template, api_url=f"{server.url}/api"
    )


def send(notifier: Notifier, alert: Alert = ALERT, **changes: object) -> Receipt:
    async def run() -> Receipt:
        async with lent(**changes) as context:
            return await notifier.send(alert, context)

    return asyncio.run(run())


def update(notifier: Notifier, alert: Alert = TOLD, **changes: object) -> Receipt:
    async def run() -> Receipt:
        async with lent(**changes) as context:
            assert isinstance(notifier, Updates)
            return await notifier.update(alert, context)

    return asyncio.run(run())


def test_a_message_is_posted_and_its_place_remembered() -> None:
    slack = FakeSlack()
    with slack.server() as server:
        receipt = send(app(server))
    assert receipt == Receipt(remote_id=f"{CHANNEL}:1763820450.000000")
    assert slack.messages[0].blocks
    assert slack.calls[0][0] == "chat.postMessage"


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_kind_of_message_is_taken(kind: str) -> None:
    slack = FakeSlack()
    with slack.server() as server:
        assert send(app(server), KINDS[kind]).note is None
    assert len(slack.calls) == 1


@pytest.mark.parametrize("kind", FULLEST)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_taken_and_inert(name: str, kind: MessageKind) -> None:
    slack = FakeSlack()
    with slack.server() as server:
        assert send(app(server), in_kind(everywhere(HOSTILE[name]), kind)).note is None


def test_an_update_is_a_reply_in_the_thread_of_the_first_message() -> None:
    slack = FakeSlack()
    with slack.server() as server:
        first = send(app(server), TOLD)
        send(app(server), UPDATE, remote_id=first.remote_id)
    assert slack.messages[1].thread_ts == slack.messages[0].ts
    assert "reply_broadcast" not in slack.calls[1][1]
    assert slack.calls[1][1]["channel"] == CHANNEL


@pytest.mark.parametrize(
    "remote_id", [None, "", "something else", f"{CHANNEL}:1", "https://x:1.2", f"{CHANNEL}:1.2\n"]
)
def test_an_update_of_an_unknown_message_stands_alone(remote_id: str | None) -> None:
    slack = FakeSlack()
    with slack.server() as server:
        send(app(server), UPDATE, remote_id=remote_id)
    assert slack.messages[0].thread_ts is None


def test_an_alert_is_never_put_into_a_thread() -> None:
    slack = FakeSlack()
    with slack.server() as server:
        first = send(app(server), TOLD)
        send(app(server), ALERT, remote_id=first.remote_id)
    assert slack.messages[1].thread_ts is None


def test_an_update_whose_thread_is_gone_stands_alone_and_says_so() -> None:
    slack = FakeSlack()
    with slack.server() as server:
        receipt = send(app(server), UPDATE, remote_id=f"{CHANNEL}:1.000001")
    assert "thread is gone" in (receipt.note or "")
    assert [message.thread_ts for message in slack.messages] == [None]


def test_the_first_message_is_edited_with_what_is_known_now() -> None:
    slack = FakeSlack()
    with slack.server() as server:
        first = send(app(server), ALERT)
        before = json.dumps(slack.messages[0].blocks)
        receipt = update(app(server), TOLD, remote_id=first.remote_id)
    assert receipt.remote_id == first.remote_id
    assert len(slack.messages) == 1
    assert "Northern Wire" not in before
    assert "Northern Wire" in json.dumps(slack.messages[0].blocks)


def test_an_edit_whose_blocks_are_refused_leaves_none_of_the_old_ones() -> None:
    slack = FakeSlack(refusals=["", "invalid_blocks"])
    with slack.server() as server:
        first = send(app(server), ALERT)
        receipt = update(app(server), TOLD, remote_id=first.remote_id)
    assert "sent plain" in (receipt.note or "")
    assert slack.messages[0].blocks == []
    assert "Northern Wire" in slack.messages[0].text


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("message_not_found", PermanentNotifyError),
        ("cant_update_message", PermanentNotifyError),
        ("edit_window_closed", PermanentNotifyError),
        ("ratelimited", TemporaryNotifyError),
        ("invalid_auth", PauseNotifyError),
        ("internal_error", UncertainNotifyError),
    ],
)
def test_an_edit_that_is_refused_is_told(word: str, expected: type) -> None:
    slack = FakeSlack(refusals=[word])
    with slack.server() as server, pytest.raises(NotifyError) as caught:
        update(app(server), remote_id=f"{CHANNEL}:1.2")
    assert type(caught.value) is expected


def test_without_a_token_or_a_place_nothing_can_be_edited() -> None:
    with FakeSlack().server() as server, pytest.raises(PermanentNotifyError, match="token"):
        update(app(server))
    with pytest.raises(PermanentNotifyError, match="token"):
        update(Notifier(Secret("https://hooks.example/x")), remote_id=f"{CHANNEL}:1.2")


@pytest.mark.parametrize(
    ("word", "expected", "told"),
    [
        pytest.param("rate_limited", TemporaryNotifyError, "rate_limited", id="too many messages"),
        pytest.param("ratelimited", TemporaryNotifyError, "ratelimited", id="too many calls"),
        pytest.param("service_unavailable", TemporaryNotifyError, "unavail", id="Slack is down"),
        pytest.param("request_timeout", TemporaryNotifyError, "timeout", id="it came broken"),
        pytest.param("team_added_to_org", TemporaryNotifyError, "org", id="a move is under way"),
        pytest.param(
            "internal_error", UncertainNotifyError, "may have been posted", id="part may be done"
        ),
        pytest.param("fatal_error", UncertainNotifyError, "may have been posted", id="a crash"),
        pytest.param("channel_not_found", PauseNotifyError, "invite the app", id="no channel"),
        pytest.param("not_in_channel", PauseNotifyError, "/invite", id="not invited"),
        pytest.param("is_archived", PauseNotifyError, "unarchive", id="an archived channel"),
        pytest.param("invalid_auth", PauseNotifyError, "xoxb-", id="a wrong token"),
        pytest.param("not_authed", PauseNotifyError, "no token", id="no token"),
        pytest.param("account_inactive", PauseNotifyError, "removed", id="a removed app"),
        pytest.param("token_revoked", PauseNotifyError, "revoked", id="a revoked token"),
        pytest.param("token_expired", PauseNotifyError, "expired", id="an expired token"),
        pytest.param("missing_scope", PauseNotifyError, "chat:write", id="a missing scope"),
        pytest.param("restricted_action", PauseNotifyError, "forbids", id="a forbidden channel"),
        pytest.param("ekm_access_denied", PauseNotifyError, "suspended", id="posting suspended"),
        pytest.param("something_new", PermanentNotifyError, "something_new", id="an unknown word"),
        pytest.param("<b>odd</b>", PermanentNotifyError, "unknown", id="no word at all"),
    ],
)
def test_d35_each_error_word_has_its_meaning(word: str, expected: type, told: str) -> None:
    slack = FakeSlack(refusals=[word])
    with slack.server() as server, pytest.raises(NotifyError) as caught:
        send(app(server))
    assert type(caught.value) is expected
    assert told in str(caught.value)
    assert len(slack.calls) == 1


@pytest.mark.parametrize(
    ("wish", "expected"),
    [("30", 30.0), ("-5", None), ("99999999", 86_400.0), ("soon", None), ("", None)],
)
def test_d34_a_rate_limit_carries_the_wish_of_slack(wish: str, expected: float | None) -> None:
    slack = FakeSlack(refusals=["ratelimited"], retry_after=wish)
    with slack.server() as server, pytest.raises(TemporaryNotifyError) as caught:
        send(app(server))
    assert caught.value.retry_after == expected


@pytest.mark.parametrize(
    "word", ["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text"]
)  # fmt: skip
def test_d10_refused_blocks_are_sent_once_more_as_plain_text(word: str) -> None:
    slack = FakeSlack(refusals=[word])
    with slack.server() as server:
        receipt = send(app(server))
    assert word in (receipt.note or "")
    assert [bool(body.get("blocks")) for _, body in slack.calls] == [True, False]
    assert receipt.remote_id == f"{CHANNEL}:1763820450.000000"


def test_d10_a_plain_text_that_is_refused_too_is_final() -> None:
    slack = FakeSlack(refusals=["invalid_blocks", "msg_too_long"])
    with slack.server() as server, pytest.raises(PermanentNotifyError):
        send(app(server))
    assert len(slack.calls) == 2


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param(answer(429, "", Retry_After="30"), TemporaryNotifyError, id="429"),
        pytest.param(answer(500, "x"), TemporaryNotifyError, id="500"),
        pytest.param(answer(404, "x"), PermanentNotifyError, id="404"),
        pytest.param(answer(200, "<html>login"), PermanentNotifyError, id="a page of a proxy"),
        pytest.param(answer(200, '{"ok": "yes"}'), PermanentNotifyError, id="an odd ok"),
        pytest.param(answer(200, "[]"), PermanentNotifyError, id="a list"),
        pytest.param(answer(200, "[" * 9000), PermanentNotifyError, id="brackets without end"),
        pytest.param(
            b'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"ok',
            UncertainNotifyError,
            id="a lost body",
        ),
        pytest.param(CLOSE, UncertainNotifyError, id="a lost answer"),
        pytest.param(HANG, UncertainNotifyError, id="silence"),
    ],
)
def test_an_answer_that_is_not_slacks_is_sorted(script: bytes | str, expected: type) -> None:
    with HttpServer(answers=[script]) as server, pytest.raises(NotifyError) as caught:
        send(app(server), timeout=0.4 if script == HANG else 5.0)
    assert type(caught.value) is expected
    assert TOKEN not in str(caught.value)


def test_a_long_answer_that_begins_with_ok_is_a_delivery() -> None:
    long = json.dumps({"ok": True, "channel": CHANNEL, "ts": "1.000002", "message": "x" * 40_000})
    with HttpServer(answers=[answer(200, long)]) as server:
        assert send(app(server)).remote_id == f"{CHANNEL}:1.000002"


def test_an_answer_without_a_place_is_a_delivery_all_the_same() -> None:
    with HttpServer(answers=[answer(200, '{"ok": true}')]) as server:
        assert send(app(server)) == Receipt()


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        pytest.param(
            "*{{ title }}* <{{ link }}|read>",
            "*A &amp; &lt;!channel&gt;* <https://e.org/?a=1&amp;b=2|read>",
            id="values are escaped, the template's own markup stays",
        ),
        pytest.param("{{ story.title }}", None, id="a template that fails"),
        pytest.param("  ", None, id="a template that gives nothing"),
    ],
)
def test_s60_a_template_words_the_message_or_the_plain_form_goes_out(
    template: str, expected: str | None
) -> None:
    slack = FakeSlack()
    alert = replace(ALERT, title="A & <!channel>", url="https://e.org/?a=1&b=2")
    with slack.server() as server:
        receipt = send(app(server, template=template), alert)
    if expected is None:
        assert "template" in (receipt.note or "")
        assert slack.messages[0].blocks
    else:
        assert receipt.note is None
        assert slack.messages[0].text == expected
        assert slack.messages[0].blocks == []
    assert problems(slack.calls[0][1]) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "give webhook_url, or token"),
        ({"webhook_url": Secret("https://h.example/x"), "token": Secret("xoxb-1")}, "give webhook"),
        ({"token": Secret("xoxb-1")}, "channel: "),
        ({"webhook_url": Secret("https://h.example/x"), "channel": "#a"}, "channel: "),
        ({"token": Secret("xo xb\r\nX: y"), "channel": "#a"}, "token: "),
        ({"token": Secret("xoxb-1"), "channel": "two words"}, "channel: "),
        ({"token": Secret("xoxb-1"), "channel": "#a", "api_url": "http://slack.example/api"}, "api_url: "),
        ({"token": Secret("xoxb-1"), "channel": "#a", "api_url": "http://127.0.0.1.evil.example/"}, "api_url: "),
        ({"token": Secret("xoxb-1"), "channel": "#a", "template": "{{ title"}, "template: line 1"),
    ],
)  # fmt: skip
def test_options_that_cannot_work_are_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=f"^{words}") as caught:
        Notifier(**options)  # type: ignore[arg-type]  # the keys are options
    assert "xo xb" not in str(caught.value)
