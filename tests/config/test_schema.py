"""The JSON Schemas are fresh and documented; the one of config.yaml agrees with its loader."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from monitor.config import schema
from monitor.config.configfile import ConfigFile

ROOT = Path(__file__).parents[2]
CONFIG = Draft202012Validator(schema.config_schema())


@pytest.mark.parametrize(
    ("name", "made"), [(name, make()) for name, make in schema.SCHEMAS.items()]
)
def test_shipped_schemas_are_fresh(name: str, made: dict[str, Any], tmp_path: Path) -> None:
    """After a change: ``python -m monitor.config.schema``."""
    Draft202012Validator.check_schema(made)
    schema.write(tmp_path)
    shipped = (schema.FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
    assert shipped == schema.as_text(made)
    assert shipped == (tmp_path / f"{name}.schema.json").read_text(encoding="utf-8")


def keys_of(made: dict[str, Any]) -> list[Any]:
    """(where, key, its schema) of every key in a schema."""
    owners = {"(top)": made, **made["$defs"]}
    return [
        pytest.param(made, part, id=f"{owner}.{key}")
        for owner, one in owners.items()
        for key, part in one.get("properties", {}).items()
        if part is not False  # a key that may not stand there
    ]


@pytest.mark.parametrize(
    ("made", "part"), [*keys_of(schema.config_schema()), *keys_of(schema.rule_schema())]
)
def test_every_key_is_described_with_examples_that_fit(
    made: dict[str, Any], part: dict[str, Any]
) -> None:
    """A key without a word about it, or with an example that is wrong, helps nobody."""
    target = made["$defs"].get(str(part.get("$ref", "")).rsplit("/", 1)[-1], {})
    assert part.get("description") or target.get("description")
    assert part["examples"]
    judge = Draft202012Validator({**part, "$defs": made["$defs"]})
    for example in part["examples"]:
        assert list(judge.iter_errors(example)) == []
    if "default" in part:
        assert list(judge.iter_errors(part["default"])) == []


def test_the_schema_knows_every_key_of_the_loader() -> None:
    assert set(schema.config_schema()["properties"]) == {
        field.name for field in dataclasses.fields(ConfigFile)
    }


def test_the_shipped_config_fits_as_an_editor_reads_it() -> None:
    content = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    assert [error.message for error in CONFIG.iter_errors(content)] == []


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        pytest.param("feeds: [https://example.org/a]", True, id="a feed"),
        pytest.param("polling: {every: adaptive, concurrency: 8, backfill: 0}", True, id="polling"),
        pytest.param("network: {proxy: {file: a}}", True, id="a secret in a file"),
        pytest.param("rules: ./rules", True, id="one text as a list"),
        pytest.param("notifiers: {a: {type: slack, webhook_url: x}}", True, id="options are free"),
        pytest.param("pollng: {}", False, id="an unknown key"),
        pytest.param("feeds: [{name: x}]", False, id="a feed without address"),
        pytest.param("polling: {every: 15}", False, id="a duration without unit"),
        pytest.param("polling: {max_bytes: 10MiB}", False, id="a size that is none"),
        pytest.param("notifiers: {a: {}}", False, id="a notifier without type"),
        pytest.param("notifiers: {a: {type: x, on_uncertain: y}}", False, id="an unknown choice"),
    ],
)
def test_config_samples(text: str, fits: bool) -> None:
    assert CONFIG.is_valid(yaml.safe_load(text)) == fits
