"""Hostile text from the web, from feed to message: nothing in it is alive in any channel."""

import html
import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from monitor.logs import LineFormatter
from tests.flow.newsroom import FERRY_RULE, Newsroom, mail_of
from tests.flow.outlets import Answer, Item, Site, feed
from tests.notifiers.loopback import SmtpServer

TITLES = {
    "Slack's mentions": "ferry <!channel> <@U0001> <#C0001> @channel @here",
    "a Slack link": "ferry <https://evil.example|bank.example> *bold*",
    "a script": "ferry <script>alert(1)</script><img src=x onerror=alert(1)>",
    "an escaped script": "ferry &lt;script&gt;alert(1)&lt;/script&gt;",
    "a mail header": "ferry\r\nBcc: evil@evil.example\r\n\r\nbody",
    "an encoded mail header": "ferry =?utf-8?q?hi=0ABcc=3A_evil=40evil.example?=",
    "a terminal's escapes": "ferry &#27;]8;;http://evil.example&#27;\\x \u009b31m",
    "right-to-left text": "ferry \u202egnp.exe\u2066",
    "a very long one": "ferry " + "x" * 9000,
    "markup of terminals": "ferry [bold]x[/bold] [link=http://evil.example]y[/link]",
    "a forged log line": "ferry\n2026-11-22T00:00:00+0000 INFO    delivered  alert=1",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the channels got for one title."""

    slack: dict[str, Any]
    hook: dict[str, Any]
    mail: bytes
    screen: str


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Seen]]:
    """One run of a feed with every hostile title; what came out, by the title's name."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    with Site() as site, SmtpServer() as smtp:
        site.serve("/slack", Answer(200, "ok", "text/plain"))
        site.serve("/hook", Answer(204))
        items = []
        for number, title in enumerate(TITLES.values()):
            words = html.escape(title).replace("&amp;#27;", "&#27;")
            page = f"<article><h1>{words}</h1><p>The ferry, {words}, {number}.</p></article>"
            items.append(Item(title, site.page(f"/{number}", f"<html><body>{page}")))
        site.serve("/feed", feed(*items))
        newsroom = Newsroom(folder / "newsroom").rule("ferries.yaml", FERRY_RULE)
        newsroom.watching(
            f"{site.base}/feed",
            polling={"backfill": 100},
            notifiers={
                "screen": {"type": "console"},
                "slack": {"type": "slack", "webhook_url": f"{site.base}/slack"},
                "hook": {"type": "webhook", "url": f"{site.base}/hook", "secret": "made-up"},
                "mail": {
                    "type": "email", "host": "127.0.0.1", "port": smtp.port, "security": "none",
                    "from": "monitor@example.org", "to": ["desk@example.org"],
                },
            },
        )  # fmt: skip
        screen = io.StringIO()
        with redirect_stdout(screen):
            newsroom.run()
        yield _by_title(site, smtp, screen.getvalue())


def _by_title(site: Site, smtp: SmtpServer, screen: str) -> dict[str, Seen]:
    hooks = [json.loads(request.body) for request in site.to("/hook")]
    slacks = [json.loads(request.body) for request in site.to("/slack")]
    printed = [part for part in screen.split("-" * 76) if part.strip()]
    assert len(hooks) == len(slacks) == len(smtp.mails) == len(printed) == len(TITLES)
    found = {}
    for number, name in enumerate(TITLES):
        link = f"{site.base}/{number}"
        found[name] = Seen(
            next(one for one in slacks if re.search(rf"{link}\b", json.dumps(one))),
            next(one for one in hooks if one["url"] == link),
            next(mail.content for mail in smtp.mails if _names(mail.content, link)),
            next(one for one in printed if re.search(rf"{link}\b", one)),
        )
    return found


def _names(content: bytes, link: str) -> bool:
    part = mail_of(content).get_body(("plain",))
    return part is not None and re.search(rf"{link}\b", part.get_content()) is not None


NAMES = list(TITLES)


@pytest.mark.parametrize("name", NAMES)
def test_slack_sees_no_mention_and_no_link_but_ours(seen: dict[str, Seen], name: str) -> None:
    for text in _texts(seen[name].slack):
        assert not re.search(r"<[!@#]", text)
        for target in re.findall(r"<([^>|]*)[|>]", text):
            assert target.startswith(("http://127.0.0.1:",)), target
        assert len(text) <= 3000


def _texts(block: Any) -> Iterator[str]:
    """Every text of a Slack message that Slack would read as markup."""
    if isinstance(block, dict):
        if block.get("type") == "mrkdwn" and isinstance(block.get("text"), str):
            yield block["text"]
        if isinstance(block.get("text"), str) and "type" not in block:
            yield block["text"]
        for value in block.values():
            yield from _texts(value)
    elif isinstance(block, list):
        for value in block:
            yield from _texts(value)


@pytest.mark.parametrize("name", NAMES)
def test_a_mail_has_only_our_headers_and_one_reader(seen: dict[str, Seen], name: str) -> None:
    mail = mail_of(seen[name].mail)
    assert mail["To"] == "desk@example.org"
    assert mail["Bcc"] is None
    assert len(mail.get_all("Subject", [])) == 1
    assert "\n" not in str(mail["Subject"])
    assert b"\nBcc:" not in seen[name].mail
    assert len(seen[name].mail) < 100_000


class _Live(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "img", "iframe", "object", "form", "svg", "link", "base"}:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (name == "src"):
                self.found.append(name)
            if name == "href" and not (value or "").startswith("http://127.0.0.1:"):
                self.found.append(value or "")


@pytest.mark.parametrize("name", NAMES)
def test_the_html_of_a_mail_has_nothing_live_but_our_link(seen: dict[str, Seen], name: str) -> None:
    part = mail_of(seen[name].mail).get_body(("html",))
    assert part is not None
    live = _Live()
    live.feed(part.get_content())
    assert live.found == []


CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("name", NAMES)
def test_no_control_or_direction_character_reaches_a_reader(
    seen: dict[str, Seen], name: str
) -> None:
    assert not CONTROLS.search(seen[name].screen)
    for text in (seen[name].hook["title"], *map(str, _texts(seen[name].slack))):
        assert not CONTROLS.search(text)


def test_a_title_cannot_forge_a_log_line(site: Site, newsroom: Newsroom) -> None:
    forged = "ferry\n2026-11-22T00:00:00+0000 INFO    delivered\u2028next"
    link = site.page("/page", "<article><p>A ferry.</p></article>")
    site.serve("/feed", feed(Item(forged, link)))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(f"{site.base}/feed")
    with logged() as stream:
        newsroom.run()
    lines = stream.getvalue().splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\dT\S+ (INFO|WARNING) ", line) for line in lines)
    assert sum(bool(re.match(r"\S+ INFO +delivered", line)) for line in lines) == 1
    assert sum("next" in line for line in lines) == 1  # the title stands in one line


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """All that the program logs meanwhile, in its own form."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
