"""``draft`` and ``tune`` as a user calls them."""

import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import click
import pytest

from monitor.cli.draft import draft
from monitor.cli.tune import tune
from monitor.errors import UsageError

Call = Callable[..., tuple[int, str, str]]
TEAMS = (
    '# why\nid: teams\nmatch:\n  any: [Teams]   # product\ntests:\n  - fires: "Teams was down."\n'
)


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """``call(command, *arguments)`` in a folder with a config and one rule."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "teams.yaml").write_text(TEAMS)
    (tmp_path / "config.yaml").write_text("feeds: [https://news.example/feed]\nrules: [rules]\n")

    def called(command: click.Command, *arguments: str) -> tuple[int, str, str]:
        out, err = StringIO(), StringIO()
        given = {"config": tmp_path / "config.yaml", "debug": False}
        with redirect_stdout(out), redirect_stderr(err):
            try:
                code = command.main(list(arguments), obj=given, standalone_mode=False)
            except UsageError as error:
                return 2, out.getvalue(), str(error)
        return code, out.getvalue(), err.getvalue()

    return called


def lines(name: str, *articles: dict[str, Any]) -> str:
    Path(name).write_text("".join(json.dumps(each) + "\n" for each in articles))
    return name


def yes() -> str:
    return lines("yes", {"title": "Acme buys Bolt", "text": "The firm Acme buys Bolt."},
                 {"title": "Bolt goes to Acme", "text": "Owner of Bolt is Acme now. \x1b[31m\u202e"})  # fmt: skip


def no() -> str:
    return lines("no", {"title": "Acme opens shop", "text": "A shop by Acme."},
                 {"title": "Bolt runs", "text": "The sprinter Bolt runs."})  # fmt: skip


def test_a_draft_is_shown_and_written_only_if_asked(call: Call, tmp_path: Path) -> None:
    code, out, _ = call(draft, "--yes", yes(), "--no", no(), "--id", "deal")
    assert code == 0
    assert "Fires on 2 of 2 yes, silent on 2 of 2 no." in out
    assert "\x1b" not in out
    assert not (tmp_path / "rules" / "deal.yaml").exists()
    code, out, _ = call(draft, "--yes", "yes", "--no", "no", "--id", "deal", "--write", "--json")
    document = json.loads(out)
    assert code == 0
    assert (tmp_path / "rules" / "deal.yaml").read_text() == document["text"]
    assert "owner" not in document["text"]
    again = call(draft, "--yes", "yes", "--id", "deal")
    assert again[0] == 2
    assert "runs already" in again[2]


def test_past_articles_of_a_file(call: Call) -> None:
    past = lines(
        "past",
        *(
            {"title": f"Acme opens shop {n}", "text": "x", "published": f"2026-01-{n + 1:02}"}
            for n in range(20)
        ),
    )
    code, out, _ = call(draft, "--yes", yes(), "--articles", past, "--json")
    assert code == 0
    assert json.loads(out)["past"]["articles"] == 20
    assert json.loads(out)["past"]["per_week"] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        pytest.param(
            ("--yes", "yes", "--no", "yes"), 1, "the same words", id="a refusal with its reason"
        ),
        pytest.param((), 2, "at least one --yes", id="no example"),
        pytest.param(("--yes", "absent"), 2, "absent", id="a file that is not there"),
        pytest.param(
            ("--yes", "yes", "--id", "../x"), 2, "is no id", id="an id that leads out of the folder"
        ),
        pytest.param(("--yes", "broken"), 2, "broken:1", id="a line that is no article"),
    ],
)
def test_draft_refuses(call: Call, arguments: tuple[str, ...], code: int, told: str) -> None:
    yes()
    Path("broken").write_text("{nonsense\n")
    found = call(draft, *arguments)
    assert found[0] == code
    assert told in found[2]


def test_tune_shows_a_diff_and_writes_only_if_asked(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "rules" / "teams.yaml"
    wrong = lines(
        "wrong", {"title": "Acme teams up with Bolt"}, {"text": "Two firms: one teams up."}
    )
    code, out, _ = call(tune, "teams", "--no", wrong, "--articles", wrong)
    assert code == 0
    assert "+  unless_near: {within: 0, any: [up]}" in out
    assert path.read_text() == TEAMS
    code, out, _ = call(tune, "teams", "--no", wrong, "--write", "--json")
    assert code == 0
    assert "# product" in path.read_text()
    assert path.read_text().count("silent:") == 2
    code, _, err = call(tune, "teams", "--no", wrong)
    assert code == 0
    assert "Nothing to change" in err


def test_tune_refuses(call: Call, tmp_path: Path) -> None:
    wrong = lines("wrong", {"text": "Teams was down."})
    code, out, _ = call(tune, "teams", "--no", wrong, "--json", "--write")
    assert code == 1
    assert json.loads(out)["refused"]["clashes"][0]["why"] == "the same words"
    assert (tmp_path / "rules" / "teams.yaml").read_text() == TEAMS
    assert call(tune, "team", "--no", wrong)[0] == 2
    assert "at least one --no" in call(tune, "teams")[2]
