"""A folder with config, rules and articles, and the commands called there as a user would."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import Call, Said, Write, call, write

__all__ = ["Call", "Lines", "Said", "Write", "article", "call", "jsonl", "newsroom", "write"]

CONFIG = """
timezone: Europe/Brussels
feeds:
  - {url: 'https://herald.example/feed', name: Sample Herald, tier: 1, tags: [eu], language: en}
rules: [./rules]
notifiers:
  screen: {type: console}
  slack: {type: slack, webhook_url: "${SLACK_WEBHOOK_URL}"}
routes:
  - {match: {tier: 1}, notify: [slack]}
  - {match: {desk: sport}, notify: [screen], digest: "08:00"}
  - {notify: [screen], quiet: "22:00-07:00", break_through: urgent}
"""
RULES = """
rules:
  - {id: deal, match: [Alpha, Beta]}
  - {id: loud, level: urgent, match: [quake]}
  - {id: sport, labels: {desk: sport}, match: [regatta]}
  - {id: french, match: [Alpha], source: {languages: [fr]}}
  - {id: over, match: [Gamma], expires: 2026-11-20}
"""

Lines = Callable[..., str]


def article(number: int, **fields: Any) -> dict[str, Any]:
    """An article of its own, by its number, on Friday 20 November at noon in Brussels."""
    return {
        "id": number, "title": f"Report {number} on {chr(97 + number) * 5}works", "text": "",
        "source": f"Outlet {number}", "language": "en", "published": "2026-11-20T12:00:00+01:00",
        **fields,
    }  # fmt: skip


@pytest.fixture
def newsroom(write: Write, call: Call) -> Call:
    """The commands, in a folder with config.yaml and rules."""
    write("config.yaml", CONFIG)
    write("rules/all.yaml", RULES)
    return call


@pytest.fixture
def jsonl(write: Write) -> Lines:
    """Writes articles.jsonl (texts as they are, the rest as JSON) and gives its name."""

    def written(*lines: str | dict[str, Any], name: str = "articles.jsonl") -> str:
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        write(name, "\n".join(texts) + "\n")
        return name

    return written
