"""Feeds go into config.yaml, and nothing else in it changes."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.cli.feeds_add import numbers_in
from monitor.cli.feeds_write import CannotPlace, read, save, with_addresses, with_feeds
from monitor.config import yamlfile
from monitor.errors import MonitorError
from monitor.feeds.opml import Item
from monitor.located import Mapping, plain

NEW = "https://example.net/new"
BARE: Item = {"url": NEW}
FULL: Item = {"url": NEW, "name": "A: b", "tags": ["eu", "no"], "tier": "1"}
ROOT = Path(__file__).parents[2]

PLACES = [
    pytest.param("", "feeds:\n  - N\n", id="an empty file"),
    pytest.param("# mine\n", "# mine\nfeeds:\n  - N\n", id="a comment alone"),
    pytest.param("rules: [a]", "rules: [a]\nfeeds:\n  - N\n", id="no feeds, no line end"),
    pytest.param("feeds:\n", "feeds:\n  - N\n", id="a key without a value"),
    pytest.param("feeds: # none yet\n\nrules: [a]\n", "feeds: # none yet\n  - N\n\nrules: [a]\n", id="no value, and a comment"),
    pytest.param("feeds: []  # none\nrules: [a]\n", "feeds:\n  - N  # none\nrules: [a]\n", id="an empty list"),
    pytest.param("feeds: [https://a.b/c]\n", "feeds: [https://a.b/c, N]\n", id="a list on one line"),
    pytest.param("feeds: [https://a.b/c, ]  # x\n", "feeds: [https://a.b/c, N, ]  # x\n", id="with a comma at its end"),
    pytest.param("feeds: [\n  https://a.b/c,  # one\n  https://a.b/d   # two\n]\n", "feeds: [\n  https://a.b/c,  # one\n  https://a.b/d,\n  N   # two\n]\n", id="brackets over several lines"),
    pytest.param("feeds:\n  - https://a.b/c  # one\n\n# rest\nrules: [a]\n", "feeds:\n  - https://a.b/c  # one\n  - N\n\n# rest\nrules: [a]\n", id="a comment beside, a comment behind"),
    pytest.param("feeds:\n- https://a.b/c\nrules: [a]\n", "feeds:\n- https://a.b/c\n- N\nrules: [a]\n", id="no indentation"),
    pytest.param("feeds:\n    - url: https://a.b/c\n      tags: [x,\n        y]\n    # - https://off\nrules: [a]\n", "feeds:\n    - url: https://a.b/c\n      tags: [x,\n        y]\n    # - https://off\n    - N\nrules: [a]\n", id="a mapping, and a feed that is off"),
    pytest.param("feeds:\n  - url: https://a.b/c\n    headers:\n      A: '${B}'\n\n\n", "feeds:\n  - url: https://a.b/c\n    headers:\n      A: '${B}'\n  - N\n\n\n", id="nested, blank lines behind"),
    pytest.param("feeds:\n  - url: https://a.b/c\n    name: >-\n      Long\n      name\n\nrules: [a]\n", "feeds:\n  - url: https://a.b/c\n    name: >-\n      Long\n      name\n  - N\n\nrules: [a]\n", id="a folded text at the end"),
    pytest.param("feeds:\n  - {url: 'https://a.b/c', name: x}", "feeds:\n  - {url: 'https://a.b/c', name: x}\n  - N\n", id="no line end at the end of the file"),
    pytest.param("feeds:\r\n  - https://a.b/c\r\nrules: [a]\r\n", "feeds:\r\n  - https://a.b/c\r\n  - N\r\nrules: [a]\r\n", id="line ends of Windows"),
    pytest.param("---\nfeeds:\n  - https://a.b/ü\n...\n", "---\nfeeds:\n  - https://a.b/ü\n  - N\n...\n", id="marks of a document"),
    pytest.param("'feeds':\n  - https://a.b/c\n", "'feeds':\n  - https://a.b/c\n  - N\n", id="a key in quotes"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), PLACES)
def test_a_feed_goes_behind_the_others(text: str, wanted: str) -> None:
    assert with_feeds(text, [BARE]) == wanted.replace("N", NEW)


@pytest.mark.parametrize(("text", "wanted"), PLACES)
def test_so_do_several_with_settings(text: str, wanted: str) -> None:
    new = with_feeds(text, [FULL, BARE])
    found = tree(new)["feeds"]
    assert isinstance(found, list)
    assert found[-2:] == [FULL, NEW]
    for line in text.splitlines():
        comment = line.partition("#")[2]
        assert comment in new


def test_settings_stand_one_below_the_other() -> None:
    assert with_feeds("feeds:\n  - https://a.b/c\n", [FULL]) == (
        "feeds:\n  - https://a.b/c\n"
        f"  - url: {NEW}\n    name: 'A: b'\n    tags: [eu, 'no']\n    tier: 1\n"
    )


def tree(text: str) -> dict[str, object]:
    node, problems = yamlfile.parse(text.encode(), "c")
    assert [p for p in problems if p.severity == "error"] == []
    assert isinstance(node, Mapping)
    found = plain(node)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{feeds: [https://a.b/c]}\n", id="all in braces"),
        pytest.param("{rules: [a]}\n", id="braces without feeds"),
        pytest.param(
            "rules: [a]\n...\n# behind the end\n", id="text behind the end of the document"
        ),
        pytest.param("- a\n", id="a list"),
        pytest.param("feeds: [a\n", id="broken"),
    ],
)
def test_where_there_is_no_safe_place_the_lines_are_given(text: str) -> None:
    with pytest.raises(CannotPlace):
        with_feeds(text, [BARE])


WORD = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Co", "Cn"], exclude_characters="\ufeff\u2028\u2029"
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda n, name, tags: {"url": f"https://example.org/{n}", "name": name, "tags": tags},
            st.integers(0, 99),
            WORD,
            st.lists(WORD, max_size=2),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([p.values[0] for p in PLACES]),
)
def test_any_text_of_the_web_comes_back_as_it_was(items: list[Item], text: object) -> None:
    found = tree(with_feeds(str(text), items))["feeds"]
    assert isinstance(found, list)
    assert found[-len(items) :] == items


def test_the_shipped_config_takes_a_feed_and_keeps_every_line() -> None:
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    new = with_feeds(text, [FULL])
    lines = new.splitlines()
    at = lines.index(f"  - url: {NEW}")
    assert lines[:at] + lines[at + 4 :] == text.splitlines()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(
            "feeds:\n  - https://a.b/c  # x\n", f"feeds:\n  - {NEW}  # x\n", id="a bare address"
        ),
        pytest.param(
            "feeds: [{url: 'https://a.b/c', name: n}, d]\n",
            f"feeds: [{{url: {NEW}, name: n}}, d]\n",
            id="in braces",
        ),
        pytest.param(
            "feeds:\n  - name: https://a.b/c\n    url: https://a.b/c\n",
            f"feeds:\n  - name: https://a.b/c\n    url: {NEW}\n",
            id="a name that is the address stays",
        ),
    ],
)
def test_an_address_is_replaced_where_it_stands(text: str, wanted: str) -> None:
    assert with_addresses(text, {"https://a.b/c": NEW}) == wanted


def test_an_address_that_is_not_there_is_not_replaced() -> None:
    with pytest.raises(CannotPlace):
        with_addresses("feeds: [https://a.b/d]\n", {"https://a.b/c": NEW})


def test_saving_keeps_mode_link_and_mark_and_the_old_file(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_bytes(b"\xef\xbb\xbffeeds: [https://a.b/c]\nrules: []\n")
    real.chmod(0o640)
    path = tmp_path / "config.yaml"
    path.symlink_to(real)
    before, text = read(path)
    backup = save(path, before, with_feeds(text, [BARE]))
    assert path.is_symlink()
    assert real.read_bytes() == f"\ufefffeeds: [https://a.b/c, {NEW}]\nrules: []\n".encode()
    assert backup.read_bytes() == before
    assert {stat.S_IMODE(os.stat(file).st_mode) for file in (real, backup)} == {0o640}
    assert sorted(os.listdir(tmp_path)) == ["config.yaml", "real.yaml", "real.yaml.bak"]


@pytest.mark.parametrize(
    ("on_disk", "new", "why"),
    [
        pytest.param(
            "feeds: []\n# edited\n",
            "feeds: [https://a.b/c]\n",
            "changed meanwhile",
            id="edited meanwhile",
        ),
        pytest.param(
            "feeds: []\n",
            "feeds: [ftp://a.b/c]\n",
            "would have mistakes",
            id="an address that is not taken",
        ),
        pytest.param(
            "feeds: []\n", "feeds: [https://a.b/c, https://A.b/c]\n", "twice", id="an address twice"
        ),
    ],
)
def test_nothing_is_written_where_it_would_do_harm(
    tmp_path: Path, on_disk: str, new: str, why: str
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(on_disk)
    with pytest.raises(MonitorError, match=why):
        save(path, b"feeds: []\n", new)
    assert path.read_text() == on_disk
    assert os.listdir(tmp_path) == ["config.yaml"]


@pytest.mark.parametrize(
    ("answer", "numbers"),
    [
        ("1", (1,)), ("1,3", (1, 3)), ("2-4", (2, 3, 4)), (" 1, 2 - 3 ", (1, 2, 3)), ("1 3", (1, 3)), ("3,1,3", (3, 1)),
        ("all", (1, 2, 3, 4, 5)), ("NONE", ()), ("n", ()), ("0", ()), ("6", None), ("4-2", None), ("", None), ("x", None),
        ("1,,2", (1, 2)), ("-1", None), ("1-", None), ("99999", None),
    ],
)  # fmt: skip
def test_which_ones(answer: str, numbers: tuple[int, ...] | None) -> None:
    assert numbers_in(answer, 5) == numbers
