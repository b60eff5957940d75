"""Which files are rule files, and what is read from them."""

import os
from pathlib import Path

import pytest

from monitor.config.rulefiles import find, read_rule_files
from monitor.located import Items, Place, place_of, plain


def write(root: Path, *names: str) -> None:
    """Small rule files below ``root``."""
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("match: probe\n")


def found(root: Path, *named: str) -> list[str]:
    """What is found below ``root``, relative to it."""
    paths = find([root / name for name in named] or [root])
    return [str(path.relative_to(root)) for path in paths]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(["b.yaml", "a.yml"], ["a.yml", "b.yaml"], id="both endings, sorted"),
        pytest.param(["A.YAML"], ["A.YAML"], id="in any case"),
        pytest.param(["x/y/a.yaml"], ["x/y/a.yaml"], id="subfolders"),
        pytest.param(["_examples/a.yaml", "x/_old/a.yaml"], [], id="underscored folders are not"),
        pytest.param([".git/a.yaml", "x/.b/a.yaml"], [], id="hidden folders are not"),
        pytest.param([".a.yaml", ".#a.yaml"], [], id="hidden files are not"),
        pytest.param(["_lists.yaml"], ["_lists.yaml"], id="underscored files are"),
        pytest.param(["README.md", "a.yaml~", "a.yaml.bak", "names.txt"], [], id="nothing else"),
    ],
)
def test_which_files_are_rules(tmp_path: Path, names: list[str], expected: list[str]) -> None:
    write(tmp_path, *names)
    assert found(tmp_path) == expected


def test_a_root_may_be_hidden_or_underscored(tmp_path: Path) -> None:
    """Only what lies below a named folder is judged by its name."""
    write(tmp_path, "_drafts/.x/a.yaml")
    assert found(tmp_path, "_drafts/.x") == ["_drafts/.x/a.yaml"]


def test_a_named_file_is_taken_as_it_is_and_once(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "_x/b.txt")
    assert found(tmp_path, ".", "a.yaml", "_x/b.txt", "missing") == [
        "_x/b.txt",
        "a.yaml",
        "missing",
    ]


def test_links_are_followed_and_loops_end(tmp_path: Path) -> None:
    write(tmp_path, "rules/a.yaml", "elsewhere/b.yaml")
    os.symlink(tmp_path / "elsewhere", tmp_path / "rules" / "team")
    os.symlink(tmp_path / "rules", tmp_path / "rules" / "loop")
    assert found(tmp_path, "rules") == ["rules/a.yaml", "rules/team/b.yaml"]


def test_sources_know_their_names(tmp_path: Path) -> None:
    write(tmp_path, "rules/a.yaml", "rules/x/_lists.yaml")
    sources, problems = read_rule_files(find([tmp_path / "rules"]), tmp_path)
    assert problems == ()
    assert [(source.shown, source.stem, source.lists_only) for source in sources] == [
        ("rules/a.yaml", "a", False),
        ("rules/x/_lists.yaml", "_lists", True),
    ]
    assert plain(sources[0].node) == {"match": "probe"}


@pytest.mark.parametrize(
    ("content", "expected", "severity"),
    [
        pytest.param(b"", "this file is empty", "warning", id="an empty file"),
        pytest.param(b"- a", "a rule file holds keys", "error", id="a list"),
        pytest.param(b"match: [a", "does not close", "error", id="broken YAML"),
        pytest.param(b"\xff", "not UTF-8", "error", id="no text"),
    ],
)
def test_a_broken_file_is_a_problem_and_the_others_are_read(
    tmp_path: Path, content: bytes, expected: str, severity: str
) -> None:
    write(tmp_path, "a.yaml", "c.yaml")
    (tmp_path / "b.yaml").write_bytes(content)
    sources, problems = read_rule_files(find([tmp_path]), tmp_path)
    assert [source.shown for source in sources] == ["a.yaml", "c.yaml"]
    assert [problem.severity for problem in problems] == [severity]
    assert problems[0].place.path == "b.yaml"
    assert expected in problems[0].message


def test_a_file_outside_the_base_is_shown_as_it_was_named(tmp_path: Path) -> None:
    _, problems = read_rule_files([tmp_path / "no.yaml"], tmp_path / "base")
    assert [problem.place.path for problem in problems] == [str(tmp_path / "no.yaml")]


def test_a_list_in_a_text_file(tmp_path: Path) -> None:
    """Terms keep the lines of the text file as their places; remarks and blank lines go."""
    (tmp_path / "names.txt").write_bytes(
        "\ufeff# banks\r\nAlpha Bank\r\n\r\n  C #1 Bank  \n#x\nno\u2028way".encode()
    )
    (tmp_path / "_lists.yaml").write_text("entities:\n  banks: {file: names.txt}\n  other: [x]\n")
    (source,), problems = read_rule_files([tmp_path / "_lists.yaml"], tmp_path)
    assert problems == ()
    assert plain(source.node) == {
        "entities": {"banks": ["Alpha Bank", "C #1 Bank", "no\u2028way"], "other": ["x"]}
    }
    assert place_of(source.node, ("entities", "banks", 0)) == Place("names.txt", 2, 1)
    assert place_of(source.node, ("entities", "banks", 1)) == Place("names.txt", 4, 3)
    assert place_of(source.node, ("entities", "banks", 2)) == Place("names.txt", 6, 1)


@pytest.mark.parametrize(
    ("content", "written", "expected"),
    [
        pytest.param(
            None,
            "nope.txt",
            "r.yaml:1:26: the list nope.txt: there is no such file",
            id="a missing list",
        ),
        pytest.param(
            b"a\n\xff", "names.txt", "names.txt:2:1: this is not UTF-8", id="wrong bytes in a list"
        ),
        pytest.param(
            b"x" * 5_000_001,
            "names.txt",
            "r.yaml:1:26: the list names.txt: this file is larger",
            id="a huge list",
        ),
        pytest.param(None, "''", "r.yaml:1:26: the name of the file is missing", id="no name"),
    ],
)
def test_lists_that_cannot_be_read(
    tmp_path: Path, content: bytes | None, written: str, expected: str
) -> None:
    if content is not None:
        (tmp_path / "names.txt").write_bytes(content)
    (tmp_path / "r.yaml").write_text(f"entities: {{banks: {{file: {written}}}}}\nmatch: '@banks'\n")
    (source,), problems = read_rule_files([tmp_path / "r.yaml"], tmp_path)
    assert len(problems) == 1
    assert str(problems[0]).startswith(expected)
    entities = source.node.get("entities")
    assert entities is not None
    assert isinstance(place_of(entities, ("banks",)), Place)
    assert plain(entities) == {"banks": []}
    assert not isinstance(entities, Items)
