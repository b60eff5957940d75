"""``extract`` and ``feeds parse``: pages and feeds from files, pipes and addresses."""

import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from monitor.cli import run
from monitor.demo.server import WorldServer

from .conftest import Call, Write

PARAGRAPH = "The old mill needed a new roof, which surprised nobody in the small town. " * 9
OTHER = "Forty-five people have been hired, half of them retired from the same trade. " * 9
PAGE = (
    "<html lang=en><head><title>The mill has a roof</title></head><body><article>"
    f"<h1>The mill has a roof</h1><p>{PARAGRAPH}</p><p>Later: {OTHER}</p></article></body></html>"
)
RSS = (
    "<rss version='2.0'><channel><title>Sample\x1b[31m Herald</title><link>https://example.org/"
    "</link><item><title>One &amp; \u202etwo</title><link>https://example.org/1</link>"
    "<guid>g1</guid><pubDate>Sun, 22 Nov 2026 12:00:00 +0100</pubDate></item></channel></rss>"
).replace("\x1b", "&#x202b;")
ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title><id>urn:a</id>"
    "<updated>2026-11-22T11:00:00Z</updated><entry><title>E</title><id>urn:e</id>"
    "<updated>2026-11-22T11:00:00Z</updated></entry></feed>"
)
JSON_FEED = '{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"1"}]}'


def test_extract_writes_one_document_for_each_source_in_their_order(
    call: Call, write: Write, tmp_path: Path
) -> None:
    write("page.html", PAGE)
    write("empty.html", "")
    (tmp_path / "binary").write_bytes(bytes(range(256)) * 20)
    names = ["page.html", "missing.html", "empty.html", "binary", ".", "page.html"]
    said = call("extract", "--json", "--url", "https://example.org/mill", *names)
    assert [document["source"] for document in said.documents] == names
    assert [document["quality"] for document in said.documents] == [
        "ok", "failed", "failed", "failed", "failed", "ok",
    ]  # fmt: skip
    first = said.documents[0]
    assert list(first) == [
        "source", "url", "title", "text", "author", "published", "language", "section", "image",
        "quality", "reason",
    ]  # fmt: skip
    assert first["url"] == "https://example.org/mill"
    assert first["text"].count("\n\n") == 1
    assert said.err.splitlines() == [
        "missing.html: cannot be read (No such file or directory)",
        ".: cannot be read (Is a directory)",
    ]
    assert said.code == 2


@pytest.mark.parametrize(
    ("config", "source", "code", "told"),
    [
        pytest.param("", "page.html", 0, "", id="a page that can be read"),
        pytest.param("articles: {max_bytes: 1kB}\n", "page.html", 2, "1,000 bytes", id="too large"),
        pytest.param("", "http://127.0.0.1:9/", 1, "loopback address", id="an address not allowed"),
        pytest.param(
            "network: {allow_private: [127.0.0.0/8]}\n", "http://127.0.0.1:9/", 1, "127.0.0.1",
            id="an address that nobody answers",
        ),
        pytest.param("", "http://[x/", 1, "http://[x/: ", id="an address that is none"),

    ],
)  # fmt: skip
def test_extract_for_people(
    call: Call, write: Write, config: str, source: str, code: int, told: str
) -> None:
    write("page.html", PAGE)
    write("rules/a.yaml", "id: a\nmatch: [x]\n")
    write("config.yaml", "feeds: [https://example.org/f]\n" + config)
    said = call("extract", source)
    assert (said.code, told in said.err) == (code, True)
    assert said.out.startswith("The mill has a roof\n") == (source == "page.html" and code == 0)


def test_standard_input_is_a_source(write: Write, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "extract", "--json", "-"], input=PAGE.encode(),
        cwd=tmp_path, capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["title"] == "The mill has a roof"


def test_an_address_is_read_through_the_programs_own_way_out(call: Call, write: Write) -> None:
    write("config.yaml", "network: {allow_private: [127.0.0.0/8]}\nrules: []\n")
    with WorldServer() as world:
        feed = world.feeds[0][1]
        parsed = call("feeds", "parse", "--json", feed)
        link = parsed.documents[0]["entries"][0]["link"]
        read = call("extract", "--json", link, world.base + "/nothing")
    assert parsed.code == 0
    good, missing = read.documents
    assert (good["quality"], good["url"]) == ("ok", link)
    assert (missing["quality"], "404" in missing["reason"]) == ("failed", True)
    assert read.code == 1


FEEDS = [
    pytest.param(RSS, "rss 2.0", 1, id="RSS"),
    pytest.param(ATOM, "atom 1.0", 1, id="Atom"),
    pytest.param(JSON_FEED, "json feed 1.1", 1, id="JSON Feed"),
    pytest.param(RSS.replace("</channel></rss>", ""), "rss 2.0", 1, id="cut off"),
    pytest.param(PAGE, "unknown", 0, id="a web page"),
    pytest.param("", "unknown", 0, id="an empty file"),
    pytest.param("{}", "unknown", 0, id="JSON that is no feed"),
    pytest.param("\0\1\2" * 99, "unknown", 0, id="bytes"),
]


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All of ``FEEDS`` in one call, by their content (workers take a second to start)."""
    folder = tmp_path_factory.mktemp("feeds")
    contents = [str(param.values[0]) for param in FEEDS]
    names = [str(folder / str(number)) for number in range(len(FEEDS))]
    for name, content in zip(names, contents, strict=True):
        Path(name).write_text(content, encoding="utf-8")
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        assert run(["feeds", "parse", "--json", *names]) == 1, "some are no feeds"
    documents = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [document["source"] for document in documents] == names
    told = [line.partition(": ")[0] for line in err.getvalue().splitlines()]
    assert told == [each["source"] for each in documents if each["format"] == "unknown"]
    return dict(zip(contents, documents, strict=True))


@pytest.mark.parametrize(("content", "form", "entries"), FEEDS)
def test_feeds_parse(parsed: dict[str, Any], content: str, form: str, entries: int) -> None:
    document = parsed[content]
    assert {"source", "format", "title", "link", "entries", "warnings"} <= set(document)
    assert (document["format"], len(document["entries"])) == (form, entries)
    assert document["warnings"] or form != "unknown"


def test_an_entry_has_the_documented_shape(parsed: dict[str, Any]) -> None:
    (entry,) = parsed[RSS]["entries"]
    assert {
        "id", "link", "title", "summary", "content", "authors", "published", "updated", "tags",
    } <= set(entry)  # fmt: skip
    assert (entry["id"], entry["published"]) == ("g1", "2026-11-22T11:00:00Z")


def test_a_hostile_title_cannot_reorder_a_terminal(call: Call, write: Write) -> None:
    write("feed", RSS)
    write("page", PAGE)
    said = call("feeds", "parse", "feed", "page")
    assert "One & two" in said.out
    assert not {"\u202e", "\u202b", "\x1b"} & set(said.out)
    assert (said.code, said.err) == (1, "page: a web page, not a feed\n")


def test_a_config_with_mistakes_and_a_missing_file_cost_no_other(call: Call, write: Write) -> None:
    write("config.yaml", "nonsense: 1\n")
    write("feed", RSS)
    said = call("feeds", "parse", "--json", "missing", "feed")
    assert [len(document["entries"]) for document in said.documents] == [0, 1]
    assert said.code == 2
    assert [line.split(" ")[0] for line in said.err.splitlines() if "warning" not in line] == [
        "config.yaml:1:1:", "missing:",
    ]  # fmt: skip
