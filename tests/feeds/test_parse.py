"""What a feed's bytes come to."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.parse import NotAFeed, as_json, parse_feed
from monitor.model import ParsedFeed

DATA = Path(__file__).parents[1] / "data" / "feeds"
URL = "https://pier-gazette.example/feed.xml"
NINE = datetime(2024, 2, 27, 9, tzinfo=UTC)


def read(name: str, content_type: str | None = None) -> ParsedFeed:
    return parse_feed((DATA / name).read_bytes(), URL, content_type)


def rss(items: str, head: str = "<title>Pier</title>") -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel>{head}{items}</channel></rss>"
    ).encode("utf-8", "surrogatepass")


def item(inner: str) -> str:
    return f"<item>{inner}</item>"


def test_rss_20() -> None:
    feed = read("rss20.xml")
    assert (feed.format, feed.title, feed.language, feed.ttl) == (
        "rss 2.0",
        "Pier Gazette",
        "en",
        10800,
    )
    assert feed.link == "https://pier-gazette.example/"
    one, two, three = feed.entries
    assert one.id == "pg-1"
    assert one.title == "AT&T lands at the pier"
    assert one.link == "https://pier-gazette.example/news/1?a=1&copy=2"
    assert one.summary == "<p>A <b>short</b> text.</p>"
    assert one.content == "<p>The full text.</p>"
    assert set(one.authors) == {"Harbour Desk", "Night Desk"}
    assert (one.published, one.updated, one.tags) == (NINE, None, ("harbour",))
    assert (two.id, two.title, two.published) == (two.link, "Tides & times", None)
    assert (three.id, three.title, three.link) == ("pg-3", "Read ?a=1&copy=2 first", None)
    assert feed.warnings == (
        "1 entries have a link that leads nowhere by itself (javascript:alert(1)): left out",
        "1 entries repeat the id of another and were left out",
    )


def test_atom_10() -> None:
    feed = read("atom10.xml")
    one, two = feed.entries
    assert (feed.format, feed.language) == ("atom 1.0", "en")
    assert (one.title, one.id) == ("Tides & times", "urn:pg:1")
    assert one.link == "https://pier-gazette.example/atom/2024/tides.html"
    assert (one.summary, one.content) == ("", "<p>High &amp; low.</p>")
    assert one.authors == ("Harbour Desk",)
    assert one.published == NINE
    assert one.updated == datetime(2024, 2, 28, 10, tzinfo=UTC)
    assert two.title == "The <marquee> element"
    assert two.link == "https://pier-gazette.example/atom/marquee.html"


@pytest.mark.parametrize(
    ("name", "form", "ttl", "published"),
    [
        pytest.param("rss10.xml", "rss 1.0", 43200.0, NINE, id="RSS 1.0: dc:date, updatePeriod"),
        pytest.param("rss091.xml", "rss 0.91", None, None, id="RSS 0.91: the link is the id"),
        pytest.param("atom03.xml", "atom 0.3", None, NINE.replace(hour=10), id="Atom 0.3: issued"),
        pytest.param("json11.json", "json feed 1.1", None, NINE, id="JSON Feed 1.1"),
    ],
)
def test_formats(name: str, form: str, ttl: float | None, published: datetime | None) -> None:
    feed = read(name)
    assert (feed.format, feed.title, feed.ttl) == (form, "Pier Gazette", ttl)
    (entry,) = feed.entries
    assert entry.published == published
    assert entry.id and entry.link and entry.link.startswith("https://pier-gazette.example/")


def test_json_feed() -> None:
    feed = read("json11.json")
    assert feed.warnings == ("1 items are no objects",)
    assert as_json("file.json", feed)["entries"] == [
        {
            "id": "7",
            "link": "https://pier-gazette.example/news/7",
            "title": "Seven",
            "summary": "",
            "content": "a &lt; b",
            "authors": ["Harbour Desk"],
            "published": "2024-02-27T09:00:00Z",
            "updated": None,
            "tags": ["harbour"],
            "language": None,
        }
    ]


def test_broken_xml_keeps_all_entries_and_says_so() -> None:
    feed = read("broken.xml")
    assert [entry.title for entry in feed.entries] == ["One & two", "Three four", "Five"]
    assert any("not well-formed" in warning for warning in feed.warnings)


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "text/html", "application/octet-stream"]
)
@pytest.mark.parametrize("name", ["rss20.xml", "atom10.xml", "json11.json"])
def test_the_content_type_changes_no_entry(name: str, content_type: str | None) -> None:
    assert read(name, content_type).entries == read(name, "application/xml").entries


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        pytest.param("<title>&lt;b&gt;Bold&lt;/b&gt; x</title>", "Bold x", id="markup is stripped"),
        pytest.param("<title>AT&amp;amp;T</title>", "AT&T", id="HTML in XML is decoded"),
        pytest.param("<title>5 &lt; 6 &gt; 3</title>", "5 < 6 > 3", id="signs stay"),
        pytest.param(
            "<title>&lt;script&gt;a()&lt;/script&gt;News</title>", "News", id="scripts go"
        ),
        pytest.param("<title>a\n  b\tc</title>", "a b c", id="one line"),
        pytest.param("<title>e\u0301</title>", "é", id="NFC"),
        pytest.param("<title>" + "x" * 5000 + "</title>", "x" * 1000, id="at most a thousand"),
    ],
)
def test_titles(inner: str, expected: str) -> None:
    (entry,) = parse_feed(rss(item(inner)), URL, None).entries
    assert entry.title == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        pytest.param("Tue, 27 Feb 2024 10:00:00 +0100", NINE, id="with a zone"),
        pytest.param("2024-02-27T09:00:00Z", NINE, id="ISO in RSS"),
        pytest.param("Tue, 99 Feb 2024 10:00:00 +0100", None, id="an impossible day"),
        pytest.param("Tue, 27 Feb 99999 10:00:00 GMT", None, id="a year of five digits"),
        pytest.param("Sat, 01 Jan 0000 00:00:00 GMT", None, id="the year 0"),
        pytest.param("9" * 18, None, id="a number"),
        pytest.param("soon", None, id="a word"),
    ],
)
def test_dates(date: str, expected: datetime | None) -> None:
    (entry,) = parse_feed(rss(item(f"<guid>1</guid><pubDate>{date}</pubDate>")), URL, None).entries
    assert entry.published == expected


def test_a_date_ahead_is_kept_with_a_warning() -> None:
    body = rss(item("<guid>1</guid><pubDate>Tue, 27 Feb 2099 10:00:00 GMT</pubDate>"))
    feed = parse_feed(body, URL, None, now=NINE)
    assert feed.entries[0].published == datetime(2099, 2, 27, 10, tzinfo=UTC)
    assert feed.warnings == ("1 entries are dated more than a day ahead",)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param("<ttl>60</ttl>", 3600.0, id="minutes"),
        pytest.param("<ttl>-1</ttl>", None, id="negative"),
        pytest.param("<ttl>1000000000</ttl>", None, id="nineteen centuries"),
        pytest.param("<ttl>abc</ttl>", None, id="a word"),
        pytest.param("<ttl>nan</ttl>", None, id="not a number"),
        pytest.param("<sy:updatePeriod>daily</sy:updatePeriod>", 86400.0, id="period alone"),
        pytest.param(
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            None,
            id="no times an hour",
        ),
    ],
)
def test_ttl(head: str, expected: float | None) -> None:
    assert parse_feed(rss("", f"<title>x</title>{head}"), URL, None).ttl == expected


def test_identity_without_id_or_link_is_stable() -> None:
    body = rss(item("<title>One</title><description>x</description>") + item("<title>Two</title>"))
    first, again = (
        parse_feed(body, url, None).entries for url in (URL, "https://mirror.example/f")
    )
    assert [entry.id for entry in first] == [entry.id for entry in again]
    assert first[0].id != first[1].id


def test_a_guid_is_the_id_as_given_and_no_invented_link() -> None:
    (entry,) = parse_feed(rss(item("<title>x</title><guid>17</guid>")), URL, None).entries
    assert (entry.id, entry.link) == ("17", None)
    (entry,) = parse_feed(rss(item("<guid>https://x.org/17</guid>")), URL, None).entries
    assert (entry.id, entry.link) == ("https://x.org/17", "https://x.org/17")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b" \n\x00", "empty", id="space"),
        pytest.param(
            b"<!doctype html><html><body><rss></body></html>", "web page", id="a web page"
        ),
        pytest.param(
            b"<html><form><input type=password></form></html>", "login", id="a login page"
        ),
        pytest.param(b"\x00\xff\xfe\x89PNG" * 50, "not a feed", id="binary"),
        pytest.param(b"/etc/hostname", "not a feed", id="the path of a file"),
        pytest.param(b"https://example.org/feed.xml", "not a feed", id="an address"),
        pytest.param(b'{"a": 1}', "JSON", id="other JSON"),
        pytest.param(b"{" * 100_000, "JSON", id="deep JSON"),
        pytest.param(b"<a>" * 100_000, "not a feed", id="deep XML"),
    ],
)
def test_what_is_no_feed(body: bytes, said: str) -> None:
    with pytest.raises(NotAFeed, match=said):
        parse_feed(body, URL, None)


@pytest.mark.parametrize(
    "items",
    [
        pytest.param(item("<author>" + "a" * 30_000 + "</author>"), id="an author of 30 kB"),
        pytest.param(
            item("<dc:creator><![CDATA[" + "a." * 50_000 + "]]></dc:creator>"), id="in CDATA"
        ),
        pytest.param(item("<link>http://[bad</link>"), id="an address that cannot be read"),
        pytest.param(item("<title>x\x00\x08\ud800</title>"), id="characters that are none"),
        pytest.param(item("<pubDate>+99:99</pubDate>"), id="an impossible zone"),
        pytest.param(item("<title>" + "<b>" * 2000 + "</title>"), id="deep nesting"),
    ],
)
def test_one_bad_entry_never_loses_the_others(items: str) -> None:
    body = rss(item("<guid>before</guid>") + items + item("<guid>after</guid>"))
    began = time.process_time()
    ids = [entry.id for entry in parse_feed(body, URL, None).entries]
    assert {"before", "after"} <= set(ids)
    assert time.process_time() - began < 3.0


def test_a_hundred_thousand_items_are_cut_before_they_are_read() -> None:
    body = rss("".join(item(f"<guid>{n}</guid>") for n in range(100_000)))
    began = time.process_time()
    feed = parse_feed(body, URL, None)
    assert time.process_time() - began < 5.0
    assert len(feed.entries) == 1000
    assert feed.warnings == ("99,000 entries more than 1,000 were left out",)


def titled(declaration: str = "") -> str:
    return f"{declaration}<rss version='2.0'><channel><title>Grüße</title></channel></rss>"


def declared(encoding: str) -> str:
    return titled(f"<?xml version='1.0' encoding='{encoding}'?>")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(titled().encode("utf-16"), None, id="UTF-16"),
        pytest.param(declared("utf-8").encode("cp1252"), None, id="Windows-1252 labelled UTF-8"),
        pytest.param(titled().encode(), "text/xml; charset=iso-8859-1", id="UTF-8 as Latin-1"),
        pytest.param(titled("\ufeff").encode(), None, id="UTF-8 with a mark"),
        pytest.param(
            declared("zlib_codec").encode(), None, id="a codec that is no encoding of text"
        ),
    ],
)
def test_encodings(body: bytes, content_type: str | None) -> None:
    assert parse_feed(body, URL, content_type).title == "Grüße"


AUDITED = """
import sys
from monitor.feeds.parse import NotAFeed, parse_feed
from monitor.articles.extract import extract_page
parse_feed(b"<rss version='2.0'><channel><title>x</title></channel></rss>", "https://x.org/", None)
extract_page(b"<p>warm</p>" * 50, "https://x.org/", None)
seen = []
def hook(event, arguments):
    if event.startswith("socket.") or event in ("subprocess.Popen", "os.system"):
        seen.append((event, arguments))
    elif event == "open" and not str(arguments[0]).endswith((".py", ".pyc", ".so")):
        seen.append((event, arguments))
sys.addaudithook(hook)
secret = sys.argv[1]
def doctype(inside, use):
    return (f"<?xml version='1.0'?><!DOCTYPE rss [{inside}]><rss version='2.0'"
            " xmlns:xi='http://www.w3.org/2001/XInclude'><channel><title>t</title>"
            f"<item><guid>1</guid><title>{use}</title></item></channel></rss>").encode()
laughs = "<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n-1};' * 10}'>" for n in range(1, 7))
for body in (
    secret.encode(), b"/dev/zero", b"http://127.0.0.1:9/", b"file://" + secret.encode(),
    doctype(f"<!ENTITY x SYSTEM 'file://{secret}'>", "[&x;]"),
    doctype("<!ENTITY x SYSTEM 'http://127.0.0.1:9/'>", "[&x;]"),
    doctype("<!ENTITY % x SYSTEM 'http://127.0.0.1:9/'> %x;", "y"),
    doctype("", f"<xi:include href='file://{secret}' parse='text'/>"),
    doctype(laughs, "&a6;"),
):
    for read in (parse_feed, extract_page):
        try:
            result = repr(read(body, "https://x.org/", None))
        except NotAFeed:
            continue
        assert "canary" not in result, result[:300]
        assert len(result) < 10_000
print(seen)
"""


def test_nothing_in_a_body_opens_a_file_or_a_connection(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text("<rss version='2.0'><channel><title>canary</title></channel></rss>")
    ran = subprocess.run(
        [sys.executable, "-c", AUDITED, str(secret)],
        capture_output=True,
        text=True,
        timeout=30,
        cwd=Path(__file__).parents[2],
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "[]"


@given(st.binary(max_size=200), st.sampled_from(["{}", "<rss>{}", "<feed>{}</feed>"]))
def test_any_bytes_give_a_feed_or_not_a_feed(body: bytes, frame: str) -> None:
    before, _, after = frame.partition("{}")
    try:
        feed = parse_feed(before.encode() + body + after.encode(), URL, None)
    except NotAFeed:
        return
    json.dumps(as_json("x", feed)).encode()
