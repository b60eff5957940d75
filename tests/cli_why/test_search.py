"""``search``: the rule language over the stored articles."""

from pathlib import Path

import pytest

from monitor.cli.search import command as search
from tests.cli_why.conftest import Call, Lived


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        pytest.param("ferry", {"/hostile", "/old", "FERRY"}, id="a word"),
        pytest.param("new ferry", {"FERRY"}, id="a phrase"),
        pytest.param("~sail", {"/hostile", "/old"}, id="a stem"),
        pytest.param("@boats", {"/hostile", "/old", "FERRY"}, id="a list of the live rules"),
        pytest.param("ferry AND harbour", {"FERRY"}, id="the one-line form"),
        pytest.param("title:(ferry) NOT old", {"/hostile", "FERRY"}, id="a field and a NOT"),
        pytest.param("zeppelin", set(), id="nothing"),
    ],
)
def test_what_is_found(lived: Lived, call: Call, query: str, paths: set[str]) -> None:
    said = call(search, query, "--json")
    assert (said.code, said.err) == (0, "")
    found = {document["url"].removeprefix(lived.site.base) for document in said.documents}
    assert {"FERRY" if path in ("/ferry", "/copy") else path for path in found} == paths
    for document in said.documents:
        assert document.keys() == {
            "id",
            "url",
            "title",
            "source",
            "language",
            "published",
            "stored_at",
            "spans",
            "snippets",
        }
        assert document["spans"]


def test_the_newest_come_first_and_no_more_than_asked(call: Call) -> None:
    documents = call(search, "ferry", "--json").documents
    moments = [document["stored_at"] for document in documents]
    assert moments == sorted(moments, reverse=True)
    limited = call(search, "ferry", "--json", "--limit", "1")
    assert limited.documents == documents[:1]
    assert "--limit" in limited.err


def test_only_what_was_stored_lately(call: Call) -> None:
    assert len(call(search, "ferry", "--since", "1h", "--json").documents) == 3
    assert call(search, "ferry", "--since", "0s", "--json").documents == []


def test_plain_words_for_people(call: Call) -> None:
    said = call(search, "ferry")
    assert "*ferry*" in said.out.lower()
    assert not [character for character in said.out if ord(character) < 32 and character != "\n"]
    assert call(search, "zeppelin").out == "no stored article fits\n"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("ferry AND harbour OR fog", "QUERY:1:", id="operators that need parentheses"),
        pytest.param("@nothing", "no list is named 'nothing'", id="a list that is not there"),
        pytest.param("fe*", "QUERY:1:1", id="too short a beginning"),
        pytest.param("", "QUERY:1:1", id="nothing"),
    ],
)
def test_a_query_that_cannot_be_understood(call: Call, query: str, expected: str) -> None:
    said = call(search, query)
    assert (said.code, said.out) == (2, "")
    assert expected in said.err


def test_without_a_store_there_is_nothing_to_search(call: Call, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(
        "feeds: []\nrules: []\nnotifiers: {screen: {type: console}}\n"
    )
    said = call(search, "ferry", config=tmp_path / "config.yaml")
    assert said.code == 1
    assert "no database" in said.err
