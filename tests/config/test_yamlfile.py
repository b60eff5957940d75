"""Reading YAML: places, text scalars, and every mistake of a file in one run."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import yamlfile
from monitor.config.yamlfile import parse, read
from monitor.located import Items, Mapping, Place, Text, place_of, plain


def told(data: bytes | str) -> list[str]:
    """Place and message of each problem."""
    raw = data.encode() if isinstance(data, str) else data
    return [str(problem) for problem in parse(raw, "f.yaml")[1]]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"a: no", {"a": "no"}, id="no stays a word"),
        pytest.param(b"a: 22:22", {"a": "22:22"}, id="a time of day stays text"),
        pytest.param(b"[1.10, 012, 0x1f, 1e3]", ["1.10", "012", "0x1f", "1e3"], id="numbers too"),
        pytest.param(b"[~, null, true]", ["~", "null", "true"], id="null and true are text"),
        pytest.param(b"a:\nb: ''", {"a": "", "b": ""}, id="an empty value is an empty text"),
        pytest.param(b"\xef\xbb\xbfa: b", {"a": "b"}, id="a byte order mark is skipped"),
        pytest.param(b"a: b\r\nc: d\r\n", {"a": "b", "c": "d"}, id="CRLF ends lines"),
        pytest.param(b"a: |\n  x #y\n  z", {"a": "x #y\nz"}, id="a block keeps its # signs"),
        pytest.param(b"- a # remark\n- b", ["a", "b"], id="a comment after a space is a comment"),
        pytest.param(b'- "C #sharp"', ["C #sharp"], id="quotes protect a #"),
        pytest.param(b"- C#\n- a#b", ["C#", "a#b"], id="a # inside a word is part of it"),
        pytest.param(b"'<<': a", {"<<": "a"}, id="a quoted << is a key like any other"),
        pytest.param("- ガス\n- 😀".encode(), ["ガス", "😀"], id="any script is text"),
    ],
)
def test_values_stay_text(data: bytes, expected: object) -> None:
    """What stands in the file is what comes out, as text, without a problem."""
    node, problems = parse(data, "f.yaml")
    assert problems == ()
    assert node is not None
    assert plain(node) == expected


@pytest.mark.parametrize("data", [b"", b"# only a remark\n", b"\xef\xbb\xbf", b"\n\n"])
def test_an_empty_file_is_no_problem_and_no_value(data: bytes) -> None:
    assert parse(data, "f.yaml") == (None, ())


def test_places_count_lines_and_characters_from_one() -> None:
    """Columns are characters, also behind an emoji; keys have their own places."""
    node, _ = parse("a: 1\nb:\n  - 😀\n  - {ä: [😀, c]}\n".encode(), "f.yaml")
    assert isinstance(node, Mapping)
    key = node.key("b")
    assert key is not None
    assert key.place == Place("f.yaml", 2, 1)
    assert place_of(node, ("b", 0)) == Place("f.yaml", 3, 5)
    assert place_of(node, ("b", 1, "ä", 1)) == Place("f.yaml", 4, 13)


def test_quoted_tells_a_written_empty_text_from_nothing() -> None:
    node, _ = parse(b"a:\nb: \"\"\nc: 'x'\nd: x\ne: |\n  x\n", "f.yaml")
    assert isinstance(node, Mapping)
    quoted = {name: node.get(name) for name in node.keys()}  # noqa: SIM118  # not a dict
    assert [value.quoted for value in quoted.values() if isinstance(value, Text)] == [
        False,
        True,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            "a: 1\nb: 2\na: 3",
            ["3:1: the key 'a' is here twice; the first is in line 1"],
            id="a duplicate key names the first",
        ),
        pytest.param(
            "a: {b: 1, b: 2}",
            ["1:11: the key 'b' is here twice"],
            id="a duplicate key in a flow mapping",
        ),
        pytest.param(
            "a: &x 1\nb: *x",
            ["1:4: a value that begins with '&'", "2:4: a value that begins with '*'"],
            id="anchors and aliases are refused",
        ),
        pytest.param("<<: {a: 1}", ["1:1: the merge key '<<'"], id="merge keys are refused"),
        pytest.param(
            "a: !!python/object:os.system x",
            ["1:4: a value that begins with '!'"],
            id="a Python tag is refused",
        ),
        pytest.param(
            "a: !!str 1", ["1:4: a value that begins with '!'"], id="a harmless tag is refused"
        ),
        pytest.param(
            "- !nope!x y", ["1:3: a value that begins with '!'"], id="an undefined tag is refused"
        ),
        pytest.param(
            "a: 1\n---\nb: 2", ["2:1: a second document"], id="a second document is refused"
        ),
        pytest.param("a:\n\t- b", ["2:1: a tab"], id="a tab is called a tab"),
        pytest.param(
            "- @ai\n- b\n- @eu",
            ["1:3: '@' cannot begin", "3:3: '@' cannot begin"],
            id="all unquoted entity names are told at once",
        ),
        pytest.param("a: `x`", ["1:4: '`' cannot begin"], id="a backtick needs quotes"),
        pytest.param("- *AI*", ["1:6: '*' and '&' mean something"], id="a star needs quotes"),
        pytest.param(
            "a: b: c",
            ["1:5: a ': ' that YAML does not expect"],
            id="a colon in a text needs quotes",
        ),
        pytest.param(
            '- "a" b', ["1:7: this line does not fit the list"], id="text after a closing quote"
        ),
        pytest.param(
            'a: "x\nb: 1',
            ["1:4: the quotes that open here never close"],
            id="open quotes are told where they open",
        ),
        pytest.param('a: "\\q"', ["1:5: a backslash in double quotes"], id="an unknown escape"),
        pytest.param(
            "a: [b, c\nd: e",
            ["the list that opens in line 1, column 4 does not close"],
            id="an open list is told with where it opens",
        ),
        pytest.param("{a: 1, b:2}{", ["1:12"], id="text after the end"),
        pytest.param(
            "a: {b:, c: d}", ["1:6: a ':' inside"], id="a colon without a space in a flow mapping"
        ),
        pytest.param(
            "{{ x }}: 1",
            ["1:1: a list or mapping stands where a key", "1:2: a list"],
            id="a template's braces are no key",
        ),
        pytest.param(
            "- C #sharp", ["1:5: ' #' begins a comment"], id="a # that swallows text of a list item"
        ),
        pytest.param(
            "- #AI", ["1:3: ' #' begins a comment"], id="a # that swallows a whole list item"
        ),
        pytest.param(
            "a: #AI", ["1:4: ' #' begins a comment"], id="a # that swallows a whole value"
        ),
        pytest.param(
            "a: b #c",
            ["1:6: warning: ' #' begins a comment"],
            id="a glued comment after a value is a warning",
        ),
        pytest.param("[C #x\n, b]", ["1:4: ' #' begins a comment"], id="a # inside a flow list"),
        pytest.param(
            "a: 1\n  - b",
            ["1:4: a line below that begins with '- '"],
            id="a list item read as text",
        ),
        pytest.param(
            "- “Mistral AI”",
            ["1:3: warning: these are typographic quotes"],
            id="typographic quotes around a value",
        ),
        pytest.param(
            "- „Mistral AI“", ["1:3: warning: these are typographic quotes"], id="German quotes"
        ),
        pytest.param(
            "- «Mistral AI»", ["1:3: warning: these are typographic quotes"], id="French quotes"
        ),
        pytest.param(
            "- “Teams” and more\n- '“kept”'", [], id="typographic quotes around a part are text"
        ),
    ],
)
def test_mistakes_are_told_with_place_and_mend(data: str, expected: list[str]) -> None:
    """Each message begins at its place; its number is exact."""
    problems = told(data)
    assert len(problems) == len(expected)
    for problem, start in zip(problems, expected, strict=True):
        assert start in problem


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param("é: 1".encode("latin-1"), "1:1: this is not UTF-8", id="Latin-1"),
        pytest.param(
            "a: 1\nb: é".encode("latin-1"), "2:4: this is not UTF-8", id="the place of the byte"
        ),
        pytest.param("a: 1".encode("utf-16"), "1:1: this is not UTF-8", id="UTF-16"),
        pytest.param(b"a: 1\nb\x00: 2", "2:2: a control character (U+0000)", id="a NUL byte"),
        pytest.param(b"a: \x1b[31m", "1:4: a control character (U+001B)", id="an escape sequence"),
    ],
)
def test_bytes_that_are_no_text(data: bytes, expected: str) -> None:
    problems = told(data)
    assert len(problems) == 1
    assert problems[0].startswith(f"f.yaml:{expected}")


def _alias_bomb() -> bytes:
    lines = ["a0: &a0 [x, x]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60))]
    return "\n".join(lines).encode()


def _merge_bomb() -> bytes:
    lines = [
        "m0: &m0 {a: 1}",
        *(f"m{i}: &m{i}\n  <<: [*m{i - 1}, *m{i - 1}]" for i in range(1, 24)),
    ]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(_alias_bomb(), "anchor", id="an alias bomb"),
        pytest.param(_merge_bomb(), "merge key", id="a merge bomb"),
        pytest.param(b"[" * 100_000, "1:41: values nest deeper than 40", id="100,000 open lists"),
        pytest.param(b"{a: " * 100_000, "nest deeper", id="100,000 open mappings"),
        pytest.param(b"- " * 100_000, "nest deeper", id="100,000 dashes"),
        pytest.param(b"? " * 100_000, "nest deeper", id="100,000 question marks"),
        pytest.param(b"a" * 6_000_000, "1:1: this file is larger than 5 MB", id="6 MB"),
        pytest.param(b"- @x\n" * 100_000, "cannot begin", id="100,000 syntax errors"),
        pytest.param(b"- x #y\n" * 100_000, "more than 50 problems", id="100,000 lost comments"),
        pytest.param(b"k: 1\n" * 100_000, "here twice", id="100,000 equal keys"),
        pytest.param(b'- "' + b"x\n" * 500_000, "never close", id="1 MB of open quotes"),
    ],
)
def test_hostile_files_end_soon_with_a_plain_message(data: bytes, expected: str) -> None:
    """Less than a second of processor time, an error, and not a flood of messages."""
    start = time.process_time()
    node, problems = parse(data, "f.yaml")
    assert time.process_time() - start < 1.0
    assert 1 <= len(problems) <= 51
    assert any(expected in str(problem) for problem in problems)
    assert node is None or any(problem.severity == "error" for problem in problems)


def test_twenty_thousand_flow_keys_are_read_in_time() -> None:
    data = ("{" + ", ".join(f"k{i}: 1" for i in range(20_000)) + "}").encode()
    start = time.process_time()
    node, problems = parse(data, "f.yaml")
    assert time.process_time() - start < 1.0
    assert problems == ()
    assert isinstance(node, Mapping)
    assert len(node.pairs) == 20_000


def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is a number in one place; a smaller one shows the same behaviour sooner."""
    monkeypatch.setattr("monitor.config.yamltree.MAX_NODES", 100)
    node, problems = parse(b"- x\n" * 200, "f.yaml")
    assert node is None
    assert [str(problem) for problem in problems] == [
        "f.yaml:100:3: more than 100 values. Split the file into several."
    ]


def test_a_duplicate_key_keeps_the_first_value_and_the_rest_of_the_file() -> None:
    """So that further checks can look at everything else."""
    node, problems = parse(b"a: 1\na: {b: 1, b: 2}\nc: 3", "f.yaml")
    assert node is not None
    assert plain(node) == {"a": "1", "c": "3"}
    assert len(problems) == 2


def test_no_message_quotes_a_value() -> None:
    """A value may be a password, and passwords begin with anything."""
    beginnings = ("&", "*", "!", "@", "x #", '"', "a: ", "[", "{b: ", "%", "|", "\t")
    for value in (f"{beginning}hunter2" for beginning in beginnings):
        problems = told(f"password: {value}")
        assert not any("hunter2" in problem for problem in problems)


@given(st.binary(max_size=200) | st.text(alphabet="ab:-[]{}#&*!|>'\"%@`, \n\t?<", max_size=60))
def test_any_file_gives_a_result_and_places_inside_it(data: bytes | str) -> None:
    """No exception; no place outside the file; None only with a problem or for nothing."""
    raw = data if isinstance(data, bytes) else data.encode()
    node, problems = parse(raw, "f.yaml")
    lines = max(1, len(raw) + 1)
    assert all(1 <= problem.place.line <= lines for problem in problems)
    assert list(problems) == sorted(problems, key=lambda problem: problem.place)
    assert node is None or isinstance(node, (Text, Items, Mapping))


@given(
    st.recursive(
        st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
        ),
        max_leaves=20,
    )
)
def test_what_was_written_is_read_back(value: object) -> None:
    """JSON is YAML's plain part: any nesting of texts comes back as it was."""
    import json

    node, problems = parse(json.dumps(value).encode(), "f.yaml")
    if "\\ud" in json.dumps(value):  # half of a surrogate pair is no text
        return
    assert problems == ()
    assert node is not None
    assert plain(node) == value


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("missing.yaml", "there is no such file", id="a missing file"),
        pytest.param(".", "this is a folder", id="a folder"),
        pytest.param("a\0b", "cannot be read", id="an impossible path"),
        pytest.param("x" * 5000, "cannot be read", id="a path that is too long"),
    ],
)
def test_files_that_cannot_be_read_are_problems(tmp_path: Path, name: str, expected: str) -> None:
    node, problems = read(tmp_path / name, "shown.yaml")
    assert node is None
    assert len(problems) == 1
    assert str(problems[0]).startswith("shown.yaml:1:1: ")
    assert expected in problems[0].message


def test_a_device_without_end_is_too_large() -> None:
    _, problems = read(Path("/dev/zero"))
    assert [problem.message for problem in problems] == [
        "this file is larger than 5 MB. Split it into several files."
    ]


def test_the_limit_is_five_megabytes() -> None:
    exactly = b"a: " + b"x" * (yamlfile.MAX_BYTES - 3)
    assert parse(exactly, "f.yaml")[1] == ()
    assert len(parse(exactly + b"x", "f.yaml")[1]) == 1
