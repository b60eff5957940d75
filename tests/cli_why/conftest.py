"""A folder in which the program has run once, and its commands called in this process."""

import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import StringIO
from pathlib import Path
from typing import Any

import click
import pytest

from monitor.cli.output import complain, problem_lines
from monitor.errors import FilesError, MonitorError, UsageError
from tests.flow.newsroom import FERRY_RULE, Newsroom
from tests.flow.outlets import Item, Site, feed, semantic
from tests.flow.reports import FERRY, INQUIRY


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def documents(self) -> list[Any]:
        """Standard output as JSON lines; fails if anything else is there."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Lived:
    """A newsroom after one run, and its site, which still answers."""

    newsroom: Newsroom
    site: Site

    @property
    def config(self) -> Path:
        return self.newsroom.folder / "config.yaml"


Call = Callable[..., Said]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Five entries: two that fire (one with hostile text), a copy, one too old, one that misses."""
    with Site() as site:
        room = Newsroom(tmp_path_factory.mktemp("lived") / "room")
        room.rule("ferries.yaml", FERRY_RULE)
        room.rule("fog.yaml", "id: fog\nmatch: {near: {within: 3, all: [harbour, fog]}}\n")
        room.rule("_lists.yaml", "entities: {boats: [ferry, barge]}\n")
        hostile = "Ferry \x1b[31mred\x07 <b>bold</b>"
        old = format_datetime(datetime.now(UTC) - timedelta(days=30))

        def item(title: str, path: str, body: tuple[str, ...], date: str = "") -> Item:
            return Item(title, site.page(path, semantic(title, body)), date=date)

        items = (
            item(FERRY.title, "/ferry", FERRY.paragraphs),
            item(FERRY.title, "/copy", FERRY.paragraphs),
            item(hostile, "/hostile", ("A hostile ferry sailed.", *INQUIRY.paragraphs[1:])),
            item("Old ferry", "/old", ("An old ferry sailed.", *INQUIRY.paragraphs[:2]), old),
            item(INQUIRY.title, "/inquiry", INQUIRY.paragraphs),
        )
        room.watching(site.serve("/feed", feed(*items))).run()
        yield Lived(room, site)


@pytest.fixture(scope="module")
def call(lived: Lived) -> Call:
    """``call(command, *arguments)``, with the exit codes that the command line gives."""

    def called(command: click.Command, *arguments: str, config: Path | None = None) -> Said:
        out, err = StringIO(), StringIO()
        given = {"config": config or lived.config, "debug": False}
        with redirect_stdout(out), redirect_stderr(err):
            code = _run(command, arguments, given)
        return Said(code, out.getvalue(), err.getvalue())

    return called


def _run(command: click.Command, arguments: tuple[str, ...], given: dict[str, object]) -> int:
    try:
        result = command.main(args=list(arguments), obj=given, standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return 2
    except FilesError as error:
        problem_lines(error.problems)
        return 2
    except MonitorError as error:
        complain(str(error))
        return 2 if isinstance(error, UsageError) else 1
    assert isinstance(result, int)
    return result
