"""Hostile documents, as the parsers see them: what they say is content, and only so much of it.

What costs time here costs it in a process that is killed at its limit (tests/test_workers.py); the
page of attacks shows both together.
"""

import json
import sqlite3
import subprocess
import sys
import time
import unicodedata
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from monitor.articles.extract import extract_page
from monitor.feeds.parse import NotAFeed, as_json, parse_feed
from monitor.feeds.quick import Doubt, scan_in_loop
from monitor.model import ParsedFeed, Quality
from monitor.workers_wire import feed_lines, page_line, read_answer, read_entry

ROOT = Path(__file__).parents[2]
URL = "https://pier-gazette.example/feed"


def rss(items: str, before: str = "") -> bytes:
    text = f"{before}<rss version='2.0'><channel><title>Pier</title>{items}</channel></rss>"
    return text.encode("utf-8", "surrogatepass")


def seconds(began: float) -> float:
    return time.process_time() - began


READ_AS_CONTENT = """
import sys, time
from monitor.feeds.parse import NotAFeed, parse_feed
from monitor.feeds.quick import scan_in_loop
from monitor.articles.extract import extract_page
for warm in (b"<rss version='2.0'><channel><title>x</title></channel></rss>", b"<feed", b"{"):
    for read in (parse_feed, extract_page, scan_in_loop):
        try:
            read(warm, "https://x.example/", None)
        except NotAFeed:
            pass
seen = []
def hook(event, arguments):
    if event.startswith("socket.") or event in ("subprocess.Popen", "os.system"):
        seen.append((event, arguments))
    elif event == "open" and not str(arguments[0]).endswith((".py", ".pyc", ".so")):
        seen.append((event, arguments))
sys.addaudithook(hook)
canary = sys.argv[1]
slowest = 0
for body in (canary, "file://" + canary, "/dev/zero", "/dev/stdin", "http://127.0.0.1:9/feed",
             "//127.0.0.1:9/feed", "../../etc/hostname", "feed:http://127.0.0.1:9/"):
    for read in (parse_feed, extract_page, scan_in_loop):
        began = time.process_time()
        try:
            result = repr(read(body.encode(), "https://x.example/", None))
        except NotAFeed as error:
            result = str(error)
        slowest = max(slowest, time.process_time() - began)
        assert "canary" not in result, result
print(seen, slowest < 0.1)
"""


def test_s13_s14_a_body_that_names_a_file_an_address_or_a_device_is_content(tmp_path: Path) -> None:
    """S-13: no file and no socket is opened (watched by an audit hook); S-14: within 100 ms."""
    canary = tmp_path / "feed.xml"
    canary.write_bytes(rss("").replace(b"Pier", b"canary"))
    ran = subprocess.run(
        [sys.executable, "-c", READ_AS_CONTENT, str(canary)],
        capture_output=True, text=True, timeout=30, cwd=ROOT, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "[] True"


def laughs(levels: int) -> str:
    inner = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, levels))
    return f"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a0 'ha'>{inner}]>"


DOCTYPES = {
    "S-31 a billion laughs": (laughs(10), "&a9;"),
    "S-31 quadratic growth": ("<!DOCTYPE rss [<!ENTITY a '" + "x" * 50_000 + "'>]>", "&a;" * 2000),
    "S-32 a file": ("<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", "[&x;]"),
    "S-32 an address": ("<!DOCTYPE rss [<!ENTITY x SYSTEM 'http://127.0.0.1:9/'>]>", "[&x;]"),
    "S-32 a parameter entity": (
        "<!DOCTYPE rss [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]>", "[x]"),
    "S-32 a document type elsewhere": (
        "<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/rss.dtd'>", "[x]"),
}  # fmt: skip


@pytest.mark.parametrize(("doctype", "use"), DOCTYPES.values(), ids=DOCTYPES)
def test_entities_neither_grow_nor_read_anything(doctype: str, use: str) -> None:
    """That nothing is opened is watched in tests/feeds/test_parse.py."""
    body = rss(f"<item><guid>1</guid><title>{use}</title></item>", doctype)
    began = time.process_time()
    assert isinstance(scan_in_loop(body, URL, None), Doubt)  # left to a process that can be killed
    shown = ""
    try:
        feed = parse_feed(body, URL, None)
        shown = "".join(entry.title + entry.summary + entry.content for entry in feed.entries)
    except NotAFeed:
        pass
    shown += extract_page(b"<html><p>" + body, URL, None).text
    assert "root:" not in shown
    assert len(shown) < 200_000
    assert seconds(began) < 3.0


SLOW = {
    "S-33 an author of 30 kB": "<item><guid>1</guid><author>" + "a" * 30_000 + "</author></item>",
    "S-33 an author of a megabyte": "<item><guid>1</guid><author>" + "a." * 500_000 + "</author></item>",
    "S-35 an attribute of 10 MB": "<item><guid isPermaLink='" + "x" * 9_900_000 + "'>1</guid></item>",
    "S-35 a word of 5 MB": "<item><guid>1</guid><title>" + "x" * 5_000_000 + "</title></item>",
}  # fmt: skip


@pytest.mark.parametrize("items", SLOW.values(), ids=SLOW)
def test_what_makes_parsers_slow_is_read_in_time(items: str) -> None:
    body = rss(items + "<item><guid>after</guid></item>")
    began = time.process_time()
    assert "after" in [entry.id for entry in parse_feed(body, URL, None).entries]
    assert seconds(began) < 3.0


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"<p>word</p>" * 200_000, "too many to read", id="S-34 200,000 paragraphs"),
        pytest.param(b"<div>" * 100_000 + b"x", "", id="S-35 a page of 100,000 levels"),
        pytest.param(b"<p>" + b"x" * 5_000_000, "", id="S-35 a page with a word of 5 MB"),
        pytest.param(b"<p a='" + b"x" * 9_000_000 + b"'>", "", id="S-35 an attribute of 9 MB"),
    ],
)
def test_hostile_pages_end_soon(body: bytes, reason: str) -> None:
    began = time.process_time()
    page = extract_page(b"<html><body>" + body, URL, None)
    assert page.quality is not Quality.OK
    assert reason in page.reason
    assert len(page.text) <= 1_000_000
    assert seconds(began) < 4.0


def test_s38_a_document_brings_only_so_much() -> None:
    """S-38: 1,000 entries a poll, the surplus counted; long texts cut."""
    long = "x" * 2_000_000
    first = (
        f"<item><guid>{long}</guid><title>{long}</title><description>{long}</description></item>"
    )
    body = rss(first + "".join(f"<item><guid>{n}</guid></item>" for n in range(1500)))
    feed = parse_feed(body, URL, None)
    assert len(feed.entries) == 1000
    assert feed.warnings == ("501 entries more than 1,000 were left out",)
    entry = feed.entries[0]
    assert (len(entry.id), len(entry.title), len(entry.summary)) == (71, 1000, 64_000)
    assert len(list(feed_lines(feed))) == 1001


ODD = {
    "S-39 half a surrogate pair": "a\ud800b",
    "S-39 NUL and controls": "a\x00\x08\x1bb",
    "S-39 turns of the writing direction": "a\u202egnp.exe\u2066b",
    "S-39 decomposed letters": "e\u0301te\u0301",
    "S-39 no character": "a\ufffe\uffffb",
    "S-39 a hundred accents": "a" + "\u0301" * 100,
    "S-39 as a reference": "a&#0;&#x1F;&#x10FFFF;b",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_characters_can_be_stored_sent_and_shown(text: str) -> None:
    """S-39: valid UTF-8 in NFC; neither SQLite, nor JSON, nor a mail raises."""
    items = (
        f"<item><guid>{text}</guid><title>{text}</title><description>{text}</description></item>"
    )
    feed = parse_feed(rss(items), URL, None)
    page = extract_page(
        f"<html><title>{text}</title><p>{text} x".encode("utf-8", "surrogatepass"), URL, None
    )
    (entry,) = feed.entries
    for value in (entry.id, entry.title, entry.summary, page.title, page.text):
        value.encode("utf-8")
        assert unicodedata.is_normalized("NFC", value)
        assert "\x00" not in value
        database = sqlite3.connect(":memory:")
        assert database.execute("SELECT ?", (value,)).fetchone() == (value,)
        database.close()
        mail = EmailMessage(policy=SMTP)
        mail.set_content(value)
        assert mail.as_bytes()
    assert json.loads(json.dumps(as_json("x", feed)))["entries"][0]["title"] == entry.title
    head, line = feed_lines(feed)
    assert read_entry(line).title == entry.title
    assert read_answer(head) and read_answer(page_line(page))


@pytest.mark.parametrize("label", ["zlib_codec", "idna", "utf-7", "unicode_escape", "rot13", "hex"])
def test_s39_a_codec_that_is_no_encoding_of_text_is_not_used(label: str) -> None:
    body = rss("<item><guid>+ADw-1</guid></item>", f"<?xml version='1.0' encoding='{label}'?>")
    assert [entry.id for entry in parse_feed(body, URL, None).entries] == ["+ADw-1"]
    page = b"<html><meta charset='%s'><title>+ADw-b \\u0041</title>" % label.encode()
    assert extract_page(page, URL, f"text/html; charset={label}").title == "+ADw-b \\u0041"


@pytest.mark.parametrize(
    "date",
    [
        pytest.param("Sat, 01 Jan 0000 00:00:00 GMT", id="S-40 the year 0"),
        pytest.param("9999-12-31T23:59:59-14:00", id="S-40 past the last day of all"),
        pytest.param("1" + "0" * 18, id="S-40 a number of nineteen digits"),
        pytest.param("1e18", id="S-40 a number with an exponent"),
        pytest.param("Tue, 27 Feb 2024 10:00:00 +9999", id="S-40 a zone of 99 hours"),
        pytest.param("2024-02-27T10:00:00+99:99", id="S-40 the same in ISO 8601"),
        pytest.param("0001-01-01T00:00:00+14:00", id="S-40 before the first day of all"),
    ],
)
def test_impossible_dates_are_none_or_a_day_of_the_calendar(date: str) -> None:
    items = f"<item><guid>1</guid><pubDate>{date}</pubDate></item>"
    (entry,) = parse_feed(rss(items), URL, None, now=datetime.now(UTC)).entries
    assert entry.published is None or entry.published.tzinfo is UTC
    head = f"<meta property='article:published_time' content='{date}'>"
    page = extract_page(f"<html>{head}<p>x</p>".encode(), URL, None)
    assert page.published is None or page.published.utcoffset() is not None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(b"<html><form><input type=password></form></html>", "login", id="F-40 a login page"),
        pytest.param(b"<!doctype html><title>Just a moment...</title>", "human visitor", id="F-40 a challenge"),
        pytest.param(b"", "empty", id="F-41 an empty body"),
        pytest.param(b" \n", "empty", id="F-41 a blank body"),
        pytest.param(b"\x1f\x8b\x08broken", "empty", id="F-41 gzip that is none"),
        pytest.param(b'{"error": "no"}', "JSON", id="F-40 another service's JSON"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_told(body: bytes, said: str) -> None:
    """Validators and entries stay: tests/flow/test_feeds.py."""
    with pytest.raises(NotAFeed, match=said):
        parse_feed(body, URL, None)


def test_f41_a_feed_cut_in_its_middle_says_so() -> None:
    """F-41: what came is read, and the warning tells of the rest."""
    feed = parse_feed(
        rss("<item><guid>1</guid></item><item><guid>2</guid></item>")[:-30], URL, None
    )
    assert isinstance(feed, ParsedFeed)
    assert any("not well-formed" in warning for warning in feed.warnings)
