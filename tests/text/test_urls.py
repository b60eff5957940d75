"""Which addresses are safe to show, and which are the same page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.urls import (
    absolute_link,
    canonical_url,
    clean_link,
    host,
    is_home_page,
    origin,
    safe_link,
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://x.org/a?b=1#c", "https://x.org/a?b=1#c", id="a plain one stays"),
        pytest.param("  https://x.org/a \n", "https://x.org/a", id="space around it is dropped"),
        pytest.param("https://x.org/a b", "https://x.org/a%20b", id="a space inside is encoded"),
        pytest.param(
            "https://x.org/\"'<>|", "https://x.org/%22%27%3C%3E%7C", id="markup is encoded"
        ),
        pytest.param("https://x.org/a\r\nBcc: b", "https://x.org/a%0D%0ABcc:%20b", id="line ends"),
        pytest.param(
            "https://x.org/\u202etxt", "https://x.org/%E2%80%AEtxt", id="reordering marks"
        ),
        pytest.param("https://x.org/\ud800", "https://x.org/%3F", id="a lone surrogate"),
        pytest.param("javascript:alert(1)", "", id="no script"),
        pytest.param("java\nscript:alert(1)", "", id="no script in two lines"),
        pytest.param("data:text/html,x", "", id="no data"),
        pytest.param("file:///etc/passwd", "", id="no file"),
        pytest.param("//x.org/a", "", id="no scheme"),
        pytest.param("https://", "", id="no host"),
        pytest.param("https:///a", "", id="a path is no host"),
        pytest.param("https://x y.org/", "", id="a space in the host"),
        pytest.param(
            "https://good.org\\@bad.org/", "", id="a backslash that browsers read as a slash"
        ),
        pytest.param("http://[::1", "", id="half an IPv6 address"),
        pytest.param("http://x.org:99999/", "", id="a port out of range"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_safe_link(url: str, expected: str) -> None:
    assert safe_link(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://Pier.example/News/1", id="http and https, upper-case host"),
        pytest.param("https://pier.example:443/News/1", id="default port"),
        pytest.param("http://pier.example:80/News/1", id="default port of http"),
        pytest.param("https://pier.example/News/1/", id="slash at the end"),
        pytest.param("https://pier.example/News/1#top", id="fragment"),
        pytest.param("https://pier.example/News/1?utm_source=rss&utm_medium=x", id="utm"),
        pytest.param("https://pier.example/News/1?fbclid=1&gclid=2&mc_cid=3&mc_eid=4", id="clicks"),
        pytest.param("https://pier.example/News/1?at_medium=RSS&at_campaign=x&xtor=RSS-1", id="at"),
        pytest.param("https://pier.example/News/1?ref=rss", id="ref from a feed"),
        pytest.param("https://pier.example./News/1?", id="dot after the host, empty query"),
    ],
)
def test_the_same_page(url: str) -> None:
    assert canonical_url(url) == "https://pier.example/News/1"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://x.org/a?b=2&a=1", "https://x.org/a?b=2&a=1", id="order is kept"),
        pytest.param("https://x.org/a?ref=chapter2", "https://x.org/a?ref=chapter2", id="real ref"),
        pytest.param("https://www.x.org/a", "https://www.x.org/a", id="www stays"),
        pytest.param("https://x.org", "https://x.org/", id="the home page keeps its slash"),
        pytest.param("https://x.org/A", "https://x.org/A", id="case of the path stays"),
        pytest.param("https://x.org:8443/a", "https://x.org:8443/a", id="another port stays"),
        pytest.param("https://u:p@x.org/a", "https://x.org/a", id="a password goes"),
        pytest.param("https://x.org/%c3%a9", "https://x.org/%C3%A9", id="escapes in upper case"),
        pytest.param("mailto:a@b.org", "", id="no page"),
    ],
)
def test_canonical_url(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


def test_other_addresses() -> None:
    assert clean_link("http://X.org/a/?utm_source=x&b=1#c") == "http://X.org/a/?b=1"
    assert absolute_link("https://x.org/a/b", "../c?d") == "https://x.org/c?d"
    assert absolute_link("https://x.org/", "javascript:1") == ""
    assert absolute_link("https://x.org/", "") == ""
    assert absolute_link("https://x.org/", "http://[bad") == ""
    assert origin("HTTPS://X.org:443/a") == "https://x.org" != origin("http://x.org")
    assert origin("http://x.org:8080") == "http://x.org:8080"
    assert host("https://u@WWW.x.org:1/a") == "www.x.org"
    assert is_home_page("https://x.org/") and not is_home_page("https://x.org/a")


@given(st.text(max_size=60), st.text(max_size=60))
def test_canonical_is_stable_and_links_are_clean(place: str, rest: str) -> None:
    for url in (place, f"https://x.org/{rest}", f"http://{place}/?{rest}"):
        once = canonical_url(url)
        assert canonical_url(once) == once
        link = safe_link(url)
        assert link == "" or link.lower().startswith(("http://", "https://"))
        assert not set(link) & set(" \"'<>|\\\r\n\t\x00\u202e")
        assert safe_link(link) == link
