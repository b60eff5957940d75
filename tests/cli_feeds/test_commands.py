"""``feeds add``, ``check``, ``import`` and ``export`` as a person runs them."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from monitor.config import yamlfile
from monitor.located import Mapping, plain

from .conftest import Call, Site

Config = Callable[..., Path]


def rss(title: str, start: str = "", count: int = 4, days: float = 0) -> bytes:
    now = datetime.now(UTC) - timedelta(days=days, minutes=20)
    items = "".join(
        f"<item><title>{start} {n}</title><link>https://example.org/{start}{n}</link>"
        f"<pubDate>{format_datetime(now - timedelta(hours=2 * n))}</pubDate></item>"
        for n in range(count)
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode()


def page(*links: str) -> bytes:
    text = "".join(f"<link rel=alternate type=application/rss+xml href='{link}'>" for link in links)
    return f"<html lang=nl><head>{text}</head><body>Site</body></html>".encode()


def feeds_in(path: Path) -> object:
    node, problems = yamlfile.read(path)
    assert problems == ()
    assert isinstance(node, Mapping)
    found = node.get("feeds")
    return plain(found) if found is not None else []


def sitemap(name: str) -> bytes:
    when = datetime.now(UTC).isoformat()
    return (
        f"<urlset><url><loc>https://example.org/{name}</loc><lastmod>{when}</lastmod></url></urlset>"
    ).encode()


def test_an_index_of_sitemaps_is_added_checked_moved_and_exported(
    call: Call, config: Config, site: Site
) -> None:
    index = "<sitemapindex><sitemap><loc>/gone.xml</loc></sitemap><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>"
    site.answers = {"/map.xml": index.encode(), "/a.xml": sitemap("a")}
    path = config("feeds: []\n")
    added = call("feeds", "add", f"{site.base}/map.xml", "--yes")
    assert (added.code, feeds_in(path)) == (0, [{"sitemap": f"{site.base}/map.xml"}])
    assert "already in config.yaml" in call("feeds", "add", f"{site.base}/map.xml").out
    checked = call("feeds", "check", "--json")
    assert (checked.code, checked.documents[0]["state"]) == (1, "trouble")
    assert "gone.xml could not be read" in checked.documents[0]["message"]
    site.answers["/gone.xml"] = sitemap("b")
    (fine,) = call("feeds", "check", "--json").documents
    assert (fine["state"], fine["entries"]) == ("ok", 2)
    site.answers |= {"/map.xml": "/new.xml", "/new.xml": index.encode()}
    assert call("feeds", "check", "--fix").code == 0
    assert feeds_in(path) == [{"sitemap": f"{site.base}/new.xml"}]
    (path.parent / "list.opml").write_text(call("feeds", "export").out, encoding="utf-8")
    known = call("feeds", "import", "list.opml", "--json").documents[0]
    assert (known["new"], known["known"]) == ([], [f"{site.base}/new.xml"])
    path.write_text("feeds: []\n", encoding="utf-8")
    call("feeds", "import", "list.opml")
    assert feeds_in(path) == [{"sitemap": f"{site.base}/new.xml"}]


def test_add_finds_shows_and_writes(call: Call, config: Config, site: Site) -> None:
    site.answers = {
        "/": page("/world", "/sport", "/known/"),
        "/world": rss("World ${HOME} &#x202e;# x", "w"), "/sport": rss("Sport", "s"), "/known/": rss("K", "k"),
    }  # fmt: skip
    path = config(f"# top\nfeeds:\n  - {site.base}/known  # K\n")
    before = path.read_text()
    shown = call("feeds", "add", site.base)
    assert (shown.code, path.read_text()) == (2, before), "nobody said which"
    assert "  1 World ${HOME} # x (rss 2.0, nl)\n" in shown.out
    assert "4 entries, about 12 a day, newest 20 min ago; announced by the site" in shown.out
    assert "already in config.yaml:3:5" in shown.out
    assert "--all" in shown.err

    added = call("feeds", "add", site.base, "--all", "--tag", "eu", "--json")
    (document,) = added.documents
    assert (added.code, document["added"]) == (0, [f"{site.base}/world", f"{site.base}/sport"])
    assert [feed["known"] for feed in document["feeds"]] == [None, None, "config.yaml:3:5"]
    assert document["requests"] == 5
    first = document["feeds"][0]
    assert (first["entries"], first["per_day"], first["samples"][0]["title"]) == (4, 12.0, "w 0")
    assert feeds_in(path) == [
        f"{site.base}/known",
        {
            "url": f"{site.base}/world",
            "name": "World $${HOME} # x",
            "tags": ["eu"],
            "language": "nl",
        },
        {"url": f"{site.base}/sport", "name": "Sport", "tags": ["eu"], "language": "nl"},
    ]
    assert path.read_text().endswith(before.partition("# K\n")[2])
    assert (path.parent / "config.yaml.bak").read_text() == before
    assert not any("Cookie" in headers or "Referer" in headers for _, headers in site.asked)


@pytest.mark.parametrize(
    ("feeds", "more", "arguments", "code", "told"),
    [
        pytest.param("feeds: [x]\n", "", ["--yes"], 2, "config.yaml:1:9", id="config.yaml has mistakes"),
        pytest.param("feeds: []\n", "", ["--yes"], 1, "loopback", id="an address inside the house"),
        pytest.param("feeds: []\n", "network: {allow_private: [127.0.0.0/8]}\n", ["--all"], 1, "answered 404", id="no feed"),
        pytest.param(None, "", ["--yes"], 2, "no config.yaml here", id="no config.yaml"),
    ],
)  # fmt: skip
def test_add_writes_nothing_where_it_must_not(
    call: Call, config: Config, site: Site, tmp_path: Path,
    feeds: str | None, more: str, arguments: list[str], code: int, told: str,
) -> None:  # fmt: skip
    before = config(feeds, more).read_bytes() if feeds is not None else None
    said = call("feeds", "add", site.base, *arguments)
    assert (said.code, told in said.err) == (code, True), said
    assert len(site.asked) <= 20
    assert os.listdir(tmp_path) == (["config.yaml"] if before else [])


def test_on_a_terminal_it_asks_which(config: Config, site: Site, tmp_path: Path) -> None:
    site.answers = {"/": page("/a", "/b"), "/a": rss("A", "a"), "/b": rss("B", "b")}
    path = config("feeds: []\n")
    master, slave = pty.openpty()
    try:
        os.write(master, b"9\n2\n")
        done = subprocess.run(
            [sys.executable, "-m", "monitor", "feeds", "add", site.base], cwd=tmp_path, stdin=slave,
            capture_output=True, timeout=60, check=True,
        )  # fmt: skip
    finally:
        os.close(master)
        os.close(slave)
    assert b"Write numbers from 1 to 2" in done.stderr
    assert feeds_in(path) == [{"url": f"{site.base}/b", "name": "B", "language": "nl"}]


def test_check_says_the_state_of_each_feed(call: Call, config: Config, site: Site) -> None:
    good = rss("Good", "g")
    site.answers = {
        "/good": good, "/twin": good, "/old": rss("Old", "o", days=800), "/empty": rss("Empty", count=0),
        "/page": page("/good"), "/moved": f"{site.base}/new", "/new": rss("New", "n"),
        "/inside": "http://127.0.0.2:1/secret", "/locked": 403, "/limited": 429, "/broken": rss("B", "b")[:-30],
    }  # fmt: skip
    names = [*site.answers, "/nothing"]
    names.remove("/new")
    lines = "".join(f"  - {{url: '{site.base}{name}', name: '{name[1:]}'}}\n" for name in names)
    path = config(
        f"feeds:\n{lines}  - {{url: '{site.base}/off', enabled: false}}\n",
        "network: {allow_private: [127.0.0.1]}\n",
    )
    said = call("feeds", "check", "--json")
    assert said.code == 1
    found = {each["url"].removeprefix(site.base): each for each in said.documents}
    assert {name: each["state"] for name, each in found.items()} == {
        "/good": "ok", "/twin": "duplicate", "/old": "stale", "/empty": "empty", "/page": "page",
        "/moved": "moved", "/inside": "refused", "/locked": "refused", "/limited": "waiting",
        "/broken": "trouble", "/nothing": "gone", "/off": "disabled",
    }  # fmt: skip
    assert found["/page"]["suggestion"] == f"{site.base}/good"
    assert found["/moved"]["suggestion"] == f"{site.base}/new"
    assert (found["/good"]["entries"], found["/good"]["per_day"]) == (4, 12.0)
    assert "as good" in found["/twin"]["message"]
    assert "/off" not in [name for name, _ in site.asked]

    one = call("feeds", "check", "moved", f"{site.base}/good/", "--fix")
    assert one.code == 0
    assert "1 mended" in one.err
    assert (
        f"! moved: moved: moved for good to {site.base}/new (4 entries, about 12 a day" in one.out
    )
    assert "\n good: ok: 4 entries" in one.out.replace("  ", " ")
    assert f"{site.base}/new" in path.read_text()
    assert f"{site.base}/moved" not in path.read_text()
    unknown = call("feeds", "check", "goood")
    assert (unknown.code, "Did you mean 'good'?" in unknown.err) == (2, True)


def test_credentials_do_not_follow_a_feed_to_another_origin(
    call: Call, config: Config, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "s3cret-token")
    port = site.base.rpartition(":")[2]
    site.answers = {"/a": f"http://localhost:{port}/b", "/b": rss("B", "b")}
    path = config(
        f"feeds:\n  - url: {site.base}/a\n    headers: {{X-Key: '${{TOKEN}}'}}\n",
        "network: {allow_private: [127.0.0.0/8, localhost, '::1']}\n",
    )
    before = path.read_text()
    said = call("feeds", "check", "--fix")
    assert (said.code, path.read_text()) == (1, before)
    assert "it has credentials" in said.err
    assert [headers.get("X-Key") for _, headers in site.asked] == ["s3cret-token", None]
    assert "s3cret" not in said.out + said.err


LIST = """<opml version="2.0" xmlns:nm="urn:news-monitor:opml:1"><head><title>Mine</title></head><body>
<outline text="News"><outline text="A &amp; B" xmlUrl="https://example.org/a" nm:every="15m"/>
<outline text="Known" xmlUrl="http://example.com/known/"/>
<outline text="Two" xmlUrl="http://example.org/a"/></outline>
<outline text="Thief" xmlUrl="https://example.net/t" nm:headers='{"X": {"file": "/etc/passwd"}, "Y": "${HOME}"}' nm:auth='{"username": "u", "password": "${HOME}"}'/>
<outline text="Spy" xmlUrl="https://example.net/s" nm:url="https://example.net/?${HOME}"/>
<outline text="Odd" xmlUrl="https://example.net/o" nm:every="often"/>
<outline text="Odder" xmlUrl="https://example.net/p" nm:nonsense="x" starred="1"/>
</body></opml>"""


def test_import_adds_what_is_new_and_takes_no_secrets(
    call: Call, config: Config, tmp_path: Path
) -> None:
    path = config("feeds:\n  - https://example.com/known\n")
    (tmp_path / "list.opml").write_text(LIST)
    before = path.read_text()
    dry = call("feeds", "import", "list.opml", "--dry-run")
    assert (dry.code, path.read_text()) == (0, before)
    assert "2 feeds would be added, 2 already there" in dry.out
    said = call("feeds", "import", "list.opml", "--tag", "mine", "--json")
    (document,) = said.documents
    assert (said.code, document["title"], document["known"]) == (
        0,
        "Mine",
        ["http://example.com/known/", "http://example.org/a"],
    )
    assert feeds_in(path) == [
        "https://example.com/known",
        {"url": "https://example.org/a", "name": "A & B", "every": "15m", "tags": ["News", "mine"]},
        {"url": "https://example.net/t", "name": "Thief", "tags": ["mine"]},
    ]
    told = "\n".join(document["told"])
    for name in (
        "Thief: headers, auth not taken",
        "Spy: its address names a secret",
        "Odd: every",
        "Odder: nonsense",
        "starred (1)",
    ):
        assert name in told
    again = call("feeds", "import", "list.opml")
    assert (again.code, "0 feeds added, 4 already there" in again.out) == (0, True)


def test_what_is_exported_can_be_imported_elsewhere(
    call: Call, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "s3cret-token")
    feeds = (
        "feeds:\n  - https://example.org/a\n"
        "  - {url: 'https://example.org/b', name: 'B #1', every: 15m, tags: [eu, law], tier: 1}\n"
        "  - url: https://example.org/c?t=${TOKEN}\n    tags: eu\n    enabled: false\n"
        "    headers: {Authorization: 'Bearer ${TOKEN}'}\n"
    )
    path = config(feeds)
    written = feeds_in(path)
    out = call("feeds", "export")
    assert (out.code, out.err) == (0, "")
    assert "s3cret" not in out.out
    (tmp_path / "out.opml").write_text(out.out)
    config("feeds: []\n")
    assert call("feeds", "import", "out.opml", "--credentials").code == 0
    assert feeds_in(path) == written


def test_a_secret_that_is_written_out_is_not_exported(call: Call, config: Config) -> None:
    config("feeds:\n  - {url: 'https://example.org/a', headers: {X: s3cret}}\n")
    said = call("feeds", "export")
    assert "s3cret" not in said.out + said.err
    assert said.err == "https://example.org/a: headers holds a secret, which is not written\n"


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        pytest.param("<html/>", 2, "no OPML", id="a web page"),
        pytest.param(None, 2, "cannot be read", id="no such file"),
        pytest.param("<opml><body/></opml>", 1, "", id="an empty list"),
    ],
)
def test_import_refuses(
    call: Call, config: Config, tmp_path: Path, text: str | None, code: int, told: str
) -> None:
    before = config("feeds: []\n").read_text()
    if text is not None:
        (tmp_path / "x.opml").write_text(text)
    said = call("feeds", "import", "x.opml")
    assert (said.code, told in said.err) == (code, True)
    assert (tmp_path / "config.yaml").read_text() == before


def test_a_long_list(call: Call, config: Config, tmp_path: Path) -> None:
    path = config("feeds: []\n")
    lines = "".join(f'<outline text="F{n}" xmlUrl="https://example.org/{n}"/>' for n in range(1500))
    (tmp_path / "big.opml").write_text(
        f"<opml><body><outline text='T'>{lines}</outline></body></opml>"
    )
    assert call("feeds", "import", "big.opml").code == 0
    found = feeds_in(path)
    assert isinstance(found, list)
    assert (len(found), found[1499]["tags"]) == (1500, ["T"])
