"""Items that stood in a document before are left out of reading it, and nothing changes by that."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.made_up import feed as made_up
from monitor.feeds import delta, quick
from monitor.feeds.quick import Scan
from monitor.model import ParsedFeed
from tests.conftest import many
from tests.feeds.cases.form import RSS_NAMES, URL, atom, rss

XML = "application/xml"


def marks(body: bytes, url: str = URL) -> tuple[str, tuple[str, ...]]:
    """What is remembered of ``body``, read for the first time, and the ids in it."""
    digest = delta.digest(body)
    scanned = quick.scan(body, url, XML)
    if not isinstance(scanned, Scan) or not isinstance(scanned.read(), ParsedFeed):
        return digest, ()
    split = delta.split(body, url)
    sure = split is not None and delta.is_sure(split, scanned)
    return delta.marks_of(digest, split if sure else None), scanned.keys


def reduced(body: bytes, remembered: str, url: str = URL) -> Scan | None:
    """``body`` without what is remembered, told apart; None where that is not sure."""
    split = delta.split(body, url)
    rest = delta.rest_of(body, split, remembered) if split is not None else None
    if rest is None:
        return None
    scanned = quick.scan(rest.body, url, XML)
    return scanned if isinstance(scanned, Scan) and delta.is_whole(rest, scanned) else None


@pytest.mark.parametrize("number", range(6))
def test_only_the_new_item_of_an_ordinary_feed_is_told_apart(number: int) -> None:
    remembered, known = marks(made_up(number))
    body = made_up(number, edition=1)
    less = reduced(body, remembered)
    whole = quick.scan(body, URL, XML)
    assert less is not None
    assert isinstance(whole, Scan)
    assert (less.left_out, less.items, whole.items) == (29, 1, 30)
    assert less.keys == whole.keys[:1]
    assert less.head == whole.head
    assert less.read(known=set(known).__contains__) == whole.read(known=set(known).__contains__)


OLD = "<guid>old</guid><title>Old</title>"
NEW = "<guid>new</guid>"
BEFORE = rss(OLD, NEW)
ITEM = f"<item>{OLD}</item>"


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(rss(NEW, f"<description><![CDATA[{ITEM}]]></description>"), id="an item quoted in another"),
        pytest.param(rss(NEW, head=f"<title>Pier</title><description><![CDATA[{ITEM}]]></description>"), id="an item quoted in the head"),
        pytest.param(rss(NEW, head=f"<title>Pier</title><!-- {ITEM} -->"), id="an item in a comment"),
        pytest.param(rss(NEW, head=f"<title>Pier</title><image>{ITEM}</image>"), id="an item in something else"),
        pytest.param(rss(OLD, NEW).replace("</guid><title>", "</guid><title>x</item><item>", 1), id="an item that ends in its middle"),
        pytest.param(rss(OLD, "<description><![CDATA[</item>]]></description>"), id="an end quoted"),
        pytest.param(rss(OLD, "<description><![CDATA[<item>]]></description>"), id="a beginning quoted"),
        pytest.param(rss(OLD) + ITEM, id="an item after the end"),
        pytest.param(rss(OLD, NEW).replace("<rss", "<rss xml:lang='fr'"), id="another root"),
        pytest.param(rss(OLD, NEW).replace(' xmlns:dc="http://purl.org/dc/elements/1.1/"', ""), id="a namespace less"),
        pytest.param(rss(OLD, NEW).replace('encoding="utf-8"', 'encoding="iso-8859-1"'), id="another encoding"),
        pytest.param(rss(OLD, NEW).replace("<rss", "<!DOCTYPE rss><rss"), id="a document type"),
        pytest.param(rss(OLD, NEW).replace("<rss", "<!-- <rss> --><rss"), id="a comment before the root"),
        pytest.param(rss(OLD, NEW).replace("2.0", "2.0' a=\"'>"), id="a root whose end is doubtful"),
        pytest.param(rss(OLD, NEW)[:-5], id="damage"),
        pytest.param(rss(OLD) .replace("</channel>", "<item/></channel>"), id="an item that is empty"),
        pytest.param(rss(OLD).replace("</channel>", '<item k=""/></channel>'), id="a marker of theirs"),
        pytest.param(rss(OLD, NEW.replace("new", "newer")).replace("<item><guid>newer", '<item k=""><guid>newer'), id="half a marker of theirs"),
        pytest.param(rss(OLD) + " " * 1_000_000, id="a large body"),
        pytest.param(rss("<guid>other</guid>"), id="nothing known"),
        pytest.param("", id="nothing"),
    ],
)  # fmt: skip
def test_what_is_not_sure_is_read_whole(after: str) -> None:
    remembered, _ = marks(BEFORE.encode())
    assert len(remembered) > 64
    assert reduced(after.encode(), remembered) is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(rss(OLD, OLD), id="an item twice"),
        pytest.param(rss(OLD, "<guid>old</guid>"), id="an id twice"),
        pytest.param(rss(OLD).replace("</channel>", "<item/></channel>"), id="an empty item"),
        pytest.param(rss(), id="no item"),
        pytest.param(rss("<pubDate>soon</pubDate>"), id="a doubtful item"),
        pytest.param("<html/>", id="a page"),
    ],
)
def test_of_a_doubtful_document_only_its_digest_is_remembered(body: str) -> None:
    remembered, _ = marks(body.encode())
    assert remembered == delta.digest(body.encode())


@pytest.mark.parametrize(
    "remembered",
    [
        pytest.param(None, id="nothing"),
        pytest.param("0" * 64, id="a digest alone, as older versions wrote it"),
        pytest.param("0" * 64 + "\x7f" * 40, id="no text of ours"),
        pytest.param("0" * 64 + "0" * 40, id="another context"),
        pytest.param("0" * 64 + "1", id="half a group"),
        pytest.param("short", id="a short text"),
    ],
)
def test_damaged_memory_means_that_all_is_read(remembered: str | None) -> None:
    split = delta.split(BEFORE.encode(), URL)
    assert split is not None
    assert delta.rest_of(BEFORE.encode(), split, remembered) is None


def test_items_are_known_again_at_their_own_address_only() -> None:
    remembered, _ = marks(BEFORE.encode())
    assert reduced(BEFORE.encode(), remembered) is not None
    assert reduced(BEFORE.encode(), remembered, URL + "?other") is None


def test_a_document_with_a_marker_is_never_read_as_if_it_had_none() -> None:
    scanned = quick.scan(
        rss(NEW).replace("</channel>", '<item k=""/></channel>').encode(), URL, XML
    )
    assert isinstance(scanned, Scan)
    assert (scanned.items, scanned.left_out) == (1, 1)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<rss>" + b"<item>" * 160_000, id="beginnings"),
        pytest.param(b"<rss>" + b"</item>" * 140_000, id="ends"),
        pytest.param(b"<rss>" + b"<item></item>" * 76_000, id="items"),
        pytest.param(b"<?" * 500_000, id="instructions that never end"),
        pytest.param(b" " * 1_000_000, id="blanks"),
        pytest.param(b"<rss " + b"a " * 490_000, id="a root that never ends"),
        pytest.param(b"<?a?>" * 200_000, id="instructions"),
        pytest.param(b"<rss>" + b"<item" * 190_000, id="tags that never end"),
    ],
)
def test_no_body_takes_long_to_split(body: bytes) -> None:
    assert len(body) <= 1_000_000
    best = 9.0
    for _ in range(3):
        began = time.process_time()
        delta.split(body, URL)
        best = min(best, time.process_time() - began)
    assert best < 0.1  # on a busy machine; idle it is below 0.02


TEXT = st.sampled_from(
    ["", "Pier", "A &amp; B", "Grüße", "https://x.example/1", "/rel", "Tue, 27 Feb 2024 10:00:00 +0100",
     "2024-02-27T09:00:00Z", "soon", "<![CDATA[<p>x</p>]]>", "<![CDATA[<item>", "</item>", "]]>", "<!--", "-->",
     "<item><guid>q</guid></item>", "<![CDATA[<item><guid>1</guid></item>]]>", "<entry>", "<x/>"]
)  # fmt: skip


@st.composite
def items(draw: st.DrawFn, names: tuple[str, ...]) -> str:
    """The inside of an item: an id of few, and some elements."""
    found = [f"<{names[0]}>{draw(st.integers(1, 9))}</{names[0]}>"]
    found += [f"<{name}>{draw(TEXT)}</{name}>" for name in draw(st.lists(st.sampled_from(names[1:]), max_size=3))]  # fmt: skip
    return "".join(found)


@st.composite
def editions(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A document, and a later edition of it that may be damaged."""
    is_rss = draw(st.booleans())
    names = ("guid", "title", "description", "pubDate", "link") if is_rss else (
        "id", "title", "summary", "published", "updated")  # fmt: skip
    pool = draw(st.lists(items(names), min_size=1, max_size=6))
    written = (lambda some, head: rss(*some, head=head)) if is_rss else (
        lambda some, head: atom(*some, head=head, root=RSS_NAMES))  # fmt: skip
    before = written(
        draw(st.lists(st.sampled_from(pool), max_size=5, unique=True)), "<title>P</title>"
    )
    more = draw(st.lists(st.one_of(st.sampled_from(pool), items(names)), max_size=6))
    after = written(more, draw(st.sampled_from(["<title>P</title>", "<title>Q</title>", "<title>P</title><link>/</link>"])))  # fmt: skip
    if draw(st.integers(0, 3)) == 0:
        at = draw(st.integers(0, len(after)))
        after = after[:at] + draw(TEXT) + after[at + draw(st.sampled_from((0, 0, 1, 6))) :]
    return before.encode(), after.encode()


@given(editions())
@settings(max_examples=many(300, 20_000))
@example((BEFORE.encode(), BEFORE.replace("Pier", "Quay").encode()))
def test_reading_the_rest_is_reading_the_whole(pair: tuple[bytes, bytes]) -> None:
    before, after = pair
    remembered, known = marks(before)
    less = reduced(after, remembered)
    if less is None:
        return
    whole = quick.scan(after, URL, XML)
    assert isinstance(whole, Scan)
    assert less.left_out + less.items == whole.items
    assert set(less.keys) - set(known) == set(whole.keys) - set(known)
    assert less.head == whole.head
    assert less.read(known=set(known).__contains__) == whole.read(known=set(known).__contains__)
