"""``match``: articles in, matches out, and every kind of broken input."""

import json
import os
import subprocess
import sys
import tracemalloc
from contextlib import redirect_stdout
from io import BytesIO
from pathlib import Path

import pytest

from monitor.cli.lines import lines_of

from .conftest import Call, Write

NEWS = [sys.executable, "-m", "monitor"]
RULE = "id: deal\nmatch: [Alpha, Beta]\n"


def test_a_match_names_the_rule_the_places_and_the_sentence(call: Call, write: Write) -> None:
    write("rules/deal.yaml", RULE)
    write("in.jsonl", json.dumps({"id": "é1", "title": "Alpha 😀 met Beta", "text": "x"}) + "\n")
    said = call("match", "in.jsonl")
    assert said.documents == [
        {
            "id": "é1",
            "matches": [
                {
                    "rule": "deal",
                    "spans": [
                        {"field": "title", "start": 0, "end": 5, "term": "Alpha"},
                        {"field": "title", "start": 12, "end": 16, "term": "Beta"},
                    ],
                    "snippets": ["Alpha 😀 met Beta"],
                }
            ],
        }
    ]
    assert (said.code, said.err) == (0, "")


@pytest.mark.parametrize(
    ("content", "ids", "code", "told"),
    [
        pytest.param(b'{"id":1}\n{"id":2}\n', [1, 2], 0, "", id="two articles, no hit"),
        pytest.param(b'{"id":1}', [1], 0, "", id="no line end at the end of the file"),
        pytest.param(b"", [], 0, "", id="an empty file"),
        pytest.param(b"\n \n{\"id\":1}\n\n", [1], 0, "", id="blank lines are passed over"),
        pytest.param(b'{"id":1}\r\n{"id":2}\r\n', [1, 2], 0, "", id="line ends of Windows"),
        pytest.param(b'\xef\xbb\xbf{"id":1}\n', [1], 0, "", id="a byte order mark"),
        pytest.param(
            b'{"id":1}\n\xef\xbb\xbf{"id":2}\n', [1, 2], 0, "", id="a byte order mark inside"
        ),
        pytest.param(
            b'{"id":1}\n{broken\n{"id":3}\n', [1, 3], 2, "in.jsonl:2:2: not JSON", id="broken line"
        ),
        pytest.param(
            b'{"id":1}\n{"id":"\xff"}\n{"id":3}\n', [1, 3], 2, "in.jsonl:2:8: not UTF-8",
            id="bytes that are no UTF-8 cost their own line only",
        ),
        pytest.param(
            b'\xff\xfe{\x00"\x00i\x00d\x00"\x00', [], 2, "in.jsonl:1:1: not UTF-8", id="UTF-16"
        ),
        pytest.param(
            b'{"id":1,"title":5}\n{"id":2}', [2], 2, "in.jsonl:1: 'title' must be", id="number title"
        ),
        pytest.param(
            b'{"id":1,"published":"soon"}', [1], 2, "matched without it", id="a time in words"
        ),
        pytest.param(b'{"id":"\\ud800"}', ["\ud800"], 0, "", id="a lone surrogate as id"),
        pytest.param(b'{"title":"x"}', [None], 0, "", id="no id"),
        pytest.param(b'{"id":{"a":[1]}}', [{"a": [1]}], 0, "", id="an object as id"),
        pytest.param(b'{"id":NaN}\n{"id":2}', [2], 2, "NaN is no number", id="NaN"),
        pytest.param(
            b'{"id":1,"\x1b[31mtitl":1}'.replace(b"\x1b", b"\\u001b"), [1], 0, "", id="escape key"
        ),
    ],
)  # fmt: skip
def test_each_line_stands_for_itself(
    call: Call,
    write: Write,
    tmp_path: Path,
    content: bytes,
    ids: list[object],
    code: int,
    told: str,
) -> None:
    write("rules/deal.yaml", RULE)
    (tmp_path / "in.jsonl").write_bytes(content)
    said = call("match", "in.jsonl")
    assert [document["id"] for document in said.documents] == ids
    assert said.code == code
    assert told in said.err
    assert bool(said.err) == bool(told)
    assert "\x1b" not in said.err


def test_a_misspelt_key_is_told_once_a_file(call: Call, write: Write) -> None:
    write("rules/deal.yaml", RULE)
    write("in.jsonl", '{"titel":"x"}\n' * 3)
    said = call("match", "in.jsonl")
    assert said.err.count("Did you mean 'title'?") == 1
    assert (said.code, len(said.documents)) == (0, 3)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("missing.jsonl", "missing.jsonl: cannot be read (No such file", id="missing"),
        pytest.param(".", ".: cannot be read (Is a directory)", id="a folder"),
        pytest.param("a\0b", "cannot be read (embedded null byte)", id="a NUL in the name"),
    ],
)
def test_a_file_that_cannot_be_read_costs_no_other(
    call: Call, write: Write, name: str, told: str
) -> None:
    write("rules/deal.yaml", RULE)
    write("in.jsonl", '{"id":1}\n')
    said = call("match", name, "in.jsonl")
    assert [document["id"] for document in said.documents] == [1]
    assert (said.code, told in said.err) == (2, True)


def test_a_broken_rule_file_is_told_three_times_and_the_other_rules_run(
    call: Call, write: Write
) -> None:
    write("r/good.yaml", RULE)
    write("r/broken.yaml", 'id: broken\ntitel: x\nlevel: loud\nmatch: {any: ["@nobody"]}\n')
    write("in.jsonl", '{"id":1,"title":"Alpha Beta"}\n')
    said = call("match", "--rules", "r", "in.jsonl")
    assert [match["rule"] for match in said.documents[0]["matches"]] == ["deal"]
    lines = said.err.splitlines()
    assert [line.split(" ")[0] for line in lines] == [
        "r/broken.yaml:2:1:", "r/broken.yaml:3:8:", "r/broken.yaml:4:15:",
    ]  # fmt: skip
    assert said.code == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("--rules", "nowhere", "x"), "nowhere: no such file or folder", id="rules"),
        pytest.param((), "Missing argument 'FILE…'", id="no file named"),
        pytest.param(("--ruls", "x"), "Did you mean '--rules'?", id="a misspelt option"),
    ],
)
def test_wrong_arguments_are_two(call: Call, arguments: tuple[str, ...], told: str) -> None:
    said = call("match", *arguments)
    assert (said.code, said.out, told in said.err) == (2, "", True)


def test_without_rules_of_ones_own_the_shipped_ones_match_and_say_so(
    call: Call, write: Write
) -> None:
    write("in.jsonl", '{"id":1,"title":"Microsoft buys a stake in Mistral AI"}\n')
    said = call("match", "in.jsonl")
    assert [match["rule"] for match in said.documents[0]["matches"]] == ["microsoft-mistral"]
    assert "using the shipped rules" in said.err


def test_a_config_with_mistakes_still_lends_its_rules(call: Call, write: Write) -> None:
    write("config.yaml", "rules: [mine]\nfeeds: [nonsense]\n")
    write("mine/deal.yaml", RULE)
    write("in.jsonl", '{"id":1,"title":"Alpha Beta"}\n')
    said = call("match", "in.jsonl")
    assert [match["rule"] for match in said.documents[0]["matches"]] == ["deal"]
    assert (said.code, "config.yaml:2:9:" in said.err) == (2, True)


@pytest.mark.parametrize(
    ("data", "longest", "found"),
    [
        pytest.param(b"a\nb", 9, [b"a", b"b"], id="lines"),
        pytest.param(b"aaaa\nbb\n", 4, [b"aaaa", b"bb"], id="a line as long as may be"),
        pytest.param(b"aaaaa\nbb\n", 4, [None, b"bb"], id="one byte too long"),
        pytest.param(b"aaaaaaaaaaaa\nbb\n", 4, [None, b"bb"], id="a long line is skipped whole"),
        pytest.param(b"bb\naaaaaaaaaa", 4, [b"bb", None], id="a long line at the end"),
    ],
)
def test_lines_have_a_limit(data: bytes, longest: int, found: list[bytes | None]) -> None:
    lines = list(lines_of(BytesIO(data), longest))
    assert [line.data for line in lines] == found
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert sum(line.size for line in lines) == len(data)


def test_memory_does_not_grow_with_the_number_of_articles(call: Call, write: Write) -> None:
    write("rules/deal.yaml", RULE)
    line = json.dumps({"id": 1, "title": "x", "text": "word " * 20}) + "\n"
    write("warm.jsonl", line)
    call("match", "warm.jsonl")
    peaks = []
    for count in (50, 1000):
        write("in.jsonl", line * count)
        with open(os.devnull, "w", encoding="utf-8") as void, redirect_stdout(void):
            tracemalloc.start()
            call("match", "in.jsonl")
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < peaks[0] + 50_000, "bytes"


@pytest.mark.parametrize(
    "encoding", [pytest.param("utf-8", id="UTF-8"), pytest.param("ascii", id="ASCII")]
)
def test_standard_input_and_output_are_utf8_in_every_locale(
    write: Write, tmp_path: Path, encoding: str
) -> None:
    write("rules/deal.yaml", RULE)
    line = '\ufeff{"id":"é","title":"Alpha é Beta"}\n'.encode()
    done = subprocess.run(
        [*NEWS, "match", "-"], input=line, cwd=tmp_path, capture_output=True, check=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )  # fmt: skip
    found = json.loads(done.stdout.decode("utf-8"))
    assert (found["id"], found["matches"][0]["snippets"]) == ("é", ["Alpha é Beta"])


def test_a_pipe_gets_each_answer_at_once(write: Write, tmp_path: Path) -> None:
    write("rules/deal.yaml", RULE)
    with subprocess.Popen(
        [*NEWS, "match", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"id":1}\n')
        process.stdin.flush()
        assert json.loads(process.stdout.readline()) == {"id": 1, "matches": []}
        process.stdin.close()
        assert process.wait(10) == 0


def test_a_reader_that_leaves_is_no_mistake(write: Write, tmp_path: Path) -> None:
    write("rules/deal.yaml", RULE)
    write("in.jsonl", '{"id":1}\n' * 10_000)
    with subprocess.Popen(
        [*NEWS, "match", "in.jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert (process.wait(10), process.stderr.read()) == (0, b"")


def test_matching_starts_without_the_heavy_libraries(write: Write, tmp_path: Path) -> None:
    write("rules/deal.yaml", RULE)
    write("in.jsonl", '{"id":1}\n')
    heavy = "aiohttp trafilatura sqlalchemy httpx feedparser lxml apscheduler pebble rich asyncio"
    code = (
        "import sys; from monitor.cli import run; assert run(['match', 'in.jsonl']) == 0; "
        f"print([m for m in '{heavy}'.split() if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
