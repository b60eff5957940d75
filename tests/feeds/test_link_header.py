"""The Link header: what is read of it, and what it cannot do."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.hints import with_links
from monitor.feeds.link_header import links_of
from monitor.model import ParsedFeed

URL = "https://example.org/feeds/a.xml"
HUB = ("hub", "https://hub.example/")


@pytest.mark.parametrize(
    ("values", "links"),
    [
        pytest.param([], [], id="no header"),
        pytest.param(['<https://hub.example/>; rel="hub"'], [HUB], id="a hub"),
        pytest.param(["<https://hub.example/>;rel=hub"], [HUB], id="without quotes"),
        pytest.param(
            ['<https://hub.example/>; rel="hub", <b.xml>; rel="self"'],
            [HUB, ("self", "https://example.org/feeds/b.xml")],
            id="two links in one header, one relative",
        ),
        pytest.param(
            ['<https://hub.example/>; rel="hub"', '</b>; rel="self"'],
            [HUB, ("self", "https://example.org/b")],
            id="two headers",
        ),
        pytest.param(['<https://hub.example/>; rel="next HUB"'], [HUB], id="several relations"),
        pytest.param(
            [
                '<https://x.example/a,b;c>; title="a, <b>; rel=\\"hub\\"", <https://hub.example/>; rel=hub'
            ],
            [HUB],
            id="signs inside a quoted text",
        ),
        pytest.param(
            ["<https://hub.example/>; rel=hub; rel=self"], [HUB], id="the first rel counts"
        ),
        pytest.param(["<https://x.example/>; rel=next, </y>"], [], id="other relations"),
        pytest.param(['</x>; rel=hub; anchor="#part"'], [], id="a link of something else"),
        pytest.param(["<javascript:alert(1)>; rel=hub"], [], id="no web address"),
        pytest.param(["<http://[x>; rel=hub"], [], id="an address that is none"),
        pytest.param(["<a b>; rel=hub"], [], id="a blank in the address"),
        pytest.param(["https://hub.example/; rel=hub"], [], id="no brackets"),
        pytest.param(['<https://hub.example/>; rel="hub'], [], id="a quote that never ends"),
        pytest.param(["<https://hub.example/>; rel"], [], id="a name without a value"),
        pytest.param([" ,, <https://hub.example/> ; rel = hub ,"], [HUB], id="blanks and commas"),
        pytest.param(["<" + "x" * 3000 + ">; rel=hub"], [], id="an address without end"),
        pytest.param(["</x>; rel=next," * 60 + "<https://hub.example/>; rel=hub"], [], id="many"),
    ],
)
def test_links_of_a_header(values: list[str], links: list[tuple[str, str]]) -> None:
    assert list(links_of(values, URL)) == links


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("<" * 100_000, id="brackets"),
        pytest.param("</x>" + ";" * 100_000, id="semicolons"),
        pytest.param('</x>; a="' + "\\\\" * 50_000, id="backslashes"),
        pytest.param("</x>" + "; a" * 50_000, id="parameters"),
        pytest.param(" " * 100_000 + "<x>", id="blanks"),
    ],
)
def test_a_hostile_header_costs_little(value: str) -> None:
    began = time.process_time()
    links_of([value], URL)
    assert time.process_time() - began < 0.2


@given(st.lists(st.text(alphabet='<>;,="\\ abhubrelself/:.*', max_size=60), max_size=4))
def test_whatever_stands_there_links_are_absolute(values: list[str]) -> None:
    for rel, link in links_of(values, URL):
        assert rel in ("hub", "self")
        assert link.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("links", "hub", "topic"),
    [
        pytest.param((), "in", "in-self", id="nothing in the header"),
        pytest.param((("hub", "a"), ("hub", "b")), "a", "in-self", id="the header's first hub"),
        pytest.param((("hub", "a"), ("self", "b")), "a", "b", id="both"),
    ],
)
def test_the_header_goes_before_the_document(
    links: tuple[tuple[str, str], ...], hub: str, topic: str
) -> None:
    feed = ParsedFeed("rss 2.0", "", None, (), hub="in", topic="in-self")
    told = with_links(feed, links)
    assert (told.hub, told.topic) == (hub, topic)
