"""``rules import`` as a person runs it."""

import json
from pathlib import Path

import pytest

from monitor.cli import run

LEXIS = """# Deals
microsoft w/10 "mistral ai"

(antitrust or merger) and not podcast
"""


def test_what_is_imported_passes_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("deals.txt").write_text(LEXIS, encoding="utf-8")
    assert run(["rules", "import", "--from", "lexis", "deals.txt"]) == 0
    Path("rules").mkdir()
    Path("rules/deals.yaml").write_text(capsys.readouterr().out, encoding="utf-8")
    Path("articles.jsonl").write_text(
        '{"id": 1, "text": "Microsoft invests in Mistral AI"}\n{"id": 2, "text": "a podcast on a merger"}\n'
    )
    assert run(["match", "--rules", "rules", "articles.jsonl"]) == 0
    said = capsys.readouterr()
    found = [json.loads(line) for line in said.out.splitlines()]
    assert [len(each["matches"]) for each in found] == [1, 0]
    assert "error" not in said.err


def test_what_is_lost_is_told_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("q.txt").write_text("title:merger AND date:[2020 TO 2021]\n", encoding="utf-8")
    assert run(["rules", "import", "--from", "lucene", "--json", "q.txt"]) == 1
    said = capsys.readouterr()
    assert said.err.startswith("q.txt:1:")
    (string,) = [json.loads(line) for line in said.out.splitlines()]
    assert [lost["line"] for lost in string["lost"]] == [1]


def test_a_file_that_is_not_there_is_a_wrong_argument(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["rules", "import", "--from", "lexis", "none.txt"]) == 2
    assert "none.txt: cannot be read" in capsys.readouterr().err
