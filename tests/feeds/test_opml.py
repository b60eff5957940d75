"""Lists of feeds: what goes out comes in again, and what other readers wrote is understood."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds.opml import Item, NotOpml, escaped, literal, refers, shareable
from monitor.feeds.opml_read import DEEPEST, MOST_FEEDS, read_opml
from monitor.feeds.opml_write import write_opml

URL = "https://example.org/feed.xml"
OTHER = "https://example.com/rss"


def outlines(text: str, head: str = "") -> bytes:
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><opml version='2.0'>{head}"
        f"<body>{text}</body></opml>"
    ).encode()


def test_what_goes_out_is_what_other_readers_expect() -> None:
    items: list[Item] = [
        {
            "url": URL,
            "name": "Sample Herald",
            "tags": ["eu", "law"],
            "language": "en",
            "every": "15m",
        },
        {"url": OTHER, "tags": ["eu"]},
        {"url": "https://example.net/a?b=1&c=2"},
    ]
    body, told = write_opml(items, title="Feeds", created=datetime(2026, 11, 22, tzinfo=UTC))
    assert told == ()
    assert body.decode() == (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        '<opml xmlns:nm="urn:news-monitor:opml:1" version="2.0">\n'
        "  <head>\n    <title>Feeds</title>\n"
        "    <dateCreated>Sun, 22 Nov 2026 00:00:00 +0000</dateCreated>\n  </head>\n"
        "  <body>\n"
        '    <outline text="eu" title="eu" nm:folder="eu">\n'
        '      <outline text="Sample Herald" title="Sample Herald" type="rss" '
        f'xmlUrl="{URL}" language="en" category="eu,law" '
        'nm:tags="[&quot;eu&quot;, &quot;law&quot;]" nm:every="15m"/>\n'
        f'      <outline text="{OTHER}" type="rss" xmlUrl="{OTHER}" category="eu" '
        'nm:tags="[&quot;eu&quot;]"/>\n'
        "    </outline>\n"
        '    <outline text="https://example.net/a?b=1&amp;c=2" type="rss" '
        'xmlUrl="https://example.net/a?b=1&amp;c=2"/>\n'
        "  </body>\n</opml>\n"
    )


REFERENCE = st.sampled_from(["${TOKEN}", "Bearer ${EXAMPLE_TOKEN}"])
SECRET = st.one_of(REFERENCE, st.builds(lambda path: {"file": path}, st.text(min_size=1)))
LINE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300)
TEXT = st.one_of(
    LINE,
    st.text(min_size=1, max_size=20),
    st.sampled_from(["${A} b", "$${A}", "$$${", "[1]", '"', "{"]),
)
ADDRESS = st.one_of(
    st.builds(
        "https://{}.example/{}".format,
        st.integers(0, 10**6),
        st.text(st.sampled_from("ab/?&=%$'{}é ~#"), max_size=12),
    ),
    st.builds("https://example.org/{}?t=${{TOKEN}}".format, st.integers(0, 10**6)),
    st.builds("https://example.org/{}".format, st.text("a", min_size=190, max_size=230)),
)
PLAIN = st.recursive(
    TEXT,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=4,
)
FEED = st.fixed_dictionaries(
    {"url": ADDRESS},
    optional={
        "name": st.one_of(TEXT, ADDRESS),
        "tags": st.one_of(TEXT, st.lists(TEXT, max_size=3)),
        "language": st.sampled_from(["en", "fr-BE", "${LANG}", "x"]),
        "every": st.sampled_from(["15m", "adaptive"]),
        "enabled": st.sampled_from(["true", "no"]),
        "tier": st.sampled_from(["1", "9"]),
        "headers": st.dictionaries(LINE, SECRET, min_size=1, max_size=2),
        "auth": st.fixed_dictionaries({"username": LINE, "password": SECRET}),
        "extract": PLAIN,
    },
)
NO_FEED = st.one_of(
    st.builds(lambda url: {"sitemap": url}, ADDRESS), st.builds(lambda path: {"opml": path}, TEXT)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(FEED, NO_FEED), max_size=6, unique_by=repr))
def test_a_list_that_goes_out_and_comes_in_is_the_same_list(items: list[Item]) -> None:
    by_address = {repr(item.get("url") or sorted(item.items())): item for item in items}
    wanted = list(by_address.values())  # config.yaml takes each address once
    body, told = write_opml(wanted, title="x")
    assert told == ()
    read = read_opml(body)
    assert list(read.items) == wanted
    assert read.told == ()


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_text_from_outside_never_names_a_variable(text: str) -> None:
    assert not refers(escaped(text))
    assert literal(escaped(text)) == text


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        pytest.param("headers", {"A": "s3cret"}, None, id="a header written out is left out"),
        pytest.param(
            "headers",
            {"A": "s3cret", "B": "${B}"},
            {"B": "${B}"},
            id="a header that names a variable stays",
        ),
        pytest.param(
            "headers", {"A": "Bearer ${T}"}, {"A": "Bearer ${T}"}, id="so does one with its scheme"
        ),
        pytest.param(
            "headers", {"A": "c2VjcmV0MTIz${T}"}, None, id="a secret beside a variable is left out"
        ),
        pytest.param("headers", {"A": "$${T}"}, None, id="the characters of a reference are none"),
        pytest.param(
            "headers", {"A": {"file": "a"}}, {"A": {"file": "a"}}, id="a header from a file stays"
        ),
        pytest.param(
            "auth",
            {"username": "a", "password": "b"},
            None,
            id="a password written out takes the name with it",
        ),
        pytest.param(
            "auth",
            {"username": "a", "password": "${P}"},
            {"username": "a", "password": "${P}"},
            id="a password from outside stays",
        ),
        pytest.param("every", "15m", "15m", id="what is no secret stays"),
    ],
)
def test_secrets_stay_here(key: str, value: object, kept: object) -> None:
    assert shareable(key, value) == kept  # type: ignore[arg-type]  # the shapes of a config
    body, told = write_opml([{"url": URL, key: value}], title="x")  # type: ignore[dict-item]  # as above
    assert (len(told) == 1) == (kept != value)
    for secret in (b"s3cret", b"c2VjcmV0", b'"password": "b"'):
        assert secret not in body
        assert not any(secret.decode() in line for line in told)


FOREIGN = [
    pytest.param(
        "<outline text='A' title='B' xmlUrl='{u}'/>",
        [{"url": URL, "name": "B"}],
        [],
        id="the title counts more than the text",
    ),
    pytest.param(
        "<outline text='A' xmlUrl='{u}'/>", [{"url": URL, "name": "A"}], [], id="no type, no title"
    ),
    pytest.param(
        "<outline title='A' xmlUrl='{u}'/>", [{"url": URL, "name": "A"}], [], id="no text"
    ),
    pytest.param(
        "<outline text='{u}' xmlUrl='{u}'/>", [{"url": URL}], [], id="an address is no name"
    ),
    pytest.param(
        "<outline text='A' type='RSS' xmlurl=' {u} '/>",
        [{"url": URL, "name": "A"}],
        [],
        id="attributes in lower case, blanks around",
    ),
    pytest.param(
        "<outline text='A' type='rss' url='{u}'/>",
        [{"url": URL, "name": "A"}],
        [],
        id="url instead of xmlUrl",
    ),
    pytest.param(
        "<outline text='A' type='link' url='{u}'/>",
        [],
        ["outlines that name no feed: 1"],
        id="a link is no feed",
    ),
    pytest.param(
        "<outline text='N'><outline text='E U'><outline text='A' xmlUrl='{u}'/></outline></outline>",
        [{"url": URL, "name": "A", "tags": ["N", "E U"]}],
        [],
        id="folders in folders are tags",
    ),
    pytest.param(
        "<outline text='N'/><outline text='A' xmlUrl='{u}'/>",
        [{"url": URL, "name": "A"}],
        ["outlines that name no feed: 1"],
        id="an empty folder",
    ),
    pytest.param(
        "<outline text='A' xmlUrl='{u}' category='/News/EU, Tech'/>",
        [{"url": URL, "name": "A", "tags": ["News", "EU", "Tech"]}],
        [],
        id="categories are tags",
    ),
    pytest.param(
        "<outline text='X'><outline text='A' xmlUrl='{u}'/></outline><outline text='Y'><outline text='A' xmlUrl='{u}'/></outline>",
        [{"url": URL, "name": "A", "tags": ["X", "Y"]}],
        ["feeds that were there twice, now once, with all tags: 1"],
        id="twice, in two folders",
    ),
    pytest.param(
        "<outline text='A & B' xmlUrl='https://example.org/?a=1&b=2'/>",
        [{"url": "https://example.org/?a=1&b=2", "name": "A & B"}],
        [],
        id="bare ampersands",
    ),
    pytest.param(
        "<outline text='Caf&eacute; &amp;amp; Bar' xmlUrl='{u}'/>",
        [{"url": URL, "name": "Café & Bar"}],
        [],
        id="entities of HTML, and escaped twice",
    ),
    pytest.param("<outline text='A' xmlUrl='{u}'", [{"url": URL, "name": "A"}], None, id="cut off"),
    pytest.param(
        "<outline text='A' xmlUrl='feed://example.org/feed.xml'/>",
        [{"url": "http://example.org/feed.xml", "name": "A"}],
        [],
        id="a feed: address",
    ),
    pytest.param(
        "<outline text='A' xmlUrl='feed:{u}'/>",
        [{"url": URL, "name": "A"}],
        [],
        id="feed: before an address",
    ),
    pytest.param(
        "<outline text='A' xmlUrl='javascript:x'/>",
        [],
        ["no address of a feed: A"],
        id="another scheme",
    ),
    pytest.param(
        "<outline text='A' xmlUrl='https://u:pw@example.org/'/>",
        [],
        ["no address of a feed: A"],
        id="a password in the address, which is not shown",
    ),
    pytest.param(
        "<outline text='A' xmlUrl='feed.xml'/>",
        [],
        ["no address of a feed: A"],
        id="a relative address",
    ),
    pytest.param(
        "<outline text='A' xmlUrl='{u}' xmlns:frss='urn:f' frss:priority='x' archiveMode='y'/>",
        [{"url": URL, "name": "A"}],
        ["settings of other readers, not taken over: archiveMode (1), frss:priority (1)"],
        id="settings of other readers are told",
    ),
    pytest.param(
        "<outline text='A' xmlUrl='{u}' language='unknown' version='RSS2' htmlUrl='https://example.org/' description='d'/>",
        [{"url": URL, "name": "A"}],
        [],
        id="what OPML describes needs no word",
    ),
    pytest.param(
        "<outline text='$&#123;HOME}' xmlUrl='https://example.org/$&#123;T}'/>",
        [{"url": "https://example.org/$%7BT%7D", "name": "$${HOME}"}],
        [],
        id="no text of another names a variable of ours",
    ),
    pytest.param(
        "<outline text='&#x202e;A&#10;B' xmlUrl='{u}'/>",
        [{"url": URL, "name": "\u202eA B"}],
        [],
        id="one line",
    ),
    pytest.param(
        "<outline text='A' xmlUrl='{u}' xmlns:nm='urn:news-monitor:opml:1' nm:every='15m' nm:tags='[broken'/>",
        [{"url": URL, "name": "A", "every": "15m"}],
        [],
        id="a broken setting of ours costs itself",
    ),
    pytest.param(
        "<outline text='A' xmlUrl='{u}' xmlns:nm='urn:news-monitor:opml:1' nm:tier='1' nm:extract='{{\"a\": [1, true]}}'/>",
        [{"url": URL, "name": "A", "tier": "1", "extract": {"a": ["1", "true"]}}],
        [],
        id="numbers become the texts that YAML has",
    ),
]


@pytest.mark.parametrize(("text", "items", "told"), FOREIGN)
def test_lists_of_other_readers(text: str, items: list[Item], told: list[str] | None) -> None:
    read = read_opml(outlines(text.replace("{u}", URL).replace("{{", "{").replace("}}", "}")))
    assert list(read.items) == items
    assert told is None or sorted(read.told) == sorted(told)


@pytest.mark.parametrize(
    ("coding", "label"),
    [
        pytest.param("iso-8859-1", "ISO-8859-1", id="Latin-1"),
        pytest.param("utf-8-sig", "UTF-8", id="a byte order mark"),
        pytest.param("utf-16", "UTF-16", id="UTF-16"),
        pytest.param("cp1252", "windows-1252", id="Windows"),
    ],
)
def test_encodings(coding: str, label: str) -> None:
    text = f"<?xml version='1.0' encoding='{label}'?><opml><head><title>Müller</title></head><body><outline text='Café' xmlUrl='{URL}'/></body></opml>"
    read = read_opml(text.encode(coding))
    assert (read.title, read.items) == ("Müller", ({"url": URL, "name": "Café"},))


BOMB = "<!DOCTYPE opml [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1 if n else str()};' * 10}'>" for n in range(9)
)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b"\x00\x01\x02", "no XML", id="bytes"),
        pytest.param(
            b"<html><body>x</body></html>", "no OPML: it begins with <html>", id="a web page"
        ),
        pytest.param(
            b"<rss version='2.0'><channel/></rss>", "no OPML: it begins with <rss>", id="a feed"
        ),
        pytest.param(b"<opml version='2.0'><head/></opml>", "no body", id="no body"),
        pytest.param(
            (BOMB + "]><opml><body><outline text='&a8;'/></body></opml>").encode(),
            "entities",
            id="entities that multiply",
        ),
        pytest.param(
            (BOMB + "]><opml><body/></opml>").encode("utf-16"), "entities", id="entities in UTF-16"
        ),
        pytest.param(
            b"<!DOCTYPE o [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><opml><body><outline text='&x;'/></body></opml>",
            "entities",
            id="an entity from a file",
        ),
        pytest.param(
            outlines("<outline text='a'>" * 10_000 + "</outline>" * 10_000),
            "deeper than",
            id="10,000 folders in each other",
        ),
        pytest.param(
            outlines("<outline text='a'>" * (DEEPEST + 2) + "</outline>" * (DEEPEST + 2)),
            "deeper than",
            id="a few folders too many",
        ),
        pytest.param(
            b"<opml><body>" + b" " * 20_000_001 + b"</body></opml>", "larger than", id="20 MB"
        ),
        pytest.param(
            outlines(
                "".join(
                    f"<outline xmlUrl='https://example.org/{n}'/>" for n in range(MOST_FEEDS + 1)
                )
            ),
            "more than 20,000",
            id="too many feeds",
        ),
    ],
)
def test_what_is_refused(body: bytes, why: str) -> None:
    start = time.monotonic()
    with pytest.raises(NotOpml, match=why):
        read_opml(body)
    assert time.monotonic() - start < 5


def test_five_thousand_feeds_in_two_hundred_folders() -> None:
    items: list[Item] = [
        {"url": f"https://example.org/{n}", "name": f"Feed {n}", "tags": [f"t{n // 25}"]}
        for n in range(5000)
    ]
    body, _ = write_opml(items, title="all")
    assert list(read_opml(body).items) == items
