"""docs/notifiers.md holds: its configurations bind, its example runs, its options are complete."""

import asyncio
import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from monitor.alerts.template_values import NAMES
from monitor.alerts.templates import _FILTERS, render
from monitor.config.bind import bind
from monitor.config.settings import load_settings
from monitor.plugins import find, load
from monitor.secret import Secret
from notifiers import payload
from tests.notifiers.loopback import HttpServer, answer
from tests.notifiers.samples import ALERT, KINDS, TOLD, lent

PAGE = (Path(__file__).parents[2] / "docs" / "notifiers.md").read_text(encoding="utf-8")
ENVIRONMENT = {
    "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T0/B0/x",
    "HOOK_URL": "https://example.org/hook",
    "HOOK_SECRET": "shared-secret",
    "SMTP_PASSWORD": "example-password",
    "SLACK_TOKEN": "xoxb-example",
    "NTFY_TOPIC": "example-topic",
    "DISCORD_URL": "discord://1234567890/example-token",
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
    shown, sent = json.loads(block), json.loads(json.dumps(payload(TOLD)))
    assert _shape(shown) == _shape(sent)


def _shape(value: object) -> object:
    """Keys and kinds: lists by their longest item; labels are the user's own."""
    if isinstance(value, dict):
        return {key: {} if key == "labels" else _shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shape(max(value, key=lambda item: len(str(item))))] if value else []
    return type(value).__name__


def test_every_value_of_a_template_is_in_the_manual() -> None:
    section = PAGE.partition("\n## Templates\n")[2].partition("\n## ")[0]
    told = set(re.findall(r"`(\w+)`", section))
    assert told >= NAMES
    for name in _FILTERS:
        assert name in told


@pytest.mark.parametrize("template", re.findall(r"^```jinja\n(.*?)^```$", PAGE, re.M | re.S))
@pytest.mark.parametrize("kind", list(KINDS))
def test_each_template_of_the_manual_works_for_every_kind_of_message(
    template: str, kind: str
) -> None:
    assert render(template, KINDS[kind]).strip()
