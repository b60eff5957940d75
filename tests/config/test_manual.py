"""The shipped config.yaml and docs/config.md: they load, and they leave nothing out."""

import re
from pathlib import Path

import pytest

from monitor.config.configfile import NotifierSection
from monitor.config.keys import SECTIONS, keys_of
from monitor.config.notifiersection import NotifierSettings
from monitor.config.settings import load_settings

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
SHIPPED = (ROOT / "config.yaml").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", MANUAL, re.DOTALL | re.MULTILINE)


def keys() -> list[str]:
    """Every key that config.yaml knows."""
    sections = [*SECTIONS.values(), NotifierSection]
    return sorted({key for section in sections for key in keys_of(section)})


def load(folder: Path, text: str) -> tuple[NotifierSettings, ...]:
    """Load ``text`` where all files and variables that it names exist; expect no problem."""
    for name in ("rules", "notifiers", "secrets"):
        (folder / name).mkdir()
    for name in re.findall(r"\{file: (secrets/\w+)\}", text):
        (folder / name).write_text("open sesame")
        (folder / name).chmod(0o600)
    file = folder / "config.yaml"
    file.write_text(text, encoding="utf-8")
    settings, problems = load_settings(file, dict.fromkeys(re.findall(r"\$\{(\w+)\}", text), "x"))
    assert [str(problem) for problem in problems] == []
    assert settings is not None
    return settings.notifiers


@pytest.mark.parametrize("block", BLOCKS, ids=[f"block {n}" for n in range(1, len(BLOCKS) + 1)])
def test_every_block_of_the_manual_loads(tmp_path: Path, block: str) -> None:
    load(tmp_path, block)


def test_there_are_blocks() -> None:
    assert len(BLOCKS) >= 8


@pytest.mark.parametrize("key", keys())
def test_every_key_is_in_the_manual_and_in_the_shipped_file(key: str) -> None:
    """An option that nobody can find does not exist."""
    assert f"`{key}`" in MANUAL
    assert re.search(rf"\b{key}\b", SHIPPED)


def test_the_shipped_config_loads_as_it_is() -> None:
    settings, problems = load_settings(ROOT / "config.yaml", {})
    assert [str(problem) for problem in problems] == []
    assert settings is not None
    assert len(settings.feeds) >= 12
    assert [(one.name, one.type) for one in settings.notifiers] == [("screen", "console")]
    assert settings.polling.backfill.age == 86400.0


def test_the_shipped_options_load_when_they_are_switched_on(tmp_path: Path) -> None:
    """Removing the ``# `` before an option gives a file that works."""
    option = re.compile(r"^( *)# ((?:  )?[a-z_]+:(?: .*|$))$")
    lines = [option.sub(r"\1\2", line) for line in SHIPPED.splitlines()]
    head = [line for line in lines if not line.startswith("on_uncertain")]
    text = "\n".join(head).replace("/run/secrets/smtp", "secrets/smtp")
    text = text.replace("plugins: []", "plugins: [./notifiers]")
    names = [one.name for one in load(tmp_path, text)]
    assert names == ["screen", "newsroom", "desk", "hook", "archive"]
