"""``${NAME}`` and ``{file: path}``."""

from pathlib import Path

import pytest

from monitor.config.secrets import expand, read_secret_file
from monitor.located import Mapping, Place, Text

PLACE = Place("f.yaml", 3, 7)
ENVIRONMENT = {"TOKEN": "hunter2", "EMPTY": "", "NESTED": "${TOKEN}"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("${TOKEN}", "hunter2", id="a variable"),
        pytest.param("Bearer ${TOKEN}!", "Bearer hunter2!", id="inside a text"),
        pytest.param("${TOKEN}${TOKEN}", "hunter2hunter2", id="twice"),
        pytest.param("$${TOKEN}", "${TOKEN}", id="two dollars for the characters"),
        pytest.param("$TOKEN $5 $$ {}", "$TOKEN $5 $$ {}", id="a dollar alone is a dollar"),
        pytest.param("${NESTED}", "${TOKEN}", id="a value is not looked at again"),
    ],
)
def test_variables_are_filled_in(written: str, expected: str) -> None:
    assert expand(Text(written, PLACE), ENVIRONMENT) == (expected, ())


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("${NOPE}", "the environment variable NOPE is not set", id="a missing one"),
        pytest.param("${EMPTY}", "the environment variable EMPTY is empty", id="an empty one"),
        pytest.param("${TOKEN", "'${' here does not begin", id="no closing brace"),
        pytest.param("${}", "'${' here does not begin", id="no name"),
        pytest.param("${TOKEN:-x}", "'${' here does not begin", id="a shell's default"),
    ],
)
def test_what_cannot_be_filled_in_is_told_at_its_place(written: str, expected: str) -> None:
    _, problems = expand(Text(written, PLACE), ENVIRONMENT)
    assert [problem.place for problem in problems] == [PLACE]
    assert problems[0].message.startswith(expected)


def reference(path: str) -> Mapping:
    """``{file: path}``."""
    return Mapping(((Text("file", PLACE), Text(path, PLACE)),), PLACE)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"hunter2\n", "hunter2", id="one line end goes"),
        pytest.param(b"hunter2\r\n", "hunter2", id="also of the other kind"),
        pytest.param(b"hunter2\n\n", "hunter2\n", id="only one goes"),
        pytest.param(b" hunter2 ", " hunter2 ", id="spaces stay"),
        pytest.param("pässwörd".encode(), "pässwörd", id="any script"),
    ],
)
def test_secret_files(tmp_path: Path, content: bytes, expected: str) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    file.chmod(0o600)
    assert read_secret_file(reference("secret"), tmp_path, {}) == (expected, ())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", "is empty", id="an empty file"),
        pytest.param(b"\n", "is empty", id="a blank file"),
        pytest.param(b"\xff\xfe", "is not UTF-8", id="no text"),
        pytest.param(b"x" * 64_001, "is larger than 64 kB", id="a file that is no secret"),
    ],
)
def test_secret_files_that_hold_none(tmp_path: Path, content: bytes, expected: str) -> None:
    (tmp_path / "secret").write_bytes(content)
    value, problems = read_secret_file(reference("secret"), tmp_path, {})
    assert value is None
    assert len(problems) == 1
    assert expected in problems[0].message


@pytest.mark.parametrize("name", ["missing", ".", "a\0b", "/dev/zero", "x" * 5000, "~nobody-x/y"])
def test_paths_that_hold_no_secret_are_problems(tmp_path: Path, name: str) -> None:
    value, problems = read_secret_file(reference(name), tmp_path, {})
    assert value is None
    assert [problem.severity for problem in problems] == ["error"]


def test_a_file_that_everyone_may_read_is_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("hunter2")
    file.chmod(0o644)
    value, problems = read_secret_file(
        reference("${DIR}/secret"), Path("/"), {"DIR": str(tmp_path)}
    )
    assert value == "hunter2"
    assert [(problem.severity, problem.code) for problem in problems] == [
        ("warning", "readable-secret")
    ]
