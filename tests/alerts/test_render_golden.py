"""Every kind of message in every form stays as it was judged; see tests/notifiers/golden.py."""

import pytest

from tests.notifiers.golden import FOLDER, NAMES, made


@pytest.mark.parametrize("name", NAMES)
def test_a_message_looks_as_it_was_judged(name: str) -> None:
    assert made(name) == (FOLDER / name).read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(NAMES)
