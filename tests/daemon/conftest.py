"""A site and a user's folder for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.program import Folder
from tests.flow.outlets import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "home")
