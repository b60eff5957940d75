"""docs/alerts.md: its examples print what the page says."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import Call, Write

TEXT = (Path(__file__).parents[2] / "docs/alerts.md").read_text(encoding="utf-8")
FILE = re.compile(r"`([\w.]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples() -> Iterator[tuple[str, str]]:
    """Each command, and its output."""
    for block in CONSOLE.findall(TEXT):
        for part in block.removeprefix("$ ").split("\n$ "):
            line, _, output = part.partition("\n")
            yield line.removeprefix("news-monitor "), output.rstrip("\n")


@pytest.mark.parametrize(("line", "output"), list(examples()))
def test_each_example_prints_what_the_page_says(
    call: Call, write: Write, line: str, output: str
) -> None:
    for name, content in FILE.findall(TEXT):
        write(name, content)
    said = call(*shlex.split(line))
    assert said.err == ""
    assert said.out.rstrip("\n") == output
    assert said.code == 0


def test_there_are_examples_of_everything_that_delays() -> None:
    text = "\n".join(output for _, output in examples())
    for what in ("quiet hours", "digest of", "flood fuse", "after the outage", "silenced", "muted",
                 "CEST"):  # fmt: skip
        assert what in text
    assert len(FILE.findall(TEXT)) == 1
