"""Makes the JSON Schemas that editors complete and check config.yaml and rule files with.

Pure but for ``write`` and the last lines. Draft 2020-12. The files in ``schemas/`` are shipped;
``python -m monitor.config.schema`` writes them anew, and with ``rule`` or ``config`` behind it
prints that one instead.
"""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from monitor.config import durations
from monitor.config.configfile import ConfigFile
from monitor.config.rulemodel import RuleFile
from monitor.config.sections import USER_AGENT

FOLDER: Final = Path(__file__).parent / "schemas"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def config_schema() -> dict[str, Any]:
    """The schema of config.yaml, as an editor reads the file (``64`` a number, ``5m`` a text)."""
    schema = TypeAdapter(ConfigFile).json_schema(mode="validation")
    feed = schema["properties"]["feeds"]
    schema["$defs"]["FeedSection"]["oneOf"] = [{"required": ["url"]}, {"required": ["sitemap"]}]
    feed["items"] = {"anyOf": [{"type": "string", "pattern": "^https?://"}, feed["items"]]}
    return _finished(schema, "News Monitor: config.yaml")


def rule_schema() -> dict[str, Any]:
    """The schema of a rule file."""
    return _finished(RuleFile.model_json_schema(mode="validation"), "News Monitor: rule file")


SCHEMAS: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "config": config_schema,
    "rule": rule_schema,
}


def as_text(schema: dict[str, Any]) -> str:
    """The schema as it is shipped."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write(folder: Path) -> None:
    """Write both schemas into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in SCHEMAS.items():
        (folder / f"{name}.schema.json").write_text(as_text(made()), encoding="utf-8")


def _finished(schema: dict[str, Any], title: str) -> dict[str, Any]:
    _tidy(schema)
    return {"$schema": _DIALECT, "title": title, **schema}


def _tidy(node: Any) -> None:
    """Drop what only Python knows: class names as titles, None, seconds where text is written."""
    if isinstance(node, list):
        for item in node:
            _tidy(item)
    if not isinstance(node, dict):
        return
    if isinstance(node.get("title"), str):
        del node["title"]
    if isinstance(node.get("description"), str):  # a docstring's lines; blank ones stay
        node["description"] = re.sub(r"(?<!\n)\n(?!\n)", " ", node["description"])
    if "default" in node:
        _write_default(node)
    any_of = node.get("anyOf")
    if isinstance(any_of, list) and {"type": "null"} in any_of:
        _drop_null(node, any_of)
    for key, value in node.items():
        if key not in ("examples", "default"):
            _tidy(value)


def _write_default(node: dict[str, Any]) -> None:
    default = node["default"]
    patterns = {node.get("pattern"), *(one.get("pattern") for one in node.get("anyOf", ()))}
    if durations.DURATION_PATTERN in patterns and isinstance(default, float):
        node["default"] = durations.duration_text(default)
    elif node.get("pattern") == durations.SIZE_PATTERN:
        node["default"] = durations.size_text(default)
    elif default is None or default == USER_AGENT or isinstance(default, dict):
        del node["default"]


def _drop_null(node: dict[str, Any], any_of: list[Any]) -> None:
    """An optional key is left out or left empty (``key:``), which an editor reads as null."""
    others = [item for item in any_of if item != {"type": "null"}]
    node["anyOf"] = [*others, {"type": "null"}]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout.write(as_text(SCHEMAS[sys.argv[1]]()))
    else:
        write(FOLDER)
