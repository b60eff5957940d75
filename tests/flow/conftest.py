"""A site and a newsroom for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.newsroom import Newsroom
from tests.flow.outlets import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path / "newsroom")
