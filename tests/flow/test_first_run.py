"""The first run on three outlets, and the second: every channel, every decision, nothing twice."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from monitor.model import Outcome, Quality, Reason
from tests.flow.newsroom import Newsroom, Run, mail_of
from tests.flow.outlets import Answer, Asked, Item, Site, columns, feed, semantic, weblog
from tests.flow.reports import BOTH, FERRY, INQUIRY, QUESTIONS, REPORTS, SCRUTINY
from tests.notifiers.loopback import Mail, SmtpServer

CHANNELS = ("screen", "archive", "hook", "slack", "mail")


@dataclass(frozen=True, slots=True)
class TwoRuns:
    """What two runs in a row left behind."""

    first: Run
    second: Run
    screen: str
    screen_again: str
    archive: list[dict[str, object]]
    hook: list[Asked]
    slack: list[Asked]
    mails: list[Mail]
    feed_requests: list[Asked]
    page_requests: int


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoRuns]:
    """One feed, entries without dates, three markups and one report of other things."""
    folder: Path = tmp_path_factory.mktemp("first")
    with Site() as site, SmtpServer() as smtp:
        pages = {
            "/a": weblog(INQUIRY.title, INQUIRY.paragraphs),
            "/b": semantic(QUESTIONS.title, QUESTIONS.paragraphs),
            "/c": columns(SCRUTINY.title, SCRUTINY.paragraphs),
            "/d": weblog(FERRY.title, FERRY.paragraphs),
        }
        links = [site.page(path, html) for path, html in pages.items()]
        titles = [report.title for report in (*REPORTS, FERRY)]
        items = [Item(title, link) for title, link in zip(titles, links, strict=True)]
        address = site.serve("/feed", feed(*items, tag="one"))
        site.serve("/slack", Answer(200, "ok", "text/plain"))
        site.serve("/hook", Answer(204))
        newsroom = Newsroom(folder / "newsroom").with_shipped_rules()
        newsroom.watching(
            {"url": address, "name": "Sample Courier"},
            notifiers={
                "screen": {"type": "console"},
                "archive": {"type": "file", "path": "alerts.jsonl"},
                "hook": {"type": "webhook", "url": f"{site.base}/hook", "secret": "made-up-secret"},
                "slack": {"type": "slack", "webhook_url": f"{site.base}/slack"},
                "mail": {
                    "type": "email", "host": "127.0.0.1", "port": smtp.port, "security": "none",
                    "from": "monitor@example.org", "to": ["desk@example.org"],
                },
            },
        )  # fmt: skip
        screen, screen_again = StringIO(), StringIO()
        with redirect_stdout(screen):
            first = newsroom.run()
        with redirect_stdout(screen_again):
            second = newsroom.run()
        yield TwoRuns(
            first, second, screen.getvalue(), screen_again.getvalue(), newsroom.archive(),
            site.to("/hook"),
            site.to("/slack"), list(smtp.mails), site.to("/feed"),
            sum(len(site.to(path)) for path in pages),
        )  # fmt: skip


def told(runs: TwoRuns) -> dict[str, list[str]]:
    """The text of every message, by channel."""
    return {
        "screen": [part for part in runs.screen.split("-" * 76) if part.strip()],
        "archive": [json.dumps(line) for line in runs.archive],
        "hook": [request.body.decode() for request in runs.hook],
        "slack": [request.body.decode() for request in runs.slack],
        "mail": [_text(mail) for mail in runs.mails],
    }


def _text(mail: Mail) -> str:
    body = mail_of(mail.content).get_body(("plain",))
    assert body is not None
    return f"{mail_of(mail.content)['Subject']}\n{body.get_content()}"


def test_every_pair_of_article_and_rule_has_exactly_one_recorded_decision(runs: TwoRuns) -> None:
    titles = {history.article.id: history.article.title for history in runs.second.stored}
    pairs = Counter((titles[one.article_id], one.rule_id) for one in runs.second.decisions)
    assert pairs == {(report.title, rule): 1 for report in REPORTS for rule in BOTH}
    assert {one.outcome for one in runs.second.decisions} == {Outcome.SENT}
    assert {one.reason for one in runs.second.decisions} == {Reason.FIRST_REPORT}
    assert {one.notify for one in runs.second.decisions} == {CHANNELS}


def test_pages_of_all_three_markups_are_read_in_full(runs: TwoRuns) -> None:
    read = {history.article.title: history.article for history in runs.first.stored}
    assert {article.quality for article in read.values()} == {Quality.OK}
    for report in (*REPORTS, FERRY):
        assert read[report.title].text.split("\n\n") == list(report.paragraphs)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_gets_one_message_per_article_naming_both_rules(
    runs: TwoRuns, channel: str
) -> None:
    messages = told(runs)[channel]
    assert len(messages) == len(REPORTS)
    for report in REPORTS:
        named = [text for text in messages if " ".join(report.title.split()) in plain(text)]
        assert len(named) == 1, report.title
        assert "EU competition authorities and AI deals" in plain(named[0])
        assert "Microsoft and Mistral AI" in plain(named[0])


def plain(text: str) -> str:
    """Lines joined; JSON's escape of the apostrophe is never needed."""
    return " ".join(text.split())


def test_the_article_of_other_things_alerts_nobody(runs: TwoRuns) -> None:
    for messages in told(runs).values():
        assert not any(FERRY.title in text for text in messages)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        pytest.param(lambda runs: len(runs.second.articles), 0, id="handles no entry again"),
        pytest.param(lambda runs: len(runs.screen_again), 0, id="prints nothing"),
        pytest.param(lambda runs: len(runs.archive), 3, id="writes no line more"),
        pytest.param(lambda runs: len(runs.hook), 3, id="calls no webhook"),
        pytest.param(lambda runs: len(runs.slack), 3, id="posts nothing to Slack"),
        pytest.param(lambda runs: len(runs.mails), 3, id="mails nobody"),
        pytest.param(lambda runs: runs.page_requests, 4, id="fetches no page"),
        pytest.param(lambda runs: len(runs.second.parsed), 0, id="parses no feed"),
        pytest.param(lambda runs: len(runs.feed_requests), 2, id="asks for the feed once"),
    ],
)
def test_the_second_run(runs: TwoRuns, count: Callable[[TwoRuns], int], expected: int) -> None:
    assert count(runs) == expected


def test_the_second_run_asks_conditionally_with_the_validators_of_the_first(runs: TwoRuns) -> None:
    first, second = (dict(request.headers) for request in runs.feed_requests)
    assert "if-none-match" not in first
    assert second["if-none-match"] == '"one"'
    assert runs.second.polls[0].outcome.startswith("not modified")


@pytest.mark.parametrize("name", ["cookie", "referer", "range"])
def test_no_request_says_more_than_it_must(runs: TwoRuns, name: str) -> None:
    assert not any(name in request.headers for request in runs.feed_requests)


def test_every_delivery_ended_as_sent_at_the_first_attempt(runs: TwoRuns) -> None:
    deliveries: list[Any] = [
        delivery for history in runs.second.stored for alert in history.alerts
        for delivery in alert.deliveries
    ]  # fmt: skip
    assert Counter((one.notifier, one.state.value, one.attempts) for one in deliveries) == {
        (channel, "sent", 1): 3 for channel in CHANNELS
    }
