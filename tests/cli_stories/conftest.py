"""A newsroom in which the program has run, and its commands called in this process."""

import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest

from monitor.cli import run
from tests.flow.deals import FERRY, FIRST, SECOND, outlets
from tests.flow.newsroom import Newsroom
from tests.flow.outlets import Site

RULE = "id: deal\ntitle: Deals\nlabels: {desk: markets}\nmatch: {any: [Calliope, ferry]}\n"


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


Call = Callable[..., Said]


def caller(newsroom: Newsroom) -> Call:
    """``call("stories", "show", …)`` on this newsroom's config."""

    def called(*arguments: str) -> Said:
        out, err = StringIO(), StringIO()
        config = str(newsroom.folder / "config.yaml")
        with redirect_stdout(out), redirect_stderr(err):
            code = run(["--config", config, *arguments])
        return Said(code, out.getvalue(), err.getvalue())

    return called


@dataclass(frozen=True, slots=True)
class Lived:
    """A newsroom after its runs; ``deal`` and ``ferry`` are the ids of its two stories."""

    newsroom: Newsroom
    call: Call
    deal: str
    ferry: str


def live(newsroom: Newsroom, rule: str = RULE, **sections: Any) -> Lived:
    """Two reports of a deal, an hour apart, then one of a ferry."""
    with Site() as site:
        newsroom.rule("deal.yaml", rule)
        feeds = outlets(site, FIRST, SECOND, FERRY)
        for number in range(3):
            watched = feeds[: number + 1]
            newsroom.watching(*watched, stories={"window": "5d"}, **sections).run()
            newsroom.clock.advance(60)
    call = caller(newsroom)
    found = {row["title"]: row["id"] for row in call("stories", "--json").documents}
    deal = next(story for title, story in found.items() if title.startswith(FIRST[0]))
    ferry = next(story for title, story in found.items() if title.startswith(FERRY[0]))
    return Lived(newsroom, call, deal, ferry)


@pytest.fixture
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return live(Newsroom(tmp_path_factory.mktemp("lived") / "room"))


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """The same for tests that change nothing: made once."""
    return live(Newsroom(tmp_path_factory.mktemp("read") / "room"))
