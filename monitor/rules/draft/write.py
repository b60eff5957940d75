"""A drafted rule as the text of a rule file.

Layer 1, pure.
"""

import re
from collections.abc import Container, Sequence
from typing import Any, Final

import yaml

from monitor.rules.draft.built import Plain
from monitor.rules.terms import parse_term
from monitor.text.words import fold

_WIDTH: Final = 96
_COUNTS: Final = ("within", "min_mentions", "at_least")


def rule_text(rule_id: str, title: str, match: Plain, tests: Sequence[Plain], about: str) -> str:
    """A rule file: ``about`` as its comment, then id, title, match and tests. No owner."""
    parts = [f"# {line}" for line in about.splitlines()]
    parts.append(block({"id": rule_id, "title": title, "match": match}))
    if tests:
        parts.append("tests:\n" + listed(tests, _WIDTH, "  "))
    return "\n".join(part.rstrip("\n") for part in parts) + "\n"


def block(value: Plain, width: int = _WIDTH) -> str:
    """YAML of several lines; innermost lists and mappings stand on one line."""
    return str(
        yaml.safe_dump(
            numbered(value), default_flow_style=None, sort_keys=False, allow_unicode=True,
            width=width,
        )
    )  # fmt: skip


def listed(items: Sequence[Plain], width: int = _WIDTH, indent: str = "") -> str:
    """A YAML list, one item below the other; short items stand on one line."""
    lines: list[str] = []
    for item in items:
        lines.extend(f"{indent}{line}" for line in _item(item, width - len(indent)))
    return "\n".join(lines) + "\n"


def _item(item: Plain, width: int) -> list[str]:
    if not isinstance(item, dict) or len(item) != 1:
        return block([item], width).rstrip("\n").split("\n")
    key, value = next(iter(item.items()))
    short = f"- {key}: {inline(value)}"
    if len(short) <= width:
        return [short]
    if isinstance(value, str):
        return block([item], width).rstrip("\n").split("\n")
    whole = yaml.safe_dump(
        numbered(value), default_flow_style=False, sort_keys=False, allow_unicode=True,
        width=width - 4,
    )  # fmt: skip
    return [f"- {key}:", *(f"    {line}" for line in str(whole).rstrip("\n").split("\n"))]


def inline(value: Plain) -> str:
    """YAML on one line, as it may stand inside brackets."""
    text = yaml.safe_dump(
        numbered(value), default_flow_style=True, sort_keys=False, allow_unicode=True,
        width=1_000_000,
    )  # fmt: skip
    return str(text).removesuffix("\n").removesuffix("\n...")


def numbered(value: Plain) -> Any:
    """``value`` with its distances and counts as numbers, so that they need no quotes."""
    if isinstance(value, dict):
        return {
            key: int(item)
            if key in _COUNTS and isinstance(item, str) and item.isdecimal()
            else numbered(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [numbered(item) for item in value]
    return value


def id_from(terms: Sequence[str], taken: Container[str]) -> str:
    """An id that no rule has, from the rule's first terms: letters, digits and hyphens."""
    words: list[str] = []
    for term in terms:
        parsed = parse_term(term)
        if isinstance(parsed, tuple):
            words.extend(word.fold for word in parsed if word.fold not in words)
    stem = re.sub(r"[^\w]+", "-", fold("-".join(words[:4])))[:60].strip("-_") or "draft"
    number, found = 1, stem
    while found in taken:
        number += 1
        found = f"{stem}-{number}"
    return found
