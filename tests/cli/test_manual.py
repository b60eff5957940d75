"""docs/commands.md: its examples run as shown, and no command or option is missing."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from monitor.cli import cli

from .conftest import ROOT, Call, Write

TEXT = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
FILE = re.compile(
    r"`([\w.]+)`(?::|, where [^\n]*:)\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples() -> Iterator[tuple[str, str]]:
    """Each command that is shown with its output, and that output."""
    for block in CONSOLE.findall(TEXT):
        for part in block.removeprefix("$ ").split("\n$ "):
            line, _, output = part.partition("\n")
            if output.strip():
                yield line.removeprefix("news-monitor "), output.rstrip("\n")


@pytest.mark.parametrize(("line", "output"), list(examples()))
def test_each_example_prints_what_the_manual_says(
    call: Call, write: Write, line: str, output: str
) -> None:
    for name, content in FILE.findall(TEXT):
        write(name, content)
    said = call(*shlex.split(line))
    assert sorted((said.err + said.out).splitlines()) == sorted(output.splitlines())


def test_there_are_examples() -> None:
    assert len(list(examples())) >= 6
    assert len(FILE.findall(TEXT)) == 4


def options(command: click.Command, path: str) -> Iterator[tuple[str, str]]:
    """``(command, option)`` of the whole program; an empty option stands for the command."""
    yield path, ""
    with click.Context(command) as context:
        for parameter in command.get_params(context):
            if isinstance(parameter, click.Option) and "--help" not in parameter.opts:
                yield path, parameter.opts[0]
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                assert found is not None
                yield from options(found, f"{path} {name}".strip())


@pytest.mark.parametrize(
    ("path", "option"), [pytest.param(*pair, id=" ".join(pair)) for pair in options(cli, "")]
)
def test_each_command_and_option_is_in_the_manual(path: str, option: str) -> None:
    heading = path.partition(" ")[0] or "What all have in common"
    (section,) = [
        text for text in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]
        if heading in text.partition("\n")[0].split(", ") or text.startswith(heading)
    ]  # fmt: skip
    assert not path or re.search(rf"`?{re.escape(path)}\b", section)
    assert option == "--json" or option in section
