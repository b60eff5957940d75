"""docs/notifiers.md holds: its configurations bind, its example runs, its options are complete."""

import asyncio
import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from monitor.config.bind import bind
from monitor.config.settings import load_settings
from monitor.plugins import find, load
from monitor.secret import Secret
from notifiers import payload
from tests.notifiers.loopback import HttpServer, answer
from tests.notifiers.samples import ALERT, lent

PAGE = (Path(__file__).parents[2] / "docs" / "notifiers.md").read_text(encoding="utf-8")
ENVIRONMENT = {
    "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T0/B0/x",
    "HOOK_URL": "https://example.org/hook",
    "HOOK_SECRET": "shared-secret",
    "SMTP_PASSWORD": "example-password",
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", blocks("yaml"))
def test_each_configuration_makes_its_notifiers(block: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(block)
    settings, problems = load_settings(path, ENVIRONMENT)
    assert settings is not None, problems
    for wanted in settings.notifiers:
        kind = load(wanted.type, find())
        made, troubles = bind(kind, wanted.options, tmp_path, ENVIRONMENT)
        assert troubles == ()
        assert isinstance(made, kind)


@pytest.mark.parametrize("name", list(find()))
def test_each_option_of_each_notifier_is_in_the_manual(name: str) -> None:
    section = PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    assert section
    table = "\n".join(line for line in section.splitlines() if line.startswith("| `"))
    for option in fields(load(name, find())):
        assert f"`{option.name.rstrip('_')}`" in table


def test_the_example_of_the_manual_is_a_notifier_that_works(tmp_path: Path) -> None:
    (example,) = blocks("python")
    assert len(example.splitlines()) <= 25
    (tmp_path / "push.py").write_text(example)
    kind = load("push", find([tmp_path]))

    async def run(url: str) -> None:
        async with lent() as context:
            await kind(server=Secret(url), topic=Secret("t0pic")).send(ALERT, context)

    with HttpServer(answers=[answer(200)]) as server:
        asyncio.run(run(server.url))
    sent = json.loads(server.requests[0].body)
    assert (sent["topic"], sent["title"]) == ("t0pic", ALERT.title)


def test_the_json_of_the_manual_has_the_fields_that_are_sent() -> None:
    (block,) = blocks("json")
    shown, sent = json.loads(block), payload(ALERT)
    assert shown.keys() == sent.keys()
    assert shown["rules"][0].keys() == sent["rules"][0].keys()  # type: ignore[index]  # JSON
    assert shown["places"][0].keys() == sent["places"][0].keys()  # type: ignore[index]  # JSON
