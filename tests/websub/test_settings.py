"""The key ``web`` of config.yaml."""

from pathlib import Path

import pytest

from monitor.config.settings import load_settings
from monitor.config.websection import Listen, Web

DEFAULT = Listen("127.0.0.1", 8087)
MEND = "Write 127.0.0.1:8087, or off."


def load(folder: Path, web: str) -> tuple[Web | None, list[str]]:
    file = folder / "config.yaml"
    file.write_text(f"feeds: [https://example.org/feed]\nrules: []\n{web}", encoding="utf-8")
    settings, problems = load_settings(file, {})
    return settings.web if settings else None, [problem.message for problem in problems]


@pytest.mark.parametrize(
    ("text", "web"),
    [
        pytest.param("", Web(), id="nothing: listens where it is asked to, and nobody asks"),
        pytest.param("web:", Web(DEFAULT, None), id="a key without a value"),
        pytest.param("web: off", Web(None, None), id="off"),
        pytest.param("web: null", Web(None, None), id="null"),
        pytest.param("web: {listen: off}", Web(None, None), id="listening is off"),
        pytest.param("web: {listen: 'localhost:0'}", Web(Listen("localhost", 0)), id="any port"),
        pytest.param("web: {listen: '[::1]:80'}", Web(Listen("::1", 80)), id="IPv6"),
        pytest.param("web: {public_url: https://a.example/x/}", Web(DEFAULT, "https://a.example/x"), id="a slash at the end says nothing"),
    ],
)  # fmt: skip
def test_what_loads(tmp_path: Path, text: str, web: Web) -> None:
    assert load(tmp_path, text) == (web, [])


OUTSIDE = (
    "can be reached from other machines, which needs a token that this version does not know yet."
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("{listen: 0.0.0.0:8087}", f"'0.0.0.0:8087' {OUTSIDE}", id="every address of the machine"),
        pytest.param("{listen: '[::]:8087'}", f"'[::]:8087' {OUTSIDE}", id="every address in IPv6"),
        pytest.param("{listen: 192.168.1.2:80}", f"'192.168.1.2:80' {OUTSIDE}", id="an address of the house"),
        pytest.param("{listen: news.example.org:80}", f"'news.example.org:80' {OUTSIDE}", id="a name"),
        pytest.param("{listen: 8087}", f"'8087' is not an address and a port. {MEND}", id="a port alone"),
        pytest.param("{listen: 127.0.0.1}", f"'127.0.0.1' is not an address and a port. {MEND}", id="an address alone"),
        pytest.param("{listen: '127.0.0.1:99999'}", f"'127.0.0.1:99999' is not an address and a port. {MEND}", id="a port too large"),
        pytest.param("{listen: 'http://127.0.0.1:80'}", f"'http://127.0.0.1:80' is not an address and a port. {MEND}", id="an address of the web"),
        pytest.param("{listen: [a]}", "found a list. Write an address and a port: 127.0.0.1:8087.", id="a list"),
        pytest.param("{public_url: a.example}", "this is no full address. Begin it with https:// or http://.", id="no full address"),
        pytest.param("{public_url: 'https://a.example/?x=1'}", "a public address has no ? and no # in it. Remove what follows.", id="a query"),
        pytest.param("{port: 80}", "'port' is not a known key here. Known here: listen, public_url.", id="an unknown key"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, text: str, message: str) -> None:
    web, told = load(tmp_path, f"web: {text}")
    assert web is None
    assert told[0].startswith(message)
