"""The program's life: start, work, the ways to end it, and what a killed one leaves behind."""

import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.daemon.program import FERRY_RULE, PATIENCE, Folder, Program
from tests.flow.outlets import Answer, Item, Site, feed, semantic
from tests.flow.reports import FERRY
from tests.notifiers.loopback import HANG, SmtpServer


def one_report(site: Site) -> str:
    """A feed with one report on a ferry."""
    link = site.page("/page", semantic(FERRY.title, FERRY.paragraphs))
    return site.serve("/feed", feed(Item(FERRY.title, link)))


def hook(site: Site) -> dict[str, str]:
    """The options of a webhook."""
    return {"type": "webhook", "url": f"{site.base}/hook", "secret": "made-up-secret"}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a program ended whose channels never answered."""

    code: int
    seconds: float
    said: str
    states: dict[str, str]


@pytest.fixture(scope="module", autouse=True)
def ending(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Future[Ending]]:
    """Begins at once, so that its seven seconds of waiting pass beside the other tests."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(_end_with_hanging_channels, tmp_path_factory.mktemp("ending"))


def _end_with_hanging_channels(path: Path) -> Ending:
    with Site() as site, SmtpServer(script={"DOT": HANG}) as smtp:
        site.serve("/hook", Answer(silent=True))
        folder = Folder(path / "home")
        folder.rule("ferries.yaml", FERRY_RULE)
        mail = {
            "type": "email", "host": "127.0.0.1", "port": smtp.port, "security": "none",
            "from": "monitor@example.org", "to": ["desk@example.org"],
        }  # fmt: skip
        folder.write(feeds=[one_report(site)], notifiers={"hook": hook(site), "mail": mail})
        with Program(folder) as program:
            site.wait_for("/hook")
            program.send(signal.SIGTERM)
            began = time.monotonic()
            code = program.end()
            return Ending(code, time.monotonic() - began, program.output, folder.states())


def test_it_polls_alerts_and_ends_when_asked(site: Site, folder: Folder) -> None:
    folder.rule("ferries.yaml", FERRY_RULE)
    folder.write(feeds=[one_report(site)])
    with Program(folder) as program:
        program.wait_for(r"watching .*feeds=1 rules=1 .*notifiers=archive")
        program.wait_for(r"alert .*rules=ferries")
        program.wait_for(r"delivered")
        program.send(signal.SIGTERM)
        assert program.end(10) == 0
        assert "stopping  signal=SIGTERM" in program.output
        assert "Traceback" not in program.output
    assert [line["title"] for line in folder.archive()] == [FERRY.title]


def test_c22_a_send_under_way_is_waited_for_and_a_second_signal_does_not_wait(
    site: Site, folder: Folder
) -> None:
    site.serve("/hook", Answer(silent=True))
    folder.rule("ferries.yaml", FERRY_RULE)
    folder.write(feeds=[one_report(site)], notifiers={"hook": hook(site)})
    with Program(folder) as program:
        site.wait_for("/hook")
        program.send(signal.SIGTERM)
        program.wait_for("stopping")
        assert program.process.poll() is None
        program.send(signal.SIGTERM)  # at once: the same wish, sent to a process and its group
        deadline = time.monotonic() + 5
        while program.process.poll() is None and time.monotonic() < deadline:
            program.send(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                program.process.wait(0.2)
        assert program.end(5) == 1
        program_said = program.output
    assert "stopping at once" in program_said
    assert folder.states() == {"hook": "sending"}


def test_c25_killed_while_sending_it_delivers_after_the_restart(site: Site, folder: Folder) -> None:
    site.serve("/hook", Answer(silent=True), Answer(204))
    folder.rule("ferries.yaml", FERRY_RULE)
    folder.write(feeds=[one_report(site)], notifiers={"hook": hook(site)})
    with Program(folder) as program:
        site.wait_for("/hook")
        program.send(signal.SIGKILL)
        assert program.end() == -signal.SIGKILL
    with Program(folder) as program:  # the lock went with the process
        program.wait_for("it may have arrived")
        program.wait_for("delivered")
        program.send(signal.SIGINT)
        assert program.end(10) == 0, "Ctrl-C ends it as SIGTERM does"
    first, second = site.to("/hook")
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert b'"possible_duplicate":true' in second.body
    assert folder.states() == {"hook": "sent"}
    assert len(site.to("/feed")) == 1, "a feed that is not due is not asked after a restart"


def test_c24_a_second_program_on_the_folder_refuses_and_the_first_goes_on(
    site: Site, folder: Folder
) -> None:
    folder.rule("ferries.yaml", FERRY_RULE)
    folder.write(feeds=[site.serve("/feed", feed(), feed(), Answer(404))])
    with Program(folder) as first:
        site.wait_for("/feed")
        first.wait_for("watching")
        with Program(folder) as second:
            second.wait_for(f"already runs on .*process {first.process.pid}")
            assert second.end() == 1
            assert "Traceback" not in second.output
        one_report(site)
        folder.make_due()
        first.wait_for("delivered")
        assert first.process.poll() is None


def test_with_no_feed_in_reach_it_says_so_per_feed_and_keeps_running(
    site: Site, folder: Folder
) -> None:
    gone = site.serve("/gone", Answer(404))
    folder.rule("ferries.yaml", FERRY_RULE)
    folder.write(
        feeds=[
            {"url": gone, "name": "Gone"},
            {"url": "http://127.0.0.1:9/feed", "name": "Nobody"},
            {"url": "http://no-such-host.invalid/feed", "name": "No name"},
            {"url": "http://10.1.2.3/feed", "name": "Inside"},
        ]
    )
    with Program(folder) as program:
        for name, told in [
            ("Gone", "404"), ("Nobody", ""), ("No name", "no-such-host.invalid"),
            ("Inside", "network.allow_private"),
        ]:  # fmt: skip
            program.wait_for(f"feed failed: .*{told}.*{name}")
        here = program.here()
        folder.write(feeds=[one_report(site)])
        program.wait_for("delivered", after=here)
        assert program.process.poll() is None
        assert "Traceback" not in program.output


SECRETS = {
    "HOOK_URL": "/services/T0000/B0000/made-up-webhook-token",
    "HOOK_SECRET": "made-up-shared-secret",
    "SMTP_PASSWORD": "made-up-mail-password",
    "FEED_TOKEN": "made-up-feed-token",
}


@pytest.fixture
def secretive(site: Site, folder: Folder) -> Iterator[Folder]:
    """A folder whose channels and feed all have secrets, and where everything fails somehow."""
    folder.rule("ferries.yaml", FERRY_RULE)
    headers = {"Authorization": "Bearer ${FEED_TOKEN}"}
    folder.write(
        feeds=[{"url": one_report(site), "headers": headers},
               {"url": f"{site.base}/gone", "headers": headers}],
        notifiers={
            "slack": {"type": "slack", "webhook_url": f"{site.base}${{HOOK_URL}}"},
            "hook": {"type": "webhook", "url": "http://127.0.0.1:9${HOOK_URL}",
                     "secret": "${HOOK_SECRET}"},
            "mail": {
                "type": "email", "host": "127.0.0.1", "port": 9, "security": "tls",
                "username": "monitor", "password": "${SMTP_PASSWORD}",
                "from": "monitor@example.org", "to": ["desk@example.org"],
            },
        },
    )  # fmt: skip
    site.serve(SECRETS["HOOK_URL"], Answer(403, "invalid_token", "text/plain"))
    yield folder


def test_no_secret_is_printed_even_at_debug(site: Site, secretive: Folder) -> None:
    with Program(secretive, "--debug", **SECRETS) as program:
        for channel in ("slack", "hook", "mail"):
            program.wait_for(f"not delivered.*to={channel}")
        program.wait_for("feed failed")
        program.send(signal.SIGHUP)
        program.send(signal.SIGTERM)
        assert program.end() == 0
        said = program.output
    assert site.to("/feed")[0].headers["authorization"] == f"Bearer {SECRETS['FEED_TOKEN']}"
    assert len(site.to(SECRETS["HOOK_URL"])) == 1
    for name, secret in SECRETS.items():
        assert secret.removeprefix("/services/") not in said, name


def test_it_does_not_start_with_a_broken_config(folder: Folder) -> None:
    folder.write_config_text("fedes: []\n")
    with Program(folder) as program:
        program.wait_for(r"config\.yaml:1:1: .*feeds")
        assert program.end() == 2
        assert "Traceback" not in program.output
    assert not (folder.path / "data").exists()


def test_c21_channels_that_never_answer_cannot_keep_it_from_ending(ending: Future[Ending]) -> None:
    ended = ending.result(PATIENCE)
    assert ended.code == 0
    assert ended.seconds < 10
    assert "Traceback" not in ended.said
    assert ended.states["hook"] == "sending"  # told apart at the next start
    assert ended.states["mail"] in ("sending", "pending")  # the end may come before its turn
