"""The quick way of reading a feed against feedparser's, and what it must never do."""

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.made_up import feed as made_up
from monitor.feeds import quick
from monitor.feeds.identity import name_entries
from monitor.feeds.parse import NotAFeed, as_json, parse_feed, parse_tolerantly
from monitor.feeds.quick import Doubt, Scan
from monitor.model import ParsedFeed
from tests.conftest import many
from tests.feeds.cases import formats, links, texts
from tests.feeds.cases.form import RSS_NAMES, URL, atom, rss

XML = "application/xml"


MORE = (
    ' xmlns:own="urn:own" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:m="http://www.w3.org/1998/Math/MathML"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)


def both(body: bytes, url: str = URL) -> tuple[ParsedFeed | Doubt, Any]:
    """What the quick way reads, or its doubt; what the tolerant way reads, or its refusal."""
    scanned = quick.scan(body, url, XML)
    read = scanned if isinstance(scanned, Doubt) else scanned.read()
    try:
        return read, parse_tolerantly(body, url, XML)
    except NotAFeed as refusal:
        return read, refusal


@pytest.mark.parametrize("number", range(6))
def test_ordinary_feeds_are_read_quickly_and_alike(number: int) -> None:
    read, referee = both(made_up(number))
    assert read == referee
    assert isinstance(read, ParsedFeed)
    assert len(read.entries) == 30


@pytest.mark.parametrize("number", range(3))
def test_only_unknown_entries_are_read(number: int) -> None:
    before = quick.scan(made_up(number), URL, XML)
    after = quick.scan(made_up(number, edition=2), URL, XML)
    assert isinstance(before, Scan)
    assert isinstance(after, Scan)
    assert len(set(after.keys) - set(before.keys)) == 2
    read = after.read(known=set(before.keys).__contains__)
    assert isinstance(read, ParsedFeed)
    assert [entry.id for entry in read.entries] == list(after.keys[:2])
    assert read.entries == after.read().entries[:2]  # type: ignore[union-attr]  # no doubt, as above


@pytest.mark.parametrize(
    "body",
    [
        *(pytest.param(made_up(number), id=f"an ordinary feed, {number}") for number in range(3)),
        pytest.param(rss("<title>a</title><description>b</description>").encode(), id="an id of title and text"),
        pytest.param(rss("<description>only a text</description>").encode(), id="an id of the text alone"),
        pytest.param(rss("<link>/a</link><category>c</category><author>Desk</author>").encode(), id="a link as id"),
    ],
)  # fmt: skip
def test_a_bare_entry_is_known_by_the_same_names(body: bytes) -> None:
    """What is only to be known again is read without its texts."""
    scanned = quick.scan(body, URL, XML)
    assert isinstance(scanned, Scan)
    bare, full = scanned.read(bare=True), scanned.read()
    assert isinstance(bare, ParsedFeed)
    assert isinstance(full, ParsedFeed)
    assert [named.names for named in name_entries(bare.entries)] == [
        named.names for named in name_entries(full.entries)
    ]
    less = [replace(e, summary="", content="", authors=(), tags=()) for e in full.entries]
    assert list(bare.entries) == less


def test_keys_are_the_ids_of_the_entries() -> None:
    """Also where there is neither id nor link, and where a date would be doubtful."""
    body = rss(
        "<title>no id</title>", "<guid> a  b </guid>", "<link>/rel</link>",
        f"<guid>{'x' * 3000}</guid>", "<guid>d</guid><pubDate>soon</pubDate>", "<guid>d</guid>",
    ).encode()  # fmt: skip
    scanned = quick.scan(body, URL, XML)
    assert isinstance(scanned, Scan)
    assert isinstance(scanned.read(), Doubt)
    assert list(scanned.keys) == [entry.id for entry in parse_feed(body, URL, XML).entries]


def test_a_doubt_about_a_known_entry_is_none() -> None:
    body = rss("<guid>old</guid><pubDate>soon</pubDate>", "<guid>new</guid>").encode()
    scanned = quick.scan(body, URL, XML)
    assert isinstance(scanned, Scan)
    read = scanned.read(known=lambda key: key == "old")
    assert isinstance(read, ParsedFeed)
    assert [entry.id for entry in read.entries] == ["new"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(rss("<guid>1</guid>").replace("<rss", "<!DOCTYPE rss><rss"), id="a document type"),
        pytest.param(
            "<!DOCTYPE rss [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)) + "]>" + rss("<title>&j;</title>").split("\n", 1)[1],
            id="entities that grow",
        ),
        pytest.param("<!DOCTYPE rss SYSTEM 'file:///etc/hostname'>" + rss("<guid>1</guid>").split("\n", 1)[1], id="a foreign document type"),
        pytest.param(rss("<guid>1</guid>")[:-3], id="damage"),
        pytest.param(rss("<title>A &nbsp; B</title>"), id="an entity"),
        pytest.param(rss("<title>A <b>B</b></title>"), id="markup in a title"),
        pytest.param(rss("<description><p>x</p></description>"), id="markup in a text"),
        pytest.param(rss("<pubDate>soon</pubDate>"), id="a date that needs guessing"),
        pytest.param(rss("<title>a</title><title>b</title>"), id="two titles"),
        pytest.param(rss("<author>a@b.example (Desk)</author>"), id="an author's address"),
        pytest.param(rss("<dc:title>a</dc:title>"), id="a title of another vocabulary"),
        pytest.param(rss("<georss:point xmlns:georss='http://www.georss.org/georss'>1 2</georss:point>"), id="a vocabulary that feedparser interprets"),
        pytest.param(rss("<x:title xmlns:x='http://purl.org/rss/1.0/'>a</x:title>"), id="RSS under a prefix"),
        pytest.param(rss("<post xmlns='urn:x'>a</post>"), id="an element without a prefix"),
        pytest.param(rss("<guid xml:base='/x/'>1</guid>"), id="xml:base in an item"),
        pytest.param(rss("<title xml:lang='fr'>a</title>"), id="a language in an item"),
        pytest.param(rss("<title>GrÃ¼ÃŸe</title>".replace("Ÿ", "\u009f")), id="letters encoded twice"),
        pytest.param(rss("<title>a&#146;b</title>"), id="a Windows quote as a number"),
        pytest.param(rss("<guid>1</guid>").replace("utf-8", "iso-8859-1"), id="another encoding"),
        pytest.param(rss("<description>a</description><itunes:summary>b</itunes:summary>", head="<itunes:summary>c</itunes:summary><description>d</description>").replace(RSS_NAMES, RSS_NAMES + MORE, 1), id="two summaries where the channel has two"),
        pytest.param("\ufeff" + rss("<guid>1</guid>"), id="a mark"),
        pytest.param("\n" + rss("<guid>1</guid>"), id="a blank line before it"),
        pytest.param(rss(*["<guid>1</guid>"] * 1201), id="many entries"),
        pytest.param(rss("<guid>1</guid>" + "<x:y xmlns:x='urn:x'/>" * 500), id="many elements"),
        pytest.param(rss("<description>" + "<p>" * 300 + "</p>" * 300 + "</description>"), id="depth"),
        pytest.param(rss("<title>" + "x" * 100_000 + "</title>"), id="a long title") ,
        pytest.param(rss("<guid>" + "x" * 2_000_000 + "</guid>"), id="a large body"),
        pytest.param(formats.RDF, id="RSS 1.0"),
        pytest.param(formats.ATOM03, id="Atom 0.3"),
        pytest.param(formats.ENTRY, id="an entry alone"),
        pytest.param("<html/>", id="a page"),
        pytest.param("", id="nothing"),
    ],
)  # fmt: skip
def test_doubts(body: str) -> None:
    began = time.process_time()
    scanned = quick.scan(body.encode(), URL, XML)
    read = scanned if isinstance(scanned, Doubt) else scanned.read()
    assert time.process_time() - began < 0.5
    if body and "x" * 100_000 in body and len(body) < 200_000:
        assert not isinstance(read, Doubt) or read.reason == "a long text"
    else:
        assert isinstance(read, Doubt)
        assert read.reason


SHORT = st.one_of(
    st.sampled_from(
        ["", "Pier", "A & B", "A &amp; B", "<b>x</b>", "5 < 6", "?a=1&copy=2", "Grüße – x", "Ã¼", " x ",
         "two\nlines", "https://x.example/1", "https://x.example/1?a=1&b=2;c", "/rel", "x y", "a@b.example",
         "tag:x.example,2024:1", "HTTPS://X.example/A#", "//y.example/z", "https:///x", "Tue, 27 Feb 2024 10:00:00 +0100",
         "2024-02-27T09:00:00Z", "16 novembre 2022", "soon", "text/html", "html", "text", "xhtml", "alternate", "self",
         "true", "false", "en", "fr-BE", "é", "\u0093", "&lt;i&gt;", "&copy;", "x:///y"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12),
)  # fmt: skip
RSS_ELEMENTS = (
    "title link guid pubDate description author category comments source dc:creator dc:date dc:subject"
    " content:encoded media:title media:description media:content atom:link dc:title slash:comments"
    " own:thing enclosure updated id summary content language image dc:language dcterms:created"
    " itunes:author itunes:summary itunes:subtitle itunes:keywords itunes:title itunes:image itunes:owner"
    " itunes:name itunes:email itunes:category itunes:explicit itunes:block itunes:duration"
).split()
ATOM_ELEMENTS = (
    "title link id published updated summary content author category rights contributor media:thumbnail"
    " issued source own:thing name dc:creator dc:date m:math"
).split()
ATTRIBUTES = (
    "isPermaLink domain href rel type term label url xml:lang xml:base own:x version base lang src"
).split()


def escaped(text: str) -> str:
    text = (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )
    return (
        "".join(sign for sign in text if sign in "\t\n\r" or sign >= " ")
        .replace("\ufffe", "")
        .replace("\uffff", "")
    )


@st.composite
def element(draw: st.DrawFn, names: list[str]) -> str:
    """An element with a text, seldom with attributes, in CDATA or with another inside."""
    name = draw(st.sampled_from(names))
    given = (
        draw(st.dictionaries(st.sampled_from(ATTRIBUTES), SHORT, max_size=2))
        if draw(st.integers(0, 3)) == 0 or name == "link"
        else {}
    )
    inside = escaped(draw(SHORT))
    if draw(st.integers(0, 4)) == 0:
        inside = f"<![CDATA[{inside}]]>"
    elif draw(st.integers(0, 7)) == 0:
        inside += draw(element(names))
    if name == "author" and "id" in names and draw(st.booleans()):
        inside = f"<name>{inside}</name>"
    attributes = "".join(f' {key}="{escaped(value)}"' for key, value in given.items())
    return f"<{name}{attributes}>{inside}</{name}>"


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """RSS or Atom of a few entries, each of a few elements."""
    is_rss = draw(st.booleans())
    names = RSS_ELEMENTS if is_rss else ATOM_ELEMENTS
    parts = st.lists(element(names), max_size=5).map("".join)
    head, items = draw(parts), draw(st.lists(parts, max_size=3))
    head = head if draw(st.integers(0, 2)) == 0 else "<title>Pier</title>"
    text = rss(*items, head=head) if is_rss else atom(*items, head=head, root=RSS_NAMES)
    return text.replace(RSS_NAMES, RSS_NAMES + MORE, 1).encode()


def alike(body: bytes) -> None:
    read, referee = both(body)
    if isinstance(read, Doubt):
        return
    assert read == referee


@given(documents())
@settings(max_examples=many(150, 20_000))
def test_generated_documents_are_read_alike_or_doubted(body: bytes) -> None:
    alike(body)


VALID = [made_up(number)[:6000] for number in range(3)] + [
    case.data for table in (formats, texts, links) for case in table.CASES if len(case.data) < 5000
]
PIECES = [
    b"<", b">", b"</", b"]]>", b"<![CDATA[", b"&", b"&amp;", b"&#0;", b"&#x1F600;", b"\x00", b"\xff", b"<item>",
    b"</item>", b"<entry>", b"<!--", b"-->", b"<?x?>", b'"', b" xmlns='urn:x'", b"<link/>", b"\xc2\x85", b"<!DOCTYPE x>",
    b"<media:title>", b"</media:title>", b"9" * 50, b"\xe2\x80\xae", b"</channel>", b"<author>", b"{", b"\x1f\x8b\x08",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A valid document after a few cuts, insertions, repetitions and exchanges."""
    body: bytes = draw(st.sampled_from(VALID))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.sampled_from((0, 0, 1, 3, 20, 200))))
        other = draw(
            st.one_of(st.sampled_from(PIECES), st.binary(max_size=4), st.just(body[start:end] * 2))
        )
        body = body[:start] + other + body[end:]
    return body


@given(mutated())
@settings(max_examples=many(150, 20_000))
@example(b"<rss><channel><item>" + b"<media:title>" * 2000)
@example(b"<?xml version='1.0'?>" + b"<!--" * 4000 + b"<rss/>")
@example(b"\x1f\x8b\x08" + b"\x00" * 100)
@example(rss("<guid>1</guid>").replace("<channel>", "<channel><z:z xmlns:z='urn:\x85z'/>").encode())
def test_any_bytes_give_entries_or_a_refusal_in_time(body: bytes) -> None:
    began = time.process_time()
    try:
        read = parse_feed(body, URL, None)
    except NotAFeed as refusal:
        assert str(refusal)
    else:
        document = as_json("x", read)
        assert all(entry["id"] for entry in document["entries"])
        str(document).encode()  # no lone surrogates
    alike(body)
    if time.process_time() - began > 1.5:  # the collector of garbage may have run: once more
        assert _seconds(body) < 0.15
        began = time.process_time()
        alike(body)
        assert time.process_time() - began < 3.0


@pytest.mark.parametrize(
    ("count", "pad", "fits"),
    [
        pytest.param(200, 0, True, id="two hundred entries"),
        pytest.param(201, 0, False, id="one more"),
        pytest.param(1, quick.MOST_BYTES_IN_LOOP, False, id="a large body"),
    ],
)
def test_what_is_too_much_for_a_loop_is_a_doubt(count: int, pad: int, fits: bool) -> None:
    body = rss(*(f"<guid>{n}</guid>" for n in range(count))).encode() + b" " * pad
    assert isinstance(quick.scan_in_loop(body, URL, XML), Scan) is fits
    assert isinstance(quick.scan(body, URL, XML), Scan)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<rss>" + "<a/>" * 120_000 + "</rss>", id="many elements"),
        pytest.param("<rss><channel>" + "<item/>" * 70_000 + "</channel></rss>", id="many items"),
        pytest.param("<rss " + " ".join(f"a{n}='x'" for n in range(40_000)) + "/>", id="many attributes"),
        pytest.param("<rss " + " ".join(f"xmlns:a{n}='u{n}'" for n in range(20_000)) + "/>", id="many namespaces"),
        pytest.param("<rss a='" + "x" * 500_000 + "'/>", id="a long attribute"),
        pytest.param("<a>" * 150_000, id="depth"),
        pytest.param("<!--" * 120_000, id="comments without end"),
        pytest.param(rss("<title>" + "&lt;" * 120_000 + "</title>"), id="a title of signs"),
        pytest.param(rss("<pubDate>" + "1 " * 250_000 + "</pubDate>"), id="a date of numbers"),
        pytest.param(rss("<link>" + "https://" * 60_000 + "</link>"), id="a link of schemes"),
        pytest.param(rss("<author>" + "a." * 250_000 + "</author>"), id="an author of dots"),
        pytest.param(rss("<description>" + "&lt;p&gt;" * 55_000 + "</description>"), id="a text of tags"),
    ],
)  # fmt: skip
def test_the_largest_body_of_anything_stops_no_loop(body: str) -> None:
    data = body.encode()[: quick.MOST_BYTES_IN_LOOP]
    best = min(_seconds(data) for _ in range(3))
    assert best < 0.15  # on a busy machine; idle it is below 0.05


def _seconds(data: bytes) -> float:
    began = time.process_time()
    scanned = quick.scan_in_loop(data, URL, XML)
    if isinstance(scanned, Scan):
        scanned.read()
    return time.process_time() - began
