"""I12: a secret in every place that takes one, a real run at DEBUG in which everything fails.

Not one of them may be found afterwards: not in what is logged or printed, tracebacks included, not
in what other commands show, not in the files that the program leaves, not in the command line of
any of its processes nor in the environment of its children. (The environment with which somebody
starts the program is theirs; it is readable for its own user only.)

The one known exception stands in ``IN_THE_DATABASE``: the address of a feed is the key under which
its state is stored, so that a key in the address's query is in the database file.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.config.keys import SECTIONS, later_keys
from tests.daemon.program import FERRY_RULE, ROOT, Folder, Program
from tests.daemon.test_service import children
from tests.flow.outlets import Answer, Item, Site, feed, semantic
from tests.flow.reports import FERRY

# By the environment; the names say where each is used.
CANARIES = {
    "CANARY_SLACK_URL": "/services/T0CANARY/B0CANARY/canary-of-the-slack-address",
    "CANARY_SLACK_TOKEN": "xoxb-000000000000-canaryoftheslacktoken",
    "CANARY_SMTP": "canary-of-the-mail-password",
    "CANARY_HOOK": "canary-of-the-webhook-secret",
    "CANARY_HOOK_URL": "/in/canary-of-the-webhook-address",
    "CANARY_HEADER": "canary-of-a-feed-header",
    "CANARY_BASIC": "canary-of-a-feed-password",
    "CANARY_QUERY": "canary-of-a-feed-query",
    "CANARY_PROXY": "canary-of-the-proxy-password",
    "CANARY_APPRISE": "canary-of-an-apprise-address",
}
FILED = "canary-of-a-secret-file"
IN_THE_DATABASE = {"CANARY_QUERY"}
NEEDLES = {
    name: text.removeprefix("/services/").removeprefix("/in/") for name, text in CANARIES.items()
}
NEEDLES["a file"] = FILED


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, site: Site) -> Folder:
    """Every place that takes a secret; every channel refuses, breaks or is not there."""
    made = Folder(tmp_path / "home")
    made.rule("ferries.yaml", FERRY_RULE)
    secret = made.path / "secret.txt"
    secret.write_text(FILED)
    secret.chmod(0o600)
    page = site.page("/page", semantic(FERRY.title, FERRY.paragraphs))
    site.serve("/feed", feed(Item(FERRY.title, page)))
    site.serve("/broken", Answer(200, "<rss><channel>", "text/xml"))
    site.serve(CANARIES["CANARY_SLACK_URL"], Answer(403, "invalid_token", "text/plain"))
    site.serve(CANARIES["CANARY_HOOK_URL"], Answer(500, CANARIES["CANARY_HOOK"], "text/plain"))
    headers = {"X-Key": "${CANARY_HEADER}"}
    mail = {
        "type": "email", "host": "127.0.0.1", "port": 9, "security": "tls", "username": "monitor",
        "from": "monitor@example.org", "to": ["desk@example.org"],
    }  # fmt: skip
    made.write(
        feeds=[
            {"url": f"{site.base}/feed", "headers": headers},
            {"url": f"{site.base}/gone?key=${{CANARY_QUERY}}", "headers": headers},
            {"url": f"{site.base}/broken?k=1&key=${{CANARY_QUERY}}"},
            {"url": "http://127.0.0.1:9/nobody?key=${CANARY_QUERY}", "headers": headers},
            {"url": f"{site.base}/gone", "auth": {"username": "a", "password": "${CANARY_BASIC}"}},
        ],
        notifiers={
            "slack": {"type": "slack", "webhook_url": f"{site.base}${{CANARY_SLACK_URL}}"},
            "bot": {"type": "slack", "token": "${CANARY_SLACK_TOKEN}", "channel": "#news",
                    "api_url": "https://127.0.0.1:9/api/"},
            "hook": {"type": "webhook", "url": f"{site.base}${{CANARY_HOOK_URL}}",
                     "secret": "${CANARY_HOOK}"},
            "nowhere": {"type": "webhook", "url": "http://127.0.0.1:9${CANARY_HOOK_URL}",
                        "secret": {"file": "secret.txt"}},
            "phone": {"type": "apprise", "urls": ["json://127.0.0.1:9/${CANARY_APPRISE}"]},
            "mail": {**mail, "password": "${CANARY_SMTP}"},
            "filed": {**mail, "password": {"file": "secret.txt"}},
        },
    )  # fmt: skip
    return made


def leaks(text: str | bytes) -> set[str]:
    """The names of the canaries that can be found in ``text``."""
    raw = text.encode(errors="replace") if isinstance(text, str) else text
    return {name for name, needle in NEEDLES.items() if needle.encode() in raw}


def command(folder: Folder, *arguments: str) -> str:
    """What another command prints on both streams, at DEBUG."""
    done = subprocess.run(
        [sys.executable, "-c", _COMMANDS, str(folder.path / "config.yaml"), *arguments],
        capture_output=True, text=True, check=False, cwd=folder.path,
        env={**os.environ, **CANARIES, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert "used:" in done.stdout, done.stderr
    return done.stdout + done.stderr


_COMMANDS = """
import sys
from monitor.cli import run
config, *lines = sys.argv[1:]
for line in lines:
    print("used:", line.split()[0], run(["--debug", "--config", config, *line.split()]), flush=True)
"""


def test_no_canary_is_found_anywhere(site: Site, folder: Folder) -> None:
    with Program(folder, "--debug", **CANARIES) as program:
        for channel in ("slack", "bot", "hook", "nowhere", "phone", "mail", "filed"):
            program.wait_for(f"not delivered.*to={channel}")
        for _ in range(4):
            program.wait_for("feed failed")
        seen: set[str] = set()
        found = children(program.process.pid)
        assert found, "the parsers are children"
        for child in found:
            seen |= leaks((child / "environ").read_bytes())
            seen |= leaks((child / "cmdline").read_bytes())
        seen |= leaks((Path("/proc") / str(program.process.pid) / "cmdline").read_bytes())
        assert seen == set(), "processes"
        here = program.here()
        program.send(signal.SIGHUP)  # the variables are still known to a reload
        folder.write(notifiers={**folder.config["notifiers"], "bad": {"type": "slack"}})
        program.wait_for("config not taken", after=here)
        program.send(signal.SIGTERM)
        assert program.end() == 0
        assert leaks(program.output) == set(), "logs"
    assert site.to("/feed")[0].headers["x-key"] == CANARIES["CANARY_HEADER"]
    assert len(site.to(CANARIES["CANARY_SLACK_URL"])) >= 1, "they were really used"
    del folder.config["notifiers"]["bad"]
    proxy = "http://monitor:${CANARY_PROXY}@127.0.0.1:9"
    folder.write(network={"allow_private": ["127.0.0.1"], "proxy": proxy})
    folder.make_due()
    printed = command(
        folder, "status", "status --json", "feeds list", "feeds list --json", "alerts list",
        "alerts list --json", "articles --json", "preview test --to slack",
        "preview test --to bot", "preview test --to hook", "preview test --to mail",
        "send-test nowhere", "send-test phone", "check", "run --once", "feeds list",
    )  # fmt: skip
    assert leaks(printed) == set(), [line for line in printed.splitlines() if leaks(line)]
    own = {folder.path / "config.yaml", folder.path / "secret.txt"}
    for path in sorted(folder.path.rglob("*")):
        if path.is_file() and path not in own:
            allowed = IN_THE_DATABASE if path.name.startswith("news-monitor.db") else set()
            assert leaks(path.read_bytes()) <= allowed, path


def test_the_search_can_fail() -> None:
    assert leaks(f"... {CANARIES['CANARY_SMTP']} ...") == {"CANARY_SMTP"}
    assert leaks(b"\x00" + FILED.encode()) == {"a file"}


def test_there_is_no_database_address_yet_that_could_leak() -> None:
    """When ``database:`` comes, its password belongs into the run above."""
    known: Any = SECTIONS[()].__dataclass_fields__
    assert "database" not in known
    assert "database" in later_keys(())
