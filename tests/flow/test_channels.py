"""From the outbox to the channels: routes of rules, refusals, limits, dead channels, resends."""

import asyncio
from collections.abc import Callable
from json import loads
from pathlib import Path
from typing import Any

import pytest

from monitor.app import App
from monitor.errors import FilesError
from monitor.model import Outcome, Reason
from monitor.store import Attempt, open_store
from tests.flow.newsroom import FERRY_RULE, Newsroom, mail_of
from tests.flow.outlets import Answer, Item, Site, feed, semantic
from tests.flow.reports import FERRY
from tests.notifiers.loopback import SmtpServer

OK = Answer(200, "ok", "text/plain")


def one_report(site: Site) -> str:
    """A feed with one report on a ferry."""
    link = site.page("/page", semantic(FERRY.title, FERRY.paragraphs))
    return site.serve("/feed", feed(Item(FERRY.title, link)))


def hook(site: Site, path: str) -> dict[str, Any]:
    """The options of a webhook to ``path``."""
    return {"type": "webhook", "url": site.base + path, "secret": "made-up-secret"}


def slack(site: Site) -> dict[str, Any]:
    """The options of a Slack channel."""
    return {"type": "slack", "webhook_url": f"{site.base}/slack"}


def mail(smtp: SmtpServer, *to: str) -> dict[str, Any]:
    """The options of a mail channel."""
    return {
        "type": "email", "host": "127.0.0.1", "port": smtp.port, "security": "none",
        "from": "monitor@example.org", "to": list(to),
    }  # fmt: skip


async def deliver(app: App) -> None:
    """Try every delivery that is due."""
    app.deliverer.kick()
    await app.deliverer.idle()


@pytest.mark.parametrize(
    ("rule", "told", "reason"),
    [
        pytest.param("", {"/a", "/b"}, Reason.FIRST_REPORT, id="no alert.notify: every channel"),
        pytest.param("alert: {notify: [b]}", {"/b"}, Reason.FIRST_REPORT, id="only those named"),
        pytest.param("alert: {notify: [b, a]}", {"/a", "/b"}, Reason.FIRST_REPORT, id="both named"),
        pytest.param("alert: {notify: [b, b]}", {"/b"}, Reason.FIRST_REPORT, id="one named twice"),
        pytest.param(
            "alert: {notify: [b, zz]}", {"/b"}, Reason.FIRST_REPORT, id="one known, one unknown"
        ),
        pytest.param("alert: {notify: [zz]}", set(), Reason.NO_NOTIFIER, id="an unknown one only"),
    ],
)
def test_who_is_told(
    site: Site, newsroom: Newsroom, rule: str, told: set[str], reason: Reason
) -> None:
    for path in ("/a", "/b"):
        site.serve(path, Answer(204))
    newsroom.rule("ferries.yaml", FERRY_RULE + rule)
    newsroom.watching(one_report(site), notifiers={"a": hook(site, "/a"), "b": hook(site, "/b")})
    run = newsroom.run()
    assert {request.path for request in site.asked if request.method == "POST"} == told
    assert len(site.to("/a") + site.to("/b")) == len(told)
    (decision,) = run.decisions
    assert decision.reason is reason
    assert decision.outcome is (Outcome.SENT if told else Outcome.SILENT)


def test_an_unknown_notifier_in_a_rule_is_an_error_with_its_place_and_a_mend(
    newsroom: Newsroom,
) -> None:
    newsroom.rule("ferries.yaml", FERRY_RULE + "alert: {notify: [archiv]}\n")
    (problem,) = newsroom.files().errors
    assert "ferries.yaml:3:18" in str(problem)
    assert "Did you mean 'archive'?" in str(problem)


def test_two_rules_with_different_channels_name_only_their_own(
    site: Site, newsroom: Newsroom
) -> None:
    for path in ("/a", "/b"):
        site.serve(path, Answer(204))
    newsroom.rule("one.yaml", "id: one\nmatch: [ferry]\nalert: {notify: [a]}\n")
    newsroom.rule("two.yaml", "id: two\nmatch: [island]\nalert: {notify: [a, b]}\n")
    newsroom.watching(one_report(site), notifiers={"a": hook(site, "/a"), "b": hook(site, "/b")})
    newsroom.run()
    named = {
        path: [rule["id"] for rule in loads(request.body)["rules"]]
        for path in ("/a", "/b") for request in site.to(path)
    }  # fmt: skip
    assert named == {"/a": ["one", "two"], "/b": ["two"]}


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"type": "carrier-pigeon"}, id="an unknown type"),
        pytest.param({"type": "slack", "webhook_url": "not an address"}, id="a bad address"),
        pytest.param({"type": "email", "host": "x"}, id="missing options"),
        pytest.param({"type": "file", "path": "a.jsonl", "colour": "red"}, id="an unknown option"),
    ],
)
def test_a_channel_with_wrong_options_is_refused_before_anything_starts(
    newsroom: Newsroom, options: dict[str, Any]
) -> None:
    newsroom.watching(notifiers={"wrong": options})
    with pytest.raises(FilesError) as caught:
        App(newsroom.files())
    assert "config.yaml:" in str(caught.value)
    assert not (newsroom.folder / "data").exists()


@pytest.mark.parametrize(
    ("script", "state", "pending", "got"),
    [
        pytest.param({}, "sent", None, {"a", "b"}, id="both are accepted"),
        pytest.param(
            {"RCPT b@example.org": "550 unknown"}, "failed", ("b@example.org",), {"a"},
            id="one is refused for good: the other has it",
        ),
        pytest.param(
            {"RCPT b@example.org": "450 later"}, "retry", ("b@example.org",), {"a"},
            id="one is refused for now: only that one is tried again",
        ),
        pytest.param({"RCPT": "550 unknown"}, "failed", None, set(), id="both are refused"),
        pytest.param({"MAIL": "451 greylisted"}, "retry", None, set(), id="come again later"),
    ],
)  # fmt: skip
def test_recipients_of_a_mail(
    site: Site, newsroom: Newsroom, script: dict[str, str], state: str,
    pending: tuple[str, ...] | None, got: set[str],
) -> None:  # fmt: skip
    with SmtpServer(script=script) as smtp:
        newsroom.rule("ferries.yaml", FERRY_RULE)
        options = mail(smtp, "a@example.org", "b@example.org")
        newsroom.watching(one_report(site), notifiers={"mail": options})
        delivery = newsroom.run().deliveries["mail"]
        assert (delivery.state.value, delivery.pending_recipients) == (state, pending)
        reached = {one.partition("@")[0] for mail in smtp.mails for one in mail.recipients}
        assert reached == got
        if state == "retry":
            smtp.script.clear()
            newsroom.clock.advance(60)
            newsroom.run(deliver)
            assert len(smtp.mails) == (1 if got else 0), "a mail server is left alone for 5 minutes"
            newsroom.clock.advance(400)
            run = newsroom.run(deliver)
            assert run.deliveries["mail"].state == "sent"
            assert smtp.mails[-1].recipients == (pending or ("a@example.org", "b@example.org"))
            assert len({mail_of(mail.content)["Message-ID"] for mail in smtp.mails}) == 1


@pytest.mark.parametrize(
    ("wish", "too_soon", "then"),
    [
        pytest.param("30", 29, 2, id="in seconds"),
        pytest.param("7200", 7000, 300, id="longer than any back-off"),
    ],
)
def test_slack_asks_to_wait(
    site: Site, newsroom: Newsroom, wish: str, too_soon: float, then: float
) -> None:
    site.serve("/slack", Answer(429, "slow", headers=(("Retry-After", wish),)), OK)
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(one_report(site), notifiers={"slack": slack(site)})
    assert newsroom.run().deliveries["slack"].state == "retry"
    newsroom.clock.advance(too_soon)
    newsroom.run(deliver)
    assert len(site.to("/slack")) == 1
    newsroom.clock.advance(then)
    run = newsroom.run(deliver)
    assert (run.deliveries["slack"].state.value, len(site.to("/slack"))) == ("sent", 2)
    assert not run.deliveries["slack"].uncertain


def test_a_wish_to_wait_goes_for_the_whole_channel(site: Site, newsroom: Newsroom) -> None:
    """The other messages wait too, instead of asking the service once each."""
    site.serve("/slack", Answer(429, "slow", headers=(("Retry-After", "60"),)), OK, OK, OK)
    newsroom.rule("ferries.yaml", FERRY_RULE)
    items = []
    for number in range(3):
        title = f"Ferry number {number} leaves"
        text = tuple(f"{number} {paragraph}" for paragraph in FERRY.paragraphs)
        items.append(Item(title, site.page(f"/page{number}", semantic(title, text))))
    address = site.serve("/feed", feed(*items))
    newsroom.watching(address, notifiers={"slack": slack(site)}, polling={"backfill": "10"})
    newsroom.run()
    assert len(site.to("/slack")) == 1
    newsroom.clock.advance(61)
    newsroom.run(deliver)
    assert len(site.to("/slack")) == 4


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        pytest.param(Answer(500, "no"), "retry", id="a server error"),
        pytest.param(Answer(404, "no"), "failed", id="not found"),
        pytest.param(Answer(301, headers=(("Location", "/b"),)), "failed", id="a redirect"),
        pytest.param(None, "retry", id="nobody listens"),
    ],
)
def test_one_dead_channel_holds_up_no_other(
    site: Site, newsroom: Newsroom, answer: Answer | None, state: str
) -> None:
    dead = hook(site, "/a")
    if answer is None:
        dead["url"] = "http://127.0.0.1:9/nobody"
    else:
        site.serve("/a", answer)
    site.serve("/b", Answer(204))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(one_report(site), notifiers={"dead": dead, "good": hook(site, "/b")})
    run = newsroom.run()
    assert run.deliveries["dead"].state == state
    assert run.deliveries["dead"].last_error
    assert run.deliveries["good"].state == "sent"
    assert len(site.to("/b")) == 1


def test_a_hanging_channel_does_not_keep_the_other_waiting(site: Site, newsroom: Newsroom) -> None:
    site.serve("/a", Answer(silent=True))
    site.serve("/b", Answer(204))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(
        one_report(site), notifiers={"dead": hook(site, "/a"), "good": hook(site, "/b")}
    )

    async def poll_and_leave(app: App) -> None:
        app.dispatcher.patient = False
        await app.dispatcher.polls(force=True)
        await app.dispatcher.idle()
        await asyncio.to_thread(site.wait_for, "/a")
        await asyncio.to_thread(site.wait_for, "/b")

    run = newsroom.run(poll_and_leave)
    assert len(site.to("/b")) == 1
    assert run.deliveries["dead"].state == "sending"  # nobody knows yet what became of it


@pytest.mark.parametrize(
    ("on_uncertain", "state", "sends", "marked"),
    [
        pytest.param("resend", "sent", 2, True, id="resend: sent again, and the message says so"),
        pytest.param("hold", "held", 1, False, id="hold: kept until somebody looks"),
    ],
)
def test_an_answer_that_was_lost(
    site: Site, newsroom: Newsroom, on_uncertain: str, state: str, sends: int, marked: bool
) -> None:
    lost = Answer(200, "ok", "text/plain", (("Transfer-Encoding", "chunked"),))
    site.serve("/slack", lost, OK)
    newsroom.rule("ferries.yaml", FERRY_RULE)
    options = {**slack(site), "on_uncertain": on_uncertain}
    newsroom.watching(one_report(site), notifiers={"slack": options})
    newsroom.run()
    newsroom.clock.advance(60)
    run = newsroom.run(deliver)
    assert (run.deliveries["slack"].state.value, len(site.to("/slack"))) == (state, sends)
    assert run.deliveries["slack"].uncertain
    assert ("possible duplicate" in site.to("/slack")[-1].body.decode()) == marked


@pytest.mark.parametrize(
    ("answers", "states"),
    [
        pytest.param([Answer(404), Answer(204)], ["failed", "sent"], id="works now"),
        pytest.param([Answer(404), Answer(404)], ["failed", "failed"], id="fails again"),
        pytest.param([Answer(404), Answer(503), Answer(204)], ["failed", "retry"], id="in a while"),
    ],
)
def test_a_failed_delivery_is_sent_again_on_request(
    site: Site, newsroom: Newsroom, answers: list[Answer], states: list[str]
) -> None:
    site.serve("/a", *answers)
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(one_report(site), notifiers={"a": hook(site, "/a")})
    failed = newsroom.run().deliveries["a"]
    newsroom.clock.advance(100 * 3600)  # past the time after which nothing is retried by itself
    assert newsroom.run(deliver).deliveries["a"] == failed
    resend(newsroom, failed.id)
    again = newsroom.run(deliver).deliveries["a"]
    assert [failed.state.value, again.state.value] == states
    assert len(attempts(newsroom, failed.id)) == 2, "the history is kept"
    keys = {request.headers["idempotency-key"] for request in site.to("/a")}
    assert len(keys) == 1


def resend(newsroom: Newsroom, delivery: int) -> None:
    """What ``alerts resend`` does."""
    store = open_store(newsroom.folder / "data")
    try:
        assert store.requeue([delivery], newsroom.clock()) == 1
    finally:
        store.close()


def attempts(newsroom: Newsroom, delivery: int) -> list[Attempt]:
    """Every attempt at a delivery."""
    store = open_store(newsroom.folder / "data", read_only=True)
    try:
        return store.attempts(delivery)
    finally:
        store.close()


def _raises(path: Path) -> None:
    (path / "odd.py").write_text(
        "from dataclasses import dataclass\n"
        "@dataclass(frozen=True, slots=True)\n"
        "class Notifier:\n"
        "    '''Fails in a way of its own.'''\n"
        "    async def send(self, alert, context):\n"
        "        raise ZeroDivisionError('odd')\n"
    )


def _returns_nothing(path: Path) -> None:
    (path / "odd.py").write_text(
        "from dataclasses import dataclass\n"
        "@dataclass(frozen=True, slots=True)\n"
        "class Notifier:\n"
        "    '''Forgets its receipt.'''\n"
        "    async def send(self, alert, context):\n"
        "        return None\n"
    )


@pytest.mark.parametrize(
    ("plugin", "at_first", "at_last", "attempts"),
    [
        pytest.param(_raises, "retry", "failed", 5, id="that raises something of its own"),
        pytest.param(_returns_nothing, "sent", "sent", 1, id="that forgets its receipt"),
    ],
)
def test_a_plugin(
    site: Site, newsroom: Newsroom, plugin: Callable[[Path], None], at_first: str, at_last: str,
    attempts: int,
) -> None:  # fmt: skip
    (newsroom.folder / "plugins").mkdir()
    plugin(newsroom.folder / "plugins")
    newsroom.rule("ferries.yaml", FERRY_RULE)
    archive = {"type": "file", "path": "alerts.jsonl"}
    newsroom.watching(
        one_report(site), plugins=["./plugins"], notifiers={"odd": {"type": "odd"}, "f": archive}
    )
    run = newsroom.run()
    assert len(newsroom.archive()) == 1
    assert run.deliveries["odd"].state.value == at_first

    async def a_day(app: App) -> None:
        for _ in range(24):
            newsroom.clock.advance(3700)
            await deliver(app)

    odd = newsroom.run(a_day).deliveries["odd"]
    assert (odd.state.value, odd.attempts) == (at_last, attempts)
