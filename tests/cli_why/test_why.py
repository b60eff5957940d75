"""``why`` as a user calls it: plain words, JSON, exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.why import command as why
from tests.cli_why.conftest import Call, Lived

KEYS = {
    "url", "canonical", "kind", "answer", "mend", "stored", "copy_of", "stages", "entries", "article",
    "rules", "fired", "nearest", "asked", "story", "waits", "deliveries",
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "kind", "code", "told", "mend"),
    [
        pytest.param("/hostile", "fired", 0, "Alerted: ferries, to archive.", "", id="an article that fired"),
        pytest.param("/inquiry", "missed", 0, "No rule fires, and none is near", "", id="one that no rule is near to"),
        pytest.param("/old", "silent", 0, "but too old", "articles.max_age", id="one too old"),
        pytest.param("/nowhere", "not had", 1, "answered 404", "the page is gone", id="an address that cannot be had"),
    ],
)  # fmt: skip
def test_the_answer_in_words_and_as_json(
    lived: Lived, call: Call, path: str, kind: str, code: int, told: str, mend: str
) -> None:
    url = lived.site.base + path
    plain, as_json = call(why, url), call(why, url, "--json")
    assert plain.code == as_json.code == code
    (document,) = as_json.documents
    assert document.keys() == KEYS
    assert document["kind"] == kind
    assert told in document["answer"]
    assert plain.out.splitlines()[0] == document["answer"]
    assert mend in (document["mend"] or "")
    assert ("  mend: " in plain.out) or not mend
    for stage in document["stages"]:
        assert stage.keys() == {"stage", "result", "told", "mend"}
        assert any(line.startswith(stage["stage"]) for line in plain.out.splitlines())


def test_a_copy_and_its_original(lived: Lived, call: Call) -> None:
    answers = {
        path: call(why, lived.site.base + path, "--json").documents[0]
        for path in ("/ferry", "/copy")
    }
    kinds = sorted(answer["kind"] for answer in answers.values())
    assert kinds == ["copy", "fired"]
    copy = next(answer for answer in answers.values() if answer["kind"] == "copy")
    assert copy["copy_of"] in {lived.site.base + "/ferry", lived.site.base + "/copy"} - {
        copy["url"]
    }


def test_every_branch_is_in_the_json(lived: Lived, call: Call) -> None:
    (document,) = call(why, lived.site.base + "/ferry", "--json", "--rule", "fog").documents
    asked = document["asked"]
    assert asked["rule"] == "fog"
    assert asked["explanation"]["tree"]["key"] == "near"
    assert [child["label"] for child in asked["explanation"]["tree"]["children"]] == [
        "harbour",
        "fog",
    ]
    assert "within: " in asked["mends"][0]
    plain = call(why, lived.site.base + "/ferry", "--rule", "fog").out
    assert "FAIL near within 3: closest " in plain


def test_an_address_never_seen_is_read_by_the_workers(lived: Lived, call: Call) -> None:
    from tests.flow.outlets import semantic
    from tests.flow.reports import FERRY

    url = lived.site.page("/unseen", semantic("A new ferry", (*FERRY.paragraphs, "More of it.")))
    said = call(why, url, "--json")
    (document,) = said.documents
    assert (said.code, document["kind"], document["stored"]) == (0, "fired", False)
    assert "no feed brought it" in document["answer"]
    assert document["article"]["title"].startswith("A new ferry")
    assert document["fired"][0]["recorded"] is False
    offline = call(why, url, "--offline", "--json")
    assert (offline.code, offline.documents[0]["kind"]) == (0, "not asked")


def test_hostile_text_reaches_no_terminal(lived: Lived, call: Call) -> None:
    out = call(why, lived.site.base + "/hostile").out
    assert "Ferry" in out
    assert not [character for character in out if ord(character) < 32 and character != "\n"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["nonsense"], "no web address", id="no address"),
        pytest.param(["javascript:alert(1)"], "no web address", id="another scheme"),
        pytest.param(["file:///etc/passwd"], "no web address", id="a file"),
        pytest.param(["https://example.org/", "--rule", "ferris"], "Did you mean 'ferries'?", id="a rule that is not there"),
        pytest.param([], "Missing argument", id="nothing"),
    ],
)  # fmt: skip
def test_wrong_arguments(call: Call, arguments: list[str], expected: str) -> None:
    said = call(why, *arguments)
    assert (said.code, said.out) == (2, "")
    assert expected in said.err


def copy_of(lived: Lived, folder: Path, **changes: Any) -> Path:
    """The newsroom's config in a folder of its own, on the same store and rules."""
    data = lived.newsroom.folder
    config = {
        **lived.newsroom.config,
        "data": str(data / "data"),
        "rules": [str(data / "rules")],
        **changes,
    }
    path = folder / "config.yaml"
    path.write_text(json.dumps(config))
    return path


def test_without_a_store_everything_is_never_seen(lived: Lived, call: Call, tmp_path: Path) -> None:
    config = copy_of(lived, tmp_path, data=str(tmp_path / "none"))
    said = call(why, lived.site.base + "/ferry", "--offline", "--json", config=config)
    assert (said.code, said.documents[0]["kind"]) == (0, "not asked")
    assert not (tmp_path / "none").exists()


def test_a_mistake_in_a_rule_file_is_told_and_costs_no_answer(
    lived: Lived, call: Call, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: bad\nmatch: {anny: [x]}\n")
    config = copy_of(lived, tmp_path, rules=[str(lived.newsroom.folder / "rules"), str(bad)])
    said = call(why, lived.site.base + "/hostile", config=config)
    assert said.code == 2
    assert said.out.startswith("Alerted: ferries")
    assert "bad.yaml:2:9" in said.err


def test_a_private_address_names_its_mend(lived: Lived, call: Call, tmp_path: Path) -> None:
    config = copy_of(lived, tmp_path, network={})
    said = call(why, lived.site.base + "/unknown", config=config)
    assert said.code == 1
    assert "network.allow_private" in said.out
